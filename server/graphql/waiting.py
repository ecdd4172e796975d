"""What waits for one who listens, within bounds: beyond them it is dropped, and that is known."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from graph.place import LogPlace
from server.graphql.encoding import encoded

MOST_WAITING: Final = 10_000
"""Messages that may wait for one listener."""
MOST_BYTES: Final = 16 * 1024 * 1024
"""Bytes of them, where more than one waits."""


class Ending(Exception):
    """The server ends; whoever listens is to come again."""


@dataclass(frozen=True)
class Message:
    """One result as JSON; `place` is the one in the log that one goes on from after it.

    Where `refused`, nothing was executed: it is the errors alone.
    """

    payload: str
    place: LogPlace | None = None
    refused: bool = False

    @cached_property
    def size(self) -> int:
        """Its bytes, counted once for all who hear it."""
        return len(self.payload.encode())

    @cached_property
    def event(self) -> str:
        """It as a server-sent event."""
        id_ = "" if self.place is None else f"id: {self.place.cursor}\n"
        return f"{id_}event: next\ndata: {self.payload}\n\n"

    def over_socket(self, spelt: str) -> str:
        """Return it as a message of an operation, whose id is spelt as JSON."""
        kind, payload = ("error", _errors(self.payload)) if self.refused else ("next", self.payload)
        return f'{{"type":"{kind}","id":{spelt},"payload":{payload}}}'


def _errors(payload: str) -> str:
    return encoded(json.loads(payload)["errors"])


@dataclass(eq=False, slots=True)
class Waiting:
    """One who listens: what waits for it, and whether that became too much, or is over."""

    waiting: deque[Message] = field(default_factory=deque["Message"])
    lagging: bool = False
    closed: bool = False
    failed: bool = False
    ending: bool = False
    _bytes: int = 0
    _told: asyncio.Event = field(default_factory=asyncio.Event)

    def put(self, message: Message) -> None:
        """Let a message wait."""
        if self.lagging:
            return
        self.waiting.append(message)
        self._bytes += message.size
        number = len(self.waiting)
        if number > MOST_WAITING or (number > 1 and self._bytes > MOST_BYTES):
            self.lagging = True
            self.waiting.clear()
        self._told.set()

    def take(self) -> Message:
        """Return the first that waits; it does no more."""
        message = self.waiting.popleft()
        self._bytes -= message.size
        return message

    def close(self, *, failed: bool) -> None:
        """Let nothing more come, because all is told or because it cannot be."""
        self.closed, self.failed = True, failed
        self._told.set()

    def end(self) -> None:
        """Send it away, because the server ends."""
        self.ending = True
        self._told.set()

    async def more(self) -> bool:
        """Wait until something waits; tell whether it does, or nothing more comes or too much.

        Raises:
            Ending: the server ends.
        """
        while not self.waiting:
            if self.ending:
                raise Ending
            if self.lagging or self.closed:
                return False
            self._told.clear()
            await self._told.wait()
        return True
