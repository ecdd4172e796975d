"""Delete contacts and things with all that hangs on them, a bounded number of events at a time.

An event is an edge from a contact to a thing, so that it goes with either. What has many events
loses them in commits of their own first, each of which marks whom it may turn.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, LiteralString, cast

from graph.changes import Cause
from graph.ingest.removals import CONTACT, LABELS, Removal
from graph.needs import Needs
from graph.subject import Subject
from graph.upkeep.load import THING_LABELS, Doomed
from graph.upkeep.people import Person
from graph.upkeep.rules import Rule
from graph.upkeep.write import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from graph.catalogue import Catalogue
    from graph.database import Database, Transaction
    from graph.upkeep.draft import Draft
    from graph.upkeep.judge import Judged
    from graph.upkeep.registry import EventKind

AT_ONCE: Final = 5_000
"""Events that are deleted in one transaction."""


def _each(texts: Mapping[str, LiteralString], contact: LiteralString) -> dict[str, LiteralString]:
    return {label: contact if label == CONTACT else texts[label] for label in LABELS}


_THINGS: Final[tuple[LiteralString, ...]] = tuple(
    label for label in THING_LABELS if label != "Source"
)
DOOMED: Final[dict[str, LiteralString]] = _each(
    {
        label: f"UNWIND $lists.keys AS key MATCH (thing:{label} {{key: key}}) "
        "RETURN key, [] AS traits, [] AS stays, [] AS been, "
        "COLLECT { MATCH (thing)<-[e]-(:Contact) WITH type(e) AS type, count(*) AS number "
        "RETURN [type, number] } AS events"
        for label in _THINGS
    },
    "UNWIND $lists.keys AS key MATCH (contact:Contact {key: key}) RETURN key, "
    "[name IN keys(contact) WHERE name <> 'key' AND NOT name STARTS WITH '_'] AS traits, "
    "COLLECT { MATCH (contact)-[of:MEMBER_OF]->() RETURN [of.segment, of.since] } AS stays, "
    "COLLECT { MATCH (contact)-[of:MEMBER_OF|WAS_MEMBER]->() RETURN DISTINCT of.segment } AS been, "
    "COLLECT { MATCH (contact)-[e]->() WHERE e.id IS NOT NULL "
    "WITH type(e) AS type, count(*) AS number RETURN [type, number] } AS events",
)
EDGES: Final[dict[str, LiteralString]] = _each(
    {
        label: f"UNWIND $lists.keys AS key MATCH (thing:{label} {{key: key}}) "
        "RETURN sum(COUNT { (thing)<--() }) AS number"
        for label in _THINGS
    },
    "UNWIND $lists.keys AS key MATCH (contact:Contact {key: key}) "
    "RETURN sum(COUNT { (contact)-->() }) AS number",
)
FIRST: Final[dict[str, LiteralString]] = _each(
    {
        label: f"UNWIND $lists.keys AS key MATCH (thing:{label} {{key: key}})"
        "<-[e]-(contact:Contact) WITH e, contact LIMIT $limit "
        "RETURN elementId(e) AS event, type(e) AS type, contact.key AS contact"
        for label in _THINGS
    },
    "UNWIND $lists.keys AS key MATCH (contact:Contact {key: key})-[e]->() WHERE e.id IS NOT NULL "
    "WITH e, key LIMIT $limit RETURN elementId(e) AS event, type(e) AS type, key AS contact",
)
DROP: Final = """
UNWIND $lists.events AS event
MATCH ()-[e]->()
WHERE elementId(e) = event
DELETE e
"""
NOTE: Final = """
UNWIND $lists.rows AS row
MERGE (gone:Gone {key: row.key})
SET gone.at = $now, gone.segments = row.segments
"""
BACK: Final = """
UNWIND $lists.rows AS row
MATCH (contact:Contact {key: row.key})
MATCH (segment:Segment {key: row.segment})
CREATE (contact)-[was:WAS_MEMBER {segment: row.segment, contact: row.key}]->(segment)
SET was.since = row.at, was.until = row.at
"""
"""So that nothing that is told late begins before it was deleted."""
FORGET: Final = """
UNWIND $lists.keys AS key
MATCH (gone:Gone {key: key})
DELETE gone
"""
DELETE: Final[dict[str, LiteralString]] = _each(
    {
        label: f"UNWIND $lists.keys AS key MATCH (thing:{label} {{key: key}}) DETACH DELETE thing"
        for label in _THINGS
    },
    "UNWIND $lists.keys AS key MATCH (contact:Contact {key: key}) DETACH DELETE contact",
)


@dataclass(slots=True)
class Dropped:
    """Events to be deleted ahead of what they hang on, and whose they are."""

    events: list[str] = field(default_factory=list[str])
    contacts: set[str] = field(default_factory=set[str])
    types: Counter[str] = field(default_factory=Counter[str])


async def doomed(
    database: Database, rows: Iterable[Removal], names: Mapping[str, str]
) -> dict[tuple[str, str], Doomed]:
    """Return what goes with each of those that there are; `names` are the kinds by their types."""
    found: dict[tuple[str, str], Doomed] = {}
    for label, keys in _by_label(rows).items():
        for row in await database.read(DOOMED[label], keys=keys):
            events = cast("Iterable[tuple[str, int]]", row["events"])
            found[label, row["key"]] = Doomed(
                {names[type_]: number for type_, number in events},
                row["traits"],
                dict(cast("Iterable[tuple[str, int]]", row["stays"])),
                row["been"],
            )
    return found


async def first_events(database: Database, rows: Iterable[Removal]) -> Dropped:
    """Return the events to be deleted ahead; none where all of them can go at once."""
    found = Dropped()
    for label, keys in _by_label(rows).items():
        (edges,) = await database.read(EDGES[label], keys=keys)
        if edges["number"] <= AT_ONCE:
            continue
        limit = AT_ONCE - len(found.events)
        for row in await database.read(FIRST[label], keys=keys, limit=limit):
            found.events.append(row["event"])
            found.contacts.add(row["contact"])
            found.types[row["type"]] += 1
    return found


async def drop(transaction: Transaction, events: Iterable[str], kinds: Iterable[EventKind]) -> None:
    """Delete events, and write their kinds as that leaves them."""
    await transaction.run(DROP, events=list(events))
    await transaction.run(KINDS, rows=[kind.row() for kind in kinds])


async def write_removed(transaction: Transaction, draft: Draft, now: int) -> None:
    """Delete what a batch deletes, with all that hangs on it; note who was in which segments."""
    rows = [
        {"key": row.key, "segments": its.been} for row, its in draft.removed.items() if its.been
    ]
    if rows:
        await transaction.run(NOTE, rows=rows, now=now)
    for label, keys in _by_label(draft.removed).items():
        await transaction.run(DELETE[label], keys=keys)
    if draft.removed and draft.kinds:
        await transaction.run(KINDS, rows=[kind.row() for kind in draft.kinds.values()])


async def write_back(transaction: Transaction, draft: Draft) -> None:
    """Let contacts that were deleted and are told of again have left their segments then."""
    rows = [
        {"key": key, "segment": segment, "at": at}
        for key, segments in draft.gone.items()
        for segment, at in segments.items()
        if key in draft.since
    ]
    if rows:
        await transaction.run(BACK, rows=rows)
        await transaction.run(FORGET, keys=[row["key"] for row in rows])


def leaving(draft: Draft, judged: Judged, catalogue: Catalogue) -> None:
    """Let the contacts that a batch deletes leave every segment that they are in."""
    for row, its in draft.removed.items():
        person = Person(Subject(row.key, 0), members=dict(its.stays))
        for key in its.stays:
            judged.leave(person, Rule(catalogue[key], Needs()), Cause.DELETION)


def gone(draft: Draft) -> list[str]:
    """Return the keys of the contacts that a batch deletes."""
    return _by_label(draft.removed).get(CONTACT, [])


def _by_label(rows: Iterable[Removal]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row.label, []).append(row.key)
    return found
