"""Write a batch in one transaction: the fence first, then nodes, then edges, then the registry."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, LiteralString

from graph import errors
from graph.ingest.events import NewEvent, on_edge
from graph.properties import property_value
from graph.upkeep.draft import PLACED, sampled
from graph.upkeep.known import NEVER, KnownContact
from graph.upkeep.load import THING_LABELS
from graph.upkeep.owner import SHARD
from graph.upkeep.segments import write_segments

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from graph.database import Transaction
    from graph.upkeep.draft import Draft
    from graph.upkeep.known import Known

CONTACTS: Final = """
UNWIND $lists.rows AS row
MERGE (contact:Contact {key: row.key})
ON CREATE SET contact._hash = row.hash
SET contact._since = row.since
RETURN collect(contact.key) AS keys, collect(elementId(contact)) AS nodes
"""
TRAITS: Final = """
UNWIND $lists.rows AS row
MATCH (contact:Contact {key: row.key})
SET contact += row.traits, contact._told = row.told
"""
TRAIT_KINDS: Final = """
UNWIND $lists.rows AS row
MERGE (trait:Trait {name: row.name})
SET trait.types = row.types, trait.contacts = row.contacts
"""
TOLD_NEW: Final = """
UNWIND $lists.rows AS row
MATCH (contact:Contact {key: row.key})
MATCH (trait:Trait {name: row.name})
CREATE (contact)-[told:TRAIT_CHANGED {at: row.at}]->(trait)
SET told.value = row.value
"""
TOLD_AGAIN: Final = """
UNWIND $lists.rows AS row
MATCH (contact:Contact {key: row.key})-[told:TRAIT_CHANGED {at: row.at}]->(trait)
USING INDEX SEEK contact:Contact(key)
WHERE trait.name = row.name
SET told.value = row.value
"""
"""From the contact: a trait has edges from everybody, and a planner with no counts starts there."""
PURPOSES: Final = "UNWIND $lists.keys AS key MERGE (:Purpose {key: key})"
DECIDED_NEW: Final = """
UNWIND $lists.rows AS row
MATCH (contact:Contact {key: row.key})
MATCH (purpose:Purpose {key: row.purpose})
CREATE (contact)-[:CONSENT_DECIDED {at: row.at, state: row.state}]->(purpose)
"""
DECIDED_AGAIN: Final = """
UNWIND $lists.rows AS row
MATCH (contact:Contact {key: row.key})-[decided:CONSENT_DECIDED {at: row.at}]->(purpose)
USING INDEX SEEK contact:Contact(key)
WHERE purpose.key = row.purpose
SET decided.state = row.state
"""
WITHDRAWN: Final = """
MATCH (owner:Owner {shard: $shard})
SET owner.withdrawn = true
"""
LAST_TOLD: Final = """
MATCH (owner:Owner {shard: $shard})
SET owner.told = $told
"""
LEAVE_ACCOUNTS: Final = """
UNWIND $lists.rows AS row
MATCH (contact:Contact {key: row.key})-[belongs:BELONGS_TO]->()
USING INDEX SEEK contact:Contact(key)
DELETE belongs
"""
JOIN_ACCOUNTS: Final = """
UNWIND $lists.rows AS row
MATCH (contact:Contact {key: row.key})
UNWIND row.accounts AS account
MERGE (node:Account {key: account})
CREATE (contact)-[:BELONGS_TO]->(node)
"""
MERGED: Final[dict[str, LiteralString]] = {
    label: f"UNWIND $lists.keys AS key MERGE (thing:{label} {{key: key}}) "
    "RETURN collect(key) AS keys, collect(elementId(thing)) AS nodes"
    for label in THING_LABELS
}
_NODE_LABELS: Final[tuple[LiteralString, ...]] = (
    "Account",
    "Content",
    "Product",
    "Topic",
    "Category",
)
CHANGED: Final[dict[str, LiteralString]] = {
    label: f"UNWIND $lists.rows AS row MERGE (node:{label} {{key: row.key}}) "
    "SET node += row.properties"
    for label in _NODE_LABELS
}
_PLACING: Final[tuple[tuple[LiteralString, LiteralString, LiteralString], ...]] = (
    ("Content", "ABOUT", "Topic"),
    ("Product", "IN", "Category"),
    ("Topic", "PART_OF", "Topic"),
    ("Category", "PART_OF", "Category"),
)
# Without the hint, what is planned while there are few edges scans all of them for each row.
UNPLACE: Final[dict[str, LiteralString]] = {
    label: f"UNWIND $lists.rows AS row MATCH (node:{label} {{key: row.key}})-[placed:{kind}]->() "
    f"USING INDEX SEEK node:{label}(key) DELETE placed"
    for label, kind, _ in _PLACING
}
PLACE: Final[dict[str, LiteralString]] = {
    label: f"UNWIND $lists.rows AS row MERGE (node:{label} {{key: row.key}}) WITH node, row "
    f"UNWIND row.places AS key MERGE (place:{above} {{key: key}}) "
    f"CREATE (node)-[:{kind}]->(place)"
    for label, kind, above in _PLACING
}
EVENTS: Final = """
UNWIND $lists.rows AS row
MATCH (contact) WHERE elementId(contact) = row[0]
MATCH (thing) WHERE elementId(thing) = row[1]
CREATE (contact)-[e:$(row[2])]->(thing)
SET e = row[3]
RETURN count(e) AS count
"""
MANY: Final = 500
"""Events of one kind in a batch from which on a statement of its own, with its type to the letter,
costs less than it saves: a type that is looked up costs a third more a row."""
PART: Final = 1000
"""Events that are sent at once; a part more costs the graph a third of a millisecond."""
KINDS: Final = """
UNWIND $lists.rows AS row
MATCH (kind:EventKind {name: row.name})
SET kind += row
"""


@dataclass(slots=True)
class Written:
    """Nodes that the transaction made or met, to be remembered once it is committed."""

    contacts: dict[str, str] = field(default_factory=dict[str, str])
    things: dict[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])


async def write(transaction: Transaction, draft: Draft, known: Known, received: int) -> Written:
    """Write all that a batch changed; the caller has fenced the transaction.

    Raises:
        Fault: fewer events were written than asked; a node that was known is gone.
    """
    written = Written()
    await write_segments(transaction, draft.segments)
    await _nodes(transaction, draft)
    await _contacts(transaction, draft, written)
    if draft.new:
        await _things(transaction, draft, known, written)
        await _events(transaction, draft, written, received)
    return written


async def _nodes(transaction: Transaction, draft: Draft) -> None:
    for label in _NODE_LABELS:
        changed = [
            {
                "key": key,
                "properties": {name: property_value(each) for name, each in properties.items()},
            }
            for (its, key), properties in draft.changed.items()
            if its == label
        ]
        if changed:
            await transaction.run(CHANGED[label], rows=changed)
    for label in PLACED:
        placed = [
            {"key": key, "places": list(places)}
            for (its, key), places in draft.placed.items()
            if its == label
        ]
        if placed:
            await transaction.run(UNPLACE[label], rows=placed)
            await transaction.run(PLACE[label], rows=placed)


async def _contacts(transaction: Transaction, draft: Draft, written: Written) -> None:
    if draft.since:
        rows = [
            {"key": key, "since": since, "hash": sampled(key)} for key, since in draft.since.items()
        ]
        (row,) = await transaction.run(CONTACTS, rows=rows)
        written.contacts.update(zip(row["keys"], row["nodes"], strict=True))
    if draft.trait_kinds:
        kinds = [kind.row() for kind in draft.trait_kinds.values()]
        await transaction.run(TRAIT_KINDS, rows=kinds)
    if draft.traits:
        await transaction.run(TRAITS, rows=list(_trait_rows(draft)))
        await transaction.run(LAST_TOLD, shard=SHARD, told=draft.last_told())
        for text, again in ((TOLD_NEW, False), (TOLD_AGAIN, True)):
            rows = [
                {"key": key, "name": name, "at": at, "value": property_value(value)}
                for (key, name, at), (value, exists) in draft.told.items()
                if exists is again
            ]
            if rows:
                await transaction.run(text, rows=rows)
    if draft.decided:
        await _consents(transaction, draft)
    if draft.accounts:
        rows = [{"key": key, "accounts": list(each)} for key, each in draft.accounts.items()]
        await transaction.run(LEAVE_ACCOUNTS, rows=rows)
        await transaction.run(JOIN_ACCOUNTS, rows=rows)


async def _consents(transaction: Transaction, draft: Draft) -> None:
    purposes = {purpose for _, purpose, _ in draft.decided}
    await transaction.run(PURPOSES, keys=sorted(purposes))
    for text, again in ((DECIDED_NEW, False), (DECIDED_AGAIN, True)):
        rows = [
            {"key": key, "purpose": purpose, "at": at, "state": decision.value}
            for (key, purpose, at), (decision, exists) in draft.decided.items()
            if exists is again
        ]
        if rows:
            await transaction.run(text, rows=rows)
    if draft.withdraws:
        await transaction.run(WITHDRAWN, shard=SHARD)


def told_at(draft: Draft, key: str) -> int:
    """Return the latest instant that a contact's traits were told for."""
    tellings = draft.profiles[key].told.values()
    return max((each[-1].at for each in tellings if each), default=NEVER)


