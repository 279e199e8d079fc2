# time: construction, texts, comparison.

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
print('-- time')
for x in ((),(1,),(1,2,3,4),(24,),(-1,),(1,60),(1,2,60),(1,2,3,1000000),(1,2,3,4,z),(1,2,3,4,5),('a',),(1.5,),(1,2,3,4,None,1),(b'\x01\x02\x03\0\0\4',),(b'\x81\x02\x03\0\0\4',z),(b'\x19\x02\x03\0\0\4',),(b'\x01\x02\x03\0\0\4',5)): t(time,*x)
t(time,hour=1,fold=1); t(time,fold=2); t(time,foo=1); t(time,1,2,3,4,None,fold=1)
T=time(13,4,5,6); U=time(13,4,5,6,z)
for f in (lambda:str(T),lambda:T.isoformat(),lambda:T.isoformat('hours'),lambda:T.isoformat('minutes'),lambda:T.isoformat('seconds'),lambda:T.isoformat('milliseconds'),lambda:T.isoformat('microseconds'),lambda:T.isoformat('x'),lambda:T.isoformat(timespec='auto'),lambda:U.isoformat(),lambda:time(1).isoformat(),lambda:T.hour,lambda:T.tzinfo,lambda:U.tzinfo,lambda:T.fold,lambda:T.utcoffset(),lambda:U.utcoffset(),lambda:U.tzname(),lambda:U.dst(),lambda:T.replace(hour=1),lambda:T.replace(tzinfo=z),lambda:U.replace(tzinfo=None),lambda:T.replace(fold=1),lambda:T.replace(fold=2),lambda:T.replace(hour=25),lambda:T.replace(1,2,3,4,None,5),lambda:T.strftime('%H:%M:%S.%f %z %Z'),lambda:U.strftime('%H %z %Z %:z'),lambda:format(T),lambda:format(T,'%H'),lambda:T==U,lambda:T!=U,lambda:T<U,lambda:T<time(14),lambda:T==5,lambda:T<5,lambda:U==time(11,4,5,6,UTC),lambda:U<time(12,tzinfo=UTC),lambda:hash(T)==hash(time(13,4,5,6)),lambda:hash(U)==hash(time(11,4,5,6,UTC)),lambda:bool(time(0)),lambda:T.__reduce__(),lambda:U.__reduce__(),lambda:time(1,fold=1).__reduce_ex__(4),lambda:time(1,fold=1).__reduce_ex__(2),lambda:time.min,lambda:time.max,lambda:time.resolution,lambda:time.fromisoformat('13:04'),lambda:time.fromisoformat('T130405'),lambda:time.fromisoformat('13:04:05.123'),lambda:time.fromisoformat('13:04:05,123456789'),lambda:time.fromisoformat('13:04:05+02:00'),lambda:time.fromisoformat('13:04Z'),lambda:time.fromisoformat('24:00'),lambda:time.fromisoformat('24:01'),lambda:time.fromisoformat('25'),lambda:time.fromisoformat('1'),lambda:time.fromisoformat('13:4'),lambda:time.fromisoformat('x'),lambda:time.fromisoformat(5),lambda:time.fromisoformat('13:04:05+02:00:01.5'),lambda:time.fromisoformat('1304:05'),lambda:time.fromisoformat('13:04:05-25:00'),lambda:time.fromisoformat('13:04:05.'),lambda:T+timedelta(1),lambda:T-T,lambda:repr(time(1,2)),lambda:repr(time(1,2,3,fold=1)),lambda:repr(time(1,tzinfo=z,fold=1)), lambda: time.fromisoformat('13:04:05.1'), lambda: time.fromisoformat('T24:00:00')): t(f)
