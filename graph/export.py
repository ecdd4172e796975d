"""Everything in the graph as lines that an import takes: told again, they make the same graph."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, LiteralString, TypeAlias, cast

from graph import times
from graph.catalogue import in_order, read_catalogue
from graph.conditions import write
from graph.contacts import own
from graph.ingest.events import PROPERTY_LIMIT
from graph.model import ThingKind, told_property
from graph.properties import native
from graph.values import to_json

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence

    from graph.catalogue import Saved
    from graph.database import Database
    from graph.values import Stored

Fields: TypeAlias = "dict[str, object]"

PAGE: Final = 500
_NODES: Final[LiteralString] = """
WHERE node.key > $after
WITH node ORDER BY node.key LIMIT $limit
RETURN node.key AS key, properties(node) AS properties,
"""
NODES: Final[dict[str, LiteralString]] = {
    "topic": f"MATCH (node:Topic) {_NODES} "
    "COLLECT { MATCH (node)-[:PART_OF]->(place) RETURN place.key } AS places",
    "category": f"MATCH (node:Category) {_NODES} "
    "COLLECT { MATCH (node)-[:PART_OF]->(place) RETURN place.key } AS places",
    "content": f"MATCH (node:Content) {_NODES} "
    "COLLECT { MATCH (node)-[:ABOUT]->(place) RETURN place.key ORDER BY place.key } AS places",
    "product": f"MATCH (node:Product) {_NODES} "
    "COLLECT { MATCH (node)-[:IN]->(place) RETURN place.key } AS places",
    "account": f"MATCH (node:Account) {_NODES} [] AS places",
}
CONTACTS: Final = """
MATCH (contact:Contact)
WHERE contact.key > $after
WITH contact ORDER BY contact.key LIMIT $limit
RETURN contact.key AS key, contact._since AS since,
  COLLECT { MATCH (contact)-[:BELONGS_TO]->(its) RETURN its.key ORDER BY its.key } AS accounts,
  COLLECT {
    MATCH (contact)-[told:TRAIT_CHANGED]->(trait)
    RETURN [told.at, trait.name, told.value] ORDER BY told.at, trait.name
  } AS told,
  COLLECT {
    MATCH (contact)-[decided:CONSENT_DECIDED]->(purpose)
    RETURN [decided.at, purpose.key, decided.state] ORDER BY decided.at, purpose.key
  } AS decided
"""
EVENTS: Final = """
MATCH (contact:Contact)
WHERE contact.key > $after
WITH contact ORDER BY contact.key LIMIT $limit
RETURN contact.key AS key,
  COLLECT {
    MATCH (contact)-[e]->(thing)
    WHERE e.id IS NOT NULL
    RETURN [type(e), properties(e), head(labels(thing)), thing.key] ORDER BY e.at, e.id
  } AS events
"""
_REFERENCES: Final = {kind.value: kind.value.lower() for kind in ThingKind}


async def lines(database: Database, names: Mapping[str, str]) -> AsyncGenerator[Fields]:
    """Yield every line: trees, things, accounts, contacts with consents, events, then segments.

    `names` are the kinds of events by their types.
    """
    async for line in _nodes(database):
        yield line
    async for row in _pages(database, CONTACTS, PAGE):
        for line in (*_contact(row), *_consents(row)):
            yield line
    async for row in _pages(database, EVENTS, PAGE // 5):
        for type_, edge, label, thing in cast("Sequence[Sequence[object]]", row["events"]):
            event = cast("Mapping[str, object]", edge)
            about = None if label == ThingKind.SOURCE else {_REFERENCES[str(label)]: thing}
            yield _event(cast("str", row["key"]), names[str(type_)], event, about)
    for saved in in_order(await read_catalogue(database)):
        yield _segment(saved)


async def _nodes(database: Database) -> AsyncGenerator[Fields]:
    for kind, text in NODES.items():
        async for row in _pages(database, text, PAGE * 4):
            for line in _node(kind, row):
                yield line


async def _pages(
    database: Database, text: LiteralString, limit: int
) -> AsyncGenerator[Mapping[str, object]]:
    after = ""
    while rows := await database.read(text, after=after, limit=limit):
        for row in rows:
            yield row
        after = cast("str", rows[-1]["key"])


def _parts(told: Mapping[str, object]) -> Iterator[Fields]:
    """Yield what was told in parts of as many names as one line may have; one part at least."""
    names = list(told)
    for start in range(0, len(names) or 1, PROPERTY_LIMIT):
        yield {name: told[name] for name in names[start : start + PROPERTY_LIMIT]}


def _node(kind: str, row: Mapping[str, object]) -> Iterator[Fields]:
    told = {
        name: to_json(value)
        for name, value in own(cast("Mapping[str, object]", row["properties"])).items()
    }
    places = list(cast("Sequence[str]", row["places"]))
    line: Fields = {"type": kind, "key": row["key"]}
    field, own_names, placed = "properties", ("name",), dict[str, object]()
    match kind:
        case "account":
            field, own_names = "traits", ()
        case "content":
            own_names, placed = ("kind", "title", "url"), {"topics": places}
        case "product":
            placed = {"category": places[0]} if places else {}
        case _:
            placed = {"parent": places[0]} if places else {}
    first = {name: told.pop(name) for name in own_names if name in told} | placed
    for part in _parts(told):
        yield line | first | ({field: part} if part else {})
        first = {}


def _contact(row: Mapping[str, object]) -> Iterator[Fields]:
    since = cast("int", row["since"])
    tellings: dict[int, dict[str, object]] = {}
    for at, name, value in cast("Sequence[tuple[int, str, object]]", row["told"]):
        stored = cast("Stored | None", native(value))
        tellings.setdefault(at, {})[name] = None if stored is None else to_json(stored)
    first: Fields = {"createdAt": times.instant_text(since)}
    if row["accounts"]:
        first["accounts"] = list(cast("Sequence[str]", row["accounts"]))
    for at, traits in (tellings or {since: {}}).items():
        line: Fields = {"type": "contact", "key": row["key"], "at": times.instant_text(at)}
        for part in _parts(traits):
            yield line | first | ({"traits": part} if part else {})
            first = {}


def _consents(row: Mapping[str, object]) -> Iterator[Fields]:
    for at, purpose, state in cast("Sequence[tuple[int, str, str]]", row["decided"]):
        line: Fields = {"type": "consent", "contact": row["key"], "purpose": purpose}
        yield line | {"state": state, "at": times.instant_text(at)}


def _segment(saved: Saved) -> Fields:
    line: Fields = {"type": "segment", "key": saved.key, "name": saved.name}
    if saved.description is not None:
        line["description"] = saved.description
    line["where"] = write(saved.definition)
    return line | ({"archived": True} if saved.archived else {})


def _event(
    contact: str, name: str, edge: Mapping[str, object], about: Mapping[str, object] | None
) -> Fields:
    properties = {
        told: to_json(cast("Stored", native(value)))
        for key, value in sorted(edge.items())
        if (told := told_property(key)) is not None
    }
    line: Fields = {
        "type": "event",
        "contact": contact,
        "event": name,
        "id": edge["id"],
        "at": times.instant_text(cast("int", edge["at"])),
        "source": edge["source"],
    }
    if about is not None:
        line["about"] = about
    if properties:
        line["properties"] = properties
    if "purpose" in edge:
        line["purpose"] = edge["purpose"]
    return line
