"""Comparisons by order: of numbers with numbers, of instants and dates with instants and dates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal, LiteralString, TypeAlias

from graph import errors, times, values
from graph.conditions import words
from graph.conditions.comparison import Comparison
from graph.conditions.shape import Value
from graph.cypher.nodes import Leaf
from graph.values import Kind

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from graph.values import Scalar

Operator: TypeAlias = Literal["lt", "lte", "gt", "gte"]

ORDERED = (Kind.NUMBER, Kind.TIME)

_COMPARED: Mapping[Operator, tuple[LiteralString, LiteralString]] = {
    "lt": ("value < $value", "value < $value OR value <= $day"),
    "lte": ("value <= $value", "value <= $value OR value <= $day"),
    "gt": ("value > $value", "value > $value OR value >= $day"),
    "gte": ("value >= $value", "value >= $value OR value >= $day"),
}
_TEXTS: Mapping[Operator, tuple[str, str]] = {
    "lt": ("less than {}", "before {}"),
    "lte": ("at most {}", "{} or earlier"),
    "gt": ("more than {}", "after {}"),
    "gte": ("at least {}", "{} or later"),
}


@dataclass(frozen=True, slots=True)
class Ordered(Comparison):
    """Less or more than the operand, a number, an instant or a date.

    Attributes:
        operand: A number, an instant or a date.
    """

    inline: ClassVar[bool] = True
    operator: ClassVar[Operator]
    operand: Value

    def __post_init__(self) -> None:
        check_ordered(self.operand, self.operator)

    def meets(self, value: Scalar, t: int, zone: str) -> bool:
        """Tell whether the value lies on the operator's side of the operand."""
        del t, zone
        return compares(value, self.operator, self.operand)

    def test(self, t: int) -> Leaf:
        """Return the comparison, with a date's own bound where the operand is in time."""
        del t
        return compared(self.operator, self.operand)

    def text(self) -> str:
        """Return `is at least 100`, of time `is 1 November 2026 or later`."""
        timed = values.kind(self.operand) is Kind.TIME
        return f"is {_TEXTS[self.operator][timed].format(words.value(self.operand))}"


@dataclass(frozen=True, slots=True)
class Lt(Ordered):
    """Less than the operand.

    Attributes:
        operand: A number, an instant or a date.
    """

    operator: ClassVar[Operator] = "lt"


@dataclass(frozen=True, slots=True)
class Lte(Ordered):
    """At most the operand.

    Attributes:
        operand: A number, an instant or a date.
    """

    operator: ClassVar[Operator] = "lte"


@dataclass(frozen=True, slots=True)
class Gt(Ordered):
    """More than the operand.

    Attributes:
        operand: A number, an instant or a date.
    """

    operator: ClassVar[Operator] = "gt"


@dataclass(frozen=True, slots=True)
class Gte(Ordered):
    """At least the operand.

    Attributes:
        operand: A number, an instant or a date.
    """

    operator: ClassVar[Operator] = "gte"


@dataclass(frozen=True, slots=True)
class Range(Comparison):
    """From one value to another, both in; numbers, instants or dates.

    Attributes:
        from_: The least.
        to: The greatest.
    """

    from_: Value
    to: Value

    def __post_init__(self) -> None:
        check_ordered(self.from_, "between", "from")
        check_ordered(self.to, "between", "to")
        if values.kind(self.from_) is not values.kind(self.to):
            raise errors.BadInput(
                "`from` and `to` are of different types: give two numbers, or two "
                "instants or dates",
                "to",
            )
        if compares(self.from_, "gt", self.to):
            raise errors.BadInput(
                f"`from` is at most `to`: {words.value(self.from_)} is more than "
                f"{words.value(self.to)}",
                "from",
            )

    def meets(self, value: Scalar, t: int, zone: str) -> bool:
        """Tell whether the value lies within."""
        del t, zone
        return compares(value, "gte", self.from_) and compares(value, "lte", self.to)

    def test(self, t: int) -> Leaf:
        """Return both comparisons."""
        del t
        if values.kind(self.from_) is Kind.NUMBER:
            return Leaf(
                "value >= $least AND value <= $greatest",
                {"least": self.from_, "greatest": self.to},
            )
        least, greatest = int(point(self.from_)), int(point(self.to))
        return Leaf(
            "value >= $least AND value <= $greatest "
            "OR value >= $least_day AND value <= $greatest_day",
            {
                "least": times.instant(least),
                "greatest": times.instant(greatest),
                "least_day": bounding_day("gte", least),
                "greatest_day": bounding_day("lte", greatest),
            },
        )

    def text(self) -> str:
        """Return `is between 1 and 2`."""
        return f"is between {words.value(self.from_)} and {words.value(self.to)}"


def compares(value: Scalar, operator: Operator, operand: Scalar) -> bool:
    """Tell whether an order holds between two numbers, or two points in time."""
    kind = values.kind(value)
    if kind not in ORDERED or kind is not values.kind(operand):
        return False
    left, right = point(value), point(operand)
    match operator:
        case "lt":
            return left < right
        case "lte":
            return left <= right
        case "gt":
            return left > right
        case _:
            return left >= right


def compared(operator: Operator, operand: Scalar) -> Leaf:
    """Return an element's comparison; dates compare with the day that bounds the operand."""
    plain, timed = _COMPARED[operator]
    if values.kind(operand) is Kind.NUMBER:
        return Leaf(plain, {"value": operand})
    at = int(point(operand))
    return Leaf(timed, {"value": times.instant(at), "day": bounding_day(operator, at)})


def bounding_day(operator: Operator, at: int) -> dt.date | None:
    """Return the last or first date whose midnight still compares so with an instant.

    Beyond an end of the calendar that end bounds all dates, or no date compares so.
    """
    match operator:
        case "lt":
            return times.day(min((at - 1) // times.DAY, times.LAST_DAY))
        case "lte":
            return times.day(min(at // times.DAY, times.LAST_DAY))
        case "gt":
            return times.day(max(at // times.DAY + 1, times.FIRST_DAY))
        case _:
            return times.day(max(-(-at // times.DAY), times.FIRST_DAY))


def check_ordered(operand: Scalar, operator: str, *path: str) -> None:
    """Refuse an operand that has no order."""
    if values.kind(operand) not in ORDERED:
        raise errors.BadInput(
            f"`{operator}` compares numbers, instants and dates; {words.value(operand)} is a "
            f"{values.kind(operand)}",
            *path,
        )


def point(value: Scalar) -> int | float:
    """Return a number, or a point in time in milliseconds."""
    if isinstance(value, int | float):
        return value
    return times.milliseconds(value)  # pyright: ignore[reportArgumentType]
