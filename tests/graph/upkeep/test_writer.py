"""The writer: commits together what waits, once, in order, and only as the owner."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from graph import errors
from graph.catalogue import Catalogue, read_catalogue
from graph.clock import FixedClock
from graph.upkeep import batch
from graph.upkeep import writer as upkeep
from graph.upkeep.at_once import commit
from graph.upkeep.judge import Judged
from graph.upkeep.limits import Limits
from graph.upkeep.owner import Ownership
from graph.upkeep.watch import Watch
from graph.upkeep.writer import Writer
from tests.graph.upkeep.writing import (
    NOW,
    codes,
    contact,
    ended,
    event,
    owner,
    row,
    stored,
    until,
    writing,
)

if TYPE_CHECKING:
    from graph.database import Database, Reader

pytestmark = pytest.mark.engine


async def test_one_waiting_event_commits_at_once(database: Database) -> None:
    """Nobody waits for company."""
    async with writing(database) as writer:
        for number in range(3):
            await writer.tell([event("ann", str(number))])

    assert (await owner(database))["batch"] == 3


async def test_a_thousand_share_a_commit(database: Database) -> None:
    """What waits while a commit is going on is committed together after it."""
    async with writing(database) as writer:
        outcomes = await asyncio.gather(
            *(writer.tell([event("ann", str(number))]) for number in range(1000))
        )

        assert writer.pending == 0
    assert {code for each in outcomes for code in codes(each)} == {"ACCEPTED"}
    assert len(await stored(database)) == 1000
    assert (await owner(database))["batch"] <= 2


async def test_a_batch_has_a_size(database: Database) -> None:
    """At most a batch of rows is committed at once; one telling is never taken apart."""
    async with writing(database, Limits(batch=10)) as writer:
        await asyncio.gather(
            *(
                writer.tell([event("ann", f"{telling}-{n}") for n in range(4)])
                for telling in range(5)
            )
        )

    assert len(await stored(database)) == 20
    assert (await owner(database))["batch"] == 3


async def test_nothing_is_a_telling_too(database: Database) -> None:
    """No rows need no commit."""
    async with writing(database) as writer:
        assert await writer.tell([]) == []

    assert (await owner(database))["batch"] == 0


async def test_a_full_queue_is_busy(database: Database) -> None:
    """More than the queue holds is refused at once, and what waits is not harmed."""
    async with writing(database, Limits(queue=10)) as writer:
        waiting = asyncio.ensure_future(writer.tell([event("ann", str(n)) for n in range(8)]))
        await asyncio.sleep(0)
        with pytest.raises(errors.Busy, match=r"^The queue of waiting writes is full\.$"):
            await writer.tell([event("bob", str(n)) for n in range(3)])

        assert writer.pending == 8
        assert codes(await waiting) == ["ACCEPTED"] * 8
        assert writer.pending == 0


async def test_an_idle_writer_takes_more_than_its_queue(database: Database) -> None:
    """Else what comes at once and is more would be told to wait for ever."""
    async with writing(database, Limits(batch=20, queue=4)) as writer:
        assert (
            codes(await writer.tell([event("ann", str(n)) for n in range(9)])) == ["ACCEPTED"] * 9
        )


async def test_the_lines_of_an_order_count(database: Database) -> None:
    """They are events too: what waits with them shares no commit that would be too large."""
    properties = {"products": [{"sku": f"s{n}"} for n in range(3)]}
    orders = [event("ann", str(n), "Order Completed", properties=properties) for n in range(3)]
    async with writing(database, Limits(batch=8, queue=12)) as writer:
        telling = [asyncio.ensure_future(writer.tell([order])) for order in orders]
        await asyncio.sleep(0)
        assert writer.pending == 12
        with pytest.raises(errors.Busy):
            await writer.tell([event("bob", "1")])
        await asyncio.gather(*telling)

    assert len(await stored(database)) == 12
    assert (await owner(database))["batch"] == 2


async def test_whoever_does_not_wait_is_told_all_the_same(database: Database) -> None:
    """A caller that went away does not stop the others; what it told is stored."""
    async with writing(database) as writer:
        gone = asyncio.ensure_future(writer.tell([event("ann", "1")]))
        await asyncio.sleep(0)
        gone.cancel()
        await writer.tell([event("ann", "2")])

    assert set(await stored(database)) == {("ann", "1"), ("ann", "2")}


async def test_as_of_is_before_what_waits(database: Database) -> None:
    """All up to it is in the graph; the owner's node tells it to the others."""
    clock = FixedClock(NOW)
    async with writing(database, clock=clock) as writer:
        assert writer.as_of() == NOW

        waiting = asyncio.ensure_future(writer.tell([event("ann", "1")]))
        await asyncio.sleep(0)
        clock.advance(1000)
        assert writer.as_of() == NOW - 1
        await waiting

        assert writer.as_of() == NOW + 1000
    kept = await owner(database)
    assert kept["as_of"] == kept["clock"] == NOW + 1000


