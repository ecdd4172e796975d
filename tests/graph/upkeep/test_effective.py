"""From when on a change is so: since it is true by all that is known, in whatever order told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from graph.clock import FixedClock
from graph.times import DAY, HOUR, MINUTE, instant_text
from tests.graph.upkeep.test_overdue import lately, log, rested
from tests.graph.upkeep.test_turns import save
from tests.graph.upkeep.writing import NOW, contact, event, writing

if TYPE_CHECKING:
    from graph.database import Database
    from graph.upkeep.draft import Row

engine = pytest.mark.engine

DUE: Final = NOW - 30
"""When a window of a day closes: as long before the commit as one lasts."""
AT: Final = DUE - DAY
Log = list[tuple[str, str, bool, int, str]]


def viewed(id: str, at: int, name: str = "Page Viewed") -> Row:  # noqa: A002 - as an event's
    """Return an event of ann at an instant."""
    return event("ann", id, name, at=instant_text(at))


def pro(at: int) -> Row:
    """Return that ann has a plan from an instant on."""
    return contact("ann", at=instant_text(at), traits={"plan": "pro"})


THREE: Final = {"did": {"event": "Page Viewed", "atLeast": 3}}
KNOWN: Final = (viewed("1", NOW - 4 * HOUR), viewed("2", NOW - 2 * HOUR))
LATE: Final = viewed("3", NOW - 3 * HOUR)
STEPS: Final = [{"event": "Page Viewed"}, {"event": "Read"}]
IS_PRO: Final = {"trait": {"name": "plan", "is": {"eq": "pro"}}}
AS_IT_BECAME: Final[dict[str, tuple[object, tuple[Row, ...], tuple[Row, ...], int]]] = {
    "late, and not yet enough": (THREE, KNOWN, (LATE,), NOW - 2 * HOUR),
    "beside something else": (
        THREE,
        KNOWN[:1],
        (LATE, KNOWN[1], viewed("4", NOW - MINUTE, "Read")),
        NOW - 2 * HOUR,
    ),
    "all at once": (THREE, (), (*KNOWN, LATE, viewed("4", NOW - HOUR)), NOW - 2 * HOUR),
    "again, in a window that closed between": (
        {"did": {"event": "Page Viewed", "atLeast": 2, "within": {"last": "PT1H"}}},
        (),
        tuple(viewed(str(at), NOW - at * MINUTE) for at in (190, 180, 170, 40, 30, 20)),
        NOW - 30 * MINUTE,
    ),
    "no more, since a window closed": (
        {"did": {"event": "Page Viewed", "exactly": 1, "within": {"last": "PT3H"}}},
        (viewed("1", NOW - 2 * HOUR),),
        (viewed("2", NOW - 3 * HOUR + MINUTE),),
        NOW - 2 * HOUR,
    ),
    "what is not counted": (
        {"sequence": {"steps": STEPS}},
        (viewed("2", NOW - 2 * HOUR, "Read"),),
        (viewed("1", NOW - 3 * HOUR), viewed("3", NOW - MINUTE)),
        NOW - 2 * HOUR,
    ),
    "a trait and an event": (
        {"all": [IS_PRO, {"did": {"event": "Read"}}]},
        (contact("ann", at=instant_text(NOW - DAY)),),
        (pro(NOW - 3 * HOUR), viewed("2", NOW - 2 * HOUR, "Read")),
        NOW - 2 * HOUR,
    ),
    "a trait told late": (
        {"all": [IS_PRO, {"did": {"event": "Read"}}]},
        (viewed("2", NOW - 2 * HOUR, "Read"),),
        (pro(NOW - HOUR),),
        NOW - HOUR,
    ),
}


@engine
@pytest.mark.parametrize(("where", "known", "told", "at"), AS_IT_BECAME.values(), ids=AS_IT_BECAME)
async def test_it_is_so_since_it_is_true(
    database: Database, where: object, known: tuple[Row, ...], told: tuple[Row, ...], at: int
) -> None:
    """Not since the newest of what was told, and whatever else was told with it."""
    async with writing(database) as writer:
        await save(writer, "s", where)
        if known:
            await writer.tell(known)
        await writer.tell(told)

    assert [each[3] for each in await log(database)][-1] == at


@engine
@pytest.mark.parametrize("at", [DUE - 10, DUE], ids=["before", "just then"])
@pytest.mark.parametrize("where", [lately("P1D"), {"not": {"not": lately("P1D")}}])
async def test_nobody_leaves_for_an_event_that_is_on_its_way(
    database: Database, where: object, at: int
) -> None:
    """It happened while the window was open, or as it closed, and is committed a little later."""
    told = await _late(database, where, [viewed("2", at)])

    assert told == []


@engine
async def test_who_did_leave_comes_back(database: Database) -> None:
    """The event is of after the window closed."""
    told = await _late(database, lately("P1D"), [viewed("2", DUE + 10)])

    assert told == [("s", "ann", False, DUE, "TIME"), ("s", "ann", True, DUE + 10, "EVENT")]


@engine
async def test_what_falls_due_between_two_events_is_in_order(database: Database) -> None:
    """Of the event before it nothing comes, and of the one after it that somebody comes back."""
    events = [viewed("2", DUE - 5, "Read"), viewed("3", DUE + 10)]
    told = await _late(database, lately("P1D"), events)

    assert [each[:4] for each in told] == [
        (
            "s",
            "ann",
            False,
            DUE,
        ),
        ("s", "ann", True, DUE + 10),
    ]


@engine
@pytest.mark.parametrize(
    "where",
    [
        {"colleagues": {"who": lately("P1D")}},
        {"any": [{"colleagues": {"who": IS_PRO}}, lately("P1D")]},
    ],
    ids=["a colleague", "oneself"],
)
async def test_nor_does_who_has_colleagues(database: Database, where: object) -> None:
    """What is looked at past one contact is looked at as it then is."""
    clock = FixedClock(NOW - DAY)
    async with writing(database, clock=clock) as writer:
        there = instant_text(AT)
        await writer.tell([contact(key, at=there, accounts=["acme"]) for key in ("ann", "bob")])
        await save(writer, "s", where)
        await writer.tell([viewed("1", AT)])
        before = len(await log(database))
        clock.advance(DAY)
        await writer.tell([viewed("2", DUE - 10)])
        await rested(writer, clock)

    assert before == 1
    assert (await log(database))[before:] == []


async def _late(database: Database, where: object, events: list[Row]) -> Log:
    """Return what came to the log when events of ann, a member, are told after a window closed."""
    clock = FixedClock(NOW - DAY)
    async with writing(database, clock=clock) as writer:
        await save(writer, "s", where)
        await writer.tell([viewed("1", AT)])
        before = len(await log(database))
        clock.advance(DAY)
        await writer.tell(events)
        await rested(writer, clock)
    assert before == 1
    return (await log(database))[before:]
