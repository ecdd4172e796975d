"""Which of two conditions implies or excludes the other, as far as that is plain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from graph.conditions.did import Did
from graph.conditions.in_segment import InSegment
from graph.conditions.logic import AllOf, AnyOf, Not
from graph.conditions.trait import TraitIs
from graph.warnings import pairs, settled
from graph.warnings.parts import same

if TYPE_CHECKING:
    from graph.conditions import Condition
    from graph.warnings.names import Names

_Asked: TypeAlias = Literal["implies", "excludes", "never", "always"]

MOST: Final = 40_000
"""Answers that are looked for; of a larger definition fewer things are noticed, which is told."""


class Relations:
    """Compares canonical conditions; what was found once is kept, since logic asks again."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.cut = False
        """Whether an answer was not looked for, since there were too many."""
        self._found: dict[tuple[_Asked, int, int], bool] = {}
        self._plain: dict[int, Condition] = {}
        self._followed: dict[int, list[Condition]] = {}
        # Answers are kept by identity, so that what they are about must outlive them.
        self._kept: list[Condition] = []

    def canonical(self, condition: Condition) -> Condition:
        """Return the canonical form, of which answers may be kept."""
        self._kept.append(condition.canonical())
        return self._kept[-1]

    def implies(self, left: Condition, right: Condition) -> bool:
        """Tell whether whoever meets one meets the other."""
        return self._ask("implies", self._simple(left), self._simple(right))

    def excludes(self, left: Condition, right: Condition) -> bool:
        """Tell whether nobody meets both."""
        return self._ask("excludes", self._simple(left), self._simple(right))

    def covers(self, left: Condition, right: Condition) -> bool:
        """Tell whether everybody meets one or the other."""
        return self.implies(self.canonical(Not(left)), right)

    def never(self, condition: Condition) -> bool:
        """Tell whether nobody ever meets it."""
        return self._ask("never", condition, condition)

    def always(self, condition: Condition) -> bool:
        """Tell whether everybody always meets it."""
        return self._ask("always", condition, condition)

    def _ask(self, asked: _Asked, left: Condition, right: Condition) -> bool:
        key = (asked, id(left), id(right))
        if key not in self._found:
            if len(self._found) >= MOST:
                self.cut = True
                return False
            self._found[key] = False
            match asked:
                case "implies":
                    self._found[key] = self._implied(left, right)
                case "excludes":
                    self._found[key] = self._excluded(left, right)
                case "never":
                    self._found[key] = self._never(left)
                case "always":
                    self._found[key] = self._always(left)
        return self._found[key]

    def _simple(self, condition: Condition) -> Condition:
        """Return what is said without `not`, or without a segment's name, where that can be."""
        if not isinstance(condition, Not | InSegment):
            return condition
        if id(condition) not in self._plain:
            self._plain[id(condition)] = self._made_plain(condition)
        return self._plain[id(condition)]

    def _made_plain(self, condition: Not | InSegment) -> Condition:
        if isinstance(condition, Not):
            return _contrary(self._simple(condition.child)) or condition
        definition = self.names.segments.get(condition.key)
        if definition is None or condition.at is not None:
            return condition
        return self._simple(self.canonical(definition))

    def _never(self, condition: Condition) -> bool:
        match condition:
            case Not(child):
                return self.always(child)
            case InSegment():
                plain = self._simple(condition)
                return plain is not condition and self.never(plain)
            case AllOf(children):
                return any(self.never(each) for each in children) or any(
                    self.excludes(left, right)
                    for place, right in enumerate(children)
                    for left in children[:place]
                )
            case AnyOf(children):
                return all(self.never(each) for each in children)
            case _:
                return settled.never(condition, self.names)

    def _always(self, condition: Condition) -> bool:
        match condition:
            case Not(child):
                return self.never(child)
            case InSegment():
                plain = self._simple(condition)
                return plain is not condition and self.always(plain)
            case AllOf(children):
                return all(self.always(each) for each in children)
            case AnyOf(children):
                return any(self.always(each) for each in children) or any(
                    self.covers(left, right)
                    for place, right in enumerate(children)
                    for left in children[:place]
                )
            case _:
                return settled.always(condition, self.names)

    def _implied(self, left: Condition, right: Condition) -> bool:  # noqa: PLR0911 - one rule each
        if same(left, right) or self.never(left) or self.always(right):
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
                return pairs.implies(left, right, self.names) or any(
                    self.implies(each, right) for each in self._following(left)
                )

    def _excluded(self, left: Condition, right: Condition) -> bool:
        if self.never(left) or self.never(right):
            return True
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
        return pairs.excludes(left, right, self.names) or any(
            self.excludes(each, that)
            for this, that in ((left, right), (right, left))
            for each in self._following(this)
        )

    def _following(self, leaf: Condition) -> list[Condition]:
        """Return what follows of a leaf that another sort of condition asks."""
        if id(leaf) not in self._followed:
            found = pairs.following(leaf) if leaf.leaf else ()
            self._followed[id(leaf)] = [self.canonical(each) for each in found]
        return self._followed[id(leaf)]


def _contrary(condition: Condition) -> Condition | None:
    return condition.contrary() if isinstance(condition, Did | TraitIs) else None
