"""From a condition and what is asked to a statement: the seed is chosen, the rest filters.

The seed is the conjunct that finds its contacts at the least cost: from a topic or category
inwards, from a kind's index on time, from accounts; else contacts are scanned. Costs are rough
numbers of rows touched, from the counts of the registry.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graph.conditions.base import Condition, Scope
from graph.conditions.did import Did
from graph.conditions.logic import AllOf, Not
from graph.conditions.trait import AccountIs
from graph.conditions.window import BEGINNING
from graph.cypher import nodes
from graph.cypher.render import render

if TYPE_CHECKING:
    from graph.database import Statement

# Rows that a contact costs to look at, as measured against rows of an index seek.
_LOOK = 4.0
_COUNT_ALL = 12.0
_TREE_SHARE = 0.1
_ACCOUNT_SHARE = 0.3


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
    """What the compiler knows of the graph; only speed depends on the counts."""

    kinds: Mapping[str, KindFacts] = field(default_factory=dict[str, KindFacts])
    contacts: int = 0
    accounts: int = 0

    def scope(self, t: int) -> Scope:
        """Return what conditions are compiled with."""
        return Scope(t, {name: kind.type for name, kind in self.kinds.items()})


def compiled(condition: Condition, asked: nodes.Asked, t: int, facts: Facts) -> Statement:
    """Return the statement that answers what is asked of a condition at t."""
    canonical = condition.canonical()
    conjuncts = canonical.children if isinstance(canonical, AllOf) else (canonical,)
    chosen = best_seed(conjuncts, asked, t, facts)
    scope = facts.scope(t)
    rest = [each for each in conjuncts if each is not chosen]
    seed = _seed(chosen, t, facts) if chosen else nodes.Everyone()
    where = tuple(each.predicate(scope) for each in sorted(rest, key=_dearness))
    return render(nodes.Query(seed, (nodes.Leaf("contact._since <= $t"), *where), asked, t))


def verdicts(condition: Condition, keys: tuple[str, ...], t: int, facts: Facts) -> Statement:
    """Return the statement that finds for whom of some contacts a condition holds at t."""
    predicate = condition.canonical().predicate(facts.scope(t))
    exists = nodes.Leaf("contact._since <= $t")
    return render(nodes.Query(nodes.These(keys), (exists, predicate), nodes.Verdicts(), t))


def best_seed(
    conjuncts: tuple[Condition, ...], asked: nodes.Asked, t: int, facts: Facts
) -> Condition | None:
    """Return the conjunct to start from; None where looking at every contact costs less."""
    costs = {index: _cost(each, t, facts) for index, each in enumerate(conjuncts)}
    index, cost = min(costs.items(), key=lambda item: item[1])
    return conjuncts[index] if cost < _scan_cost(conjuncts, asked, t, facts) else None


def _scan_cost(conjuncts: tuple[Condition, ...], asked: nodes.Asked, t: int, facts: Facts) -> float:
    counting = any(isinstance(each, Did) and each.bounds() for each in conjuncts)
    looked_at = float(facts.contacts)
    if isinstance(asked, nodes.Page):
        share = math.prod(_share(each, t, facts) for each in conjuncts)
        looked_at = min(looked_at, asked.limit / max(share, 1e-9))
    return looked_at * (_COUNT_ALL if counting else _LOOK)


def _share(condition: Condition, t: int, facts: Facts) -> float:
    """Return about what part of the contacts meets a condition."""
    if not isinstance(condition, Did) or not condition.least:
        return 0.5
    each = _events(condition, t, facts) / max(1, facts.contacts)
    narrowed = 0.3 if condition.about or condition.where else 1.0
    return max(1e-9, (1 - math.exp(-each * narrowed)) ** condition.least)


def _cost(condition: Condition, t: int, facts: Facts) -> float:
    """Return about how many rows a seed from this condition touches; infinite where it is none."""
    match condition:
        case Did() if _seeds(condition):
            return min(_events(condition, t, facts), _inward_cost(condition, t, facts))
        case AccountIs():
            return facts.accounts + facts.contacts * _ACCOUNT_SHARE * _LOOK
        case _:
            return math.inf


def _seeds(condition: Did) -> bool:
    opened = condition.within is not None and condition.within.opened_by() is not None
    return bool(condition.least and condition.names) and not opened


def _inward_cost(condition: Did, t: int, facts: Facts) -> float:
    if condition.inward(facts.scope(t)) is None:
        return math.inf
    return _TREE_SHARE * sum(kind.count for kind in _kinds(condition, facts))


def _kinds(condition: Did, facts: Facts) -> list[KindFacts]:
    return [facts.kinds[name] for name in condition.names if name in facts.kinds]


def _events(condition: Did, t: int, facts: Facts) -> float:
    first, last = condition.within.fixed(t) if condition.within else (BEGINNING, t)
    return sum(kind.within(first, last) for kind in _kinds(condition, facts))


def _seed(condition: Condition, t: int, facts: Facts) -> nodes.Seed:
    match condition:
        case Did():
            return _group(condition, t, facts)
        case AccountIs():
            path = nodes.Leaf("(account:Account)<-[:BELONGS_TO]-(contact:Contact)")
            return nodes.Inward(nodes.Path(path, condition.tests(t)))
        case _:
            return nodes.Everyone()


def _group(condition: Did, t: int, facts: Facts) -> nodes.Group:
    scope = facts.scope(t)
    way = condition.inward(scope)
    if way is not None and _inward_cost(condition, t, facts) <= _events(condition, t, facts):
        path, events = way
        return nodes.Group(events, path, condition.bounds(), condition.counted_by())
    events = condition.events_found(scope)
    return nodes.Group(events, None, condition.bounds(), condition.counted_by())


def _dearness(condition: Condition) -> int:
    """Return where a filter stands: what a node tells before what its events tell."""
    inner = condition.child if isinstance(condition, Not) else condition
    return (0 if not isinstance(inner, Did) else 1) + (not inner.leaf) * 2
