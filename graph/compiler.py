"""From a condition and what is asked to a statement: the seed is chosen, the rest filters.

The seed is the conjunct, or what one needs, that finds its contacts at the least cost: from a topic
or category inwards, from a kind's index on time, from accounts; else contacts are scanned. Each
filter looks at the contacts that are left, or finds all for whom it holds once and looks them up,
whichever costs less. What holds of nobody who did something is counted as all others.
"""

from __future__ import annotations

import math
import operator
from dataclasses import replace
from typing import TYPE_CHECKING

from graph import errors, estimates
from graph.conditions.colleagues import Colleagues
from graph.conditions.did import Did
from graph.conditions.in_segment import InSegment
from graph.conditions.logic import AllOf, AnyOf, Not
from graph.conditions.near import Near
from graph.conditions.sample import Sample
from graph.conditions.trait import AccountIs, TraitIs
from graph.cypher import nodes, queries
from graph.cypher.listing import at_once
from graph.cypher.render import render
from graph.estimates import Costs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graph.conditions.base import Condition
    from graph.database import Statement
    from graph.estimates import Facts

EXISTS = nodes.Leaf("contact._since <= $t")


def compiled(canonical: Condition, asked: queries.Asked, t: int, facts: Facts) -> Statement:
    """Return the statement that answers what is asked at t of a condition in canonical form."""
    costs = _costs(t, facts)
    condition = written_out(canonical, facts)
    contrary = _contrary(condition)
    if isinstance(asked, queries.Count) and contrary is not None and costs.of(contrary).seeds:
        others = queries.Query(_group(contrary, costs), (), asked, t, facts.told)
        return render(replace(others, others=True))
    return render(_query(condition, asked, costs))


def verdicts(condition: Condition, keys: tuple[str, ...], t: int, facts: Facts) -> Statement:
    """Return the statement that finds for whom of some contacts a condition holds at t."""
    predicate = condition.canonical().predicate(facts.scope(t))
    seed = queries.These(keys)
    return render(
        queries.Query(seed, (EXISTS, predicate), queries.Verdicts(), t, facts.told, gathers=False)
    )


def tally(conditions: Sequence[Condition], t: int, facts: Facts) -> Statement:
    """Return the statement that counts by which of some conditions contacts meet at t."""
    return _of_everyone(queries.Tally(_tests(conditions, t, facts)), t, facts)


def steps(
    conditions: Sequence[Condition], joined: queries.Joined, t: int, facts: Facts
) -> Statement:
    """Return the statement that counts how many conditions, joined so, leave step by step at t."""
    return _of_everyone(queries.Steps(_tests(conditions, t, facts), joined), t, facts)


def _of_everyone(asked: queries.Asked, t: int, facts: Facts) -> Statement:
    return render(queries.Query(queries.Everyone(), (EXISTS,), asked, t, facts.told))


def _tests(conditions: Sequence[Condition], t: int, facts: Facts) -> tuple[nodes.Predicate, ...]:
    costs = _costs(t, facts)
    canonical = (written_out(each.canonical(), facts) for each in conditions)
    return tuple(_filter(each, costs.contacts, costs) for each in canonical)


def _costs(t: int, facts: Facts) -> Costs:
    """Return what conditions cost; what they say of others is found once where that is sooner."""
    costs = Costs(t, facts)

    def found_once(who: Condition) -> nodes.Predicate:
        return _filter(written_out(who, facts), costs.contacts, costs)

    costs.scope = replace(costs.scope, found_once=found_once)
    return costs


def _query(condition: Condition, asked: queries.Asked, costs: Costs) -> queries.Query:
    conjuncts = condition.children if isinstance(condition, AllOf) else (condition,)
    chosen = best_seed(conjuncts, asked, costs)
    rest = [each for each in conjuncts if each is not chosen]
    left = _looked_at(conjuncts, asked, costs)
    if chosen is not None:
        left = min(left, costs.contacts * costs.share(chosen))
    filters: list[nodes.Predicate] = []
    shares = [(_dearness(each), costs.share(each), each) for each in rest]
    for _, share, each in sorted(shares, key=operator.itemgetter(0, 1)):
        filters.append(_filter(each, left, costs))
        left *= share
    seed = queries.Everyone() if chosen is None else _seed(chosen, costs)
    seed, filters = at_once(seed, filters)
    # Whoever did something up to t exists.
    exists = () if isinstance(seed, nodes.Group | nodes.Told | queries.Groups) else (EXISTS,)
    return queries.Query(seed, (*exists, *filters), asked, costs.t, costs.facts.told)


