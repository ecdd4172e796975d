"""The story's lines as plain Python reads them: who did what when, and what hangs together."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Deed:
    """One event line."""

    at: int
    event: str
    about: str
    facts: Json


@dataclass(slots=True)
class Past:
    """All that the lines tell of one contact."""

    key: str
    deeds: list[Deed] = field(default_factory=list[Deed])
    told: list[tuple[int, Json]] = field(default_factory=list[tuple[int, Json]])
    accounts: tuple[str, ...] = ()
    decided: list[tuple[int, str, str]] = field(default_factory=list[tuple[int, str, str]])

    def traits(self, at: int) -> dict[str, Any]:
        """Return the traits as of an instant."""
        merged: dict[str, Any] = {}
        for when, traits in sorted(self.told, key=lambda told: told[0]):
            if when <= at:
                merged.update(traits)
        return {name: value for name, value in merged.items() if value is not None}

    def times(self, *events: str) -> list[int]:
        """Return when these events happened."""
        return [deed.at for deed in self.deeds if deed.event in events]

    def of(self, *events: str) -> Iterator[Deed]:
        """Yield these events."""
        return (deed for deed in self.deeds if deed.event in events)


@dataclass(slots=True)
class World:
    """Everybody, and the things they deal with."""

    now: int
    people: dict[str, Past] = field(default_factory=dict[str, Past])
    contents: dict[str, Json] = field(default_factory=dict[str, Json])
    products: dict[str, Json] = field(default_factory=dict[str, Json])
    parents: dict[tuple[str, str], str | None] = field(
        default_factory=dict[tuple[str, str], str | None]
    )
    accounts: dict[str, Json] = field(default_factory=dict[str, Json])

    def under(self, kind: str, key: str, root: str) -> bool:
        """Tell whether a topic or category is the root, or lies below it."""
        here: str | None = key
        while here is not None and here != root:
            here = self.parents[kind, here]
        return here == root

    def colleagues(self, past: Past) -> list[Past]:
        """Return the others of all accounts of a contact."""
        return [
            other
            for other in self.people.values()
            if other is not past and set(other.accounts) & set(past.accounts)
        ]


def milliseconds(text: str) -> int:
    """Return an instant in milliseconds since 1970."""
    return round(dt.datetime.fromisoformat(text).timestamp() * 1000)


def read(lines: Iterable[Json], now: int) -> World:
    """Return the world that lines tell of."""
    world = World(now)
    people: defaultdict[str, list[Json]] = defaultdict(list)
    for line in lines:
        match line["type"]:
            case "topic" | "category":
                world.parents[line["type"], line["key"]] = line.get("parent")
            case "content":
                world.contents[line["key"]] = line
            case "product":
                world.products[line["key"]] = line
            case "account":
                world.accounts[line["key"]] = line["traits"]
            case "contact":
                people[line["key"]].append(line)
            case _:
                people[line["contact"]].append(line)
    world.people = {key: _past(key, told) for key, told in people.items()}
    return world


def _past(key: str, lines: list[Json]) -> Past:
    """Return what lines tell of one contact."""
    past = Past(key)
    for line in lines:
        at = milliseconds(line["at"])
        if line["type"] == "contact":
            past.told.append((at, line["traits"]))
            past.accounts = tuple(line.get("accounts", past.accounts))
        elif line["type"] == "consent":
            past.decided.append((at, line["purpose"], line["state"]))
        else:
            about = next(iter(line.get("about", {}).values()), "")
            past.deeds.append(Deed(at, line["event"], about, line.get("properties", {})))
    return past


def contact_of(line: Mapping[str, object]) -> str | None:
    """Return the contact that a line is of; None where it is of none."""
    key = line["key"] if line["type"] == "contact" else line.get("contact")
    return None if key is None else str(key)


def is_on_stage(line: Mapping[str, object]) -> bool:
    """Tell whether a line is of no contact, or of one that plays in an example."""
    contact = contact_of(line)
    return contact is None or contact.endswith("@example.com")
