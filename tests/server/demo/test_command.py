"""The demo is loaded once and whole, however often it is broken off, and its story goes on."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from itertools import islice
from typing import TYPE_CHECKING, cast

import pytest

from graph import errors
from graph.clock import FixedClock
from graph.conditions import read
from graph.ingest.lines import EventLine
from graph.segmentation import Segmentation
from server.demo import command, complete_journey, story
from server.demo.complete_journey_segments import SEGMENTS
from server.settings import Settings
from server.transfer.display import Display
from tests.server.demo.story_world import milliseconds

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator
    from pathlib import Path

    from graph.database import Database

pytestmark = pytest.mark.engine

NOW = milliseconds("2026-11-24T12:00:00Z")
LINES = 2500
JOURNEY = command.DataSet.COMPLETE_JOURNEY
WHEN = "2026-01-01T00:00:00Z"


class BrokenOff(Exception):
    """The one who tells is interrupted."""


@asynccontextmanager
async def writing(
    database: Database, clock: FixedClock | None = None
) -> AsyncGenerator[Segmentation]:
    """Run a segmentation, whose clock stands still unless one is given, as long as the block."""
    segmentation = Segmentation(database, clock or FixedClock(NOW))
    await segmentation.prepare()
    task = asyncio.create_task(segmentation.run(force=True))
    try:
        await segmentation.ready()
        yield segmentation
    finally:
        task.cancel()
        await asyncio.wait({task})


def tale(upto: int = LINES) -> command.Tale:
    """Return a tale of one contact, broken off after so many lines."""

    def lines() -> Iterator[command.Fields]:
        for number in range(LINES):
            if number == upto:
                raise BrokenOff
            yield {
                "contact": "ada",
                "event": "Seen",
                "id": str(number),
                "at": "2026-01-01T00:00:00Z",
            }

    return lambda _: (lines(), LINES)


def untold(now: int) -> tuple[Iterator[command.Fields], int]:
    """Fail: nothing is to be told."""
    raise AssertionError(now)


async def test_a_load_that_was_broken_off_goes_on(database: Database, tmp_path: Path) -> None:
    """What was told is not told again, what was not is, and then it is never told again."""
    mark = command.Mark(Settings.load(data=tmp_path))

    async with writing(database) as segmentation:
        with pytest.raises(BrokenOff):
            await command.load(segmentation, tale(1700), mark, Display())
        half, marked = await segmentation.event_count(), mark.read()
        await command.load(segmentation, tale(), mark, Display())
        whole = await segmentation.event_count()
        await command.load(segmentation, untold, mark, Display())

    assert (half, whole) == (1500, LINES)
    assert marked is not None
    assert (marked.lines, marked.now, marked.whole) == (1500, NOW, False)
    assert mark.read() == command.Loaded(str(tmp_path), NOW, LINES, whole=True)


async def test_an_empty_graph_is_told_anew(database: Database, tmp_path: Path) -> None:
    """Whatever the folder remembers, a graph without contacts is told all of it."""
    mark = command.Mark(Settings.load(data=tmp_path))
    mark.keep(command.Loaded(str(tmp_path), NOW - 1, 2000, whole=True))

    async with writing(database) as segmentation:
        await command.load(segmentation, tale(), mark, Display())
        events = await segmentation.event_count()

    assert events == LINES


def test_a_folder_that_is_not_there_is_made(tmp_path: Path) -> None:
    """With a graph at an address nothing else has made the demo's folder."""
    mark = command.Mark(Settings.load(data=tmp_path / "demo" / "story", graph="bolt://there"))

    assert mark.read() is None
    assert mark.begin(NOW) == mark.read()


