"""`stopped`: did something for a time, and then no more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graph import errors, times
from graph.conditions import words
from graph.conditions.did import Did
from graph.conditions.logic import AllOf, Not
from graph.conditions.pattern import Pattern, simplified
from graph.conditions.rewritten import Rewritten
from graph.conditions.shape import Duration
from graph.conditions.window import Ago, Last

if TYPE_CHECKING:
    from graph.conditions.base import Condition


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped(Rewritten, Pattern):
    """The contact did it while it was active, and has been silent since.

    Attributes:
        event: The name of one kind of event.
        events: The names of several kinds; not beside `event`. Neither means any event.
        where: What the event's properties meet, all of one event.
        about: What the event was about.
        active: How long before the silence it did it at least once.
        silent: How long it has not done it, up to now.
    """

    active: Duration
    silent: Duration

    def __post_init__(self) -> None:
        Pattern.__post_init__(self)
        check_together("active", self.active, self.silent)

    def plain(self) -> Condition:
        """Return it in terms of `did`."""
        before, silence = self._windows()
        return AllOf((self._did(before), Not(self._did(silence))))

    def _windows(self) -> tuple[Ago, Last]:
        return Ago(self.silent, Duration(self.silent + self.active)), Last(self.silent)

    def _did(self, within: Ago | Last) -> Did:
        return Did(**simplified(self), within=within)  # pyright: ignore[reportArgumentType]

    def text(self) -> str:
        """Return `logged in between 60 and 30 days ago but not in the last 30 days`."""
        before, silence = self._windows()
        return f"{words.sequel(self.did_text(), before.text())} but not {silence.text()}"


def check_together(name: str, longer: int, shorter: int) -> None:
    """Refuse two lengths that together are longer than any window."""
    if longer + shorter > times.LONGEST:
        raise errors.BadInput(
            f"`{name}` and `silent` are at most {times.LONGEST // times.DAY} days together", name
        )
