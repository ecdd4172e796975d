"""Contacts in memory as conditions see them, with their memberships, within a budget."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from sys import getsizeof
from typing import TYPE_CHECKING, Final, cast

from graph.subject import NEVER, Subject
from graph.subjects import read_subjects

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from graph.conditions import Condition
    from graph.database import Reader
    from graph.subject import Thing
    from graph.upkeep.known import Known
    from graph.upkeep.patterns import Patterns
    from graph.upkeep.trees import Tree

MEMBERSHIPS: Final = """
UNWIND $lists.keys AS key
MATCH (contact:Contact {key: key})
RETURN key, contact._due AS due,
  COLLECT { MATCH (contact)-[of:MEMBER_OF]->() RETURN [of.segment, of.since] } AS member,
  COLLECT {
    MATCH (contact)-[was:WAS_MEMBER]->()
    WITH was.segment AS segment, max(was.until) AS until RETURN [segment, until]
  } AS was
"""

_PERSON: Final = 1500
_EVENT: Final = 250
_TELLING: Final = 100
_OTHER: Final = 100
_INSTANT: Final = 40


@dataclass(slots=True)
class Person:
    """A contact, its memberships with their beginnings, and when verdicts may turn.

    Time turns no verdict before its instant in `turns`, and none that is not there before
    `unknown`; from then on all are judged anew. `left` has the ends of earlier memberships, `times`
    the instants of the events of each pattern whose number is below `numbered`, and that it has:
    in tuples, in which Python looks for no cycles.
    """

    subject: Subject
    due: int | None = None
    unknown: int = NEVER
    members: dict[str, int] = field(default_factory=dict[str, int])
    left: dict[str, int] = field(default_factory=dict[str, int])
    turns: dict[str, int] = field(default_factory=dict[str, int])
    times: dict[int, tuple[int, ...]] = field(default_factory=dict[int, tuple[int, ...]])
    numbered: int = 0
    _weighed: int = field(default=0, init=False)
    _properties: int = field(default=0, init=False)

    @property
    def key(self) -> str:
        """The contact's key."""
        return self.subject.key

    def counted(self, t: int) -> bool:
        """Tell whether all its events count at t: none is to come, and no consent was told."""
        events = self.subject.history.events
        return (
            self.subject.since <= t
            and not self.subject.consents
            and (not events or events[-1].at <= t)
        )

    def instants(self, number: int, patterns: Patterns) -> Sequence[int]:
        """Return when it had events of a pattern, in order."""
        if number >= self.numbered:
            self.count(patterns)
        return self.times.get(number, ())

    def count(self, patterns: Patterns) -> None:
        """Take in the instants of its events of the patterns that are new."""
        if self.numbered < len(patterns):
            found: dict[int, list[int]] = {}
            for event in self.subject.history.events:
                for number in patterns.matched(event):
                    if number >= self.numbered:
                        found.setdefault(number, []).append(event.at)
            self.times.update((number, tuple(times)) for number, times in found.items())
            self.numbered = len(patterns)

    def turning(self, t: int) -> list[str]:
        """Return the segments of which time may have turned the verdict up to t."""
        return [segment for segment, turn in self.turns.items() if turn <= t]

    def next_turn(self) -> int | None:
        """Return before when time turns nothing; None where it never does."""
        least = min(self.turns.values(), default=NEVER)
        least = min(least, self.unknown)
        return None if least >= NEVER else least

    def passed(self, t: int) -> None:
        """Forget the turns up to an instant that nobody judged: their segments are no more so."""
        for segment in self.turning(t):
            del self.turns[segment]
        if self.unknown <= t:
            self.unknown = NEVER

    def bytes(self) -> int:
        """Return about how much memory it takes."""
        events = len(self.subject.history.events)
        others = len(self.members) + len(self.left) + len(self.turns) + len(self.times)
        instants = sum(map(len, self.times.values()))
        told = sum(
            _TELLING + getsizeof(telling.value)
            for tellings in self.subject.traits.values()
            for telling in tellings
        )
        counted = _EVENT * events + _OTHER * others + _INSTANT * instants
        return _PERSON + counted + told + self._weigh()

    def _weigh(self) -> int:
        """Return what the properties of its events take; those weighed before are not again.

        As many new ones as there are; an earlier one in between stands for the last.
        """
        events = self.subject.history.events
        for event in events[self._weighed :]:
            its = event.properties
            self._properties += getsizeof(its)
            self._properties += sum(getsizeof(name) + getsizeof(its[name]) for name in its)
        self._weighed = len(events)
        return self._properties


