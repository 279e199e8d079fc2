# Classes that derive from date, datetime and timedelta.

from _datetime import *

from _told import print, t

z=timezone(timedelta(hours=2)); D=datetime(2024,2,29,13,4,5,6); A=datetime(2024,2,29,13,4,5,6,z); T=time(13,4,5,6); U=time(13,4,5,6,z)
class S(datetime):
    def __new__(c,*a,**k): print('new',len(a),sorted(k)); return super().__new__(c,*a,**k)
s=S(2024,1,1); 
for f in (lambda:s+timedelta(1),lambda:s-timedelta(1),lambda:s.replace(day=2),lambda:S.fromtimestamp(0,UTC),lambda:S.fromordinal(5),lambda:S.fromisoformat('2024-01-01T01'),lambda:S.combine(s,T),lambda:s.date(),lambda:s.astimezone(UTC).tzinfo,lambda:S.now().__class__,lambda:s.__reduce__(), lambda: s==datetime(2024,1,1), lambda: S.today().__class__, lambda: S.fromisocalendar(2024,1,1)): t(f)
class SD(date):
    def __new__(c,*a,**k): print('new', a if a[:1] < (2026,) else f'today with {len(a)}', k); return super().__new__(c,*a,**k)
s=SD(2024,1,1)
for f in (lambda:s+timedelta(1),lambda:timedelta(1)+s,lambda:s.replace(day=2),lambda:SD.fromordinal(5),lambda:SD.fromisoformat('2024-01-01'),lambda:SD.fromisocalendar(2024,1,1), lambda: SD.today().__class__, lambda: s-timedelta(1), lambda: s.__replace__(day=3)): t(f)
class ST(timedelta): pass
for f in (lambda:ST(1)+ST(2),lambda:-ST(1),lambda:type(ST(1)*2),lambda:abs(ST(-1)),lambda:repr(ST(1)), lambda: ST(1).__reduce__(), lambda: type(+ST(1))): t(f)
