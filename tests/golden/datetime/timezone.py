# tzinfo and timezone.

from _datetime import *

from _told import print, t

print('-- timezone')
for x in ((),(1,),(timedelta(0),),(timedelta(hours=1),),(timedelta(hours=-5,minutes=-30),),(timedelta(hours=24),),(timedelta(hours=-24),),(timedelta(hours=1),'X'),(timedelta(hours=1),None),(timedelta(hours=1),1),(timedelta(0),'UTC'),(timedelta(0),''),(timedelta(seconds=1),),(timedelta(microseconds=1),),(timedelta(hours=1),'a','b'),(timedelta(hours=23,minutes=59),)): t(timezone,*x); t(lambda: str(timezone(*x)))
z=timezone(timedelta(hours=2),'Z')
for f in (lambda:z.utcoffset(None),lambda:z.tzname(None),lambda:z.dst(None),lambda:z.utcoffset(1),lambda:z.tzname(1),lambda:z.dst(1),lambda:z.fromutc(None),lambda:z.fromutc(datetime(2024,1,1)),lambda:z.fromutc(datetime(2024,1,1,tzinfo=z)),lambda:z==timezone(timedelta(hours=2)),lambda:z<1,lambda:z==1,lambda:hash(z)==hash(timezone(timedelta(hours=2))),lambda:z.__getinitargs__(),lambda:z.__reduce__(),lambda:timezone.utc,lambda:timezone.utc is UTC,lambda:timezone(timedelta(0)) is UTC,lambda:timezone.min,lambda:timezone.max,lambda:UTC.tzname(None),lambda:tzinfo().utcoffset(None),lambda:tzinfo().tzname(None),lambda:tzinfo().dst(None),lambda:tzinfo().fromutc(None),lambda:tzinfo().__reduce__(),lambda:tzinfo(1,2,3),lambda: UTC.__reduce__(), lambda: type('x',(timezone,),{}), lambda: repr(UTC)): t(f)
