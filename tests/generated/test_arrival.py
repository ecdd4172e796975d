"""The graph as a function of what is told: order, batches and repetition do not matter."""

from __future__ import annotations

import asyncio
import random
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

import msgspec
import pytest

from graph.clock import FixedClock
from graph.conditions import read
from graph.ingest.decoding import decode
from graph.segmentation import Segmentation
from tests.corpus.test_corpus import saved
from tests.generated import histories, samples
from tests.generated.graphs import SAVED
from tests.report import PROVE

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from graph.database import Database

pytestmark = pytest.mark.engine

WORLDS: Final = 40 if PROVE else 2
ASKED: Final = 12


@pytest.mark.timeout(300)
@pytest.mark.parametrize("number", range(WORLDS))
async def test_order_batches_and_repetition_do_not_matter(database: Database, number: int) -> None:
    """A history told shuffled, in pieces, some of it twice, makes the same graph and audiences."""
    chance = random.Random(f"{number} {random.random()}")  # noqa: S311 - no secret
    lines = settled(histories.made(chance, 25))
    orders = [[lines], pieces(chance, lines), pieces(chance, lines)]
    definitions = chance.sample([each for _, each in samples.definitions()], ASKED)

    answers: list[tuple[list[bytes], list[int]]] = []
    for batches in orders:
        await database.change("MATCH (n) DETACH DELETE n")
        async with segmentation(database) as asked:
            for batch in batches:
                told = await asked.tell([decode(msgspec.json.encode(line)) for line in batch])
                assert told.rejected == []
            exported = sorted([msgspec.json.encode(line) async for line in asked.export()])
            counts = [await size(asked, definition) for definition in definitions]
            answers.append((exported, counts))

    assert answers[1] == answers[0]
    assert answers[2] == answers[0]


async def size(asked: Segmentation, definition: object) -> int:
    """Return how many contacts meet a definition."""
    return await (await asked.audience(read(definition), histories.NOW)).count()


@asynccontextmanager
async def segmentation(database: Database) -> AsyncGenerator[Segmentation]:
    """Run a segmentation whose clock stands still."""
    opened = Segmentation(database, FixedClock(histories.NOW))
    await opened.prepare()
    async with asyncio.TaskGroup() as tasks:
        writer = tasks.create_task(opened.run(force=True))
        await opened.ready()
        told = await opened.tell([decode(msgspec.json.encode(line)) for line in saved(SAVED)])
        assert told.rejected == []
        try:
            yield opened
        finally:
            writer.cancel()


def settled(lines: Sequence[histories.Line]) -> list[histories.Line]:
    """Return lines of which no two settle by arrival: one a contact and instant, one with accounts.

    Of two values of a trait for one instant, and of two lists of accounts, the later told counts.
    """
    kept: dict[object, histories.Line] = {}
    placed: set[object] = set()
    for line in lines:
        if line.get("type") != "contact":
            kept[len(kept), "other"] = line
            continue
        own = {name: each for name, each in line.items() if name != "accounts"}
        if line["key"] not in placed and "accounts" in line:
            placed.add(line["key"])
            own = line
        kept[line["key"], line["at"]] = own
    return list(kept.values())


def pieces(chance: random.Random, lines: Sequence[histories.Line]) -> list[list[histories.Line]]:
    """Return lines shuffled, a third of them twice, in batches of any size."""
    told = [*lines, *chance.sample(lines, len(lines) // 3)]
    chance.shuffle(told)
    batches: list[list[histories.Line]] = []
    while told:
        size = chance.choice((1, 3, 20, 100))
        batches.append(told[:size])
        del told[:size]
    return batches
