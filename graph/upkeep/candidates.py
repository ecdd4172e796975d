"""Who is looked at while segments fill: Cypher finds whom they may be about, and lets others in.

A contact comes in without being read for it where time does not end what Cypher finds of it.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from graph import errors
from graph.compiler import verdicts
from graph.conditions import Condition
from graph.database import Database
from graph.upkeep.reach import needed_of_any, reach, stays
from graph.upkeep.rules import Rule

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from graph.estimates import Facts
    from graph.upkeep.registry import Registry

_log = logging.getLogger(__name__)

FEW: Final = 8
"""So many definitions are asked one by one; of more, what events they need between them."""
WIDER: Final = 8
"""So many times as many contacts are looked through as are judged in one commit."""
ENTERING: Final = 2000
"""About so many memberships begin in one commit without being judged."""
PATIENCE: Final = 2.0
"""Seconds for which the writer waits at most until candidates are found; then all are judged."""
TRIES: Final = 3
"""After so many failures of the narrowest page all contacts of a segment are judged."""

EVERYBODY: Final = """
MATCH (contact:Contact)
USING INDEX SEEK contact:Contact(key)
WHERE contact.key > $after
RETURN contact.key AS key
ORDER BY contact.key LIMIT $limit
"""
CERTAIN: Final = """
MATCH (contact:Contact)
USING INDEX SEEK contact:Contact(key)
WHERE contact.key > $after
WITH contact ORDER BY contact.key LIMIT $limit
WITH contact, coalesce(contact._due <= $now, false) OR contact._since > $now
    OR coalesce(contact._told > $now, false)
    OR EXISTS {
      MATCH (contact)-[of:MEMBER_OF]->() WHERE of.segment IN $lists.segments
    }
    OR EXISTS {
      MATCH (contact)-[was:WAS_MEMBER]->() WHERE was.until > $now AND was.segment IN $lists.segments
    }
    OR EXISTS { MATCH (contact)-[told:CONSENT_DECIDED]->() WHERE told.at > $now }
    OR ($ahead AND EXISTS { MATCH (contact)-[e]->() WHERE e.at > $now }) AS certain
