"""Time does not go back between runs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from graph import errors
from graph.catalogue import SegmentStatus
from graph.clock import FixedClock
from graph.segmentation import Segmentation
from graph.times import DAY, instant_text
from graph.upkeep.kept import reset_clock
from graph.upkeep.owner import claim
from tests.graph.upkeep.test_turns import save
from tests.graph.upkeep.writing import NOW, built, event, owner, row, writing

if TYPE_CHECKING:
    from graph.database import Database

pytestmark = pytest.mark.engine


async def test_a_clock_a_minute_behind_is_taken(database: Database) -> None:
    """So much may two machines differ."""
    async with writing(database) as writer:
        await writer.tell([event("ann", "1")])

    await Segmentation(database, FixedClock(NOW - 60_000)).prepare()


async def test_time_goes_on_from_the_run_before(database: Database) -> None:
    """A server whose clock is behind by so much writes nothing at instants that were already."""
    async with writing(database) as writer:
        await writer.tell([event("ann", "1")])
    clock = FixedClock(NOW - 60_000)
    async with writing(database, clock=clock) as writer:
        await writer.tell([event("ann", "2")])

    assert clock.now() == NOW
    assert (await owner(database))["clock"] == NOW


async def test_a_sign_of_life_is_never_of_an_earlier_instant(database: Database) -> None:
    """It may have waited for a commit that was of a later one; what is not known yet stays."""
    mine = await claim(database, force=True)
    assert mine is not None
    await mine.beat(database, NOW, None)
    assert "as_of" not in await owner(database)
    for now, as_of in ((NOW, NOW - 1), (NOW - 5, NOW - 9), (NOW - 5, None)):
        await mine.beat(database, now, as_of)
        kept = await owner(database)
        assert (kept["clock"], kept["as_of"]) == (NOW, NOW - 1)
    await mine.beat(database, NOW + 2, NOW + 1)
    kept = await owner(database)
    assert (kept["clock"], kept["as_of"]) == (NOW + 2, NOW + 1)


async def test_a_clock_further_behind_is_refused(database: Database) -> None:
    """Both instants are named, and the way out; once that is taken the server starts.

    Who was judged at a later instant is judged anew: segments are filled again.
    """
    where = {"did": {"event": "Page Viewed"}}
    async with writing(database) as writer:
        await writer.tell([event("ann", "1"), row(type="segment", key="s", name="S", where=where)])
        await built(writer)
    late = Segmentation(database, FixedClock(NOW - 60_001))

    with pytest.raises(errors.ClockBehind) as caught:
        await late.prepare()
    forgotten = await reset_clock(database)
    await late.prepare()

    assert caught.value.message == (
        "The graph was last written at 2026-03-10T12:00:00.000Z, and the clock stands at "
        "2026-03-10T11:58:59.999Z, more than a minute before: set the machine's clock, or "
        "--clock, right; or let time begin anew with `segraph doctor --reset-clock`"
    )
    assert forgotten == NOW
    assert "clock" not in await owner(database)
    (segment,) = await database.read("MATCH (s:Segment) RETURN s.filled AS filled")
    assert segment["filled"] == ""
    assert await reset_clock(database) is None


async def test_an_empty_graph_keeps_no_clock(database: Database) -> None:
    """There is nothing to forget where nothing was written."""
    await Segmentation(database, FixedClock(0)).prepare()

    assert await reset_clock(database) is None


async def test_what_was_recorded_stays_while_an_edit_is_built(database: Database) -> None:
    """Members and sizes before it are those of then; since it, members are by the definition."""
    clock = FixedClock(NOW - DAY)
    asked = Segmentation(database, clock)
    async with writing(database, clock=clock) as writer:
        await save(writer, "s", {"did": {"event": "Page Viewed"}})
        await writer.tell([event("ann", "1", at=instant_text(NOW - DAY))])
        clock.advance(DAY)
        await save(writer, "s", {"did": {"event": "Read"}})
        live = await asked.sizes((await asked.catalogue())["s"], NOW - DAY, None, "PT12H")
    await database.change("MATCH (s:Segment) SET s.filled = '', s.at = $at", at=NOW)
    asked = Segmentation(database, clock)  # that was no commit, after which it would read again
    building = (await asked.catalogue())["s"]
    then = await asked.members(building, NOW - DAY)
    now = await asked.members(building)
    sizes = await asked.sizes(building, NOW - DAY, None, "PT12H")
    first = await asked.sizes(
        replace(building, first=True, kept_until=None), NOW - DAY, None, "PT12H"
    )

    assert [each.members for each in live] == [1, 1, 0]
    assert building.status is SegmentStatus.BUILDING
    assert [each.key for _, each in (await then.members(10, None)).items] == ["ann"]
    assert await now.count() == 0
    assert sizes == live[:2]
    assert first == []
