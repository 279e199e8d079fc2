# Hash functions: digests of known data, and what they refuse.
import _md5,_sha1,_sha2,_sha3,_blake2,_hmac
def t(src):
    try: print(src,'->',repr(eval(src)))
    except BaseException as e: print(src,'!!',type(e).__name__, e.args)
for s in r'''
_md5.MD5Type.__name__
_sha1.SHA1Type.__name__
_sha2.SHA224Type.__name__
_sha2.SHA256Type.__name__
_sha2.SHA384Type.__name__
_sha2.SHA512Type.__name__
_sha3.sha3_224.__name__
_md5.MD5Type()
_sha3.sha3_256().hexdigest()
_sha3.sha3_256(b'a').name
_sha3.shake_128(b'a').name
_sha3.shake_128(b'a').digest_size
_sha3.shake_128(b'a').block_size
_sha3.shake_256(b'a').block_size
_sha3.shake_128(b'a').hexdigest(5)
_sha3.shake_128(b'a').hexdigest(length=5)
_sha3.shake_128(b'a').hexdigest(-1)
_sha3.shake_128(b'a').hexdigest(2**29)
_sha3.shake_128(b'a').hexdigest(2**70)
_sha3.shake_128(b'a').hexdigest('a')
_sha3.shake_128(b'a').hexdigest(0)
_sha3.shake_128(b'a').hexdigest()
_sha3.shake_128()._suffix
_sha3.sha3_224()._suffix
_sha3.sha3_224()._rate_bits
_sha3.sha3_224()._capacity_bits
_sha3.sha3_224('a')
_sha3.sha3_224(1)
_sha3.sha3_224(b'a',b'b')
_sha3.sha3_224(b'a',string=b'b')
_sha3.sha3_224(data=b'a',string=b'b')
_sha3.sha3_224(string=b'b').hexdigest()
_sha3.sha3_224(data=b'b').hexdigest()
_sha3.sha3_224(None)
_md5.md5(b'abc').hexdigest()
_md5.md5(b'abc').digest()
_md5.md5(b'abc').name, _md5.md5().block_size, _md5.md5().digest_size
_sha1.sha1(b'abc').name, _sha1.sha1().block_size, _sha1.sha1().digest_size
_sha2.sha224(b'abc').name, _sha2.sha224().block_size, _sha2.sha224().digest_size
_sha2.sha384(b'abc').name, _sha2.sha384().block_size, _sha2.sha384().digest_size
_sha2.sha512(b'abc').name, _sha2.sha512().block_size, _sha2.sha512().digest_size
_md5.md5('abc')
_md5.md5(1)
_md5.md5(None)
_md5.md5(b'a',1)
_md5.md5(b'a',usedforsecurity=False).hexdigest()
_md5.md5(b'a',string=b'b')
_md5.md5(string=b'abc').hexdigest()
_md5.md5(bad=1)
_md5.md5(memoryview(b'abcd')[::2])
_md5.md5().update('a')
_md5.md5().update()
_md5.md5().update(obj=1)
_md5.md5().copy().hexdigest()
_sha3.sha3_256().update('a')
_sha3.sha3_256().copy().hexdigest()
_blake2.blake2b(b'abc').hexdigest()
_blake2.blake2s(b'abc').hexdigest()
_blake2.blake2b(b'abc',digest_size=20,key=b'k',salt=b's',person=b'p').hexdigest()
_blake2.blake2s(b'abc',digest_size=20,key=b'k',salt=b's',person=b'p').hexdigest()
_blake2.blake2b(b'abc',fanout=2,depth=2,leaf_size=4096,node_offset=1,node_depth=0,inner_size=64,last_node=True).hexdigest()
_blake2.blake2s(b'abc',fanout=2,depth=2,leaf_size=4096,node_offset=1,node_depth=0,inner_size=32,last_node=True).hexdigest()
_blake2.blake2b(digest_size=0)
_blake2.blake2b(digest_size=65)
_blake2.blake2s(digest_size=33)
_blake2.blake2s(digest_size='a')
_blake2.blake2b(key=b'a'*65)
_blake2.blake2s(key=b'a'*33)
_blake2.blake2s(key='a')
_blake2.blake2b(salt=b'a'*17)
_blake2.blake2s(salt=b'a'*9)
_blake2.blake2b(person=b'a'*17)
_blake2.blake2s(person=b'a'*9)
_blake2.blake2b(fanout=256)
_blake2.blake2b(fanout=-1)
_blake2.blake2b(depth=0)
_blake2.blake2b(depth=256)
_blake2.blake2b(leaf_size=-1)
_blake2.blake2b(leaf_size=2**32)
_blake2.blake2b(node_offset=-1)
_blake2.blake2b(node_offset=2**64)
_blake2.blake2s(node_offset=2**48)
_blake2.blake2s(node_offset=2**48-1).hexdigest()
_blake2.blake2b(node_depth=256)
_blake2.blake2b(node_depth=-1)
_blake2.blake2b(inner_size=65)
_blake2.blake2s(inner_size=33)
_blake2.blake2s(inner_size=-1)
_blake2.blake2s(b'a',b'b')
_blake2.blake2s(last_node='').hexdigest()
_blake2.blake2s(1)
_blake2.blake2s('a')
_blake2.blake2s(string=b'a').hexdigest()
_blake2.blake2s(b'a',string=b'a')
_blake2.blake2s().name, _blake2.blake2s().block_size, _blake2.blake2s().digest_size
_blake2.blake2b(digest_size=5).name, _blake2.blake2b().block_size, _blake2.blake2b(digest_size=5).digest_size
_blake2.blake2b(b'a').copy().digest()
_hmac.compute_md5(b'k',b'm').hex()
_hmac.compute_sha3_224(b'k'*300,b'm').hex()
_hmac.compute_blake2b_32(b'k'*300,b'm').hex()
_hmac.compute_blake2s_32(b'k'*300,b'm').hex()
_hmac.compute_digest(b'k',b'm','md5').hex()
_hmac.compute_digest(b'k',b'm','sha3-256').hex()
_hmac.compute_digest(b'k',b'm','MD5').hex()
_hmac.compute_digest(b'k',b'm','nope')
_hmac.compute_digest(b'k',b'm',1)
_hmac.compute_digest(b'k',b'm',None)
_hmac.compute_digest(b'k',b'm',_md5.md5)
_hmac.compute_digest(b'k',b'm',_sha3.sha3_224)
_hmac.compute_digest('k',b'm','md5')
_hmac.compute_digest(b'k','m','md5')
_hmac.compute_digest(1,b'm','md5')
_hmac.new(b'k')
_hmac.new(b'k',b'm','md5').hexdigest()
_hmac.new(b'k',None,'sha256').digest()
_hmac.new(b'k',None,'sha256').name
_hmac.new(b'k',None,'sha256').block_size
_hmac.new(b'k',None,'sha256').digest_size
_hmac.new(b'k',None,'sha3_256').name
_hmac.new(b'k',None,'sha3-256').name
_hmac.new(b'k',None,'SHA256').name
_hmac.new(b'k',None,'blake2b512').name
_hmac.new(b'k',None,'sha512_256').name
_hmac.new(b'k',None,'shake_128').name
_hmac.new(b'k',None,'nope')
_hmac.new('k',None,'md5')
_hmac.new(b'k','m','md5')
_hmac.new(b'k',b'm',1)
_hmac.new(b'k',b'm',None)
_hmac.new(b'k',b'm',_md5.md5).name
_hmac.new(b'k',b'm','md5').update('a')
_hmac.new(b'k',b'm','md5').update(msg=b'a')
_hmac.new()
_hmac.HMAC()
_hmac.UnknownHashError.__mro__
_hmac.HMAC.__module__, _hmac.HMAC.__name__
'''.split('\n')[1:-1]:
    t(s)
import hashlib
print(hashlib.sha3_256(b'x').hexdigest(), hashlib.blake2b(b'x', digest_size=8).hexdigest())
