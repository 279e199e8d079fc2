# The event loop of asyncio: sleeping, gathering, a server and a client, timeouts, task groups, threads.
import asyncio
async def handle(r,w):
    data=await r.readline(); w.write(data.upper()); await w.drain(); w.close(); await w.wait_closed()
async def main():
    print(await asyncio.gather(asyncio.sleep(0.01,1),asyncio.sleep(0.02,2)))
    s=await asyncio.start_server(handle,'127.0.0.1',0)
    port=s.sockets[0].getsockname()[1]
    r,w=await asyncio.open_connection('localhost',port)
    w.write(b'hello\n'); print(await r.read()); w.close(); await w.wait_closed()
    s.close(); await s.wait_closed()
    try: await asyncio.wait_for(asyncio.sleep(5),0.01)
    except TimeoutError as e: print(repr(e))
    async with asyncio.TaskGroup() as tg:
        t=tg.create_task(asyncio.sleep(0,7))
    print(t.result())
    print(await asyncio.to_thread(lambda: 5))
asyncio.run(main())
