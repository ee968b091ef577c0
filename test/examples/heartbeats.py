"""A server that never answers: the example's connection heartbeats, and then gives it up."""

import asyncio
import json

from tchat import HEADER, Connection


async def main():
    heard = asyncio.Queue()

    async def serve(reader, writer):
        while head := await reader.read(HEADER.size):
            _, _, _, command, length = HEADER.unpack(head)
            await reader.readexactly(length)
            heard.put_nowait(command)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    address = server.sockets[0].getsockname()
    connection = Connection(*await asyncio.open_connection(*address), print)
    reading = asyncio.ensure_future(connection.read())
    loop = asyncio.get_running_loop()
    connection.heard_at = float("inf")  # Until its heartbeats were seen, however slow the machine is
    alive = asyncio.ensure_future(connection.keep_alive(0.02))
    heartbeats = {await heard.get() for _ in range(2)} == {17}
    connection.heard_at = silent_since = loop.time()
    await alive
    in_time = loop.time() - silent_since >= 0.06
    await reading
    ended = in_time and connection.writer.is_closing()
    print(json.dumps({"heartbeats": heartbeats, "ended": ended}))
    server.close()


asyncio.run(main())
