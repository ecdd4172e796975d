"""The log as it grows: all changes in their order, to many who follow, without gap or double.

What this server commits is passed on at once; what another commits is found by looking at the log a
few times a second. Who begins earlier, or falls behind, reads from the graph by the page, so that
nobody's memory grows.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from bisect import bisect_right
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Final, TypeAlias

from graph import errors, times
from graph.changes import Change, kept_since, read_next, read_window
from graph.place import LAST, foreign

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator

    from graph.database import Database
    from graph.place import LogPlace

_log = logging.getLogger(__name__)

RECENT: Final = 10_000
"""Changes that are remembered, and that may wait for one who follows."""
WINDOW: Final = 2000
"""Numbers of the log that one statement reads."""
FEW: Final = 20
"""Segments whose changes are found one by one, past those of all others."""
LOOK: Final = 0.15
"""Seconds between two looks at the log while another server writes."""
_AGAIN: Final = 0.5
"""Seconds after which a graph that does not answer is asked again."""
_VISIBLE: Final = 0.02
"""Seconds in which a commit that is seen in part is seen in whole."""
_AHEAD: Final = 5.0
"""Seconds in which a graph of several machines has what one of them has told."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which changes are followed: those of some segments, and of a contact; None is of all."""

    segments: frozenset[str] | None = None
    contact: str | None = None

    def takes(self, change: Change) -> bool:
        """Tell whether a change is one of these."""
        return (self.segments is None or change.segment in self.segments) and (
            self.contact is None or change.contact == self.contact
        )


ALL: Final = Wanted()


@dataclass(frozen=True, slots=True)
class Batch:
    """All changes that are wanted up to a number of the log, the oldest first; there may be none.

    Whoever has worked them off goes on after `upto`.
    """

    changes: Sequence[Change]
    upto: int


class Inbox:
    """What waits for one who follows; once it is `full` it is emptied, and takes nothing more.

    `after` is the number of the log after which all that is wanted is put here; once it is full,
    it is the one up to which nothing was left.
    """

    def __init__(self, wanted: Wanted, after: int) -> None:
        self.wanted = wanted
        self.after = after
        self.full = False
        self._changes: list[Change] = []
        self._upto = 0
        self._filled = asyncio.Event()

    def put(self, change: Change) -> None:
        """Let a change wait."""
        if change.sequence > self.after and not self.full and self.wanted.takes(change):
            self._changes.append(change)
            if len(self._changes) > RECENT:
                self.overflow(change.sequence)

    def overflow(self, passed: int) -> None:
        """Let nothing wait: it is to be read from the graph.

        `passed` is the number up to which all that is wanted was put here.
        """
        if self.full:
            return  # it left something before already
        left = self._changes[0].sequence - 1 if self._changes else passed
        self.after = max(self.after, left)
        self.full = True
        self._changes = []
        self._filled.set()

    def close(self, upto: int) -> None:
        """Wake who follows where anything waits; that is all there is up to a number."""
        self._upto = upto
        if self._changes:
            self._filled.set()

    async def batch(self, quiet: float | None) -> Batch | None:
        """Return what waits, as soon as anything does; None where it is full.

        Where nothing comes for some seconds, it has no changes, and ends nowhere.
        """
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(quiet):
                await self._filled.wait()
        if self.full:
            return None
        changes, self._changes = self._changes, []
        self._filled.clear()
        return Batch(changes, self._upto if changes else 0)


_Followed: TypeAlias = tuple[str, str] | None
"""What is followed: a segment or a contact by its key, or everything."""


