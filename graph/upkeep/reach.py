"""Whom a definition may be about, now or as time passes: what Cypher can find of them all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from graph.conditions.did import Did
from graph.conditions.logic import AllOf, AnyOf, Not
from graph.conditions.sample import Sample
from graph.conditions.trait import TraitIs
from graph.conditions.window import Last, Since, Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graph.conditions import Condition


def reach(condition: Condition) -> Condition | None:
    """Return what holds of all for whom a condition holds, or will by time alone; None of anybody.

    It is so of a contact of whom nothing is told yet for later, where it looks at nobody else.
    """
    if stays(condition, true=False):
        return condition
    match condition:
        case AllOf(children):
            return _all(reach(child) for child in children)
        case AnyOf(children):
            found = [reach(child) for child in children]
            known = tuple(each for each in found if each is not None)
            return AnyOf(known) if len(known) == len(found) else None
        case Did():
            return _done(condition)
        case _:
            return _all(_ever(each) for each in condition.needs() if isinstance(each, Did))


def needed_of_any(definitions: Iterable[Condition]) -> Condition | None:
    """Return what holds of all for whom one of many definitions does, or will; None of anybody.

    That is asked as one thing: whether an event of the kinds that they need was had at all.
    """
    kinds = _union(_kinds(reach(each)) for each in definitions)
    return Did(events=tuple(sorted(kinds))) if kinds else None


def _kinds(reached: Condition | None) -> frozenset[str] | None:
    """Return kinds of which whoever meets a condition had an event; None where it may be none."""
    match reached:
        case AllOf(children):
            found = [kinds for child in children if (kinds := _kinds(child))]
            return min(found, key=len, default=None)
        case AnyOf(children):
            return _union(_kinds(child) for child in children)
        case Did() if reached.least:
            return frozenset(reached.names) or None
        case _:
            return None


def _union(found: Iterable[frozenset[str] | None]) -> frozenset[str] | None:
    known: set[str] = set()
    for each in found:
        if each is None:
            return None
        known |= each
    return frozenset(known)


def stays(condition: Condition, *, true: bool) -> bool:
    """Tell whether time alone never ends that a condition holds, or does not hold, of a contact.

    The contact is one as `reach` has it.
    """
    match condition:
        case AllOf(children) | AnyOf(children):
            return all(stays(child, true=true) for child in children)
        case Not(child):
            return stays(child, true=not true)
        case TraitIs(_, is_):
            return not is_.moving
        case Did(within=None | Since() | Span()):
            return not condition.moving
        case Did():
            return _wanes(condition) and (not condition.least if true else condition.most is None)
        case _:
            return isinstance(condition, Sample)


def _wanes(did: Did) -> bool:
    """Tell whether time alone only takes from the events that count."""
    return isinstance(did.within, Last) and not did.moving


def _all(found: Iterable[Condition | None]) -> Condition | None:
    known = tuple(each for each in found if each is not None)
    return AllOf(known) if known else None


def _done(did: Did) -> Condition | None:
    """Return how often something was done at least, in the window where time only empties that."""
    if did.least and _wanes(did):
        return replace(did, at_least=did.least, at_most=None, exactly=None)
    return _ever(did)


def _ever(did: Did) -> Condition | None:
    """Return that events of the kinds were had so often, whenever that was and whatever of."""
    return Did(events=did.names or None, at_least=did.least) if did.least else None
