"""Segmentation: the few things one may ask of the graph or tell it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from graph import errors, export, model, times
from graph.audience import LONGEST_PAGE
from graph.checkup import unindexed
from graph.endpoints import Endpoints
from graph.ingest.consents import consent_change
from graph.ingest.contacts import contact_change
from graph.ingest.decoding import Unreadable
from graph.ingest.events import new_event
from graph.ingest.lines import (
    ConsentLine,
    ContactLine,
    EventLine,
    Line,
    SegmentLine,
)
from graph.ingest.removals import Removal, removal
from graph.ingest.segments import Archiving, segment_change
from graph.ingest.things import node_change
from graph.reading import Reading
from graph.roster import live
from graph.snapshot import Rollcall, pages, settled
from graph.upkeep.arrivals import weight
from graph.upkeep.draft import Row
from graph.upkeep.kept import check_clock
from graph.upkeep.limits import Limits
from graph.upkeep.outcome import Done, Kept, Outcome, Refused, refused
from graph.upkeep.writer import Writer

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping, Sequence

    from graph.catalogue import Saved
    from graph.clock import Clock
    from graph.database import Database, Engine
    from graph.feed import Feed

SKEW: Final = 5 * times.MINUTE
_PAUSE: Final = 200
"""Lines that are checked before others have their turn."""


@dataclass(frozen=True, slots=True)
class Rejection:
    """A line that was not taken: its place among those told, its key, and why."""

    index: int
    key: str | None
    code: str
    message: str
    path: errors.Path


@dataclass(slots=True)
class Told:
    """What became of lines that were told; an answer means that they are durable."""

    accepted: int = 0
    duplicates: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: list[Rejection] = field(default_factory=list[Rejection])

    def add(self, outcome: Done) -> None:
        """Count one line that was taken."""
        match outcome:
            case Done.ACCEPTED:
                self.accepted += 1
            case Done.DUPLICATE:
                self.duplicates += 1
            case Done.CREATED:
                self.created += 1
            case Done.UPDATED:
                self.updated += 1
            case Done.UNCHANGED:
                self.unchanged += 1
            case Done.DELETED | Done.UNKNOWN:
                raise errors.Fault(f"Of a line became {outcome}")


@dataclass(slots=True)
class Deleted:
    """What became of what was to be deleted; `unknown` are the places of what there is not."""

    deleted: int = 0
    unknown: list[int] = field(default_factory=list[int])
    rejected: list[Rejection] = field(default_factory=list[Rejection])


@dataclass(slots=True)
class Checked:
    """Lines, the rows that they mean with their places, and those that cannot be taken.

    `weight` is the number of lines, those of orders counted as well.
    """

    now: int
    skew: int
    lines: list[Line | errors.BadInput] = field(default_factory=list[Line | errors.BadInput])
    rows: list[tuple[int, Row]] = field(default_factory=list[tuple[int, Row]])
    rejected: list[Rejection] = field(default_factory=list[Rejection])
    weight: int = 0
    _paused: int = 0

    async def add(self, line: Line | errors.BadInput) -> None:
        """Check one line; after some, others have their turn."""
        row, index = _checked(line, self.now, self.skew), len(self.lines)
        self.lines.append(line)
        if isinstance(row, errors.BadInput):
            self.weight += 1
            self.rejected.append(_rejection(index, line, refused(row)))
        else:
            self.weight += weight(row)
            self.rows.append((index, row))
        if self.weight >= self._paused + _PAUSE:
            self._paused = self.weight
            await asyncio.sleep(0)


class Segmentation(Reading):
    """Segments over a graph: prepare it, keep `run` running, ask and tell."""

    def __init__(
        self, database: Database, clock: Clock, limits: Limits | None = None, skew: int = SKEW
    ) -> None:
        self._limits = limits or Limits()
        self._skew = skew
        super().__init__(database, clock, Writer(database, clock, self._limits))
        self.endpoints = Endpoints(database, self._writer)

    @property
    def feed(self) -> Feed:
        """The log as it grows, for all who follow it."""
        return self._writer.feed

    async def prepare(self) -> Engine:
        """Make constraints where they are missing, and return what the graph runs on.

        Raises:
            GraphUnavailable: it does not answer, refuses us, or is too old.
            ClockBehind: it was last written at an instant that is yet to come.
        """
        engine = await self.engine()
        await check_clock(self.database, self.clock.now())
        for text in model.constraints():
            await self.database.change(text)
        for kind in await unindexed(self.database):
            await self.database.change(model.event_index(kind))
        return engine

    async def run(self, *, force: bool = False) -> None:
        """Write what is told until cancelled; `force` where no other server can be alive.

        Whoever follows the log hears of it as long as this runs.
        """
        async with asyncio.TaskGroup() as tasks:
            following = tasks.create_task(self.feed.run())
            try:
                await self._writer.run(force=force)
            finally:
                following.cancel()

    def checking(self) -> Checked:
        """Return where lines are checked one by one, as they come, to be told together."""
        return Checked(self.clock.now(), self._skew)

    async def tell(self, lines: Sequence[Line | errors.BadInput]) -> Told:
        """Return what became of lines; those that could not be read count as refused.

        Raises:
            Busy: too much waits; nothing was taken.
            NotOwner: another server writes.
            GraphUnavailable: the graph does not answer; tell it again.

        Where that happens after some lines were taken, the rest come back as refused for it.
        """
        checked = self.checking()
        for line in lines:
            await checked.add(line)
        return await self.tell_checked(checked)

    async def tell_checked(self, checked: Checked) -> Told:
        """Return what became of lines that are checked; raises as `tell` does."""
        told = Told(rejected=checked.rejected)
        outcomes = await self._told([row for _, row in checked.rows])
        for (index, _), outcome in zip(checked.rows, outcomes, strict=True):
            _count(told, index, checked.lines[index], outcome)
        told.rejected.sort(key=lambda each: each.index)
        return told

    async def _told(self, rows: Sequence[Row]) -> list[Outcome]:
        outcomes = list[Outcome]()
        while len(outcomes) < len(rows):
            try:
                outcomes += await self._writer.tell(self._batch(rows, len(outcomes)))
            except errors.SegraphError as error:
                if not outcomes:
                    raise
                left = Refused(error.code, error.message, ())
                outcomes += [left] * (len(rows) - len(outcomes))
        return outcomes

    def _batch(self, rows: Sequence[Row], start: int) -> Sequence[Row]:
        """Return the rows from a place on that are told together, at least one."""
        room, end = self._limits.batch, start
        while end < len(rows) and (room >= weight(rows[end]) or end == start):
            room -= weight(rows[end])
            end += 1
        return rows[start:end]

    async def save_segment(self, line: Line | errors.BadInput) -> Saved:
        """Save a segment, and return it as it then is.

        Raises:
            SegmentCycle: it would use itself.
            RevisionConflict: it is at another revision than expected.
            BadInput: at the path of what is refused.
            SegraphError: as `tell`.
        """
        row = _checked(line, self.clock.now(), self._skew)
        if isinstance(row, errors.BadInput):
            raise row
        return await self._segment(row)

    async def archive_segment(self, key: str) -> Saved:
        """Archive a segment, and return it; it can be saved again.

        Raises:
            SegmentNotFound: there is none.
            SegmentInUse: others use it.
            SegraphError: as `tell`.
        """
        return await self._segment(Archiving(key, self.clock.now()))

    async def _segment(self, row: Row) -> Saved:
        (outcome,) = await self._writer.tell([row])
        match outcome:
            case Kept(saved=saved):
                return saved
            case Refused(error=errors.SegraphError() as error):
                raise error
            case _:
                raise errors.Fault(f"Of a segment became {outcome}")

    async def delete(self, doomed: Sequence[tuple[str, str]]) -> Deleted:
        """Delete contacts and things, by label and key, with all events of them or about them.

        Raises:
            SegraphError: as `tell`.
        """
        found, rows = Deleted(), list[Removal]()
        places: list[int] = []
        for index, (label, key) in enumerate(doomed):
            try:
                rows.append(removal(label, key))
                places.append(index)
            except errors.BadInput as error:
                refusal = refused(error)
                found.rejected.append(
                    Rejection(index, key, refusal.code, refusal.message, refusal.path)
                )
        for index, row, outcome in zip(places, rows, await self._told(rows), strict=True):
            match outcome:
                case Refused(code=code, message=message, path=path):
                    found.rejected.append(Rejection(index, row.key, code, message, path))
                case Done.UNKNOWN:
                    found.unknown.append(index)
                case _:
                    found.deleted += 1
        found.rejected.sort(key=lambda each: each.index)
        return found

    async def export(self) -> AsyncGenerator[Mapping[str, object]]:
        """Yield everything as lines that an import takes."""
        names = (await self._registry()).names()
        async for line in export.lines(self.database, names):
            yield line

    async def rollcall(self, key: str) -> Rollcall:
        """Return all members of a saved segment after the last change, to be listed one by one.

        Raises:
            SegmentNotFound: there is none.
            SegmentNotLive: its members are not kept, or not yet.
        """
        live(key, await self.catalogue())
        traits = [each for each in (await self._registry()).traits.values() if each.contacts]
        as_of = await self._as_of()
        place = (await settled(self.database, key)).place
        listed = pages(self.database, self.feed, key, place.sequence, LONGEST_PAGE)
        return Rollcall(place, as_of, sorted(each.name for each in traits), listed)

    async def ready(self, *, own: bool = True) -> None:
        """Wait until this server writes, or where others may: until it knows whether it does."""
        await (self._writer.owning if own else self._writer.decided).wait()


def _checked(line: Line | errors.BadInput, now: int, skew: int) -> Row | errors.BadInput:
    """Return the row that a line means, or why there is none."""
    if isinstance(line, errors.BadInput):
        return line
    try:
        return _row(line, now, skew)
    except errors.BadInput as error:
        return error


def _row(line: Line, now: int, skew: int) -> Row:
    match line:
        case EventLine():
            return new_event(line, now, skew)
        case ContactLine():
            return contact_change(line, now, skew)
        case ConsentLine():
            return consent_change(line, now, skew)
        case SegmentLine():
            return segment_change(line, now)
        case _:
            return node_change(line)


def _count(told: Told, index: int, line: Line | errors.BadInput, outcome: Outcome) -> None:
    if isinstance(outcome, Refused):
        told.rejected.append(_rejection(index, line, outcome))
    else:
        told.add(outcome if isinstance(outcome, Done) else outcome.done)


def _rejection(index: int, line: Line | errors.BadInput, refusal: Refused) -> Rejection:
    match line:
        case Unreadable():
            key = line.key
        case errors.BadInput():
            key = None
        case EventLine():
            key = line.id
        case ConsentLine():
            key = line.contact
        case _:
            key = line.key
    return Rejection(index, key, refusal.code, refusal.message, refusal.path)
