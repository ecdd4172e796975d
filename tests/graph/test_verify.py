"""Members that are not as the definitions say are found, and set right as any owner does it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from graph import errors
from graph.clock import FixedClock
from graph.times import DAY
from graph.upkeep.limits import Limits
from graph.upkeep.owner import claim
from graph.upkeep.repair import repair
from graph.verify import Difference, verify
from tests.graph.upkeep.writing import NOW, built, event, row, until, writing

if TYPE_CHECKING:
    from graph.database import Database
    from graph.upkeep.writer import Writer

pytestmark = pytest.mark.engine

LATELY: Final = {"did": {"event": "Page Viewed", "within": {"last": "P1D"}}}
EVER: Final = {"did": {"event": "Page Viewed"}}
LOG: Final = """
MATCH (change:Change)
RETURN change.sequence AS sequence, change.segment AS segment, change.contact AS contact,
  change.entered AS entered, change.cause AS cause ORDER BY sequence
"""
WRONG: Final = [
    Difference("ever", None, 9, 4),
    Difference("ever", "ann", 0, 1),
    Difference("ever", "bob", 2, 1),
    Difference("ever", "zoe", 1, 0),
]


async def saved(writer: Writer) -> None:
    """Save two segments over a few contacts, and wait until their members are kept."""
    people = [event(key, "1") for key in ("ann", "bob", "cyd")]
    segments = [
        row(type="segment", key=key, name=key, where=where)
        for key, where in (("lately", LATELY), ("ever", EVER))
    ]
    await writer.tell([*people, event("zoe", "1", "Logged In"), *segments])
    await built(writer)


async def spoil(database: Database) -> None:
    """Take one out by hand, put one in, one twice, and set a wrong size."""
    await database.change(
        "MATCH (:Contact {key: 'ann'})-[of:MEMBER_OF {segment: 'ever'}]->() DELETE of"
    )
    await database.change(
        "MATCH (segment:Segment {key: 'ever'}) SET segment.size = 9 WITH segment "
        "MATCH (contact:Contact) WHERE contact.key IN ['bob', 'zoe'] "
        "CREATE (contact)-[of:MEMBER_OF]->(segment) "
        "SET of = {segment: 'ever', contact: contact.key, since: 1}"
    )


async def repaired(database: Database) -> None:
    """Set right what differs."""
    found = (await verify(database)).differences
    contacts = sorted({each.contact for each in found if each.contact is not None})
    await repair(database, contacts, sorted({each.segment for each in found}), Limits())


async def test_what_is_as_it_should_be(database: Database) -> None:
    """Nothing differs, and what was looked at is told."""
    async with writing(database) as writer:
        await saved(writer)
        found = await verify(database)

    assert (found.at, found.segments, found.members) == (NOW, 2, 6)
    assert found.differences == []


async def test_an_empty_graph_has_nothing_to_differ(database: Database) -> None:
    """Nor one without an owner."""
    found = await verify(database)

    assert (found.segments, found.differences) == (0, [])


async def test_what_differs_is_listed(database: Database) -> None:
    """Each contact of each segment, and a size that is wrong; nobody of those not yet judged."""
    clock = FixedClock(NOW)
    async with writing(database, clock=clock) as writer:
        await saved(writer)
    await spoil(database)
    listed = (await verify(database)).differences
    await database.change("MATCH (owner:Owner) SET owner.clock = $later", later=NOW + 2 * DAY)

    assert listed == WRONG
    assert (await verify(database)).differences == [WRONG[0], WRONG[3]]


async def test_a_repair_where_no_server_runs(database: Database) -> None:
    """Whoever differs is judged anew, logged with the cause, and time does not pass for it."""
    async with writing(database) as writer:
        await saved(writer)
    before = await database.read(LOG)
    await spoil(database)
    await repaired(database)
    log = [tuple(each.values()) for each in await database.read(LOG)]

    assert (await verify(database)).differences == []
    number = len(before)
    assert log[number:] == [
        (number + 1, "ever", "ann", True, "REPAIR"),
        (number + 2, "ever", "zoe", False, "REPAIR"),
    ]
    owner = await claim(database)
    assert owner is not None


@pytest.mark.parametrize("force", [False, True], ids=["at an address", "of our own"])
async def test_a_repair_under_a_server(database: Database, *, force: bool) -> None:
    """It loses the graph for a moment, reads all anew, and goes on; what it kept is not trusted."""
    async with writing(database, force=force) as writer:
        await saved(writer)
        await spoil(database)
        await repaired(database)

        async def taken() -> bool:
            """Tell an event, and whether it was taken: what is told meanwhile is told again."""
            try:
                return bool(await writer.tell([event("dan", "1")]))
            except errors.NotOwner:
                return False

        await until(taken)
        found = await verify(database)

    assert (found.members, found.differences) == (8, [])
