"""Segments in the writer's hands: what becomes of them, what is kept, and who may write them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from graph import catalogue, conditions, errors
from graph.clock import FixedClock
from graph.conditions.codec import digest, packed, unpacked
from graph.ingest.segments import Archiving
from graph.segmentation import Segmentation
from graph.upkeep.outcome import Refused
from graph.upkeep.segments import Segments
from tests.graph.upkeep.writing import NOW, built, codes, event, owner, row, writing

if TYPE_CHECKING:
    from graph.database import Database
    from graph.upkeep.draft import Row
    from graph.upkeep.outcome import Outcome

pytestmark = pytest.mark.engine

PLAIN = {"did": {"event": "Page Viewed"}}
TWICE = {"did": {"event": "Page Viewed", "atLeast": 2}}

BUILDING = {"filled", "done", "first", "size", "kept_until"}


def saving(key: str, where: object = PLAIN, **fields: object) -> Row:
    """Return a segment to be saved."""
    return row(type="segment", key=key, name=key.title(), where=where, **fields)


def using(key: str) -> dict[str, object]:
    """Return the condition of being in a segment."""
    return {"segment": {"key": key}}


def refusal(outcome: Outcome) -> tuple[str, str]:
    """Return the code and the message of a refusal."""
    assert isinstance(outcome, Refused)
    return outcome.code, outcome.message


async def kept(database: Database) -> dict[str, dict[str, Any]]:
    """Return the nodes of the segments in the graph, by key, but for how far they are built."""
    rows = await database.read("MATCH (segment:Segment) RETURN properties(segment) AS segment")
    return {
        each["segment"]["key"]: {
            name: value for name, value in each["segment"].items() if name not in BUILDING
        }
        for each in rows
    }


async def test_what_becomes_of_segments(database: Database) -> None:
    """In one batch as one by one; each sees those before it, and what is refused changes none."""
    rows = [
        saving("base"),
        saving("base"),
        saving("user", using("base")),
        saving("base", TWICE, expectedRevision=1),
        saving("base", using("user")),
        Archiving("base", NOW),
        Archiving("user", NOW),
        Archiving("base", NOW),
        saving("late", using("base")),
        saving("late", using("base"), archived=True),
    ]
    expected = [
        *("CREATED", "UNCHANGED", "CREATED", "UPDATED", "SEGMENT_CYCLE"),
        *("SEGMENT_IN_USE", "UPDATED", "UPDATED", "UNKNOWN_SEGMENT", "CREATED"),
    ]
    async with writing(database) as writer:
        together = codes(await writer.tell(rows))
        first = await kept(database)
    await database.change("MATCH (n) WHERE n:Segment OR n:Revision DETACH DELETE n")
    async with writing(database) as writer:
        one_by_one = [codes(await writer.tell([each]))[0] for each in rows]

    assert together == one_by_one == expected
    assert await kept(database) == first
    assert {key: each["archived"] for key, each in first.items()} == dict.fromkeys(first, True)


async def test_a_definition_is_kept_with_form_and_hash(database: Database) -> None:
    """On the segment the current one, on revisions each that it had; what is kept reads back."""
    async with writing(database) as writer:
        await writer.tell([saving("base", {"not": {"not": PLAIN}}), saving("base", TWICE)])
    node = (await kept(database))["base"]
    revisions = await catalogue.read_revisions(database, "base")

    assert (node["form"], node["revision"], node["at"]) == (1, 2, NOW)
    assert node["hash"] == digest(node["definition"])
    assert unpacked(node["definition"]) == conditions.read(TWICE).canonical()
    assert [(each.revision, each.definition) for each in revisions] == [
        (2, conditions.read(TWICE).canonical()),
        (1, conditions.read(PLAIN).canonical()),
    ]


async def test_a_later_owner_knows_them(database: Database) -> None:
    """And one that only reads, which asks the graph."""
    async with writing(database) as writer:
        await writer.tell([saving("base"), saving("user", using("base"))])
        first = await built(writer)
    reader = Segmentation(database, FixedClock(NOW))
    async with writing(database) as writer:
        assert writer.catalogue == first
        assert codes(await writer.tell([Archiving("base", NOW)])) == ["SEGMENT_IN_USE"]

    assert await reader.catalogue() == first
    assert await (await reader.audience(conditions.read(using("user")))).count() == 0


async def test_whoever_was_taken_over_saves_nothing(database: Database) -> None:
    """What another saved meanwhile is not lost, nor is it what the first goes on from."""
    async with writing(database, force=False) as first:
        await first.tell([saving("base")])
        async with writing(database) as second:
            await second.tell([saving("base", TWICE)])
            with pytest.raises(errors.NotOwner):
                await first.tell([saving("base", using("nothing"), archived=True)])

            assert first.catalogue is None
    assert (await kept(database))["base"]["revision"] == 2
    assert len(await catalogue.read_revisions(database, "base")) == 2


async def test_events_and_segments_share_a_commit(database: Database) -> None:
    """One queue, one loop: a segment that is refused stops no event."""
    async with writing(database) as writer:
        before = (await owner(database))["batch"]
        told = codes(
            await writer.tell([event("ann", "1"), saving("base"), saving("x", using("y"))])
        )

    assert told == ["ACCEPTED", "CREATED", "UNKNOWN_SEGMENT"]
    assert (await owner(database))["batch"] == before + 1


async def test_a_newer_form_is_left_alone(database: Database) -> None:
    """It is named, and the newer version too; nothing is read as what it is not."""
    await database.change("CREATE (:Segment {key: 'new', name: 'New', definition: '', form: 2})")

    with pytest.raises(errors.GraphTooNew, match="'new' was saved by a newer version, in form 2"):
        await catalogue.read_catalogue(database)


async def test_what_was_changed_by_hand_is_named(database: Database) -> None:
    """A definition that has no meaning is a fault that says whose it is."""
    for text in ("{", json.dumps({"did": {}, "not": {}})):
        await database.change(
            "MERGE (s:Segment {key: 'torn'}) SET s += {name: 'T', definition: $text, form: 1}",
            text=text,
        )
        with pytest.raises(errors.Fault, match="The definition of 'torn' cannot be read"):
            await catalogue.read_catalogue(database)


def saved(*rows: Row) -> list[str]:
    """Return what becomes of segments without a graph: names, or why not."""
    segments, found = Segments(), list[str]()
    for each in rows:
        try:
            found.append(segments.save(each).done.name)  # pyright: ignore[reportArgumentType]
        except errors.BadInput as error:
            found.append(f"{error.message} at {'.'.join(map(str, error.path))}")
    return found


def test_what_is_used_counts_written_out() -> None:
    """Also where what is used grows later: 300 leaves, and nesting of 12."""
    many = {"any": [{"did": {"event": str(n)}} for n in range(150)]}
    more = {"any": [{"did": {"event": str(n)}} for n in range(151)]}
    both = {"all": [using("base"), {"not": using("base")}]}
    deep: dict[str, object] = using("both")
    for _ in range(10):
        deep = {"any": [deep, PLAIN]}

    told = saved(
        saving("base", many),
        saving("both", both),
        saving("base", more),
        saving("more", {"any": [both, PLAIN]}),
        saving("deep", deep),
    )

    written = "With the segments that are used written out"
    fewer = "name many values by one `in`, many kinds of events by one `events`"
    assert told == [
        "CREATED",
        "CREATED",
        f"{written} 'both' has 302 leaves; at most 300: {fewer} at where",
        f"{written} it has 301 leaves; at most 300: {fewer} at where",
        f"{written} it has 310 leaves; at most 300: {fewer} at where",
    ]


def test_what_is_used_nests_written_out() -> None:
    """Twelve deep at most, with the segment's own levels."""
    deep: dict[str, object] = using("base")
    for n in range(10):
        deep = {"any" if n % 2 else "all": [deep, TWICE]}

    told = saved(
        saving("base", {"any": [PLAIN, TWICE]}), saving("deep", deep), saving("more", {"not": deep})
    )

    written = "With the segments that are used written out"
    flatter = "write out those that are an `all` in an `all`, or an `any` in an `any`"
    assert told == [
        "CREATED",
        "CREATED",
        f"{written} it nests 13 deep; at most 12: {flatter} at where",
    ]


