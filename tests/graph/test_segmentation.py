"""Segmentation over a real graph: what is told is asked back."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, cast
from zlib import crc32

import msgspec
import pytest

from graph import conditions, errors
from graph.catalogue import READ, SegmentStatus
from graph.clock import FixedClock
from graph.database import Database
from graph.ingest.decoding import decode
from graph.segmentation import Segmentation
from graph.times import HOUR, read_instant
from graph.upkeep.members import TURN
from server.demo import story
from tests.graph.upkeep.writing import until
from tests.proxy import Proxy
from tests.server.demo.story_world import contact_of, is_on_stage

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable, Iterator, Mapping

    from graph.segmentation import Told
    from tests.engine import Running

pytestmark = pytest.mark.engine

NOW = read_instant("2026-03-10T12:00:00Z")


@asynccontextmanager
async def segmentation(database: Database) -> AsyncGenerator[Segmentation]:
    """Run a segmentation whose clock stands still."""
    opened = Segmentation(database, FixedClock(NOW))
    await opened.prepare()
    async with asyncio.TaskGroup() as tasks:
        writer = tasks.create_task(opened.run(force=True))
        await opened.ready()
        try:
            yield opened
        finally:
            writer.cancel()


async def tell(told_to: Segmentation, lines: Iterable[Mapping[str, object]]) -> Told:
    """Tell lines as an import has them."""
    return await told_to.tell([decode(msgspec.json.encode(line)) for line in lines])


async def members(asked: Segmentation, where: Mapping[str, object], first: int = 100) -> list[str]:
    """Return all members of an audience in their order, page by page."""
    audience = await asked.audience(conditions.read(where))
    keys: list[str] = []
    after = None
    while True:
        page = await audience.members(first, after)
        keys += [contact.key for _, contact in page.items]
        if not page.more:
            return keys
        after = page.items[-1][0]


ODD = ("a", "z\uffff", "z\U0001f600", "\ue000", "\uffff", "\U0001f600", "\U0001f600z")
"""Keys in the order of their code points; by UTF-16 some of them are in another."""


@pytest.mark.parametrize(
    "where",
    [
        {"did": {"event": "Page Viewed"}},
        {"moreOften": {"event": "Page Viewed", "than": {"event": "Page Left"}}},
        {"trait": {"name": "plan", "is": {"eq": "pro"}}},
        {"trait": {"name": "key", "is": {"ne": "b"}}},
    ],
    ids=["event", "grouped", "trait", "everyone"],
)
async def test_pages_go_on_after_any_key(database: Database, where: Mapping[str, object]) -> None:
    """Each member comes once, in the order of code points, whatever a page ends with."""
    lines: list[Mapping[str, object]] = [
        {"type": "contact", "key": key, "traits": {"plan": "pro"}} for key in (*ODD, "b")
    ]
    lines += [{"contact": key, "event": "Page Viewed", "at": "2026-03-10T11:00:00Z"} for key in ODD]
    async with segmentation(database) as asked:
        assert (await tell(asked, lines)).rejected == []
        everybody = await members(asked, where)
        found = await members(asked, where, first=1)

    assert [key for key in everybody if key != "b"] == list(ODD)
    assert found == everybody


async def export(asked: Segmentation) -> list[bytes]:
    """Return everything as lines, in order."""
    return sorted([msgspec.json.encode(line) async for line in asked.export()])


def part_of_story() -> Iterator[Mapping[str, object]]:
    """Yield the story's lines but those of three in four people who play in no example."""
    for line in story.lines(NOW):
        if is_on_stage(line) or crc32(str(contact_of(line)).encode()) % 4 == 0:
            yield line