async def test_a_second_owner_fences_the_first(database: Database) -> None:
    """Whoever was taken over cannot commit; what it was told is refused, and it stands by."""
    async with writing(database, force=False) as first:
        await first.tell([event("ann", "1")])
        async with writing(database) as second:
            with pytest.raises(errors.NotOwner):
                await first.tell([event("ann", "2")])
            with pytest.raises(errors.NotOwner):
                await first.tell([event("ann", "3")])
            await second.tell([event("ann", "4")])

            assert first.refusal is not None
            assert second.refusal is None
    assert set(await stored(database)) == {("ann", "1"), ("ann", "4")}


async def test_new_kinds_are_fenced_as_well(database: Database) -> None:
    """Whoever was taken over makes no kinds, and counts none anew."""
    async with writing(database, force=False) as first:
        async with writing(database) as second:
            await second.tell([event("ann", "1", "Signed Up")])

            with pytest.raises(errors.NotOwner):
                await first.tell([event("ann", "2", "Signed Up")])
        (kind,) = await database.read("MATCH (k:EventKind) RETURN k.name AS name, k.count AS count")

    assert dict(kind) == {"name": "Signed Up", "count": 1}


async def test_the_second_takes_over_when_the_first_ends(database: Database) -> None:
    """A clean end hands over at once; the second has read all that the first wrote."""
    second = Writer(database, FixedClock(NOW))
    async with asyncio.TaskGroup() as tasks:
        async with writing(database) as first:
            await first.tell([event("ann", "1", "Signed Up")])
            standing_by = tasks.create_task(second.run())
            await second.decided.wait()
            with pytest.raises(errors.NotOwner):
                await second.tell([event("ann", "2")])
            assert second.registry is None
        await second.owning.wait()

        assert codes(await second.tell([event("ann", "1", "Signed Up")])) == ["DUPLICATE"]
        standing_by.cancel()


