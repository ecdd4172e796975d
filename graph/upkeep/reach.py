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
    if stands(condition):
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


def stands(condition: Condition) -> bool:
    """Tell whether time alone never turns a condition, of a contact as `reach` has it."""
    match condition:
        case AllOf(children) | AnyOf(children):
            return all(stands(child) for child in children)
        case Not(child):
            return stands(child)
        case TraitIs(_, is_):
            return not is_.moving
        case Did():
            lasts = condition.within is None or isinstance(condition.within, Since | Span)
            return lasts and not condition.moving
        case _:
            return isinstance(condition, Sample)


def _all(found: Iterable[Condition | None]) -> Condition | None:
    known = tuple(each for each in found if each is not None)
    return AllOf(known) if known else None


def _done(did: Did) -> Condition | None:
    """Return how often something was done at least, where time only takes away from that."""
    if not did.least:
        return None
    if not isinstance(did.within, Last) or did.moving:
        return _ever(did)
    return replace(did, at_least=did.least, at_most=None, exactly=None)


def _ever(did: Did) -> Condition | None:
    """Return that events of the kinds were had so often, whenever that was and whatever of."""
    if not did.least:
        return None
    return Did(events=did.names or None, at_least=did.least)
