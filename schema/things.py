"""What events are about, and the trees that it is filed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import strawberry

from graph import values
from graph.model import ThingKind
from graph.vocabulary import Place
from schema.enums import enum_of
from schema.node import Info, Node, global_id
from schema.scalars import JSON, Long

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graph import subject
    from graph.values import Stored

ThingKindEnum = enum_of(ThingKind)


def as_json(stored: Mapping[str, Stored], *without: str) -> JSON:
    """Return values by name as JSON."""
    kept = {name: values.to_json(each) for name, each in stored.items() if name not in without}
    return JSON(kept)


@strawberry.interface(description="What an event was about.")
class Thing:
    """What an event was about."""

    key: str = strawberry.field(description="The user's own identifier.")


@strawberry.type(description="A topic of contents, or a category of products.")
class Topic:
    """A topic of contents, or a category of products."""

    place: strawberry.Private[Place]

    @strawberry.field(description="The user's own identifier.")
    def key(self) -> str:
        """Return the key."""
        return self.place.key

    @strawberry.field(description="Its name; null where none was told: show the key.")
    def name(self) -> str | None:
        """Return the name."""
        return self.place.name

    @strawberry.field(description="What it is part of.")
    def parent(self) -> Topic | None:
        """Return the place above."""
        return None if self.place.parent is None else Topic(place=self.place.parent)

    @strawberry.field(description="What is part of it.")
    def children(self) -> list[Topic]:
        """Return the places right below."""
        return [Topic(place=child) for child in self.place.children]

    @strawberry.field(description="How many things are in it or below.")
    async def things(self, info: Info) -> Long:
        """Return the number of things, counted only where it is asked for."""
        return Long(await info.context.things.load((self.place.label, self.place.key)))


@strawberry.type(description="A page, an article, a case study: something to read or watch.")
class Content(Node, Thing):
    """A content."""

    kind: str | None = strawberry.field(description="Its kind, such as `case-study`.")
    title: str | None = strawberry.field(description="Its title.")
    url: str | None = strawberry.field(description="Where it is.")
    properties: JSON = strawberry.field(description="What else was told of it.")

    @strawberry.field(description="The topics that it is filed in.")
    async def topics(self, info: Info) -> list[Topic]:
        """Return the topics."""
        return [Topic(place=place) for place in await info.context.topics.load(self.key)]


@strawberry.type(description="Something to buy.")
class Product(Node, Thing):
    """A product."""

    name: str | None = strawberry.field(description="Its name.")
    properties: JSON = strawberry.field(description="What else was told of it.")

    @strawberry.field(description="The category that it is filed in.")
    async def category(self, info: Info) -> Topic | None:
        """Return the category."""
        places = await info.context.categories.load(self.key)
        return Topic(place=places[0]) if places else None


@strawberry.type(description="A feature of a product.")
class Feature(Thing):
    """A feature."""


@strawberry.type(description="A support ticket.")
class Ticket(Thing):
    """A support ticket."""


@strawberry.type(description="What somebody searched for; the key is the query.")
class Search(Thing):
    """A search."""


@strawberry.type(description="A campaign, such as a series of e-mails.")
class Campaign(Thing):
    """A campaign."""


_PLAIN: dict[ThingKind, type[Feature | Ticket | Search | Campaign]] = {
    ThingKind.FEATURE: Feature,
    ThingKind.TICKET: Ticket,
    ThingKind.SEARCH: Search,
    ThingKind.CAMPAIGN: Campaign,
}


def thing(found: subject.Thing) -> Thing | None:
    """Return a thing; None of a source, which is no thing of its own."""
    if found.kind is ThingKind.CONTENT:
        return content(found)
    if found.kind is ThingKind.PRODUCT:
        return product(found)
    cls = _PLAIN.get(found.kind)
    return None if cls is None else cls(key=found.key)


def content(found: subject.Thing) -> Content:
    """Return a content."""
    return Content(
        id=global_id("Content", found.key),
        key=found.key,
        kind=_text(found.properties.get("kind")),
        title=_text(found.properties.get("title")),
        url=_text(found.properties.get("url")),
        properties=as_json(found.properties, "kind", "title", "url"),
    )


def product(found: subject.Thing) -> Product:
    """Return a product."""
    return Product(
        id=global_id("Product", found.key),
        key=found.key,
        name=_text(found.properties.get("name")),
        properties=as_json(found.properties, "name"),
    )


def _text(value: Stored | None) -> str | None:
    return value if isinstance(value, str) else None
