# Dates, times and durations that are refused.
import datetime as d
def t(s):
    try: print(s,'->',eval(s))
    except BaseException as e: print(s,'!!',type(e).__name__,e)
for s in '''d.date.fromisocalendar(10**10,1,1)
d.date.fromisocalendar(2**40,1,1)
d.date.fromisocalendar(2019,2**40,1)
d.date.fromisocalendar(2019,50,2**40)
d.date.fromisocalendar(-10**30,1,1)
d.datetime.fromisoformat('2020-2020')
d.datetime.fromisoformat('2009-04-19T03:15:45.1234567890123456789')
d.datetime.fromisoformat('2009-04-01T00:00:00.000_0')
d.datetime.fromisoformat('2009-04-01T24:00:00.000001')
d.datetime.fromisoformat('2009-04-01T24:01:00')
d.time.fromisoformat('24:00:00.000001')
d.time.fromisoformat('12:30:45+00:00:90')
d.time.fromisoformat('12:30:45+24:00')
d.time.fromisoformat('12:30:45+00:60')
d.datetime.fromisoformat('2009-04-01T00:00:00+24:00')'''.splitlines(): t(s)
bad=['2020-12-12T0٥:02:03','2020-12-12T01:0٥:03','2020-12-12T01:02:0٥','2020-12-12T01:02:03.٥','2020-12-12T01:02:03.4_6','2020-12-12T01:02:03+0٥:00','2020-12-12T01:02:03+01:0٥','20201212T0102٣٤','2009-04-19T12:30:45.+05:00','2009-04-19T12:30:45.-05:00','2009-04-19T12:30:45.Z','2009-04-19T12:30:45,+05:00','2020-2020','2009-04-19T12:30:45.400 +02:30','9999-12-31T24:00:00.000000']
for b in bad: t('d.datetime.fromisoformat(%r)'%b)
for b in bad: t('d.time.fromisoformat(%r)'%b.partition('T')[2])
class M(str):
    def replace(self,*a): return None
class Z(d.tzinfo):
    def tzname(self,dt): return M('name')
    def utcoffset(self,dt): return d.timedelta(0)
    dst=utcoffset
t("d.datetime(2005,3,2,tzinfo=Z()).strftime('%Z')")
class B(float):
    def __init__(self,r): pass
    def __new__(c,r): s=float.__new__(c); s.r=r; return s
    def as_integer_ratio(self): return self.r
for r in [(),(42,),(1,2,3),1]:
    t(f"d.timedelta()/B({r})"); t(f"d.timedelta()*B({r})")
