"""`library`: each ready segment beside Cypher written by hand, on 20,000 contacts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bench import by_hand, customers, measure, places
from bench.beside import HEAD, measured, profiled, world
from bench.readers import digest
from graph import conditions
from graph.compiler import compiled
from graph.cypher.queries import Verdicts
from graph.database import Statement
from server.library import library

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator
    from pathlib import Path

    from graph.audience import Audience
    from graph.segmentation import Segmentation

_FOLDED: Final = ("ProduceResults", "Projection", "Filter", "Argument", "CacheProperties")
"""Operators that say nothing of the way."""


async def run(options: Namespace) -> None:
    """Print how long each takes, compiled and by hand, and by which operators."""
    async with world(folder(), _lines(), customers.EVENTS) as segmentation:
        keys = options.only or list(library())
        rows = [await _measured(segmentation, key, options.rounds) for key in keys]
        measure.table(("segment", *HEAD), rows)
        plans = [await _planned(segmentation, key) for key in keys]
        measure.table(("segment", "hits compiled", "hits by hand", "operators compiled"), plans)
        if options.plans:
            for key in keys:
                print(f"\n{key}\n{(await _asked(segmentation, key)).counting().text}")


def folder() -> Path:
    """Return where the graph of these customers lies."""
    return places.FOLDER / f"customers-{digest(customers.lines())}"


def _lines() -> Iterator[customers.Line]:
    yield from customers.lines()
    # Those that others use.
    for key in ("active", "churned", "silent-subscribers"):
        each = library()[key]
        yield {"type": "segment", "key": key, "name": each.name, "where": each.definition()}


async def _asked(segmentation: Segmentation, key: str) -> Audience:
    condition = conditions.read(library()[key].definition())
    return await segmentation.audience(condition, customers.T)


def _by_hand(key: str) -> list[Statement]:
    texts = map(by_hand.counting, by_hand.BY_HAND[key])
    return [Statement(text, by_hand.parameters(text)) for text in texts]


async def _measured(segmentation: Segmentation, key: str, rounds: int) -> list[object]:
    audience = await _asked(segmentation, key)
    await _same(segmentation, key, audience)
    cells = await measured(segmentation.database, key, audience.counting(), _by_hand(key), rounds)
    return [key, *cells]


async def _same(segmentation: Segmentation, key: str, audience: Audience) -> None:
    """Check that every query finds the very members, and that there are some."""
    canonical = audience.condition.canonical()
    rows = await segmentation.database.read(
        compiled(canonical, Verdicts(), customers.T, audience.facts)
    )
    members = sorted(row["key"] for row in rows)
    assert members, f"nobody is in {key}"
    for text in map(by_hand.naming, by_hand.BY_HAND[key]):
        rows = await segmentation.database.read(Statement(text, by_hand.parameters(text)))
        found = sorted(row["key"] for row in rows)
        assert found == members, (
            f"{key}: {len(found)} by hand, {len(members)} compiled; "
            f"{sorted(set(found) ^ set(members))[:5]} differ: {text}"
        )


async def _planned(segmentation: Segmentation, key: str) -> list[object]:
    operators, hits = await profiled(
        segmentation.database, (await _asked(segmentation, key)).counting()
    )
    others = [(await profiled(segmentation.database, each))[1] for each in _by_hand(key)]
    shown = [name for name in reversed(operators) if name not in _FOLDED]
    return [key, f"{hits:,}", f"{min(others):,}", " > ".join(shown)]
