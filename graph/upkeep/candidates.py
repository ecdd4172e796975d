"""Who is judged while segments fill: found by Cypher, so that nobody else need be read for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from graph import errors
from graph.compiler import verdicts
from graph.database import Database
from graph.upkeep.reach import reach, stands
from graph.upkeep.rules import Rule

if TYPE_CHECKING:
    from graph.conditions import Condition
    from graph.database import Row
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
RETURN contact.key AS key,
  coalesce(contact._due <= $now, false) OR contact._since > $now
    OR coalesce(contact._told > $now, false)
    OR EXISTS {
      MATCH (contact)-[of:MEMBER_OF]->() WHERE of.segment IN $segments
    }
    OR EXISTS { MATCH (contact)-[told:CONSENT_DECIDED]->() WHERE told.at > $now }
    OR ($ahead AND EXISTS { MATCH (contact)-[e]->() WHERE e.at > $now }) AS certain
ORDER BY key
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
        reached = self._reached(rules)
        limit = most * self.wide if reached else most
        rows = await self.database.read(
            NEXT,
            after=after,
            limit=limit,
            now=now,
            segments=[rule.segment for rule in rules],
            ahead=any((kind.last_at or now) > now for kind in registry.kinds.values()),
        )
        keys = [row["key"] for row in rows]
        last = keys[-1] if len(keys) == limit else None
        if not reached:
            return Next(keys, last, len(keys))
        try:
            found = await self._found(reached, keys, registry, now)
        except errors.GraphTooSlow:
            self.slow.update(rule.segment for rule in rules)
            return Next(keys[:most], keys[most - 1] if len(keys) > most else last, len(keys[:most]))
        return self._next(rules, found, rows, last, most)

    def _reached(self, rules: Sequence[Rule]) -> list[Condition]:
        """Return what those meet whom each definition may be about; none if that may be anybody."""
        if len(rules) > FEW or any(not rule.alone or rule.segment in self.slow for rule in rules):
            return []
        found = [reach(rule.saved.definition) for rule in rules]
        known = [each for each in found if each is not None]
        return known if len(known) == len(found) else []

    async def _found(
        self, reached: Sequence[Condition], keys: Sequence[str], registry: Registry, now: int
    ) -> Sequence[set[str]]:
        """Return for whom of some contacts each of some conditions holds now."""
        facts = registry.facts(len(keys), 0)
        asked = [verdicts(condition, tuple(keys), now, facts) for condition in reached]
        return [{row["key"] for row in await self.database.read(each, PATIENCE)} for each in asked]

    def _next(
        self,
        rules: Sequence[Rule],
        found: Sequence[set[str]],
        rows: Sequence[Row],
        last: str | None,
        most: int,
    ) -> Next:
        """Return whom to judge: those found are, unless time turns nothing of what was found."""
        certain = {row["key"] for row in rows if row["certain"]}
        standing = all(stands(rule.saved.definition) for rule in rules)
        judged = sorted(certain if standing else certain.union(*found))
        if len(judged) > most:
            self.wide = max(1, self.wide // 2)
            judged, last = judged[:most], judged[most - 1]
        elif len(judged) * 2 < most:
            self.wide = min(WIDER, self.wide * 2)
        keys = [row["key"] for row in rows if last is None or row["key"] <= last]
        sure = [
            (key, rule)
            for key in (keys if standing else ())
            for rule, its in zip(rules, found, strict=True)
            if key in its and key not in certain
        ]
        return Next(judged, last, len(keys), sure)
