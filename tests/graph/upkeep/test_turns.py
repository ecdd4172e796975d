"""What time alone does to members, and what comes between."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from graph.catalogue import read_catalogue
from graph.clock import FixedClock
from graph.database import Database
from graph.ingest.segments import Archiving
from graph.times import DAY
from tests.graph.upkeep.writing import NOW, built, event, owner, row, until, writing
from tests.proxy import Proxy

if TYPE_CHECKING:
    from graph.upkeep.writer import Writer
    from tests.engine import Running

pytestmark = pytest.mark.engine

LATELY = {"did": {"event": "Page Viewed", "within": {"last": "P1D"}}}
EVER = {"did": {"event": "Page Viewed"}}


async def save(writer: Writer, key: str, where: object) -> None:
    """Save a segment and wait until its members are kept."""
    await writer.tell([row(type="segment", key=key, name=key, where=where)])
    await built(writer)


async def log(database: Database) -> list[tuple[int, str, str, bool]]:
    """Return the log of changes in its order."""
    rows = await database.read(
        "MATCH (c:Change) RETURN c.sequence AS n, c.segment AS segment, c.contact AS contact, "
        "c.entered AS entered ORDER BY n"
    )
    return [(each["n"], each["segment"], each["contact"], each["entered"]) for each in rows]


async def live(database: Database, key: str) -> bool:
    """Tell whether all members of a segment are kept."""
    return (await read_catalogue(database))[key].filled is None


async def due(database: Database) -> list[Any]:
    """Return when contacts are due."""
    rows = await database.read("MATCH (c:Contact) WHERE c._due IS NOT NULL RETURN c._due AS due")
    return [each["due"] for each in rows]


async def test_a_turn_whose_answer_is_lost_is_counted(database: Database, neo4j: Running) -> None:
    """The log goes on after it without a gap and without a number twice."""
    clock = FixedClock(NOW)
    async with (
        Proxy(neo4j.address) as proxy,
        Database(proxy.address, neo4j.user, neo4j.password) as behind,
        writing(behind, clock=clock) as writer,
    ):
        await save(writer, "lately", LATELY)
        await save(writer, "ever", EVER)
        await writer.tell([event("lost-ann", "1")])
        proxy.lose_commit(b"lost-ann", done=True)
        clock.advance(2 * DAY)

        async def left() -> bool:
            """Tell whether she left, and the writer knows."""
            return len(await log(database)) == 3 and writer.batch is not None

        await until(left)
        await writer.tell([event("bob", "1")])

    assert proxy.lost == 1
    assert await log(database) == [
        (1, "lately", "lost-ann", True),
        (2, "ever", "lost-ann", True),
        (3, "lately", "lost-ann", False),
        (4, "ever", "bob", True),
    ]


async def test_a_segment_is_built_while_others_are_saved(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It does not wait until those that are saved later have caught up, and so for ever."""
    monkeypatch.setattr("graph.upkeep.members.TURN", 1)
    monkeypatch.setattr("graph.upkeep.members.AHEAD", 2)
    monkeypatch.setattr("graph.upkeep.candidates.FEW", 0)
    never = {"not": {"did": {"event": "Order Completed"}}}
    async with writing(database) as writer:
        await writer.tell([event(f"c{number}", "1") for number in range(3)])
        await writer.tell([row(type="segment", key="s0", name="S", where=never)])
        number = 0
        while not await live(database, "s0") and number < 20:
            number += 1
            await writer.tell([row(type="segment", key=f"s{number}", name="S", where=never)])

        assert await live(database, "s0")
        assert not await live(database, f"s{number}")


@pytest.mark.parametrize("edited", [True, False], ids=["edited", "archived"])
async def test_a_turn_of_a_definition_that_is_gone_passes(
    database: Database, *, edited: bool
) -> None:
    """Whoever was due by it alone is due no more, and the writer comes to rest."""
    clock = FixedClock(NOW)
    async with writing(database, clock=clock) as writer:
        await save(writer, "lately", LATELY)
        await writer.tell([event("ann", "1")])
        assert len(await due(database)) == 1
        if edited:
            await save(writer, "lately", EVER)
        else:
            await writer.tell([Archiving("lately", NOW)])
        clock.advance(2 * DAY)

        async def rested() -> bool:
            """Tell whether nobody is due."""
            return not await due(database)

        await until(rested)
        before = (await owner(database))["batch"]
        await asyncio.sleep(0.2)
        assert (await owner(database))["batch"] == before


async def test_a_thing_that_was_filed_anew_while_no_segment_was_kept(database: Database) -> None:
    """What a first segment after that sees of it is what it is by then."""
    read = {"did": {"event": "Page Viewed", "about": {"content": {"topic": "pricing"}}}}
    async with writing(database) as writer:
        await save(writer, "first", read)
        await writer.tell([row(type="topic", key="pricing"), row(type="content", key="/c")])
        await writer.tell([event("ann", "1", about={"content": "/c"})])
        await writer.tell([Archiving("first", NOW)])
        await writer.tell([row(type="content", key="/c", topics=["pricing"])])
        await save(writer, "second", read)
        await writer.tell([event("bob", "1", about={"content": "/c"})])

    assert [each[1:] for each in await log(database)] == [
        ("second", "ann", True),
        ("second", "bob", True),
    ]
