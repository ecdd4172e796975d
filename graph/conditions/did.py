"""`did`: how often, or with how many different things, values or days, something was done."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from graph.conditions import words
from graph.conditions.base import Evidence
from graph.conditions.bounds import check_bounds, least_of, most_of
from graph.conditions.deadline import before, when
from graph.conditions.distinct import DistinctBy, DistinctThing
from graph.conditions.pattern import Pattern, Windowed, simplified
from graph.conditions.sliding import Counts
from graph.cypher.nodes import (
    AtLeast,
    Counted,
    Events,
    Every,
    Exists,
    Leaf,
    Negated,
    Operator,
    Path,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graph.conditions.base import Condition, Scope
    from graph.conditions.sliding import Places
    from graph.conditions.window import Window
    from graph.cypher.nodes import Predicate
    from graph.subject import Event, Subject

Bound: TypeAlias = tuple[Operator, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Did(Windowed):
    """The contact did something: at least once, so many times, or with so many different ones.

    Attributes:
        event: The name of one kind of event.
        events: The names of several kinds; not beside `event`. Neither means any event.
        where: What the event's properties meet, all of one event.
        about: What the event was about.
        within: When; any time up to now where absent.
        at_least: The least number; 1 where no number is asked.
        at_most: The greatest number; also met by none at all.
        exactly: The very number; not beside the others.
        distinct: What counts once, instead of every event.
    """

    at_least: int | None = None
    at_most: int | None = None
    exactly: int | None = None
    distinct: DistinctBy | None = None

    def __post_init__(self) -> None:
        Pattern.__post_init__(self)
        check_bounds(self.at_least, self.at_most, self.exactly)

    @property
    def least(self) -> int:
        """The number from which it holds."""
        return least_of(self.at_least, self.at_most, self.exactly)

    @property
    def most(self) -> int | None:
        """The number up to which it holds; None is any."""
        return most_of(self.at_most, self.exactly)

    def holds(self, subject: Subject, t: int) -> bool:
        """Count the events, or what is different of them."""
        count = self._count(self.matches(subject, t, self.within), subject.zone(t))
        return self.least <= count and (self.most is None or count <= self.most)

    def places(self, event: Event, t: int, *, subject: Subject, side: int) -> Places:
        """Return what counts once of an event."""
        if self.distinct is None:
            return (side,)
        key = self.distinct.key(event, subject.zone(t))
        return () if key is None else (key,)

    def tally(self, subject: Subject, t: int) -> Counts:
        """Count all, or the places."""
        del subject, t
        return Counts(self._enough)

    def _enough(self, counts: Counts) -> bool:
        count = counts.of[0] if self.distinct is None else counts.reaching[1]
        return self.least <= count and (self.most is None or count <= self.most)

    def _count(self, events: Iterable[Event], zone: str) -> int:
        if self.distinct is None:
            return sum(1 for _ in events)
        keys = {self.distinct.key(event, zone) for event in events}
        return len(keys - {None})

    def evidence(self, subject: Subject, t: int, by_time: str | None) -> Evidence:
        """Show the events that count, and how many are missing or too many."""
        events = self.ordered(subject, t, self.within)
        found = self._count(events, subject.zone(t))
        flip = self._flip(subject, t, found, by_time)
        return Evidence(found, self.asked_text(), flip, tuple(events))

    def _flip(self, subject: Subject, t: int, found: int, by_time: str | None) -> str:
        if found < self.least:
            more = f"{self._more(self.least - found)}{self._when(subject, t)}"
        elif self.most is None or found > self.most:
            return by_time or "nothing: what was done stays done"
        else:
            more = f"{self._more(self.most - found + 1)}{when(self.within, subject, t)}"
        return words.either(more, by_time) or more

    def _more(self, number: int) -> str:
        if self.distinct is None:
            return self.more(number)
        return f"{self.more(number)}{', each' if number > 1 else ''} {self.distinct.another()}"

    def _when(self, subject: Subject, t: int) -> str:
        """Return by when, before what counts now begins to count no more."""
        last = self._counted_last(subject, t, subject.zone(t))
        return when(self.within, subject, t) or before(last, self.within, subject, t)

    def _counted_last(self, subject: Subject, t: int, zone: str) -> Iterable[Event]:
        """Return the events that count, of those that count once the last."""
        events = self.ordered(subject, t, self.within)
        if self.distinct is None:
            return events
        last = {self.distinct.key(event, zone): event for event in events}
        return [event for key, event in last.items() if key is not None]

    def counted_by(self) -> Leaf | None:
        """Return what counts once, where it is not every event."""
        return self.distinct.counted() if self.distinct else None

    def events_found(self, scope: Scope) -> Events:
        """Return the events that count."""
        found = self.found(scope, self.within)
        present = self.distinct.present() if self.distinct else ()
        return replace(found, where=(*found.where, *present)) if present else found

    def inward(self, scope: Scope) -> tuple[Path, Events] | None:
        """Return the way from what is named to the things, and the events about those."""
        way = self.about.inward(scope) if self.about else None
        if way is None:
            return None
        path, about_thing = way
        present = self.distinct.present() if self.distinct else ()
        events = Pattern.found(replace(self, about=None), scope, self.within)
        return path, replace(events, where=(*events.where, *present, *about_thing))

    def bounds(self) -> tuple[Bound, ...]:
        """Return what the number must meet; nothing where one event is enough."""
        if self.least == self.most:
            return (("=", self.least),)
        least: tuple[Bound, ...] = (
            () if self.least <= (self.most is None) else ((">=", self.least),)
        )
        return least if self.most is None else (*least, ("<=", self.most))

    def needs(self) -> tuple[Condition, ...]:
        """Return that so much was done at any time, where an event of the contact opens when."""
        if not self.least or self.within is None or self.within.opened_by() is None:
            return ()
        return (replace(self, within=None, at_least=self.least, at_most=None, exactly=None),)

    def predicate(self, scope: Scope) -> Predicate:
        """Return an existence where one is enough, else a count."""
        events = self.events_found(scope)
        if self.most is None and self.least == 0:
            return Leaf("true")
        if self.most == 0:
            return Negated(Exists(events))
        if self.most is None and self.least > 1:
            return AtLeast(events, self.least, self.counted_by())
        counts = [Counted(events, *bound, self.counted_by()) for bound in self.bounds()]
        return Every(tuple(counts)) if counts else Exists(events)

    def contrary(self) -> Did | None:
        """Return the number of the same events that there is just where this one is not."""
        if self.least and self.most is None:
            return replace(self, at_least=None, at_most=self.least - 1, exactly=None)
        if not self.least and self.most is not None:
            return replace(self, at_least=self.most + 1, at_most=None, exactly=None)
        return None

    def canonical(self) -> Condition:
        """Return it with its number filled in and its kinds in order."""
        least, most = self.least, self.most
        return Did(
            **simplified(self),  # pyright: ignore[reportArgumentType]
            within=self.within,
            at_least=None if least == most or (most is not None and least == 0) else least,
            at_most=None if least == most else most,
            exactly=most if least == most else None,
            distinct=self.distinct,
        )

    def text(self) -> str:
        """Return `viewed a page at least 3 times in the last 14 days`."""
        return self._text(true=True)

    def untrue(self) -> str:
        """Return `did not view a page in the last 14 days`, of few that there were more."""
        more = self.contrary() if self.most else None
        return self._text(true=False) if more is None else more.text()

    def _text(self, *, true: bool) -> str:
        none = self.most == 0 and not (self.distinct and self.distinct.present())
        if none:
            true = not true
        number = "" if none else self._number()
        window = self.within.text() if self.within else ""
        said = self.did_text() if true else f"did not {self.do_text()}"
        return words.sequel(said, number, window)

    def _number(self) -> str:
        plain = self.most is None and self.least == 1 and self.distinct is None
        number = "" if plain else self.asked_text()
        return f"({number})" if isinstance(self.distinct, DistinctThing) else number

    def asked_text(self) -> str:
        """Return the number in English: `at least twice`."""
        least, most = self.least, self.most
        if least == most:
            return self._counted("exactly {}", least)
        if most is None:
            return self._counted("at least {}", least)
        return self._counted("at most {}" if least == 0 else f"{least} to {{}}", most)

    def _counted(self, bound: str, number: int) -> str:
        if self.distinct:
            return self.distinct.text(bound, number)
        return bound.format(words.often(number) if bound[0].isalpha() else f"{number} times")


def did(pattern: Pattern, within: Window | None, at_least: int = 1) -> Did:
    """Return that events of a pattern were done.

    With whom a thing is popular, and what else an event of the contact opens, is left open.
    """
    about = None if pattern.about and pattern.about.popular else pattern.about
    opened = within is not None and within.opened_by() is not None
    return Did(
        event=pattern.event,
        events=pattern.events,
        where=pattern.where,
        about=about,
        within=None if opened else within,
        at_least=at_least,
    )