class Feed:
    """The log of one server's graph, for all who follow it; keep `run` running beside.

    Attributes:
        writing: Whether this process writes the log, and tells of all that it commits.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.writing = asyncio.Event()
        self._told = 0
        self._passed = 0
        self._recent: deque[Change] = deque(maxlen=RECENT)
        self._inboxes: dict[_Followed, dict[Inbox, None]] = {}
        self._woken = asyncio.Event()

    async def after(
        self, sequence: int, wanted: Wanted = ALL, quiet: float | None = None
    ) -> AsyncGenerator[Batch]:
        """Yield all changes after a number of the log, in order, as long as one listens.

        Each comes once, whatever becomes of the servers and the graph: once it has begun, it waits
        while the graph does not answer. Begin at `latest()` for those to come, at 0 for all of a
        log that is kept for ever, and go on at the `upto` of the last batch. Close it where you
        leave early: `async with contextlib.aclosing(feed.after(n)) as batches`. Where nothing that
        is wanted comes for `quiet` seconds, a batch without changes tells how far the log is.

        Raises:
            NoLongerKept: changes that came after it are deleted, or the log never came so far.
            GraphUnavailable: the graph does not answer at the beginning.
        """
        await self._reach(sequence)
        while True:
            with self._inbox(wanted, sequence) as inbox:
                async for batch in self.between(sequence, inbox.after, wanted):
                    sequence = batch.upto
                    yield batch
                while (batch := await inbox.batch(quiet)) is not None:
                    sequence = batch.upto if batch.changes else max(sequence, self._passed)
                    yield Batch(batch.changes, sequence)
                sequence = max(sequence, inbox.after)

    async def between(self, after: int, upto: int, wanted: Wanted) -> AsyncGenerator[Batch]:
        """Yield all changes after a number of the log up to another that is committed, in order.

        Raises:
            NoLongerKept: some of them are deleted.
        """
        while after < upto:
            batch = await self._earlier(after, upto, wanted)
            after = batch.upto
            yield batch

    async def check(self, place: LogPlace) -> None:
        """Check that all after a place in the log is there to be followed.

        Raises:
            NoLongerKept: changes that came after it are deleted, or it is a place in another log.
            GraphUnavailable: the graph does not answer.
        """
        await self._reach(place.sequence)
        reason = await foreign(self._database, place)
        if reason is not None:
            raise errors.NoLongerKept(reason)

    async def _reach(self, sequence: int) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_AHEAD):
                while await self.latest() < sequence:  # noqa: ASYNC110 - another may write it
                    await asyncio.sleep(LOOK)
        if self._told < sequence:
            raise errors.NoLongerKept(
                f"The log ends at {self._told}, and the cursor is of {sequence}: it is another log"
            )
        await self._check(sequence)

    async def begins(self) -> int:
        """Return the number after which the log is kept: 0 where all of it is."""
        return (await kept_since(self._database))[0]

    async def latest(self) -> int:
        """Return the number of the last change that is committed.

        Raises:
            GraphUnavailable: another server writes, and the graph does not answer.
        """
        if not self.writing.is_set():
            rows = await self._database.read(LAST)
            self.moved(rows[0]["sequence"] if rows else 0)
        return self._told

    def published(self, changes: Sequence[Change]) -> None:
        """Take what was just committed here, all of it."""
        if not changes:
            return
        if self._passed == self._told == changes[0].sequence - 1:
            self._pass(changes)
        self.moved(changes[-1].sequence)

    def moved(self, sequence: int) -> None:
        """Take note that all up to a number is committed."""
        self._told = max(self._told, sequence)
        if self._passed < self._told:
            self._woken.set()

    async def run(self) -> None:
        """Find what was not passed on by who committed it, until cancelled."""
        while True:
            self._woken.clear()
            try:
                if self._inboxes and not self.writing.is_set():
                    await self.latest()
                while self._passed < self._told:
                    await self._catch_up()
            except errors.SegraphError as error:
                _log.warning("the log cannot be followed: %s", error.message)
                await asyncio.sleep(_AGAIN)
                continue
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK if self._inboxes else None):
                    await self._woken.wait()

    async def _catch_up(self) -> None:
        """Pass on the next of what is committed; where that is too much, let all read it."""
        after, upto = self._passed, min(self._passed + WINDOW, self._told)
        if self._inboxes and self._told - after <= RECENT:
            found = await read_window(self._database, after, upto)
            if found is not None and after == self._passed:
                self._pass(found)
                return
            if after >= await self.begins():
                await asyncio.sleep(_VISIBLE)
                return
        self._passed = self._told
        self._recent.clear()
        for inbox in {each for inboxes in self._inboxes.values() for each in inboxes}:
            inbox.overflow(after)

    def _pass(self, changes: Sequence[Change]) -> None:
        """Let changes wait for all who want them."""
        touched = dict[Inbox, None]()
        for change in changes:
            self._recent.append(change)
            for followed in (("segment", change.segment), ("contact", change.contact), None):
                for inbox in self._inboxes.get(followed, ()):
                    inbox.put(change)
                    touched[inbox] = None
        self._passed = changes[-1].sequence
        for inbox in touched:
            inbox.close(self._passed)

    @contextlib.contextmanager
    def _inbox(self, wanted: Wanted, sequence: int) -> Generator[Inbox]:
        """Give an inbox of all that is passed on from now on, and comes after a number."""
        inbox, followed = Inbox(wanted, max(sequence, self._passed)), _followed(wanted)
        for each in followed:
            self._inboxes.setdefault(each, {})[inbox] = None
        self._woken.set()
        try:
            yield inbox
        finally:
            for each in followed:
                del self._inboxes[each][inbox]
                if not self._inboxes[each]:
                    del self._inboxes[each]

    async def _earlier(self, after: int, upto: int, wanted: Wanted) -> Batch:
        """Return the next of what was passed on before, from memory or from the graph."""
        end = min(after + WINDOW, upto)
        while True:
            if self._recent and self._recent[0].sequence <= after + 1 and end <= self._passed:
                recent = list(self._recent)
                first, last = (
                    bisect_right(recent, each, key=attrgetter("sequence")) for each in (after, end)
                )
                return Batch([each for each in recent[first:last] if wanted.takes(each)], end)
            try:
                if (read := await self._read(after, end, upto, wanted)) is not None:
                    return read
                await self._check(after)
                await asyncio.sleep(_VISIBLE)
            except (errors.GraphUnavailable, errors.GraphTooSlow) as error:
                _log.warning("the log is read again: %s", error.message)
                await asyncio.sleep(_AGAIN)

    async def _read(self, after: int, end: int, upto: int, wanted: Wanted) -> Batch | None:
        """Return what the graph has: of few segments up to as late as there is little of them."""
        segments, contact = wanted.segments, wanted.contact
        if segments is not None and contact is None and len(segments) <= FEW:
            found = await read_next(self._database, after, upto, segments, WINDOW)
            return None if found is None else Batch(*found)
        read = await read_window(self._database, after, end, segments, contact)
        return None if read is None else Batch(read, end)

    async def _check(self, sequence: int) -> None:
        before, since = await kept_since(self._database)
        if sequence < before:
            raise errors.NoLongerKept(
                f"The log is kept since {times.instant_text(since)}, and the cursor is from before"
            )


def _followed(wanted: Wanted) -> list[_Followed]:
    """Return what to be woken by: the rarer of what is wanted."""
    if wanted.contact is not None:
        return [("contact", wanted.contact)]
    if wanted.segments is not None:
        return [("segment", each) for each in wanted.segments]
    return [None]
