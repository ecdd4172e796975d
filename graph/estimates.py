"""What is known of the graph's sizes, and about what a condition costs: only speed depends on it.

Costs are microseconds as measured on two cores; what counts is which is less.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from graph.conditions.base import Condition, Scope
from graph.conditions.colleagues import Colleagues
from graph.conditions.did import Did
from graph.conditions.logic import AllOf, AnyOf, Not
from graph.conditions.sample import Sample
from graph.conditions.trait import TraitIs
from graph.conditions.trait_held import TraitHeld
from graph.conditions.window import BEGINNING
from graph.cypher.queries import LATER

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
TOLD = 1.0
"""What contacts were told to be, found from a trait, for each contact."""
TELLING = 1.5
"""What it adds to a look that a contact's traits of old are looked at."""
SCANNED = 0.5
"""A contact that is come by."""
TREE_SHARE = 0.1
"""The part of a kind's events that are about things in a named place."""
OTHER_SHARE = 0.1
"""The part of a kind's events that are about things of a kind, or have a property."""
ACCOUNT_SHARE = 0.3
UNKNOWN_SHARE = 0.5
FEW_LEFT = 10
"""Contacts of whom not one in so many is left are few."""


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
        return self.count * shared / length if shared > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Facts:
    """What the compiler knows of the graph."""

    kinds: Mapping[str, KindFacts] = field(default_factory=dict[str, KindFacts])
    contacts: int = 0
    accounts: int = 0
    definitions: Mapping[str, Condition] = field(default_factory=dict[str, Condition])
    withdrawn: bool = True
    """Whether any contact has withdrawn a consent."""
    traits: Mapping[str, int] = field(default_factory=dict[str, int])
    """How many contacts have each trait."""
    told: int = LATER
    """The latest instant for which a contact was told a trait."""
    _types: dict[str, str] = field(
        default_factory=dict[str, str], init=False, repr=False, compare=False
    )

    def scope(self, t: int) -> Scope:
        """Return what conditions are compiled with."""
        if not self._types:
            self._types.update({name: kind.type for name, kind in self.kinds.items()})
        return Scope(t, self._types, self.definitions, self.withdrawn)


@dataclass(frozen=True, slots=True)
class Weight:
    """About how many events of a kind there are for what is asked, and what to find them costs.

    `within` are those in its window, `meant` those of them that are meant; to group them by contact
    costs `grouping`, which is infinite where no index or name leads to them. Of one contact
    `looked` are looked at until there are enough, for `looking`; `share` is the part of the
    contacts who did it.
    """

    within: float
    meant: float
    grouping: float
    looked: float
    looking: float
    share: float

    @property
    def seeds(self) -> bool:
        """Whether contacts can be found by it."""
        return self.grouping < math.inf


class Costs:
    """About what conditions cost at one instant; each `did` is weighed once."""

    def __init__(self, t: int, facts: Facts) -> None:
        self.t = t
        self.facts = facts
        self.scope = facts.scope(t)
        self._few = replace(self.scope, many=False)
        self.contacts = float(facts.contacts)
        self._weights: dict[int, tuple[Did, Weight]] = {}
        self._needs: dict[int, tuple[Condition, tuple[Condition, ...]]] = {}

    def of(self, did: Did) -> Weight:
        """Return what is known of a `did`."""
        known = self._weights.get(id(did))
        if known is None:
            # The condition is kept too: another in its place would have its id.
            known = self._weights[id(did)] = (did, self._weighed(did))
        return known[1]

    def needs(self, condition: Condition) -> tuple[Condition, ...]:
        """Return what a condition needs, the same each time."""
        known = self._needs.get(id(condition))
        if known is None:
            known = self._needs[id(condition)] = (condition, condition.needs())
        return known[1]

    def events(self, condition: Condition) -> float:
        """Return about how many events a condition is about."""
        return self.of(condition).meant if isinstance(condition, Did) else self.contacts

    def then(self, t: int) -> Costs:
        """Return the costs at another instant."""
        return Costs(t, self.facts)

    def scope_for(self, left: float) -> Scope:
        """Return what conditions are compiled with where so many contacts are looked at."""
        return self._few if left * FEW_LEFT < self.contacts else self.scope

    def looking(self, condition: Condition) -> float:
        """Return about what it costs to look at one contact."""
        match condition:
            case Did():
                return self.of(condition).looking
            case Not(child):
                return self.looking(child)
            case AllOf(children) | AnyOf(children):
                return sum(map(self.looking, children))
            case TraitHeld():
                return LOOK + TELLING
            case Colleagues():
                return LOOK + COUNTING + 2 * LOOK * self.colleagues
            case _:
                needs = self.needs(condition)
                return LOOK + (COUNTING + self.looking(needs[0]) if needs else 0)

    @property
    def colleagues(self) -> float:
        """About how many colleagues a contact has in its accounts."""
        return self.contacts * ACCOUNT_SHARE / max(1, self.facts.accounts)

    def share(self, condition: Condition) -> float:
        """Return about what part of the contacts meets a condition."""
        match condition:
            case Did() if condition.least:
                return self.of(condition).share
            case Not(child):
                return max(1e-9, 1 - self.share(child))
            case AllOf(children):
                return math.prod(map(self.share, children))
            case AnyOf(children):
                return 1 - math.prod(1 - self.share(child) for child in children)
            case _:
                return max(1e-9, self._share_of_leaf(condition))

    def _share_of_leaf(self, condition: Condition) -> float:
        match condition:
            case TraitIs():
                had = self.facts.traits.get(condition.name, self.facts.contacts)
                return UNKNOWN_SHARE * had / max(1, self.facts.contacts)
            case Sample():
                return condition.percent / 100
            case _:
                return min((UNKNOWN_SHARE, *map(self.share, self.needs(condition))))

    def _weighed(self, did: Did) -> Weight:
        kinds = _kinds(did, self.facts)
        first, last = did.within.fixed(self.t) if did.within else (BEGINNING, self.t)
        of_all = sum(kind.count for kind in kinds)
        within = sum(kind.within(first, last) for kind in kinds)
        narrowed, test = _narrowed(did), TEST if did.about or did.where else 0.0
        # From what is named inwards events of all times are looked at, so a window saves nothing.
        named = did.about is not None and did.about.named
        inward = 2 * TREE_SHARE * of_all if named else math.inf
        people = max(1, self.facts.contacts)
        least = did.least
        opened = did.within is not None and did.within.opened_by() is not None
        seeds = bool(least and did.names) and not opened
        looked, meet = of_all / people, within * narrowed
        if did.most is None and least and meet:
            looked = min(looked, least * of_all / meet)
        return Weight(
            within,
            meet,
            grouping=(ROW + test) * min(within, inward) if seeds else math.inf,
            looked=looked,
            looking=LOOK + COUNTING * (least != 1) + (EDGE + test) * looked,
            share=max(1e-9, (1 - math.exp(-within / people * narrowed)) ** least),
        )


def _narrowed(did: Did) -> float:
    if did.about is not None and did.about.tree() is not None:
        return TREE_SHARE
    return OTHER_SHARE if did.about or did.where else 1.0


def _kinds(did: Did, facts: Facts) -> list[KindFacts]:
    if not did.names:
        return list(facts.kinds.values())
    return [facts.kinds[name] for name in did.names if name in facts.kinds]
