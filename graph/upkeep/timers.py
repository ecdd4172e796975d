"""When next time alone may turn a verdict: the contacts that are due soonest, in order."""

from __future__ import annotations

import heapq
from itertools import islice
from typing import TYPE_CHECKING, Final

from graph.changes import Cause
from graph.subject import NEVER

if TYPE_CHECKING:
    from graph.database import Reader

READ: Final = """
MATCH (contact:Contact)
WHERE contact._due >= $from
RETURN contact.key AS key, contact._due AS due, contact._why AS why,
  contact._marked AS marked
ORDER BY contact._due LIMIT $limit
"""
HELD: Final = 50_000
"""Contacts that are read at once; those due later are read when these are worked off."""
_BEGINNING: Final = -NEVER


class Timers:
    """The contacts that are due soonest; the graph has them all."""

    def __init__(self) -> None:
        self._heap: list[tuple[int, str]] = []
        self._due: dict[str, int] = {}
        self._marks: dict[str, tuple[int, Cause]] = {}
        self._horizon = self._passed = _BEGINNING

    @property
    def exhausted(self) -> bool:
        """Whether none is held, while the graph may have some."""
        return self.next() is None and self._horizon < NEVER

    async def refill(self, database: Reader) -> None:
        """Read whoever is due soonest, where none is held."""
        if not self.exhausted:
            return
        rows = await database.read(READ, limit=HELD, **{"from": _BEGINNING})
        self._horizon = rows[-1]["due"] if len(rows) == HELD else NEVER
        self._due = {row["key"]: row["due"] for row in rows}
        self._marks = {row["key"]: (row["marked"], Cause(row["why"])) for row in rows if row["why"]}
        self._heap = [(due, key) for key, due in self._due.items()]

    def forget(self) -> None:
        """Forget all; they are read anew."""
        self._passed = self.first()
        self._heap, self._due, self._marks, self._horizon = [], {}, {}, _BEGINNING

    def marks(self, most: int) -> list[tuple[int, str]]:
        """Return some who are due for what was told of something else, and when that was."""
        return [(at, key) for key, (at, _) in islice(self._marks.items(), most)]

    def mark(self, key: str) -> tuple[int, Cause]:
        """Return when something else was told for which it is due, and what; NEVER if nothing."""
        return self._marks.get(key, (NEVER, Cause.TIME))

    def arm(self, key: str, due: int | None) -> None:
        """Note when a contact is due, None of never, in place of what was noted."""
        self._marks.pop(key, None)
        self._note(key, due)

    def hasten(self, key: str, at: int, why: Cause) -> None:
        """Note that something else was told for which a contact is due, if it is not before."""
        self._note(key, min(at, self._due.get(key, at)))
        self._marks[key] = (at, why)

    def _note(self, key: str, due: int | None) -> None:
        if due is None or due > self._horizon:
            self._due.pop(key, None)
        elif self._due.get(key) != due:
            self._due[key] = due
            heapq.heappush(self._heap, (due, key))

    def next(self) -> int | None:
        """Return when the first of those held is due; None where none is held."""
        while self._heap and self._due.get(self._heap[0][1]) != self._heap[0][0]:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    @property
    def unheld(self) -> int:
        """The first instant at which any may be due that is not held; NEVER where all are held."""
        return self._passed if self._horizon == _BEGINNING else self._horizon

    def first(self) -> int:
        """Return the first instant at which anybody may be due, those that are not held too."""
        at = self.next()
        return self.unheld if at is None else at

    def due(self, now: int, most: int) -> list[tuple[int, str]]:
        """Return those due up to an instant, the first ones first, without taking them out."""
        found: dict[str, int] = {}
        while len(found) < most and (at := self.next()) is not None and at <= now:
            _, key = heapq.heappop(self._heap)
            found[key] = at
            del self._due[key]
        for key, at in found.items():
            self._note(key, at)
        return [(at, key) for key, at in found.items()]
