"""Chains of events: each step an event of its own, not earlier than the one before."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from graph.subject import Event

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True)
class End:
    """An event that a step can be, and the ids of those of its instant that were taken before."""

    at: int
    id: str
    taken: frozenset[str] = frozenset()

    def leads_to(self, after: End, within: int | None) -> bool:
        """Tell whether a chain that ends here goes on so."""
        if after.at == self.at:
            return after.taken == self.taken | {self.id}
        gap = after.at - self.at
        return gap > 0 and not after.taken and (within is None or gap <= within)


Ends: TypeAlias = set[End]


@dataclass(frozen=True, slots=True)
class Chain:
    """All chains of one tie: the ends of each step to be made, and the events of the last step."""

    ends: list[Ends]
    last: list[Event]


def begun(events: Iterable[Event]) -> Ends:
    """Return the ends of chains of one event."""
    return {End(event.at, event.id) for event in events}


def followed(ends: Ends, events: Iterable[Event], within: int | None) -> Ends:
    """Return the ends of chains that go on with one of these events."""
    instants = sorted({end.at for end in ends})
    at_once: dict[int, list[End]] = {}
    for end in ends:
        at_once.setdefault(end.at, []).append(end)
    found: Ends = set()
    for event in events:
        earlier = bisect_left(instants, event.at)
        if earlier and (within is None or event.at - instants[earlier - 1] <= within):
            found.add(End(event.at, event.id))
        for end in at_once.get(event.at, ()):
            if event.id != end.id and event.id not in end.taken:
                found.add(End(event.at, event.id, end.taken | {end.id}))
    return found


def silent(end: End, events: Iterable[Event], within: int | None, t: int) -> bool:
    """Tell whether none of these events follows the end of a chain, and the time for it is over."""
    until = t if within is None else end.at + within
    return until <= t and not any(
        end.at <= event.at <= until and event.id != end.id and event.id not in end.taken
        for event in events
    )


def ids(steps: Sequence[Ends], withins: Sequence[int | None]) -> list[str]:
    """Return the ids of one chain, the latest, as far as any goes; `withins` are each step's."""
    made = [ends for ends in steps if ends]
    if not made:
        return []
    end = max(made[-1], key=lambda each: (each.at, each.id))
    chain = [end.id]
    for ends, within in zip(made[-2::-1], withins[len(made) - 1 : 0 : -1], strict=True):
        end = max(
            (each for each in ends if each.leads_to(end, within)),
            key=lambda each: (each.at, each.id),
        )
        chain.append(end.id)
    return chain[::-1]
