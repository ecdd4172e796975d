"""A pattern: which of a contact's events are meant."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache, partial
from operator import attrgetter
from typing import TYPE_CHECKING, TypeAlias

from graph import errors, model, values
from graph.conditions import shape, words
from graph.conditions.about import About, AboutContent, AboutProduct, PropertyIs, properties_meet
from graph.conditions.base import Condition
from graph.conditions.deeds import deed
from graph.conditions.sliding import Course, stands_until
from graph.conditions.window import BEGINNING, Window, between
from graph.cypher.nodes import Events, Leaf
from graph.subject import NEVER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from graph.conditions.base import Scope
    from graph.conditions.deeds import Deed
    from graph.conditions.sliding import Places, Tally
    from graph.conditions.window import Bounds
    from graph.cypher.nodes import Predicate
    from graph.subject import Event, Subject, Thing

    Placing: TypeAlias = Callable[[Event, int], Places]
    Turning: TypeAlias = Callable[[Event, int], Iterable[int]]


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
            raise errors.BadInput(
                "`event` and `events` exclude each other: name them all in `events`", "events"
            )
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
        return _ordered_once(self.event, self.events)

    def matches(self, subject: Subject, t: int, window: Window | None) -> Iterator[Event]:
        """Yield the contact's events that are meant, in the window at t."""
        return (event for event in self._meant(subject, t, window) if subject.counts(event, t))

    def withheld(self, subject: Subject, t: int, window: Window | None) -> Iterator[Event]:
        """Yield those that would be meant, but for a withdrawn consent."""
        return (event for event in self._meant(subject, t, window) if not subject.counts(event, t))

    def unpopular(self, subject: Subject, t: int, window: Window | None) -> Iterator[Thing]:
        """Yield the things that are with too few others to be popular, each once."""
        about = self.about
        if not isinstance(about, AboutContent | AboutProduct) or about.popular is None:
            return
        whomever = replace(about, popular_with=None)
        wider = Pattern(where=self.where, events=self.names or None, about=whomever)
        things = {event.about.key: event.about for event in wider.matches(subject, t, window)}
        for key in sorted(things):
            if not about.popular.holds(things[key], t, subject):
                yield things[key]

    @property
    def moving(self) -> bool:
        """Whether time alone may turn what an event or its thing is asked."""
        about = self.about.tests if self.about else ()
        return any(each.is_.moving for each in (*(self.where or ()), *about))

    def course(
        self, subject: Subject, t: int, window: Window | None, places: Placing, turns: Turning
    ) -> Course:
        """Return where its events count in a window as time goes on from t.

        `places` tells where one counts that is in the window, `turns` when that may change.
        """
        zone, moving = subject.zone(t), self.moving

        @lru_cache(maxsize=1)
        def bounds(at: int) -> Bounds | None:
            return window.bounds(subject, at) if window else (BEGINNING, at)

        def placed(event: Event, at: int) -> Places:
            found = bounds(at)
            if found is None or not found[0] <= event.at <= found[1]:
                return ()
            if moving and not self._means(event, subject, at, zone):
                return ()
            return places(event, at)

        def edges(event: Event, at: int) -> Iterator[int]:
            yield from self._edges(event, at, window, zone)
            yield from turns(event, at)

        now = bounds(t)
        return Course(self.yet(subject, t, t + 1 if now is None else now[0]), placed, edges)

    def yet(self, subject: Subject, t: int, first: int) -> list[Event]:
        """Return the events that may count at t or later, from an instant on, in order of time."""
        events = subject.history.between(self.names, first, NEVER)
        counting = (event for event in events if subject.counts(event, t))
        if not self.moving:
            zone = subject.zone(t)
            counting = (each for each in counting if self._means(each, subject, t, zone))
        return sorted(counting, key=attrgetter("at", "id"))

    def _means(self, event: Event, subject: Subject, t: int, zone: str) -> bool:
        return (self.about is None or self.about.picks(event, t, subject)) and properties_meet(
            self.where, event.properties.get, t, zone
        )

    def _meant(self, subject: Subject, t: int, window: Window | None) -> Iterator[Event]:
        bounds = window.bounds(subject, t) if window else (BEGINNING, t)
        if bounds is None:
            return
        zone = subject.zone(t)
        for event in subject.history.between(self.names, *bounds):
            if self._means(event, subject, t, zone):
                yield event

    def ordered(self, subject: Subject, t: int, window: Window | None) -> list[Event]:
        """Return the same events in order of time, equal times by id."""
        return sorted(self.matches(subject, t, window), key=attrgetter("at", "id"))

    def named(self, subject: Subject) -> Iterator[Event]:
        """Yield all the contact's events of these kinds, those to come too."""
        return subject.history.between(self.names, BEGINNING, NEVER)

    def turns(self, subject: Subject, t: int, window: Window | None) -> Iterator[int]:
        """Yield the instants at which time alone lets an event in or out of those meant."""
        zone = subject.zone(t)
        opening = None if window is None else window.opened_by()
        if opening is not None:
            yield from (event.at for event in subject.history.between((opening,), t, NEVER))
        for event in self.named(subject):
            yield from self._edges(event, t, window, zone)

    def _edges(self, event: Event, t: int, window: Window | None, zone: str) -> Iterator[int]:
        yield event.at
        if window is not None:
            yield from window.edges(event.at, t, zone)
        for test in self.where or ():
            yield from test.is_.edges(event.properties.get(test.property), t, zone)
        if self.about is not None:
            yield from self.about.edges(event, t, zone)

    def beyond(self, subject: Subject, t: int) -> int:
        """Return the first instant after t at which others may turn what is meant."""
        popular = self.about.popular if self.about else None
        if popular is None:
            return NEVER
        things = {(event.about.kind, event.about.key): event.about for event in self.named(subject)}
        return min((popular.turns(each, t, subject) for each in things.values()), default=NEVER)

    def found(self, scope: Scope, window: Window | None) -> Events:
        """Return the same as a pattern of Cypher."""
        first = window.opened_by() if window else None
        times = window.leaves(scope.t) if window else between(BEGINNING, scope.t)
        return Events(
            scope.types_of(self.names),
            self.about.kind_of_thing.value if self.about else None,
            (*times, *scope.counts("e"), *self.tests(scope)),
            None if first is None else scope.types_of((first,)),
            scope.counts("first") if first is not None else (),
        )

    def tests(self, scope: Scope) -> tuple[Predicate, ...]:
        """Return what holds of an event `e` and its `thing`, time and consent aside."""
        about = self.about.predicates(scope) if self.about else ()
        return (*property_tests(self.where or (), scope.t), *about)

    def did_text(self) -> str:
        """Return `viewed a page in topic “pricing”`, or `did “Page Seen” about content in …`."""
        return self._said("did", "something", lambda deed: deed.past)

    def do_text(self) -> str:
        """Return `view a page in topic “pricing”`, as it follows `did not`."""
        return self._said("do", "anything", lambda deed: deed.verb)

    def _said(self, do: str, some: str, verb: Callable[[Deed], str]) -> str:
        found = [deed(name) for name in self.names]
        deeds = [each for each in found if each is not None]
        rest = self._rest_text()
        if not deeds or len(deeds) < len(found) or (len(deeds) > 1 and rest):
            return " ".join([do, self._names_text() or some, *rest])
        if len(deeds) > 1:
            said = [f"{verb(each)} {each.object}".rstrip() for each in deeds]
            return words.choice(said)
        (only,) = deeds
        thing = self.about.of_noun(only.noun) if self.about is not None else None
        if thing is None:
            return " ".join(filter(None, [verb(only), only.object, *rest]))
        return " ".join([verb(only), thing, *self._where_text()])

    def noun(self, number: int = 1) -> str:
        """Return `“Page Viewed” events about content in topic “pricing”`."""
        noun = "event" if number == 1 else "events"
        names = self._names_text()
        return " ".join([f"{names} {noun}" if names else noun, *self._rest_text()])

    def more(self, number: int) -> str:
        """Return `3 more “Page Viewed” events`."""
        return f"{number} more {self.noun(number)}"

    def beside(self, other: Pattern, number: int) -> str | None:
        """Return ` that are no “B” events` where some are of both kinds; None where all are."""
        if self._among(other):
            return None
        if self.names and other.names and not set(self.names) & set(other.names):
            return ""
        kinds = {each.about.kind_of_thing for each in (self, other) if each.about is not None}
        if len(kinds) > 1:
            return ""
        return f" that {'is' if number == 1 else 'are'} no {other.noun(number)}"

    def _among(self, other: Pattern) -> bool:
        """Tell whether each of its events is plainly one of another."""
        return (
            (not other.names or (bool(self.names) and set(self.names) <= set(other.names)))
            and (other.about is None or other.about == self.about)
            and set(other.where or ()) <= set(self.where or ())
        )

    def _names_text(self) -> str:
        names = [words.quoted(name) for name in self.names]
        return words.choice(names) if names else ""

    def _where_text(self) -> list[str]:
        tests = [test.text() for test in self.where or ()]
        return [f"where {words.joined(tests, 'and')}"] if tests else []

    def _rest_text(self) -> list[str]:
        where = self._where_text()
        return where if self.about is None else [*where, self.about.text()]


