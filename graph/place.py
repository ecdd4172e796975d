"""Places in the log: after which change one stands, so that another log is told from this one.

A log that is restored from a copy, or begun anew, gives the numbers of lost changes to others: its
change of a number was noticed at another instant.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from graph.cursor import cursor, position

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graph.database import Reader

CURSOR: Final = "changes"
"""What cursors of changes are of: one log, whichever of its changes are listed."""
NOTICED: Final = """
UNWIND $lists.sequences AS sequence
MATCH (change:Change {sequence: sequence})
RETURN change.sequence AS sequence, change.detected_at AS noticed
"""
LAST: Final = """
MATCH (owner:Owner {shard: 0})
RETURN owner.sequence AS sequence
"""
_LOOKS: Final = 33
"""After so many a graph of several machines has what one of them has told."""
_LOOK: Final = 0.15
"""Seconds from one to the next."""


@dataclass(frozen=True, slots=True)
class LogPlace:
    """After the change of a number, which was noticed at an instant.

    `noticed` is 0 where that change is not kept: before the first, or after one that is deleted.
    """

    sequence: int
    noticed: int = 0

    @property
    def cursor(self) -> str:
        """The cursor of the place, the same in whichever list or stream."""
        return cursor(CURSOR, [self.sequence, self.noticed])


def place_of(cursor: str) -> LogPlace:
    """Return the place that a cursor stands for.

    Raises:
        InvalidCursor: it is a cursor of something else.
    """
    sequence, noticed = position(CURSOR, cursor, [int, int])
    return LogPlace(cast("int", sequence), cast("int", noticed))


async def log_places(database: Reader, sequences: Sequence[int]) -> list[LogPlace]:
    """Return the places after the changes of some numbers."""
    rows = await database.read(NOTICED, sequences=list(sequences))
    noticed = {row["sequence"]: row["noticed"] for row in rows}
    return [LogPlace(each, noticed.get(each, 0)) for each in sequences]


async def log_place(database: Reader, sequence: int) -> LogPlace:
    """Return the place after the change of a number."""
    (found,) = await log_places(database, [sequence])
    return found


async def foreign(database: Reader, place: LogPlace) -> str | None:
    """Return why a place is none of this log; None where it is one, or nothing is kept to tell."""
    last = await _reached(database, place.sequence)
    if last < place.sequence:
        return f"The log ends at {last}, and the cursor is of {place.sequence}: it is another log"
    found = await log_place(database, place.sequence)
    if found.noticed not in (0, place.noticed):
        return f"Change {place.sequence} is not the one that the cursor is of: it is another log"
    return None


async def _reached(database: Reader, sequence: int) -> int:
    """Return the number of the last change, once it is as far as a number, or does not come."""
    last = 0
    for _ in range(_LOOKS):
        rows = await database.read(LAST)
        last = rows[0]["sequence"] if rows else 0
        if last >= sequence:
            break
        await asyncio.sleep(_LOOK)
    return last
