"""Binary data as ASCII, and checksums."""
import binascii as B
def t(f, *a, **k):
    try: r = f(*a, **k); print(repr(r))
    except BaseException as e: print(type(e).__module__, type(e).__name__, e)
for x in [b'',b'YQ==',b'YWI=',b'YWJj',b'Y',b'YQ',b'YQ=',b'YWJjZ',b'YQ==YQ==',b'Y Q=\n=',b'=YQ==',b'YQ==\n',b'Y$Q==','YQ==','\xe9',5,b'YWJj=',b'====',b'YWJj====',b'A',b'AAAAA',b'AA=A',b'A=A=',bytearray(b'YQ=='),b'YQ===',b'YQ==a', b'ab=c=', b'abc=d',b'a===']:
    print(x,end=' '); t(B.a2b_base64,x); print('   strict',end=' '); t(B.a2b_base64,x,strict_mode=True)
t(B.b2a_base64,b'abc'); t(B.b2a_base64,b'a',newline=False); t(B.b2a_base64,b''); t(B.b2a_base64,'a'); t(B.b2a_base64,b'a'*60)
t(B.hexlify,b'abc'); t(B.hexlify,b'abcd',':',2); t(B.hexlify,b'abcd',sep='-',bytes_per_sep=-3); t(B.hexlify,'a'); t(B.b2a_hex,b'a',b'::'); t(B.unhexlify,'6162'); t(B.unhexlify,b'616'); t(B.unhexlify,b'6g'); t(B.a2b_hex,'\xe9'); t(B.unhexlify,b'61 62'); t(B.unhexlify,5)
for x in [b'',b'abc',b'x'*45,b'x'*46,b'\0']: t(B.b2a_uu,x); t(B.b2a_uu,x,backtick=True)
for x in [b'#86)C\n',b'',b' ',b'!',b'#86)C',b'#86)C  \n',b'#86)C x',b'#8',b'\x7f',b'"\x60\x60\x60\x60',b'#86\xff)', b'%86)C86)C ','#86)C',b'#86)C\r\n', b'#86)Cxx',b'!!!!!']: print(x,end=' '); t(B.a2b_uu,x)
for x in [b'=41',b'a=\nb',b'a=\r\nb',b'a=4',b'=',b'=g1',b'a_b',b'==',b'= \nx',b'=4g',b'a=0Ab',b'\xff','=41', b'=\r',b'=\rab\nc']: print(x,end=' '); t(B.a2b_qp,x); t(B.a2b_qp,x,header=True)
for x in [b'a=b',b'a b',b'a ',b'a\t\nb',b'\xff',b'.',b'.\n',b'a\r\nb',b'a\nb',b'_',b'x'*80,b'x'*75+b' y',b'x'*76,b'\t',b'a \nb',b'a \r\nb',b'\x00',b'\n.\nx',b'a\rb', b'x'*74+b'\xff', b'x'*75+b'\n', b'a\x0cb']:
    print(x[:20],end=' '); t(B.b2a_qp,x); t(B.b2a_qp,x,quotetabs=True); t(B.b2a_qp,x,istext=False); t(B.b2a_qp,x,header=True); t(B.b2a_qp,x,1,0,1)
t(B.crc32,b'hello'); t(B.crc32,b'hello',5); t(B.crc32,b'hello',-1); t(B.crc32,'a'); t(B.crc32,b'a',1<<40); t(B.crc32,b'a'*10000); t(B.crc_hqx,b'hello',0); t(B.crc_hqx,b'hello',0xffff); t(B.crc_hqx,b'hello',1<<20); t(B.crc_hqx,b'a'); t(B.crc_hqx,b'hello',-1); t(B.crc32,b'a','x'); t(B.crc32, b'a', 1<<70)
print(B.Error.__mro__, B.Incomplete.__mro__)