@pytest.mark.timeout(300)
async def test_the_story_has_its_members_and_imports_to_the_same_graph(database: Database) -> None:
    """Planted members are in, near misses out; an export told again makes the same graph."""
    async with segmentation(database) as first:
        told = await tell(first, part_of_story())
        assert told.rejected == []

        planted = story.planted(NOW)
        for name, example in planted.items():
            if example.condition is not None:
                found = set(await members(first, example.condition))
                assert set(example.members) <= found, name
                assert not set(example.near_misses) & found, name
        before = await export(first)

    await database.change("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS")
    async with segmentation(database) as second:
        again = await second.tell([decode(line) for line in before])
        assert again.rejected == []

        assert await export(second) == before


def wide(start: int) -> dict[str, object]:
    """Return as many names with their values as one line may have."""
    return {f"p{n}": n for n in range(start, start + 250)}


async def test_what_many_lines_told_imports_to_the_same_graph(database: Database) -> None:
    """A node has more names than one line may have, an order as many products as it may."""
    at = "2026-03-10T11:00:00Z"
    ann = {"type": "contact", "key": "ann", "at": at}
    order = {"contact": "ann", "event": "Order Completed", "id": "1", "at": at}
    products = [{"sku": f"s{n}"} for n in range(1000)]
    lines: list[Mapping[str, object]] = [
        *({"type": "account", "key": "a", "traits": wide(n)} for n in (0, 200)),
        *({"type": "content", "key": "c", "properties": wide(n)} for n in (0, 200)),
        *({"type": "product", "key": "p", "properties": wide(n)} for n in (0, 200)),
        {"type": "content", "key": "c", "title": "Wide", "topics": ["t"]},
        *(ann | {"traits": wide(n), "accounts": ["a", "b"]} for n in (0, 200)),
        order | {"properties": {"products": products} | {f"p{n}": n for n in range(249)}},
    ]
    async with segmentation(database) as first:
        told = await tell(first, lines)
        assert told.rejected == []
        before = await export(first)

    await database.change("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS")
    async with segmentation(database) as second:
        again = await second.tell([decode(line) for line in before])
        assert again.rejected == []

        assert await export(second) == before


async def test_an_event_counts_once(database: Database) -> None:
    """The same id of the same contact is a duplicate; with other content it is a conflict."""
    event = {"contact": "ann", "event": "Page Viewed", "id": "1", "at": "2026-03-10T11:00:00Z"}
    async with segmentation(database) as asked:
        first = await tell(asked, [event, event])
        second = await tell(asked, [event, event | {"event": "Logged In"}])

        assert (first.accepted, first.duplicates) == (1, 1)
        assert (second.accepted, second.duplicates) == (0, 1)
        assert [each.code for each in second.rejected] == ["CONFLICT"]


async def test_bad_rows_stop_no_others(database: Database) -> None:
    """Of a batch with bad rows the others are recorded, the bad come back with index and path."""
    lines = [
        {"contact": "ann", "event": "Page Viewed", "at": "2026-03-10T11:00:00"},
        {"contact": "", "event": "Page Viewed"},
        {"contact": "ann", "event": "Page Viewed", "properties": {"a": {"b": 1}}},
        {"contact": "ann", "event": "Page Viewed"},
    ]
    async with segmentation(database) as asked:
        told = await tell(asked, lines)

        assert told.accepted == 1
        assert [(each.index, each.path) for each in told.rejected] == [
            (0, ("at",)),
            (1, ("contact",)),
            (2, ("properties", "a")),
        ]


async def test_trees_have_no_cycle(database: Database) -> None:
    """A topic cannot be put within itself."""
    async with segmentation(database) as asked:
        told = await tell(
            asked,
            [
                {"type": "topic", "key": "a", "parent": "b"},
                {"type": "topic", "key": "b", "parent": "a"},
            ],
        )

        assert told.created == 1
        assert [each.code for each in told.rejected] == ["CYCLE"]


