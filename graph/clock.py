"""The engine's clock: the one source of the present, in integer milliseconds since 1970, UTC."""

from __future__ import annotations

import asyncio
import sys
import time
from typing import Protocol


def steady() -> float:
    """Return the seconds since some instant, those in which the machine was suspended too."""
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    if sys.platform == "darwin":
        return time.clock_gettime(time.CLOCK_MONOTONIC)
    return time.monotonic()


class Clock(Protocol):
    """Tells the present and never goes back."""

    def now(self) -> int:
        """Return the present in milliseconds since 1970."""
        ...

    async def reach(self, instant: int) -> None:
        """Wait until it is that instant, or later."""
        ...

    def go_on_from(self, instant: int) -> None:
        """Tell no instant before that from now on: another clock has told it already."""
        ...


class SystemClock:
    """Runs with the machine's clock, or from a given instant on at the same pace.

    A jump of the wall clock does not show: time goes on by the monotonic clock, and what the two
    differ by is worked off at a tenth of the pace, so that no window closes twice or too early.
    The time for which a machine was suspended is no jump: it has passed.
    """

    _SLEW = 0.1
    _LOOK = 1.0
    """Seconds after which is seen how much is left to wait: it may have been suspended."""

    def __init__(self, start: int | None = None) -> None:
        self._monotonic = steady()
        self._wall = time.time()
        self._shift = 0.0 if start is None else start / 1000 - self._wall
        self._read = self._wall + self._shift

    def now(self) -> int:
        """Return the present; the wall clock's, unless that has jumped."""
        monotonic, wall = steady(), time.time() + self._shift
        elapsed = monotonic - self._monotonic
        target = self._read + elapsed
        step = max(-elapsed * self._SLEW, min(elapsed * self._SLEW, wall - target))
        self._monotonic = monotonic
        self._read = target + step
        return int(self._read * 1000)

    async def reach(self, instant: int) -> None:
        """Wait until it is that instant, or later."""
        while (left := instant - self.now()) > 0:  # noqa: ASYNC110 - time passes by itself
            await asyncio.sleep(min(left / 1000 / (1 + self._SLEW), self._LOOK))

    def go_on_from(self, instant: int) -> None:
        """Tell no instant before that from now on; what it is ahead of the wall is worked off."""
        self.now()
        self._read = max(self._read, (instant + 0.5) / 1000)


class FixedClock:
    """Stands still until it is told to go on; for tests and replays."""

    def __init__(self, at: int) -> None:
        self._at = at
        self._moved = asyncio.Event()

    def now(self) -> int:
        """Return the instant it stands at."""
        return self._at

    def advance(self, milliseconds: int) -> None:
        """Go on by a number of milliseconds, never back."""
        if milliseconds < 0:
            message = f"a clock does not go back: {milliseconds} ms"
            raise ValueError(message)
        self._at += milliseconds
        self._moved.set()
        self._moved = asyncio.Event()

    async def reach(self, instant: int) -> None:
        """Wait until it is told to go on to that instant, or further."""
        while self._at < instant:
            await self._moved.wait()

    def go_on_from(self, instant: int) -> None:
        """Stand at that instant where it was before it."""
        self.advance(max(0, instant - self._at))
