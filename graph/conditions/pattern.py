"""A pattern: which of a contact's events are meant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graph import errors, model, values
from graph.conditions import words
from graph.conditions.about import About, PropertyIs, properties_meet
from graph.conditions.window import BEGINNING, Window, between
from graph.cypher.nodes import Events, Leaf

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graph.conditions.base import Scope
    from graph.cypher.nodes import Predicate
    from graph.subject import Event, Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """Events of a kind, of kinds, or of any, with properties, about something.

    Attributes:
        event: The name of one kind.
        events: The names of several kinds; not beside `event`. Neither means any event.
        where: What the event's properties meet, all of one event.
        about: What the event was about.
    """

    event: str | None = None
    events: tuple[str, ...] | None = None
    where: tuple[PropertyIs, ...] | None = None
    about: About | None = None

    def __post_init__(self) -> None:
        if self.event is not None and self.events is not None:
            raise errors.BadInput("`event` and `events` exclude each other", "events")
        for path, name in self._named():
            with errors.under(*path):
                values.name(name, "name of an event")

    def _named(self) -> list[tuple[tuple[str | int, ...], str]]:
        if self.event is not None:
            return [(("event",), self.event)]
        return [(("events", index), name) for index, name in enumerate(self.events or ())]

    @property
    def names(self) -> tuple[str, ...]:
        """The kinds of events meant, each once, in order; none means any."""
        return tuple(sorted({name for _, name in self._named()}))

    def matches(self, subject: Subject, t: int, window: Window | None) -> Iterator[Event]:
        """Yield the contact's events that are meant, in the window at t."""
        bounds = window.bounds(subject, t) if window else (BEGINNING, t)
        if bounds is None:
            return
        zone = subject.zone(t)
        for event in subject.history.between(self.names, *bounds):
            if (self.about is None or self.about.picks(event, t, zone)) and properties_meet(
                self.where, event.properties.get, t, zone
            ):
                yield event

    def found(self, scope: Scope, window: Window | None) -> Events:
        """Return the same as a pattern of Cypher."""
        first = window.opened_by() if window else None
        times = window.leaves(scope.t) if window else between(BEGINNING, scope.t)
        return Events(
            scope.types_of(self.names),
            self.about.kind_of_thing.value if self.about else None,
            (*times, *self.tests(scope.t)),
            None if first is None else scope.types_of((first,)),
        )

    def tests(self, t: int) -> tuple[Predicate, ...]:
        """Return what holds of an event `e` and its `thing`, time aside."""
        about = self.about.predicates(t) if self.about else ()
        return (*(_property(test, t) for test in self.where or ()), *about)

    def events_text(self) -> str:
        """Return `“Page Viewed” about content in topic “pricing”`."""
        names = [words.quoted(name) for name in self.names]
        parts = [words.joined(names, "or") if names else "anything"]
        if self.where:
            parts.append(f"where {words.joined([test.text() for test in self.where], 'and')}")
        if self.about:
            parts.append(self.about.text())
        return " ".join(parts)


def _property(test: PropertyIs, t: int) -> Predicate:
    value = Leaf("e[$property]", {"property": model.event_property(test.property)})
    return test.is_.predicate(value, t)


def simplified(pattern: Pattern) -> dict[str, object]:
    """Return the pattern's fields in their canonical form: `events` in order, each once."""
    names = pattern.names
    return {
        "event": names[0] if len(names) == 1 else None,
        "events": names if len(names) > 1 else None,
        "where": pattern.where,
        "about": pattern.about,
    }
