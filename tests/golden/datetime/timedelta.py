# timedelta: construction and arithmetic.

from _datetime import *

from _told import print, t

print('-- timedelta')
for a in ((),(1,),(1,2,3),(1,2,3,4),(1,2,3,4,5,6,7),(1,2,3,4,5,6,7,8),(1.5,),('a',),(0,0,0.5),(0,0,1.5),(0,0,2.5),(0.1,),(1e20,),(999999999,),(1000000000,),(-999999999,),(-1000000000,),(float('nan'),),(float('inf'),),(2**70,),(0,1e-7),(0,0,2**80),(True,)): t(timedelta,*a)
for k in (dict(weeks=1),dict(hours=25,minutes=-1),dict(milliseconds=1.5),dict(foo=1),dict(days=1,seconds=2,microseconds=3,milliseconds=4,minutes=5,hours=6,weeks=7),dict(days=0.1,seconds=0.2,hours=1/3)): t(timedelta,**k)
a=timedelta(1,2,3); b=timedelta(-1,5)
for f in (lambda:a+b,lambda:a-b,lambda:-a,lambda:+a,lambda:abs(b),lambda:a*2,lambda:2*a,lambda:a*1.5,lambda:1.5*a,lambda:a/2,lambda:a/b,lambda:a//2,lambda:a//b,lambda:a%b,lambda:divmod(a,b),lambda:a/1.5,lambda:a//1.5,lambda:a/0,lambda:a//0,lambda:a%timedelta(0),lambda:a/timedelta(0),lambda:a/0.0,lambda:a+1,lambda:1+a,lambda:a-1,lambda:a*'x',lambda:a<b,lambda:a==b,lambda:a<1,lambda:a==1,lambda:bool(a),lambda:bool(timedelta(0)),lambda:hash(a)==hash(timedelta(1,2,3)),lambda:str(a),lambda:str(b),lambda:str(timedelta(5)),lambda:repr(timedelta(0)),lambda:str(timedelta(1)),lambda:a.total_seconds(),lambda:a.__reduce__(),lambda:a.days,lambda:a.x,lambda:timedelta.max,lambda:timedelta.min,lambda:timedelta.resolution,lambda:timedelta.max+timedelta(1),lambda:-timedelta.max,lambda:-timedelta.min,lambda:timedelta.max*2,lambda:a*1e300,lambda:a*float('nan'),lambda:2**100*a,lambda:timedelta(microseconds=1)/3,lambda:timedelta(microseconds=3)/2,lambda:timedelta(microseconds=5)/2,lambda:timedelta(microseconds=-3)//2,lambda:timedelta(microseconds=1)*0.5,lambda:timedelta(microseconds=3)*0.5, lambda: str(timedelta(0,0,5)), lambda: str(timedelta(-1,1,5)), lambda: a%1, lambda: divmod(a,1), lambda: a.__add__(1), lambda: a.__truediv__('x')): t(f)
t(setattr,a,'days',1)
