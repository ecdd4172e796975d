"""What waits for one who listens has its bounds, and what was too much is never passed over."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator  # noqa: TC003 - Strawberry reads the hint
from typing import Any

import pytest
import strawberry
from strawberry.types import Info as StrawberryInfo

from graph.place import LogPlace
from schema.context import Phase, Stream
from server.graphql import waiting
from server.graphql.listening import Asked, Listeners

Info = StrawberryInfo["Told", None]

SLOW = "too slow"


class Told:
    """What is told to all alike, and whether that then breaks off."""

    def __init__(self, texts: list[str], *, breaks_off: bool = False) -> None:
        self.texts = texts
        self.breaks_off = breaks_off
        self.begun = asyncio.Event()
        self.over = asyncio.Event()
        self.stream: Stream

    def __call__(self, stream: Stream) -> Told:
        """Take the place of a context."""
        self.stream = stream
        return self


@strawberry.type
class Query:
    """What may be asked here."""

    nothing: str = ""


@strawberry.type
class Subscription:
    """What may be listened to here."""

    @strawberry.subscription
    async def texts(self, info: Info) -> AsyncGenerator[str]:
        """Tell texts, each at its number of the log, once somebody listens."""
        told = info.context
        stream = told.stream
        if stream.phase is Phase.LIVE:
            for number, text in enumerate(told.texts, 1):
                stream.place = LogPlace(number)
                yield text
                await told.begun.wait()
            stream.failed = told.breaks_off
            told.over.set()
            return
        if stream.phase is Phase.LAGGING:
            stream.place, stream.ended = LogPlace(stream.at or 0), True
            yield SLOW
            return
        upto = await stream.opened()
        if stream.at is None:
            stream.at = upto
        elif told.over.is_set():
            stream.ended = True


async def begins() -> int:
    """Return the number after which it is told."""
    return 0


async def heard(told: Told) -> list[tuple[str, int]]:
    """Return what one hears who reads the first, and the rest once all is told."""
    schema: Any = strawberry.Schema(Query, subscription=Subscription)
    listeners = Listeners(schema, told, begins)
    came: list[tuple[str, int]] = []
    async with asyncio.timeout(5):
        async for message in listeners.listen(Asked("subscription { texts }")):
            assert message.place is not None
            came.append((json.loads(message.payload)["data"]["texts"], message.place.sequence))
            told.begun.set()
            await told.over.wait()
            for _ in range(20):  # those who tell it come to their end
                await asyncio.sleep(0)
    return came


@pytest.mark.parametrize("breaks_off", [False, True])
async def test_who_lags_is_told_so(monkeypatch: pytest.MonkeyPatch, breaks_off: bool) -> None:  # noqa: FBT001 - as pytest gives it
    """At the last that it heard, also where what all hear breaks off before it has looked."""
    monkeypatch.setattr(waiting, "MOST_WAITING", 3)

    assert await heard(Told(["a"] * 50, breaks_off=breaks_off)) == [("a", 1), (SLOW, 1)]


async def test_bytes_have_their_bound_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """However few messages they are; one alone may be of any size, and what is read counts not."""
    monkeypatch.setattr(waiting, "MOST_BYTES", 1000)
    large = "é" * 450

    assert await heard(Told(["a", large, "b"])) == [("a", 1), (large, 2), ("b", 3)]
    assert await heard(Told(["a", large, large])) == [("a", 1), (SLOW, 1)]
    assert await heard(Told(["a", large + large])) == [("a", 1), (large + large, 2)]