async def test_a_graph_of_somebody_else_is_left(
    database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Contacts that no demo has told are shown as they are, and that is said."""
    mark = command.Mark(Settings.load(data=tmp_path, graph="bolt://there"))
    command.Mark(Settings.load(data=tmp_path)).begin(NOW)

    async with writing(database) as segmentation:
        await segmentation.tell([EventLine(contact="bo", event="Seen", id="1")])
        await command.load(segmentation, untold, mark, Display())

    assert mark.read() is None
    assert "shown as it is" in caplog.text


async def test_a_line_that_is_refused_is_a_fault(database: Database, tmp_path: Path) -> None:
    """A demo tells nothing that may be refused: it ends and names the line."""
    mark = command.Mark(Settings.load(data=tmp_path))
    wrong: command.Fields = {"contact": "ada", "event": "Seen", "at": "yesterday"}

    async with writing(database) as segmentation:
        with pytest.raises(errors.Fault, match="line 0 of the demo: "):
            await command.load(segmentation, lambda _: (iter([wrong]), 1), mark, Display())


def told_upto(folder: Path, now: int) -> command.Mark:
    """Return the mark of a story that was told up to an instant."""
    mark = command.Mark(Settings.load(data=folder))
    mark.keep(command.Loaded(str(folder), now, LINES, whole=True))
    return mark


@asynccontextmanager
async def going_on(segmentation: Segmentation, mark: command.Mark) -> AsyncGenerator[None]:
    """Let the story go on for as long as the block."""
    task = asyncio.create_task(command.go_on(segmentation, mark))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})


async def reached(mark: command.Mark, now: int) -> None:
    """Wait until the story has been told up to an instant."""
    async with asyncio.timeout(60):
        while (loaded := mark.read()) is None or loaded.now < now:  # noqa: ASYNC110 - of a file
            await asyncio.sleep(0.1)


async def test_the_story_goes_on_from_where_it_stopped(database: Database, tmp_path: Path) -> None:
    """What happened while nobody served arrives first, then what happens, and each once."""
    mark, clock = told_upto(tmp_path, NOW - 3_700_000), FixedClock(NOW)

    async with writing(database, clock) as segmentation:
        async with going_on(segmentation, mark):
            await reached(mark, NOW)
            missed = await segmentation.event_count()
            clock.advance(60_000)
            await reached(mark, NOW + 60_000)
        events = await segmentation.event_count()

    assert missed == told(NOW - 3_700_000, NOW)
    assert events == told(NOW - 3_700_000, NOW + 60_000)


async def test_a_story_that_stopped_long_ago_leaves_a_gap(
    database: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """No more is told at once than a limit allows, and what is left out is said."""
    monkeypatch.setattr(command, "_MISSED", 600_000)
    mark = told_upto(tmp_path, NOW - 3_700_000)

    async with writing(database) as segmentation, going_on(segmentation, mark):
        await reached(mark, NOW)
        events = await segmentation.event_count()

    assert events == told(NOW - 600_000, NOW)
    assert "2026-11-24T10:58:20.000Z and goes on at 2026-11-24T11:50:00.000Z" in caplog.text


async def test_no_story_goes_on_in_a_graph_of_somebody_else(
    database: Database, tmp_path: Path
) -> None:
    """A graph that no demo has told is shown as it is, and stays so."""
    mark = command.Mark(Settings.load(data=tmp_path))

    async with writing(database) as segmentation:
        await asyncio.wait_for(command.go_on(segmentation, mark), 10)

    assert mark.read() is None


def told(start: int, end: int) -> int:
    """Return how many events the story tells between two instants, lines of orders included."""
    lines = story.events_between(start, end)
    return len(lines) + sum(purchases(line) for line in lines)


def purchases(line: command.Fields) -> int:
    """Return how many events an order is beside itself."""
    properties = cast("dict[str, list[object]]", line.get("properties", {}))
    return len(properties["products"]) if line["event"] == "Order Completed" else 0


async def test_the_real_year_comes_with_its_segments(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After its data, of which this takes the first, the segments that make sense on it are saved.

    A progress bar that counts to the total ends full.
    """
    first = list(islice(complete_journey.lines(), 10))
    monkeypatch.setattr(complete_journey, "lines", lambda: iter(first))
    monkeypatch.setattr(complete_journey, "total", lambda: len(first))
    mark, tale = command.Mark(Settings.load(data=tmp_path)), command.tale(JOURNEY)

    async with writing(database) as segmentation:
        await command.load(segmentation, tale, mark, Display())
        saved = await segmentation.catalogue()

    lines, total = tale(NOW)
    assert len(list(lines)) == total
    assert {key: each.definition for key, each in saved.items()} == {
        each.key: read(each.where).canonical() for each in SEGMENTS
    }


def test_each_demo_has_its_clock() -> None:
    """The story is of now; the real year ends where its data do."""
    assert command.clock(command.DataSet.STORY) is None
    assert command.clock(JOURNEY) == "2018-01-01T05:00:00Z"
