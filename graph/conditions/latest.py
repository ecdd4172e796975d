"""`latest`: what the newest event of a kind was like."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graph.conditions import shape, words
from graph.conditions.about import PropertyIs, properties_meet
from graph.conditions.base import Evidence
from graph.conditions.deadline import when
from graph.conditions.did import did
from graph.conditions.pattern import Windowed, property_tests, simplified
from graph.conditions.sliding import Ranked
from graph.cypher.nodes import Group, Leaf, Piped, Where

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from graph.conditions.base import Condition, Scope
    from graph.conditions.sliding import Places
    from graph.cypher.nodes import Predicate
    from graph.subject import Event, Subject
    from graph.values import Stored


@dataclass(frozen=True, slots=True, kw_only=True)
class Latest(Windowed):
    """The newest such event in the window has these properties.

    Attributes:
        event: The name of one kind of event.
        events: The names of several kinds; not beside `event`. Neither means any event.
        where: What the event's properties meet, all of one event.
        about: What the event was about.
        within: When; any time up to now where absent.
        has: What the properties of the newest of them meet, all of it.
    """

    has: tuple[PropertyIs, ...]

    def holds(self, subject: Subject, t: int) -> bool:
        """Look at the newest event; of equal times the greatest id."""
        events = self.ordered(subject, t, self.within)
        return bool(events) and properties_meet(
            self.has, events[-1].properties.get, t, subject.zone(t)
        )

    def needs(self) -> tuple[Condition, ...]:
        """Return that there is one."""
        return (did(self, self.within),)

    def tally(self, subject: Subject, t: int) -> Ranked:
        """Look at the newest."""
        zone = subject.zone(t)

        def newest(events: Sequence[tuple[int, str, Event]], at: int) -> bool:
            return bool(events) and properties_meet(
                self.has, events[-1][2].properties.get, at, zone
            )

        return Ranked(newest)

    def places(self, event: Event, t: int, *, subject: Subject, side: int) -> Places:
        """Return where it is in order of time."""
        del t, subject, side
        return ((event.at, event.id, event),)

    def passing(self, event: Event, t: int, *, zone: str) -> Iterator[int]:
        """Yield when its properties turn."""
        for test in self.has:
            yield from test.is_.edges(event.properties.get(test.property), t, zone)

    def predicate(self, scope: Scope) -> Predicate:
        """Take the newest event and test it."""
        return Piped(
            self.found(scope, self.within),
            (
                Leaf("WITH e ORDER BY e.at DESC, e.id DESC LIMIT 1"),
                Where(property_tests(self.has, scope.t)),
            ),
        )

    def group(self, scope: Scope) -> Group | None:
        """Return the last of the events of each, as it is tested."""
        found = self.found(scope, self.within)
        if found.first is not None:
            return None
        last = (Leaf("WITH e ORDER BY e.at, e.id"), Leaf("WITH last(collect(e)) AS e"))
        return Group(found, pipe=(*last, Where(property_tests(self.has, scope.t))))

    def evidence(self, subject: Subject, t: int, by_time: str | None) -> Evidence:
        """Show the newest event, and what its properties are."""
        events = self.ordered(subject, t, self.within)
        whose = f"whose {self._has()}"
        names = dict.fromkeys(test.property for test in self.has)
        values = [
            f"{words.quoted(name)} is {_stored(each.properties.get(name))}"
            for each in events[-1:]
            for name in names
        ]
        different = "for which that is not so" if self.holds(subject, t) else whose
        newer = "a newer" if events else "a first"
        another = f"{newer} {self.noun()} {different}{when(self.within, subject, t)}"
        return Evidence(
            words.joined(values, "and") if values else None,
            self._has(),
            words.either(another, by_time),
            tuple(events[-1:]),
        )

    def _has(self) -> str:
        return words.joined([test.text() for test in self.has], "and")

    def canonical(self) -> Condition:
        """Return it with its kinds in order."""
        return Latest(
            **simplified(self),  # pyright: ignore[reportArgumentType]
            within=self.within,
            has=shape.in_order(self.has),
        )

    def text(self) -> str:
        """Return `has a latest “Plan Changed” event whose “to” is “free”`."""
        return f"has a {self._what()}"

    def untrue(self) -> str:
        """Return its contrary."""
        return f"has no {self._what()}"

    def _what(self) -> str:
        window = f" {self.within.text()}" if self.within else ""
        return f"latest {self.noun()}{window} whose {self._has()}"


def _stored(value: Stored | None) -> str:
    return "not set" if value is None else words.value_or_none(value)
