"""What can be said here: kinds of events, traits, topics and categories, with counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, LiteralString, TypeAlias

from graph.upkeep.registry import EventKind, Registry, TraitKind

if TYPE_CHECKING:
    from graph.database import Reader

Label: TypeAlias = Literal["Topic", "Category"]

TREES: Final[dict[Label, LiteralString]] = {
    "Topic": """
MATCH (node:Topic)
OPTIONAL MATCH (node)-[:PART_OF]->(parent:Topic)
RETURN node.key AS key, node.name AS name, parent.key AS parent
ORDER BY key
""",
    "Category": """
MATCH (node:Category)
OPTIONAL MATCH (node)-[:PART_OF]->(parent:Category)
RETURN node.key AS key, node.name AS name, parent.key AS parent
ORDER BY key
""",
}
THINGS: Final[dict[Label, LiteralString]] = {
    "Topic": """
UNWIND $lists.keys AS key
MATCH (node:Topic {key: key})
RETURN key, COUNT {
  MATCH (node)<-[:PART_OF*0..16]-(:Topic)<-[:ABOUT]-(thing) RETURN DISTINCT thing
} AS things
""",
    "Category": """
UNWIND $lists.keys AS key
MATCH (node:Category {key: key})
RETURN key, COUNT {
  MATCH (node)<-[:PART_OF*0..16]-(:Category)<-[:IN]-(thing) RETURN DISTINCT thing
} AS things
""",
}
PURPOSES: Final = """
MATCH (purpose:Purpose)
RETURN purpose.key AS key
ORDER BY key
"""


@dataclass(slots=True)
class Place:
    """A topic or category, and where it is."""

    label: Label
    key: str
    name: str | None
    parent: Place | None = None
    children: list[Place] = field(default_factory=list["Place"])


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All names that conditions may use."""

    events: Sequence[EventKind]
    traits: Sequence[TraitKind]
    topics: Sequence[Place]
    categories: Sequence[Place]
    purposes: Sequence[str]


async def read_places(database: Reader, label: Label) -> list[Place]:
    """Return every topic or category, by key, each with its parent and children."""
    rows = await database.read(TREES[label])
    places = {row["key"]: Place(label, row["key"], row["name"]) for row in rows}
    for row in rows:
        if row["parent"] is not None:
            place, parent = places[row["key"]], places[row["parent"]]
            place.parent = parent
            parent.children.append(place)
    return list(places.values())


PLACED: Final[dict[Label, LiteralString]] = {
    "Topic": """
UNWIND $lists.keys AS key
MATCH (:Content {key: key})-[:ABOUT]->(place:Topic)
RETURN key, place.key AS place ORDER BY place
""",
    "Category": """
UNWIND $lists.keys AS key
MATCH (:Product {key: key})-[:IN]->(place:Category)
RETURN key, place.key AS place ORDER BY place
""",
}


async def places_of(database: Reader, label: Label, keys: Sequence[str]) -> list[list[Place]]:
    """Return the topics of each of some contents, or the category of each of some products."""
    rows = await database.read(PLACED[label], keys=list(keys))
    places = {place.key: place for place in await read_places(database, label)} if rows else {}
    found: dict[str, list[Place]] = {key: [] for key in keys}
    for row in rows:
        found[row["key"]].append(places[row["place"]])
    return [found[key] for key in keys]


async def things_in(database: Reader, places: Sequence[tuple[Label, str]]) -> list[int]:
    """Return how many things are in each of some places, by label and key, or below it."""
    found: dict[tuple[Label, str], int] = {}
    for label, text in THINGS.items():
        keys = [key for its, key in places if its == label]
        rows = await database.read(text, keys=keys) if keys else []
        found |= {(label, row["key"]): row["things"] for row in rows}
    return [found.get(place, 0) for place in places]


async def read_vocabulary(database: Reader, registry: Registry) -> Vocabulary:
    """Return all names, in order."""
    return Vocabulary(
        sorted(registry.kinds.values(), key=lambda kind: kind.name),
        sorted(registry.traits.values(), key=lambda trait: trait.name),
        await read_places(database, "Topic"),
        await read_places(database, "Category"),
        [row["key"] for row in await database.read(PURPOSES)],
    )
