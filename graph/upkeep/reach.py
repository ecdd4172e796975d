"""Whom a new definition may be about: found by Cypher, so that nobody else need be read for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from graph import errors
from graph.compiler import verdicts
from graph.conditions.did import Did
from graph.conditions.logic import AllOf, AnyOf, Not
from graph.conditions.sample import Sample
from graph.conditions.trait import TraitIs
from graph.conditions.window import Last, Since, Span
from graph.database import Database

if TYPE_CHECKING:
    from graph.conditions import Condition
    from graph.upkeep.registry import Registry
    from graph.upkeep.rules import Rule

FEW: Final = 8
"""So many definitions are asked one by one; more are judged from what contacts did."""
WIDER: Final = 8
"""So many times as many contacts are looked through as are judged in one commit."""

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
    """The contacts to judge of so many that were looked through, up to a key; None to the end."""

    keys: Sequence[str]
    upto: str | None
    contacts: int


@dataclass(slots=True)
class Candidates:
    """Looks through contacts for those whom definitions may be about.

    `wide` is through how many times as many as are judged at once.
    """

    database: Database
    wide: int = 1

    async def next(
        self, rules: Sequence[Rule], registry: Registry, after: str, now: int, most: int
    ) -> Next:
        """Return at most so many contacts after a key: all of those after it who may be members.

        Whoever is left out is in none of the segments, and time alone lets nobody of them in.
        """
        reached = _reached(rules)
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
        upto = keys[-1] if len(keys) == limit else None
        if not reached:
            return Next(keys, upto, len(keys))
        certain = {row["key"] for row in rows if row["certain"]}
        try:
            found = sorted(certain | await self._found(reached, keys, registry, now))
        except errors.GraphTooSlow:
            self.wide = max(1, self.wide // 2)
            return Next(keys[:most], keys[most - 1] if len(keys) > most else upto, len(keys[:most]))
        if len(found) > most:
            self.wide = max(1, self.wide // 2)
            return Next(found[:most], found[most - 1], keys.index(found[most - 1]) + 1)
        if len(found) * 2 < most:
            self.wide = min(WIDER, self.wide * 2)
        return Next(found, upto, len(keys))

    async def _found(
        self, reached: Iterable[Condition], keys: Sequence[str], registry: Registry, now: int
    ) -> set[str]:
        """Return those of some contacts for whom any of some conditions holds now."""
        facts = registry.facts(len(keys), 0)
        return {
            row["key"]
            for condition in reached
            for row in await self.database.read(verdicts(condition, tuple(keys), now, facts))
        }


def _reached(rules: Sequence[Rule]) -> list[Condition]:
    """Return what those meet whom any of some definitions may be about; none if that is anybody."""
    if len(rules) > FEW or not all(rule.alone for rule in rules):
        return []
    found = [reach(rule.saved.definition) for rule in rules]
    known = [each for each in found if each is not None]
    return known if len(known) == len(found) else []


def reach(condition: Condition) -> Condition | None:
    """Return what holds of all for whom a condition holds, or will by time alone; None of anybody.

    It is so of a contact of whom nothing is told yet for later, and at which nobody else looks.
    """
    match condition:
        case AllOf(children):
            return _all(reach(child) for child in children)
        case AnyOf(children):
            found = [reach(child) for child in children]
            known = tuple(each for each in found if each is not None)
            return AnyOf(known) if len(known) == len(found) else None
        case Sample() | Not(Sample()):
            return condition
        case TraitIs(_, is_) | Not(TraitIs(_, is_)):
            return None if is_.moving else condition
        case Did():
            return _done(condition)
        case _:
            return _all(_ever(each) for each in condition.needs() if isinstance(each, Did))


def _all(found: Iterable[Condition | None]) -> Condition | None:
    known = tuple(each for each in found if each is not None)
    return AllOf(known) if known else None


def _done(did: Did) -> Condition | None:
    """Return how often something was done at least, where time only takes away from that."""
    if not did.least:
        return None
    fades = did.within is None or isinstance(did.within, Last | Since | Span)
    if not fades or did.moving:
        return _ever(did)
    return replace(did, at_least=did.least, at_most=None, exactly=None)


def _ever(did: Did) -> Condition | None:
    """Return that events of the kinds were had so often, whenever that was and whatever of."""
    if not did.least:
        return None
    return Did(events=did.names or None, at_least=did.least)
