"""What can be said here: kinds of events, traits, their types and counts, as the writer keeps it.

The registry lies in the graph as `(:EventKind)` and `(:Trait)` and is held here whole. What a
batch adds is put on top, written with the batch, and kept only once that is committed.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, cast

from graph import values
from graph.cypher.queries import LATER
from graph.estimates import Facts, KindFacts
from graph.ingest.names import type_of
from graph.model import ThingKind
from graph.upkeep.known import NEVER
from graph.upkeep.owner import SHARD

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from graph.database import Reader
    from graph.ingest.events import NewEvent
    from graph.values import Stored

NAMES_KEPT: Final = 500
"""Names of properties that are remembered of a kind."""

READ_KINDS: Final = """
MATCH (kind:EventKind)
RETURN kind.name AS name, kind.type AS type, kind.count AS count, kind.first_at AS first_at,
  kind.last_at AS last_at, kind.about AS about, kind.properties AS properties
"""
READ_TRAITS: Final = """
MATCH (trait:Trait)
RETURN trait.name AS name, trait.types AS types, trait.contacts AS contacts
"""
COUNTS: Final = """
CALL () { MATCH (contact:Contact) RETURN count(contact) AS contacts }
CALL () { MATCH (account:Account) RETURN count(account) AS accounts }
RETURN contacts, accounts
"""
READ_OWNER: Final = """
MATCH (owner:Owner {shard: $shard})
RETURN owner.withdrawn AS withdrawn, owner.told AS told
"""
READ_TOLD: Final = """
MATCH (contact:Contact)
RETURN coalesce(max(contact._told), $never) AS told
"""
"""Only where a graph was made before that was kept."""


@dataclass(slots=True)
class EventKind:
    """A kind of event: its relationship type, what it was about, its properties' types."""

    name: str
    type: str
    count: int = 0
    first_at: int | None = None
    last_at: int | None = None
    about: frozenset[ThingKind] = frozenset()
    properties: dict[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])

    def copy(self) -> EventKind:
        """Return one that can be added to while this one stays."""
        return replace(self, properties=dict(self.properties))

    def facts(self) -> KindFacts:
        """Return what the compiler needs to know."""
        return KindFacts(self.type, self.count, self.first_at or 0, self.last_at or 0)

    def add(self, event: NewEvent) -> None:
        """Count one more event."""
        self.count += 1
        self.first_at = event.at if self.first_at is None else min(self.first_at, event.at)
        self.last_at = event.at if self.last_at is None else max(self.last_at, event.at)
        if event.thing[0] not in self.about:
            self.about |= {event.thing[0]}
        for name, value in event.properties.items():
            kind = values.type_name(value)
            known = self.properties.get(name, frozenset())
            if kind not in known and (known or len(self.properties) < NAMES_KEPT):
                self.properties[name] = known | {kind}

    def less(self, number: int) -> EventKind:
        """Return it with so many events less; its bounds are those of what was told."""
        left = replace(self, count=self.count - number, properties=dict(self.properties))
        return left if left.count else replace(left, first_at=None, last_at=None)

    def row(self) -> dict[str, object]:
        """Return the node's properties."""
        return {
            "name": self.name,
            "type": self.type,
            "count": self.count,
            "first_at": self.first_at,
            "last_at": self.last_at,
            "about": sorted(self.about),
            "properties": _flattened(self.properties),
        }

    def news(self, before: EventKind) -> dict[str, object]:
        """Return its name and those of the node's properties that are no more as they were."""
        known = before.row()
        return {
            name: value
            for name, value in self.row().items()
            if name == "name" or value != known[name]
        }


@dataclass(slots=True)
class TraitKind:
    """A trait: the types of its values, and how many contacts have one."""

    name: str
    types: frozenset[str] = frozenset()
    contacts: int = 0

    def add(self, value: Stored | None) -> None:
        """Remember the type of a value that was told."""
        if value is not None:
            self.types |= {values.type_name(value)}

    def row(self) -> dict[str, object]:
        """Return the node's properties."""
        return {"name": self.name, "types": sorted(self.types), "contacts": self.contacts}


@dataclass(slots=True)
class Registry:
    """All kinds of events and all traits, by name, and what holds of all contacts together.

    Whether any withdrew a consent, and the latest instant for which any was told a trait.
    """

    kinds: dict[str, EventKind] = field(default_factory=dict[str, EventKind])
    traits: dict[str, TraitKind] = field(default_factory=dict[str, TraitKind])
    withdrawn: bool = False
    told: int | None = None

    def copy(self) -> Registry:
        """Return one whose kinds and traits may be replaced while this one stays."""
        return Registry(dict(self.kinds), dict(self.traits), self.withdrawn, self.told)

    def names(self) -> dict[str, str]:
        """Return the name of each kind by its relationship type."""
        return {kind.type: kind.name for kind in self.kinds.values()}

    def facts(self, contacts: int, accounts: int) -> Facts:
        """Return what the compiler needs to know of a graph with so many contacts and accounts."""
        kinds = {name: kind.facts() for name, kind in self.kinds.items()}
        told = LATER if self.told is None else self.told
        traits = {name: trait.contacts for name, trait in self.traits.items()}
        return Facts(kinds, contacts, accounts, withdrawn=self.withdrawn, traits=traits, told=told)

    def made(self, names: Iterable[str]) -> list[EventKind]:
        """Return a kind for each name that is not known yet."""
        taken = {kind.type for kind in self.kinds.values()}
        new: list[EventKind] = []
        for name in dict.fromkeys(names):
            if name not in self.kinds:
                new.append(EventKind(name, type_of(name, taken)))
                taken.add(new[-1].type)
        return new


async def read_counts(database: Reader) -> tuple[int, int]:
    """Return how many contacts and accounts there are."""
    (row,) = await database.read(COUNTS)
    return row["contacts"], row["accounts"]


async def read_registry(database: Reader) -> Registry:
    """Return the registry as it lies in the graph."""
    kinds = [
        EventKind(
            name=row["name"],
            type=row["type"],
            count=row["count"],
            first_at=row["first_at"],
            last_at=row["last_at"],
            about=frozenset(ThingKind(label) for label in row["about"]),
            properties=_unflattened(row["properties"]),
        )
        for row in await database.read(READ_KINDS)
    ]
    traits = [
        TraitKind(row["name"], frozenset(row["types"]), row["contacts"])
        for row in await database.read(READ_TRAITS)
    ]
    rows = await database.read(READ_OWNER, shard=SHARD)
    return Registry(
        {kind.name: kind for kind in kinds},
        {each.name: each for each in traits},
        any(row["withdrawn"] for row in rows),
        rows[0]["told"] if rows else None,
    )


async def read_told(database: Reader) -> int:
    """Return the latest instant for which any contact was told a trait; long ago where none was."""
    (row,) = await database.read(READ_TOLD, never=NEVER)
    return row["told"]


def _flattened(properties: Mapping[str, frozenset[str]]) -> list[str]:
    """Return `type name` for each; a type's name holds no tab."""
    return [f"{kind}\t{name}" for name in properties for kind in sorted(properties[name])]


def _unflattened(rows: Iterable[str]) -> dict[str, frozenset[str]]:
    properties: dict[str, frozenset[str]] = {}
    for row in rows:
        kind, name = cast("tuple[str, str]", tuple(row.split("\t", 1)))
        properties[name] = properties.get(name, frozenset()) | {kind}
    return properties