async def test_traits_are_asked_of_the_past(database: Database) -> None:
    """At an instant a trait has the value that was told for it, whatever the order of arrival."""
    lines = [
        {"type": "contact", "key": "ann", "at": at, "traits": {"plan": plan}}
        for at, plan in (("2026-03-03T00:00:00Z", "pro"), ("2026-03-01T00:00:00Z", "free"))
    ]
    where = {"trait": {"name": "plan", "is": {"eq": "free"}}}
    async with segmentation(database) as asked:
        await tell(asked, lines)

        counts = [
            await (await asked.audience(conditions.read(where), read_instant(at))).count()
            for at in ("2026-02-28T00:00:00Z", "2026-03-02T00:00:00Z", "2026-03-03T00:00:00Z")
        ]

        assert counts == [0, 1, 0]


async def test_a_refusal_that_is_told_again_keeps_nothing(database: Database) -> None:
    """A line that could not be read is refused each time, and no frame hangs on to why."""
    unread = errors.BadInput("It is too long", code="TOO_LONG")
    async with segmentation(database) as asked:
        told = await asked.tell([unread, unread])

    assert [each.code for each in told.rejected] == ["TOO_LONG", "TOO_LONG"]
    assert unread.__traceback__ is None


LATELY = {"did": {"event": "Page Viewed", "within": {"last": "P1D"}}}
LOG = """
MATCH (change:Change {segment: 'lately'})
RETURN change.sequence AS sequence, change.contact AS contact, change.entered AS entered,
  change.effective_at AS at
ORDER BY sequence
"""


async def test_a_rollcall_is_of_one_place_in_the_log(database: Database) -> None:
    """Also while windows that closed are still worked off."""
    viewed = {"event": "Page Viewed", "id": "1"}
    early = [
        {**viewed, "contact": f"c{number:04}", "at": f"2026-03-10T{8 + number // TURN:02}:00:00Z"}
        for number in range(3 * TURN)
    ]

    async def told(changes: int) -> bool:
        """Tell whether the log has so many changes."""
        return len(await database.read(LOG)) == changes

    async with segmentation(database) as asked:
        clock = cast("FixedClock", asked.clock)
        await tell(asked, [{"type": "segment", "key": "lately", "name": "L", "where": LATELY}])
        await tell(asked, early)
        clock.advance(20 * HOUR)  # the first of three turns has to leave
        await until(lambda: told(len(early) + TURN))
        clock.advance(HOUR)
        await tell(asked, [{**viewed, "contact": "zoe", "at": "2026-03-11T09:00:00Z"}])
        roll = await asked.rollcall("lately")
        read = {
            each.key: page.since[each.key] async for page in roll.pages for each in page.members
        }
        log = await database.read(LOG)

    expected: dict[str, int] = {}
    for change in log:
        if change["sequence"] > roll.place.sequence:
            continue
        if change["entered"]:
            expected[change["contact"]] = change["at"]
        else:
            expected.pop(change["contact"])
    assert read == expected
    assert list(read) == sorted(read)
    assert read["zoe"] == NOW + 21 * HOUR
    assert TURN < len(expected) <= 2 * TURN + 1


async def test_a_server_that_stands_by_reads_segments_once(
    database: Database, neo4j: Running
) -> None:
    """And again once anything was committed."""
    reads = 0

    def counted(data: bytes) -> bytes:
        """Count a statement."""
        nonlocal reads
        reads += data.count(READ.encode())
        return data

    def segment(key: str) -> list[Mapping[str, object]]:
        """Return the line of a segment."""
        return [{"type": "segment", "key": key, "name": key, "where": LATELY}]

    async def live() -> bool:
        """Tell whether the first is built."""
        return (await writes.catalogue())["first"].status is SegmentStatus.LIVE

    async with (
        segmentation(database) as writes,
        Proxy(neo4j.address) as proxy,
        Database(proxy.address, neo4j.user, neo4j.password) as behind,
    ):
        await tell(writes, segment("first"))
        await until(live)
        proxy.rewritten = counted
        standing_by = Segmentation(behind, FixedClock(NOW))
        found = [await standing_by.look().catalogue() for _ in range(10)]
        once = reads
        await tell(writes, segment("second"))
        later = await standing_by.catalogue()

    assert once == 1
    assert [list(each) for each in found] == [["first"]] * 10
    assert sorted(later) == ["first", "second"]
