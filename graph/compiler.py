"""From a condition and what is asked to a statement: the seed is chosen, the rest filters.

The seed is the conjunct that finds its contacts at the least cost: from a topic or category
inwards, from a kind's index on time, from accounts; else contacts are scanned. Each filter looks at
the contacts that are left, or finds all for whom it holds once and looks them up, whichever costs
less. What holds of nobody who did something is counted as all others.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from graph import estimates
from graph.conditions.did import Did
from graph.conditions.logic import AllOf, AnyOf, Not
from graph.conditions.trait import AccountIs
from graph.cypher import nodes, queries
from graph.cypher.render import render

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graph.conditions.base import Condition
    from graph.database import Statement
    from graph.estimates import Facts

EXISTS = nodes.Leaf("contact._since <= $t")


def compiled(condition: Condition, asked: queries.Asked, t: int, facts: Facts) -> Statement:
    """Return the statement that answers what is asked of a condition at t."""
    canonical = condition.canonical()
    contrary = _contrary(canonical)
    if isinstance(asked, queries.Count) and contrary is not None and _seeds(contrary):
        others = queries.Query(_group(contrary, t, facts), (), asked, t)
        return render(replace(others, others=True))
    return render(_query(canonical, asked, t, facts))


def verdicts(condition: Condition, keys: tuple[str, ...], t: int, facts: Facts) -> Statement:
    """Return the statement that finds for whom of some contacts a condition holds at t."""
    predicate = condition.canonical().predicate(facts.scope(t))
    seed = queries.These(keys)
    return render(queries.Query(seed, (EXISTS, predicate), queries.Verdicts(), t, gathers=False))


def tally(conditions: Sequence[Condition], t: int, facts: Facts) -> Statement:
    """Return the statement that counts by which of some conditions contacts meet at t."""
    return _of_everyone(queries.Tally(_tests(conditions, t, facts)), t)


def steps(conditions: Sequence[Condition], t: int, facts: Facts, *, every: bool) -> Statement:
    """Return the statement that counts how many conditions leave, one after another, at t."""
    return _of_everyone(queries.Steps(_tests(conditions, t, facts), every), t)


def _of_everyone(asked: queries.Asked, t: int) -> Statement:
    return render(queries.Query(queries.Everyone(), (EXISTS,), asked, t))


def _tests(conditions: Sequence[Condition], t: int, facts: Facts) -> tuple[nodes.Predicate, ...]:
    contacts = float(facts.contacts)
    return tuple(_filter(each.canonical(), contacts, t, facts) for each in conditions)


def _query(canonical: Condition, asked: queries.Asked, t: int, facts: Facts) -> queries.Query:
    conjuncts = canonical.children if isinstance(canonical, AllOf) else (canonical,)
    chosen = best_seed(conjuncts, asked, t, facts)
    rest = [each for each in conjuncts if each is not chosen]
    left = _looked_at(conjuncts, asked, t, facts)
    if chosen is not None:
        left = min(left, facts.contacts * estimates.share(chosen, t, facts))
    filters = [_filter(each, left, t, facts) for each in sorted(rest, key=_dearness)]
    seed = queries.Everyone() if chosen is None else _seed(chosen, t, facts)
    # Whoever did something up to t exists.
    exists = () if isinstance(seed, nodes.Group | queries.Groups) else (EXISTS,)
    return queries.Query(seed, (*exists, *filters), asked, t)


def best_seed(
    conjuncts: tuple[Condition, ...], asked: queries.Asked, t: int, facts: Facts
) -> Condition | None:
    """Return the conjunct to start from; None where looking at every contact costs less."""
    costs = {index: _cost(each, t, facts) for index, each in enumerate(conjuncts)}
    index, cost = min(costs.items(), key=lambda item: item[1])
    scanned = _looked_at(conjuncts, asked, t, facts)
    filters = sum(_filter_cost(each, scanned, t, facts) for each in conjuncts)
    return conjuncts[index] if cost < scanned * estimates.SCANNED + filters else None


def _looked_at(
    conjuncts: tuple[Condition, ...], asked: queries.Asked, t: int, facts: Facts
) -> float:
    """Return about how many contacts a scan looks at: a page ends it when it is full."""
    if not isinstance(asked, queries.Page):
        return float(facts.contacts)
    share = math.prod(estimates.share(each, t, facts) for each in conjuncts)
    # Where the share is less than was thought, a scan goes on and on; a seed costs what it costs.
    return min(float(facts.contacts), 4 * asked.limit / max(share, 1e-9))


def _cost(condition: Condition, t: int, facts: Facts) -> float:
    """Return about what a seed from this condition costs; infinite where it is none."""
    match condition:
        case Did() if _seeds(condition):
            return estimates.grouping(condition, t, facts)
        case AccountIs():
            belong = facts.contacts * estimates.ACCOUNT_SHARE
            return estimates.LOOK * (facts.accounts + belong)
        case AnyOf(children):
            return sum(_cost(child, t, facts) if _did(child) else math.inf for child in children)
        case _:
            return math.inf


def _did(condition: Condition) -> Did | None:
    return condition if isinstance(condition, Did) and _seeds(condition) else None


def _seeds(condition: Did) -> bool:
    opened = condition.within is not None and condition.within.opened_by() is not None
    return bool(condition.least and condition.names) and not opened


def _contrary(condition: Condition) -> Did | None:
    """Return what was done often enough by those for whom a condition does not hold."""
    match condition:
        case Not(Did() as child) if child.least:
            return child
        case Did() if not condition.least and condition.most is not None:
            more = condition.most + 1
            return replace(condition, at_least=more, at_most=None, exactly=None)
        case _:
            return None


def _filter(condition: Condition, left: float, t: int, facts: Facts) -> nodes.Predicate:
    """Return a filter of so many contacts, as a look at each or in a set that is found once."""
    match condition:
        case AllOf(children):
            return nodes.Every(tuple(_filter(child, left, t, facts) for child in children))
        case AnyOf(children):
            return nodes.Either(tuple(_filter(child, left, t, facts) for child in children))
        case _:
            found = _found_once(condition, left, t, facts)
            if found is None:
                return condition.predicate(facts.scope(t))
            among = nodes.Among(_group(found, t, facts))
            return among if found is condition else nodes.Negated(among)


def _found_once(condition: Condition, left: float, t: int, facts: Facts) -> Did | None:
    """Return what is done by those for whom it holds, or by all others, if that is found sooner."""
    did = _contrary(condition) or _did(condition)
    if did is None or not _seeds(did):
        return None
    sooner = estimates.grouping(did, t, facts) < left * estimates.looking(did, t, facts)
    return did if sooner else None


def _filter_cost(condition: Condition, left: float, t: int, facts: Facts) -> float:
    if isinstance(condition, AllOf | AnyOf):
        return sum(_filter_cost(child, left, t, facts) for child in condition.children)
    found = _found_once(condition, left, t, facts)
    if found is None:
        return left * estimates.looking(condition, t, facts)
    return estimates.grouping(found, t, facts) + left * estimates.SCANNED


def _seed(condition: Condition, t: int, facts: Facts) -> queries.Seed:
    match condition:
        case Did():
            return _group(condition, t, facts)
        case AccountIs():
            path = nodes.Leaf("(account:Account)<-[:BELONGS_TO]-(contact:Contact)")
            return queries.Inward(nodes.Path(path, condition.tests(t)))
        case AnyOf(children):
            dids = [did for child in children if (did := _did(child)) is not None]
            return queries.Groups(tuple(_group(did, t, facts) for did in dids))
        case _:
            return queries.Everyone()


def _group(did: Did, t: int, facts: Facts) -> nodes.Group:
    scope = facts.scope(t)
    way = did.inward(scope)
    if way is None:
        return nodes.Group(did.events_found(scope), None, did.bounds(), did.counted_by())
    path, events = way
    sought = None if did.within is None else int(estimates.events_within(did, t, facts))
    return nodes.Group(events, path, did.bounds(), did.counted_by(), sought)


def _dearness(condition: Condition) -> int:
    """Return where a filter stands: what a node tells before what its events tell."""
    inner = condition.child if isinstance(condition, Not) else condition
    return (0 if not isinstance(inner, Did) else 1) + (not inner.leaf) * 2
