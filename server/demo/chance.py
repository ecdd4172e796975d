"""Chance that repeats itself: the same names give the same dice, and the dice the same story."""

from __future__ import annotations

from bisect import bisect
from dataclasses import dataclass
from itertools import accumulate
from random import Random
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

T = TypeVar("T")

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def dice(*names: object) -> Random:
    """Return dice of their own for whatever the names name."""
    return Random("/".join(map(str, names)))  # noqa: S311 - a story, not a secret


def happens(roll: Random, odds: float) -> bool:
    """Tell whether something of these odds, from 0 to 1, comes true."""
    return roll.random() < odds


def base36(number: int) -> str:
    """Return a natural number in digits and small letters."""
    text = ""
    while number:
        number, digit = divmod(number, len(_DIGITS))
        text = _DIGITS[digit] + text
    return text or "0"


@dataclass(frozen=True, slots=True)
class Mix(Generic[T]):
    """Things of which some are drawn more often than others."""

    things: tuple[T, ...]
    _steps: tuple[float, ...]

    def draw(self, roll: Random) -> T:
        """Return one of the things."""
        return self.things[bisect(self._steps, roll.random() * self._steps[-1])]


def weighed(weights: Mapping[T, float]) -> Mix[T]:
    """Return the mix of things by their weights."""
    return Mix(tuple(weights), tuple(accumulate(weights.values())))


def ranked(things: Sequence[T], exponent: float = 0.9) -> Mix[T]:
    """Return a mix where the first is the most popular and the n-th has 1/n of its pull."""
    weights = (1 / rank**exponent for rank in range(1, len(things) + 1))
    return Mix(tuple(things), tuple(accumulate(weights)))
