"""Load a demo's lines into an empty graph, and let the story go on."""

from __future__ import annotations

import asyncio
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING, Final

import msgspec

from graph import errors
from graph.ingest.lines import decode
from server.demo import complete_journey, story

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from graph.ingest.lines import Line
    from graph.segmentation import Segmentation

_TURN: Final = 5000
_PACE: Final = 1.0


class DataSet(StrEnum):
    """What a demo shows."""

    STORY = "story"
    COMPLETE_JOURNEY = "complete-journey"


async def load(segmentation: Segmentation, what: DataSet, progress: Callable[[int], None]) -> None:
    """Load the lines of a demo if the graph is empty; `progress` is told how many are stored.

    Raises:
        SegraphError: the data set is not installed, or the graph fails.
    """
    if (await segmentation.status()).contacts:
        return
    told: Iterable[Mapping[str, object]] = (
        complete_journey.lines()
        if what is DataSet.COMPLETE_JOURNEY
        else story.lines(segmentation.clock.now())
    )
    lines, done = iter(told), 0
    while turn := [_line(each) for each in islice(lines, _TURN)]:
        await tell(segmentation, turn)
        done += len(turn)
        progress(done)


async def go_on(segmentation: Segmentation) -> None:
    """Let the story go on as the clock does, until cancelled."""
    since = segmentation.clock.now()
    while True:
        await asyncio.sleep(_PACE)
        now = segmentation.clock.now()
        try:
            await tell(segmentation, [_line(each) for each in story.events_between(since, now)])
        except errors.SegraphError:
            continue
        since = now


async def tell(segmentation: Segmentation, lines: list[Line]) -> None:
    """Tell lines of which none may be refused."""
    told = await segmentation.tell(lines)
    if told.rejected:
        first = told.rejected[0]
        raise errors.Fault(f"line {first.index} of the demo: {first.message}")


def _line(fields: Mapping[str, object]) -> Line:
    return decode(msgspec.json.encode(fields))
