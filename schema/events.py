"""What contacts did."""

from __future__ import annotations

from typing import TYPE_CHECKING

import strawberry

from schema.scalars import JSON, DateTime
from schema.things import Thing, as_json, thing

if TYPE_CHECKING:
    from graph import contacts


@strawberry.type(description="Something that a contact did.")
class Event:
    """An event."""

    id: strawberry.ID = strawberry.field(description="The sender's; unique for the contact.")
    event: str = strawberry.field(description="The name of its kind.")
    at: DateTime = strawberry.field(description="When it happened.")
    received_at: DateTime = strawberry.field(description="When it arrived.")
    source: str = strawberry.field(description="Who reported it.")
    about: Thing | None = strawberry.field(
        description="What it was about; null where it names nothing."
    )
    properties: JSON = strawberry.field(description="What was told with it, by name.")


def event(found: contacts.StoredEvent) -> Event:
    """Return an event."""
    told = found.event
    return Event(
        id=strawberry.ID(told.id),
        event=told.name,
        at=DateTime(told.at),
        received_at=DateTime(found.received),
        source=told.source,
        about=thing(told.about),
        properties=as_json(told.properties),
    )
