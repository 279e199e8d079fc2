"""The Unicode character database."""
import unicodedata as U
def t(f, *a, **k):
    try: r = f(*a, **k); print(repr(r))
    except BaseException as e: print(type(e).__name__, e)
for M in (U, U.ucd_3_2_0):
    for f in 'category bidirectional combining mirrored east_asian_width decomposition decimal digit numeric name'.split():
        f=getattr(M,f)
        for c in ['a','5','\u00bd','\u0300','\u2460','(','\uac00','\u4e00','\U0001f600','\ud800','\u1ea0','\u0660','\uf900','\U00010400','\u3007','\U0002a6d6']: t(f,c)
        t(f); t(f,'ab'); t(f,''); t(f,5); t(f,'a',7)
    t(M.lookup,'BULLET'); t(M.lookup,'bullet'); t(M.lookup,'NOPE'); t(M.lookup,5); t(M.lookup,'HANGUL SYLLABLE GA'); t(M.lookup,'CJK UNIFIED IDEOGRAPH-4E00'); t(M.lookup,'LATIN SMALL LETTER A WITH MACRON AND GRAVE'); t(M.lookup,b'BULLET'); t(M.lookup, 'x'*300); t(M.lookup,'LATIN SMALL LETTER R WITH TILDE'); t(M.lookup,'KEYCAP DIGIT ONE'); t(M.lookup,'\u20ac'); t(M.lookup,'NULL'); t(M.lookup,'LF')
    for form in ('NFC','NFD','NFKC','NFKD','X'):
        for s in ['','abc','\u00e9','e\u0301','\ufb01','\u1e9b\u0323','\uac00','\u1100\u1161','\U0002f868','\u2f868']: t(M.normalize,form,s); t(M.is_normalized,form,s)
    t(M.normalize,'NFC'); t(M.normalize,5,'a'); t(M.normalize,'NFC',5); t(M.is_normalized,'NFC',b'a'); t(lambda: M.unidata_version); t(repr, type(M))
class S(str): pass
r=U.normalize('NFC',S('abc')); print(type(r))
t(type(U.ucd_3_2_0)); t(U.numeric,'a',5); t(U.numeric,'a',default=5); t(U.name,'\n'); t(U.name,'\n',None); t(U.name,'a','b','c')
