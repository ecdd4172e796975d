"""Who is read while a segment fills: those whom it may be about, and nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graph.clock import FixedClock
from graph.times import DAY, MINUTE, instant_text
from graph.upkeep import candidates, members, people
from tests.graph.upkeep.test_causes import causes, save
from tests.graph.upkeep.test_overdue import rested
from tests.graph.upkeep.test_sight import members as kept
from tests.graph.upkeep.writing import NOW, built, contact, event, row, writing

if TYPE_CHECKING:
    from collections.abc import Collection

    from graph.database import Database, Reader

pytestmark = pytest.mark.engine

ALL = [f"c{number:02}" for number in range(16)]
SOON = instant_text(NOW + MINUTE)
LATELY = {"did": {"event": "Page Viewed", "within": {"last": "P7D"}}}
ELSE = {"did": {"event": "Bought"}}


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Give the keys of the contacts that are read with all that they did, four in a turn."""
    found: list[str] = []
    known = people.read_people

    async def noted(database: Reader, keys: Collection[str], *others: object) -> object:
        found.extend(keys)
        return await known(database, keys, *others)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(people, "read_people", noted)
    monkeypatch.setattr(members, "TURN", 4)
    monkeypatch.setattr(candidates, "PATIENCE", 30.0)  # a first plan may take seconds
    return found


async def tell(database: Database) -> None:
    """Tell of contacts, two of whom viewed a page; some are told things for later."""
    longer = instant_text(NOW - 8 * DAY)
    consent = {"contact": "c09", "purpose": "ads", "state": "WITHDRAWN", "at": SOON}
    async with writing(database) as writer:
        await writer.tell([event(key, "1", "Read") for key in ALL])
        await writer.tell(
            [
                event("c03", "2"),
                event("c05", "2", at=SOON),
                contact("c07", traits={"plan": "pro"}, at=SOON),
                row(type="consent", **consent),
                event("c10", "2", at=longer),
                event("c15", "2"),
            ]
        )


async def test_only_they_are_read(database: Database, read: list[str]) -> None:
    """Those who did it, and those of whom something is told for later; then those who are in."""
    await tell(database)
    async with writing(database) as writer:
        await save(writer, "s", LATELY)
        filled, first = await kept(database), sorted(read)
        saved = (writer.catalogue or {})["s"]
    read.clear()
    async with writing(database) as writer:
        await save(writer, "s", ELSE)

    assert first == ["c03", "c05", "c07", "c09", "c15"]
    assert filled == {("s", "c03"), ("s", "c15")}
    assert saved.done == len(ALL)
    assert sorted(read) == first
    assert await kept(database) == set()
    assert await causes(database) == [
        ("c03", True, "BACKFILL"),
        ("c15", True, "BACKFILL"),
        ("c03", False, "DEFINITION"),
        ("c15", False, "DEFINITION"),
    ]


async def test_who_is_in_until_told_otherwise_is_not_read(
    database: Database, read: list[str]
) -> None:
    """Of what time does not end Cypher tells all, except where something is told for later."""
    await tell(database)
    where = {"all": [{"did": {"event": "Read"}}, {"not": {"did": {"event": "Page Viewed"}}}]}
    async with writing(database) as writer:
        await save(writer, "s", where)
        filled, changes = await kept(database), await causes(database)
        first = sorted(read)
        await writer.tell([event("c11", "2"), event("c12", "2", "Bought")])
        left = filled - await kept(database)

    assert first == ["c05", "c07", "c09"]
    assert filled == {("s", key) for key in ALL if key not in {"c03", "c10", "c15"}}
    assert sorted(changes) == [(key, True, "BACKFILL") for _, key in sorted(filled)]
    assert left == {("s", "c11")}


async def test_of_the_silent_only_others_are_read(database: Database, read: list[str]) -> None:
    """Whoever did something comes in when that is long ago."""
    await tell(database)
    clock = FixedClock(NOW)
    async with writing(database, clock=clock) as writer:
        await save(writer, "silent", {"not": LATELY})
        filled, first = await kept(database), sorted(read)
        clock.advance(8 * DAY)
        await rested(writer, clock)

    assert first == ["c03", "c05", "c07", "c09", "c15"]
    assert filled == {("silent", key) for key in ALL if key not in {"c03", "c15"}}
    assert await kept(database) == {("silent", key) for key in ALL}


async def test_several_are_filled_together(
    database: Database, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where more are judged than at once, with others between them who come in unjudged."""
    monkeypatch.setattr(members, "TURN", 1)
    monkeypatch.setattr(candidates, "ENTERING", 3)
    await tell(database)
    never = {"not": {"did": {"event": "Page Viewed"}}}
    wheres = {"lately": LATELY, "never": never, "silent": {"not": LATELY}}
    async with writing(database) as writer:
        await writer.tell(
            [row(type="segment", key=key, name=key, where=each) for key, each in wheres.items()]
        )
        saved = await built(writer)

    viewed, lately = {"c03", "c10", "c15"}, {"c03", "c15"}
    assert sorted(read) == ["c03", "c05", "c07", "c09", "c15"]
    assert await kept(database) == {
        *(("lately", key) for key in lately),
        *(("never", key) for key in ALL if key not in viewed),
        *(("silent", key) for key in ALL if key not in lately),
    }
    assert {each.done for each in saved.values()} == {len(ALL)}


async def test_of_many_those_are_read_who_did_what_one_needs(
    database: Database, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """More definitions than are asked one by one are asked as one, of kinds of events."""
    monkeypatch.setattr(candidates, "FEW", 1)
    await tell(database)
    wheres = {"lately": LATELY, "else": {"all": [ELSE, {"did": {"event": "Read"}}]}}
    async with writing(database) as writer:
        await writer.tell(
            [row(type="segment", key=key, name=key, where=each) for key, each in wheres.items()]
        )
        saved = await built(writer)

    assert sorted(read) == ["c03", "c05", "c07", "c09", "c10", "c15"]
    assert await kept(database) == {("lately", "c03"), ("lately", "c15")}
    assert {each.done for each in saved.values()} == {len(ALL)}


async def test_segments_meet_on_their_way(database: Database, read: list[str]) -> None:
    """One that is saved while another is filled goes on with it from where that is."""
    await tell(database)
    async with writing(database) as writer:
        await save(writer, "first", {"not": LATELY})
        await save(writer, "second", ELSE)
    await database.change("MATCH (s:Segment) SET s.filled = '', s.done = 0")
    await database.change("MATCH (s:Segment {key: 'first'}) SET s.filled = 'c07', s.done = 8")
    read.clear()
    async with writing(database) as writer:
        saved = await built(writer)

    assert len(read) == len(set(read))
    assert {each.done for each in saved.values()} == {len(ALL)}
    assert await kept(database) == {("first", key) for key in ALL if key not in {"c03", "c15"}}


async def test_everybody_is_read_where_that_is_not_known(
    database: Database, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Because it takes too long, or time may let in whoever did nothing."""
    await tell(database)

    monkeypatch.setattr(candidates, "PATIENCE", 1e-6)
    async with writing(database) as writer:
        await save(writer, "s", LATELY)
        filled, first = await kept(database), sorted(read)
    read.clear()
    async with writing(database) as writer:
        await save(writer, "either", {"any": [{"not": LATELY}, LATELY]})

    assert first == sorted(read) == ALL
    assert filled == {("s", "c03"), ("s", "c15")}
    assert await kept(database) == filled | {("either", key) for key in ALL}
