"""What it costs to find who meets a condition: its class, and the part that makes it so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graph import estimates
from graph.breakdown import parts_of
from graph.compiler import best_seed, written_out
from graph.conditions.base import Beyond
from graph.conditions.colleagues import Colleagues
from graph.conditions.did import Did
from graph.conditions.in_segment import InSegment
from graph.conditions.logic import AllOf, Not
from graph.conditions.pattern import Pattern
from graph.cypher.queries import Count
from graph.estimates import Costs
from graph.references import inside
from graph.warnings.suspicion import Suspicion

if TYPE_CHECKING:
    from graph.conditions import Condition
    from graph.estimates import Facts

MEDIUM: Final = 1_000_000
"""Contacts and events that are looked at: a second's work, about."""
HIGH: Final = 20_000_000
_AUDIENCE: Final = 50
"""About how many contacts had an event about a thing; of that nothing is known."""
_NO_SEED: Final = "no part of it says by an event or an account whom to begin with"
_FEW: Final = "Beside it, in an `all`, ask for a kind of event that few contacts had lately"


def dear(condition: Condition, t: int, facts: Facts) -> list[Suspicion]:
    """Return that a condition is of a medium or high class of cost; of a low one nothing."""
    canonical = written_out(condition.canonical(), facts)
    conjuncts = canonical.children if isinstance(canonical, AllOf) else (canonical,)
    costs = Costs(t, facts)
    seed = best_seed(conjuncts, Count(), costs)
    left = facts.contacts * (1.0 if seed is None else costs.share(seed))
    parts = parts_of(condition)
    rows = [_rows(part.canonical(), seed, left, costs) for _, part in parts]
    total = sum(rows) + (facts.contacts if seed is None else 0)
    if total < MEDIUM:
        return []
    path, part = parts[max(range(len(parts)), key=lambda place: rows[place])]
    why, fix = _reason(part, facts, seeded=seed is not None)
    name = "HIGH" if total >= HIGH else "MEDIUM"
    message = (
        f"To find them is of {name.lower()} cost: about {_round(total)} contacts and events are "
        f"looked at, most of them here, since {why}"
    )
    return [Suspicion(f"COST_{name}", message, path, fix)]


def _round(number: float) -> str:
    return f"{float(f'{number:.2g}'):,.0f}"


def _rows(part: Condition, seed: Condition | None, left: float, costs: Costs) -> float:
    """Return about how many rows a part looks at, at each contact that is left or once for all."""
    if part == seed and isinstance(part, Colleagues) and not part.all_:
        # Once in each account, not once for each contact of it.
        people = costs.facts.contacts * estimates.ACCOUNT_SHARE
        return people * max(1.0, _looked(part.who, costs.facts))
    did = part.child if isinstance(part, Not) else part
    if not isinstance(did, Did) or (did.about is not None and did.about.popular is not None):
        return left * _looked(part, costs.facts)
    weight = costs.of(did)
    return weight.within if did == seed else min(weight.within, left * weight.looked)


def _looked(value: object, facts: Facts) -> float:
    """Return about how many rows a condition, or a part of one, looks at for one contact."""
    inner = sum(_looked(each, facts) for each in inside(value))
    match value:
        case InSegment():
            return _looked(facts.definitions[value.key], facts)
        case Colleagues():
            shared = facts.contacts * estimates.ACCOUNT_SHARE / max(1, facts.accounts)
            return max(1.0, shared) * max(1.0, inner)
        case Beyond():
            return _AUDIENCE * max(1.0, inner)
        case Pattern():
            return _events(value, facts) * max(1.0, inner)
        case _:
            return inner


def _events(pattern: Pattern, facts: Facts) -> float:
    """Return how many events of the kinds a contact has."""
    kinds = [facts.kinds[name] for name in pattern.names or facts.kinds if name in facts.kinds]
    return sum(kind.count for kind in kinds) / max(1, facts.contacts)


def _reason(part: Condition, facts: Facts, *, seeded: bool) -> tuple[str, str]:
    """Return why so much is looked at for a part, and the way out."""
    if _beyond(part, facts):
        return "other contacts are looked at for each one", _FEW
    if not seeded:
        return _NO_SEED, _FEW
    return "so many such events lie in its window", "Shorten the window, or name rarer events"


def _beyond(value: object, facts: Facts) -> bool:
    """Tell whether a condition asks something of others, segments that it names written out."""
    if isinstance(value, InSegment):
        return _beyond(facts.definitions[value.key], facts)
    return isinstance(value, Beyond) or any(_beyond(each, facts) for each in inside(value))
