# datetime: construction, texts, arithmetic.

_print = print


def scrub(text):
    # Addresses differ from run to run.
    first, *rest = text.split(' at 0x')
    return first + ''.join(' at ...' + part.lstrip('0123456789abcdef') for part in rest)


def print(*values):
    _print(scrub(' '.join(map(str, values))))

from _datetime import *


def t(function, *args, **keywords):
    try:
        print(repr(function(*args, **keywords)))
    except BaseException as error:
        print(type(error).__name__, error)

z=timezone(timedelta(hours=2)); D=datetime(2024,2,29,13,4,5,6); A=datetime(2024,2,29,13,4,5,6,z); T=time(13,4,5,6); U=time(13,4,5,6,z)
print('-- datetime')
for x in ((),(1,),(1,2,3),(2024,2,30),(2024,1,1,24),(1,2,3,4,5,6,7,z),(1,2,3,4,5,6,7,8),(b'\x07\xe8\x02\x1d\r\4\5\0\0\6',),(b'\x07\xe8\x82\x1d\r\4\5\0\0\6',z),(b'\x07\xe8\x02\x1d\r\4\5\0\0\6',1),(1,2,3,4,5,6,7,None,0),('a',2,3)): t(datetime,*x)
t(datetime,2024,1,1,fold=1); t(datetime,2024,1,1,fold=2); t(datetime,2024,1,1,foo=2); t(datetime,2024,1,1,tzinfo=UTC); t(datetime,year=1,month=1,day=1,hour=1,minute=1,second=1,microsecond=1,tzinfo=None,fold=0)
for f in (lambda:D.isoformat(),lambda:D.isoformat(' '),lambda:D.isoformat('ab'),lambda:D.isoformat(5),lambda:D.isoformat('T','hours'),lambda:D.isoformat(timespec='milliseconds'),lambda:D.isoformat(timespec='x'),lambda:A.isoformat(),lambda:str(D),lambda:str(A),lambda:repr(A),lambda:repr(datetime(1,2,3,fold=1)),lambda:repr(datetime(1,2,3,4,5,6)),lambda:D.date(),lambda:D.time(),lambda:D.timetz(),lambda:A.timetz(),lambda:D.ctime(),lambda:D.timetuple(),lambda:A.timetuple(),lambda:A.utctimetuple(),lambda:D.utctimetuple(),lambda:A.timestamp(),lambda:D.utcoffset(),lambda:A.utcoffset(),lambda:A.tzname(),lambda:A.dst(),lambda:D.replace(year=1),lambda:D.replace(tzinfo=UTC),lambda:A.replace(tzinfo=None),lambda:D.replace(fold=1),lambda:D.replace(fold=3),lambda:D.replace(month=13),lambda:D.replace(foo=1),lambda:A.astimezone(UTC),lambda:A.astimezone(timezone(timedelta(hours=-3))),lambda:A.astimezone(5),lambda:A.astimezone(z) is A,lambda:D+timedelta(1),lambda:timedelta(1)+D,lambda:D-timedelta(hours=20),lambda:D-datetime(2024,1,1),lambda:A-datetime(2024,1,1,tzinfo=UTC),lambda:A-D,lambda:D-date(2024,1,1),lambda:D+1,lambda:datetime.max+timedelta(1),lambda:D<A,lambda:D==A,lambda:D!=A,lambda:D<datetime(2025,1,1),lambda:A<datetime(2024,2,29,12,tzinfo=UTC),lambda:A==datetime(2024,2,29,11,4,5,6,UTC),lambda:D==date(2024,2,29),lambda:D<date(2024,2,29),lambda:date(2024,2,29)==D,lambda:date(2024,2,29)<D,lambda:D==5,lambda:D<5,lambda:hash(A)==hash(datetime(2024,2,29,11,4,5,6,UTC)),lambda:hash(D)==hash(datetime(2024,2,29,13,4,5,6,fold=1)),lambda:D.__reduce__(),lambda:A.__reduce__(),lambda:datetime(1,1,1,fold=1).__reduce_ex__(4),lambda:datetime.min,lambda:datetime.max,lambda:datetime.resolution,lambda:datetime.fromisoformat('2024-02-29'),lambda:datetime.fromisoformat('2024-02-29T13:04'),lambda:datetime.fromisoformat('2024-02-29 13:04:05.5+02:00'),lambda:datetime.fromisoformat('20240229T130405Z'),lambda:datetime.fromisoformat('2024-W09-4T13'),lambda:datetime.fromisoformat('2024W09413'),lambda:datetime.fromisoformat('2024-02-29T24:00'),lambda:datetime.fromisoformat('2024-12-31T24:00:00'),lambda:datetime.fromisoformat('2024-02-29T24:00:01'),lambda:datetime.fromisoformat('2024-02-29T'),lambda:datetime.fromisoformat('2024-02-29T1'),lambda:datetime.fromisoformat('2024-02-29T13:04:05+24:00'),lambda:datetime.fromisoformat('2024'),lambda:datetime.fromisoformat('x'),lambda:datetime.fromisoformat(1),lambda:datetime.fromisoformat('2024-02-29é13:04'),lambda:datetime.fromtimestamp(0,UTC),lambda:datetime.fromtimestamp(1.5,z),lambda:datetime.fromtimestamp(-1.5,UTC),lambda:datetime.fromtimestamp(1e18,UTC),lambda:datetime.fromtimestamp('a'),lambda:datetime.fromtimestamp(0,5),lambda:datetime.fromtimestamp(float('nan'),UTC),lambda:datetime.fromtimestamp(0.0000005,UTC),lambda:datetime.fromtimestamp(0.0000015,UTC),lambda:datetime.fromtimestamp(2**70,UTC),lambda:datetime.fromtimestamp(253402300800,UTC),lambda:datetime.combine(date(2024,1,1),T),lambda:datetime.combine(date(2024,1,1),U),lambda:datetime.combine(date(2024,1,1),U,None),lambda:datetime.combine(D,T,tzinfo=UTC),lambda:datetime.combine(1,T),lambda:datetime.combine(D,1),lambda:datetime.combine(D),lambda:D.strftime('%Y %f %z|%Z|%:z'),lambda:A.strftime('%H:%M %f %z %Z %:z'),lambda:A.isocalendar(),lambda:D.toordinal(),lambda:D.weekday(),lambda:datetime.now(UTC).tzinfo,lambda:datetime.now(5),lambda:datetime.now().tzinfo,lambda:datetime.fromordinal(5),lambda:datetime.fromisocalendar(2024,1,1),lambda:datetime.today().tzinfo,lambda:datetime.fromtimestamp(timestamp=0,tz=UTC), lambda: D.strftime('%C %G %V %u %y %j %A %a %B %b %p %I'), lambda: datetime(5,1,1).strftime('%Y %G %F'), lambda: D.strftime('%'), lambda: D.strftime('%q'), lambda: D.strftime('a\0b'), lambda: date(2024,1,1).strftime('\ud800'), lambda: D.strftime(5)): t(f)
