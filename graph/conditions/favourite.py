"""`favourite`: nothing of its sort is met more often."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from graph import errors
from graph.conditions import shape, words
from graph.conditions.base import Evidence
from graph.conditions.comparison import operand_forms
from graph.conditions.deadline import when
from graph.conditions.did import did
from graph.conditions.pattern import Pattern, Windowed, simplified
from graph.conditions.rivals import FavouriteBy
from graph.conditions.shape import Value
from graph.conditions.sliding import Counts
from graph.cypher.nodes import Events, Group, Leaf, Piped, Predicate, Where

if TYPE_CHECKING:
    from collections.abc import Hashable

    from graph.conditions.base import Condition, Scope
    from graph.conditions.sliding import Places
    from graph.subject import Event, Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Favourite(Windowed):
    """No rival has more such events than this one.

    Attributes:
        event: The name of one kind of event.
        events: The names of several kinds; not beside `event`. Neither means any event.
        where: What the event's properties meet, all of one event.
        about: What the event was about.
        within: When; any time up to now where absent.
        by: What is compared: topics, categories, things or values.
        is_: The key, or the value, of the one that must be the favourite; ties all are.
        at_least: The least number of events about it.
    """

    by: FavouriteBy
    is_: Value
    at_least: int = 1

    def __post_init__(self) -> None:
        Pattern.__post_init__(self)
        object.__setattr__(self, "is_", self.by.asked(self.is_))
        if self.at_least < 1:
            raise errors.BadInput(
                f"atLeast is 1 or more, not {self.at_least}: leave it out for 1", "atLeast"
            )

    def holds(self, subject: Subject, t: int) -> bool:
        """Count for this one and its rivals."""
        counts = self._counts(subject, t)
        own = counts[self.by.own(self.is_)]
        return own >= self.at_least and own == max(counts.values())

    def places(self, event: Event, t: int, *, subject: Subject, side: int) -> Places:
        """Return whom it counts for."""
        del t, side
        return tuple(self.by.counted(event, subject, self.by.own(self.is_)))

    def tally(self, subject: Subject, t: int) -> Counts:
        """Count for each."""
        del subject, t
        return Counts(self._most)

    def _most(self, counts: Counts) -> bool:
        own = counts.of[self.by.own(self.is_)]
        return own >= self.at_least and not counts.reaching[own + 1]

    def needs(self) -> tuple[Condition, ...]:
        """Return that there are so many, whatever they are about."""
        return (did(self, self.within, self.at_least),)

    def _counts(self, subject: Subject, t: int) -> Counter[Hashable]:
        own = self.by.own(self.is_)
        return Counter(
            rival
            for event in self.matches(subject, t, self.within)
            for rival in self.by.counted(event, subject, own)
        )

    def predicate(self, scope: Scope) -> Predicate:
        """Group the events by rival and compare this one's with the most."""
        return Piped(self._counting(scope), (*self.by.pipe(self.is_), *self._compared()))

    def group(self, scope: Scope) -> Group | None:
        """Return the same for the events of all."""
        counting = self._counting(scope)
        if counting.first is not None:
            return None
        group = self.by.group(counting, self.is_)
        return replace(group, pipe=(*group.pipe, *self._compared()))

    def _counting(self, scope: Scope) -> Events:
        found = self.found(scope, self.within)
        return replace(found, where=(*found.where, *self.by.tests()))

    def _compared(self) -> tuple[Leaf, Where]:
        counts = Leaf(
            "WITH max(times) AS most, "
            "sum(CASE WHEN rival = $favourite THEN times ELSE 0 END) AS own",
            {"favourite": operand_forms(self.is_)[0]},
        )
        enough = Leaf("own >= $at_least", {"at_least": self.at_least})
        return counts, Where((enough, Leaf("own = most")))

    def evidence(self, subject: Subject, t: int, by_time: str | None) -> Evidence:
        """Show the events that count for this one, against the most of its rivals."""
        own = self.by.own(self.is_)
        events = [
            event
            for event in self.ordered(subject, t, self.within)
            if own in self.by.counted(event, subject, own)
        ]
        rivals = self._counts(subject, t)
        del rivals[own]
        rival, number = max(rivals.items(), key=lambda item: item[1], default=(None, 0))
        most = max(self.at_least, number)
        missing = most - len(events)
        named = words.quoted(rival) if isinstance(rival, str) else "a rival"
        if missing > 0:
            more = f"{self.more(missing)} for {words.value(self.is_)}"
        else:
            more = f"{self.more(len(events) - number + 1)} for {named}"
        asked = f"at least {most}" + (f", as many as {named} has" if number == most else "")
        flip = words.either(f"{more}{when(self.within, subject, t)}", by_time)
        return Evidence(len(events), asked, flip, tuple(events))

    def canonical(self) -> Condition:
        """Return it with its kinds in order and its value in one of the forms that are equal."""
        return Favourite(
            **simplified(self),  # pyright: ignore[reportArgumentType]
            within=self.within,
            by=self.by,
            is_=shape.plain(self.is_),
            at_least=self.at_least,
        )

    def text(self) -> str:
        """Return `has “cosmetics” as the favourite category of “Product Viewed” events`."""
        return f"has {self._what()}"

    def untrue(self) -> str:
        """Return its contrary."""
        return f"does not have {self._what()}"

    def _what(self) -> str:
        window = f" {self.within.text()}" if self.within else ""
        least = f" (at least {self.at_least} of them)" if self.at_least > 1 else ""
        return (
            f"{words.value(self.is_)} as the favourite {self.by.text()} of "
            f"{self.noun(2)}{window}{least}"
        )
