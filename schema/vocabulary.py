"""What can be said here, and how the graph is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import strawberry

from schema.scalars import DateTime, Long
from schema.things import ThingKindEnum, Topic

if TYPE_CHECKING:
    from graph import segmentation
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
    """How the graph is."""

    ready: bool = strawberry.field(description="Whether this server takes what is told.")
    engine: str = strawberry.field(description="The graph's software.")
    engine_version: str = strawberry.field(description="Its version.")
    contacts: Long = strawberry.field(description="How many contacts there are.")
    events: Long = strawberry.field(description="How many events there are.")
    lag_milliseconds: float = strawberry.field(
        description="How long the oldest that waits has waited."
    )
    pending: int = strawberry.field(description="How many rows wait to be written.")


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


def status(found: segmentation.Status) -> Status:
    """Return the status."""
    return Status(
        ready=found.ready,
        engine=found.engine.name,
        engine_version=found.engine.version,
        contacts=Long(found.contacts),
        events=Long(found.events),
        lag_milliseconds=found.lag_milliseconds,
        pending=found.pending,
    )
