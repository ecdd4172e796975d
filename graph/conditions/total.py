"""`total`: the sum, average, least or greatest of a number that comes with events."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Final, LiteralString, TypeGuard

from graph import model
from graph.conditions import words
from graph.conditions.about import check_name
from graph.conditions.base import Evidence
from graph.conditions.comparison import Comparison
from graph.conditions.did import did
from graph.conditions.order import Gt, Gte
from graph.conditions.pattern import Pattern, Windowed, piped_group, simplified, when
from graph.cypher.nodes import Group, Holding, Leaf, Listed, Piped, Where

if TYPE_CHECKING:
    from graph.conditions.base import Condition, Scope
    from graph.cypher.nodes import Predicate
    from graph.subject import Subject
    from graph.values import Stored


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


_EXACT: Final = 2.0**52
"""From here on a double has no decimals to round."""

_ROUNDED: Final[LiteralString] = (
    "CASE WHEN abs(total) < $exact THEN round(total, 6, 'HALF_UP') ELSE total END AS total"
)
_ROUNDED_MOST: Final[LiteralString] = (
    "CASE WHEN abs(most) < $exact THEN round(most, 6, 'HALF_UP') ELSE most END"
)
_FOLDED: Final[dict[Aggregate, tuple[LiteralString, ...]]] = {
    Aggregate.AVERAGE: (
        "WITH sum(number) AS total, count(number) AS numbers WHERE numbers > 0",
        "WITH total / numbers AS total",
        f"WITH {_ROUNDED}",
    ),
    Aggregate.LEAST: ("WITH min(number) AS total WHERE total IS NOT NULL",),
    Aggregate.GREATEST: ("WITH max(number) AS total WHERE total IS NOT NULL",),
}


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

    def needs(self) -> tuple[Condition, ...]:
        """Return that there is one, where the sum of none does not do."""
        of_none = self.by is Aggregate.SUM and self.is_.holds(0.0, 0, "UTC")
        return () if of_none else (did(self, self.within),)

    def value(self, subject: Subject, t: int) -> float | None:
        """Return what the numbers of the events make; None where they make nothing."""
        numbers = [
            float(number)
            for event in self.ordered(subject, t, self.within)
            if is_number(number := event.properties.get(self.of))
        ]
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
        if self.by is Aggregate.SUM:
            return self._sum(scope)
        folded = _FOLDED[self.by]
        exact = {"exact": _EXACT}
        found = self.found(scope, self.within)
        return Piped(
            found,
            (
                Leaf(
                    "WITH e WHERE e[$of] IS :: INTEGER NOT NULL | FLOAT NOT NULL",
                    {"of": model.event_property(self.of)},
                ),
                Leaf(
                    "WITH toFloat(e[$of]) AS number, e ORDER BY e.at, e.id",
                    {"of": model.event_property(self.of)},
                ),
                *(Leaf(text, exact if "$exact" in text else {}) for text in folded),
                Leaf("WITH total"),
                Where((self.is_.predicate(Leaf("total"), scope.t),)),
            ),
        )

    def group(self, scope: Scope) -> Group | None:
        """Return the same pipe for the events of all; a sum is made of a list of each."""
        if self.by is not Aggregate.SUM:
            return piped_group(self.predicate(scope))
        found = self.found(scope, self.within)
        if found.first is not None:
            return None
        *pipe, _ = self._numbers()
        of = {"of": model.event_property(self.of)}
        listed = Leaf("WITH collect(toFloat(e[$of])) AS numbers", of)
        pipe = (*pipe, listed, Where((self._summed(scope),)))
        return Group(found, pipe=pipe)

    def _sum(self, scope: Scope) -> Predicate:
        # Of no rows a subquery may leave out the sum: a list of none is added up all the same.
        return Listed(self.found(scope, self.within), self._numbers(), self._summed(scope))

    def _numbers(self) -> tuple[Leaf, ...]:
        of = {"of": model.event_property(self.of)}
        return (
            Leaf("WITH e WHERE e[$of] IS :: INTEGER NOT NULL | FLOAT NOT NULL", of),
            Leaf("WITH e ORDER BY e.at, e.id"),
            Leaf("RETURN toFloat(e[$of])", of),
        )

    def _summed(self, scope: Scope) -> Predicate:
        compared = self.is_.predicate(Leaf("total"), scope.t)
        return Holding(
            "most",
            Leaf("reduce(own = 0.0, number IN numbers | own + number)"),
            Holding("total", Leaf(_ROUNDED_MOST, {"exact": _EXACT}), compared),
        )

    def evidence(self, subject: Subject, t: int) -> Evidence:
        """Show the events whose numbers count, and what they make."""
        events = tuple(
            event
            for event in self.ordered(subject, t, self.within)
            if is_number(event.properties.get(self.of))
        )
        value = self.value(subject, t)
        way = f"{self._way(subject, t, value)}{when(self.within, subject, t)}"
        flip = words.either(way, self.by_time(subject, t))
        return Evidence(value, f"{self._made()} that {self.is_.text()}", flip, events)

    def _way(self, subject: Subject, t: int, value: float | None) -> str:
        of = words.quoted(self.of)
        if self.holds(subject, t):
            return f"{self.noun(2)} that change the {self.by} of {of}"
        if self.by is Aggregate.SUM and value is not None and isinstance(self.is_, Gt | Gte):
            least = self.is_.operand
            if isinstance(least, int | float) and value <= least:
                over = "over " if isinstance(self.is_, Gt) else ""
                return f"{over}{rounded(least - value):g} more of {of} by {self.noun(2)}"
        return f"{self.noun(2)} after which the {self.by} of {of} {self.is_.text()}"

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


def is_number(value: Stored | None) -> TypeGuard[int | float]:
    """Tell whether a property's value counts: true and false, and lists, are no numbers."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def added(numbers: list[float]) -> float:
    """Return the sum in double precision, one after another, as Cypher adds."""
    total = 0.0
    for number in numbers:
        total += number
    return total


def rounded(number: float) -> float:
    """Return a number, as it is written, rounded half up to 6 decimals, as Cypher rounds."""
    if not abs(number) < _EXACT:
        return number
    return float(Decimal(repr(number)).quantize(Decimal("0.000001"), ROUND_HALF_UP))
