# Time zones written in Python, and what goes wrong with them.

from _datetime import *

from _told import print, t

z=timezone(timedelta(hours=2)); D=datetime(2024,2,29,13,4,5,6); A=datetime(2024,2,29,13,4,5,6,z); T=time(13,4,5,6); U=time(13,4,5,6,z)
class TZ(tzinfo):
    def __init__(s,o=None,d=None): s.o=o; s.d=d
    def utcoffset(s,dt): return s.o
    def dst(s,dt): return s.d
    def tzname(s,dt): return 'TZ'
for tz in (TZ(),TZ(timedelta(1)),TZ(5),TZ(timedelta(hours=1)),TZ(timedelta(hours=1),timedelta(0)),TZ(timedelta(hours=2),timedelta(hours=1))):
    X=datetime(2024,1,1,12,tzinfo=tz)
    for f in (lambda:X.utcoffset(),lambda:X.dst(),lambda:X.isoformat(),lambda:tz.o and X.astimezone(UTC),lambda:X.timetuple(),lambda:X.utctimetuple(),lambda:tz.fromutc(X),lambda:hash(X) is None,lambda:X==datetime(2024,1,1,12,tzinfo=UTC),lambda:datetime.fromtimestamp(0,tz),lambda:X.strftime('%z %Z'),lambda:X-datetime(2024,1,1,tzinfo=UTC), lambda: UTC.fromutc(X), lambda:X.timestamp(), lambda: X.tzname(), lambda: time(1,tzinfo=tz).isoformat()): t(f)
