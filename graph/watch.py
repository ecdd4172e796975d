"""Looks whether another is alive while somebody waits for it, and ends the wait if not."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator


class Watch:
    """Asks `alive` after each `patience` seconds of waiting."""

    def __init__(self, alive: Callable[[], Awaitable[bool]], patience: float) -> None:
        self._alive = alive
        self._patience = patience
        self._task: asyncio.Task[None] | None = None
        self.silent = False

    @contextlib.contextmanager
    def over(self, limit: asyncio.Timeout) -> Generator[None]:
        """Watch for as long as the block; `limit` runs out once there is no sign of life."""
        timer = asyncio.get_running_loop().call_later(self._patience, self._begin, limit)
        try:
            yield
        finally:
            timer.cancel()
            if self._task is not None:
                self._task.cancel()

    def _begin(self, limit: asyncio.Timeout) -> None:
        self._task = asyncio.create_task(self._look(limit))

    async def _look(self, limit: asyncio.Timeout) -> None:
        while True:
            if not await self._alive():
                break
            await asyncio.sleep(self._patience)
        if not limit.expired():
            self.silent = True
            limit.reschedule(0)
