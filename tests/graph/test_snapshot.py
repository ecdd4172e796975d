"""Members at one place of the log, read by the page while others come and go."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, cast

import pytest

from graph import snapshot
from graph.ingest.removals import removal
from graph.snapshot import pages, settled
from tests.graph.test_feed import running
from tests.graph.upkeep.writing import built, contact, row, writing

if TYPE_CHECKING:
    from types import AsyncGeneratorType

    from graph.database import Database
    from graph.snapshot import Page
    from graph.upkeep.writer import Writer

pytestmark = pytest.mark.engine

PRO = {"trait": {"name": "plan", "is": {"eq": "pro"}}}
LOG = """
MATCH (change:Change {segment: 'pro'})
RETURN change.sequence AS sequence, change.contact AS contact, change.entered AS entered
ORDER BY sequence
"""


async def turned(writer: Writer, chance: Random, number: int) -> None:
    """Let some come, and some of those who are there leave."""
    keys = sorted({f"c{chance.randrange(40):02}" for _ in range(number)})
    await writer.tell(
        [contact(key, traits={"plan": chance.choice(("pro", "free"))}) for key in keys]
    )


async def members_at(database: Database, sequence: int) -> list[str]:
    """Return who was a member after a change, by the log."""
    found: dict[str, bool] = {}
    for each in await database.read(LOG):
        if each["sequence"] <= sequence:
            found[each["contact"]] = each["entered"]
    return sorted(key for key, entered in found.items() if entered)


@pytest.mark.parametrize("seed", range(3))
async def test_all_pages_are_of_one_place(database: Database, seed: int) -> None:
    """Whoever comes or leaves meanwhile does so after it, whichever page is theirs."""
    chance = Random(seed)  # noqa: S311 - a seed to be told again
    async with writing(database) as writer, running(writer.feed) as feed:
        await writer.tell([row(type="segment", key="pro", name="Pro", where=PRO)])
        await built(writer)
        await turned(writer, chance, 40)
        found = await settled(database, "pro")
        read: list[str] = []
        complete: list[bool] = []
        async for page in pages(database, feed, "pro", found.sequence, 3):
            read += [each.key for each in page.members]
            complete.append(page.complete)
            await turned(writer, chance, 6)
        after = await settled(database, "pro")

    expected = await members_at(database, found.sequence)
    assert read == expected
    assert found.size == len(expected)
    assert complete == [False] * (len(complete) - 1) + [True]
    assert after.sequence > found.sequence


async def test_a_page_is_short_though_all_leave(database: Database) -> None:
    """What is remembered to be undone is of those to come alone."""
    async with writing(database) as writer, running(writer.feed) as feed:
        await writer.tell([row(type="segment", key="pro", name="Pro", where=PRO)])
        await built(writer)
        everyone = [f"c{number:02}" for number in range(12)]
        await writer.tell([contact(key, traits={"plan": "pro"}) for key in everyone])
        found = await settled(database, "pro")
        read = pages(database, feed, "pro", found.sequence, 5)
        shown = [[each.key for each in (await anext(read)).members]]
        await writer.tell([contact(key, traits={"plan": "free"}) for key in everyone])
        shown += [[each.key for each in page.members] async for page in read]

    assert shown == [everyone[:5], everyone[5:10], everyone[10:]]


async def test_who_is_done_with_is_forgotten(database: Database) -> None:
    """However many come and leave while it is read."""
    async with writing(database) as writer, running(writer.feed) as feed:
        await writer.tell([row(type="segment", key="pro", name="Pro", where=PRO)])
        await built(writer)
        everyone = [f"c{number:02}" for number in range(12)]
        await writer.tell([contact(key, traits={"plan": "pro"}) for key in everyone])
        read = pages(database, feed, "pro", (await settled(database, "pro")).sequence, 3)
        await anext(read)
        await writer.tell([contact(key, traits={"plan": "free"}) for key in everyone])
        await anext(read)
        await anext(read)
        frame = cast("AsyncGeneratorType[Page, None]", read).ag_frame
        assert frame is not None
        remembered: list[str] = sorted(frame.f_locals["first"])
        await read.aclose()

    assert remembered == everyone[6:]


async def test_who_is_deleted_meanwhile_is_not_shown(database: Database) -> None:
    """There is nothing left to be shown of it; that it left follows by the log."""
    async with writing(database) as writer, running(writer.feed) as feed:
        await writer.tell([row(type="segment", key="pro", name="Pro", where=PRO)])
        await built(writer)
        await writer.tell([contact(key, traits={"plan": "pro"}) for key in ("ann", "bob")])
        found = await settled(database, "pro")
        await writer.tell([removal("Contact", "ann")])
        read = [page async for page in pages(database, feed, "pro", found.sequence)]

    assert [[each.key for each in page.members] for page in read] == [["bob"]]
    assert found.size == 2


async def test_nobody_is_in_a_segment_of_an_empty_graph(database: Database) -> None:
    """A graph that nobody has written to has no log."""
    assert await settled(database, "none") == snapshot.Settled(0, 0)