async def test_signs_of_life_are_shown_while_nothing_comes(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An idle owner is not taken over, and tells how far it is."""
    monkeypatch.setattr(upkeep, "_BEAT", 0.05)
    clock = FixedClock(NOW)
    async with writing(database, clock=clock):
        clock.advance(5000)

        async def told_how_far() -> bool:
            """Tell what the owner node keeps."""
            return (await owner(database)).get("as_of") == NOW + 5000

        async def alive() -> bool:
            """Tell whether a sign of life was shown."""
            return (await owner(database))["beat"] != 1

        await until(told_how_far)
        await database.change("MATCH (o:Owner) SET o.beat = 1")
        await until(alive)


async def test_signs_of_life_are_shown_while_taking_over(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long it takes to read all and to work off what fell due."""
    monkeypatch.setattr(upkeep, "_BEAT", 0.05)
    reading, known = asyncio.Event(), asyncio.Event()

    async def slow(database: Reader) -> Catalogue:
        """Read the catalogue once it may be known."""
        reading.set()
        await known.wait()
        return await read_catalogue(database)

    async def alive() -> bool:
        """Tell whether a sign of life was shown."""
        return (await owner(database))["beat"] != 1

    monkeypatch.setattr(batch, "read_catalogue", slow)
    writer = Writer(database, FixedClock(NOW))
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(writer.run())
        await reading.wait()
        await database.change("MATCH (o:Owner) SET o.beat = 1")
        await until(alive)
        assert writer.refusal is not None
        known.set()
        await writer.owning.wait()
        running.cancel()


async def test_an_idle_owner_notices_that_it_is_none(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that was taken over while it slept stands by."""
    monkeypatch.setattr(upkeep, "_BEAT", 0.05)
    async with writing(database, force=False) as first:
        await database.change("MATCH (o:Owner) SET o.epoch = 1000, o.beat = timestamp()")

        async def stands_by() -> bool:
            """Tell whether the writer owns no more."""
            return first.refusal is not None

        await until(stands_by)
        with pytest.raises(errors.NotOwner):
            await first.tell([event("ann", "1")])


async def test_who_owns_no_more_touches_nothing(database: Database) -> None:
    """Neither its commit, nor its sign of life, nor its end shortens or renews another's lease."""
    async with writing(database):
        pass
    late = Ownership(epoch=1, batch=0)
    await database.change("MATCH (o:Owner) SET o.epoch = 2, o.batch = 0, o.beat = 77")
    before = await owner(database)
    for touching in (
        late.release(database),
        late.beat(database, NOW, NOW),
        commit(database, late, NOW, Judged(NOW, 0, Watch())),
    ):
        with pytest.raises(errors.NotOwner):
            await touching

    assert await owner(database) == before


async def test_a_clock_behind_the_graph_does_not_own(database: Database) -> None:
    """A server whose clock is wrong stands by, and says why."""
    await ended(database, NOW + 120_000)
    writer = Writer(database, FixedClock(NOW))
    running = asyncio.ensure_future(writer.run())
    try:
        await writer.decided.wait()
        with pytest.raises(errors.ClockBehind):
            await writer.tell([event("ann", "1")])
    finally:
        running.cancel()
        await asyncio.wait([running])


async def test_stopping_refuses_what_waits(database: Database) -> None:
    """A server that ends tells everybody who waits, and lets the next one in at once."""
    async with writing(database) as writer:
        waiting = asyncio.ensure_future(writer.tell([event("ann", "1")]))
        await asyncio.sleep(0)
    with pytest.raises(errors.GraphUnavailable, match="The server is stopping"):
        await waiting

    assert (await owner(database))["beat"] == 0


async def test_all_sorts_of_rows_share_a_commit(database: Database) -> None:
    """Contacts, things, trees and events are told together, in the order they came."""
    async with writing(database) as writer:
        outcomes = await writer.tell(
            [
                row(type="topic", key="pricing"),
                row(type="content", key="/p", topics=["pricing"]),
                contact("ann", traits={"plan": "pro"}, accounts=["acme"]),
                event("ann", "1", about={"content": "/p"}),
                row(type="account", key="acme", traits={"tier": "gold"}),
            ]
        )

    assert codes(outcomes) == ["CREATED", "CREATED", "CREATED", "ACCEPTED", "CREATED"]
    assert (await owner(database))["batch"] == 1


async def test_who_does_not_own_refuses_alike_each_time(database: Database) -> None:
    """A refusal does not grow by the frames of all who were told it before."""
    writer = Writer(database, FixedClock(NOW))
    frames: list[int] = []
    for _ in range(3):
        with pytest.raises(errors.GraphUnavailable, match="This server is starting") as refused:
            await writer.tell([event("ann", "1")])
        frames.append(len(refused.traceback))

    assert len(set(frames)) == 1
