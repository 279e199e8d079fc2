# Connections, datagrams, timeouts and ancillary data, all on this machine.
import array
import os
import select
import socket
import threading

with socket.create_server(("127.0.0.1", 0)) as server:
    address = server.getsockname()
    accepted = []

    def serve():
        connection, peer = server.accept()
        with connection:
            accepted.append((peer[0], connection.getblocking()))
            while data := connection.recv(3):
                connection.sendall(data.upper())

    thread = threading.Thread(target=serve)
    thread.start()
    with socket.create_connection(address, timeout=10) as client:
        print(client.gettimeout(), client.getpeername() == address)
        client.sendall(b"hello")
        client.shutdown(socket.SHUT_WR)
        buffer = bytearray(10)
        received = 0
        while count := client.recv_into(memoryview(buffer)[received:]):
            received += count
        print(bytes(buffer[:received]))
    thread.join()
    print(accepted)

left, right = socket.socketpair()
with left, right:
    right.settimeout(0.01)
    for attempt in (lambda: right.recv(1), lambda: right.recvmsg(1), lambda: right.recvfrom(1)):
        try:
            attempt()
        except TimeoutError as error:
            print(type(error).__name__, error)
    right.setblocking(False)
    try:
        right.recv(1)
    except BlockingIOError as error:
        print(type(error).__name__, error.errno)
    right.setblocking(True)

    reader, writer = os.pipe()
    os.write(writer, b"through a pipe")
    os.close(writer)
    fds = array.array("i", [reader])
    print(left.sendmsg([b"a", bytearray(b"bc")], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, fds)]))
    data, ancillary, flags, peer = right.recvmsg(10, socket.CMSG_LEN(fds.itemsize))
    (level, kind, payload), = ancillary
    print(data, level == socket.SOL_SOCKET, kind == socket.SCM_RIGHTS, flags, peer)
    passed = int.from_bytes(payload, "little")
    print(os.read(passed, 100), passed != reader)
    os.close(passed)
    os.close(reader)

    parts = [bytearray(2), bytearray(5)]
    left.send(b"scatter")
    print(right.recvmsg_into(parts), parts)
    print(select.select([right], [left], [], 0)[0] == [])
    left.send(b"x")
    print(select.select([right], [left], [], 1) == ([right], [left], []))
    print(right.getsockopt(socket.SOL_SOCKET, socket.SO_TYPE) == socket.SOCK_STREAM)
    twin = socket.socket(fileno=os.dup(right.fileno()))
    print(twin.family.name, twin.type.name, twin.proto, twin.recv(1))
    twin.close()
    print(left.detach() >= 0, left.fileno(), repr(socket.socket(fileno=None).close()))

with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one, socket.socket(type=socket.SOCK_DGRAM) as two:
    one.bind(("127.0.0.1", 0))
    two.bind(("127.0.0.1", 0))
    two.sendto(b"datagram", one.getsockname())
    data, peer = one.recvfrom(100)
    print(data, peer == two.getsockname())
    buffer = bytearray(4)
    two.sendto(b"cut off", 0, one.getsockname())
    count, peer = one.recvfrom_into(buffer)
    print(count, buffer, peer == two.getsockname())

with socket.socket(socket.AF_UNIX) as abstract:
    name = b"\0pyx-golden-%d" % os.getpid()
    abstract.bind(name)
    print(abstract.getsockname() == name)

socket.setdefaulttimeout(1.5)
with socket.socket() as timed:
    print(timed.gettimeout(), timed.timeout, timed.getblocking())
socket.setdefaulttimeout(None)

closed = socket.socket()
closed.close()
print(closed.fileno(), repr(closed).startswith("<socket.socket [closed] fd=-1"))
try:
    closed.send(b"")
except OSError as error:
    print(error)
