"""What was told and waits for the writer, in the order in which it came."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graph import errors
from graph.ingest.events import NewEvent
from graph.ingest.removals import Removal
from graph.upkeep.draft import Row
from graph.upkeep.outcome import Outcome

if TYPE_CHECKING:
    from collections import deque

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Arrival:
    """Rows that were told together at an instant, and where the answer goes."""

    rows: Sequence[Row]
    at: int
    answered: asyncio.Future[list[Outcome]]
    weight: int

    @property
    def alone(self) -> bool:
        """Whether no other row shares its commit: what is deleted may be told of by those."""
        return any(isinstance(row, Removal) for row in self.rows)

    def answer(self, outcomes: list[Outcome]) -> None:
        """Tell what became of the rows, unless nobody waits any more."""
        if not self.answered.done():
            self.answered.set_result(outcomes)

    def refuse(self, error: errors.SegraphError) -> None:
        """Tell why they were not taken, unless nobody waits any more."""
        if not self.answered.done():
            self.answered.set_exception(error)


def weight(row: Row) -> int:
    """Return as how many rows one counts: an order's lines are events too."""
    return 1 + len(row.lines) if isinstance(row, NewEvent) else 1


def taken(waiting: deque[Arrival], most: int) -> list[Arrival]:
    """Take as many whole arrivals as a batch of rows holds, at least one."""
    first = waiting.popleft()
    found, rows = [first], first.weight
    while waiting and not first.alone and not waiting[0].alone and rows + waiting[0].weight <= most:
        found.append(waiting.popleft())
        rows += found[-1].weight
    return found


def refusal(error: Exception) -> errors.SegraphError:
    """Return what those who write are told while an error, or a defect, stops the writer."""
    if isinstance(error, errors.SegraphError) and not isinstance(error, errors.Fault):
        return error
    _log.error("members cannot be kept", exc_info=error)
    return errors.GraphUnavailable("Nothing can be written: the log of the server tells why")
