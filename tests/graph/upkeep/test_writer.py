"""The writer: commits together what waits, once, in order, and only as the owner."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from graph import errors
from graph.clock import FixedClock
from graph.database import Database
from graph.upkeep import writer as upkeep
from graph.upkeep.writer import Limits, Writer
from tests.graph.upkeep.writing import (
    NOW,
    codes,
    contact,
    event,
    owner,
    row,
    stored,
    until,
    writing,
)
from tests.proxy import Proxy

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from typing import LiteralString

    from graph.database import Row, Statement
    from tests.engine import Running

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
    async with writing(database) as first:
        await first.tell([event("ann", "1")])
        async with writing(database) as second:
            with pytest.raises(errors.NotOwner):
                await first.tell([event("ann", "2")])
            with pytest.raises(errors.NotOwner):
                await first.tell([event("ann", "3")])
            await second.tell([event("ann", "4")])

            assert (first.owns, second.owns) == (False, True)
    assert set(await stored(database)) == {("ann", "1"), ("ann", "4")}


async def test_new_kinds_are_fenced_as_well(database: Database) -> None:
    """Whoever was taken over makes no kinds, and counts none anew."""
    async with writing(database) as first:
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
            return (await owner(database)).get("as_of") == NOW + 5000

        async def alive() -> bool:
            return (await owner(database))["beat"] != 1

        await until(told_how_far)
        await database.change("MATCH (o:Owner) SET o.beat = 1")
        await until(alive)


async def test_an_idle_owner_notices_that_it_is_none(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that was taken over while it slept stands by."""
    monkeypatch.setattr(upkeep, "_BEAT", 0.05)
    async with writing(database, force=False) as first:
        await database.change("MATCH (o:Owner) SET o.epoch = 1000, o.beat = timestamp()")

        async def stands_by() -> bool:
            return not first.owns

        await until(stands_by)
        with pytest.raises(errors.NotOwner):
            await first.tell([event("ann", "1")])


async def test_a_clock_behind_the_graph_does_not_own(database: Database) -> None:
    """A server whose clock is wrong stands by, and says why."""
    await database.change(
        "MERGE (o:Owner {shard: 0}) SET o.epoch = 1, o.batch = 0, o.beat = 0, o.clock = $clock",
        clock=NOW + 120_000,
    )
    writer = Writer(database, FixedClock(NOW))
    running = asyncio.ensure_future(writer.run())
    try:

        async def refused() -> bool:
            try:
                await writer.tell([event("ann", "1")])
            except errors.ClockBehind:
                return True
            except errors.NotOwner:
                return False
            raise AssertionError("it owns")

        await until(refused)
    finally:
        running.cancel()
        await asyncio.wait([running])


@pytest.fixture
async def proxy(neo4j: Running) -> AsyncIterator[Proxy]:
    """Stand before the graph of the run."""
    async with Proxy(neo4j.address) as made:
        yield made


@pytest.mark.parametrize("done", [True, False], ids=["answer lost", "commit lost"])
async def test_a_commit_whose_answer_is_lost(
    database: Database, proxy: Proxy, neo4j: Running, *, done: bool
) -> None:
    """Done or not, an event is in the graph once, and its sender is told so."""
    behind = Database(proxy.address, neo4j.user, neo4j.password)
    async with writing(database) as other:
        await other.tell([event("lost-ann", "0")])
    async with writing(behind) as writer:
        proxy.lose_commit(b"lost-ann", done=done)
        outcomes = await writer.tell([event("lost-ann", str(n)) for n in range(5)])
        again = await writer.tell([event("lost-ann", str(n)) for n in range(4, 6)])

        assert writer.owns
    await behind.close()

    assert proxy.lost == 1
    assert codes(outcomes) == ["DUPLICATE"] + ["ACCEPTED"] * 4
    assert codes(again) == ["DUPLICATE", "ACCEPTED"]
    assert len(await stored(database)) == 6
    kept = await owner(database)
    (kind,) = await database.read("MATCH (k:EventKind) RETURN k.count AS count")
    assert (kept["batch"], kind["count"]) == (3, 6)


