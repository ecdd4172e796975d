"""All that a condition may look at of one contact, as values: its history, traits and accounts."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING

from graph import times
from graph.model import ThingKind
from graph.values import Stored

if TYPE_CHECKING:
    from collections.abc import Iterator


UTC = "UTC"


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


@dataclass(frozen=True, slots=True)
class Event:
    """Something that a contact did, at an instant in milliseconds since 1970."""

    id: str
    name: str
    at: int
    about: Thing
    properties: Mapping[str, Stored] = field(default_factory=dict[str, "Stored"])
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


class History:
    """A contact's events in order of time, equal times by id."""

    def __init__(self, events: tuple[Event, ...] = ()) -> None:
        self.events = tuple(sorted(events, key=attrgetter("at", "id")))

    @cached_property
    def _kinds(self) -> Mapping[str, tuple[Event, ...]]:
        kinds: dict[str, list[Event]] = {}
        for event in self.events:
            kinds.setdefault(event.name, []).append(event)
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
