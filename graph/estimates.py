"""What is known of the graph's sizes, and about what a condition costs: only speed depends on it.

Costs are microseconds as measured on two cores; what counts is which is less.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from graph.conditions.base import Condition, Scope
from graph.conditions.did import Did
from graph.conditions.logic import AllOf, AnyOf, Not
from graph.conditions.window import BEGINNING

ROW = 0.3
"""An event that an index on time gives, grouped by its contact."""
EDGE = 0.27
"""An edge of a node at hand that is looked at."""
TEST = 0.5
"""What it adds to an event that more than its time is looked at."""
LOOK = 1.2
"""A contact at hand that is looked at."""
COUNTING = 1.5
"""What it adds to a look that one event is not enough."""
SCANNED = 0.5
"""A contact that is come by."""
TREE_SHARE = 0.1
"""The part of a kind's events that are about things in a named place."""
OTHER_SHARE = 0.1
"""The part of a kind's events that are about things of a kind, or have a property."""
ACCOUNT_SHARE = 0.3
UNKNOWN_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class KindFacts:
    """What the registry knows of a kind of event."""

    type: str
    count: int = 0
    first_at: int = 0
    last_at: int = 0

    def within(self, first: int, last: int) -> float:
        """Return about how many events lie in a window, if they are spread evenly."""
        length = self.last_at - self.first_at + 1
        shared = min(last, self.last_at) - max(first, self.first_at) + 1
        return self.count * max(0.0, shared / length)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the compiler knows of the graph."""

    kinds: Mapping[str, KindFacts] = field(default_factory=dict[str, KindFacts])
    contacts: int = 0
    accounts: int = 0
    definitions: Mapping[str, Condition] = field(default_factory=dict[str, Condition])
    withdrawn: bool = True
    """Whether any contact has withdrawn a consent."""
    _types: dict[str, str] = field(
        default_factory=dict[str, str], init=False, repr=False, compare=False
    )

    def scope(self, t: int) -> Scope:
        """Return what conditions are compiled with."""
        if not self._types:
            self._types.update({name: kind.type for name, kind in self.kinds.items()})
        return Scope(t, self._types, self.definitions, self.withdrawn)


def events_within(did: Did, t: int, facts: Facts) -> float:
    """Return about how many events of its kinds lie in its window."""
    first, last = did.within.fixed(t) if did.within else (BEGINNING, t)
    return sum(kind.within(first, last) for kind in _kinds(did, facts))


def grouping(did: Did, t: int, facts: Facts) -> float:
    """Return about what it costs to group its events by contact."""
    return (ROW + _test(did)) * min(events_within(did, t, facts), inward(did, t, facts))


def inward(did: Did, t: int, facts: Facts) -> float:
    """Return about how many events are looked at from what is named inwards; infinite if nothing.

    From there on events of all times are looked at, so a window saves nothing.
    """
    if did.inward(facts.scope(t)) is None:
        return math.inf
    return 2 * TREE_SHARE * sum(kind.count for kind in _kinds(did, facts))


def looking(condition: Condition, t: int, facts: Facts) -> float:
    """Return about what it costs to look at one contact."""
    match condition:
        case Did():
            events = sum(kind.count for kind in _kinds(condition, facts)) / max(1, facts.contacts)
            look = LOOK + COUNTING * (condition.least != 1)
            edge = EDGE + _test(condition)
            return look + edge * min(events, until_met(condition, t, facts))
        case Not(child):
            return looking(child, t, facts)
        case AllOf(children) | AnyOf(children):
            return sum(looking(child, t, facts) for child in children)
        case _:
            return LOOK


def share(condition: Condition, t: int, facts: Facts) -> float:
    """Return about what part of the contacts meets a condition."""
    match condition:
        case Did() if condition.least:
            each = events_within(condition, t, facts) / max(1, facts.contacts)
            return max(1e-9, (1 - math.exp(-each * _narrowed(condition))) ** condition.least)
        case Not(child):
            return max(1e-9, 1 - share(child, t, facts))
        case AllOf(children):
            return math.prod(share(child, t, facts) for child in children)
        case AnyOf(children):
            return 1 - math.prod(1 - share(child, t, facts) for child in children)
        case _:
            return UNKNOWN_SHARE


def until_met(did: Did, t: int, facts: Facts) -> float:
    """Return about how many events of a contact are looked at until there are enough."""
    if did.most is not None or not did.least:
        return math.inf
    of_all = sum(kind.count for kind in _kinds(did, facts))
    meet = events_within(did, t, facts) * _narrowed(did)
    return did.least * of_all / meet if meet else math.inf


def _test(did: Did) -> float:
    return TEST if did.about or did.where else 0.0


def _narrowed(did: Did) -> float:
    if did.about is not None and did.about.tree() is not None:
        return TREE_SHARE
    return OTHER_SHARE if did.about or did.where else 1.0


def _kinds(did: Did, facts: Facts) -> list[KindFacts]:
    if not did.names:
        return list(facts.kinds.values())
    return [facts.kinds[name] for name in did.names if name in facts.kinds]