def _trait_rows(draft: Draft) -> Iterable[Mapping[str, object]]:
    for key, traits in draft.traits.items():
        yield {
            "key": key,
            "traits": {name: property_value(value) for name, value in traits.items()},
            "told": told_at(draft, key),
        }


def known_things(draft: Draft, known: Known) -> tuple[Written, Mapping[str, set[str]]]:
    """Return the nodes of events' things that are known, and the keys of the others by label."""
    written, missing = Written(), dict[str, set[str]]()
    for event in draft.new.values():
        label, key = event.thing
        node = known.thing(label, key)
        if node is None:
            missing.setdefault(label, set()).add(key)
        else:
            written.things[label, key] = node
    return written, missing


async def _things(transaction: Transaction, draft: Draft, known: Known, written: Written) -> None:
    there, missing = known_things(draft, known)
    written.things.update(there.things)
    for label, keys in missing.items():
        (row,) = await transaction.run(MERGED[label], keys=sorted(keys))
        for key, node in zip(row["keys"], row["nodes"], strict=True):
            written.things[label, key] = node


async def _events(transaction: Transaction, draft: Draft, written: Written, received: int) -> None:
    by_type: dict[str, list[NewEvent]] = {}
    for event in draft.new.values():
        by_type.setdefault(draft.kinds[event.name].type, []).append(event)
    many = {type_: events for type_, events in by_type.items() if len(events) >= MANY}
    few = [event for type_, events in by_type.items() if type_ not in many for event in events]
    parts = [
        (text, events[start : start + PART])
        for text, events in (*((events_of(type_), many[type_]) for type_ in many), (EVENTS, few))
        for start in range(0, len(events), PART)
    ]
    # While the graph works on one part, the next is made and packed.
    sent = [
        await transaction.send(text, rows=edges(part, draft, written, received))
        for text, part in parts
    ]
    for (_, part), result in zip(parts, sent, strict=True):
        (row,) = [each async for each in result]
        if row["count"] != len(part):
            raise errors.Fault(f"{row['count']} of {len(part)} events were written")
    await transaction.run(KINDS, rows=new_counts(draft))


