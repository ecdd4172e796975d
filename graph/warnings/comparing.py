"""Comparisons as sets of values: which types they can meet, which exclude or imply others."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from graph import values
from graph.conditions.comparison import Comparison, Eq, Exists, In, Ne, NotIn
from graph.conditions.moving import (
    After,
    AgoMoreThan,
    AnniversaryInNext,
    Before,
    InLast,
    InNext,
    Moving,
)
from graph.conditions.order import Gt, Gte, Lt, Lte, Ordered, Range, point
from graph.conditions.texts import Matches, Text
from graph.values import Kind
from graph.warnings.parts import same

if TYPE_CHECKING:
    from graph.values import Scalar
    from graph.warnings.names import Types

_KINDS: Final = {
    "boolean": Kind.BOOLEAN,
    "integer": Kind.NUMBER,
    "float": Kind.NUMBER,
    "string": Kind.TEXT,
    "instant": Kind.TIME,
    "date": Kind.TIME,
}


_ABSENT: Final = Exists(wanted=False)
_PRESENT: Final = Exists(wanted=True)


@dataclass(frozen=True, slots=True)
class _Interval:
    """All points of a kind between two, an end in where it is; `moving` with the time."""

    kind: Kind
    low: float
    high: float
    low_in: bool = True
    high_in: bool = True
    moving: bool = False

    def within(self, other: _Interval) -> bool:
        """Tell whether all of it lies in another."""
        low = self.low > other.low or (self.low == other.low and other.low_in >= self.low_in)
        high = self.high < other.high or (self.high == other.high and other.high_in >= self.high_in)
        return low and high

    def apart(self, other: _Interval) -> bool:
        """Tell whether nothing lies in both."""
        low, high = max(self.low, other.low), min(self.high, other.high)
        if low != high:
            return low > high
        return any(
            (each.low == low and not each.low_in) or (each.high == high and not each.high_in)
            for each in (self, other)
        )


def kinds_met(comparison: Comparison) -> frozenset[Kind]:
    """Return the types of which a value may meet it."""
    match comparison:
        case Eq(operand=operand) | Ne(operand=operand) | Ordered(operand=operand):
            return frozenset({values.kind(operand)})
        case In(operands=operands) | NotIn(operands=operands):
            return frozenset(values.kind(each) for each in operands)
        case Range(from_=from_):
            return frozenset({values.kind(from_)})
        case Text() | Matches():
            return frozenset({Kind.TEXT})
        case Before() | After() | Moving() | AgoMoreThan() | AnniversaryInNext():
            return frozenset({Kind.TIME})
        case _:
            return frozenset(Kind)


def kinds_of(types: Types) -> frozenset[Kind]:
    """Return the types that values of a vocabulary's types compare as."""
    plain = (each.removeprefix("list of ") for each in types)
    return frozenset(_KINDS[each] for each in plain if each in _KINDS)


def never_met(comparison: Comparison, types: Types) -> bool:
    """Tell whether no value of these types, which are all that there were, meets it."""
    known = kinds_of(types)
    return bool(known) and not kinds_met(comparison) & known


def excludes(left: Comparison, right: Comparison, *, single: bool) -> bool:
    """Tell whether no value meets both; `single` where no value is a list."""
    if _ABSENT in (left, right):
        return left != right
    if _names_all(left, right) or _names_all(right, left):
        return True
    if not single:
        return False
    if not kinds_met(left) & kinds_met(right):
        return True
    for this, that in ((left, right), (right, left)):
        some = _finite(this)
        if some is not None and not that.moving:
            return not any(that.holds(each, 0) for each in some)
    one, other = _interval(left), _interval(right)
    return one is not None and other is not None and one.moving is other.moving and one.apart(other)


def implies(left: Comparison, right: Comparison, *, single: bool) -> bool:
    """Tell whether each value that meets one meets the other too."""
    if same(left, right):
        return True
    if _ABSENT in (left, right):
        return False
    if right == _PRESENT:
        return True
    if not single:
        return False
    some = _finite(left)
    if some is not None and not right.moving:
        return all(right.holds(each, 0) for each in some)
    one, other = _interval(left), _interval(right)
    return (
        one is not None
        and other is not None
        and (one.kind, one.moving) == (other.kind, other.moving)
        and one.within(other)
    )


def _names_all(left: Comparison, right: Comparison) -> bool:
    """Tell whether one asks for nothing but what the other rules out, of lists too."""
    some = _finite(left)
    return (
        some is not None
        and isinstance(right, Ne | NotIn)
        and not any(right.holds(each, 0) for each in some)
    )


def _finite(comparison: Comparison) -> tuple[Scalar, ...] | None:
    match comparison:
        case Eq(operand=operand):
            return (operand,)
        case In(operands=operands):
            return operands
        case _:
            return None


def _interval(comparison: Comparison) -> _Interval | None:  # noqa: PLR0911 - a closed union
    match comparison:
        case Lt(operand=operand) | Lte(operand=operand):
            inside = isinstance(comparison, Lte)
            return _Interval(values.kind(operand), -math.inf, point(operand), high_in=inside)
        case Gt(operand=operand) | Gte(operand=operand):
            inside = isinstance(comparison, Gte)
            return _Interval(values.kind(operand), point(operand), math.inf, low_in=inside)
        case Range(from_=from_, to=to):
            return _Interval(values.kind(from_), point(from_), point(to))
        case Before(instant=at):
            return _Interval(Kind.TIME, -math.inf, at, high_in=False)
        case After(instant=at):
            return _Interval(Kind.TIME, at, math.inf, low_in=False)
        case InLast() | InNext():
            first, last = comparison.span(0)
            return _Interval(Kind.TIME, first, last, moving=True)
        case AgoMoreThan(length=length):
            return _Interval(Kind.TIME, -math.inf, -length, moving=True)
        case _:
            return None
