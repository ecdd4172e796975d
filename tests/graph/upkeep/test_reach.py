"""Who is read while a segment fills: those whom it may be about, and nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graph import errors
from graph.times import DAY, MINUTE, instant_text
from graph.upkeep import members, people, reach
from tests.graph.upkeep.test_causes import causes, save
from tests.graph.upkeep.test_sight import members as kept
from tests.graph.upkeep.writing import NOW, contact, event, row, writing

if TYPE_CHECKING:
    from collections.abc import Collection

    from graph.database import Database, Reader

pytestmark = pytest.mark.engine

ALL = [f"c{number:02}" for number in range(40)]
SOON = instant_text(NOW + MINUTE)
LATELY = {"did": {"event": "Page Viewed", "within": {"last": "P7D"}}}
ELSE = {"did": {"event": "Bought"}}


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Give the keys of the contacts that are read with all that they did, two in a turn."""
    found: list[str] = []
    known = people.read_people

    async def noted(database: Reader, keys: Collection[str], *others: object) -> object:
        found.extend(keys)
        return await known(database, keys, *others)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(people, "read_people", noted)
    monkeypatch.setattr(members, "TURN", 2)
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
                event("c31", "2"),
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

    assert first == ["c03", "c05", "c07", "c09", "c31"]
    assert filled == {("s", "c03"), ("s", "c31")}
    assert saved.done == len(ALL)
    assert sorted(read) == first
    assert await kept(database) == set()
    assert await causes(database) == [
        ("c03", True, "BACKFILL"),
        ("c31", True, "BACKFILL"),
        ("c03", False, "DEFINITION"),
        ("c31", False, "DEFINITION"),
    ]


async def test_everybody_is_read_where_that_is_not_known(
    database: Database, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Because it takes too long, or time may let in whoever did nothing."""
    await tell(database)

    async def slow(*_: object) -> set[str]:
        raise errors.GraphTooSlow

    monkeypatch.setattr(reach.Candidates, "_found", slow)
    async with writing(database) as writer:
        await save(writer, "s", LATELY)
        filled, first = await kept(database), sorted(read)
    read.clear()
    async with writing(database) as writer:
        await save(writer, "silent", {"not": LATELY})

    assert first == sorted(read) == ALL
    assert filled == {("s", "c03"), ("s", "c31")}
    assert len(await kept(database)) == len(ALL)