@lru_cache(4096)
def _ordered_once(event: str | None, events: tuple[str, ...] | None) -> tuple[str, ...]:
    return (event,) if event is not None else tuple(sorted(set(events or ())))


@dataclass(frozen=True, slots=True, kw_only=True)
class Patterned(Condition, Pattern):
    """A condition about the events of a pattern."""

    def stop(self, subject: Subject, t: int) -> int:
        """Return when something else than the contact's own past may turn it."""
        return min(subject.next_told(t), self.beyond(subject, t))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sliding(Patterned):
    """A condition that is made of where each of its events counts."""

    def valid_until(self, subject: Subject, t: int) -> int:
        """Return until when its verdict stands if nothing happens: exactly or early, never late."""
        courses = [
            pattern.course(
                subject,
                t,
                window,
                partial(self.places, subject=subject, side=side),
                partial(self.passing, zone=subject.zone(t)),
            )
            for side, (pattern, window) in enumerate(self.patterns())
        ]
        return stands_until(courses, self.tally(subject, t), t, self.stop(subject, t))

    def tally(self, subject: Subject, t: int) -> Tally:
        """Return what the places make, of none as yet."""
        raise NotImplementedError

    def places(self, event: Event, t: int, *, subject: Subject, side: int) -> Places:
        """Return where an event counts that is in the window; `side` is its pattern's number."""
        del event, t, subject
        return (side,)

    def passing(self, event: Event, t: int, *, zone: str) -> Iterable[int]:
        """Return when it may pass from one place to another within the window."""
        del event, t, zone
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Windowed(Sliding):
    """A condition about the events of a pattern in a window."""

    within: Window | None = None

    def patterns(self) -> tuple[tuple[Pattern, Window | None], ...]:
        """Return itself in its window."""
        return ((self, self.within),)


def property_tests(tests: tuple[PropertyIs, ...], t: int) -> tuple[Predicate, ...]:
    """Return what holds of the properties of an event `e`."""
    return tuple(
        test.is_.predicate(
            Leaf("e[$property]", {"property": model.event_property(test.property)}), t
        )
        for test in tests
    )


def simplified(pattern: Pattern) -> dict[str, object]:
    """Return the pattern's fields in their canonical form: `events` in order, each once."""
    names = pattern.names
    return {
        "event": names[0] if len(names) == 1 else None,
        "events": names if len(names) > 1 else None,
        "where": shape.in_order(pattern.where) if pattern.where else None,
        "about": pattern.about.canonical() if pattern.about else None,
    }