ORDER BY contact.key
RETURN collect(contact.key) AS keys, collect(CASE WHEN certain THEN contact.key END) AS certain
"""
"""The next, and those who are judged whatever is found of them: time has more to tell of them, or
they are members so far, or were until later than now."""


@dataclass(frozen=True, slots=True)
class Found:
    """The contacts to judge of so many that were looked through, up to a key; None to the end.

    Of all others those in `entering` come into segments, and nobody else is or will be by time.
    """

    keys: Sequence[str]
    upto: str | None
    looked: int
    entering: Sequence[tuple[str, Rule]] = ()


@dataclass(frozen=True, slots=True)
class _Question:
    """What holds of whom definitions may be about, None being anybody, and one definition itself.

    That only where time does not end it: whoever meets it need not be judged.
    """

    rules: Sequence[Rule]
    near: Condition | None
    sure: Condition | None


@dataclass(slots=True)
class Candidates:
    """Looks through contacts for those whom definitions may be about.

    `wide` is through how many times as many as are judged at once, and `widest` the most that did
    not fail; `failures` tells how often that did of segments with their revisions.
    """

    database: Database
    wide: int = 1
    widest: int = WIDER
    failures: Counter[tuple[str, int]] = field(default_factory=Counter[tuple[str, int]])

    async def next(
        self,
        rules: Sequence[Rule],
        registry: Registry,
        after: str,
        now: int,
        most: int,
        meeting: str | None = None,
    ) -> Found:
        """Return at most so many contacts to judge after a key, and who enters without that.

        It ends at the key `meeting`, up to which other segments are filled, if it comes so far.
        """
        if not after:
            self.widest = WIDER
        asked = self._questions(rules)
        if asked:
            try:
                return await self._narrowed(asked, registry, after, now, most, meeting)
            except errors.GraphUnavailable:
                self._fail(rules)
                raise
            except Exception as error:  # noqa: BLE001 - they are judged all the same
                _log.warning("who may be in %s is not found: %s", rules[0].segment, error)
                self._fail(rules)
        keys = [row["key"] for row in await self.database.read(EVERYBODY, after=after, limit=most)]
        return _looked(keys, [keys[-1] if len(keys) == most else None, meeting], set(keys), ())

    def _questions(self, rules: Sequence[Rule]) -> list[_Question]:
        """Return what to ask of definitions; nothing where everybody is to be judged."""
        if not all(rule.alone for rule in rules):
            return []
        if any(self.failures[rule.segment, rule.saved.revision] >= TRIES for rule in rules):
            return []
        defined = [(rule, rule.saved.definition) for rule in rules]
        if len(rules) > FEW:
            together = needed_of_any(each for _, each in defined)
            return [] if together is None else [_Question(rules, together, None)]
        asked = [
            _Question((rule,), reach(each), each if stays(each, true=True) else None)
            for rule, each in defined
        ]
        return [] if any(each.near is None and each.sure is None for each in asked) else asked

    async def _narrowed(
        self,
        asked: Sequence[_Question],
        registry: Registry,
        after: str,
        now: int,
        most: int,
        meeting: str | None,
    ) -> Found:
        end, limit = time.monotonic() + PATIENCE, most * self.wide
        (row,) = await self.database.read(
            CERTAIN,
            PATIENCE,
            after=after,
            limit=limit,
            now=now,
            segments=[rule.segment for each in asked for rule in each.rules],
            ahead=any((kind.last_at or now) > now for kind in registry.kinds.values()),
        )
        keys: list[str] = row["keys"]
        near, sure = await self._met(asked, tuple(keys), registry.facts(len(keys), 0), now, end)
        judged = {*row["certain"], *near}
        entering = [
            (key, rule) for key in keys if key not in judged for rule, its in sure if key in its
        ]
        self._widen(max(len(judged) / most, len(entering) / ENTERING))
        ends = [keys[-1] if len(keys) == limit else None, meeting]
        ends += [sorted(judged)[most - 1]] if len(judged) > most else []
        ends += [entering[ENTERING - 1][0]] if len(entering) > ENTERING else []
        return _looked(keys, ends, judged, entering)

    async def _met(
        self, asked: Sequence[_Question], keys: tuple[str, ...], facts: Facts, now: int, end: float
    ) -> tuple[set[str], Sequence[tuple[Rule, set[str]]]]:
        """Return who of some contacts is to be judged, and who meets which definition for long."""

        async def met(condition: Condition) -> set[str]:
            """Return for whom of them a condition holds now."""
            statement = verdicts(condition, keys, now, facts)
            left = max(end - time.monotonic(), 0.001)
            return {row["key"] for row in await self.database.read(statement, left)}

        judged, sure = set[str](), list[tuple[Rule, set[str]]]()
        for each in asked:
            near = set(keys) if each.near is None else await met(each.near)
            if each.sure is not None:
                lasting = near if each.sure == each.near else await met(each.sure)
                sure += [(rule, lasting) for rule in each.rules]
                near = near - lasting
            judged |= near
        return judged, sure

    def _widen(self, full: float) -> None:
        """Look through fewer next time where a commit was too full, and through more where not."""
        if full > 1:
            self.wide = max(1, self.wide // 2)
        elif full * 2 < 1:
            self.wide = min(self.widest, self.wide * 2)

    def _fail(self, rules: Iterable[Rule]) -> None:
        """Look through fewer from now on; where it was so few already, count the failure."""
        if self.wide > 1:
            self.wide = self.widest = self.wide // 2
        else:
            self.failures.update((rule.segment, rule.saved.revision) for rule in rules)


def _looked(
    keys: Sequence[str],
    ends: Iterable[str | None],
    judged: Collection[str],
    entering: Iterable[tuple[str, Rule]],
) -> Found:
    """Return of what was looked through what lies up to the first of some ends."""
    upto = min((end for end in ends if end is not None), default=None)
    there = [key for key in keys if upto is None or key <= upto]
    return Found(
        [key for key in there if key in judged],
        upto,
        len(there),
        [each for each in entering if upto is None or each[0] <= upto],
    )
