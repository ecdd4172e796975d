"""What becomes of a delivery whose log, writer or code fails, apart from all others."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, cast

import pytest

from graph import errors, times
from graph.changes import Cause, Change
from graph.clock import FixedClock
from graph.feed import Batch
from graph.webhooks import Progress, Webhook, WebhookPacking, WebhookStatus
from server.webhooks import secrets
from server.webhooks.delivering import Delivering, Means
from server.webhooks.messages import Message, message
from server.webhooks.posting import Answer

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from graph.endpoints import Endpoints
    from graph.feed import Feed, Wanted
    from server.webhooks.posting import Poster

WEBHOOK = Webhook("w", "https://x", None, WebhookPacking.COALESCED, secrets.made(), 0, position=1)
SINGLE = replace(WEBHOOK, packing=WebhookPacking.SINGLE)


def change(sequence: int, contact: str | None = None, *, entered: bool = True) -> Change:
    """Return a change, of a contact of its own where none is named."""
    return Change(
        sequence,
        "s",
        1,
        contact or f"c{sequence}",
        entered=entered,
        effective_at=0,
        detected_at=0,
        cause=Cause.EVENT,
    )


@dataclass(slots=True)
class FakeLog:
    """Gives batches, or an error, and then what comes."""

    batches: list[Batch]
    error: Exception | None = None
    begun: list[int] = field(default_factory=list[int])
    coming: asyncio.Queue[Batch] = field(default_factory=asyncio.Queue[Batch])

    async def after(self, sequence: int, wanted: Wanted) -> AsyncGenerator[Batch]:
        """Yield the batches."""
        del wanted
        self.begun.append(sequence)
        if self.error is not None:
            raise self.error
        for each in self.batches:
            yield each
        while True:
            yield await self.coming.get()


@dataclass(slots=True)
class FakeWriter:
    """Keeps what it is told; it is busy or fails as often as it is said."""

    failures: list[errors.SegraphError] = field(default_factory=list[errors.SegraphError])
    told: list[Progress] = field(default_factory=list[Progress])

    async def tell(self, row: Progress) -> Webhook:
        """Keep a row."""
        if self.failures:
            raise self.failures.pop()
        self.told.append(row)
        return row.webhook


@dataclass(slots=True)
class FakePoster:
    """Takes each message."""

    posted: list[Message] = field(default_factory=list[Message])

    async def post(self, webhook: Webhook, message: Message, now: int) -> Answer:
        """Take a message."""
        del webhook, now
        self.posted.append(message)
        return Answer(204, None, 1)


def delivering(
    log: FakeLog, writer: FakeWriter, poster: FakePoster, webhook: Webhook = WEBHOOK
) -> Delivering:
    """Return a delivery by fakes."""
    clock, chance = FixedClock(0), random.Random(1)  # noqa: S311 - no secret
    means = Means(
        cast("Endpoints", writer), cast("Feed", log), clock, cast("Poster", poster), chance
    )
    return Delivering(means, webhook)


async def run(given: Delivering, writer: FakeWriter, position: int) -> None:
    """Deliver until so far is kept."""
    task = asyncio.create_task(given.run())
    async with asyncio.timeout(5):
        while not any(each.webhook.position >= position for each in writer.told):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_what_is_no_longer_kept_disables(caplog: pytest.LogCaptureFixture) -> None:
    """Its reason says what was lost, and the way out."""
    lost = errors.NoLongerKept("The log is kept since then, and the cursor is from before")
    writer = FakeWriter()
    await delivering(FakeLog([], lost), writer, FakePoster()).run()

    assert writer.told[-1].webhook.status is WebhookStatus.DISABLED
    assert writer.told[-1].webhook.reason == f"{lost.message}. Replay it, and resume it"
    assert "webhook w is disabled" in caplog.text


async def test_a_busy_writer_is_told_again() -> None:
    """Nothing is posted twice for it."""
    writer, poster = FakeWriter([errors.Busy(retry_after=0.01)] * 3), FakePoster()
    await run(delivering(FakeLog([Batch([change(2)], 2)]), writer, poster), writer, 2)

    assert [each.id for each in poster.posted] == ["w_2_2"]


@pytest.mark.parametrize("error", [errors.NotOwner(), ValueError("a defect")])
async def test_a_delivery_that_cannot_go_on_ends(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    """It is begun anew by who began it; no other is ended with it."""
    await delivering(FakeLog([], error), FakeWriter(), FakePoster()).run()

    assert "webhook w" in caplog.text


async def test_what_is_deleted_meanwhile_just_ends(caplog: pytest.LogCaptureFixture) -> None:
    """What was under way of it waits for nothing, and nobody is told that it does."""
    gone = FakeWriter([errors.WebhookNotFound("There is no webhook w")] * 2)
    await delivering(FakeLog([Batch([change(2)], 2)]), gone, FakePoster()).run()

    assert caplog.text == ""


async def test_a_message_under_way_is_the_same_after_a_crash() -> None:
    """However its changes are read, those up to the number that was kept are one message."""
    changes = [change(number) for number in range(2, 9)]
    batches = [Batch(changes[:2], 3), Batch([], 4), Batch(changes[2:], 8)]
    writer, poster = FakeWriter(), FakePoster()
    given = delivering(FakeLog(batches), writer, poster, replace(WEBHOOK, upto=6))
    await run(given, writer, 8)

    assert [each.id for each in poster.posted] == ["w_2_6", "w_7_8"]


@dataclass(slots=True)
class Refusing(FakePoster):
    """Refuses the first that it is given beside message `w_2_2`, and that one after it."""

    refused: list[str] = field(default_factory=list[str])
    both: asyncio.Barrier = field(default_factory=lambda: asyncio.Barrier(2))

    async def post(self, webhook: Webhook, message: Message, now: int) -> Answer:
        """Refuse two messages."""
        if message.id == "w_2_2":
            await self.both.wait()
            await asyncio.sleep(0.05)
            self.refused.append(message.id)
        elif not self.refused:
            self.refused.append(message.id)
            await self.both.wait()
        else:
            return await FakePoster.post(self, webhook, message, now)
        return Answer(500, "It answered 500", 1)


async def test_a_single_post_that_failed_is_the_first_after_a_restart() -> None:
    """Its schedule goes on with it, and not with what comes before it in the log."""
    log = FakeLog([Batch([change(number) for number in range(2, 40)], 39)])
    before, refusing, writer, poster = FakeWriter(), Refusing(), FakeWriter(), FakePoster()
    task = asyncio.create_task(delivering(log, before, refusing, SINGLE).run())
    async with asyncio.timeout(5):
        while not any(each.webhook.failures for each in before.told):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    kept = before.told[-1].webhook
    await run(delivering(log, writer, poster, replace(kept, next_attempt=0)), writer, 39)

    assert (kept.position, kept.failures, refusing.refused[1:]) == (1, 1, ["w_2_2"])
    assert poster.posted[0].id == refusing.refused[0]
    assert {each.id for each in poster.posted} >= {*refusing.refused}
    assert writer.told[-1].webhook == replace(SINGLE, position=39)


@dataclass(slots=True)
class RefusingOnce(FakePoster):
    """Refuses one message, the first time."""

    refuses: str | None = None

    async def post(self, webhook: Webhook, message: Message, now: int) -> Answer:
        """Take a message, or refuse it."""
        if message.id != self.refuses:
            return await FakePoster.post(self, webhook, message, now)
        self.refuses = None
        return Answer(500, "It answered 500", 1)


async def until_failed(given: Delivering, writer: FakeWriter) -> Webhook:
    """Deliver until it is kept that an attempt failed; return the webhook as it is kept."""
    task = asyncio.create_task(given.run())
    async with asyncio.timeout(5):
        while not any(each.webhook.failures for each in writer.told):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return replace(writer.told[-1].webhook, next_attempt=0)


@pytest.mark.parametrize("again", [None, 2, 4, 5, 6])
async def test_single_posts_are_in_order_after_a_restart(again: int | None) -> None:
    """None comes after a later one of its contact that does not come again after it.

    Ann's entry was taken, and her exit refused, before the server ended; whichever fails then.
    """
    told = [
        change(2, "xia"),
        change(3, "ann"),
        change(4, "ann", entered=False),
        change(5, "bob"),
        change(6, "bob", entered=False),
    ]
    log, before = FakeLog([Batch(told, 6)]), message(SINGLE, told[1:2])
    kept = replace(SINGLE, upto=4, failures=1, next_attempt=0)
    posted = [before]
    if again is not None:
        failed, refusing = FakeWriter(), RefusingOnce(refuses=f"w_{again}_{again}")
        kept = await until_failed(delivering(log, failed, refusing, kept), failed)
        posted += refusing.posted
    writer, poster = FakeWriter(), FakePoster()
    await run(delivering(log, writer, poster, kept), writer, 6)
    posted += poster.posted

    for contact in ("xia", "ann", "bob"):
        heard = [each.last for each in posted if each.changes[0].contact == contact]
        assert set(heard) == {each.sequence for each in told if each.contact == contact}
        for place, sequence in enumerate(heard):
            assert {each for each in heard[:place] if each > sequence} <= {*heard[place:]}, heard


async def test_what_was_delivered_is_kept_at_the_end() -> None:
    """Between two looks at it as well, so that a server that is ended repeats nothing."""
    log, writer, poster = FakeLog([Batch([change(2)], 2)]), FakeWriter(), FakePoster()
    task = asyncio.create_task(delivering(log, writer, poster).run())
    async with asyncio.timeout(5):
        while not any(each.webhook.position == 2 for each in writer.told):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        log.coming.put_nowait(Batch([change(3)], 3))
        while len(poster.posted) < 2:  # noqa: ASYNC110
            await asyncio.sleep(0)
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    assert writer.told[-1].webhook.position == 3
    assert sum(len(each.deliveries) for each in writer.told) == 2


@dataclass(slots=True)
class Slow(FakeWriter):
    """Never answers the first who tells it something."""

    waiting: asyncio.Event = field(default_factory=asyncio.Event)

    async def tell(self, row: Progress) -> Webhook:
        """Keep a row of anybody else."""
        if not self.waiting.is_set():
            self.waiting.set()
            await asyncio.Event().wait()
        return await FakeWriter.tell(self, row)


async def test_what_was_being_kept_is_kept_at_the_end() -> None:
    """The writer ends right after it, with what it was told and has not answered."""
    writer = Slow()
    given = delivering(FakeLog([Batch([change(2)], 2)]), writer, FakePoster(), SINGLE)
    task = asyncio.create_task(given.run())
    async with asyncio.timeout(5):
        await writer.waiting.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    assert [each.webhook.position for each in writer.told] == [2]


async def test_the_log_is_looked_at_anew_each_hour() -> None:
    """So that what is deleted of it is known to be worked off."""
    log, writer = FakeLog([Batch([], 5)]), FakeWriter()
    given = delivering(log, writer, FakePoster())
    clock = cast("FixedClock", given._means.clock)  # pyright: ignore[reportPrivateUsage]
    task = asyncio.create_task(given.run())
    async with asyncio.timeout(5):
        while not writer.told:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        clock.advance(times.HOUR)
        while len(log.begun) < 2:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    assert log.begun == [1, 5]
