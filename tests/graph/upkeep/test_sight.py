"""Segments that look past one contact are judged, however many others all of them have together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

import pytest

from graph import errors
from graph.clock import FixedClock
from graph.database import Database
from graph.subjects import COLLEAGUES, Most
from graph.times import DAY
from graph.upkeep import sight
from tests.graph.upkeep.writing import NOW, built, contact, event, row, until, writing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import LiteralString

    from graph.database import Row, Statement
    from graph.upkeep.writer import Writer
    from tests.engine import Running

pytestmark = pytest.mark.engine

VIEWED: Final = {"did": {"event": "Page Viewed", "within": {"last": "P1D"}}}
WITH: Final = {"colleagues": {"who": VIEWED}}
POPULAR: Final = {
    "did": {
        "event": "Page Viewed",
        "about": {
            "content": {"popularWith": {"event": "Page Viewed", "atLeast": 2, "who": VIEWED}}
        },
    }
}
ACCOUNTS: Final = {"a": ["a1", "a2", "a3"], "b": ["b1", "b2", "b3"], "c": ["c1", "c2", "c3"]}


async def save(writer: Writer, **definitions: object) -> Mapping[str, str | None]:
    """Save segments at once; return once they are built or failed, with the reasons."""
    await writer.tell(
        [row(type="segment", key=key, name=key, where=where) for key, where in definitions.items()]
    )

    async def done() -> bool:
        """Tell whether each is built or failed."""
        known = writer.catalogue
        return known is not None and all(
            each.filled is None or each.failure is not None for each in known.values()
        )

    await until(done)
    return {key: each.failure for key, each in (writer.catalogue or {}).items()}


async def members(database: Database) -> set[tuple[str, str]]:
    """Return who is in which segment."""
    rows = await database.read(
        "MATCH (c:Contact)-[of:MEMBER_OF]->() RETURN of.segment AS segment, c.key AS contact"
    )
    return {(each["segment"], each["contact"]) for each in rows}


async def tell(writer: Writer) -> None:
    """Tell of three contacts of each of three accounts, the first of whom viewed a page."""
    for account, keys in ACCOUNTS.items():
        await writer.tell([contact(key, accounts=[account]) for key in keys])
        await writer.tell([event(keys[0], "1", about={"content": f"/{account}"})])


@pytest.mark.parametrize("turn", [250, 2])
async def test_the_limit_is_for_each_contact(
    database: Database, monkeypatch: pytest.MonkeyPatch, turn: int
) -> None:
    """As they are filled, as others are told of, and as time passes, in and between turns."""
    monkeypatch.setattr(sight, "KEPT", Most(3, 1000))
    for module in ("members", "turns"):
        monkeypatch.setattr(f"graph.upkeep.{module}.TURN", turn)
    clock = FixedClock(NOW)
    async with writing(database, clock=clock) as writer:
        await tell(writer)
        failures = await save(writer, colleagues=WITH)
        filled = await members(database)
        await writer.tell([event(keys[1], "1") for keys in ACCOUNTS.values()])
        told = await members(database)
        clock.advance(2 * DAY)

        async def left() -> bool:
            """Tell whether all have left."""
            return not await members(database)

        await until(left)
        known = await built(writer)

    assert failures == {"colleagues": None}
    assert filled == {("colleagues", key) for keys in ACCOUNTS.values() for key in keys[1:]}
    assert told == {("colleagues", key) for keys in ACCOUNTS.values() for key in keys}
    assert known["colleagues"].failure is None


async def test_what_is_told_passes_the_time_of_many(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Contacts that are overdue, all in one batch, see too many others together."""
    monkeypatch.setattr(sight, "KEPT", Most(3, 1000))
    clock = FixedClock(NOW)
    async with writing(database, clock=clock) as writer:
        await tell(writer)
        await save(writer, colleagues=WITH)
        clock.advance(2 * DAY)
        everybody = [key for keys in ACCOUNTS.values() for key in keys]
        await writer.tell([contact(key, traits={"plan": "pro"}) for key in everybody])
        failures = {key: each.failure for key, each in (await built(writer)).items()}

        assert await members(database) == set()
    assert failures == {"colleagues": None}


async def test_only_what_looks_at_too_many_for_one_fails(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Others that were asked of the same contacts, even of that one, are kept."""
    monkeypatch.setattr(sight, "KEPT", Most(3, 1000))
    async with writing(database) as writer:
        await tell(writer)
        await writer.tell([event("b1", "2", about={"content": "/a"})])
        await writer.tell([contact(f"d{number}", accounts=["a"]) for number in range(5)])
        failures = await save(writer, colleagues=WITH, popular=POPULAR, viewed=VIEWED)
        kept = {each for each in await members(database) if each[0] != "colleagues"}

    assert failures == {
        "colleagues": "What it looks at of others: The condition looks at more than 3 other "
        "contacts, or 1,000 events of theirs: narrow it, or ask `audience` who meets it",
        "popular": None,
        "viewed": None,
    }
    assert kept == {
        ("popular", "a1"),
        ("popular", "b1"),
        ("viewed", "a1"),
        ("viewed", "b1"),
        ("viewed", "c1"),
    }


class Slow(Database):
    """A graph that takes too long to tell the colleagues of several, or of these."""

    slow: frozenset[str] = frozenset()
    asked = 0

    async def read(
        self, statement: Statement | LiteralString, /, deadline: float = 30.0, **parameters: object
    ) -> list[Row]:
        """Read, unless it takes too long."""
        if statement == COLLEAGUES:
            keys = cast("list[str]", parameters["keys"])
            self.asked += 1
            if len(keys) > 1 or not self.slow.isdisjoint(keys):
                raise errors.GraphTooSlow("30 s")
        return await super().read(statement, deadline, **parameters)


@pytest.mark.parametrize("slow", [(), ("b2",)], ids=["of several", "of one"])
async def test_what_is_slow_to_look_at_does_not_stop_the_writer(
    database: Database, neo4j: Running, slow: tuple[str, ...]
) -> None:
    """It is looked at for fewer at once, and fails where it is too slow for one."""
    async with Slow(neo4j.address, neo4j.user, neo4j.password) as graph, writing(graph) as writer:
        graph.slow = frozenset(slow)
        await tell(writer)
        failures = await save(writer, colleagues=WITH, viewed=VIEWED)
        await writer.tell([event("a2", "1")])
        found = await members(database)

        assert writer.refusal is None
        assert graph.asked < 40
    assert failures["viewed"] is None
    assert ("viewed", "a2") in found
    if slow:
        assert failures["colleagues"] == "What it looks at of others: 30 s"
    else:
        assert failures["colleagues"] is None
        assert {key for segment, key in found if segment == "colleagues"} == {
            key for keys in ACCOUNTS.values() for key in keys[1:]
        } | {"a1"}
