"""Who is judged while segments fill: found by Cypher, so that nobody else need be read for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from graph import errors
from graph.compiler import verdicts
from graph.database import Database
from graph.estimates import Facts
from graph.upkeep.reach import reach, stays_true
from graph.upkeep.rules import Rule

if TYPE_CHECKING:
    from graph.conditions import Condition
    from graph.upkeep.registry import Registry

FEW: Final = 8
"""So many definitions are asked one by one; more are judged from what contacts did."""
WIDER: Final = 8
"""So many times as many contacts are looked through as are judged in one commit."""
PATIENCE: Final = 2.0
"""Seconds for which the writer waits until those are found."""

NEXT: Final = """
MATCH (contact:Contact)
WHERE contact.key > $after
WITH contact ORDER BY contact.key LIMIT $limit
WITH contact, coalesce(contact._due <= $now, false) OR contact._since > $now
    OR coalesce(contact._told > $now, false)
    OR EXISTS {
      MATCH (contact)-[of:MEMBER_OF]->() WHERE of.segment IN $segments
    }
    OR EXISTS { MATCH (contact)-[told:CONSENT_DECIDED]->() WHERE told.at > $now }
    OR ($ahead AND EXISTS { MATCH (contact)-[e]->() WHERE e.at > $now }) AS certain
ORDER BY contact.key
RETURN collect(contact.key) AS keys, collect(CASE WHEN certain THEN contact.key END) AS certain
"""
"""Who is judged, whatever is found: time has more to tell of them, or they are members so far."""


@dataclass(frozen=True, slots=True)
class Next:
    """The contacts to judge of so many that were looked through, up to a key; None to the end.

    `sure` are others who meet definitions, whatever time does: they come in without being judged.
    """

    keys: Sequence[str]
    upto: str | None
    contacts: int
    sure: Sequence[tuple[str, Rule]] = ()


@dataclass(slots=True)
class Candidates:
    """Looks through contacts for those whom definitions may be about.

    `wide` is through how many times as many as are judged at once; `slow` are the segments that
    took too long, whose contacts are all judged.
    """

    database: Database
    wide: int = 1
    slow: set[str] = field(default_factory=set[str])

    async def next(
        self, rules: Sequence[Rule], registry: Registry, after: str, now: int, most: int
    ) -> Next:
        """Return at most so many contacts after a key: all of those after it who may be members.

        Whoever is left out is in none of the segments, and time alone lets nobody of them in.
        """
        asked = self._asked(rules)
        limit = most * self.wide if asked else most
        (row,) = await self.database.read(
            NEXT,
            after=after,
            limit=limit,
            now=now,
            segments=[rule.segment for rule in rules],
            ahead=any((kind.last_at or now) > now for kind in registry.kinds.values()),
        )
        keys: list[str] = row["keys"]
        last = keys[-1] if len(keys) == limit else None
        if not asked:
            return Next(keys, last, len(keys))
        meet = _Meet(self.database, tuple(keys), registry.facts(len(keys), 0), now)
        try:
            met = [(rule, *await meet.both(reached, lasting)) for rule, reached, lasting in asked]
        except errors.GraphTooSlow:
            self.slow.update(rule.segment for rule in rules)
            return Next(keys[:most], keys[most - 1] if len(keys) > most else last, len(keys[:most]))
        judged = set(row["certain"]).union(*(near - sure for _, near, sure in met))
        if len(judged) > most:
            last = sorted(judged)[most - 1]
        self._widen(len(judged), most)
        keys = [key for key in keys if last is None or key <= last]
        entering = [(key, rule) for key in keys for rule, _, sure in met if key in sure - judged]
        return Next([key for key in keys if key in judged], last, len(keys), entering)

    def _asked(
        self, rules: Sequence[Rule]
    ) -> list[tuple[Rule, Condition | None, Condition | None]]:
        """Return what those meet whom each definition may be about, None if that may be anybody.

        With it comes the definition itself where time does not end it.
        """
        if len(rules) > FEW or any(not rule.alone or rule.segment in self.slow for rule in rules):
            return []
        asked = [(rule, rule.saved.definition) for rule in rules]
        found = [(rule, reach(each), each if stays_true(each) else None) for rule, each in asked]
        return [] if any(reached is lasting is None for _, reached, lasting in found) else found

    def _widen(self, judged: int, most: int) -> None:
        """Look through fewer next time where too many were found, and through more where few."""
        if judged > most:
            self.wide = max(1, self.wide // 2)
        elif judged * 2 < most:
            self.wide = min(WIDER, self.wide * 2)


@dataclass(frozen=True, slots=True)
class _Meet:
    """Finds for whom of some contacts conditions hold at an instant."""

    database: Database
    keys: tuple[str, ...]
    facts: Facts
    now: int

    async def both(
        self, reached: Condition | None, lasting: Condition | None
    ) -> tuple[set[str], set[str]]:
        """Return those who meet one condition, None being of anybody, and another, of nobody."""
        near = set(self.keys) if reached is None else await self._of(reached)
        if lasting is None:
            return near, set()
        return near, near if lasting == reached else await self._of(lasting)

    async def _of(self, condition: Condition) -> set[str]:
        statement = verdicts(condition, self.keys, self.now, self.facts)
        return {row["key"] for row in await self.database.read(statement, PATIENCE)}