def best_seed(
    conjuncts: tuple[Condition, ...], asked: queries.Asked, costs: Costs
) -> Condition | None:
    """Return the conjunct, or what one needs, to start from; None where a scan costs less."""
    candidates = [
        (_cost(each, costs), each, conjunct)
        for conjunct in conjuncts
        for each in (conjunct, *costs.needs(conjunct))
    ]
    cost, chosen, conjunct = min(candidates, key=operator.itemgetter(0))
    if chosen is not conjunct:
        # What is needed of it leads to fewer contacts, but then it is looked at for each of them.
        left = costs.contacts * costs.share(chosen)
        whole = _cost(conjunct, costs)
        if whole <= cost + left * costs.looking(conjunct):
            cost, chosen = whole, conjunct
    if math.isinf(cost):
        return None
    scanned = _looked_at(conjuncts, asked, costs)
    if cost < scanned * estimates.SCANNED:
        return chosen
    filters = sum(_filter_cost(each, scanned, costs) for each in conjuncts)
    return chosen if cost < scanned * estimates.SCANNED + filters else None


def written_out(canonical: Condition, facts: Facts) -> Condition:
    """Return it with the definitions of the segments that it names in their places.

    A seed may then be chosen from inside of one. What is asked of another instant stays a name.
    """
    whole = _replaced(canonical, facts) if facts.definitions else canonical
    return canonical if whole is canonical else whole.canonical()


def _replaced(condition: Condition, facts: Facts) -> Condition:
    match condition:
        case InSegment(key, None):
            return _replaced(facts.scope(0).definition(key), facts)
        case AllOf(children) | AnyOf(children):
            whole = tuple(_replaced(child, facts) for child in children)
            same = all(map(operator.is_, whole, children))
            return condition if same else type(condition)(whole)
        case Not(child):
            whole = _replaced(child, facts)
            return condition if whole is child else Not(whole)
        case Colleagues(who=who):
            whole = _replaced(who, facts)
            return condition if whole is who else replace(condition, who=whole)
        case _:
            return condition


def _looked_at(conjuncts: tuple[Condition, ...], asked: queries.Asked, costs: Costs) -> float:
    """Return about how many contacts a scan looks at: a page ends it when it is full."""
    if not isinstance(asked, queries.Page):
        return costs.contacts
    share = math.prod(map(costs.share, conjuncts))
    # Where the share is less than was thought, a scan goes on and on; a seed costs what it costs.
    return min(costs.contacts, 4 * asked.limit / max(share, 1e-9))


def _cost(condition: Condition, costs: Costs) -> float:
    """Return about what a seed from this condition costs; infinite where it is none."""
    match condition:
        case Did():
            return costs.of(condition).grouping
        case AccountIs():
            belong = costs.contacts * estimates.ACCOUNT_SHARE
            return estimates.LOOK * (costs.facts.accounts + belong)
        case Colleagues():
            ways = _from_people(condition, costs), _from_accounts(condition, costs)
            return min(ways) if condition.apart else math.inf
        case InSegment():
            then = _then(condition, costs)
            return math.inf if then is None else then[1].of(then[0]).grouping
        case AnyOf(children):
            dids = all(isinstance(child, Did) for child in children)
            return sum(_cost(child, costs) for child in children) if dids else math.inf
        case _:
            return _grouped(condition, costs)[0]


def _grouped(condition: Condition, costs: Costs) -> tuple[float, nodes.Group | nodes.Told | None]:
    """Return what finds all from what a condition needs, or what all were told, and its cost."""
    needs = costs.needs(condition)
    group = condition.group(costs.scope)
    if not needs:
        return math.inf if group is None else costs.contacts * estimates.TOLD, group
    groups = (group, condition.second_group(costs.scope) if len(needs) > 1 else None)
    looks = sum(map(costs.looking, needs))
    found = (
        (_cost(need, costs) + costs.events(need) * (looks - costs.looking(need)), each)
        for need, each in zip(needs, groups, strict=False)
        if each is not None
    )
    return min(found, default=(math.inf, None), key=operator.itemgetter(0))


def _from_people(condition: Colleagues, costs: Costs) -> float:
    """Return about what it costs to come from those who do to their colleagues."""
    found = _found_once(condition.who, costs.contacts, costs) if condition.some else None
    if found is None or found[1]:
        return math.inf
    colleagues = costs.contacts * costs.share(condition.who) * costs.colleagues
    look = costs.looking(condition) if condition.all_ else estimates.LOOK
    return _cost(found[0], costs) + colleagues * look


def _from_accounts(condition: Colleagues, costs: Costs) -> float:
    """Return about what it costs to come from accounts, with a look at each of their contacts."""
    if condition.all_ or not condition.bounded:
        return math.inf
    people = _belonging(condition, costs)
    looks = estimates.LOOK * (costs.facts.accounts + 2 * people)
    return looks + _filter_cost(condition.who, people, costs)


