"""Conditions that are a shorter way to say others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graph.conditions.base import Condition

if TYPE_CHECKING:
    from graph.conditions.base import Scope
    from graph.cypher.nodes import Predicate
    from graph.subject import Subject


class Rewritten(Condition):
    """Means what another condition means."""

    __slots__ = ()

    def plain(self) -> Condition:
        """Return the condition that it is short for."""
        raise NotImplementedError

    def canonical(self) -> Condition:
        """Return what it is short for, in its canonical form."""
        return self.plain().canonical()

    def predicate(self, scope: Scope) -> Predicate:
        """Return what that means in Cypher."""
        return self.plain().predicate(scope)

    def valid_until(self, subject: Subject, t: int) -> int:
        """Return until when that stands."""
        return self.plain().valid_until(subject, t)

    def holds(self, subject: Subject, t: int) -> bool:
        """Return what that means in Python."""
        return self.plain().holds(subject, t)
