"""Read what a batch touches and nobody remembers: one statement for each sort of it."""

from __future__ import annotations

from bisect import insort
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING, Final, LiteralString, cast

from graph.ingest.events import NewEvent
from graph.model import ThingKind, told_property
from graph.properties import native
from graph.subject import Decision, Telling
from graph.upkeep.known import NEVER, KnownContact
from graph.values import Stored

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graph.database import Database

CONTACTS: Final = """
UNWIND $lists.keys AS key
MATCH (contact:Contact {key: key})
RETURN collect(key) AS keys, collect(elementId(contact)) AS nodes,
  collect(contact._since) AS since, collect(coalesce(contact._told, $never)) AS told,
  collect(COLLECT { MATCH (contact)-[e]->() WHERE e.id IS NOT NULL RETURN e.id }) AS ids
"""
GONE: Final = """
UNWIND $lists.keys AS key
MATCH (gone:Gone {key: key})
RETURN key, gone.at AS at, gone.segments AS segments
"""
NUMBER_GONE: Final = "MATCH (gone:Gone) RETURN count(gone) AS number"
EVENTS: Final = """
UNWIND $lists.rows AS row
MATCH (contact:Contact {key: row.contact})-[e]->(thing)
WHERE e.id IN row.ids
RETURN contact.key AS contact, type(e) AS type, properties(e) AS edge,
  head(labels(thing)) AS label, thing.key AS thing
"""
PROFILES: Final = """
UNWIND $lists.keys AS key
MATCH (contact:Contact {key: key})
RETURN key,
  COLLECT {
    MATCH (contact)-[told:TRAIT_CHANGED]->(trait:Trait)
    RETURN [trait.name, told.at, told.value]
  } AS told,
  COLLECT { MATCH (contact)-[:BELONGS_TO]->(account:Account) RETURN account.key } AS accounts,
  COLLECT {
    MATCH (contact)-[decided:CONSENT_DECIDED]->(purpose:Purpose)
    RETURN [purpose.key, decided.at, decided.state]
  } AS consents
"""
THING_LABELS: Final[tuple[LiteralString, ...]] = (
    "Content",
    "Product",
    "Feature",
    "Ticket",
    "Search",
    "Campaign",
    "Source",
)
THINGS: Final[dict[str, LiteralString]] = {
    label: f"UNWIND $lists.keys AS key MATCH (thing:{label} {{key: key}}) "
    "RETURN key, elementId(thing) AS node"
    for label in THING_LABELS
}
_NODE: Final[LiteralString] = """
RETURN key, elementId(node) AS node, properties(node) AS properties,
"""
NODES: Final[dict[str, LiteralString]] = {
    "Account": f"UNWIND $lists.keys AS key MATCH (node:Account {{key: key}}) {_NODE} [] AS places",
    "Content": f"UNWIND $lists.keys AS key MATCH (node:Content {{key: key}}) {_NODE} "
    "COLLECT { MATCH (node)-[:ABOUT]->(place) RETURN place.key } AS places",
    "Product": f"UNWIND $lists.keys AS key MATCH (node:Product {{key: key}}) {_NODE} "
    "COLLECT { MATCH (node)-[:IN]->(place) RETURN place.key } AS places",
    "Topic": f"UNWIND $lists.keys AS key MATCH (node:Topic {{key: key}}) {_NODE} "
    "COLLECT { MATCH (node)-[:PART_OF]->(place) RETURN place.key } AS places",
    "Category": f"UNWIND $lists.keys AS key MATCH (node:Category {{key: key}}) {_NODE} "
    "COLLECT { MATCH (node)-[:PART_OF]->(place) RETURN place.key } AS places",
}


@dataclass(slots=True)
class Profile:
    """What was told of a contact: each trait's values in order of time, accounts, decisions."""

    told: dict[str, list[Telling]] = field(default_factory=dict[str, list[Telling]])
    accounts: tuple[str, ...] = ()
    consents: dict[str, dict[int, Decision]] = field(
        default_factory=dict[str, "dict[int, Decision]"]
    )

    def tell(self, name: str, telling: Telling) -> None:
        """Add a value from an instant on; it takes the place of one of the same instant."""
        tellings = self.told.setdefault(name, [])
        tellings[:] = [each for each in tellings if each.at != telling.at]
        insort(tellings, telling, key=attrgetter("at"))

    def newest(self, name: str) -> Stored | None:
        """Return the value that was told for the latest instant."""
        tellings = self.told.get(name)
        return tellings[-1].value if tellings else None