def _belonging(condition: Colleagues, costs: Costs) -> float:
    """Return about how many belong to the accounts that are asked for."""
    belong = costs.contacts * estimates.ACCOUNT_SHARE
    return belong * math.prod(map(costs.share, costs.needs(condition)))


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


def _filter(condition: Condition, left: float, costs: Costs) -> nodes.Predicate:
    """Return a filter of so many contacts, as a look at each or in a set that is found once."""
    match condition:
        case AllOf(children):
            return nodes.Every(tuple(_filter(child, left, costs) for child in children))
        case AnyOf(children):
            return nodes.Either(tuple(_filter(child, left, costs) for child in children))
        case Colleagues() if costs.scope_for(left).many:
            return condition.counting(costs.scope, _filter(condition.who, costs.contacts, costs))
        case _:
            found = _found_once(condition, left, costs)
            if found is None:
                return condition.predicate(costs.scope_for(left))
            group, others = _seed(found[0], costs), found[1]
            if not isinstance(group, nodes.Group | nodes.Told):
                raise errors.Fault(f"No group finds {found[0]}")
            return nodes.Negated(nodes.Among(group)) if others else nodes.Among(group)


def _found_once(condition: Condition, left: float, costs: Costs) -> tuple[Condition, bool] | None:
    """Return what finds all for whom it holds, or all others, and whether these; if sooner."""
    contrary = _contrary(condition)
    found = contrary or (condition.child if isinstance(condition, Not) else condition)
    if isinstance(found, AccountIs | AnyOf | AllOf | Not | Colleagues):
        return None
    if _cost(found, costs) >= left * costs.looking(found):
        return None
    return found, contrary is not None or isinstance(condition, Not)


def _filter_cost(condition: Condition, left: float, costs: Costs) -> float:
    if isinstance(condition, AllOf | AnyOf):
        return sum(_filter_cost(child, left, costs) for child in condition.children)
    found = _found_once(condition, left, costs)
    if found is None:
        return left * costs.looking(condition)
    return _cost(found[0], costs) + left * estimates.SCANNED


def _seed(condition: Condition, costs: Costs) -> queries.Seed:
    match condition:
        case Did():
            return _group(condition, costs)
        case AccountIs():
            path = nodes.Leaf("(account:Account)<-[:BELONGS_TO]-(contact:Contact)")
            return queries.Inward(nodes.Path(path, condition.tests(costs.t)))
        case AnyOf(children):
            dids = (child for child in children if isinstance(child, Did))
            return queries.Groups(tuple(_group(did, costs) for did in dids))
        case Colleagues():
            return _shared(condition, costs)
        case InSegment():
            then = _then(condition, costs)
            return replace(_group(*then), t=condition.at) if then else queries.Everyone()
        case _:
            return _grouped(condition, costs)[1] or queries.Everyone()


def _shared(condition: Colleagues, costs: Costs) -> queries.Shared | queries.InAccounts:
    accounts, test = condition.account_tests(costs.t), condition.numbered()
    if _from_accounts(condition, costs) <= _from_people(condition, costs):
        who = _filter(condition.who, _belonging(condition, costs), costs)
        return queries.InAccounts(accounts, who, test)
    group = _seed(condition.who, costs)
    if not isinstance(group, nodes.Group | nodes.Told):
        raise errors.Fault(f"No group finds {condition.who}")
    if condition.all_:
        test = condition.counting(costs.scope, nodes.Among(group))
    return queries.Shared(accounts, group, test)


def _then(condition: InSegment, costs: Costs) -> tuple[Did, Costs] | None:
    """Return what those did who were in a segment, and what it costs to find that as of then."""
    if condition.at is None or condition.at > costs.t:
        return None
    definition = written_out(costs.scope.definition(condition.key), costs.facts)
    return (definition, costs.then(condition.at)) if isinstance(definition, Did) else None


def _group(did: Did, costs: Costs) -> nodes.Group:
    way = did.inward(costs.scope)
    if way is None:
        return nodes.Group(did.events_found(costs.scope), None, did.bounds(), did.counted_by())
    path, events = way
    sought = None if did.within is None else int(costs.of(did).within)
    return nodes.Group(events, path, did.bounds(), did.counted_by(), sought)


def _dearness(condition: Condition) -> int:
    """Return where a filter stands: what a node tells before what its edges tell."""
    inner = condition.child if isinstance(condition, Not) else condition
    match inner:
        case TraitIs() | Near() | Sample():
            return 0
        case Did():
            return 2
        case _:
            return 1 if inner.leaf else 3
