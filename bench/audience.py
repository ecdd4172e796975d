"""`audience`: compiled definitions beside Cypher written by hand, on 20,000 contacts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench import beside, measure, places, readers
from bench.shapes import SHAPES, Shape
from graph import conditions
from graph.database import Statement

if TYPE_CHECKING:
    from argparse import Namespace

    from graph.segmentation import Segmentation


async def run(options: Namespace) -> None:
    """Print how long each shape takes, compiled and by hand."""
    folder = places.FOLDER / f"readers-{readers.digest()}"
    async with beside.world(folder, readers.lines(), readers.EVENTS) as segmentation:
        rows = [await _measured(segmentation, shape, options.rounds) for shape in SHAPES]
        measure.table(("shape", *beside.HEAD), rows)
        if options.plans:
            for shape in SHAPES:
                await _shown(segmentation, shape)


async def _compiled(segmentation: Segmentation, shape: Shape) -> Statement:
    audience = await segmentation.audience(conditions.read(shape.where), readers.T)
    return audience.counting()


def _by_hand(shape: Shape) -> list[Statement]:
    parameters = {"t": readers.T, **shape.parameters}
    return [Statement(text, parameters) for text in shape.by_hand]


async def _measured(segmentation: Segmentation, shape: Shape, rounds: int) -> list[object]:
    ours = await _compiled(segmentation, shape)
    cells = await beside.measured(segmentation.database, shape.name, ours, _by_hand(shape), rounds)
    return [shape.name, *cells]


async def _shown(segmentation: Segmentation, shape: Shape) -> None:
    """Print the operators and database hits of what is compiled and of each query by hand."""
    ours = await _compiled(segmentation, shape)
    print(f"\n{shape.name}\n{ours.text}")
    for query in (ours, *_by_hand(shape)):
        operators, hits = await beside.profiled(segmentation.database, query)
        print(f"  {hits:,} hits: {' < '.join(operators)}")
