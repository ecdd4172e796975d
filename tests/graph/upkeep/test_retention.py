"""What is too old is deleted in turns, but what a saved definition still looks at."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final

import pytest

from graph import conditions, errors
from graph.clock import FixedClock
from graph.database import Statement
from graph.segmentation import Segmentation
from graph.times import DAY, HOUR, instant_text
from graph.upkeep import retention
from graph.upkeep.limits import Limits
from graph.upkeep.outcome import Refused
from graph.upkeep.registry import read_registry
from graph.verify import verify
from tests.generated.plans import explained
from tests.graph.upkeep.writing import NOW, built, event, row, stored, until, writing

if TYPE_CHECKING:
    from graph.database import Database
    from graph.upkeep.draft import Row
    from graph.upkeep.writer import Writer

pytestmark = pytest.mark.engine

LATELY: Final = {"did": {"event": "Viewed", "within": {"last": "P7D"}}}
EVER: Final = {"did": {"event": "Viewed"}}
KEPT: Final = Limits(keep_events=10 * DAY)


def viewed(contact: str, days: float, name: str = "Viewed") -> Row:
    """Return an event of so many days ago."""
    at = instant_text(NOW - int(days * DAY))
    return event(contact, f"{name} {days}", name, at=at)


async def save(writer: Writer, key: str, where: object) -> None:
    """Save a segment and wait until its members are kept."""
    await writer.tell([row(type="segment", key=key, name=key, where=where)])
    await built(writer)


async def ids(database: Database) -> set[tuple[str, str]]:
    """Return the events that there are, by contact and id."""
    return set(await stored(database))


async def rested(database: Database, number: int) -> None:
    """Wait until so many events are left."""

    async def done() -> bool:
        """Tell whether they are."""
        return len(await stored(database)) == number

    await until(done)


async def test_old_events_are_deleted(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of all kinds, a bounded number in a commit, between others; counts are less by them."""
    monkeypatch.setattr("graph.upkeep.retention.AT_ONCE", 3)
    old = [viewed(f"c{n % 3}", 11 + n) for n in range(8)] + [viewed("c1", 12, "Read")]
    async with writing(database) as writer:
        await writer.tell([*old, viewed("c0", 1), viewed("c9", 10)])
    async with writing(database, KEPT) as writer:
        await save(writer, "lately", LATELY)
        await rested(database, 2)
        kinds = writer.registry.kinds  # pyright: ignore[reportOptionalMemberAccess]
        assert (await verify(database)).differences == []

    assert await ids(database) == {("c0", "Viewed 1"), ("c9", "Viewed 10")}
    kept = (await read_registry(database)).kinds
    assert kept == kinds
    assert (kept["Viewed"].count, kept["Viewed"].first_at) == (2, NOW - 10 * DAY)
    assert (kept["Read"].count, kept["Read"].first_at) == (0, None)


async def test_time_goes_on(database: Database) -> None:
    """What gets too old is deleted by and by, without anything being told."""
    clock = FixedClock(NOW)
    async with writing(database, KEPT, clock=clock) as writer:
        await writer.tell([viewed("ann", 9.5), viewed("ann", 1)])
        clock.advance(DAY)
        await rested(database, 1)

    assert await ids(database) == {("ann", "Viewed 1")}


