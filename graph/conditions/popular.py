"""`popularWith`: things that enough contacts of a sort had an event about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, LiteralString

from graph import errors, values
from graph.conditions import words
from graph.conditions.base import Beyond, Condition
from graph.cypher.nodes import Audience, Found, Leaf, Others
from graph.subject import NEVER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graph.conditions.base import Scope
    from graph.cypher.nodes import Predicate
    from graph.subject import Subject, Thing


@dataclass(frozen=True, slots=True)
class PopularWith(Beyond):
    """Things that so many different contacts had an event about, at any time up to now.

    Attributes:
        event: The name of the kind of event.
        at_least: The least number of different contacts; the contact itself counts among them.
        who: What those contacts meet.
    """

    event: str
    at_least: int
    who: Condition

    def __post_init__(self) -> None:
        with errors.under("event"):
            values.name(self.event, "name of an event")
        if self.at_least < 1:
            raise errors.BadInput(
                f"atLeast is 1 or more, not {self.at_least}: without `popularWith` a thing "
                "needs nobody",
                "atLeast",
            )

    def holds(self, thing: Thing, t: int, subject: Subject) -> bool:
        """Count the contacts who had the event about a thing and meet the condition."""
        return len(self.people(thing, t, subject)) >= self.at_least

    def people(self, thing: Thing, t: int, subject: Subject) -> list[str]:
        """Return the keys of those who had the event about a thing and meet the condition."""
        return [
            each.key
            for each in subject.world.audience_of(thing)
            if each.since <= t and self._had(each, thing, t) and self.who.holds(each, t)
        ]

    def _had(self, subject: Subject, thing: Thing, t: int) -> bool:
        return any(
            event.about.kind is thing.kind
            and event.about.key == thing.key
            and subject.counts(event, t)
            for event in subject.history.between((self.event,), -NEVER, t)
        )

    def turns(self, thing: Thing, t: int, subject: Subject) -> int:
        """Return the first instant after t at which it may turn for a thing by time alone."""
        return min(
            (until for each in subject.world.audience_of(thing) for until in self._turns(each, t)),
            default=NEVER,
        )

    def _turns(self, subject: Subject, t: int) -> Iterator[int]:
        yield self.who.valid_until(subject, t)
        yield subject.next_told(t)
        if subject.since > t:
            yield subject.since
        events = subject.history.between((self.event,), t + 1, NEVER)
        yield next((event.at for event in events), NEVER)

    def predicate(self, label: LiteralString, scope: Scope) -> Predicate:
        """Count the contacts of the `thing`, which has a label, in the graph."""
        (type_,) = scope.types_of((self.event,))
        where = (Leaf("theirs.at <= $t"), *scope.counts("theirs"))
        audience = Audience(type_, where)
        others = Others(audience, scope.of_others(self.who), ((">=", self.at_least),))
        return Found("thing", label, others) if scope.many else others

    def text(self) -> str:
        """Return `with “Product Viewed” events by at least 5 contacts each of whom …`."""
        number = words.counted(self.at_least, "contact")
        whom = "who" if self.at_least == 1 else "each of whom"
        events = f"{words.quoted(self.event)} events"
        return f"with {events} by at least {number} {whom} {self.who.inner_text()}"
