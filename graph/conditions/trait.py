"""`trait`: what is known of the contact compares so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graph.conditions import words
from graph.conditions.base import Condition, Evidence
from graph.conditions.comparison import Comparison, Eq, Exists, of_keys
from graph.conditions.deeds import article
from graph.conditions.names import check_name
from graph.cypher import nodes
from graph.cypher.nodes import AsTold, Leaf, Negated, Newest, Path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from graph.conditions.base import Scope
    from graph.cypher.nodes import Predicate
    from graph.subject import Account, Subject

KEY = "key"
# In a map, so that no comparison is refused for the type that the engine knows beforehand.
DERIVED = {
    "createdAt": Leaf("{at: datetime({epochMillis: contact._since})}.at"),
    KEY: Leaf("contact.key"),
}

_NOUNS = {"createdAt": "first-seen time", KEY: "key"}


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
        if self.name == KEY:
            object.__setattr__(self, "is_", of_keys(self.is_))

    def holds(self, subject: Subject, t: int) -> bool:
        """Compare the value that the trait has at t."""
        return self.is_.holds(subject.trait(self.name, t), t, subject.zone(t))

    def predicate(self, scope: Scope) -> Predicate:
        """Compare the newest value where it was told by t, else the newest of those told by t."""
        derived = DERIVED.get(self.name)
        if derived is not None:
            return self.is_.predicate(derived, scope.t)
        if self.is_ == Exists(wanted=False):
            return Negated(TraitIs(self.name, Exists(wanted=True)).predicate(scope))
        return trait_at(self.name, lambda value: self.is_.predicate(value, scope.t))

    def edges(self, subject: Subject, t: int) -> Iterable[int]:
        """Return when the value that it has passes what moves with time."""
        return self.is_.edges(subject.trait(self.name, t), t, subject.zone(t))

    def evidence(self, subject: Subject, t: int, by_time: str | None) -> Evidence:
        """Show the value that the trait has."""
        found = words.shown(subject.trait(self.name, t))
        if self.name in DERIVED:
            flip = by_time or f"nothing: a contact's {_NOUNS[self.name]} stays"
            return Evidence(found, self.is_.text(), flip)
        match self.is_, self.holds(subject, t):
            case Exists(wanted), holds:
                way = one(self.name) if wanted is not holds else f"no {words.quoted(self.name)}"
            case _, True:
                way = another(self.name, self.is_)
            case _:
                way = f"{one(self.name)} that {self.is_.text()}"
        return Evidence(found, self.is_.text(), words.either(way, by_time))

    def contrary(self) -> TraitIs | None:
        """Return what is so of the trait just where this is not, where one comparison says that."""
        if not isinstance(self.is_, Exists):
            return None
        return TraitIs(self.name, Exists(wanted=not self.is_.wanted))

    def text(self) -> str:
        """Return `has a “plan” that is “pro”`."""
        return self._text(true=True)

    def untrue(self) -> str:
        """Return `has no “plan” that is “pro”`."""
        return self._text(true=False)

    def _text(self, *, true: bool) -> str:
        noun = _NOUNS.get(self.name, words.quoted(self.name))
        if isinstance(self.is_, Exists):
            return f"has {article(self.name) if true is self.is_.wanted else 'no'} {noun}"
        return f"has {article(self.name) if true else 'no'} {noun} that {self.is_.text()}"


def one(name: str) -> str:
    """Return a trait with its article: `an “age”`."""
    return f"{article(name)} {words.quoted(name)}"


def another(name: str, is_: Comparison) -> str:
    """Return which value of a trait does not meet what its value does."""
    if isinstance(is_, Eq):
        return f"another {words.quoted(name)}"
    return f"{one(name)} for which that is not so, or none"


def trait_at(name: str, test: Callable[[Leaf], Predicate]) -> Predicate:
    """Return a test of the value that a trait has at t, which is none of what is missing.

    The newest value lies on the contact; where that was told for later, the one told by t counts.
    """
    then = Newest(
        Path(
            Leaf("(contact)-[found:TRAIT_CHANGED]->(:Trait {name: $trait})", {"trait": name}),
            (Leaf("found.at <= $t"),),
        ),
        "found.at",
        test(Leaf("found.value")),
    )
    now = test(Leaf("contact[$trait]", {"trait": name}))
    return AsTold(now, then)


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
        return any(account_meets(self.traits, account, t, zone) for account in subject.accounts)

    def edges(self, subject: Subject, t: int) -> Iterator[int]:
        """Yield when a value of an account passes what moves with time."""
        zone = subject.zone(t)
        for account in subject.accounts:
            for trait in self.traits:
                yield from trait.is_.edges(account.trait(trait.name), t, zone)

    def evidence(self, subject: Subject, t: int, by_time: str | None) -> Evidence:
        """Show what the accounts have of the traits that are asked."""
        names = dict.fromkeys(trait.name for trait in self.traits)
        found = [
            f"{words.quoted(account.key)} ({_told(account, names)})" for account in subject.accounts
        ]
        whose = words.joined(
            [f"{words.quoted(trait.name)} {trait.is_.text()}" for trait in self.traits], "and"
        )
        named = words.joined([words.quoted(name) for name in names], "or")
        way = (
            f"another {named} of each account that meets it, or other accounts"
            if self.holds(subject, t)
            else f"an account whose {whose}"
        )
        return Evidence(
            ", ".join(found) or None,
            f"an account whose {whose}",
            words.either(way, by_time),
        )

    def predicate(self, scope: Scope) -> Predicate:
        """Look for one account that meets all."""
        return nodes.Exists(
            Path(Leaf("(contact)-[:BELONGS_TO]->(account:Account)"), self.tests(scope.t))
        )

    def tests(self, t: int) -> tuple[Predicate, ...]:
        """Return what holds of an `account`."""
        return account_tests(self.traits, t)

    def text(self) -> str:
        """Return `belongs to an account whose “tier” is “business”`."""
        tests = [f"{words.quoted(trait.name)} {trait.is_.text()}" for trait in self.traits]
        return f"belongs to an account whose {words.joined(tests, 'and')}"

    def untrue(self) -> str:
        """Return `belongs to no account whose “tier” is “business”`."""
        return self.text().replace("belongs to an account", "belongs to no account", 1)


def account_meets(traits: tuple[TraitIs, ...], account: Account, t: int, zone: str) -> bool:
    """Tell whether the traits of an account are as asked; `zone` is the contact's own."""
    return all(trait.is_.holds(account.trait(trait.name), t, zone) for trait in traits)


def account_tests(traits: tuple[TraitIs, ...], t: int) -> tuple[Predicate, ...]:
    """Return the same of an `account`."""
    return tuple(
        trait.is_.predicate(Leaf("account[$trait]", {"trait": trait.name}), t) for trait in traits
    )


def _told(account: Account, names: Iterable[str]) -> str:
    told = [f"{words.quoted(name)}: {words.value_or_none(account.trait(name))}" for name in names]
    return ", ".join(told)
