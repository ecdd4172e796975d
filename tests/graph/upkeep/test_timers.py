"""Contacts in the order in which they are due: held a part at a time, the graph has all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graph.changes import Cause
from graph.subject import NEVER
from graph.upkeep import timers as upkeep
from graph.upkeep.timers import Timers

if TYPE_CHECKING:
    from graph.database import Database

pytestmark = pytest.mark.engine


async def due(database: Database, **dues: int) -> None:
    """Write when contacts are due."""
    await database.change(
        "UNWIND $lists.rows AS row MERGE (c:Contact {key: row[0]}) SET c._due = row[1]",
        rows=[list(each) for each in dues.items()],
    )


async def test_they_come_in_order(database: Database) -> None:
    """Those due up to an instant, the first ones first, and no more than asked."""
    await due(database, ann=3, bob=1, cyd=2, dan=9)
    timers = Timers()
    await timers.refill(database)

    assert timers.next() == 1
    assert timers.due(3, 10) == [(1, "bob"), (2, "cyd"), (3, "ann")]
    assert timers.due(9, 2) == [(1, "bob"), (2, "cyd")]


async def test_the_newest_note_counts(database: Database) -> None:
    """A contact that is due at another instant, or never, is not due at the former."""
    await due(database, ann=1, bob=2)
    timers = Timers()
    await timers.refill(database)
    timers.arm("ann", 5)
    timers.arm("bob", None)
    timers.arm("cyd", 4)

    assert timers.due(9, 10) == [(4, "cyd"), (5, "ann")]


async def test_what_is_worked_off_makes_room(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With more due than are held, all are found in the end, equal instants too."""
    monkeypatch.setattr(upkeep, "HELD", 3)
    keys = [f"c{number}" for number in range(10)]
    await due(database, **{key: 1 + number // 4 for number, key in enumerate(keys)})
    timers = Timers()
    worked_off: list[str] = []
    while timers.exhausted:
        await timers.refill(database)
        for _, key in timers.due(9, 10):
            await database.change("MATCH (c:Contact {key: $key}) REMOVE c._due", key=key)
            timers.arm(key, None)
            worked_off.append(key)

    assert sorted(worked_off) == keys
    assert timers.next() is None


async def test_who_is_not_held_may_be_due(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is taken to be worked off who is not held yet, nor while all is read anew."""
    monkeypatch.setattr(upkeep, "HELD", 2)
    await due(database, ann=1, bob=2, cyd=2, dan=9)
    timers = Timers()
    await timers.refill(database)
    firsts = [timers.first()]
    for key in ("ann", "bob"):
        timers.arm(key, None)
        firsts.append(timers.first())
    timers.forget()

    assert [*firsts, timers.first()] == [1, 2, 2, 2]
    assert timers.unheld == 2


async def test_a_mark_is_later_than_what_is_due_before(database: Database) -> None:
    """For what is told of another nobody is due later than before; both instants are known."""
    await due(database, ann=3, bob=9)
    timers = Timers()
    await timers.refill(database)
    timers.hasten("ann", 5, Cause.EVENT)
    timers.hasten("bob", 5, Cause.TRAIT)

    assert timers.due(9, 10) == [(3, "ann"), (5, "bob")]
    assert (timers.mark("ann"), timers.mark("bob")) == ((5, Cause.EVENT), (5, Cause.TRAIT))
    timers.arm("bob", None)
    assert timers.marks(9) == [(5, "ann")]
    timers.arm("ann", 7)
    assert timers.marks(9) == []
    assert timers.mark("ann")[0] == NEVER
