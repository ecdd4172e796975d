"""Contacts, their accounts and their events, to be looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, LiteralString, cast

from graph.cursor import cursor, position
from graph.model import ThingKind, told_property
from graph.properties import native
from graph.subject import Account, Event, Thing
from graph.values import Stored

if TYPE_CHECKING:
    from graph.database import Reader

CONTACT: Final = """
MATCH (contact:Contact {key: $key})
RETURN properties(contact) AS contact
"""
ACCOUNTS: Final = """
UNWIND $lists.keys AS key
MATCH (:Contact {key: key})-[:BELONGS_TO]->(account:Account)
RETURN key, properties(account) AS account
ORDER BY account.key
"""
ACCOUNT: Final = """
MATCH (account:Account {key: $key})
RETURN properties(account) AS account
"""
THINGS: Final[dict[ThingKind, LiteralString]] = {
    ThingKind.CONTENT: "MATCH (thing:Content {key: $key}) RETURN properties(thing) AS thing",
    ThingKind.PRODUCT: "MATCH (thing:Product {key: $key}) RETURN properties(thing) AS thing",
}
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
class StoredEvent:
    """An event of a contact, and when it arrived."""

    contact: str
    event: Event
    received: int


@dataclass(frozen=True, slots=True)
class EventSlice:
    """A page of events: each with its cursor."""

    items: Sequence[tuple[str, StoredEvent]]
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


async def read_contact(database: Reader, key: str) -> Contact | None:
    """Return a contact; None where there is none."""
    rows = await database.read(CONTACT, key=key)
    return contact_of(rows[0]["contact"]) if rows else None


async def read_accounts(database: Reader, keys: Sequence[str]) -> list[list[Account]]:
    """Return the accounts of each of some contacts."""
    found: dict[str, list[Account]] = {key: [] for key in keys}
    for row in await database.read(ACCOUNTS, keys=list(found)):
        account = cast("Mapping[str, object]", row["account"])
        found[row["key"]].append(Account(cast("str", account["key"]), own(account)))
    return [found[key] for key in keys]


async def read_account(database: Reader, key: str) -> Account | None:
    """Return an account; None where there is none."""
    rows = await database.read(ACCOUNT, key=key)
    return Account(key, own(rows[0]["account"])) if rows else None


async def read_thing(database: Reader, kind: ThingKind, key: str) -> Thing | None:
    """Return a content or product; None where there is none."""
    rows = await database.read(THINGS[kind], key=key)
    return Thing(kind, key, own(rows[0]["thing"])) if rows else None


async def read_events(
    database: Reader,
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
    items = [(cursor(of, [each.event.at, each.event.id]), each) for each in found]
    return EventSlice(items, len(rows) > first)


def event_of(name: str, edge: Mapping[str, object], about: Thing) -> Event:
    """Return the event of a kind that an edge's properties say."""
    return Event(
        id=cast("str", edge["id"]),
        name=name,
        at=cast("int", edge["at"]),
        about=about,
        properties={
            told: cast("Stored", native(value))
            for key, value in sorted(edge.items())
            if (told := told_property(key)) is not None
        },
        source=cast("str", edge["source"]),
        purpose=cast("str | None", edge.get("purpose")),
    )


def _event(contact: str, name: str, row: Mapping[str, object]) -> StoredEvent:
    edge = cast("Mapping[str, object]", row["edge"])
    thing = cast("Mapping[str, object]", row["thing"])
    about = Thing(ThingKind(row["label"]), cast("str", thing["key"]), own(thing))
    return StoredEvent(contact, event_of(name, edge, about), cast("int", edge["_received"]))
