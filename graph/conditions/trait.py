"""`trait`: what is known of the contact compares so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graph.conditions import words
from graph.conditions.about import check_name
from graph.conditions.base import Condition
from graph.conditions.comparison import Comparison, Exists
from graph.cypher import nodes
from graph.cypher.nodes import Choice, Leaf, Negated, Newest, Path

if TYPE_CHECKING:
    from graph.conditions.base import Scope
    from graph.cypher.nodes import Predicate
    from graph.subject import Subject

# In a map, so that no comparison is refused for the type that the engine knows beforehand.
_DERIVED = {
    "createdAt": Leaf("{at: datetime({epochMillis: contact._since})}.at"),
    "key": Leaf("contact.key"),
}

_NOUNS = {"createdAt": "first instant", "key": "key"}


@dataclass(frozen=True, slots=True)
class TraitIs(Condition):
    """A trait of the contact compares so.

    Attributes:
        name: The trait's name, to the letter; also `createdAt` and `key`.
        is_: What its value must meet.
    """

    name: str
    is_: Comparison

    def __post_init__(self) -> None:
        check_name(self.name, "trait", "name")

    def holds(self, subject: Subject, t: int) -> bool:
        """Compare the value that the trait has at t."""
        return self.is_.holds(subject.trait(self.name, t), t, subject.zone(t))

    def predicate(self, scope: Scope) -> Predicate:
        """Compare the newest value where it was told by t, else the newest of those told by t."""
        derived = _DERIVED.get(self.name)
        if derived is not None:
            return self.is_.predicate(derived, scope.t)
        if self.is_ == Exists(wanted=False):
            return Negated(TraitIs(self.name, Exists(wanted=True)).predicate(scope))
        now = self.is_.predicate(Leaf("contact[$trait]", {"trait": self.name}), scope.t)
        then = Newest(
            Path(
                Leaf(
                    "(contact)-[found:TRAIT_CHANGED]->(:Trait {name: $trait})",
                    {"trait": self.name},
                ),
                (Leaf("found.at <= $t"),),
            ),
            "found.at",
            self.is_.predicate(Leaf("found.value"), scope.t),
        )
        return Choice(Leaf("coalesce(contact._told <= $t, true)"), now, then)

    def text(self) -> str:
        """Return `has a “plan” that is “pro”`."""
        return self._text(true=True)

    def untrue(self) -> str:
        """Return `has no “plan” that is “pro”`."""
        return self._text(true=False)

    def _text(self, *, true: bool) -> str:
        noun = _NOUNS.get(self.name, words.quoted(self.name))
        article = "an" if self.name[0] in "aeiouAEIOU" else "a"
        if isinstance(self.is_, Exists):
            return f"has {article if true is self.is_.wanted else 'no'} {noun}"
        return f"has {article if true else 'no'} {noun} that {self.is_.text()}"


@dataclass(frozen=True, slots=True)
class AccountIs(Condition):
    """An account of the contact meets all of these.

    Attributes:
        traits: What the traits of one account must meet.
    """

    traits: tuple[TraitIs, ...]

    def holds(self, subject: Subject, t: int) -> bool:
        """Look for one account that meets all."""
        zone = subject.zone(t)
        return any(
            all(trait.is_.holds(account.trait(trait.name), t, zone) for trait in self.traits)
            for account in subject.accounts
        )

    def predicate(self, scope: Scope) -> Predicate:
        """Look for one account that meets all."""
        return nodes.Exists(
            Path(Leaf("(contact)-[:BELONGS_TO]->(account:Account)"), self.tests(scope.t))
        )

    def tests(self, t: int) -> tuple[Predicate, ...]:
        """Return what holds of an `account`."""
        return tuple(
            trait.is_.predicate(Leaf("account[$trait]", {"trait": trait.name}), t)
            for trait in self.traits
        )

    def text(self) -> str:
        """Return `belongs to an account whose “tier” is “business”`."""
        tests = [f"{words.quoted(trait.name)} {trait.is_.text()}" for trait in self.traits]
        return f"belongs to an account whose {words.joined(tests, 'and')}"

    def untrue(self) -> str:
        """Return `belongs to no account whose “tier” is “business”`."""
        return self.text().replace("belongs to an account", "belongs to no account", 1)
