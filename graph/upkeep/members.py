"""Who is in which segment: judged anew as batches come, as time passes, as segments fill."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from graph import errors
from graph.changes import Cause
from graph.database import Database
from graph.needs import together
from graph.subjects import KEPT, Loaded, gather
from graph.upkeep.applied import applied, news_of
from graph.upkeep.judge import Judged
from graph.upkeep.marks import (
    Marks,
    changed_accounts,
    changed_things,
    moved_places,
    types_of,
)
from graph.upkeep.nodes import Things
from graph.upkeep.people import People, Person
from graph.upkeep.rules import Rule, Rules, rules_of
from graph.upkeep.timers import Timers

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from graph.catalogue import Catalogue
    from graph.upkeep.applied import News
    from graph.upkeep.draft import Draft
    from graph.upkeep.registry import Registry
    from graph.upkeep.trees import Tree

TURN: Final = 250
"""Contacts that are judged in one commit, where nobody waits for just them."""

NEXT: Final = """
MATCH (contact:Contact)
WHERE contact.key > $after
RETURN contact.key AS key
ORDER BY contact.key LIMIT $limit
"""


@dataclass(frozen=True, slots=True)
class Filled:
    """How far a turn filled segments: up to a key, None to the end; of how many contacts."""

    rules: Collection[Rule]
    upto: str | None
    contacts: int


@dataclass(slots=True)
class Members:
    """What is known of members as committed; each method returns what a commit would change."""

    database: Database
    people: People
    rules: Rules = field(default_factory=Rules)
    timers: Timers = field(default_factory=Timers)
    sequence: int = 0
    _things: Things = field(default_factory=Things)

    def forget(self) -> None:
        """Forget all of the graph."""
        self.people.clear()
        self.timers.forget()
        self._things.clear()

    def take(self, catalogue: Catalogue, trees: Mapping[str, Tree]) -> None:
        """Take the definitions and the trees as committed."""
        self.rules = rules_of(catalogue)
        self.people.surroundings.definitions = self.rules.definitions
        self.people.surroundings.trees = trees

    async def told(self, draft: Draft, registry: Registry, now: int) -> tuple[Judged, Marks]:
        """Judge those of whom a batch tells, and say who else is to be judged for it."""
        judged, marks = Judged(now, self.sequence), Marks(now)
        if not self.rules.by_key:
            return judged, marks
        news = news_of(draft)
        turned = {key: each for key, each in news.items() if self._turns(key, each)}
        if turned:
            nodes = await self._things.nodes(self.database, turned.values(), draft)
            people = await self.people.load(self.database, turned, registry.names())
            for key, each in turned.items():
                known = people.get(key)
                person = None if known is None else known.copy()
                if person is not None:
                    self._pass_time(judged, person, now)
                subject = applied(
                    key, person and person.subject, each, nodes, self.people.surroundings
                )
                person = person or Person(subject)
                person.subject = subject
                cause, at = each.cause(now)
                judged.look(person, self._asked(person, each), now, cause, at)
                judged.rearm(person, self.rules)
                judged.people[key] = person
        self._mark(marks, draft, news, registry)
        return judged, marks

    def _turns(self, key: str, news: News) -> bool:
        """Tell whether news may turn any verdict on a contact, or it is in memory."""
        kinds = news.kinds
        return kinds is None or key in self.people or any(r.looks_at(kinds) for r in self.rules)

    def _asked(self, person: Person, news: News) -> list[Rule]:
        """Return the rules that look at one contact alone, and that news may turn."""
        kinds, key = news.kinds, person.subject.key
        return [
            rule
            for rule in self.rules.alone
            if rule.covers(key)
            and (kinds is None or rule.segment not in person.judged or rule.looks_at(kinds))
        ]

    def _pass_time(self, judged: Judged, person: Person, now: int) -> None:
        """Judge a contact at each instant up to now at which time may have turned a verdict."""
        rules = [rule for rule in self.rules.alone if rule.covers(person.key)]
        due = person.due
        while due is not None and due <= now:
            asked = [rule for rule in rules if person.awaits(rule.segment, due)]
            judged.look(person, asked, due, Cause.TIME, due)
            due = min((each for each in person.turns.values() if each > due), default=None)

    def _mark(
        self, marks: Marks, draft: Draft, news: Mapping[str, News], registry: Registry
    ) -> None:
        marks.things, marks.places = changed_things(draft), moved_places(draft)
        marks.accounts = changed_accounts(draft)
        marks.needs = self.rules.needs
        if marks.needs.levels:
            marks.had, marks.asked = types_of(marks.needs, registry.names())
            marks.beyond = {
                key: each.cause(marks.now)[0]
                for key, each in news.items()
                if (kinds := each.kinds) is None
                or any(rule.looks_at(kinds) for rule in self.rules.social)
            }

    async def due(self, keys: Iterable[tuple[int, str]], registry: Registry, now: int) -> Judged:
        """Judge contacts, each at the instant at which it is due, in order."""
        judged, due = Judged(now, self.sequence), list(keys)
        people = await self.people.load(self.database, [key for _, key in due], registry.names())
        rules, world = await self._seen(judged, list(self.rules), list(people), registry)
        for at, key in due:
            if key not in people:
                continue
            person = judged.people.setdefault(key, people[key].copy())
            cause = self.timers.why(key)
            asked = [
                rule
                for rule in rules
                if rule.covers(key) and (cause is not Cause.TIME or person.awaits(rule.segment, at))
            ]
            judged.look(person, asked, at, cause, at, world)
            person.passed(at)
            judged.rearm(person, self.rules)
        return judged

    async def _seen(
        self, judged: Judged, rules: list[Rule], keys: list[str], registry: Registry
    ) -> tuple[list[Rule], Loaded | None]:
        """Return the rules that can judge, and what those see of others that look past a contact.

        Those that look at too many others fail.
        """
        social = [rule for rule in rules if not rule.alone]
        if not social or not keys:
            return rules, None
        needs = together(rule.needs for rule in social)
        known, names = self.rules.definitions, registry.names()
        try:
            world = await gather(self.database, keys, needs, known, names, KEPT)
        except errors.TooMuch as error:
            judged.failed |= {rule.segment: error.message for rule in social}
            return [rule for rule in rules if rule.alone], None
        return rules, world

    async def fill(self, registry: Registry, now: int) -> tuple[Judged, Filled] | None:
        """Judge the next contacts by the segments that are being filled; None where none is."""
        rules = self.rules.unfilled
        if not rules:
            return None
        judged = Judged(now, self.sequence)
        after = rules[0].filled or ""
        rows = await self.database.read(NEXT, after=after, limit=TURN)
        keys = [row["key"] for row in rows]
        people = await self.people.load(self.database, keys, registry.names())
        able, world = await self._seen(judged, rules, keys, registry)
        for key, known in people.items():
            person = known.copy()
            judged.look(person, able, now, Cause.BACKFILL, now, world)
            judged.rearm(person, self.rules)
            judged.people[key] = person
        upto = keys[-1] if len(keys) == TURN else None
        return judged, Filled(rules, upto, len(keys))

    def remember(self, judged: Judged, marks: Marks | None = None) -> None:
        """Remember what was committed."""
        self.sequence = judged.sequence
        for key, person in judged.people.items():
            self.people.keep(key, person)
        for key, due in judged.dues.items():
            self.timers.arm(key, due)
        if marks is not None and marks.any:
            if marks.things or marks.places or marks.accounts:
                self.people.clear()
                self._things.clear()
            for key, cause in marks.found.items():
                person = self.people.get(key)
                if person is not None:
                    person.due = marks.now
                self.timers.arm(key, marks.now, cause)
