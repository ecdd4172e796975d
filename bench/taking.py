"""A receiver of webhooks that does as little as can be: it counts posts, and answers 204."""

from __future__ import annotations

import asyncio
import sys

_END = b"\r\n\r\n"
_LENGTH = b"content-length:"


class Taking(asyncio.Protocol):
    """Answers each post of a connection; says so on standard output after every so many."""

    taken = 0

    def __init__(self, every: int) -> None:
        self._every = every
        self._waiting = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep where answers go."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer what is whole."""
        self._waiting += data
        while (head := self._waiting.find(_END)) >= 0:
            fields = self._waiting[:head].lower()
            start = fields.index(_LENGTH) + len(_LENGTH)
            length = int(fields[start:].partition(b"\r\n")[0])
            end = head + len(_END) + length
            if len(self._waiting) < end:
                return
            self._waiting = self._waiting[end:]
            self._transport.write(b"HTTP/1.1 204 No Content\r\n\r\n")
            Taking.taken += 1
            if Taking.taken % self._every == 0:
                print(Taking.taken, flush=True)


async def main() -> None:
    """Receive on a free port, and say which it is."""
    every = int(sys.argv[1])
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Taking(every), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