def new_counts(draft: Draft) -> list[Mapping[str, object]]:
    """Return what is new of the kinds of a batch's events."""
    before = draft.registry.kinds
    return [kind.news(before[name]) for name, kind in draft.kinds.items()]


def edges(
    events: Iterable[NewEvent], draft: Draft, written: Written, received: int
) -> list[list[object]]:
    """Return events as the statements take them: both ends, the type, and what lies on the edge."""
    rows: list[list[object]] = []
    for event in events:
        contact = draft.contacts.get(event.contact)
        rows.append(
            [
                written.contacts[event.contact] if contact is None else contact.node,
                written.things[event.thing],
                draft.kinds[event.name].type,
                on_edge(event, received),
            ]
        )
    return rows


def events_of(kind: str) -> str:
    """Return the statement that creates events of one type from the registry."""
    return EVENTS.replace("$(row[2])", kind)


def remember(draft: Draft, written: Written, known: Known) -> None:
    """Remember what was committed."""
    ids: dict[str, list[int]] = {}
    for contact, event in draft.new:
        ids.setdefault(contact, []).append(hash(event))
    for key in draft.since.keys() | ids.keys() | draft.traits.keys():
        contact = draft.contacts.get(key) or KnownContact(written.contacts[key], 0)
        contact.since = draft.since.get(key, contact.since)
        if key in draft.traits:
            contact.told = told_at(draft, key)
        if draft.contacts.get(key) is None:
            known.keep_contact(key, contact)
        known.add(key, contact, ids.get(key, ()))
    for (label, key), node in written.things.items():
        known.keep_thing(label, key, node)
