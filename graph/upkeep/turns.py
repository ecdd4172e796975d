"""Turns of the writer that nobody told: who is due is judged, and segments are filled."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graph.clock import Clock
from graph.upkeep.batch import Store
from graph.upkeep.members import TURN
from graph.upkeep.retention import Retention

if TYPE_CHECKING:
    from graph.upkeep.owner import Ownership


@dataclass(slots=True)
class Turns:
    """Commits a bounded number of contacts at a time."""

    clock: Clock
    store: Store
    retention: Retention = field(init=False)

    def __post_init__(self) -> None:
        self.retention = Retention(self.store)

    def next(self) -> int | None:
        """Return when there is something to do; None where there is nothing."""
        found = (self.store.members.timers.next(), self.retention.next)
        return min((each for each in found if each is not None), default=None)

    async def one(self, owner: Ownership, arrived: int) -> None:
        """Judge some of those who are due, else of those to be filled, else delete what is old.

        `arrived` is the instant up to which all that arrived is worked off.
        """
        members, now = self.store.members, self.clock.now()
        await members.timers.refill(self.store.database)
        due = members.timers.due(now, TURN)
        if due:
            full, last = len(due) == TURN, due[-1][0]
            upto = last if full else max(last, min(now, members.timers.unheld - 1))
            judged, left = await members.due(due, upto, self.store.registry, now)
            again = [each for each in judged.dues.values() if each is not None]
            left = min(left, upto if full else members.timers.unheld, *again)
            await self.store.write_turn(judged, owner, min(arrived, left - 1))
            return
        filling = await members.fill(self.store.registry, now)
        if filling is not None:
            judged, filled = filling
            await self.store.write_turn(judged, owner, arrived, filled)
            return
        await self.retention.turn(owner, now, arrived)

    async def work_off(self, owner: Ownership, until: int) -> None:
        """Judge all who are due up to an instant."""
        timers = self.store.members.timers
        await timers.refill(self.store.database)
        while (due := timers.next()) is not None and due <= until:
            await self.one(owner, due - 1)
            await timers.refill(self.store.database)

    async def reload(self, owner: Ownership) -> None:
        """Read all that is held of the graph anew."""
        await self.store.reload()
        self.store.members.sequence = owner.sequence
        self.store.feed.moved(owner.sequence)
        await self.store.members.timers.refill(self.store.database)
