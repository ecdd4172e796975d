"""A proxy that does to a connection what networks do: cuts, stalls, delays, loses an answer."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Final, Self
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable

COMMIT: Final = b"\x00\x02\xb0\x12\x00\x00"
"""Bolt's message that commits."""


def broken_within(data: bytes) -> bytes:
    """Return what a graph would say that breaks within, where it knows no such procedure."""
    return data.replace(
        b"Neo.ClientError.Procedure.ProcedureNotFound",
        b"Neo.DatabaseError.Statement.ExecutionFailed",
    )


class Proxy:
    """Stands before a graph; `address` is where it is reached meanwhile."""

    def __init__(self, target: str) -> None:
        parts = urlsplit(target)
        self._target = (parts.hostname, parts.port)
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._losing: tuple[bytes, bool] | None = None
        self.refusing = False
        self.delay = 0.0
        self.rewritten: Callable[[bytes], bytes] = bytes
        self.lost = 0
        self.opened = 0

    async def __aenter__(self) -> Self:
        """Begin to listen."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.address = f"bolt://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        """Cut everything."""
        self._server.close()
        self.flow()
        self.cut()
        await asyncio.sleep(0)  # what was dropped is closed in the loop's next turn

    def cut(self) -> None:
        """Reset every connection."""
        for writer in self._writers:
            writer.transport.abort()

    def stall(self) -> None:
        """Let nothing through any more; connections are taken and stay silent."""
        self._flowing.clear()

    def flow(self) -> None:
        """Let everything through again."""
        self._flowing.set()

    def lose_commit(self, of: bytes, *, done: bool) -> None:
        """Cut once at the commit of a connection that told of `of`: before it, or its answer."""
        self._losing = (of, done)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.opened += 1
        if self.refusing:
            writer.transport.abort()
            return
        there, back = await asyncio.open_connection(*self._target)
        self._writers |= {writer, back}
        pipe = _Pipe(self, writer, back)
        with contextlib.suppress(OSError):
            await asyncio.gather(pipe.there(reader), pipe.back(there))
        for each in (writer, back):
            each.transport.abort()
        self._writers -= {writer, back}

    async def passed(self, data: bytes) -> bytes:
        """Return bytes once they may pass."""
        await self._flowing.wait()
        if self.delay:
            await asyncio.sleep(self.delay)
        return self.rewritten(data)

    def loses(self, told: bytes) -> bool | None:
        """Tell whether this commit is lost, once: None if not, else whether it is done before."""
        if self._losing is None or self._losing[0] not in told:
            return None
        _, done = self._losing
        self._losing = None
        self.lost += 1
        return done


class _Pipe:
    """Both ways of a connection."""

    def __init__(
        self, proxy: Proxy, client: asyncio.StreamWriter, server: asyncio.StreamWriter
    ) -> None:
        self._proxy = proxy
        self._client = client
        self._server = server
        self._told = b""
        self._muted = False

    async def there(self, reader: asyncio.StreamReader) -> None:
        """Pass on what the client says."""
        while data := await reader.read(65536):
            data = await self._proxy.passed(data)
            self._told += data
            if COMMIT in data:
                done = self._proxy.loses(self._told)
                if done is False:
                    break
                self._muted = done is True
                self._told = b""
            self._server.write(data)
        if not self._muted:
            self._server.transport.abort()
            self._client.transport.abort()

    async def back(self, reader: asyncio.StreamReader) -> None:
        """Pass on what the server says, unless the answer is lost."""
        while data := await reader.read(65536):
            data = await self._proxy.passed(data)
            if self._muted:
                break
            self._client.write(data)
        self._client.transport.abort()
        self._server.transport.abort()
