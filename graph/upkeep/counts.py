"""Definitions that only count events, decided from the instants of those alone.

An event at `e` counts in the last `W` on `[e, e + W)`: of instants in order, at least n are so at t
where the n-th newest is later than `t - W`, and that stands until it is `W` old.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from graph.conditions.did import Did
from graph.conditions.logic import AllOf, AnyOf, Not
from graph.conditions.pattern import Pattern, simplified
from graph.conditions.window import Last
from graph.subject import NEVER
from graph.upkeep.patterns import stands_still

if TYPE_CHECKING:
    from graph.conditions import Condition
    from graph.upkeep.patterns import Patterns

Verdict: TypeAlias = tuple[bool, int]
"""What is so, and until when; or since when."""
Instants: TypeAlias = Callable[[int], Sequence[int]]
"""Gives when a contact had events of a pattern, by its number, in order; none ahead of t."""
ANY_TIME: int = NEVER
"""The length of a window that never closes."""
_BEGINNING: int = -NEVER
"""Since when is so what never was otherwise."""


@dataclass(frozen=True, slots=True)
class AtLeast:
    """At least so many events of a pattern in the time that has just passed."""

    pattern: int
    number: int
    length: int

    def judge(self, instants: Instants, t: int) -> Verdict:
        """Return whether there are so many, and until when."""
        times = instants(self.pattern)
        if len(times) < self.number:
            return False, NEVER
        if self.length == ANY_TIME:
            return True, NEVER
        until = times[-self.number] + self.length
        return (True, until) if until > t else (False, NEVER)

    def stood(self, instants: Instants, t: int) -> Verdict:
        """Return whether there were so many at t, which may be past, and since when."""
        times, number = instants(self.pattern), self.number
        place = bisect_right(times, t)
        if place < number:
            return False, _BEGINNING
        if self.length == ANY_TIME:
            return True, times[number - 1]
        if times[place - number] + self.length <= t:
            return False, self._closed(times, place)
        place -= 1
        while place >= number and times[place - number] + self.length >= times[place]:
            place -= 1
        return True, times[place]

    def _closed(self, times: Sequence[int], place: int) -> int:
        """Return when last there were so many no more, of the events before a place."""
        for end in range(place, self.number - 1, -1):
            closed = times[end - self.number] + self.length
            if closed > times[end - 1]:
                return closed
        return _BEGINNING

    def leaves(self) -> Iterator[AtLeast]:
        """Yield itself."""
        yield self


@dataclass(frozen=True, slots=True)
class Always:
    """What no event turns."""

    def judge(self, instants: Instants, t: int) -> Verdict:
        """Return that it is so."""
        del instants, t
        return True, NEVER

    def stood(self, instants: Instants, t: int) -> Verdict:
        """Return that it always was so."""
        del instants, t
        return True, _BEGINNING

    def leaves(self) -> Iterator[AtLeast]:
        """Yield nothing."""
        yield from ()


@dataclass(frozen=True, slots=True)
class Both:
    """All of these, or not all of them."""

    children: tuple[Counting, ...]
    negated: bool = False

    def judge(self, instants: Instants, t: int) -> Verdict:
        """Return the first turn while all hold, else the last of those that do not."""
        first, last, all_hold = NEVER, t, True
        for child in self.children:
            verdict, until = child.judge(instants, t)
            if not verdict:
                all_hold, last = False, max(last, until)
            elif until < first:
                first = until
        return all_hold is not self.negated, first if all_hold else last

    def stood(self, instants: Instants, t: int) -> Verdict:
        """Return since when all hold, else since when at each instant one or another does not."""
        found = [child.stood(instants, t) for child in self.children]
        failing = [since for verdict, since in found if not verdict]
        if not failing:
            return not self.negated, max(since for _, since in found)
        first = t
        while failing and first > _BEGINNING:
            first = min(failing)
            found = [child.stood(instants, first - 1) for child in self.children]
            failing = [since for verdict, since in found if not verdict]
        return self.negated, first

    def leaves(self) -> Iterator[AtLeast]:
        """Yield the counts that it is made of."""
        for child in self.children:
            yield from child.leaves()


Counting: TypeAlias = AtLeast | Always | Both


def counting(condition: Condition, patterns: Patterns) -> Counting | None:
    """Return a condition as counts, their patterns numbered; None where it asks anything else."""
    match condition:
        case AllOf(children):
            return _all(children, patterns, inner=False, outer=False)
        case AnyOf(children):
            return _all(children, patterns, inner=True, outer=True)
        case Not(child):
            return _all((child,), patterns, inner=False, outer=True)
        case Did():
            return _counted(condition, patterns)
        case _:
            return None


def _all(
    children: Sequence[Condition], patterns: Patterns, *, inner: bool, outer: bool
) -> Counting | None:
    """Return all of some conditions, each of them negated, or the whole."""
    found: list[Counting] = []
    for child in children:
        counted = counting(child, patterns)
        if counted is None:
            return None
        found.append(Both((counted,), negated=True) if inner else counted)
    return Both(tuple(found), negated=outer)


def _counted(did: Did, patterns: Patterns) -> Counting | None:
    within = did.within
    if did.distinct is not None or not stands_still(did):
        return None
    if within is not None and not isinstance(within, Last):
        return None
    number = patterns.number(Pattern(**simplified(did)))  # pyright: ignore[reportArgumentType]
    length = ANY_TIME if within is None else within.length
    bounds: list[Counting] = []
    if did.least > 0:
        bounds.append(AtLeast(number, did.least, length))
    if did.most is not None:
        bounds.append(Both((AtLeast(number, did.most + 1, length),), negated=True))
    if len(bounds) == 1:
        return bounds[0]
    return Both(tuple(bounds)) if bounds else Always()
