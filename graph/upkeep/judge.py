"""Judge contacts by the rules: who comes in and who leaves, and until when that stands."""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from graph.changes import Cause, Change
from graph.upkeep.people import Person
from graph.upkeep.rules import earliest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graph.subjects import Loaded
    from graph.upkeep.rules import Rule

_log = logging.getLogger(__name__)

Stay: TypeAlias = tuple[str, str]
"""A contact's key and a segment's."""


@dataclass(slots=True)
class Judged:
    """What a commit changes of memberships; `sequence` is the number of the last change."""

    now: int
    sequence: int
    people: dict[str, Person] = field(default_factory=dict[str, "Person"])
    changes: list[Change] = field(default_factory=list[Change])
    opened: dict[Stay, int] = field(default_factory=dict[Stay, int])
    ended: set[Stay] = field(default_factory=set[Stay])
    closed: list[tuple[Stay, int, int]] = field(default_factory=list[tuple[Stay, int, int]])
    sizes: Counter[str] = field(default_factory=Counter[str])
    dues: dict[str, int | None] = field(default_factory=dict[str, "int | None"])
    failed: dict[str, str] = field(default_factory=dict[str, str])

    def look(
        self,
        person: Person,
        rules: Iterable[Rule],
        t: int,
        cause: Cause,
        at: int,
        world: Loaded | None = None,
    ) -> None:
        """Judge a contact at t; what turns is so from `at` on, the instant of what was told.

        `world` is what rules see that look past one contact, where there are any.
        """
        for rule in rules:
            subject = person.subject
            if world is not None and not rule.alone:
                subject = world.people[person.key]
            try:
                verdict, until = rule.judge(subject, t)
            except Exception as error:  # noqa: BLE001 - the others are judged all the same
                _log.exception("the segment %r cannot be judged", rule.segment)
                self.failed[rule.segment] = f"A contact could not be judged: {error}"
                continue
            person.judged.add(rule.segment)
            turn = earliest((until,))
            if turn is None:
                person.turns.pop(rule.segment, None)
            else:
                person.turns[rule.segment] = turn
            if verdict is not (rule.segment in person.members):
                self._turn(person, rule, verdict, min(at, t), cause)

    def _turn(
        self,
        person: Person,
        rule: Rule,
        entered: bool,  # noqa: FBT001 - read off the verdict
        at: int,
        cause: Cause,
    ) -> None:
        segment, contact = rule.segment, person.key
        stay = (contact, segment)
        if entered:
            at = max(at, person.left.get(segment, at))
            person.members[segment] = self.opened[stay] = at
        else:
            since = person.members.pop(segment)
            at = max(at, since)
            if self.opened.pop(stay, None) is None:
                self.ended.add(stay)
            self.closed.append((stay, since, at))
            person.left[segment] = at
        self.sizes[segment] += 1 if entered else -1
        self.sequence += 1
        if rule.filled is not None:
            cause = Cause.BACKFILL if rule.first else Cause.DEFINITION
        self.changes.append(
            Change(
                self.sequence,
                segment,
                rule.revision,
                contact,
                entered,
                at,
                self.now,
                cause,
                rule.announced or rule.filled is None,
            )
        )

    def rearm(self, person: Person, rules: Iterable[Rule]) -> None:
        """Note when the contact is due next; no later than before where a rule has not judged."""
        known = all(rule.segment in person.judged for rule in rules if rule.covers(person.key))
        before = () if known or person.due is None else (person.due,)
        due = earliest((*person.turns.values(), *before))
        if due != person.due:
            person.due = self.dues[person.key] = due
