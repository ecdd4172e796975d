"""A statement that is compiled beside queries written by hand, in one run and in drawn order."""

from __future__ import annotations

import asyncio
import contextlib
import random
import sys
import time
from itertools import islice
from typing import TYPE_CHECKING, Final

import msgspec

from bench import measure, places
from graph import errors
from graph.clock import SystemClock
from graph.ingest.decoding import decode
from graph.segmentation import Segmentation

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
    from pathlib import Path
    from typing import Any

    from graph.database import Database, Statement
    from graph.ingest.lines import Line

TARGET: Final = 1.3
HEAD: Final = ("contacts", "first ms", "compiled ms", "by hand ms", "ratio", "target")
_TURN: Final = 2500
_TRIES: Final = 20
_ORDER: Final = random.Random(0)  # noqa: S311 - an order of measurements


@contextlib.asynccontextmanager
async def world(
    folder: Path, lines: Iterable[Mapping[str, Any]], events: int
) -> AsyncGenerator[Segmentation]:
    """Open a graph that holds these lines; it is filled the first time."""
    async with places.graph(folder) as (_, database):
        segmentation = Segmentation(database, SystemClock())
        await segmentation.prepare()
        writer = asyncio.create_task(segmentation.run(force=True))
        try:
            await segmentation.ready()
            if await segmentation.event_count() != events:
                await _fill(segmentation, lines)
            yield segmentation
        finally:
            writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)


async def _fill(segmentation: Segmentation, lines: Iterable[Mapping[str, Any]]) -> None:
    left = iter(lines)
    while turn := [decode(msgspec.json.encode(line)) for line in islice(left, _TURN)]:
        await _told(segmentation, turn)
    await segmentation.database.change("CALL db.prepareForReplanning(60)")


async def _told(segmentation: Segmentation, turn: Sequence[Line]) -> None:
    """Tell lines until they are taken; events count once, however often they are told."""
    for _ in range(_TRIES):
        try:
            told = await segmentation.tell(turn)
        except errors.SegraphError as error:
            print(f"told again, for it was not taken: {error.message}", file=sys.stderr)
            await asyncio.sleep(5)
        else:
            assert not told.rejected, told.rejected[0]
            return
    raise AssertionError("the graph does not take what it is told")


async def measured(
    database: Database, name: str, ours: Statement, by_hand: Sequence[Statement], rounds: int
) -> list[object]:
    """Return cells as `HEAD` names them; every query must count the same contacts."""
    queries = [ours, *by_hand]
    first = [await _timed(database, query) for query in queries]
    counts = {count for _, count in first}
    assert len(counts) == 1, f"{name}: {[count for _, count in first]}"
    spent: list[list[float]] = [[] for _ in queries]
    turns = list(zip(queries, spent, strict=True))
    for _ in range(rounds):
        # Each query runs after each other one: what a slow one leaves behind is nobody's alone.
        _ORDER.shuffle(turns)
        for query, each in turns:
            each.append((await _timed(database, query))[0])
    compiled, *others = [measure.Spread(tuple(each)) for each in spent]
    best = min(others, key=lambda each: each.median)
    ratio = compiled.median / best.median
    way = "" if len(others) == 1 else f" (way {others.index(best) + 1} of {len(others)})"
    return [
        f"{counts.pop():,}",
        f"{first[0][0]:.0f}",
        compiled.text(),
        best.text() + way,
        f"{ratio:.2f}",
        measure.verdict(ratio, TARGET, most=True),
    ]


async def _timed(database: Database, query: Statement) -> tuple[float, int]:
    begun = time.perf_counter()
    (row,) = await database.read(query)
    return (time.perf_counter() - begun) * 1000, row["count"]


async def profiled(database: Database, query: Statement) -> tuple[list[str], int]:
    """Return the operators of a query, outermost first, and its database hits."""
    return _flat(await database.explain(query, profile=True))


def _flat(plan: Mapping[str, Any]) -> tuple[list[str], int]:
    names, hits = [plan["operatorType"].partition("@")[0]], plan.get("dbHits", 0)
    for child in plan.get("children", ()):
        below, more = _flat(child)
        names, hits = names + below, hits + more
    return names, hits
