"""Until when a verdict stands that is made of where each of a contact's events counts.

Time moves events in, from place to place, and out. What they make is kept up with one at a time, so
that the work is that of putting the instants in order.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from itertools import count
from typing import Any, Final, Protocol, TypeAlias

from graph.subject import Event

Places: TypeAlias = tuple[Hashable, ...]
"""Where an event counts at an instant; none is nowhere."""
_MOST_MOVES: Final = 50_000
"""After so many a verdict is looked at anew."""


@dataclass(frozen=True, slots=True)
class Course:
    """Events in order of time, where each of them counts at an instant, and when that changes."""

    events: Sequence[Event]
    places: Callable[[Event, int], Places]
    edges: Callable[[Event, int], Iterable[int]]
    """Among them the first instant after one at which the places of an event change."""

    def next(self, event: Event, t: int) -> int | None:
        """Return the next instant after t at which an event may move."""
        return min((at for at in self.edges(event, t) if at > t), default=None)


class Tally(Protocol):
    """What the places of events make."""

    def put(self, place: Any) -> None:  # noqa: ANN401 - what its condition makes
        """Take an event in at a place."""
        ...

    def take(self, place: Any) -> None:  # noqa: ANN401 - what its condition makes
        """Leave an event out again."""
        ...

    def holds(self, t: int) -> bool:
        """Tell whether what they make is as asked."""
        ...


@dataclass(slots=True)
class Counts:
    """How many events count at each place, and how many places reach each number."""

    test: Callable[[Counts], bool]
    of: Counter[Hashable] = field(default_factory=Counter[Hashable])
    reaching: Counter[int] = field(default_factory=Counter[int])

    def put(self, place: Hashable) -> None:
        """Count one more."""
        self.of[place] += 1
        self.reaching[self.of[place]] += 1

    def take(self, place: Hashable) -> None:
        """Count one less."""
        self.reaching[self.of[place]] -= 1
        self.of[place] -= 1

    def holds(self, t: int) -> bool:
        """Tell whether the numbers are as asked."""
        del t
        return self.test(self)


@dataclass(slots=True)
class Ranked:
    """The places in order."""

    test: Callable[[Sequence[Any], int], bool]
    places: list[Any] = field(default_factory=list[Any])

    def put(self, place: Any) -> None:  # noqa: ANN401 - what compares
        """Put one in."""
        insort(self.places, place)

    def take(self, place: Any) -> None:  # noqa: ANN401 - what compares
        """Take one out."""
        del self.places[bisect_left(self.places, place)]

    def holds(self, t: int) -> bool:
        """Tell whether they are as asked."""
        return self.test(self.places, t)


def stands_until(courses: Iterable[Course], tally: Tally, t: int, stop: int) -> int:
    """Return when time alone turns what the places of events make, at most `stop`.

    After very many moves it is the instant that was reached: nothing turns it before.
    """
    numbers = count()
    moves, places = _begun(courses, tally, t, numbers)
    verdict, made = tally.holds(t), 0
    while moves and moves[0][0] < stop:
        at = moves[0][0]
        if made > _MOST_MOVES:
            return at
        while moves and moves[0][0] == at:
            _, number, course, event, coming = heappop(moves)
            made += 1
            if coming is not None and coming + 1 < len(course.events):
                after = course.events[coming + 1]
                heappush(moves, (after.at, next(numbers), course, after, coming + 1))
            _move(tally, places, number, course.places(event, at))
            again = course.next(event, at)
            if again is not None:
                heappush(moves, (again, number, course, event, None))
        if tally.holds(at) is not verdict:
            return at
    return stop


_Move: TypeAlias = "tuple[int, int, Course, Event, int | None]"
"""When, a number of its own, and the place among the events where it is the next to come."""


def _begun(
    courses: Iterable[Course], tally: Tally, t: int, numbers: Iterator[int]
) -> tuple[list[_Move], dict[int, Places]]:
    """Put all events that are there in their places, and return the next move of each."""
    moves: list[_Move] = []
    places: dict[int, Places] = {}
    for course in courses:
        for index, event in enumerate(course.events):
            number = next(numbers)
            if event.at > t:
                moves.append((event.at, number, course, event, index))
                break
            _move(tally, places, number, course.places(event, t))
            again = course.next(event, t)
            if again is not None:
                moves.append((again, number, course, event, None))
    heapify(moves)
    return moves, places


def _move(tally: Tally, places: dict[int, Places], number: int, after: Places) -> None:
    before = places.get(number, ())
    if before == after:
        return
    for place in before:
        tally.take(place)
    for place in after:
        tally.put(place)
    places[number] = after
