"""Contacts and things are deleted with their events; members are right before it is answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from graph.clock import FixedClock
from graph.database import Database
from graph.ingest.removals import Removal
from graph.times import HOUR
from graph.upkeep.registry import read_registry
from graph.verify import verify
from tests.graph.upkeep.writing import (
    NOW,
    built,
    codes,
    contact,
    event,
    owner,
    row,
    stored,
    writing,
)
from tests.proxy import Proxy

if TYPE_CHECKING:
    from graph.upkeep.draft import Row
    from graph.upkeep.writer import Writer
    from tests.engine import Running

pytestmark = pytest.mark.engine

VIEWED: Final = {"did": {"event": "Page Viewed"}}
PRICING: Final = {"did": {"event": "Page Viewed", "about": {"content": {"topic": "pricing"}}}}
SEGMENTS: Final = {
    "viewed": VIEWED,
    "twice": {"did": {"event": "Page Viewed", "atLeast": 2}},
    "pricing": PRICING,
    "colleague": {"colleagues": {"who": VIEWED}},
    "lonely": {"not": {"colleagues": {"who": VIEWED}}},
    "popular": {
        "did": {
            "about": {
                "content": {
                    "popularWith": {"event": "Page Viewed", "atLeast": 2, "who": {"not": PRICING}}
                }
            }
        }
    },
    "second hand": {"colleagues": {"who": {"colleagues": {"who": VIEWED}}}},
}
WORLD: Final = (
    row(type="content", key="/p", topics=["pricing"]),
    contact("ann", accounts=["acme"], traits={"plan": "pro"}),
    contact("bob", accounts=["acme", "far"], traits={"plan": "free", "city": "Ulm"}),
    contact("cyd", accounts=["far"]),
    event("ann", "1", about={"content": "/p"}),
    event("ann", "2", about={"content": "/q"}),
    event("bob", "1", about={"content": "/p"}),
    event("cyd", "1", "Read", about={"content": "/q"}),
    event("dan", "1", about={"content": "/q"}),
    event("dan", "2", about={"feature": "export"}),
)


def gone(*keys: str, label: str = "Contact") -> list[Row]:
    """Return what is to be deleted."""
    return [Removal(label, key) for key in keys]


async def loaded(writer: Writer) -> None:
    """Tell of the world, and save segments of each sort on it."""
    await writer.tell(WORLD)
    saved = [row(type="segment", key=k, name=k, where=where) for k, where in SEGMENTS.items()]
    await writer.tell(saved)
    await built(writer)


async def members(database: Database) -> set[tuple[str, str]]:
    """Return who is in which segment."""
    rows = await database.read("MATCH (c:Contact)-[:MEMBER_OF]->(s) RETURN s.key AS s, c.key AS c")
    return {(each["s"], each["c"]) for each in rows}


async def log(database: Database) -> list[Any]:
    """Return the log in its order."""
    rows = await database.read("MATCH (c:Change) RETURN properties(c) AS c ORDER BY c.sequence")
    return [each["c"] for each in rows]


def replayed(changes: list[Any]) -> set[tuple[str, str]]:
    """Return who is in which segment by the log: no gap, nothing twice, never back in time."""
    found = set[tuple[str, str]]()
    last = dict[tuple[str, str], int]()
    assert [each["sequence"] for each in changes] == list(range(1, len(changes) + 1))
    for each in changes:
        stay = (each["segment"], each["contact"])
        assert (stay in found) is not each["entered"]
        assert last.get(stay, each["effective_at"]) <= each["effective_at"] <= each["detected_at"]
        last[stay] = each["effective_at"]
        (found.add if each["entered"] else found.remove)(stay)
    return found


async def right(database: Database) -> list[Any]:
    """Check that members, log and sizes are as the definitions say; return the log."""
    changes = await log(database)
    assert (await verify(database)).differences == []
    assert replayed(changes) == await members(database)
    return changes


DELETED: Final = {
    "a contact": gone("ann"),
    "several contacts": gone("ann", "dan", "cyd"),
    "a colleague": gone("bob"),
    "a content": gone("/p", label="Content"),
    "another content": gone("/q", label="Content"),
    "a feature": gone("export", label="Feature"),
}


@pytest.mark.parametrize("rows", DELETED.values(), ids=DELETED)
async def test_members_are_right_afterwards(database: Database, rows: list[Row]) -> None:
    """Of each sort of segment, by Cypher, by the log replayed, and by the sizes."""
    async with writing(database) as writer:
        await loaded(writer)
        before = await log(database)
        answered = codes(await writer.tell(rows))
        changes = await right(database)
        await writer.tell([event("eve", "1", about={"content": "/p"}), event("bob", "9")])
        await right(database)

    assert answered == ["DELETED"] * len(rows)
    assert {each["cause"] for each in changes[len(before) :]} == {"DELETION"}
    assert (await owner(database))["sequence"] >= len(changes)


async def test_a_contact_leaves_all_its_segments(database: Database) -> None:
    """Now, by the cause; nothing of it is left but the log, and counts are less by it."""
    async with writing(database) as writer:
        await loaded(writer)
        was = {segment for segment, key in await members(database) if key == "bob"}
        number = len(await log(database))
        await writer.tell(gone("bob"))
        left = [each for each in (await log(database))[number:] if each["contact"] == "bob"]
        kinds, traits = writer.registry.kinds, writer.registry.traits  # pyright: ignore[reportOptionalMemberAccess]

    assert {each["segment"] for each in left} == was
    assert not any(each["entered"] for each in left)
    assert await database.read("MATCH (c:Contact {key: 'bob'}) RETURN c") == []
    assert set(await stored(database)) == {
        *(("ann", "1"), ("ann", "2"), ("cyd", "1"), ("dan", "1"), ("dan", "2"))
    }
    kept = await read_registry(database)
    assert (kept.kinds, kept.traits) == (kinds, traits)
    assert {each.name: each.count for each in kinds.values()} == {"Page Viewed": 4, "Read": 1}
    assert {each.name: each.contacts for each in traits.values()} == {"plan": 1, "city": 0}


async def test_what_there_is_not_is_answered(database: Database) -> None:
    """The second of the same, too; nothing changes by it."""
    async with writing(database) as writer:
        await loaded(writer)
        told = [*gone("ann", "nobody", "ann"), *gone("ann", label="Content")]
        first = codes(await writer.tell(told))
        number = len(await log(database))
        second = codes(await writer.tell(told))

    assert first == ["DELETED", "UNKNOWN", "UNKNOWN", "UNKNOWN"]
    assert second == ["UNKNOWN"] * 4
    assert len(await log(database)) == number


async def test_what_is_told_again_is_new(database: Database) -> None:
    """An event whose thing or contact was deleted is no duplicate, and counts anew."""
    async with writing(database) as writer:
        await loaded(writer)
        await writer.tell(gone("/p", label="Content"))
        again = codes(await writer.tell([WORLD[4], WORLD[5]]))
        await writer.tell(gone("dan"))
        anew = codes(await writer.tell([WORLD[8], WORLD[9], WORLD[9]]))
        await right(database)

    assert again == ["ACCEPTED", "DUPLICATE"]
    assert anew == ["ACCEPTED", "ACCEPTED", "DUPLICATE"]
    assert ("viewed", "dan") in await members(database)


async def test_whoever_comes_back_does_not_come_before(database: Database) -> None:
    """What is told late of a contact that was deleted turns nothing before that was done."""
    clock = FixedClock(NOW)
    async with writing(database, clock=clock) as writer:
        await loaded(writer)
        clock.advance(HOUR)
        await writer.tell(gone("ann", "dan"))
        clock.advance(HOUR)
    async with writing(database, clock=clock) as writer:
        await writer.tell([WORLD[1], WORLD[4], WORLD[5]])
        first = await right(database)
        await writer.tell([event("bob", "3", about={"content": "/q"})])
    async with writing(database, clock=clock) as writer:
        await writer.tell([WORLD[8]])
        await right(database)
        await writer.tell(gone("ann"))
        await right(database)

    back = [each for each in first if each["contact"] == "ann" and each["segment"] == "viewed"]
    assert [(each["entered"], each["effective_at"]) for each in back] == [
        (True, NOW),
        (False, NOW + HOUR),
        (True, NOW + HOUR),
    ]
    assert await database.read("MATCH (g:Gone) WHERE g.key <> 'ann' RETURN g") == []


async def test_what_has_many_events_loses_them_ahead(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bounded number in a commit, and all before it is answered; members are right."""
    monkeypatch.setattr("graph.upkeep.removal.AT_ONCE", 7)
    many = [event(f"c{n % 12}", str(n), about={"content": "/p"}) for n in range(40)]
    async with writing(database) as writer:
        await loaded(writer)
        await writer.tell(many)
        before = (await owner(database))["batch"]
        answered = codes(await writer.tell(gone("/p", label="Content")))
        commits = (await owner(database))["batch"] - before
        await right(database)
        await writer.tell([event("c1", str(n)) for n in range(20)])
        one = codes(await writer.tell(gone("c1")))
        await right(database)

    assert (answered, one) == (["DELETED"], ["DELETED"])
    assert commits > 5
    kinds = (await read_registry(database)).kinds
    assert kinds["Page Viewed"].count == len(await stored(database)) - 1


