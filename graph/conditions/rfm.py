"""`rfm`: how recently, how often, and for how much."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graph import errors
from graph.conditions import words
from graph.conditions.did import Did
from graph.conditions.logic import AllOf
from graph.conditions.names import check_name
from graph.conditions.order import Gte
from graph.conditions.pattern import Pattern, simplified
from graph.conditions.rewritten import Rewritten
from graph.conditions.shape import Duration
from graph.conditions.total import Total
from graph.conditions.window import Last, Window

if TYPE_CHECKING:
    from graph.conditions.base import Condition


@dataclass(frozen=True, slots=True, kw_only=True)
class Rfm(Rewritten, Pattern):
    """Recency, frequency and money: all of those given.

    Attributes:
        event: The name of one kind of event.
        events: The names of several kinds; not beside `event`. Neither means any event.
        where: What the event's properties meet, all of one event.
        about: What the event was about.
        recent_within: How long ago at most the newest such event was.
        frequency_at_least: The least number of such events in the window.
        money_at_least: The least sum of `of` over them.
        of: The number property that is summed.
        within: When; any time up to now where absent.
    """

    recent_within: Duration | None = None
    frequency_at_least: int | None = None
    money_at_least: float | None = None
    of: str | None = None
    within: Window | None = None

    def __post_init__(self) -> None:
        Pattern.__post_init__(self)
        given = (self.recent_within, self.frequency_at_least, self.money_at_least)
        if all(each is None for each in given):
            raise errors.BadInput(
                "Give at least one of `recentWithin`, `frequencyAtLeast` and `moneyAtLeast`"
            )
        if self.frequency_at_least is not None and self.frequency_at_least < 0:
            raise errors.BadInput(
                f"frequencyAtLeast is 0 or more, not {self.frequency_at_least}: leave it out "
                "where any number will do",
                "frequencyAtLeast",
            )
        if self.money_at_least is not None and self.of is None:
            raise errors.BadInput("`moneyAtLeast` needs `of`, the property that is summed", "of")
        if self.of is not None:
            check_name(self.of, "property", "of")

    def plain(self) -> Condition:
        """Return it in terms of `did` and `total`."""
        pattern = simplified(self)
        parts: list[Condition] = []
        if self.recent_within is not None:
            parts.append(Did(**pattern, within=Last(self.recent_within)))  # pyright: ignore[reportArgumentType]
        if self.frequency_at_least is not None:
            parts.append(
                Did(**pattern, within=self.within, at_least=self.frequency_at_least)  # pyright: ignore[reportArgumentType]
            )
        if self.money_at_least is not None and self.of is not None:
            parts.append(
                Total(**pattern, within=self.within, of=self.of, is_=Gte(self.money_at_least))  # pyright: ignore[reportArgumentType]
            )
        return AllOf(tuple(parts))

    def text(self) -> str:
        """Return `completed an order in the last 30 days and at least 5 times`."""
        return words.sequel(self.did_text(), self._what())

    def untrue(self) -> str:
        """Return `did not complete an order in the last 30 days and at least 5 times`."""
        return words.sequel(f"did not {self.do_text()}", self._what())

    def _what(self) -> str:
        window = f" {self.within.text()}" if self.within else ""
        parts: list[str] = []
        if self.recent_within is not None:
            parts.append(f"in the last {words.passing(self.recent_within)}")
        if self.frequency_at_least is not None:
            parts.append(f"at least {words.often(self.frequency_at_least)}{window}")
        if self.money_at_least is not None:
            of = words.quoted(self.of or "")
            parts.append(f"for at least {words.value(self.money_at_least)} of {of} in all{window}")
        return words.joined(parts, "and")