class Surroundings:
    """The world of those who are looked at alone: saved definitions and the trees."""

    def __init__(self) -> None:
        self.definitions: Mapping[str, Condition] = {}
        self.trees: Mapping[str, Tree] = {}

    def contacts_of(self, account: str) -> Iterable[Subject]:
        """Return nobody: who looks at others has them loaded."""
        del account
        return ()

    def audience_of(self, thing: Thing) -> Iterable[Subject]:
        """Return nobody."""
        del thing
        return ()

    def parents(self, label: str) -> Mapping[str, str | None]:
        """Return each topic or category that is part of another with that."""
        return cast("Mapping[str, str | None]", self.trees[label].parents)

    def definition(self, segment: str) -> Condition:
        """Return the current definition of a saved segment."""
        return self.definitions[segment]


class People:
    """The contacts looked at last, up to `budget` bytes, less what is `known` beside them."""

    def __init__(self, budget: int, known: Known) -> None:
        self._budget = budget
        self._beside = known
        self._bytes = 0
        self._sizes: dict[str, int] = {}
        self._known: OrderedDict[str, Person] = OrderedDict()
        self.surroundings = Surroundings()

    def __contains__(self, key: str) -> bool:
        return key in self._known

    def get(self, key: str) -> Person | None:
        """Return a contact that is in memory, and count it as used."""
        found = self._known.get(key)
        if found is not None:
            self._known.move_to_end(key)
        return found

    def keep(self, key: str, person: Person) -> None:
        """Remember a contact as committed; forget the longest unused."""
        self.forget(key)
        self._known[key] = person
        self._sizes[key] = person.bytes()
        self._bytes += self._sizes[key]
        while self._bytes + self._beside.bytes > self._budget and len(self._known) > 1:
            self.forget(next(iter(self._known)))

    def forget(self, key: str) -> None:
        """Forget a contact; it is read again when it is needed."""
        if self._known.pop(key, None) is not None:
            self._bytes -= self._sizes.pop(key)

    def clear(self) -> None:
        """Forget everybody."""
        self._known.clear()
        self._sizes.clear()
        self._bytes = 0

    async def load(
        self, database: Reader, keys: Collection[str], names: Mapping[str, str]
    ) -> dict[str, Person]:
        """Return contacts that there are, from memory or read; those read are not kept yet."""
        found = {key: person for key in keys if (person := self.get(key)) is not None}
        missing = [key for key in keys if key not in found]
        if missing:
            found |= await read_people(database, missing, names, self.surroundings)
        return found


async def read_people(
    database: Reader,
    keys: Collection[str],
    names: Mapping[str, str],
    surroundings: Surroundings,
) -> dict[str, Person]:
    """Return contacts that there are, with all their events and memberships."""
    found: dict[str, Person] = {}
    async for subject, _ in read_subjects(database, list(keys), None, names, surroundings):
        found[subject.key] = Person(subject)
    for row in await database.read(MEMBERSHIPS, keys=list(keys)):
        person = found[row["key"]]
        person.due = row["due"]
        person.unknown = NEVER if person.due is None else person.due
        person.members = dict(cast("Iterable[tuple[str, int]]", row["member"]))
        person.left = dict(cast("Iterable[tuple[str, int]]", row["was"]))
    return found
