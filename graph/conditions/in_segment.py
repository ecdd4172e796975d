"""`segment`: meets the definition of a saved segment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graph import errors, values
from graph.conditions import words
from graph.conditions.base import Condition, Evidence
from graph.conditions.shape import Instant
from graph.cypher.nodes import At, Every, Leaf
from graph.subject import NEVER

if TYPE_CHECKING:
    from graph.conditions.base import Scope
    from graph.cypher.nodes import Predicate
    from graph.subject import Subject


@dataclass(frozen=True, slots=True)
class InSegment(Condition):
    """The contact meets the current definition of another saved segment.

    Attributes:
        key: The segment's key.
        at: At which instant it must; the instant of evaluation where absent.
    """

    key: str
    at: Instant | None = None

    def __post_init__(self) -> None:
        with errors.under("key"):
            values.name(self.key, "key of the segment", values.KEY_LIMIT)

    def holds(self, subject: Subject, t: int) -> bool:
        """Evaluate its definition, for a contact that existed."""
        at = t if self.at is None else self.at
        return subject.since <= at and subject.world.definition(self.key).holds(subject, at)

    def valid_until(self, subject: Subject, t: int) -> int:
        """Return until when its definition's verdict stands; at a given instant it stands.

        A contact that does not exist yet may come into it when it does.
        """
        if self.at is not None:
            return NEVER
        until = subject.world.definition(self.key).valid_until(subject, t)
        return min(until, subject.since) if subject.since > t else until

    def evidence(self, subject: Subject, t: int, by_time: str | None) -> Evidence:
        """Show its verdict; the definition's own evidence explains it."""
        del by_time
        return Evidence(self.holds(subject, t), "in it")

    def predicate(self, scope: Scope) -> Predicate:
        """Return its definition's meaning, at the instant given."""
        definition = scope.definition(self.key)
        if self.at is None:
            return definition.predicate(scope)
        inner = definition.predicate(scope.at(self.at))
        return At(self.at, Every((Leaf("contact._since <= $t"), inner)))

    def text(self) -> str:
        """Return `is in the segment “trial-expiring”`."""
        if self.at is None:
            return f"is in the segment {words.quoted(self.key)}"
        return f"is in the segment {words.quoted(self.key)} as of {words.dated(self.at)}"

    def untrue(self) -> str:
        """Return `is not in the segment “trial-expiring”`."""
        return self.text().replace("is", "is not", 1)
