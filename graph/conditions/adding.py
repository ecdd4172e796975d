"""Sums and averages of numbers that come and go, as doubles make them one after another."""

from __future__ import annotations

from bisect import bisect_left, insort
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Final, TypeGuard

from graph.conditions.comparison import Comparison

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graph.values import Stored

EXACT: Final = 2.0**52
"""From here on a double has no decimals to round."""
_ONE: Final = 2**1074
"""One, counted in the least double."""
_WHOLE: Final = 2**53 * _ONE
"""Up to here doubles add whole numbers without an error."""
_ROUNDING: Final = _ONE >> 19
"""More than rounding to 6 decimals moves a number."""
_GREATEST: Final = _ONE << 1000


@dataclass(slots=True)
class Added:
    """Numbers, each with its instant, and what is asked of their sum or average.

    The exact sum is kept. What doubles make of the numbers in order differs from it by a bounded
    error, so that they are added anew only where a number that is asked about is as near.
    """

    is_: Comparison
    asked: list[float]
    """The numbers that it names; between them its verdict is the same."""
    average: bool = False
    told: list[tuple[int, float]] = field(default_factory=list[tuple[int, float]])
    total: int = 0
    size: int = 0
    broken: int = 0
    """How many of them are no whole numbers."""

    def put(self, place: tuple[int, float]) -> None:
        """Add one."""
        insort(self.told, place)
        self._add(place[1], 1)

    def take(self, place: tuple[int, float]) -> None:
        """Leave one out again."""
        del self.told[bisect_left(self.told, place)]
        self._add(place[1], -1)

    def _add(self, number: float, times: int) -> None:
        exact = _exactly(number)
        self.total += times * exact
        self.size += times * abs(exact)
        self.broken += times * (not number.is_integer())

    def holds(self, t: int) -> bool:
        """Tell whether the sum, or the average, is as asked."""
        by = len(self.told) if self.average else 1
        if not by:
            return False
        if not self.broken and self.size <= _WHOLE:
            value = rounded(self.total // _ONE / by)
        elif self.size > _GREATEST or self._near(by):
            value = rounded(added(number for _, number in self.told) / by)
        else:
            value = self.total / (_ONE * by)
        return self.is_.holds(value, t)

    def _near(self, by: int) -> bool:
        """Tell whether a number that is asked about is within the error of the sum."""
        error = (len(self.told) * self.size >> 52) + by * _ROUNDING
        return any(abs(self.total - by * _exactly(each)) <= error for each in self.asked)


def _exactly(number: float) -> int:
    above, below = number.as_integer_ratio()
    return above * (_ONE // below)


def is_number(value: Stored | None) -> TypeGuard[int | float]:
    """Tell whether a property's value counts: true and false, and lists, are no numbers."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def added(numbers: Iterable[float]) -> float:
    """Return the sum in double precision, one after another, as Cypher adds."""
    total = 0.0
    for number in numbers:
        total += number
    return total


def rounded(number: float) -> float:
    """Return a number, as it is written, rounded half up to 6 decimals, as Cypher rounds."""
    if not abs(number) < EXACT:
        return number
    return float(Decimal(repr(number)).quantize(Decimal("0.000001"), ROUND_HALF_UP))
