"""Post a message to a webhook's address, within a time, and say in words what came of it."""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

import aiohttp
from yarl import URL

from graph.clock import SystemClock
from server.webhooks import messages
from server.webhooks.addresses import GuardedResolver, guarded_socket
from server.webhooks.room import Room
from server.webhooks.schedule import retry_after

if TYPE_CHECKING:
    from collections.abc import Collection

    from graph.clock import Clock
    from graph.webhooks import Webhook
    from server.webhooks.messages import Message

SECONDS: Final = 15.0
"""In which an answer must have come, all of it."""
LANES: Final = 32
"""Posts to one webhook that are under way at once."""
_READ: Final = 64 * 1024
"""Bytes of an answer that are read, so that its connection serves again."""
_GONE: Final = 410


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of an attempt; `error` is None where the message was taken.

    `asked` are the milliseconds that the receiver wants to be left alone for.
    """

    status: int | None
    error: str | None
    took: int
    asked: int | None = None

    @property
    def gone(self) -> bool:
        """Whether the receiver wants to hear nothing more."""
        return self.status == _GONE


class Poster:
    """Posts to public addresses, and to those of trusted hosts; open it for a block.

    Signatures are of the wall clock, which receivers compare with theirs, not of the engine's.
    """

    def __init__(
        self,
        trusted: Collection[str] = (),
        seconds: float = SECONDS,
        wall: Clock | None = None,
        resolver: GuardedResolver | None = None,
        room: Room | None = None,
    ) -> None:
        self._trusted = frozenset(trusted)
        self._seconds = seconds
        self._wall = wall or SystemClock()
        self._resolver = resolver
        self._room = room or Room()

    async def __aenter__(self) -> Self:
        """Open the connections' pools."""
        resolver = self._resolver or GuardedResolver()
        self._close = resolver.close
        self._guarded = _session(
            aiohttp.TCPConnector(resolver=resolver, socket_factory=guarded_socket, limit=0)
        )
        self._free = _session(aiohttp.TCPConnector(limit=0))
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close all connections."""
        await self._guarded.close()
        await self._free.close()
        await self._close()

    async def post(self, webhook: Webhook, message: Message, now: int) -> Answer:
        """Return what came of an attempt; `now` is the engine's, by which secrets are in force.

        It waits until there is room; that is no part of what it takes.
        """
        url = URL(webhook.url)
        async with self._room.to(url.host or ""):
            body, wall = message.body(), self._wall.now()
            headers = messages.signed(message, body, webhook.secrets(now), wall)
            return await self._attempted(url, body, headers, wall)

    async def _attempted(self, url: URL, body: bytes, headers: dict[str, str], wall: int) -> Answer:
        loop = asyncio.get_running_loop()
        begun = loop.time()
        status, asked, error = None, None, None
        try:
            async with asyncio.timeout(self._seconds):
                status, asked = await self._posted(url, body, headers, wall)
                error = None if status // 100 == 2 else _refused(status)  # noqa: PLR2004 - of HTTP
        except TimeoutError:
            error = f"It did not answer within {self._seconds:g} seconds"
        except (aiohttp.ClientError, OSError, ValueError) as failed:
            error = f"It cannot be reached: {_why(failed)}"
        return Answer(status, error, round((loop.time() - begun) * 1000), asked)

    async def _posted(
        self, url: URL, body: bytes, headers: dict[str, str], wall: int
    ) -> tuple[int, int | None]:
        session = self._free if url.host in self._trusted else self._guarded
        async with session.post(url, data=body, headers=headers, allow_redirects=False) as answer:
            left = _READ
            while left > 0 and (part := await answer.content.read(left)):
                left -= len(part)
            if left <= 0:
                answer.close()
            return answer.status, retry_after(answer.headers.get("Retry-After"), wall)


def _session(connector: aiohttp.TCPConnector) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=connector,
        headers={"content-type": "application/json", "user-agent": "Segraph"},
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=None),
        auto_decompress=False,
        trust_env=False,
    )


def _refused(status: int) -> str:
    if status // 100 == 3:  # noqa: PLR2004 - of HTTP
        return (
            f"It answered {status}, and redirects are not followed: make a webhook at the new "
            "address, replay it after this one's cursor, and delete this one"
        )
    if status == _GONE:
        return f"It answered {status}: it wants to hear nothing more"
    return f"It answered {status}"


def _why(failed: Exception) -> str:
    cause = failed.os_error if isinstance(failed, aiohttp.ClientConnectorError) else failed
    of_others = isinstance(cause, ssl.SSLError | socket.gaierror)
    if isinstance(cause, OSError) and cause.errno and not of_others:
        return os.strerror(cause.errno)
    return (cause.strerror if isinstance(cause, OSError) else None) or str(cause) or "it hung up"
