"""When chains of events are complete, each by the event that it begins with."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from graph.conditions.chain import End
from graph.subject import NEVER, Event

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Silence:
    """That none of these events follows a chain: within a time, or up to t."""

    events: list[Event]
    within: int | None
    t: int

    def from_(self, end: End) -> int:
        """Return from when it holds after the end of a chain; NEVER where one follows."""
        until = self.t if self.within is None else end.at + self.within
        first = bisect_left(self.events, end.at, key=attrgetter("at"))
        for event in self.events[first : first + len(end.taken) + 2]:
            if event.at <= until and event.id != end.id and event.id not in end.taken:
                return NEVER
        return end.at if self.within is None else until


class Completion:
    """Tells when a chain is complete at the earliest, from its last step backwards.

    Of two events that a step can be, the earlier one is never complete after the later one, if it
    is at all: so only the first that follows is looked at, and those of the very instant.
    """

    def __init__(
        self,
        steps: Sequence[Sequence[Event]],
        withins: Sequence[int | None],
        silence: Silence | None,
    ) -> None:
        self._withins, self._silence, self._last = withins, silence, len(steps) - 1
        self._at: list[dict[int, list[Event]]] = [
            {at: list(same) for at, same in groupby(events, attrgetter("at"))} for events in steps
        ]
        self._whole: list[tuple[list[int], list[int]]] = [([], []) for _ in steps]
        for step in range(self._last, 0, -1):
            self._whole[step] = self._finite(step)

    def _finite(self, step: int) -> tuple[list[int], list[int]]:
        """Return the instants of a step at which a chain goes on to its end, and when that is."""
        found = {
            at: min(self.of(End(at, event.id), step) for event in same)
            for at, same in self._at[step].items()
        }
        finite = [(at, whole) for at, whole in found.items() if whole < NEVER]
        return [at for at, _ in finite], [whole for _, whole in finite]

    def of(self, end: End, step: int = 0) -> int:
        """Return when a chain that has come to a step is complete; NEVER where it never is."""
        if step == self._last:
            return end.at if self._silence is None else self._silence.from_(end)
        instants, wholes = self._whole[step + 1]
        later, within = bisect_right(instants, end.at), self._withins[step + 1]
        found = NEVER
        if later < len(instants) and (within is None or instants[later] - end.at <= within):
            found = wholes[later]
        taken = end.taken | {end.id}
        for event in self._at[step + 1].get(end.at, ()):
            if found <= end.at:
                break
            if event.id not in taken:
                found = min(found, self.of(End(end.at, event.id, taken), step + 1))
        return found