async def test_a_graph_that_is_away_is_told_and_found_again(
    database: Database, proxy: Proxy, neo4j: Running
) -> None:
    """While the graph is away nothing is taken; when it is back the writer goes on by itself."""
    behind = Database(proxy.address, neo4j.user, neo4j.password)
    async with writing(behind) as writer:
        await writer.tell([event("ann", "1")])
        proxy.refusing = True
        proxy.cut()
        with pytest.raises(errors.GraphUnavailable):
            await writer.tell([event("ann", "2")])
        with pytest.raises(errors.GraphUnavailable):
            await writer.tell([event("ann", "3")])
        assert not writer.owns
        proxy.refusing = False
        await writer.owning.wait()

        assert codes(await writer.tell([event("ann", "1")])) == ["DUPLICATE"]
        assert writer.pending == 0
    await behind.close()

    assert set(await stored(database)) == {("ann", "1")}


class Deadlocked(Database):
    """A graph whose next commits are ended because of a lock."""

    left = 0
    error: errors.SegraphError = errors.GraphUnavailable("a deadlock")

    def transaction(self, deadline: float = 5.0) -> Any:  # noqa: ANN401 - as the other's
        """Open a writing transaction, or fail as often as asked."""
        if self.left:
            self.left -= 1
            raise self.error
        return super().transaction(deadline)


async def test_a_deadlock_is_done_again(database: Database, neo4j: Running) -> None:
    """What the graph ends for another's sake is no error to whoever told it."""
    unlucky = Deadlocked(neo4j.address, neo4j.user, neo4j.password)
    async with writing(unlucky) as writer:
        unlucky.left = 3
        assert codes(await writer.tell([event("ann", "1", "Signed Up")])) == ["ACCEPTED"]
    await unlucky.close()

    assert len(await stored(database)) == 1


async def test_what_takes_too_long_is_halved(database: Database, neo4j: Running) -> None:
    """A batch that is too large for a commit's time is stored in parts, in order."""
    slow = Deadlocked(neo4j.address, neo4j.user, neo4j.password)
    slow.error = errors.GraphTooSlow("5 s")
    async with writing(slow) as writer:
        await writer.tell([event("ann", "0")])
        slow.left = 2
        rows = [event("ann", str(n)) for n in (1, 2, 3, 1)]
        assert codes(await writer.tell(rows)) == ["ACCEPTED"] * 3 + ["DUPLICATE"]
        slow.left = 1
        with pytest.raises(errors.GraphTooSlow):
            await writer.tell([event("ann", "9")])
    await slow.close()

    assert len(await stored(database)) == 4


async def test_a_node_that_somebody_removed_is_made_again(database: Database) -> None:
    """Who empties a part of the graph behind the writer's back does not stop it."""
    async with writing(database) as writer:
        await writer.tell([event("ann", "1", about={"content": "/a"})])
        await database.change("MATCH (n:Content) DETACH DELETE n")
        outcomes = await writer.tell([event("ann", "2", about={"content": "/a"})])

    assert codes(outcomes) == ["ACCEPTED"]
    assert set(await stored(database)) == {("ann", "2")}


class Broken(Database):
    """A graph in which a contact of this name can never be stored."""

    name = "broken"

    async def read(
        self, statement: Statement | LiteralString, /, deadline: float = 30.0, **parameters: object
    ) -> list[Row]:
        """Read, but for the one."""
        if self.name in str(parameters.get("keys")):
            raise ZeroDivisionError
        return await super().read(statement, deadline, **parameters)


async def test_a_defect_hits_only_the_row_that_shows_it(database: Database, neo4j: Running) -> None:
    """Others that share the commit are stored."""
    broken = Broken(neo4j.address, neo4j.user, neo4j.password)
    async with writing(broken) as writer:
        good, bad = await asyncio.gather(
            writer.tell([event("ann", "1")]),
            writer.tell([event("broken", "1")]),
            return_exceptions=True,
        )
    await broken.close()

    assert isinstance(good, list)
    assert isinstance(bad, errors.Fault)
    assert set(await stored(database)) == {("ann", "1")}


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
