"""Which of two conditions implies or excludes the other, as far as that is plain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graph.conditions.consent import ConsentIs
from graph.conditions.did import Did
from graph.conditions.logic import AllOf, AnyOf, Not
from graph.conditions.near import Near
from graph.conditions.sample import Sample
from graph.conditions.trait import TraitIs
from graph.warnings import comparing, counting
from graph.warnings.names import single

if TYPE_CHECKING:
    from graph.conditions import Condition
    from graph.warnings.names import Names

MOST: Final = 20_000
"""Pairs that are compared; of a larger definition fewer things are noticed."""


class Relations:
    """Compares canonical conditions; what was found once is kept, since logic asks again."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._found: dict[tuple[str, int, int], bool] = {}
        self._kept: list[Condition] = []
        self._plain: dict[int, Condition] = {}

    def implies(self, left: Condition, right: Condition) -> bool:
        """Tell whether whoever meets one meets the other."""
        return self._ask("implies", left, right)

    def excludes(self, left: Condition, right: Condition) -> bool:
        """Tell whether nobody meets both."""
        return self._ask("excludes", left, right)

    def covers(self, left: Condition, right: Condition) -> bool:
        """Tell whether everybody meets one or the other."""
        return self.implies(self._kept_here(Not(left).canonical()), right)

    def _kept_here(self, condition: Condition) -> Condition:
        """Return a condition that lives as long as what is known of it by its id."""
        self._kept.append(condition)
        return condition

    def _ask(self, how: str, left: Condition, right: Condition) -> bool:
        left, right = self._simple(left), self._simple(right)
        key = (how, id(left), id(right))
        if key not in self._found:
            if len(self._found) >= MOST:
                return False
            self._found[key] = False
            self._found[key] = (
                self._implied(left, right) if how == "implies" else self._excluded(left, right)
            )
        return self._found[key]

    def _simple(self, condition: Condition) -> Condition:
        """Return the number of events that there is, where it is said that there is no other."""
        match condition:
            case Not(Did() as child):
                if id(condition) not in self._plain:
                    self._kept_here(condition)
                    self._plain[id(condition)] = counting.contrary(child) or condition
                return self._plain[id(condition)]
            case _:
                return condition

    def _implied(self, left: Condition, right: Condition) -> bool:  # noqa: PLR0911 - one rule each
        if left == right:
            return True
        if isinstance(left, AnyOf):
            return all(self.implies(each, right) for each in left.children)
        if isinstance(right, AllOf):
            return all(self.implies(left, each) for each in right.children)
        if isinstance(left, AllOf) and any(self.implies(each, right) for each in left.children):
            return True
        if isinstance(right, AnyOf):
            return any(self.implies(left, each) for each in right.children)
        match left, right:
            case Not(this), Not(that):
                return self.implies(that, this)
            case _, Not(that):
                return self.excludes(left, that)
            case _:
                return self._leaf_implied(left, right)

    def _leaf_implied(self, left: Condition, right: Condition) -> bool:
        match left, right:
            case Did(), Did():
                return counting.implies(left, right, self._names)
            case TraitIs(), TraitIs() if left.name == right.name:
                return comparing.implies(left.is_, right.is_, single=self._single(left.name))
            case Near(), Near():
                here = (left.latitude, left.longitude) == (right.latitude, right.longitude)
                return here and left.km <= right.km
            case Near(), TraitIs(name="location", is_=comparing.Exists(wanted=True)):
                return True
            case Sample(), Sample():
                return left.salt == right.salt and left.percent <= right.percent
            case _:
                return False

    def _excluded(self, left: Condition, right: Condition) -> bool:
        for this, that in ((left, right), (right, left)):
            match this:
                case AnyOf(children):
                    return all(self.excludes(each, that) for each in children)
                case AllOf(children) if any(self.excludes(each, that) for each in children):
                    return True
                case Not(child) if self.implies(that, child):
                    return True
                case _:
                    pass
        return self._leaf_excluded(left, right)

    def _leaf_excluded(self, left: Condition, right: Condition) -> bool:
        match left, right:
            case Did(), Did():
                return counting.excludes(left, right, self._names)
            case TraitIs(), TraitIs() if left.name == right.name:
                return comparing.excludes(left.is_, right.is_, single=self._single(left.name))
            case ConsentIs(), ConsentIs():
                return left.purpose == right.purpose and left.is_ is not right.is_
            case _:
                return False

    def _single(self, trait: str) -> bool:
        return single(self._names.trait(trait))
