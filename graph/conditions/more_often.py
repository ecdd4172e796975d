"""`moreOften`: something was done more often than something else."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from graph.conditions import words
from graph.conditions.base import Evidence
from graph.conditions.deadline import when
from graph.conditions.did import did
from graph.conditions.pattern import Pattern, Windowed, simplified
from graph.conditions.sliding import Counts
from graph.cypher import nodes

if TYPE_CHECKING:
    from graph.conditions.base import Condition, Scope
    from graph.conditions.window import Window
    from graph.cypher.nodes import Predicate
    from graph.subject import Subject

_NOTHING: Final = "nothing: each such event counts on both sides"


@dataclass(frozen=True, slots=True, kw_only=True)
class MoreOften(Windowed):
    """There are more such events than of another pattern, in the same window.

    Attributes:
        event: The name of one kind of event.
        events: The names of several kinds; not beside `event`. Neither means any event.
        where: What the event's properties meet, all of one event.
        about: What the event was about.
        than: The events that there are fewer of.
        within: When; any time up to now where absent.
    """

    than: Pattern

    def holds(self, subject: Subject, t: int) -> bool:
        """Count both."""
        these = sum(1 for _ in self.matches(subject, t, self.within))
        return these > sum(1 for _ in self.than.matches(subject, t, self.within))

    def needs(self) -> tuple[Condition, ...]:
        """Return that there are some."""
        return (did(self, self.within),)

    def tally(self, subject: Subject, t: int) -> Counts:
        """Count both sides."""
        del subject, t
        return Counts(lambda counts: counts.of[0] > counts.of[1])

    def stop(self, subject: Subject, t: int) -> int:
        """Return when something else than the contact's own past may turn it."""
        return min(Windowed.stop(self, subject, t), self.than.beyond(subject, t))

    def predicate(self, scope: Scope) -> Predicate:
        """Compare both counts."""
        return nodes.MoreOften(self.found(scope, self.within), self.than.found(scope, self.within))

    def group(self, scope: Scope) -> nodes.Group | None:
        """Count the events of all at once, and the others for each who has some."""
        found = self.found(scope, self.within)
        if found.first is not None:
            return None
        more = nodes.MoreOften(nodes.Leaf("times"), self.than.found(scope, self.within))
        counted = nodes.Leaf("WITH count(e) AS times")
        return nodes.Group(found, pipe=(counted, nodes.Where((more,))))

    def patterns(self) -> tuple[tuple[Pattern, Window | None], ...]:
        """Return both in the window."""
        return ((self, self.within), (self.than, self.within))

    def evidence(self, subject: Subject, t: int, by_time: str | None) -> Evidence:
        """Show both sides."""
        these = self.ordered(subject, t, self.within)
        those = self.than.ordered(subject, t, self.within)
        missing = len(those) + 1 - len(these)
        more = (
            _more(self, self.than, missing) if missing > 0 else _more(self.than, self, 1 - missing)
        )
        way = more and f"{more}{when(self.within, subject, t)}"
        flip = words.either(way, by_time) or _NOTHING
        asked = f"more than the {len(those)} of the other"
        both = {event.id: event for event in (*these, *those)}
        events = sorted(both.values(), key=attrgetter("at", "id"))
        return Evidence(len(these), asked, flip, tuple(events))

    def canonical(self) -> Condition:
        """Return it with its kinds in order."""
        return MoreOften(
            **simplified(self),  # pyright: ignore[reportArgumentType]
            than=Pattern(**simplified(self.than)),  # pyright: ignore[reportArgumentType]
            within=self.within,
        )

    def text(self) -> str:
        """Return `played a song more often than they skipped a song in the last 30 days`."""
        return words.sequel(self.did_text(), *self._than())

    def untrue(self) -> str:
        """Return `did not play a song more often than they skipped a song`."""
        return words.sequel(f"did not {self.do_text()}", *self._than())

    def _than(self) -> tuple[str, str]:
        window = self.within.text() if self.within else ""
        return f"more often than they {self.than.did_text()}", window


def _more(pattern: Pattern, other: Pattern, number: int) -> str | None:
    """Return so many more events that are not among others; None where all are."""
    beside = pattern.beside(other, number)
    return None if beside is None else f"{pattern.more(number)}{beside}"
