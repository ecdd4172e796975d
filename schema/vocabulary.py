"""What can be said here, and how the graph is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import strawberry

from graph.reading import Reading
from schema.scalars import DateTime, Long
from schema.things import ThingKindEnum, Topic

if TYPE_CHECKING:
    from graph import vocabulary as found_in
    from graph.upkeep import registry


@strawberry.type(description="A property of a kind of event.")
class PropertyKind:
    """A property of a kind of event."""

    name: str = strawberry.field(description="Its name.")
    types: list[str] = strawberry.field(description="The types of its values so far.")


@strawberry.type(description="A kind of event.")
class EventKind:
    """A kind of event."""

    name: str = strawberry.field(description="Its name.")
    about: list[ThingKindEnum] = strawberry.field(  # pyright: ignore[reportInvalidTypeForm]
        description="What such events were about."
    )
    count: Long = strawberry.field(description="How many there are.")
    first_at: DateTime | None = strawberry.field(description="When the first happened.")
    last_at: DateTime | None = strawberry.field(description="When the last happened.")
    properties: list[PropertyKind] = strawberry.field(description="What was told with them.")


@strawberry.type(description="A trait of contacts.")
class TraitKind:
    """A trait of contacts."""

    name: str = strawberry.field(description="Its name.")
    types: list[str] = strawberry.field(description="The types of its values so far.")
    contacts: Long = strawberry.field(description="How many contacts have it.")


@strawberry.type(description="All names that conditions may use.")
class Vocabulary:
    """All names that conditions may use."""

    events: list[EventKind] = strawberry.field(description="Kinds of events.")
    traits: list[TraitKind] = strawberry.field(description="Traits of contacts.")
    topics: list[Topic] = strawberry.field(description="Topics of contents.")
    categories: list[Topic] = strawberry.field(description="Categories of products.")


@strawberry.type(description="How the graph is.")
class Status:
    """How the graph is; only what is asked for is found out."""

    reading: strawberry.Private[Reading]

    @strawberry.field(description="Whether this server takes what is told.")
    def ready(self) -> bool:
        """Tell whether this server writes."""
        return self.reading.refusal is None

    @strawberry.field(description="The graph's software.")
    async def engine(self) -> str:
        """Return its name."""
        return (await self.reading.engine()).name

    @strawberry.field(description="Its version.")
    async def engine_version(self) -> str:
        """Return its version."""
        return (await self.reading.engine()).version

    @strawberry.field(description="How many contacts there are.")
    async def contacts(self) -> Long:
        """Count the contacts."""
        return Long(await self.reading.contact_count())

    @strawberry.field(description="How many events there are.")
    async def events(self) -> Long:
        """Count the events."""
        return Long(await self.reading.event_count())

    @strawberry.field(description="How long the oldest that waits has waited.")
    async def lag_milliseconds(self) -> float:
        """Return how far the writer is behind."""
        return float(await self.reading.lag())

    @strawberry.field(description="How many rows wait to be written, an order's lines counted.")
    def pending(self) -> int:
        """Return the length of the queue."""
        return self.reading.pending


def vocabulary(found: found_in.Vocabulary) -> Vocabulary:
    """Return the vocabulary."""
    return Vocabulary(
        events=[_event_kind(kind) for kind in found.events],
        traits=[
            TraitKind(name=each.name, types=sorted(each.types), contacts=Long(each.contacts))
            for each in found.traits
        ],
        topics=[Topic(place=place) for place in found.topics],
        categories=[Topic(place=place) for place in found.categories],
    )


def _event_kind(kind: registry.EventKind) -> EventKind:
    return EventKind(
        name=kind.name,
        about=sorted(kind.about),
        count=Long(kind.count),
        first_at=None if kind.first_at is None else DateTime(kind.first_at),
        last_at=None if kind.last_at is None else DateTime(kind.last_at),
        properties=[
            PropertyKind(name=name, types=sorted(types))
            for name, types in sorted(kind.properties.items())
        ],
    )