@dataclass(slots=True)
class Node:
    """A thing, an account or a place of a tree: its properties and where it is filed."""

    node: str | None
    properties: dict[str, Stored]
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Doomed:
    """What goes with a node: events by their kinds, the traits that it has, and its memberships.

    Memberships are by the key of the segment, with their beginnings; it has `been` in others, too.
    """

    events: Mapping[str, int]
    traits: Collection[str]
    stays: Mapping[str, int]
    been: Collection[str] = ()


async def contacts(database: Database, keys: Collection[str]) -> dict[str, KnownContact]:
    """Return the contacts that exist, with the hashes of their events' ids."""
    (row,) = await database.read(CONTACTS, keys=list(keys), never=NEVER)
    found = zip(row["keys"], row["nodes"], row["since"], row["told"], row["ids"], strict=True)
    return {
        key: KnownContact(node, since, told, {hash(each) for each in ids})
        for key, node, since, told, ids in found
    }


async def gone(database: Database, keys: Collection[str]) -> dict[str, dict[str, int]]:
    """Return which segments deleted contacts were in, and when they were deleted."""
    found: dict[str, dict[str, int]] = {}
    for row in await database.read(GONE, keys=list(keys)):
        found[row["key"]] = dict.fromkeys(row["segments"], cast("int", row["at"]))
    return found


async def number_gone(database: Database) -> int:
    """Return of how many deleted contacts it is known which segments they were in."""
    (row,) = await database.read(NUMBER_GONE)
    return row["number"]


async def events(
    database: Database, ids: Mapping[str, Collection[str]], names: Mapping[str, str]
) -> dict[tuple[str, str], NewEvent]:
    """Return stored events by contact and id; `names` are the kinds by relationship type."""
    rows = [{"contact": contact, "ids": list(found)} for contact, found in ids.items()]
    stored = [
        _stored(row["contact"], names[row["type"]], row["edge"], (row["label"], row["thing"]))
        for row in await database.read(EVENTS, rows=rows)
    ]
    return {(event.contact, event.id): event for event in stored}


def _stored(
    contact: str, name: str, edge: Mapping[str, object], thing: tuple[str, str]
) -> NewEvent:
    properties = {
        told: cast("Stored", native(value))
        for key, value in edge.items()
        if (told := told_property(key)) is not None
    }
    return NewEvent(
        contact=contact,
        id=cast("str", edge["id"]),
        name=name,
        at=cast("int", edge["at"]),
        thing=(ThingKind(thing[0]), thing[1]),
        properties=properties,
        source=cast("str", edge["source"]),
        purpose=cast("str | None", edge.get("purpose")),
        told=frozenset(),
    )


async def profiles(database: Database, keys: Collection[str]) -> dict[str, Profile]:
    """Return what was told of contacts."""
    found: dict[str, Profile] = {}
    for row in await database.read(PROFILES, keys=list(keys)):
        profile = found[row["key"]] = Profile(accounts=tuple(row["accounts"]))
        for name, at, value in cast("Iterable[tuple[str, int, object]]", row["told"]):
            profile.tell(name, Telling(at, cast("Stored | None", native(value))))
        for purpose, at, state in cast("Iterable[tuple[str, int, str]]", row["consents"]):
            profile.consents.setdefault(purpose, {})[at] = Decision(state)
    return found


async def things(database: Database, label: str, keys: Collection[str]) -> dict[str, str]:
    """Return the nodes of the things that exist."""
    rows = await database.read(THINGS[label], keys=list(keys))
    return {row["key"]: row["node"] for row in rows}


async def nodes(database: Database, label: str, keys: Collection[str]) -> dict[str, Node]:
    """Return accounts, things or places of a tree as they lie in the graph."""
    found: dict[str, Node] = {}
    for row in await database.read(NODES[label], keys=list(keys)):
        properties = {
            name: cast("Stored", native(value))
            for name, value in cast("Mapping[str, object]", row["properties"]).items()
            if name != "key"
        }
        found[row["key"]] = Node(row["node"], properties, tuple(sorted(row["places"])))
    return found
