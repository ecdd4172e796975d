"""`audience`: compiled definitions beside Cypher written by hand, on 20,000 contacts."""

from __future__ import annotations

import asyncio
import random
import time
from itertools import islice
from typing import TYPE_CHECKING, Final

import msgspec

from bench import measure, places, readers
from bench.shapes import SHAPES, Shape
from graph import conditions
from graph.clock import SystemClock
from graph.database import Statement
from graph.ingest.decoding import decode
from graph.segmentation import Segmentation

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Mapping
    from typing import Any

    from graph.database import Database

TARGET: Final = 1.3
_TURN: Final = 5000
_ORDER: Final = random.Random(0)  # noqa: S311 - an order of measurements


async def run(options: Namespace) -> None:
    """Print how long each shape takes, compiled and by hand."""
    async with places.graph(places.FOLDER / f"readers-{readers.digest()}") as (_, database):
        segmentation = Segmentation(database, SystemClock())
        await segmentation.prepare()
        writer = asyncio.create_task(segmentation.run(force=True))
        await segmentation.ready()
        await _fill(segmentation)
        rows = [await _measured(segmentation, shape, options.rounds) for shape in SHAPES]
        head = ("shape", "contacts", "first ms", "compiled ms", "by hand ms", "ratio", "target")
        measure.table(head, rows)
        if options.plans:
            for shape in SHAPES:
                await _shown(segmentation, shape)
        writer.cancel()
        await asyncio.gather(writer, return_exceptions=True)


async def _fill(segmentation: Segmentation) -> None:
    if await segmentation.event_count() == readers.EVENTS:
        return
    lines = readers.lines()
    while turn := list(islice(lines, _TURN)):
        told = await segmentation.tell([decode(msgspec.json.encode(line)) for line in turn])
        assert not told.rejected, told.rejected[0]
    await segmentation.database.change("CALL db.prepareForReplanning(60)")


async def _compiled(segmentation: Segmentation, shape: Shape) -> Statement:
    audience = await segmentation.audience(conditions.read(shape.where), readers.T)
    return audience.counting()


async def _measured(segmentation: Segmentation, shape: Shape, rounds: int) -> list[object]:
    """Return a row of the table; every query must count the same contacts."""
    database = segmentation.database
    parameters = {"t": readers.T, **shape.parameters}
    ours = await _compiled(segmentation, shape)
    queries = [ours, *(Statement(text, parameters) for text in shape.by_hand)]
    first = [await _timed(database, query) for query in queries]
    counts = {count for _, count in first}
    assert len(counts) == 1, f"{shape.name}: {[count for _, count in first]}"
    spent: list[list[float]] = [[] for _ in queries]
    turns = list(zip(queries, spent, strict=True))
    for _ in range(rounds):
        # Each query runs after each other one: what a slow one leaves behind is nobody's alone.
        _ORDER.shuffle(turns)
        for query, times in turns:
            times.append((await _timed(database, query))[0])
    compiled, *others = [measure.Spread(tuple(each)) for each in spent]
    best = min(others, key=lambda each: each.median)
    ratio = compiled.median / best.median
    name = f"{shape.name} (by hand: {others.index(best) + 1} of {len(others)})"
    return [
        name,
        f"{counts.pop():,}",
        f"{first[0][0]:.0f}",
        compiled.text(),
        best.text(),
        f"{ratio:.2f}",
        measure.verdict(ratio, TARGET, most=True),
    ]


async def _timed(database: Database, query: Statement) -> tuple[float, int]:
    begun = time.perf_counter()
    (row,) = await database.read(query)
    return (time.perf_counter() - begun) * 1000, row["count"]


async def _shown(segmentation: Segmentation, shape: Shape) -> None:
    """Print the operators and database hits of what is compiled and of each query by hand."""
    ours = await _compiled(segmentation, shape)
    parameters = {"t": readers.T, **shape.parameters}
    print(f"\n{shape.name}\n{ours.text}")
    for query in (ours, *(Statement(text, parameters) for text in shape.by_hand)):
        plan = await segmentation.database.explain(query, profile=True)
        operators, hits = _flat(plan)
        print(f"  {hits:,} hits: {' < '.join(operators)}")


def _flat(plan: Mapping[str, Any]) -> tuple[list[str], int]:
    names, hits = [plan["operatorType"].partition("@")[0]], plan.get("dbHits", 0)
    for child in plan.get("children", ()):
        below, more = _flat(child)
        names, hits = names + below, hits + more
    return names, hits
