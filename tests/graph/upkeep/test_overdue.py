"""What fell due and is not worked off yet: in order, at its own instant, whatever comes between."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import pytest

from graph import errors
from graph.clock import FixedClock
from graph.times import DAY, HOUR, instant_text
from graph.upkeep import members, timers, turns
from graph.upkeep.batch import Store
from graph.upkeep.limits import Limits
from graph.upkeep.owner import claim
from graph.upkeep.turns import Turns
from tests.generated.kept.mortal import Mortal
from tests.graph.upkeep.test_turns import save
from tests.graph.upkeep.writing import NOW, contact, event, owner, until, writing

if TYPE_CHECKING:
    from graph.database import Database
    from graph.upkeep.writer import Writer
    from tests.engine import Running

pytestmark = pytest.mark.engine

AT: Final = NOW - HOUR


def lately(length: str) -> object:
    """Return the definition of those who viewed a page within a length of time."""
    return {"did": {"event": "Page Viewed", "within": {"last": length}}}


async def log(database: Database) -> list[tuple[str, str, bool, int, str]]:
    """Return the log of changes in its order: segment, contact, entered, from when on, why."""
    rows = await database.read(
        "MATCH (c:Change) RETURN c.segment AS segment, c.contact AS contact, c.entered AS entered, "
        "c.effective_at AS at, c.cause AS cause ORDER BY c.sequence"
    )
    return [tuple(row.values()) for row in rows]


async def rested(writer: Writer, clock: FixedClock) -> None:
    """Wait until all that fell due is worked off."""

    async def done() -> bool:
        """Tell whether it is."""
        return writer.as_of() == clock.now()

    await until(done)


async def test_what_fell_due_comes_to_the_log_in_its_order(database: Database) -> None:
    """Also where one contact is due again before another is for the first time."""
    clock = FixedClock(NOW)
    async with writing(database, clock=clock) as writer:
        for key in ("P1D", "P2D", "P7D"):
            await save(writer, key, lately(key))
        await writer.tell([event("ann", "1"), event("bob", "1", at=instant_text(AT - 3 * DAY))])
        before = len(await log(database))
        clock.advance(30 * DAY)
        await rested(writer, clock)

    assert (await log(database))[before:] == [
        ("P1D", "ann", False, AT + DAY, "TIME"),
        ("P2D", "ann", False, AT + 2 * DAY, "TIME"),
        ("P7D", "bob", False, AT + 4 * DAY, "TIME"),
        ("P7D", "ann", False, AT + 7 * DAY, "TIME"),
    ]


async def test_more_at_one_instant_than_are_held_are_all_judged(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last ones of those that are held, too, be they fewer than a turn takes."""
    monkeypatch.setattr(timers, "HELD", 3)
    clock, keys = FixedClock(NOW), [f"c{number}" for number in range(5)]
    async with writing(database, clock=clock) as writer:
        await save(writer, "P1D", lately("P1D"))
        await writer.tell([event(key, "1") for key in keys])
        before = len(await log(database))
    async with writing(database, clock=clock) as writer:
        clock.advance(2 * DAY)
        await rested(writer, clock)

    assert sorted((await log(database))[before:]) == [
        ("P1D", key, False, AT + DAY, "TIME") for key in keys
    ]


async def test_news_of_another_do_not_move_what_fell_due(database: Database) -> None:
    """A window closes at its instant, though a colleague is told of before that is worked off."""
    clock = FixedClock(NOW)
    async with writing(database, clock=clock) as writer:
        await writer.tell([contact(key, accounts=["acme"]) for key in ("ann", "bob")])
        await save(writer, "lately", lately("P1D"))
        await save(writer, "with", {"colleagues": {"who": lately("P7D")}})
        await writer.tell([event("ann", "1")])
        before = len(await log(database))
        clock.advance(2 * DAY)
        await writer.tell([event("bob", "1")])
        await rested(writer, clock)

    assert (await log(database))[before:] == [
        ("lately", "ann", False, AT + DAY, "TIME"),
        ("with", "ann", True, NOW + 2 * DAY, "EVENT"),
    ]


