"""The one writer: a bounded queue, and a loop that commits whatever is waiting together."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from typing import TYPE_CHECKING, Final

from graph import errors
from graph.upkeep.arrivals import Arrival, refusal, taken, weight
from graph.upkeep.batch import Store, saves
from graph.upkeep.kept import claim_in_time
from graph.upkeep.limits import Limits
from graph.upkeep.outcome import Outcome, Refused
from graph.upkeep.owner import LEASE
from graph.upkeep.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from graph.catalogue import Catalogue
    from graph.clock import Clock
    from graph.database import Database
    from graph.upkeep.draft import Row
    from graph.upkeep.owner import Ownership
    from graph.upkeep.registry import Registry
    from graph.webhooks import Webhooks

_log = logging.getLogger(__name__)
_PATIENCE: Final = 0.5
"""Seconds between two looks of a server that stands by."""
_BEAT: Final = LEASE / 4000
"""Seconds between two signs of life."""
_PAUSES: Final = (0.05, 0.2, 0.5)
"""Seconds before a commit that failed is done again."""


class Writer:
    """Takes rows from many and commits them in order; run it as long as anybody tells anything."""

    def __init__(self, database: Database, clock: Clock, limits: Limits | None = None) -> None:
        self._database = database
        self._clock = clock
        self.limits = limits or Limits()
        self._store = Store(database, self.limits)
        self._turns = Turns(clock, self._store)
        self.feed = self._store.feed
        self.webhooks_touched = self._store.webhooks_touched
        self.owning = self.feed.writing
        self.decided = asyncio.Event()
        self._owner: Ownership | None = None
        self._epoch: int | None = None
        self._arrivals: deque[Arrival] = deque()
        self._committing: list[Arrival] = []
        self._turning = False
        self._pending = 0
        self._waiting = asyncio.Event()
        self._failure: errors.SegraphError = errors.GraphUnavailable("This server is starting")

    @property
    def pending(self) -> int:
        """The number of rows that wait or are being committed, an order's lines counted."""
        return self._pending

    @property
    def refusal(self) -> errors.SegraphError | None:
        """Why this server may not write; None where it may."""
        return self._failure if self._owner is None else None

    @property
    def batch(self) -> int | None:
        """The graph's last commit; None where it must be asked: another writes, or one is going."""
        busy = self._committing or self._turning
        return None if self._owner is None or busy else self._owner.batch

    @property
    def registry(self) -> Registry | None:
        """The kinds of events and the traits as committed; None while another server writes."""
        return None if self._owner is None else self._store.registry

    @property
    def catalogue(self) -> Catalogue | None:
        """The saved segments as committed; None where the graph must be asked for them."""
        changing = self._turning or any(saves(each.rows) for each in self._committing)
        return None if self._owner is None or changing else self._store.catalogue

    @property
    def webhooks(self) -> Webhooks | None:
        """The webhooks as committed; None while another server writes."""
        return None if self._owner is None else self._store.webhooks

    def as_of(self) -> int:
        """Return the instant up to which all that arrived here and fell due is in the graph."""
        due = self._store.members.timers.first()
        return min(self._worked_off(self._committing or self._arrivals), due - 1)

    def _worked_off(self, left: Sequence[Arrival]) -> int:
        """Return the instant before the first that is left."""
        return left[0].at - 1 if left else self._clock.now()

    async def tell(self, rows: Sequence[Row]) -> list[Outcome]:
        """Return what became of each row, once that is durable; at most a batch of rows.

        Raises:
            Busy: too much waits already.
            NotOwner: another server writes.
            GraphUnavailable: the graph does not answer; nothing may be known of the rows.
        """
        if not rows:
            return []
        if self._owner is None:
            # Raised again and again, it would keep the frames of all who were told it.
            raise self._failure.with_traceback(None)
        told = sum(map(weight, rows))
        if self._pending and self._pending + told > self.limits.queue:
            raise errors.Busy
        answer: asyncio.Future[list[Outcome]] = asyncio.get_running_loop().create_future()
        self._arrivals.append(Arrival(rows, self._clock.now(), answer, told))
        self._pending += told
        self._waiting.set()
        return await answer

    async def run(self, *, force: bool = False) -> None:
        """Own the graph and commit until cancelled; stand by while another server owns it."""
        try:
            while True:
                await self._write(await self._claimed(force=force))
        finally:
            self._refuse_all(errors.GraphUnavailable("The server is stopping"))
            owner, self._owner = self._owner, None
            self.owning.clear()
            if owner is not None:
                try:
                    await owner.release(self._database)
                except errors.SegraphError as error:
                    _log.warning("the graph could not be released: %s", error.message)

    async def _claimed(self, *, force: bool) -> Ownership:
        """Return the right to write, once no other server has it."""
        while True:
            try:
                owner = await claim_in_time(self._database, self._clock, self._epoch, force=force)
                if owner is not None:
                    self._epoch = owner.epoch
                    return owner
                why: errors.SegraphError = errors.NotOwner()
            except errors.SegraphError as error:
                why = error
            if why.message != self._failure.message:
                _log.warning("this server does not write: %s", why.message)
            self._failure = why
            self.decided.set()
            await asyncio.sleep(_PATIENCE)

    async def _write(self, owner: Ownership) -> None:
        """Work off what fell due, then commit what arrives until the right or the graph is lost."""
        async with asyncio.TaskGroup() as tasks:
            beating = tasks.create_task(self._beat(owner))
            if await self._begun(owner):
                await self._serve(owner)
            beating.cancel()

    async def _begun(self, owner: Ownership) -> bool:
        """Read all anew and work off what fell due; tell whether that went well."""
        try:
            await self._turns.begin(owner)
        except Exception as error:  # noqa: BLE001 - it would end the server, at each start again
            self._failure = refusal(error)
            self.decided.set()
            _log.warning("writing does not begin: %s", self._failure.message)
            await asyncio.sleep(_PATIENCE)
            return False
        self._owner = owner
        self._waiting.clear()
        self.owning.set()
        self.decided.set()
        _log.info("this server writes, as owner %d", owner.epoch)
        return True

    async def _serve(self, owner: Ownership) -> None:
        while self._owner is owner:
            await self._anything()
            if self._arrivals:
                await self._commit(owner)
            if self._owner is owner:
                await self._turned(owner)

    async def _anything(self) -> None:
        """Wait until something arrives or falls due, or is to be filled."""
        members = self._store.members
        if self._arrivals or members.rules.unfilled or members.timers.exhausted:
            return
        due = self._turns.next()
        if due is None:
            await self._waiting.wait()
            return
        waits = [*map(asyncio.ensure_future, (self._waiting.wait(), self._clock.reach(due)))]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in waits:
                each.cancel()

    async def _turned(self, owner: Ownership) -> None:
        """Judge the next who are due, or whom a new definition is about."""
        self._turning = True
        try:
            await self._persistent(
                owner, lambda: self._turns.one(owner, self._worked_off(self._arrivals))
            )
        except Exception as error:  # noqa: BLE001 - it would end the server
            self._lose(refusal(error))
        finally:
            self._turning = False

    async def _persistent(self, owner: Ownership, turn: Callable[[], Awaitable[None]]) -> None:
        """Do turns; what failed is done again, with all that may have changed read anew."""
        for pause in _PAUSES:
            try:
                await turn()
            except errors.GraphSilent:
                raise
            except (errors.GraphUnavailable, errors.GraphTooSlow) as error:
                _log.warning("a turn is done again: %s", error.message)
            else:
                return
            await owner.committed(self._database)
            await self._turns.reload(owner)
            await asyncio.sleep(pause)
        await turn()

    async def _beat(self, owner: Ownership) -> None:
        """Show signs of life, also while much is loaded or worked off and while nothing comes."""
        while True:
            await asyncio.sleep(_BEAT)
            try:
                as_of = self.as_of() if self._owner is owner else None
                await owner.beat(self._database, self._clock.now(), as_of)
            except errors.NotOwner as error:
                if self._owner is owner and not self._committing:
                    self._lose(error)
            except errors.SegraphError as error:
                _log.warning("no sign of life: %s", error.message)

    async def _commit(self, owner: Ownership) -> None:
        self._committing = taken(self._arrivals, self.limits.batch)
        if not self._arrivals:
            self._waiting.clear()
        try:
            await self._answered(self._committing, owner)
        except errors.SegraphError as error:
            self._lose(error)
        # Not where it is ended meanwhile: then those who wait are told so.
        self._pending -= sum(each.weight for each in self._committing)
        self._committing = []

    async def _answered(self, arrivals: Sequence[Arrival], owner: Ownership) -> None:
        """Commit arrivals together; where that is a defect's fault, each on its own."""
        rows = [row for arrival in arrivals for row in arrival.rows]
        try:
            outcomes = iter(await self._committed(rows, owner))
        except errors.Fault as fault:
            _log.exception("%d rows cannot be stored", len(rows))
            await self._turns.reload(owner)
            if len(arrivals) == 1:
                arrivals[0].refuse(fault)
                return
            for arrival in arrivals:
                await self._answered([arrival], owner)
            return
        now = self._clock.now()  # apart: what is durable is not done again for it
        before = min(self._worked_off(self._arrivals), now - 1)
        await self._persistent(owner, lambda: self._turns.work_off_marked(owner, now, before))
        for arrival in arrivals:
            arrival.answer([next(outcomes) for _ in arrival.rows])

    async def _committed(self, rows: Sequence[Row], owner: Ownership) -> list[Outcome]:
        """Commit; what failed is done again, with all that may have changed read anew."""
        for pause in _PAUSES:
            try:
                return await self._once(rows, owner)
            except errors.GraphSilent:
                raise
            except errors.GraphTooSlow as error:
                _log.warning("%d rows are too many at once: %s", len(rows), error.message)
                return await self._halved(rows, owner, error)
            except (errors.GraphUnavailable, errors.Fault) as error:
                _log.warning("a commit is done again: %s", error.message)
            await asyncio.sleep(pause)
            await self._turns.reload(owner)
        return await self._once(rows, owner)

    async def _halved(
        self, rows: Sequence[Row], owner: Ownership, error: errors.GraphTooSlow
    ) -> list[Outcome]:
        await self._turns.reload(owner)
        if len(rows) == 1:
            await owner.committed(self._database)  # raises where another has taken over meanwhile
            return [Refused(error.code, error.message, error=error)]
        half = len(rows) // 2
        first = await self._committed(rows[:half], owner)
        return [*first, *await self._committed(rows[half:], owner)]

    async def _once(self, rows: Sequence[Row], owner: Ownership) -> list[Outcome]:
        """Commit once, what is deleted thinned out first."""
        try:
            now, timers = self._clock.now(), self._store.members.timers
            before = min(self._worked_off(self._committing), timers.first() - 1)
            while (dropped := await self._store.thinning(rows)).events:
                await self._sure(self._store.thin(dropped, owner, now, before), owner)
            prepared = await self._store.prepare(rows, owner, now)
            due = now if prepared.marks.any else timers.first()
            as_of = min(self._worked_off(self._arrivals), due - 1)
            await self._sure(self._store.write(prepared, owner, as_of), owner)
        except errors.SegraphError:
            raise
        except Exception as error:
            raise errors.Fault(f"What was told cannot be stored: {error!r}") from error
        return prepared.outcomes

    async def _sure(self, commit: Awaitable[None], owner: Ownership) -> None:
        """Commit; where the answer is lost, find out whether it is in the graph."""
        try:
            await commit
        except (errors.GraphUnavailable, errors.GraphTooSlow) as error:
            _log.warning("looking whether a commit is in the graph: %s", error.message)
            if not await owner.committed(self._database):
                raise
            try:
                await self._turns.reload(owner)
            except (errors.GraphUnavailable, errors.GraphTooSlow) as again:
                raise errors.GraphSilent(again.message) from again  # the rows are not told again

    def _lose(self, error: errors.SegraphError) -> None:
        """Give up the ownership, and refuse all that waits: nobody knows what the graph holds."""
        _log.warning("writing stops: %s", error.message)
        self._failure = error
        self._owner = None
        self.owning.clear()
        self._refuse_all(error)
        self._waiting.set()

    def _refuse_all(self, error: errors.SegraphError) -> None:
        for arrival in (*self._committing, *self._arrivals):
            arrival.refuse(error)
        self._pending -= sum(each.weight for each in self._arrivals)
        self._arrivals.clear()
