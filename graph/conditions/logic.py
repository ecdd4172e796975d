"""`all`, `any` and `not`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from graph.conditions import codec
from graph.conditions.base import Condition
from graph.conditions.trait import TraitIs
from graph.cypher.nodes import Either, Every, Negated

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graph.conditions.base import Scope
    from graph.cypher.nodes import Predicate
    from graph.subject import Subject


@dataclass(frozen=True, slots=True)
class AllOf(Condition):
    """Every one of these holds.

    Attributes:
        children: At least one condition.
    """

    inline: ClassVar[bool] = True
    leaf: ClassVar[bool] = False
    children: tuple[Condition, ...]

    @property
    def parted(self) -> bool:
        """Whether several are joined."""
        return len(self.children) > 1 or any(child.parted for child in self.children)

    def holds(self, subject: Subject, t: int) -> bool:
        """Tell whether every one holds."""
        return all(child.holds(subject, t) for child in self.children)

    def valid_until(self, subject: Subject, t: int) -> int:
        """Return the first turn of any while all hold, else the last turn of those that do not."""
        false = [child for child in self.children if not child.holds(subject, t)]
        if not false:
            return min(child.valid_until(subject, t) for child in self.children)
        return max(child.valid_until(subject, t) for child in false)

    def predicate(self, scope: Scope) -> Predicate:
        """Join them by AND."""
        return Every(tuple(child.predicate(scope) for child in self.children))

    def canonical(self) -> Condition:
        """Return the different ones in order, those of an `all` inside among them."""
        children = _gathered(AllOf, self.children)
        return children[0] if len(children) == 1 else AllOf(children)

    def text(self) -> str:
        """Return them joined by `and`."""
        return _joined(self.children, "and")

    def untrue(self) -> str:
        """Return their contraries joined by `or`."""
        return _joined(tuple(Not(child) for child in self.children), "or")


@dataclass(frozen=True, slots=True)
class AnyOf(Condition):
    """At least one of these holds.

    Attributes:
        children: At least one condition.
    """

    inline: ClassVar[bool] = True
    leaf: ClassVar[bool] = False
    children: tuple[Condition, ...]

    @property
    def parted(self) -> bool:
        """Whether several are joined."""
        return len(self.children) > 1 or any(child.parted for child in self.children)

    def holds(self, subject: Subject, t: int) -> bool:
        """Tell whether one holds."""
        return any(child.holds(subject, t) for child in self.children)

    def valid_until(self, subject: Subject, t: int) -> int:
        """Return the first turn of any while none holds, else the last turn of those that do."""
        true = [child for child in self.children if child.holds(subject, t)]
        if not true:
            return min(child.valid_until(subject, t) for child in self.children)
        return max(child.valid_until(subject, t) for child in true)

    def predicate(self, scope: Scope) -> Predicate:
        """Join them by OR."""
        return Either(tuple(child.predicate(scope) for child in self.children))

    def canonical(self) -> Condition:
        """Return the different ones in order, those of an `any` inside among them."""
        children = _gathered(AnyOf, self.children)
        return children[0] if len(children) == 1 else AnyOf(children)

    def text(self) -> str:
        """Return them joined by `or`."""
        return _joined(self.children, "or")

    def untrue(self) -> str:
        """Return their contraries joined by `and`."""
        return _joined(tuple(Not(child) for child in self.children), "and")


@dataclass(frozen=True, slots=True)
class Not(Condition):
    """This does not hold.

    Attributes:
        child: A condition.
    """

    inline: ClassVar[bool] = True
    leaf: ClassVar[bool] = False
    child: Condition

    @property
    def parted(self) -> bool:
        """Whether what does not hold has parts."""
        return self.child.parted

    def holds(self, subject: Subject, t: int) -> bool:
        """Tell whether it does not hold."""
        return not self.child.holds(subject, t)

    def valid_until(self, subject: Subject, t: int) -> int:
        """Return until when that stands."""
        return self.child.valid_until(subject, t)

    def predicate(self, scope: Scope) -> Predicate:
        """Negate it."""
        return Negated(self.child.predicate(scope))

    def canonical(self) -> Condition:
        """Move inward to the leaves, into those that say the contrary too; two cancel out."""
        match self.child:
            case Not(child):
                return child.canonical()
            case AllOf(children):
                return AnyOf(tuple(Not(child) for child in children)).canonical()
            case AnyOf(children):
                return AllOf(tuple(Not(child) for child in children)).canonical()
            case child:
                inner = child.canonical()
                if not inner.leaf:
                    return Not(inner).canonical()
                contrary = inner.contrary() if isinstance(inner, TraitIs) else None
                return contrary or Not(inner)

    def text(self) -> str:
        """Return its contrary."""
        return self.child.untrue()

    def untrue(self) -> str:
        """Return it as it is."""
        return self.child.text()


def _gathered(logic: type[AllOf | AnyOf], children: Iterable[Condition]) -> tuple[Condition, ...]:
    found: dict[str, Condition] = {}
    for child in children:
        canonical = child.canonical()
        for each in canonical.children if isinstance(canonical, logic) else (canonical,):
            found[codec.ordering(each)] = each
    return tuple(found[text] for text in sorted(found))


def _joined(children: tuple[Condition, ...], word: str) -> str:
    if len(children) == 1:
        return children[0].text()
    return f", {word} ".join(child.inner_text() for child in children)