def test_conditions_on_others_stand_in_one_another_twice() -> None:
    """A third is refused where it begins, written in full or by a segment."""
    once = {"colleagues": {"who": PLAIN}}
    twice = {"colleagues": {"who": {"colleagues": {"who": PLAIN}}}}
    popular = {
        "did": {
            "about": {
                "content": {"popularWith": {"event": "e", "atLeast": 2, "who": using("once")}}
            }
        }
    }

    told = saved(
        saving("once", once),
        saving("twice", twice),
        saving("popular", popular),
        saving("three", {"all": [PLAIN, {"colleagues": {"who": using("twice")}}]}),
        saving("long", {"not": {"colleagues": {"who": popular}}}),
        saving("once", {"colleagues": {"who": once}}),
    )

    message = (
        "With the segments that are used written out {} has conditions on other contacts more "
        "than 2 deep in one another (`colleagues`, `popularWith`) at where"
    )
    assert told[:3] == ["CREATED"] * 3
    assert told[3] == f"{message.format('it')}.all.1.colleagues"
    assert told[4] == f"{message.format('it')}.not.colleagues"
    assert told[5] == message.format("'popular'")


def test_a_canonical_form_may_be_larger_than_what_is_taken() -> None:
    """What was taken once can be read for ever."""
    deep: dict[str, object] = {"stopped": {"event": "e", "active": "P1D", "silent": "P1D"}}
    for n in range(11):
        deep = {"any" if n % 2 else "all": [deep, TWICE]}
    segments = Segments()

    taken = segments.save(saving("deep", deep)).saved  # pyright: ignore[reportArgumentType]

    assert unpacked(packed(taken.definition)) == taken.definition
    with pytest.raises(errors.BadInput, match="nest at most 12"):
        conditions.read(conditions.write(taken.definition))


def test_there_is_room_for_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Archived ones take none; what is there can still be changed."""
    monkeypatch.setattr("graph.upkeep.segments.MOST", 2)
    rows = [saving("a"), saving("b"), saving("c"), saving("c", archived=True), saving("a", TWICE)]

    assert saved(*rows) == [
        *("CREATED", "CREATED"),
        "There are 2 segments already; archive one first at key",
        *("CREATED", "UPDATED"),
    ]
