"""Judge contacts by the rules: who comes in and who leaves, and until when that stands."""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from graph.changes import Cause, Change
from graph.subject import NEVER
from graph.upkeep.begun import begun
from graph.upkeep.people import Person
from graph.upkeep.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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
    watch: Watch
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
        told: Sequence[int] = (),
        world: Loaded | None = None,
    ) -> None:
        """Judge a contact at t; what turns is so from then on, or since when it was for its news.

        `told` are the instants of those in order, `world` is what rules see that look past one
        contact, where there are any.
        """
        turns, members = person.turns, person.members
        counted = person.counted(t)
        instants = partial(person.instants, patterns=self.watch.patterns) if counted else None
        earlier = bool(told) and told[0] < t
        for rule in rules:
            segment = rule.segment
            try:
                if instants is not None and rule.counts is not None:
                    verdict, until = rule.counts.judge(instants, t)
                elif world is None or rule.alone:
                    verdict, until = rule.judge(person.subject, t)
                else:
                    verdict, until = rule.judge(world.people[person.key], t)
                turned = verdict is not (segment in members)
                since = turned and earlier
                at = begun(rule, person.subject, told, t, instants) if since else t
            except Exception as error:  # noqa: BLE001 - the others are judged all the same
                _log.exception("the segment %r cannot be judged", segment)
                self.failed[segment] = f"A contact could not be judged: {error}"
                continue
            if until < NEVER:
                turns[segment] = until
            else:
                turns.pop(segment, None)
            if turned:
                self._turn(person, rule, verdict, at, cause)

    def enter(self, person: Person, rule: Rule, cause: Cause) -> None:
        """Let somebody in now for whom the definition holds, until more is told."""
        person.turns.pop(rule.segment, None)
        self._turn(person, rule, True, self.now, cause)  # noqa: FBT003 - it enters

    def leave(self, person: Person, rule: Rule, cause: Cause) -> None:
        """Take a member out now, whatever the definition says."""
        self._turn(person, rule, False, self.now, cause)  # noqa: FBT003 - it leaves

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
        filling = cause is Cause.BACKFILL
        if filling and not rule.saved.first:
            cause = Cause.DEFINITION
        self.changes.append(
            Change(
                self.sequence,
                segment,
                rule.saved.revision,
                contact,
                entered,
                at,
                self.now,
                cause,
                rule.saved.announced or not filling,
            )
        )

    def rearm(self, person: Person) -> None:
        """Note when the contact is due next."""
        due = person.next_turn()
        if due != person.due:
            person.due = self.dues[person.key] = due
