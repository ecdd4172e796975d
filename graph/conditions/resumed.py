"""`resumed`: did something, then not for a time, and now again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graph.conditions import words
from graph.conditions.did import Did
from graph.conditions.logic import AllOf, Not
from graph.conditions.pattern import Pattern, simplified
from graph.conditions.rewritten import Rewritten
from graph.conditions.shape import Duration
from graph.conditions.stopped import check_together
from graph.conditions.window import Ago, Last

if TYPE_CHECKING:
    from graph.conditions.base import Condition


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed(Rewritten, Pattern):
    """The contact does it again after a silence, and did it before.

    Attributes:
        event: The name of one kind of event.
        events: The names of several kinds; not beside `event`. Neither means any event.
        where: What the event's properties meet, all of one event.
        about: What the event was about.
        silent: How long it did not do it.
        recent: How long ago at most it did it again.
    """

    silent: Duration
    recent: Duration

    def __post_init__(self) -> None:
        Pattern.__post_init__(self)
        check_together("recent", self.recent, self.silent)

    def plain(self) -> Condition:
        """Return it in terms of `did`."""
        before = Duration(self.recent + self.silent)
        return AllOf(
            (
                self._did(Last(self.recent)),
                Not(self._did(Ago(self.recent, before))),
                self._did(Ago(before)),
            )
        )

    def _did(self, within: Ago | Last) -> Did:
        return Did(**simplified(self), within=within)  # pyright: ignore[reportArgumentType]

    def text(self) -> str:
        """Return `logged in again in the last 5 days after 30 days without it`."""
        silent = words.duration(self.silent)
        return f"{self.did_text()} again {Last(self.recent).text()} after {silent} without it"
