"""Turns of the writer that nobody told: who is due is judged, and segments are filled."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

from graph import errors
from graph.clock import Clock
from graph.upkeep import at_once, load
from graph.upkeep.batch import Store
from graph.upkeep.members import TURN
from graph.upkeep.owner import Ownership
from graph.upkeep.people import Surroundings, read_people
from graph.upkeep.retention import Retention


@dataclass(slots=True)
class Turns:
    """Commits a bounded number of contacts at a time."""

    clock: Clock
    store: Store
    retention: Retention = field(init=False)
    _anew: bool = field(init=False, default=True)
    _order: deque[Callable[[Ownership, int], Awaitable[bool]]] = field(init=False)

    def __post_init__(self) -> None:
        self.retention = Retention(self.store)
        self._order = deque((self._judge, self._fill, self._delete))

    async def begin(self, owner: Ownership) -> None:
        """Read all that is held of the graph, and judge all who fell due meanwhile."""
        await asyncio.gather(self.reload(owner), self._plan())
        await self.work_off(owner, self.clock.now())

    async def _plan(self) -> None:
        """Have the graph plan what is asked for each event: one that has just begun takes seconds.

        It is asked of no contacts; whoever asks in earnest is told what fails.
        """
        database, nobody = self.store.database, ()
        with suppress(errors.SegraphError):
            await asyncio.gather(
                at_once.plan(database),
                load.contacts(database, nobody),
                read_people(database, nobody, {}, Surroundings()),
            )

    def next(self) -> int | None:
        """Return when there is something to do; None where there is nothing."""
        found = (self.store.members.timers.next(), self.retention.next)
        return min((each for each in found if each is not None), default=None)

    async def one(self, owner: Ownership, arrived: int) -> None:
        """Judge some who are due, or some to be filled, or delete what is old: in turn.

        So none of them waits for another to come to an end, which it may never do. `arrived` is
        the instant up to which all that arrived is worked off.
        """
        await self.store.members.timers.refill(self.store.database)
        for turn in tuple(self._order):
            self._order.rotate(-1)
            if await turn(owner, arrived):
                return

    async def _judge(self, owner: Ownership, arrived: int) -> bool:
        """Judge some of those who are due; tell whether there were any."""
        members, now = self.store.members, self.clock.now()
        due = members.timers.due(now, TURN)
        if not due:
            return False
        full, last = len(due) == TURN, due[-1][0]
        upto = last if full else max(last, min(now, members.timers.unheld - 1))
        judged, left = await members.due(due, upto, self.store.registry, now)
        again = [each for each in judged.dues.values() if each is not None]
        left = min(left, upto if full else members.timers.unheld, *again)
        await self.store.write_turn(judged, owner, min(arrived, left - 1))
        return True

    async def _fill(self, owner: Ownership, arrived: int) -> bool:
        """Judge some of those whom a new definition is about; tell whether there was one."""
        members = self.store.members
        filling = await members.fill(self.store.registry, self.clock.now())
        if filling is None:
            return False
        await self.store.write_turn(filling[0], owner, self._worked_off(arrived), filling[1])
        return True

    async def _delete(self, owner: Ownership, arrived: int) -> bool:
        """Delete some of what is too old; tell whether there was any."""
        return await self.retention.turn(owner, self.clock.now(), self._worked_off(arrived))

    def _worked_off(self, arrived: int) -> int:
        """Return the instant before the first at which anybody may be due."""
        return min(arrived, self.store.members.timers.first() - 1)

    async def work_off_marked(self, owner: Ownership, until: int, arrived: int) -> None:
        """Judge all who were marked up to an instant for what was told of something else."""
        members = self.store.members
        if self._anew and members.timers.unheld <= until:
            await self.work_off(owner, until)  # of those who are not held no mark is known
        while marked := members.timers.marks(TURN):
            now = self.clock.now()
            judged, _ = await members.due(marked, now, self.store.registry, now)
            await self.store.write_turn(judged, owner, self._worked_off(arrived))
        self._anew = False

    async def work_off(self, owner: Ownership, until: int) -> None:
        """Judge all who are due up to an instant."""
        timers = self.store.members.timers
        await timers.refill(self.store.database)
        while (due := timers.next()) is not None and due <= until:
            await self._judge(owner, due - 1)
            await timers.refill(self.store.database)

    async def reload(self, owner: Ownership) -> None:
        """Read all that is held of the graph anew."""
        await self.store.reload()
        self._anew = True
        self.store.members.sequence = owner.sequence
        self.store.feed.moved(owner.sequence)
        await self.store.members.timers.refill(self.store.database)
