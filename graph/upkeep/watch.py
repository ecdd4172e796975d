"""Which segments an event may turn: those whose counts it brings over a number, and few others.

All conditions over one pattern share the instants of its events. An event changes which is the
n-th newest; of the windows that look at it just those turn that are longer than it is old now, and
were not longer than the one before was.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from graph.conditions.logic import AllOf, AnyOf, Not
from graph.needs import Kinds, needed
from graph.subject import NEVER
from graph.upkeep.counts import Counting, counting
from graph.upkeep.patterns import Patterns

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from graph.conditions import Condition
    from graph.subject import Event
    from graph.upkeep.people import Person

_DROPPED: Final = 100


@dataclass(slots=True)
class _Thresholds:
    """The windows that ask for one number of a pattern's events, the shortest first."""

    number: int
    lengths: list[int] = field(default_factory=list[int])
    segments: list[str] = field(default_factory=list[str])

    def add(self, length: int, segment: str) -> None:
        """Take in a segment's window."""
        place = bisect_right(self.lengths, length)
        self.lengths.insert(place, length)
        self.segments.insert(place, segment)

    def drop(self, segment: str) -> None:
        """Take a segment's windows out."""
        kept = [place for place, each in enumerate(self.segments) if each != segment]
        if len(kept) < len(self.segments):
            self.lengths = [self.lengths[place] for place in kept]
            self.segments = [self.segments[place] for place in kept]

    def turned(self, before: int | None, after: int, now: int) -> Sequence[str]:
        """Return the segments whose windows have the n-th newest, and had not the one before."""
        first = bisect_right(self.lengths, now - after)
        last = NEVER if before is None else now - before
        return self.segments[first : bisect_right(self.lengths, last)]


class Watch:
    """The definitions that look at one contact alone, by the events that may turn them.

    Attributes:
        patterns: The patterns whose events are counted.
        asking: The segments that ask more than counts, of whatever is told.
        standing: Those of the others that are so of contacts without any event.
        dropped: How many segments with patterns are watched no more; their patterns stay.
    """

    def __init__(self) -> None:
        self.patterns = Patterns()
        self.asking: dict[str, None] = {}
        self.standing: dict[str, None] = {}
        self._thresholds: dict[int, dict[int, _Thresholds]] = {}
        self._by_kind: dict[str | None, dict[str, None]] = {}
        self._watching: dict[str, list[_Thresholds]] = {}
        self.dropped = 0

    @property
    def worn(self) -> bool:
        """Whether it has dropped so many segments that it is better made anew."""
        return self.dropped > max(_DROPPED, len(self._watching))

    def add(
        self, segment: str, definition: Condition, known: Mapping[str, Condition]
    ) -> Counting | None:
        """Watch for a segment; return its definition as counts where it is nothing else."""
        counts: Counting | None = counting(definition, self.patterns)
        for leaf in _leaves(definition):
            counted = counting(leaf, self.patterns)
            if counted is None:
                self._look(segment, needed(leaf, known).events)
                continue
            for count in counted.leaves():
                numbers = self._thresholds.setdefault(count.pattern, {})
                thresholds = numbers.setdefault(count.number, _Thresholds(count.number))
                thresholds.add(count.length, segment)
                self._watching.setdefault(segment, []).append(thresholds)
        if counts is None:
            self.asking[segment] = None
        elif counts.judge(_nothing, 0)[0]:
            self.standing[segment] = None
        return counts

    def _look(self, segment: str, kinds: Kinds) -> None:
        for kind in (None,) if kinds.any else kinds.names:
            self._by_kind.setdefault(kind, {})[segment] = None

    def drop(self, segment: str) -> None:
        """Watch for a segment no more."""
        self.asking.pop(segment, None)
        self.standing.pop(segment, None)
        for segments in self._by_kind.values():
            segments.pop(segment, None)
        watching = self._watching.pop(segment, ())
        self.dropped += bool(watching)
        for thresholds in watching:
            thresholds.drop(segment)

    def matter(self, events: Iterable[Event]) -> bool:
        """Tell whether events may turn any segment at all."""
        return any(
            self._by_kind.get(event.name) or self._by_kind.get(None) or self.patterns.matched(event)
            for event in events
        )

    def turned(self, person: Person, events: Iterable[Event], now: int) -> dict[str, None]:
        """Return the segments that new events of a contact may turn, and count those.

        The contact has none of them yet, and time has turned before what it turns up to now.
        """
        found: dict[str, None] = {}
        new: dict[int, list[int]] = {}
        for event in events:
            for kind in (event.name, None):
                found.update(self._by_kind.get(kind, ()))
            for number in self.patterns.matched(event):
                new.setdefault(number, []).append(event.at)
        person.count(self.patterns)
        for number, instants in new.items():
            known = person.times.get(number, ())
            thresholds = self._thresholds.get(number, {}).values()
            before = [
                known[-each.number] if each.number <= len(known) else None for each in thresholds
            ]
            known = person.times[number] = tuple(sorted((*known, *instants)))
            for each, newest in zip(thresholds, before, strict=True):
                if each.number <= len(known):
                    found.update(dict.fromkeys(each.turned(newest, known[-each.number], now)))
        return found

    def reached(self, person: Person) -> dict[str, None]:
        """Return the segments of which a contact has reached a number, in a window or not."""
        person.count(self.patterns)
        found: dict[str, None] = {}
        for number, instants in person.times.items():
            for thresholds in self._thresholds.get(number, {}).values():
                if thresholds.number <= len(instants):
                    found.update(dict.fromkeys(thresholds.segments))
        return found


def _leaves(condition: Condition) -> Iterator[Condition]:
    match condition:
        case AllOf(children) | AnyOf(children):
            for child in children:
                yield from _leaves(child)
        case Not(child):
            yield from _leaves(child)
        case _:
            yield condition


def _nothing(pattern: int) -> Sequence[int]:
    """Return the instants of somebody without events."""
    del pattern
    return ()
