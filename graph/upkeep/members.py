"""Who is in which segment: judged anew as batches come, as time passes, as segments fill."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING, Final

from graph.changes import Cause
from graph.database import Database
from graph.subject import NEVER, Subject
from graph.upkeep.applied import applied, event_of, news_of
from graph.upkeep.asked import anew, awaiting, turned
from graph.upkeep.candidates import Candidates, Found
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
from graph.upkeep.rules import Rule, Rules
from graph.upkeep.sight import Seen, Sight
from graph.upkeep.timers import Timers

if TYPE_CHECKING:
    from graph.catalogue import Catalogue, Saved
    from graph.upkeep.applied import News
    from graph.upkeep.draft import Draft
    from graph.upkeep.registry import Registry
    from graph.upkeep.trees import Tree

TURN: Final = 250
"""Contacts that are judged in one commit, where nobody waits for just them."""
AHEAD: Final = 4
"""Of so many turns one fills those that are furthest; the others let those behind catch up."""
AGAIN: Final = 4
"""How often as many are judged in one commit, where some are due again meanwhile."""


@dataclass(frozen=True, slots=True)
class Filled:
    """How far a turn filled segments: up to a key, None to the end; of how many contacts."""

    rules: Collection[Rule]
    upto: str | None
    contacts: int

    def advanced(self) -> Iterator[Saved]:
        """Yield the segments as far as they then are."""
        for rule in self.rules:
            saved = rule.saved
            first = saved.first and self.upto is not None
            yield replace(saved, filled=self.upto, done=saved.done + self.contacts, first=first)


@dataclass(slots=True)
class Members:
    """What is known of members as committed; each method returns what a commit would change."""

    database: Database
    people: People
    rules: Rules = field(default_factory=Rules)
    timers: Timers = field(default_factory=Timers)
    sequence: int = 0
    sight: Sight = field(init=False)
    _candidates: Candidates = field(init=False)
    _things: Things = field(default_factory=Things)
    _turns: int = 0
    _outdated: bool = False

    def __post_init__(self) -> None:
        self.sight = Sight(self.database)
        self._candidates = Candidates(self.database)

    def forget(self) -> None:
        """Forget all of the graph."""
        self.people.clear()
        self.timers.forget()
        self._things.clear()
        self.rules = Rules()

    def take(self, catalogue: Catalogue, trees: Mapping[str, Tree]) -> None:
        """Take the definitions and the trees as committed."""
        before = self.rules
        self.rules = self.rules.following(catalogue)
        looked = self.rules.described != before.described
        if self.rules.watch is not before.watch or (self._outdated and looked):
            # What they count is numbered anew, or they know things as they were.
            self.people.clear()
            self._outdated = False
        self.people.surroundings.definitions = self.rules.definitions
        self.sight.definitions = self.rules.definitions
        self.people.surroundings.trees = trees
        if not self.rules.by_key:
            self.people.clear()  # nobody is told what is done from now on
            self._things.clear()

    def judged(self, now: int) -> Judged:
        """Return a commit in which nobody is judged yet."""
        return Judged(now, self.sequence, self.rules.watch)

    async def told(self, draft: Draft, registry: Registry, now: int) -> tuple[Judged, Marks]:
        """Judge those of whom a batch tells, and say who else is to be judged for it."""
        judged = self.judged(now)
        if not self.rules.by_key:
            return judged, Marks(now)
        news = news_of(draft, now)
        nodes = await self._things.nodes(self.database, news.values(), draft)
        events = {key: [event_of(new, nodes) for new in each.events] for key, each in news.items()}
        new = {key for key in news if draft.contacts.get(key) is None}
        asked = [
            key
            for key, each in news.items()
            if each.profile or key in self.people or self.rules.watch.matter(events[key])
        ]
        there = [key for key in asked if key not in new]
        people = await self.people.load(self.database, there, registry.names())
        told = {key: news[key].instants(now) for key in asked}
        before = {key: told[key][0] - 1 for key in people}
        await self._catch_up(judged, people, _dues(people), before, registry)
        for key in asked:
            person = people.get(key)
            if person is None:
                person = Person(Subject(key, now, world=self.people.surroundings))
                person.left = draft.gone.get(key, person.left)
            if news[key].profile:
                person.subject = applied(person.subject, news[key], nodes)
            t = _judged_at(person, told[key], now)
            rules = turned(person, self.rules, news[key], events[key], t, new=key in new)
            judged.look(person, rules, t, news[key].cause, told[key])
            judged.rearm(person)
            judged.people[key] = person
        marks = self._marks(draft, news, registry, now)
        # Those who are marked are judged from there on when others may look at what was told.
        left = [each for each in _dues(people) if each[1] not in marks.beyond]
        await self._catch_up(judged, people, left, dict.fromkeys(people, now), registry)
        return judged, marks

    def around(self, news: Mapping[str, Cause], registry: Registry, now: int) -> Marks:
        """Return marks of contacts with news, and of those around them as far as rules look."""
        marks = Marks(now, needs=self.rules.needs, beyond=news)
        if marks.needs.levels:
            marks.had, marks.asked = types_of(marks.needs, registry.names())
        return marks

    def _marks(self, draft: Draft, news: Mapping[str, News], registry: Registry, now: int) -> Marks:
        """Return marks of all that a batch tells of others than those whom it names."""
        social = self.rules.social
        beyond = {
            key: each.cause
            for key, each in news.items()
            if social
            and ((kinds := each.kinds) is None or any(rule.looks_at(kinds) for rule in social))
        }
        marks = self.around(beyond, registry, now)
        looked = self.rules.described
        marks.things, marks.places = changed_things(draft, looked), moved_places(draft, looked)
        marks.accounts = changed_accounts(draft, looked)
        marks.otherwise = any(map(draft.known, (*draft.changed, *draft.placed)))
        return marks

    async def due(
        self, keys: Iterable[tuple[int, str]], upto: int, registry: Registry, now: int
    ) -> tuple[Judged, int]:
        """Judge contacts at each instant up to one at which they are due, all in order.

        Return with it the first instant at which one of them is left, NEVER where none is.
        """
        judged, found = self.judged(now), {key: at for at, key in keys}
        people = await self.people.load(self.database, found, registry.names())
        due = sorted((_first(people[key], at), key) for key, at in found.items() if key in people)
        due = [each for each in due if each[0] <= upto]
        number, seen = await self._seen(judged, people, due, dict.fromkeys(people, upto), registry)
        rest = due[number:]
        ends = dict.fromkeys(people, due[number - 1][0] if rest else upto)
        left = self._pass_time(judged, people, due[:number], ends, seen, AGAIN * TURN)
        return judged, min(left, rest[0][0]) if rest else left

    async def _catch_up(
        self,
        judged: Judged,
        people: Mapping[str, Person],
        due: Iterable[tuple[int, str]],
        upto: Mapping[str, int],
        registry: Registry,
    ) -> None:
        """Judge contacts at each instant up to one of their own at which they are due."""
        due = sorted((at, key) for at, key in due if at <= upto[key])
        while due:
            number, seen = await self._seen(judged, people, due, upto, registry)
            self._pass_time(judged, people, due[:number], upto, seen)
            due = due[number:]

    async def _seen(
        self,
        judged: Judged,
        people: Mapping[str, Person],
        due: Iterable[tuple[int, str]],
        upto: Mapping[str, int],
        registry: Registry,
    ) -> tuple[int, Seen]:
        """Return how many of the first who are due can be judged now, and what their rules see."""
        asked = {key: self._able(judged, self._asked(people[key], upto[key])) for _, key in due}
        return await self.sight.of(asked, registry.names(), judged.failed)

    def _pass_time(
        self,
        judged: Judged,
        people: Mapping[str, Person],
        due: list[tuple[int, str]],
        upto: Mapping[str, int],
        seen: Seen,
        most: int = NEVER,
    ) -> int:
        """Judge contacts at each instant up to one of their own at which they are due, in order.

        At most so many are; return the first instant at which one is left, NEVER where none is.
        """
        heapify(due)
        while due and most:
            most -= 1
            at, key = heappop(due)
            person = judged.people[key] = people[key]
            self._reach(judged, person, at, seen)
            if person.due is not None and person.due <= upto[key]:
                heappush(due, (person.due, key))
        return due[0][0] if due else NEVER

    def _reach(self, judged: Judged, person: Person, at: int, seen: Seen) -> None:
        """Judge a contact that is due, up to what was told of others where it is marked for it."""
        marked, why = self.timers.mark(person.key)
        while at < marked < NEVER:
            self._judge(judged, person, at, Cause.TIME, seen)
            at = marked if person.due is None else min(person.due, marked)
        self._judge(judged, person, at, why, seen)

    def _judge(self, judged: Judged, person: Person, at: int, cause: Cause, seen: Seen) -> None:
        by_time = cause is Cause.TIME
        asked = awaiting(person, self.rules, at) if by_time else self._asked(person, at)
        for world, rules in seen.by_world(self._able(judged, asked)):
            judged.look(person, rules, at, cause, world=world)
        person.passed(at)
        judged.rearm(person)

    def _asked(self, person: Person, upto: int) -> list[Rule]:
        """Return the rules to judge a contact by that is due: for what others told, or by time."""
        marked, _ = self.timers.mark(person.key)
        if marked >= NEVER:
            return awaiting(person, self.rules, upto)
        asked = awaiting(person, self.rules, max(upto, marked))
        segments = {rule.segment: None for rule in (*self.rules.social, *asked)}
        return self.rules.covering(segments, person.key)

    @staticmethod
    def _able(judged: Judged, rules: Iterable[Rule]) -> list[Rule]:
        """Return the rules that have not failed."""
        return [rule for rule in rules if rule.segment not in judged.failed]

    async def fill(self, registry: Registry, now: int) -> tuple[Judged, Filled] | None:
        """Judge the next contacts by the segments that are being filled; None where none is.

        Of some it is known without that, and they come in.
        """
        waiting = self.rules.unfilled
        if not waiting:
            return None
        self._turns += 1
        ahead = self._turns % AHEAD == 0
        rules = waiting[-1 if ahead else 0]
        meeting = None if ahead or len(waiting) == 1 else waiting[1][0].saved.filled
        judged = self.judged(now)
        after = rules[0].saved.filled or ""
        found = await self._candidates.next(rules, registry, after, now, TURN, meeting)
        people = await self.people.load(self.database, found.keys, registry.names())
        await self._catch_up(judged, people, _dues(people), dict.fromkeys(people, now), registry)
        able = self._able(judged, rules)
        asked = {key: able for key in found.keys if key in people}
        number, seen = await self.sight.of(asked, registry.names(), judged.failed)
        keys = list(asked)[:number]
        if number < len(asked):
            found = Found(keys, keys[-1], number)
        for key in keys:
            person = judged.people[key] = people[key]
            segments = anew(person, self.rules, now)
            able = [rule for rule in self._able(judged, rules) if rule.segment in segments]
            for world, its in seen.by_world(able):
                judged.look(person, its, now, Cause.BACKFILL, world=world)
            judged.rearm(person)
        for key, rule in found.entering:
            if rule.segment in judged.failed:
                continue
            person = self.people.get(key)
            if person is not None:
                judged.people[key] = person
            judged.enter(person or Person(Subject(key, now)), rule, Cause.BACKFILL)
        return judged, Filled(self._able(judged, rules), found.upto, found.looked)

    def remember(self, judged: Judged, marks: Marks | None = None) -> None:
        """Remember what was committed."""
        self.sequence = judged.sequence
        for key, person in judged.people.items():
            self.people.keep(key, person)
        for key, due in judged.dues.items():
            self.timers.arm(key, due)
        if marks is not None:
            self._remember_marked(marks)

    def _remember_marked(self, marks: Marks) -> None:
        if marks.otherwise or marks.lost:
            self._things.clear()
            self._outdated = True
        if marks.things or marks.places or marks.accounts or marks.lost:
            self.people.clear()
        for key in marks.gone:
            self.timers.arm(key, None)
        for key, cause in marks.found.items():
            person = self.people.get(key)
            if person is not None:
                person.due = marks.now if person.due is None else min(person.due, marks.now)
            self.timers.hasten(key, marks.now, cause)


def _dues(people: Mapping[str, Person]) -> list[tuple[int, str]]:
    """Return when each is due that ever is."""
    return [(each.due, key) for key, each in people.items() if each.due is not None]


def _judged_at(person: Person, told: Sequence[int], now: int) -> int:
    """Return when a contact is judged for news: now, or just before it is due in between."""
    if person.due is None or person.due > now:
        return now
    return max(told[0], person.due - 1)


def _first(person: Person, at: int) -> int:
    """Return when a contact is due, who is noted to be at an instant; it may be due before."""
    return at if person.due is None else min(at, person.due)
