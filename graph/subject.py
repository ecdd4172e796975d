"""All that a condition may look at of one contact, as values: its history, traits and accounts."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING, Protocol

import msgspec

from graph import errors, times
from graph.model import ThingKind
from graph.values import Stored

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


UTC = "UTC"
NEVER = 2**62
"""An instant after all others."""
_IN_ORDER = attrgetter("at", "id")


@dataclass(frozen=True, slots=True)
class Thing:
    """What an event was about, and its place in the trees: every topic and category it is under."""

    kind: ThingKind
    key: str
    properties: Mapping[str, Stored] = field(default_factory=dict[str, "Stored"])
    topics: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()

    def value(self, name: str) -> Stored | None:
        """Return a property, its key among them; None where it has none."""
        return self.key if name == "key" else self.properties.get(name)


class Event(msgspec.Struct, frozen=True, gc=False):
    """Something that a contact did, at an instant in milliseconds since 1970.

    There are many of them in memory, and none is part of a cycle: Python looks for none in them.
    """

    id: str
    name: str
    at: int
    about: Thing
    properties: Mapping[str, Stored] = msgspec.field(default_factory=dict[str, "Stored"])
    source: str = "api"
    purpose: str | None = None


@dataclass(frozen=True, slots=True)
class Telling:
    """A trait's value from an instant on; None is none."""

    at: int
    value: Stored | None


@dataclass(frozen=True, slots=True)
class Account:
    """An account that a contact belongs to."""

    key: str
    traits: Mapping[str, Stored]

    def trait(self, name: str) -> Stored | None:
        """Return the value of a trait, or the key; None where it has none."""
        return self.key if name == "key" else self.traits.get(name)


class Decision(StrEnum):
    """What a contact decided on a purpose; of two at one instant WITHDRAWN wins."""

    GRANTED = "GRANTED"
    WITHDRAWN = "WITHDRAWN"


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision from an instant on."""

    at: int
    decision: Decision


class Definition(Protocol):
    """A saved definition, as far as others look at it."""

    def holds(self, subject: Subject, t: int) -> bool:
        """Tell whether a contact meets it at an instant."""
        ...

    def valid_until(self, subject: Subject, t: int) -> int:
        """Return until when that stands if nothing happens."""
        ...


class World(Protocol):
    """What a condition may see beyond one contact."""

    def contacts_of(self, account: str) -> Iterable[Subject]:
        """Return all contacts of an account."""
        ...

    def audience_of(self, thing: Thing) -> Iterable[Subject]:
        """Return all contacts with an event about a thing."""
        ...

    def parents(self, label: str) -> Mapping[str, str | None]:
        """Return each topic or category with what it is part of."""
        ...

    def definition(self, segment: str) -> Definition:
        """Return the current definition of a saved segment."""
        ...


class Alone:
    """The world of a contact of whom nothing beyond it is asked."""

    def contacts_of(self, account: str) -> Iterable[Subject]:
        """Return nobody."""
        del account
        return ()

    def audience_of(self, thing: Thing) -> Iterable[Subject]:
        """Return nobody."""
        del thing
        return ()

    def parents(self, label: str) -> Mapping[str, str | None]:
        """Return no tree."""
        del label
        return {}

    def definition(self, segment: str) -> Definition:
        """Refuse: there is none."""
        raise errors.Fault(f"The definition of {segment!r} was not loaded")


ALONE = Alone()


class History:
    """A contact's events in order of time, equal times by id."""

    def __init__(self, events: Iterable[Event] = ()) -> None:
        self.events = sorted(events, key=_IN_ORDER)

    def extend(self, events: Iterable[Event]) -> None:
        """Take in more events, in any order."""
        kinds, more = self._kinds, dict[str, list[Event]]()
        for event in events:
            insort(self.events, event, key=_IN_ORDER)
            if event.name not in more:
                more[event.name] = [*kinds.get(event.name, ())]
            insort(more[event.name], event, key=_IN_ORDER)
        kinds.update((name, tuple(of_kind)) for name, of_kind in more.items())

    @cached_property
    def _kinds(self) -> dict[str, tuple[Event, ...]]:
        kinds: dict[str, list[Event]] = {}
        for event in self.events:
            kinds.setdefault(event.name, []).append(event)
        # Python looks for cycles in lists, not in tuples of what can be in none.
        return {name: tuple(events) for name, events in kinds.items()}

    def between(self, names: tuple[str, ...], first: int, last: int) -> Iterator[Event]:
        """Yield the events of these kinds, or of any where none is named, both instants in."""
        for events in [self._kinds.get(name, ()) for name in names] if names else [self.events]:
            start = bisect_left(events, first, key=attrgetter("at"))
            end = bisect_right(events, last, lo=start, key=attrgetter("at"))
            yield from events[start:end]


@dataclass(frozen=True, slots=True)
class Subject:
    """One contact as conditions see it; `since` is the instant from which it exists."""

    key: str
    since: int
    history: History = field(default_factory=History)
    traits: Mapping[str, tuple[Telling, ...]] = field(
        default_factory=dict[str, tuple[Telling, ...]]
    )
    accounts: tuple[Account, ...] = ()
    consents: Mapping[str, tuple[Decided, ...]] = field(
        default_factory=dict[str, tuple[Decided, ...]]
    )
    world: World = field(default=ALONE, repr=False)

    def told(self, name: str, first: int, last: int) -> tuple[Telling, ...]:
        """Return what was told of a trait from one instant to another, both in."""
        tellings = self.traits.get(name, ())
        start = bisect_left(tellings, first, key=attrgetter("at"))
        return tellings[start : bisect_right(tellings, last, key=attrgetter("at"))]

    def decision(self, purpose: str, t: int) -> Decision | None:
        """Return the newest decision on a purpose up to an instant; None where there is none."""
        decided = self.consents.get(purpose, ())
        found = bisect_right(decided, t, key=attrgetter("at"))
        return decided[found - 1].decision if found else None

    def next_told(self, t: int) -> int:
        """Return when next a trait or a consent changes that was told ahead; NEVER if none does."""
        ahead = (
            found[place].at
            for found in (*self.traits.values(), *self.consents.values())
            if (place := bisect_right(found, t, key=attrgetter("at"))) < len(found)
        )
        return min(ahead, default=NEVER)

    def counts(self, event: Event, t: int) -> bool:
        """Tell whether no withdrawn consent keeps an event from counting at an instant."""
        return event.purpose is None or (
            not self.consents or self.decision(event.purpose, t) is not Decision.WITHDRAWN
        )

    def trait(self, name: str, t: int) -> Stored | None:
        """Return the value of a trait at an instant; None where it has none."""
        if name == "createdAt":
            return times.instant(self.since)
        if name == "key":
            return self.key
        tellings = self.traits.get(name, ())
        found = bisect_right(tellings, t, key=attrgetter("at"))
        return tellings[found - 1].value if found else None

    def zone(self, t: int) -> str:
        """Return the contact's own time zone at an instant; UTC where it has none."""
        zone = self.trait("zone", t)
        return zone if isinstance(zone, str) and zone in times.zones() else UTC
