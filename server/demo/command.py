"""Load a demo's lines into an empty graph, and let the story go on."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from itertools import chain, islice, repeat
from typing import TYPE_CHECKING, Final, TypeAlias

import msgspec

from graph import errors
from graph.ingest.decoding import decode
from graph.times import DAY, HOUR, instant_text
from server.demo import complete_journey, story
from server.demo.complete_journey_segments import SEGMENTS

if TYPE_CHECKING:
    from pathlib import Path

    from graph.ingest.lines import Line
    from graph.segmentation import Segmentation
    from server.settings import Settings
    from server.transfer.display import Display

Fields: TypeAlias = Mapping[str, object]
Tale: TypeAlias = Callable[[int], tuple[Iterator[Fields], int]]

_log = logging.getLogger(__name__)
_TURNS: Final = (500, 1000, 2000)
_TURN: Final = 5000
_PACE: Final = 1.0
_MISSED: Final = 7 * DAY


class DataSet(StrEnum):
    """What a demo shows."""

    STORY = "story"
    COMPLETE_JOURNEY = "complete-journey"


class Loaded(msgspec.Struct, frozen=True):
    """How far a graph has been told: up to which instant the story goes, and after which line."""

    graph: str
    now: int
    lines: int = 0
    whole: bool = False


class Mark:
    """Keeps in the demo's folder how far its graph has been told."""

    def __init__(self, settings: Settings) -> None:
        self._graph = settings.where
        self._path: Path = settings.data / "demo.json"

    def read(self) -> Loaded | None:
        """Return what is kept of this graph; None where nothing is."""
        try:
            loaded = msgspec.json.decode(self._path.read_bytes(), type=Loaded)
        except (OSError, msgspec.DecodeError):
            return None
        return loaded if loaded.graph == self._graph else None

    def begin(self, now: int) -> Loaded:
        """Keep that nothing has been told yet."""
        return self.keep(Loaded(self._graph, now))

    def keep(self, loaded: Loaded) -> Loaded:
        """Keep it, whole or not at all; a folder that is not there yet is made."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_name(f"{self._path.name}.new")
        fresh.write_bytes(msgspec.json.encode(loaded))
        fresh.replace(self._path)
        return loaded


def clock(what: DataSet) -> str | None:
    """Return where the clock of a demo starts; None where it is the present."""
    return complete_journey.CLOCK if what is DataSet.COMPLETE_JOURNEY else None


def check(what: DataSet) -> None:
    """Do nothing where a demo's data are there.

    Raises:
        DataSetMissing: they are not installed.
    """
    if what is DataSet.COMPLETE_JOURNEY:
        complete_journey.check()


def tale(what: DataSet) -> Tale:
    """Return what a demo tells as of an instant, and how many lines that are."""
    return {DataSet.STORY: _story, DataSet.COMPLETE_JOURNEY: _journey}[what]


async def load(segmentation: Segmentation, tale: Tale, mark: Mark, display: Display) -> None:
    """Load the lines of a demo into an empty graph, or those that are missing.

    A graph that holds something, and is not known to the mark, is left as it is.

    Raises:
        SegraphError: the data set is not installed, or the graph fails.
    """
    await segmentation.ready()
    loaded = mark.read()
    if not await segmentation.contact_count():
        loaded = mark.begin(segmentation.clock.now())
    if loaded is None:
        _log.warning("The graph holds contacts that no demo has told; it is shown as it is")
    if loaded is None or loaded.whole:
        return
    told, total = await asyncio.to_thread(tale, loaded.now)
    display.begin("loading", total, at=loaded.lines)
    rest = islice(told, loaded.lines, None)
    # A graph that has just started is slow at first.
    sizes = chain(_TURNS, repeat(_TURN))
    while turn := await asyncio.to_thread(_turn, rest, next(sizes)):
        await tell(segmentation, turn)
        done = loaded.lines + len(turn)
        loaded = mark.keep(Loaded(loaded.graph, loaded.now, done))
        display.advance(done, len(turn))
    display.done()
    mark.keep(Loaded(loaded.graph, loaded.now, loaded.lines, whole=True))


async def go_on(segmentation: Segmentation, mark: Mark) -> None:
    """Let the story go on as the clock does, from where it was told up to, until cancelled.

    What was missed comes hour by hour, a week of it at most. A graph that is not known to the
    mark is told nothing.
    """
    loaded = mark.read()
    if loaded is None:
        return
    loaded = _not_too_old(loaded, segmentation.clock.now())
    while True:
        now = segmentation.clock.now()
        until = max(loaded.now, min(now, loaded.now + HOUR))
        happened = await asyncio.to_thread(story.events_between, loaded.now, until)
        try:
            await tell(segmentation, [_line(each) for each in happened])
        except errors.SegraphError as error:
            _log.warning("the story waits: %s", error.message)
            await asyncio.sleep(_PACE)
            continue
        loaded = mark.keep(msgspec.structs.replace(loaded, now=until))
        if until >= now:
            await asyncio.sleep(_PACE)


def _not_too_old(loaded: Loaded, now: int) -> Loaded:
    start = now - _MISSED
    if loaded.now >= start:
        return loaded
    _log.warning(
        "The story stopped at %s and goes on at %s; an empty graph is told a whole one",
        instant_text(loaded.now),
        instant_text(start),
    )
    return msgspec.structs.replace(loaded, now=start)


async def tell(segmentation: Segmentation, lines: list[Line]) -> None:
    """Tell lines of which none may be refused."""
    told = await segmentation.tell(lines)
    if told.rejected:
        first = told.rejected[0]
        raise errors.Fault(f"line {first.index} of the demo: {first.message}")


def _story(now: int) -> tuple[Iterator[Fields], int]:
    told = list(story.lines(now))
    return iter(told), len(told)


def _journey(now: int) -> tuple[Iterator[Fields], int]:
    del now
    # Filled once at the end, instead of judged with each purchase.
    saved = [segment.line() for segment in SEGMENTS]
    return chain(complete_journey.lines(), saved), complete_journey.total() + len(saved)


def _turn(lines: Iterator[Fields], most: int) -> list[Line]:
    return [_line(each) for each in islice(lines, most)]


def _line(fields: Fields) -> Line:
    return decode(msgspec.json.encode(fields))
