"""Days pass in milliseconds: changes of clocks, leap days, and years, each to its instant."""

from __future__ import annotations

import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

import pytest

from graph.clock import FixedClock, SystemClock
from graph.times import DAY, instant_text, read_instant
from graph.upkeep.limits import Limits
from tests.generated.kept.defining import saving
from tests.generated.kept.servers import Servers

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from graph.clock import Clock
    from graph.database import Database
    from tests.engine import Running

pytestmark = pytest.mark.engine

STEPS: Final = (*(DAY + 7,) * 8, *(30 * DAY,) * 15)
"""How time goes by: by the day, and then by the month."""
BORN: Final = "2020-01-01T00:00:00.000Z"


def days(unit: str, zone: str, count: int = 0) -> object:
    """Return the definition of those who viewed a page in the current unit, and so many before."""
    window = {"unit": unit, "count": count, "zone": zone, "current": True}
    return {"did": {"event": "Page Viewed", "within": {"calendar": window}}}


def held(length: str) -> object:
    """Return the definition of those who viewed a page within a length of time."""
    return {"did": {"event": "Page Viewed", "within": {"last": length}}}


CASES: Final = {
    # What somebody is in who views a page at an instant, and when that ends.
    "a day of 23 hours": (
        days("DAY", "Europe/Berlin"),
        "2026-03-28T23:30:00.000Z",
        "2026-03-29T22:00:00.000Z",
    ),
    "a day of 25 hours": (
        days("DAY", "Europe/Berlin"),
        "2026-10-24T22:30:00.000Z",
        "2026-10-25T23:00:00.000Z",
    ),
    "a day of 24 and a half": (
        days("DAY", "Australia/Lord_Howe"),
        "2026-04-04T13:30:00.000Z",
        "2026-04-05T13:30:00.000Z",
    ),
    "the day before, too": (
        days("DAY", "America/New_York", 1),
        "2026-11-01T04:30:00.000Z",
        "2026-11-03T05:00:00.000Z",
    ),
    "the contact's own day": (
        days("DAY", "CONTACT"),
        "2026-10-24T22:30:00.000Z",
        "2026-10-25T23:00:00.000Z",
    ),
    "a week over a change": (
        days("WEEK", "Europe/Berlin"),
        "2026-03-25T12:00:00.000Z",
        "2026-03-29T22:00:00.000Z",
    ),
    "24 hours are no day": (
        held("P1D"),
        "2026-03-28T23:30:00.000Z",
        "2026-03-29T23:30:00.000Z",
    ),
    "a leap day": (
        days("DAY", "UTC"),
        "2028-02-29T08:00:00.000Z",
        "2028-03-01T00:00:00.000Z",
    ),
    "the month of a leap day": (
        days("MONTH", "Asia/Kathmandu"),
        "2028-02-01T08:00:00.000Z",
        "2028-02-29T18:15:00.000Z",
    ),
    "a leap year": (
        days("YEAR", "Pacific/Kiritimati"),
        "2028-01-15T08:00:00.000Z",
        "2028-12-31T10:00:00.000Z",
    ),
    "366 days": (
        held("P366D"),
        "2028-02-29T08:00:00.000Z",
        "2029-03-01T08:00:00.000Z",
    ),
}


@asynccontextmanager
async def serving(neo4j: Running, database: Database, clock: Clock) -> AsyncGenerator[Servers]:
    """Serve for as long as the block."""
    servers = Servers(neo4j, database, clock, Limits())
    await servers.start()
    try:
        yield servers
    finally:
        await servers.close()


async def log(database: Database) -> list[tuple[str, bool]]:
    """Return the log of changes: from when on, and whether somebody came in."""
    rows = await database.read(
        "MATCH (c:Change) RETURN c.effective_at AS at, c.entered AS entered ORDER BY c.sequence"
    )
    return [(instant_text(row["at"]), row["entered"]) for row in rows]


async def passed(
    neo4j: Running, database: Database, begin: str, lines: list[dict[str, object]]
) -> list[tuple[str, bool]]:
    """Return the log after more than a year, be it by the day or all at once at rest."""
    logs: list[list[tuple[str, bool]]] = []
    for lengths in (STEPS, (sum(STEPS),)):
        await database.change("MATCH (n) DETACH DELETE n")
        clock = FixedClock(read_instant(begin))
        async with serving(neo4j, database, clock) as servers:
            await servers.tell(lines)
            await servers.settled()
            for length in lengths if lengths is STEPS else ():
                clock.advance(length)
                await servers.settled()
        clock.advance(read_instant(begin) + sum(STEPS) - clock.now())
        async with serving(neo4j, database, clock) as servers:
            await servers.settled()
        logs.append(await log(database))
    assert logs[0] == logs[1]
    return logs[0]


@pytest.mark.parametrize(("where", "at", "left"), CASES.values(), ids=CASES)
async def test_windows_close_by_the_calendar(
    neo4j: Running, database: Database, where: object, at: str, left: str
) -> None:
    """Days are as long as they are where they are asked for; a length of time is always that."""
    lines: list[dict[str, object]] = [
        saving("s", where),
        {"type": "contact", "key": "ann", "at": BORN, "traits": {"zone": "Europe/Berlin"}},
        {"type": "event", "contact": "ann", "event": "Page Viewed", "id": "1", "at": at},
    ]

    assert await passed(neo4j, database, at, lines) == [(at, True), (left, False)]


async def test_whoever_is_born_on_a_leap_day(neo4j: Running, database: Database) -> None:
    """Is so on the day before in other years, by the contact's own days."""
    traits = {"zone": "Europe/Berlin", "born": "1988-02-29"}
    lines: list[dict[str, object]] = [
        saving("s", {"trait": {"name": "born", "is": {"anniversaryInNext": "P1D"}}}),
        {"type": "contact", "key": "ann", "at": BORN, "traits": traits},
    ]

    assert await passed(neo4j, database, "2027-01-28T12:00:00.000Z", lines) == [
        ("2027-02-26T23:00:00.000Z", True),
        ("2027-02-28T23:00:00.000Z", False),
        ("2028-02-27T23:00:00.000Z", True),
        ("2028-02-29T23:00:00.000Z", False),
    ]


@pytest.mark.parametrize("jump", [-3600, 3600])
async def test_a_jump_of_the_wall_clock_closes_no_window(
    neo4j: Running, database: Database, monkeypatch: pytest.MonkeyPatch, jump: int
) -> None:
    """The engine's time goes on nearly as before: a window closes once, when it is time."""
    wall, jumped = time.time, 0
    monkeypatch.setattr(time, "time", lambda: wall() + jumped)
    clock = SystemClock()
    async with serving(neo4j, database, clock) as servers:
        where = {"did": {"event": "Page Viewed", "within": {"last": "PT1S"}}}
        await servers.tell([saving("s", where)])
        await servers.settled()
        viewed, began = clock.now(), time.monotonic()
        at = instant_text(viewed)
        event: dict[str, object] = {"type": "event", "contact": "ann", "event": "Page Viewed"}
        await servers.tell([{**event, "id": "1", "at": at}])
        jumped = jump
        asked = (await servers.writer()).asked
        saved = (await asked.catalogue())["s"]
        seen = [(await asked.members(saved)).as_of]
        while len(await log(database)) == 1:
            seen.append((await asked.members(saved)).as_of)
        took = time.monotonic() - began

    assert await log(database) == [(at, True), (instant_text(viewed + 1000), False)]
    assert took > 1 / 1.1
    assert seen == sorted(seen)
    assert clock.now() - viewed < 3600 * 1000
