"""Clauses of Cypher that ask the events of one contact, asked of those of all at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, LiteralString

from graph.cypher.nodes import Events, Group, Listed, Piped

if TYPE_CHECKING:
    from graph.conditions.base import Scope
    from graph.conditions.window import Window
    from graph.cypher.nodes import Predicate


def opened(events: Events, scope: Scope, window: Window) -> Events:
    """Return events of any time, with the instant `start` that a window of the first needs."""
    first = window.opened_by()
    if first is None:
        return events
    return replace(events, first=scope.types_of((first,)), first_where=scope.counts("first"))


def carried(window: Window) -> LiteralString:
    """Return the variables that a clause hands on to a window's leaves."""
    return "e" if window.opened_by() is None else "e, start"


def piped_group(predicate: Predicate) -> Group | None:
    """Return what sends the events of all contacts through a pipe of one contact's events.

    None where the pipe needs the contact's own first event.
    """
    if not isinstance(predicate, Piped) or predicate.pattern.first is not None:
        return None
    return Group(predicate.pattern, pipe=predicate.pipe)


def listed_group(predicate: Predicate) -> Group | None:
    """Return what asks the numbers of all contacts' events what is asked of those of one.

    None where the pattern needs the contact's own first event.
    """
    if not isinstance(predicate, Listed) or predicate.pattern.first is not None:
        return None
    return Group(predicate.pattern, numbers=predicate.numbers)
