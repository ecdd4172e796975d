"""Whoever is kept as a member is one who meets the definition, after whatever happened."""

from __future__ import annotations

import asyncio
import random
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

import msgspec
import pytest

from graph import times
from graph.clock import FixedClock
from graph.ingest.decoding import decode
from graph.segmentation import Segmentation
from tests.corpus.test_corpus import saved
from tests.generated import histories, samples
from tests.generated.graphs import SAVED

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping, Sequence

    from graph.database import Database

WORLDS: Final = 2
STEPS: Final = 8
KEPT: Final = """
MATCH (contact:Contact)-[of:MEMBER_OF]->(segment:Segment)
RETURN segment.key AS segment, collect(contact.key) AS keys
"""
LOG: Final = """
MATCH (change:Change)
RETURN change.sequence AS sequence, change.segment AS segment, change.contact AS contact,
  change.entered AS entered ORDER BY sequence
"""
SIZES: Final = "MATCH (s:Segment) RETURN s.key AS segment, coalesce(s.size, 0) AS size"


@pytest.mark.timeout(300)
@pytest.mark.parametrize("number", range(WORLDS))
async def test_members_are_those_who_meet_the_definition(database: Database, number: int) -> None:
    """In the graph, in the log replayed, and by the sizes."""
    chance = random.Random(f"members {number}")  # noqa: S311 - no secret
    clock = FixedClock(histories.NOW)
    lines = histories.made(chance, 25)
    chance.shuffle(lines)
    async with running(database, clock) as asked:
        for _ in range(STEPS):
            await step(chance, asked, lines, clock)
            await settled(asked, clock)
            await agree(database, asked, clock.now())


async def step(
    chance: random.Random, asked: Segmentation, lines: list[histories.Line], clock: FixedClock
) -> None:
    """Tell some lines, save some segments, and let some time pass."""
    for _, definition in chance.sample(list(samples.definitions()), 6):
        key = f"s{chance.randrange(40)}"
        line = {"type": "segment", "key": key, "name": key, "where": definition}
        await tell(asked, [line])
    number = chance.choice((3, 20, 60))
    told, lines[:number] = lines[:number], []
    await tell(asked, told)
    days = chance.choice((0, 0.5, 1, 7, 30))
    clock.advance(int(days * times.DAY) + chance.choice((0, 1)))


async def tell(asked: Segmentation, lines: Sequence[Mapping[str, object]]) -> None:
    """Tell lines, all of which are taken."""
    told = await asked.tell([decode(msgspec.json.encode(line)) for line in lines])
    assert told.rejected == []


async def settled(asked: Segmentation, clock: FixedClock) -> None:
    """Wait until all that arrived, fell due and is to be filled is worked off."""
    for _ in range(2000):
        writer = asked._writer  # pyright: ignore[reportPrivateUsage]
        rules = writer._store.members.rules  # pyright: ignore[reportPrivateUsage]
        if writer.as_of() >= clock.now() and not rules.unfilled:
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not settle")


async def agree(database: Database, asked: Segmentation, now: int) -> None:
    """Compare the edges, the log and the sizes with the definitions."""
    catalogue = await asked.catalogue()
    kept = {row["segment"]: set(row["keys"]) for row in await database.read(KEPT)}
    replayed: dict[str, set[str]] = {}
    rows = await database.read(LOG)
    assert [row["sequence"] for row in rows] == list(range(1, len(rows) + 1))
    for row in rows:
        members = replayed.setdefault(row["segment"], set())
        assert (row["contact"] in members) is not row["entered"]
        (members.add if row["entered"] else members.remove)(row["contact"])
    sizes = {row["segment"]: row["size"] for row in await database.read(SIZES)}
    for key, each in catalogue.items():
        assert each.failure is None, (key, each.failure)
        audience = await asked.audience(each.definition, now)
        page = await audience.members(500, None)
        met = {contact.key for _, contact in page.items}
        assert kept.get(key, set()) == met, (key, each.definition, now)
        assert replayed.get(key, set()) == met
        assert sizes[key] == len(met)


@asynccontextmanager
async def running(database: Database, clock: FixedClock) -> AsyncGenerator[Segmentation]:
    """Run a segmentation with the segments that definitions name."""
    opened = Segmentation(database, clock)
    await opened.prepare()
    async with asyncio.TaskGroup() as tasks:
        writer = tasks.create_task(opened.run(force=True))
        await opened.ready()
        await tell(opened, list(saved(SAVED)))
        try:
            yield opened
        finally:
            writer.cancel()
