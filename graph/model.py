"""The graph's labels, relationship types, properties, constraints and indexes, as data.

A contact's events are edges: `(:Contact)-[:PAGE_VIEWED {id, at, …}]->(:Content)`. What is told
with an event lies on its edge under its own name; names that are ours go to users with `_` before.
"""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import Final, LiteralString, cast


class ThingKind(StrEnum):
    """What an event can be about.

    Attributes:
        CONTENT: A page, an article, a case study: something to read or watch.
        PRODUCT: Something to buy.
        FEATURE: A feature of a product.
        TICKET: A support ticket.
        SEARCH: What somebody searched for.
        CAMPAIGN: A campaign, such as a series of e-mails.
        SOURCE: Who reported it, where an event names nothing else.
    """

    # The value is the node's label.

    CONTENT = "Content"
    PRODUCT = "Product"
    FEATURE = "Feature"
    TICKET = "Ticket"
    SEARCH = "Search"
    CAMPAIGN = "Campaign"
    SOURCE = "Source"


UNIQUE: Final[tuple[tuple[LiteralString, LiteralString], ...]] = (
    ("Contact", "key"),
    ("Account", "key"),
    ("Content", "key"),
    ("Product", "key"),
    ("Feature", "key"),
    ("Ticket", "key"),
    ("Search", "key"),
    ("Campaign", "key"),
    ("Source", "key"),
    ("Topic", "key"),
    ("Category", "key"),
    ("EventKind", "name"),
    ("Purpose", "key"),
    ("Segment", "key"),
    ("Trait", "name"),
    ("Owner", "shard"),
    ("Change", "sequence"),
    ("Gone", "key"),
    ("Webhook", "id"),
)
"""Labels and the property that names one node of them."""

INDEXES: Final[tuple[LiteralString, ...]] = (
    "CREATE INDEX Contact__since IF NOT EXISTS FOR (n:Contact) ON (n._since)",
    "CREATE INDEX Contact__due IF NOT EXISTS FOR (n:Contact) ON (n._due)",
    "CREATE INDEX Change_segment IF NOT EXISTS FOR (n:Change) ON (n.segment, n.sequence)",
    "CREATE INDEX MEMBER_OF IF NOT EXISTS FOR ()-[e:MEMBER_OF]-() ON (e.segment, e.contact)",
    "CREATE INDEX WAS_MEMBER IF NOT EXISTS FOR ()-[e:WAS_MEMBER]-() ON (e.segment, e.contact)",
)
"""Indexes beside those on time of each kind of event.

Of contacts by `_since`, it tells how many there were at an instant by those to come."""

OWN_TYPES: Final = frozenset(
    {
        "ABOUT",
        "BELONGS_TO",
        "CONSENT_DECIDED",
        "IN",
        "MEMBER_OF",
        "NO_EVENT",
        "PART_OF",
        "REVISED_TO",
        "TRAIT_CHANGED",
        "WAS_MEMBER",
    }
)
"""Relationship types that no event may take; `NO_EVENT` is of the kinds that never happened."""

NO_EVENT: Final = "NO_EVENT"

EVENT_PROPERTIES: Final = frozenset({"id", "at", "source", "purpose"})
"""What lies on every event's edge; a property of that name lies there with `_` before."""

THING_PROPERTIES: Final[dict[ThingKind, frozenset[str]]] = {
    ThingKind.CONTENT: frozenset({"key", "kind", "title", "url"}),
    ThingKind.PRODUCT: frozenset({"key", "name"}),
}
"""Names that are a thing's own fields and no properties of the user's."""

DEEPEST: Final = 16
"""Levels of a tree of topics or categories."""


def event_property(name: str) -> str:
    """Return the name on the edge of a property that was told with an event."""
    return f"_{name}" if name in EVENT_PROPERTIES else name


@lru_cache(10_000)
def told_property(name: str) -> str | None:
    """Return the name that a property on an edge was told by; None where it is ours."""
    if name in EVENT_PROPERTIES:
        return None
    if not name.startswith("_"):
        return name
    return name[1:] if name[1:] in EVENT_PROPERTIES else None


def constraints() -> tuple[LiteralString, ...]:
    """Return the statements that make what every graph has where it is not there yet.

    The index on time tells how many contacts there were at an instant by those to come.
    """
    unique: tuple[LiteralString, ...] = tuple(
        f"CREATE CONSTRAINT {label}_{name} IF NOT EXISTS FOR (n:{label}) REQUIRE n.{name} IS UNIQUE"
        for label, name in UNIQUE
    )
    return (*unique, *INDEXES)


def constraint_names() -> tuple[str, ...]:
    """Return the names of the constraints."""
    return tuple(f"{label}_{name}" for label, name in UNIQUE)


def index_names() -> tuple[str, ...]:
    """Return the names of the indexes beside those on time of each kind of event."""
    return tuple(text.split()[2] for text in INDEXES)


def event_index_name(kind: str) -> str:
    """Return the name of the index on time of a type from the registry."""
    return f"event_{kind}"


def event_index(kind: str) -> LiteralString:
    """Return the statement that makes the index on time of a type from the registry."""
    return cast(
        "LiteralString",
        f"CREATE INDEX event_{kind} IF NOT EXISTS FOR ()-[e:{kind}]-() ON (e.at)",
    )