@pytest.mark.parametrize("done", [True, False], ids=["committed", "not committed"])
async def test_an_answer_that_is_lost(database: Database, neo4j: Running, *, done: bool) -> None:
    """What was deleted is told as deleted, whether the commit was done or is done again."""
    async with (
        Proxy(neo4j.address) as proxy,
        Database(proxy.address, neo4j.user, neo4j.password) as behind,
        writing(behind) as writer,
    ):
        await loaded(writer)
        await writer.tell([event("lost-ann", "1")])
        proxy.lose_commit(b"lost-ann", done=done)
        answered = codes(await writer.tell(gone("lost-ann")))
        await right(database)

    assert proxy.lost == 1
    assert answered == ["DELETED"]
    assert await database.read("MATCH (c:Contact {key: 'lost-ann'}) RETURN c") == []


async def test_segments_out_of_use_are_left(database: Database) -> None:
    """Also one that is archived keeps no member that is gone, and its log tells."""
    async with writing(database) as writer:
        await loaded(writer)
        archived = row(type="segment", key="viewed", name="V", where=VIEWED, archived=True)
        await writer.tell([archived])
        await writer.tell(gone("ann"))
        changes = await log(database)

    left = [each for each in changes if (each["segment"], each["contact"]) == ("viewed", "ann")]
    assert [each["entered"] for each in left] == [True, False]
    (size,) = await database.read("MATCH (s:Segment {key: 'viewed'}) RETURN s.size AS size")
    assert size["size"] == 2
