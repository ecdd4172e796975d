"""`total`: the sum, average, least or greatest of a number that comes with events."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, LiteralString

from graph import model
from graph.conditions import words
from graph.conditions.adding import EXACT, Added, added, is_number, rounded
from graph.conditions.base import Evidence
from graph.conditions.comparison import Comparison, Eq, In, Ne, NotIn
from graph.conditions.deadline import before, when
from graph.conditions.did import did
from graph.conditions.grouping import listed_group
from graph.conditions.names import check_name
from graph.conditions.order import Gt, Gte, Ordered, Range
from graph.conditions.pattern import Pattern, Windowed, simplified
from graph.conditions.sliding import Ranked
from graph.cypher.nodes import Every, Leaf, Listed, Numbers, Some

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from graph.conditions.base import Condition, Scope
    from graph.conditions.sliding import Places, Tally
    from graph.cypher.nodes import Group, Predicate
    from graph.subject import Event, Subject
    from graph.values import Scalar


class Aggregate(StrEnum):
    """What is made of the numbers.

    Attributes:
        SUM: Their sum, rounded half up to 6 decimals; 0 of none.
        AVERAGE: Their sum by their number, rounded half up to 6 decimals.
        LEAST: The least of them.
        GREATEST: The greatest of them.
    """

    SUM = "sum"
    AVERAGE = "average"
    LEAST = "least"
    GREATEST = "greatest"


_SUM: Final[LiteralString] = "reduce(own = 0.0, number IN numbers | own + number)"
_MADE: Final[dict[Aggregate, LiteralString]] = {
    Aggregate.SUM: _SUM,
    Aggregate.AVERAGE: f"{_SUM} / size(numbers)",
    Aggregate.LEAST: "reduce(own = head(numbers), number IN numbers | "
    "CASE WHEN number < own THEN number ELSE own END)",
    Aggregate.GREATEST: "reduce(own = head(numbers), number IN numbers | "
    "CASE WHEN number > own THEN number ELSE own END)",
}
_ROUNDED: Final[LiteralString] = (
    "CASE WHEN abs(most) < $exact THEN round(most, 6, 'HALF_UP') ELSE most END"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Total(Windowed):
    """A number property of the events adds up, averages, or reaches so.

    Attributes:
        event: The name of one kind of event.
        events: The names of several kinds; not beside `event`. Neither means any event.
        where: What the event's properties meet, all of one event.
        about: What the event was about.
        within: When; any time up to now where absent.
        of: The property; values that are no numbers do not count.
        by: What is made of the numbers: their sum, average, least or greatest.
        is_: What that meets. Sum and average are rounded half up to 6 decimals before.
    """

    of: str
    by: Aggregate = Aggregate.SUM
    is_: Comparison

    def __post_init__(self) -> None:
        Pattern.__post_init__(self)
        check_name(self.of, "property", "of")

    def holds(self, subject: Subject, t: int) -> bool:
        """Compare what the numbers make; nothing but a sum is made of none."""
        value = self.value(subject, t)
        return value is not None and self.is_.holds(value, t, subject.zone(t))

    def places(self, event: Event, t: int, *, subject: Subject, side: int) -> Places:
        """Return its number, which of equal times stands by its size."""
        del t, subject, side
        number = event.properties.get(self.of)
        if not is_number(number):
            return ()
        least_or_greatest = self.by in {Aggregate.LEAST, Aggregate.GREATEST}
        return (float(number) if least_or_greatest else (event.at, float(number)),)

    def tally(self, subject: Subject, t: int) -> Tally:
        """Keep the numbers in order, or add them up."""
        zone = subject.zone(t)
        match self.by:
            case Aggregate.LEAST:
                return Ranked(lambda numbers, at: self._of_one(numbers[:1], at, zone))
            case Aggregate.GREATEST:
                return Ranked(lambda numbers, at: self._of_one(numbers[-1:], at, zone))
            case Aggregate.SUM | Aggregate.AVERAGE:
                return Added(self.is_, _named(self.is_), average=self.by is Aggregate.AVERAGE)

    def _of_one(self, number: Sequence[float], t: int, zone: str) -> bool:
        return bool(number) and self.is_.holds(number[0], t, zone)

    def needs(self) -> tuple[Condition, ...]:
        """Return that there is one, where the sum of none does not do."""
        of_none = self.by is Aggregate.SUM and self.is_.holds(0.0, 0, "UTC")
        return () if of_none else (did(self, self.within),)

    def value(self, subject: Subject, t: int) -> float | None:
        """Return what the numbers of the events make; None where they make nothing."""
        # Of equal times the lesser number comes first.
        told = sorted(
            (event.at, float(number))
            for event in self.matches(subject, t, self.within)
            if is_number(number := event.properties.get(self.of))
        )
        numbers = [number for _, number in told]
        match self.by:
            case Aggregate.SUM:
                return rounded(added(numbers))
            case Aggregate.AVERAGE:
                return rounded(added(numbers) / len(numbers)) if numbers else None
            case Aggregate.LEAST:
                return min(numbers, default=None)
            case Aggregate.GREATEST:
                return max(numbers, default=None)

    def predicate(self, scope: Scope) -> Predicate:
        """Fold the numbers of the events in order of time, and compare."""
        number = Leaf("e[$of]", {"of": model.event_property(self.of)})
        return Listed(self.found(scope, self.within), Numbers(number, self._test(scope)))

    def group(self, scope: Scope) -> Group | None:
        """Return the same for the events of all; None where it holds of who has none."""
        return listed_group(self.predicate(scope)) if self.needs() else None

    def _test(self, scope: Scope) -> Predicate:
        """Return what holds of `numbers`."""
        text = _MADE[self.by]
        if self.by in {Aggregate.SUM, Aggregate.AVERAGE}:
            rounded = self.is_.predicate(Leaf(_ROUNDED, {"exact": EXACT}), scope.t)
            made: Predicate = Some("most", Leaf(f"[{text}]"), rounded)
        else:
            made = self.is_.predicate(Leaf(text), scope.t)
        return made if self.by is Aggregate.SUM else Every((Leaf("size(numbers) > 0"), made))

    def evidence(self, subject: Subject, t: int, by_time: str | None) -> Evidence:
        """Show the events whose numbers count, and what they make."""
        events = tuple(
            event
            for event in self.ordered(subject, t, self.within)
            if is_number(event.properties.get(self.of))
        )
        value = self.value(subject, t)
        flip = words.either(self._way(subject, t, value, events), by_time)
        flip = flip or "nothing: what was done stays done"
        return Evidence(value, f"{self._made()} that {self.is_.text()}", flip, events)

    def _way(
        self, subject: Subject, t: int, value: float | None, events: Iterable[Event]
    ) -> str | None:
        """Return which events turn it; None where no number does."""
        of, holds, late = (
            words.quoted(self.of),
            self.holds(subject, t),
            when(self.within, subject, t),
        )
        if not self._reachable(value, wanted=not holds):
            return None
        by = late or before(events, self.within, subject, t)
        if self.by is Aggregate.SUM and value is not None and isinstance(self.is_, Gt | Gte):
            least = self.is_.operand
            if isinstance(least, int | float) and not holds:
                over = "over " if isinstance(self.is_, Gt) else ""
                more = words.number(rounded(least - value))
                return f"{over}{more} more of {of} by {self.noun(2)}{by}"
        if holds:
            return f"{self.noun(2)} after which the {self.by} of {of} is not so{late}"
        return f"{self.noun(2)} after which the {self.by} of {of} {self.is_.text()}{late}"

    def _reachable(self, value: float | None, *, wanted: bool) -> bool:
        """Tell whether further numbers lead to where the comparison is so, or is not."""
        named = _named(self.is_) or [0.0]
        near = [
            *named,
            *(math.nextafter(each, to) for each in named for to in (-math.inf, math.inf)),
        ]
        found = [*near, min(named) - 1, max(named) + 1]
        match self.by:
            case Aggregate.SUM | Aggregate.AVERAGE:
                found = [rounded(each) for each in found]
            case Aggregate.GREATEST if value is not None:
                found = [max(each, value) for each in found]
            case Aggregate.LEAST if value is not None:
                found = [min(each, value) for each in found]
            case _:
                pass
        return any(self.is_.holds(each, 0) is wanted for each in found)

    def _made(self) -> str:
        return f"{'an' if self.by is Aggregate.AVERAGE else 'a'} {self.by}"

    def canonical(self) -> Condition:
        """Return it with its kinds in order."""
        return Total(
            **simplified(self),  # pyright: ignore[reportArgumentType]
            within=self.within,
            of=self.of,
            by=self.by,
            is_=self.is_.canonical(),
        )

    def text(self) -> str:
        """Return `has a sum of “total” over “Order Completed” events that is at least 100`."""
        return f"has {self._what()}"

    def untrue(self) -> str:
        """Return its contrary."""
        return f"does not have {self._what()}"

    def _what(self) -> str:
        window = f" {self.within.text()}" if self.within else ""
        what = f"{self._made()} of “{self.of}” over {self.noun(2)}{window}"
        return f"{what} that {self.is_.text()}"


def _named(is_: Comparison) -> list[float]:
    """Return the numbers that a comparison names."""
    match is_:
        case Eq(operand=operand) | Ne(operand=operand) | Ordered(operand=operand):
            named: tuple[Scalar, ...] = (operand,)
        case In(operands=operands) | NotIn(operands=operands):
            named = operands
        case Range(from_=from_, to=to):
            named = (from_, to)
        case _:
            named = ()
    return [float(each) for each in named if is_number(each)]
