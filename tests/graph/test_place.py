"""Places in the log: a cursor of another log is never taken for one of this."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graph import errors, place
from graph.clock import FixedClock
from graph.place import LogPlace, log_places, place_of
from graph.segmentation import Segmentation
from graph.snapshot import settled
from graph.times import DAY
from tests.graph.upkeep.writing import NOW, built, contact, row, writing

if TYPE_CHECKING:
    from graph.database import Database
    from graph.upkeep.writer import Writer

pytestmark = pytest.mark.engine

EVERYBODY = {"not": {"did": {"event": "Page Viewed"}}}
OTHER = "Change 2 is not the one that the cursor is of: it is another log"
PAST = "The log ends at 3, and the cursor is of 99: it is another log"
ANEW = ": read `members` anew, and go on with `changes` without `after`"


async def come(writer: Writer, *keys: str) -> None:
    """Save a segment of everybody, and let contacts come, by a change each."""
    await writer.tell([row(type="segment", key="all", name="All", where=EVERYBODY)])
    await built(writer)
    for key in keys:
        await writer.tell([contact(key)])


async def test_a_log_that_is_grown_anew_is_another(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Past the cursor: by a list of changes, by who follows, and by a replay it is refused."""
    monkeypatch.setattr(place, "_LOOKS", 1)
    asked = Segmentation(database, FixedClock(NOW))
    async with writing(database) as writer:
        await come(writer, "ann", "bob")
        lost = (await asked.changes("all", 10, None)).items[-1][0]
    await database.change("MATCH (node) DETACH DELETE node")
    async with writing(database, clock=FixedClock(NOW + DAY)) as writer:
        await come(writer, "cid", "dan", "eve")
        refused = {OTHER: lost, PAST: LogPlace(99, NOW).cursor}
        for reason, cursor in refused.items():
            with pytest.raises(errors.NoLongerKept) as listed:
                await asked.changes("all", 10, cursor)
            assert (listed.value.message, listed.value.path) == (f"{reason}{ANEW}", ("after",))
            with pytest.raises(errors.NoLongerKept) as replayed:
                await asked.endpoints.replay("none", cursor)
            assert replayed.value.message == f"{reason}: replay without `after` tells of all"
        with pytest.raises(errors.NoLongerKept) as followed:
            await writer.feed.check(place_of(lost))
        page = await asked.changes("all", 10, None)
        rest = await asked.changes("all", 10, page.items[1][0])
        whole = await asked.changes("all", 10, LogPlace(0).cursor)

    assert followed.value.message == OTHER
    assert place_of(lost).sequence == 2
    assert rest.items == page.items[2:]
    assert whole == page


async def test_a_place_has_one_cursor(database: Database) -> None:
    """By its number, by its change, and where members stand; none but its number once deleted."""
    async with writing(database) as writer:
        await come(writer, "ann", "bob")
        found = await settled(database, "all")
        page = await Segmentation(database, FixedClock(NOW)).changes("all", 10, None)
        places = await log_places(database, [2, 1, 0])
        await database.change("MATCH (change:Change {sequence: 1}) DELETE change")
        assert await log_places(database, [1]) == [LogPlace(1)]

    assert found.place.cursor == places[0].cursor == page.items[1][0]
    assert places == [LogPlace(2, NOW), LogPlace(1, NOW), LogPlace(0)]