async def test_what_a_segment_looks_at_is_kept(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """Of the kinds that it names, as far back as it looks; it is named, and members stay."""
    caplog.set_level(logging.WARNING, "graph.upkeep.retention")
    month = {"did": {"event": "Read", "within": {"last": "P30D"}}}
    told = [viewed("ann", 400), viewed("bob", 20, "Read"), viewed("cyd", 31, "Read")]
    async with writing(database) as writer:
        await writer.tell([*told, viewed("dan", 20, "Left")])
        await save(writer, "ever", EVER)
        await save(writer, "month", month)
    clock = FixedClock(NOW)
    async with writing(database, KEPT, clock=clock) as writer:
        await rested(database, 2)
        clock.advance(11 * DAY)
        await rested(database, 1)
        assert (await verify(database)).differences == []
        await writer.tell([row(type="segment", key="ever", name="E", where=EVER, archived=True)])
        clock.advance(HOUR)
        await rested(database, 0)

    named = [each.message for each in caplog.records if each.name.endswith("retention")]
    since = instant_text(NOW - 30 * DAY + 1)
    assert named == [
        "events are kept for longer: 'ever' looks at events 'Viewed' of all time",
        f"events are kept for longer: 'month' looks at events 'Read' since {since}",
    ]


async def test_what_comes_too_late_is_refused(database: Database) -> None:
    """What was deleted is not counted twice; what is stored still is a duplicate."""
    clock = FixedClock(NOW)
    async with writing(database, KEPT, clock=clock) as writer:
        await save(writer, "ever", {"did": {"event": "Read"}})
        first = await writer.tell([viewed("ann", 9.5), viewed("ann", 9.5, "Read")])
        clock.advance(DAY)
        await rested(database, 1)
        refused, known = await writer.tell([viewed("ann", 9.5), viewed("ann", 9.5, "Read")])

    assert [str(each) for each in first] == ["Done.ACCEPTED"] * 2
    assert str(known) == "Done.DUPLICATE"
    assert isinstance(refused, Refused)
    assert (refused.code, refused.path) == ("TOO_OLD", ("at",))
    assert refused.message == (
        "The event happened at 2026-03-01T00:00:00.000Z, and events are kept only since "
        "2026-03-01T12:00:00.000Z: leave it out, or let them be kept for longer by "
        "SEGRAPH_KEEP_EVENTS"
    )


async def test_a_segment_saved_later_is_filled_from_what_is_kept(database: Database) -> None:
    """What lies in memory of deleted events counts no more than in the graph."""
    clock = FixedClock(NOW)
    async with writing(database, KEPT, clock=clock) as writer:
        await save(writer, "lately", LATELY)
        await writer.tell([viewed("ann", 9.5), viewed("bob", 1)])
        clock.advance(DAY)
        await rested(database, 1)
        await save(writer, "ever", EVER)
        found = await verify(database)

    assert (found.members, found.differences) == (2, [])


async def log(database: Database) -> list[Any]:
    """Return the numbers of the changes that there are."""
    rows = await database.read("MATCH (c:Change) RETURN c.sequence AS n ORDER BY n")
    return [each["n"] for each in rows]


async def logged(database: Database, numbers: list[int]) -> None:
    """Wait until the log has just these changes."""

    async def done() -> bool:
        """Tell whether it has."""
        return await log(database) == numbers

    await until(done)


async def test_old_changes_are_deleted(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """In their order; a cursor from before is refused with the way out, and one of later is not."""
    monkeypatch.setattr("graph.upkeep.retention.AT_ONCE", 2)
    clock = FixedClock(NOW)
    asked = Segmentation(database, clock)
    async with writing(database, Limits(keep_changes=30 * DAY), clock=clock) as writer:
        await save(writer, "lately", LATELY)
        await writer.tell([viewed("ann", 1), viewed("bob", 2), viewed("cyd", 3)])
        page = await asked.changes("lately", 3, None)
        clock.advance(20 * DAY)
        await logged(database, [1, 2, 3, 4, 5, 6])
        clock.advance(11 * DAY)
        await logged(database, [4, 5, 6])
        refused: list[tuple[str, errors.Path]] = []
        for cursor, _ in page.items[:2]:
            with pytest.raises(errors.NoLongerKept) as caught:
                await asked.changes("lately", 2, cursor)
            refused.append((caught.value.message, caught.value.path))
        rest = await asked.changes("lately", 10, None)
        after = await asked.changes("lately", 10, page.items[2][0])
        assert (await verify(database)).differences == []

    since = instant_text(NOW + DAY)
    message = (
        f"The log is kept since {since}, and the cursor is from before: read `members` anew, and "
        "go on with `changes` without `after`, from the oldest that is kept"
    )
    assert refused == [(message, ("after",))] * 2
    assert [each.sequence for _, each in rest.items] == [4, 5, 6]
    assert after == rest


async def test_what_was_long_ago_is_refused(database: Database) -> None:
    """Members at an instant, and sizes since one, before what is kept of the log."""
    clock = FixedClock(NOW)
    asked = Segmentation(database, clock)
    async with writing(database, Limits(keep_changes=30 * DAY), clock=clock) as writer:
        await save(writer, "lately", LATELY)
        await writer.tell([viewed("ann", 1)])
        saved = (await asked.catalogue())["lately"]
        clock.advance(31 * DAY)
        await logged(database, [2])
        then = await asked.members(saved, NOW)
        with pytest.raises(errors.NoLongerKept) as members:
            await then.members(10, None)
        with pytest.raises(errors.NoLongerKept) as sizes:
            await asked.sizes(saved, NOW, None, "P1D")
        points = await asked.sizes(saved, NOW + DAY, None, "P10D")

    since = instant_text(NOW + DAY)
    message = (
        f"Who was in it is kept since {since}: ask for an instant from then on, or ask `audience` "
        "who met its definition at that one"
    )
    assert (members.value.message, sizes.value.message) == (message, message)
    assert (members.value.path, sizes.value.path) == (("at",), ("since",))
    assert [each.members for each in points] == [1, 0, 0, 0]


async def test_stays_that_ended_long_ago_go_with_the_log(database: Database) -> None:
    """But for the newest of each contact, before whose end no later one begins."""
    clock = FixedClock(NOW - 30 * DAY)
    async with writing(database, Limits(keep_changes=30 * DAY), clock=clock) as writer:
        await save(writer, "lately", LATELY)
        for turn in range(3):
            at = instant_text(clock.now())
            await writer.tell([event("ann", str(turn), "Viewed", at=at)])
            clock.advance(10 * DAY)
        await logged(database, [1, 2, 3, 4, 5, 6])
        clock.advance(100 * DAY)
        await logged(database, [])
        rows = await database.read("MATCH ()-[was:WAS_MEMBER]->() RETURN was.until AS until")

    assert [each["until"] for each in rows] == [NOW - 3 * DAY]


async def test_who_looks_too_far_is_warned(database: Database) -> None:
    """Where events are kept for a time only; with the kinds, and which window is short enough."""
    asked = Segmentation(database, FixedClock(NOW), KEPT)
    await asked.prepare()
    far = conditions.read({"all": [EVER, LATELY, {"did": {"event": "Read"}}]})
    near = conditions.read(LATELY)

    told = [
        each
        for condition in (far, near)
        for each in await asked.warnings(await asked.audience(condition))
        if each.code == "NOT_ALL_KEPT"
    ]

    (one,) = told
    assert one.fix == "Give each part a window of at most P10D"
    assert one.message == (
        "It looks further back at 'Read', 'Viewed' than events are kept, which is P10D: what is "
        "deleted already is not found; while a saved segment asks so, no more of it is deleted"
    )


async def test_the_oldest_are_found_by_their_index(database: Database) -> None:
    """However many there are of a kind, only those are looked at that are deleted."""
    async with writing(database) as writer:
        await writer.tell([viewed("ann", 1)])
        for each in (retention.expired_of("VIEWED"), retention.first_of("VIEWED")):
            plan = await explained(database, Statement(each))
            assert [name for name, _ in plan.starts] == ["DirectedRelationshipIndexSeekByRange"]
            assert "Sort" not in {name for name, _ in plan.operators}