async def test_what_is_told_does_not_wait_for_all_that_is_due(
    database: Database, neo4j: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only those whom it marks are judged before it is answered, at each of their instants."""
    monkeypatch.setattr(turns, "TURN", 1)
    monkeypatch.setattr(members, "AGAIN", 1)
    clock, keys = FixedClock(NOW), [f"c{number}" for number in range(9)]
    graph = Mortal(neo4j.address, neo4j.user, neo4j.password)
    async with graph, writing(graph, clock=clock) as writer:
        await writer.tell([contact(key, accounts=["acme"]) for key in ("ann", "bob")])
        await save(writer, "lately", lately("P1D"))
        await save(writer, "with", {"colleagues": {"who": lately("P7D")}})
        at = instant_text(AT - HOUR)
        await writer.tell([event("bob", "0"), *(event(key, "1", at=at) for key in keys)])
        before = len(await log(database))
        clock.advance(2 * DAY)
        await writer.tell([event("ann", "1")])
        graph.hold()
        await graph.held.wait()
        found, as_of = (await log(database))[before:], (await owner(database))["as_of"]
        graph.go_on()
        await rested(writer, clock)

    assert found[:2] == [
        ("lately", "bob", False, AT + DAY, "TIME"),
        ("with", "bob", True, NOW + 2 * DAY, "EVENT"),
    ]
    assert len(found) < 2 + len(keys)
    assert as_of == AT - HOUR + DAY - 1
    assert len((await log(database))[before:]) == 2 + len(keys)


async def test_nobody_comes_back_to_what_was_left_already(database: Database) -> None:
    """Who is read anew and told of while overdue is judged at each instant once."""
    clock = FixedClock(NOW)
    async with writing(database, Limits(memory=2), clock=clock) as writer:
        await writer.tell([contact(key, accounts=["acme"]) for key in ("ann", "bob")])
        await save(writer, "P1D", lately("P1D"))
        await save(writer, "P2D", lately("P2D"))
        await save(writer, "with", {"colleagues": {"who": lately("P7D")}})
        await writer.tell([event("ann", "1")])
        await writer.tell([contact("bob", traits={"plan": "pro"})])
        before = len(await log(database))
        clock.advance(3 * DAY)
        await writer.tell([event("ann", "2")])
        await rested(writer, clock)

    assert (await log(database))[before:] == [
        ("P1D", "ann", False, AT + DAY, "TIME"),
        ("P2D", "ann", False, AT + 2 * DAY, "TIME"),
    ]


async def test_who_waits_for_a_commit_is_told_that_the_server_ends(neo4j: Running) -> None:
    """Though nobody knows yet whether it is in the graph."""
    async with Mortal(neo4j.address, neo4j.user, neo4j.password) as database:
        await database.change("MATCH (n) DETACH DELETE n")
        async with writing(database) as writer:
            database.hold()
            waiting = asyncio.create_task(writer.tell([event("ann", "1")]))
            await database.held.wait()
            asyncio.get_running_loop().call_later(0.1, database.go_on)
        with pytest.raises(errors.GraphUnavailable, match="The server is stopping"):
            await waiting


async def test_nothing_waits_for_all_that_is_due(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who is due, who is to be filled and what is too old come in turn, however many are due."""
    monkeypatch.setattr(turns, "TURN", 2)
    monkeypatch.setattr(members, "TURN", 2)
    clock, keys = FixedClock(NOW), [f"c{number}" for number in range(9)]
    async with writing(database, clock=clock) as writer:
        await save(writer, "P1D", lately("P1D"))
        await save(writer, "ever", {"did": {"event": "Page Viewed"}})
        await writer.tell([event(key, "1") for key in keys])
        await writer.tell([event("old", "1", "Seen", at=instant_text(NOW - 9 * DAY))])
    clock.advance(2 * DAY)
    await database.change("MATCH (s:Segment {key: 'ever'}) SET s.filled = '', s.done = 0")
    mine = await claim(database, force=True)
    assert mine is not None
    work = Turns(clock, Store(database, Limits(keep_events=7 * DAY)))
    await work.reload(mine)
    for _ in range(3):
        await work.one(mine, clock.now())

    left = [each for each in await log(database) if not each[2]]
    (found,) = await database.read(
        "MATCH (s:Segment {key: 'ever'}) RETURN s.filled AS filled, "
        "COUNT { ()-[e:SEEN]->() } AS seen"
    )
    assert 2 <= len(left) <= 4  # whoever is filled has left before
    assert (found["filled"], found["seen"]) == ("c1", 0)
    assert (await owner(database))["as_of"] == AT + DAY - 1


async def test_what_is_overdue_looks_at_what_is_too_old_by_now(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An event is not deleted before who was to leave for it has left, at the right instant."""
    monkeypatch.setattr(turns, "TURN", 1)
    clock = FixedClock(NOW)
    async with writing(database, clock=clock) as writer:
        await save(writer, "P1D", lately("P1D"))
        for key, hours in (("ann", 3), ("bob", 3), ("bob", 2)):
            await writer.tell([event(key, f"{hours}", at=instant_text(NOW - hours * HOUR))])
        before = len(await log(database))
    clock.advance(9 * DAY)
    mine = await claim(database, force=True)
    assert mine is not None
    work = Turns(clock, Store(database, Limits(keep_events=DAY)))
    await work.reload(mine)
    for _ in range(9):
        await work.one(mine, clock.now())

    assert (await log(database))[before:] == [
        ("P1D", "ann", False, NOW + 21 * HOUR, "TIME"),
        ("P1D", "bob", False, NOW + 22 * HOUR, "TIME"),
    ]


async def test_who_is_overdue_is_filled_as_of_now(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And not judged afterwards at the instants before it, which would let it leave again."""
    monkeypatch.setattr(turns, "TURN", 1)
    monkeypatch.setattr(members, "TURN", 1)
    clock = FixedClock(NOW)
    async with writing(database, clock=clock) as writer:
        await save(writer, "P1D", lately("P1D"))
        await save(writer, "silent", {"not": lately("P3D")})
        await writer.tell([event("ann", "1"), event("zoe", "1", at=instant_text(AT - HOUR))])
        before = len(await log(database))
    clock.advance(9 * DAY)
    await database.change("MATCH (s:Segment {key: 'silent'}) SET s.filled = '', s.done = 0")
    mine = await claim(database, force=True)
    assert mine is not None
    work = Turns(clock, Store(database))
    await work.reload(mine)
    for _ in range(20):
        await work.one(mine, clock.now())

    assert sorted((await log(database))[before:]) == [
        ("P1D", "ann", False, AT + DAY, "TIME"),
        ("P1D", "zoe", False, AT - HOUR + DAY, "TIME"),
        ("silent", "ann", True, NOW + 9 * DAY, "DEFINITION"),
        ("silent", "zoe", True, NOW + 9 * DAY, "DEFINITION"),
    ]
