"""Contacts, their accounts and their events, to be looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from graph.cursor import cursor, position
from graph.database import native
from graph.model import ThingKind, told_property
from graph.values import Stored

if TYPE_CHECKING:
    from graph.database import Database

CONTACT: Final = """
MATCH (contact:Contact {key: $key})
RETURN properties(contact) AS contact
"""
ACCOUNTS: Final = """
UNWIND $keys AS key
MATCH (:Contact {key: key})-[:BELONGS_TO]->(account:Account)
RETURN key, properties(account) AS account
ORDER BY account.key
"""
EVENTS: Final = """
MATCH (:Contact {key: $key})-[e]->(thing)
WHERE e.id IS NOT NULL AND ($type IS NULL OR type(e) = $type)
  AND ($at IS NULL OR e.at < $at OR e.at = $at AND e.id < $id)
WITH e, thing ORDER BY e.at DESC, e.id DESC LIMIT $limit
RETURN type(e) AS type, properties(e) AS edge, head(labels(thing)) AS label,
  properties(thing) AS thing
"""


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact: its newest traits, and the instant from which it exists."""

    key: str
    traits: Mapping[str, Stored]
    created_at: int


@dataclass(frozen=True, slots=True)
class Account:
    """An account and its traits."""

    key: str
    traits: Mapping[str, Stored]


@dataclass(frozen=True, slots=True)
class Thing:
    """What an event was about."""

    kind: ThingKind
    key: str
    properties: Mapping[str, Stored]


@dataclass(frozen=True, slots=True)
class Event:
    """An event as it is stored."""

    contact: str
    id: str
    name: str
    at: int
    received: int
    source: str
    purpose: str | None
    about: Thing
    properties: Mapping[str, Stored]


@dataclass(frozen=True, slots=True)
class EventSlice:
    """A page of events: each with its cursor."""

    items: Sequence[tuple[str, Event]]
    more: bool


def contact_of(properties: Mapping[str, object]) -> Contact:
    """Return the contact that a node's properties say."""
    return Contact(
        cast("str", properties["key"]), own(properties), cast("int", properties["_since"])
    )


def own(properties: Mapping[str, object]) -> dict[str, Stored]:
    """Return what users told of a node, in the order of its names."""
    return {
        name: cast("Stored", native(value))
        for name, value in sorted(properties.items())
        if name != "key" and not name.startswith("_")
    }


async def read_contact(database: Database, key: str) -> Contact | None:
    """Return a contact; None where there is none."""
    rows = await database.read(CONTACT, key=key)
    return contact_of(rows[0]["contact"]) if rows else None


async def read_accounts(database: Database, keys: Sequence[str]) -> list[list[Account]]:
    """Return the accounts of each of some contacts."""
    found: dict[str, list[Account]] = {key: [] for key in keys}
    for row in await database.read(ACCOUNTS, keys=list(found)):
        account = cast("Mapping[str, object]", row["account"])
        found[row["key"]].append(Account(cast("str", account["key"]), own(account)))
    return [found[key] for key in keys]


async def read_events(
    database: Database,
    names: Mapping[str, str],
    key: str,
    event: str | None,
    first: int,
    after: str | None,
) -> EventSlice:
    """Return a page of a contact's events, newest first; `names` are kinds by their types.

    Raises:
        InvalidCursor: `after` is a cursor of another list.
    """
    of = ["events", key, event]
    at, last = (None, None) if after is None else position(of, after, [int, str])
    types = {name: kind for kind, name in names.items()}
    rows = await database.read(
        EVENTS,
        key=key,
        type=None if event is None else types.get(event, ""),
        at=at,
        id=last,
        limit=first + 1,
    )
    found = [_event(key, names[row["type"]], row.data()) for row in rows[:first]]
    return EventSlice([(cursor(of, [each.at, each.id]), each) for each in found], len(rows) > first)


def _event(contact: str, name: str, row: Mapping[str, object]) -> Event:
    edge = cast("Mapping[str, object]", row["edge"])
    thing = cast("Mapping[str, object]", row["thing"])
    return Event(
        contact=contact,
        id=cast("str", edge["id"]),
        name=name,
        at=cast("int", edge["at"]),
        received=cast("int", edge["_received"]),
        source=cast("str", edge["source"]),
        purpose=cast("str | None", edge.get("purpose")),
        about=Thing(ThingKind(row["label"]), cast("str", thing["key"]), own(thing)),
        properties={
            told: cast("Stored", native(value))
            for key, value in sorted(edge.items())
            if (told := told_property(key)) is not None
        },
    )
