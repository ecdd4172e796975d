"""`firstTime`: the first, or n-th, time that something was done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graph import errors, times
from graph.conditions import words
from graph.conditions.base import Evidence
from graph.conditions.deadline import when
from graph.conditions.did import did
from graph.conditions.grouping import carried, opened
from graph.conditions.pattern import Pattern, Patterned, simplified
from graph.conditions.window import BEGINNING, Window
from graph.cypher.nodes import Leaf, Piped, Where
from graph.subject import NEVER

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graph.conditions.base import Condition, Scope
    from graph.cypher.nodes import Predicate
    from graph.subject import Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstTime(Patterned):
    """The first such event ever, or the n-th, lies in the window.

    Attributes:
        event: The name of one kind of event.
        events: The names of several kinds; not beside `event`. Neither means any event.
        where: What the event's properties meet, all of one event.
        about: What the event was about.
        within: When it must have happened.
        nth: Which one, from 1; of equal times the smaller id comes first.
    """

    within: Window
    nth: int = 1

    def __post_init__(self) -> None:
        Pattern.__post_init__(self)
        if self.nth < 1:
            raise errors.BadInput(
                f"nth is 1 or more, not {self.nth}: leave it out for the first", "nth"
            )

    def holds(self, subject: Subject, t: int) -> bool:
        """Look whether the n-th event lies in the window."""
        bounds = self.within.bounds(subject, t)
        events = self.ordered(subject, t, None)
        if bounds is None or len(events) < self.nth:
            return False
        first, last = bounds
        return first <= events[self.nth - 1].at <= last

    def needs(self) -> tuple[Condition, ...]:
        """Return that one lies in the window."""
        return (did(self, self.within),)

    def edges(self, subject: Subject, t: int) -> Iterable[int]:
        """Return when the n-th gets in or out; of events that time turns, when any does."""
        if self.moving:
            yield from self.turns(subject, t, self.within)
            return
        opening = self.within.opened_by()
        if opening is not None:
            yield from (event.at for event in subject.history.between((opening,), t, NEVER))
        for event in self.yet(subject, t, BEGINNING)[self.nth - 1 : self.nth]:
            yield event.at
            yield from self.within.edges(event.at, t, subject.zone(t))

    def predicate(self, scope: Scope) -> Predicate:
        """Take the n-th event of all and look whether it lies in the window."""
        return Piped(
            opened(self.found(scope, None), scope, self.within),
            (
                Leaf(
                    f"WITH {carried(self.within)} ORDER BY e.at SKIP $skipped LIMIT 1",
                    {"skipped": self.nth - 1},
                ),
                Where(self.within.leaves(scope.t)),
            ),
        )

    def patterns(self) -> tuple[tuple[Pattern, Window | None], ...]:
        """Return itself, at any time."""
        return ((self, None),)

    def evidence(self, subject: Subject, t: int, by_time: str | None) -> Evidence:
        """Show the n-th event, or how many are missing to it."""
        events = self.ordered(subject, t, None)
        asked = f"the {words.ordinal(self.nth)} time {self.within.text()}"
        missing = self.nth - len(events)
        if missing > 0:
            more = f"{self.more(missing)}{when(self.within, subject, t)}"
            return Evidence(None, asked, words.either(more, by_time), tuple(events))
        event = events[self.nth - 1]
        flip = by_time or f"nothing: the {words.ordinal(self.nth)} time stays when it was"
        return Evidence(times.instant(event.at), asked, flip, (event,))

    def canonical(self) -> Condition:
        """Return it with its kinds in order."""
        return FirstTime(
            **simplified(self),  # pyright: ignore[reportArgumentType]
            within=self.within,
            nth=self.nth,
        )

    def text(self) -> str:
        """Return `completed an order for the first time ever in the last 30 days`."""
        return f"{self.did_text()} {self._time()}"

    def untrue(self) -> str:
        """Return `did not complete an order for the first time ever in the last 30 days`."""
        return f"did not {self.do_text()} {self._time()}"

    def _time(self) -> str:
        return f"for the {words.ordinal(self.nth)} time ever {self.within.text()}"
