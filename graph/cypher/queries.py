"""Queries: where one starts, what must hold of each contact, and what it returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from graph.cypher import nodes

LATER = 2**62
"""An instant after all others."""


@dataclass(frozen=True, slots=True)
class Everyone:
    """Start from every contact."""


@dataclass(frozen=True, slots=True)
class These:
    """Start from the contacts with these keys."""

    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Groups:
    """Start from whomever any of these groups finds, one row a contact."""

    groups: tuple[nodes.Group, ...]


@dataclass(frozen=True, slots=True)
class Inward:
    """Start from a path that ends in `contact`, one row a contact."""

    path: nodes.Path


@dataclass(frozen=True, slots=True)
class Shared:
    """Start from whom `people` finds, to those who share an account of which `accounts` holds.

    One row a contact. `test` is what holds of it and of lists, one for each such account of which
    anybody is found, of those who are; they are in a list `peoples`.
    """

    accounts: tuple[nodes.Predicate, ...]
    people: nodes.Group | nodes.Told
    test: nodes.Predicate


@dataclass(frozen=True, slots=True)
class InAccounts:
    """Start from the accounts of which `accounts` holds, to whoever belongs to one.

    One row a contact. `test` is what holds of it and of lists, one for each of its accounts, of
    those contacts of the account who meet `who`; they are in a list `peoples`.
    """

    accounts: tuple[nodes.Predicate, ...]
    who: nodes.Predicate
    test: nodes.Predicate


Seed: TypeAlias = (
    Everyone | These | nodes.Group | nodes.Told | Groups | Inward | Shared | InAccounts
)


@dataclass(frozen=True, slots=True)
class Page:
    """Return contacts in the order of their keys: at most `limit` after the key `after`."""

    limit: int
    after: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """Return the number of contacts."""


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Return the keys of all contacts for whom it holds."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Return each list of verdicts on these tests that there is, and how many contacts have it."""

    tests: tuple[nodes.Predicate, ...]

    def __post_init__(self) -> None:
        nodes.refuse_none(self.tests)


@dataclass(frozen=True, slots=True)
class Joined:
    """Tests by their places, and others that are joined: `every` one holds, or any does."""

    parts: tuple[int | Joined, ...]
    every: bool


@dataclass(frozen=True, slots=True)
class Steps:
    """Return how many meet each part of what is joined, and all of it if it ended there.

    Parts come in the order in which they are written, each before those in it.
    """

    tests: tuple[nodes.Predicate, ...]
    joined: Joined

    def __post_init__(self) -> None:
        nodes.refuse_none(self.tests)


Asked: TypeAlias = Page | Count | Verdicts | Tally | Steps


@dataclass(frozen=True, slots=True)
class Query:
    """A seed, what must hold of each contact besides, and what to return.

    Where it `gathers`, the things below a named place are found once, else looked for at each.
    No contact was told a trait for after the instant `told`.
    With `others`, those who exist at t and are not found are counted.
    """

    seed: Seed
    where: tuple[nodes.Predicate, ...]
    asked: Asked
    t: int
    told: int = LATER
    gathers: bool = True
    others: bool = False
