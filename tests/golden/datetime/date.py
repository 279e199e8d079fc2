# date: construction, texts, arithmetic.

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

print('-- date')
for x in ((),(1,),(1,2),(1,2,3),(0,1,1),(10000,1,1),(2024,13,1),(2024,0,1),(2024,2,30),(2023,2,29),(2024,2,29),(1,2,3,4),('a',1,1),(1.0,1,1),(2**40,1,1),(True,1,1),(b'\x07\xe8\x02\x1d',),(b'abc',),(b'\x07\xe8\x0d\x1d',),('\x07\xe8\x02\x1d',)): t(date,*x)
t(date,year=1,month=2,day=3); t(date,1,2,d=3)
d=date(2024,2,29)
for f in (lambda:d.year,lambda:d.isoformat(),lambda:str(d),lambda:d.isocalendar(),lambda:d.isoweekday(),lambda:d.weekday(),lambda:d.toordinal(),lambda:d.timetuple(),lambda:d.ctime(),lambda:d.replace(day=1),lambda:d.replace(2025),lambda:d.replace(2023),lambda:d.replace(foo=1),lambda:d.replace(1,2,3,4),lambda:d.strftime('%Y-%m-%d %%'),lambda:format(d),lambda:format(d,'%j'),lambda:d.__format__(1),lambda:d+timedelta(1),lambda:timedelta(1)+d,lambda:d-timedelta(1),lambda:d-date(2024,1,1),lambda:date(2024,1,1)-d,lambda:d+1,lambda:d-1,lambda:1-d,lambda:timedelta(1)-d,lambda:d<date(2025,1,1),lambda:d==date(2024,2,29),lambda:d<1,lambda:d==1,lambda:hash(d)==hash(date(2024,2,29)),lambda:d.__reduce__(),lambda:date.max,lambda:date.min,lambda:date.resolution,lambda:date.max+timedelta(1),lambda:date.min-timedelta(1),lambda:date.fromordinal(1),lambda:date.fromordinal(0),lambda:date.fromordinal(3652059),lambda:date.fromordinal(3652060),lambda:date.fromordinal('a'),lambda:date.fromordinal(730000),lambda:date.fromisoformat('2024-02-29'),lambda:date.fromisoformat('20240229'),lambda:date.fromisoformat('2024-W09-4'),lambda:date.fromisoformat('2024W094'),lambda:date.fromisoformat('2024-W09'),lambda:date.fromisoformat('2024-2-29'),lambda:date.fromisoformat('x'),lambda:date.fromisoformat(1),lambda:date.fromisoformat('2024-02-30'),lambda:date.fromisoformat('2024-W60-1'),lambda:date.fromisoformat('2024-W01-9'),lambda:date.fromisoformat('2024-060'),lambda:date.fromisocalendar(2024,9,4),lambda:date.fromisocalendar(2024,60,4),lambda:date.fromisocalendar(2024,9,8),lambda:date.fromisocalendar(0,1,1),lambda:date.fromisocalendar(2024,53,1),lambda:date.fromisocalendar(2020,53,7),lambda:date.fromisocalendar(9999,53,7),lambda:date.fromisocalendar(1,1,1),lambda:date.fromisocalendar('a',1,1),lambda:date.fromisocalendar(1),lambda:date.fromtimestamp('a'),lambda:date.fromtimestamp(1e20),lambda:date.fromtimestamp(float('nan')),lambda:date.today()==date.today(),lambda:d.isocalendar().week,lambda:d.isocalendar()[0],lambda:d.isocalendar().__reduce__(),lambda:d.isocalendar()==(2024,9,4),lambda:tuple(d.isocalendar()),lambda:date(2024,12,30).isocalendar(),lambda:date(2021,1,3).isocalendar()): t(f)
