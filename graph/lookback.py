"""How far back a definition looks: the first instant at which an event of a kind may matter."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from graph.conditions import Condition
from graph.conditions.about import PopularWith
from graph.conditions.in_segment import InSegment
from graph.conditions.rewritten import Rewritten
from graph.conditions.sequence import Sequence
from graph.conditions.window import BEGINNING, OfFirst
from graph.references import inside

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from graph.conditions.pattern import Pattern
    from graph.conditions.window import Window

Lookback: TypeAlias = "dict[str | None, int]"
"""By the name of a kind of events, None of any kind: from when on they may matter."""


def lookback(value: object, definitions: Mapping[str, Condition], t: int) -> Lookback:
    """Return how far back a condition, or a part of one, looks at t, and no further later on.

    `definitions` are those of the segments that it may name.
    """
    match value:
        case InSegment(key, at):
            return lookback(definitions[key], definitions, t if at is None else min(at, t))
        case Rewritten():
            return lookback(value.plain(), definitions, t)
        case PopularWith():
            found: Lookback = {value.event: BEGINNING}
        case OfFirst():
            found = {value.event: BEGINNING}
        case Sequence():
            found = farthest(_seen(step, value.within, t) for step in value.steps)
        case Condition():
            found = farthest(_seen(pattern, window, t) for pattern, window in value.patterns())
        case _:
            found = {}
    return farthest([found, *(lookback(each, definitions, t) for each in inside(value))])


def of_kind(found: Lookback, name: str, first: int) -> int:
    """Return from when on events of a kind may matter, `first` where that is before."""
    return min(first, found.get(name, first), found.get(None, first))


def farthest(all_found: Iterable[Lookback]) -> Lookback:
    """Return how far back any of several looks."""
    found: Lookback = {}
    for each in all_found:
        for name, first in each.items():
            found[name] = min(first, found.get(name, first))
    return found


def _seen(pattern: Pattern, window: Window | None, t: int) -> Lookback:
    first = BEGINNING if window is None else window.fixed(t)[0]
    return dict.fromkeys(pattern.names or (None,), first)
