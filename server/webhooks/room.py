"""How many posts may be under way at once, to one host and in all: each is a connection."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final
from weakref import WeakValueDictionary

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

TO_HOST: Final = 100
IN_ALL: Final = 2000


class Room:
    """Lets so many posts be under way at once; whoever comes too many waits for one to end."""

    def __init__(self, to_host: int = TO_HOST, in_all: int = IN_ALL) -> None:
        self._to_host = to_host
        self._in_all = asyncio.Semaphore(in_all)
        self._hosts = WeakValueDictionary[str, asyncio.Semaphore]()

    @asynccontextmanager
    async def to(self, host: str) -> AsyncGenerator[None]:
        """Keep room for one post to a host for as long as the block."""
        to_host = self._hosts.setdefault(host, asyncio.Semaphore(self._to_host))
        async with to_host, self._in_all:
            yield
