"""Contacts, their accounts and their events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import strawberry

from schema.node import Info, Node, global_id
from schema.page import PAGE, PageInfo, given, page_info
from schema.scalars import JSON, DateTime
from schema.things import Thing, as_json, thing

if TYPE_CHECKING:
    from graph import contacts, subject


@strawberry.type(description="An organisation that contacts belong to.")
class Account(Node):
    """An account."""

    key: str = strawberry.field(description="The user's own identifier.")
    traits: JSON = strawberry.field(description="What is known of it, by name.")


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


@strawberry.type(description="An event in a list.")
class EventEdge:
    """An event in a list."""

    cursor: str = strawberry.field(description="Its place in the list.")
    node: Event = strawberry.field(description="The event.")


@strawberry.type(description="A page of events.")
class EventConnection:
    """A page of events."""

    edges: list[EventEdge] = strawberry.field(description="The events with their cursors.")
    nodes: list[Event] = strawberry.field(description="The events.")
    page_info: PageInfo = strawberry.field(description="Where the page lies.")


@strawberry.type(description="Somebody who does things: a person, a device, a household.")
class Contact(Node):
    """A contact."""

    key: str = strawberry.field(description="The user's own identifier.")
    traits: JSON = strawberry.field(description="What is known of it now, by name.")
    created_at: DateTime = strawberry.field(
        description="The earliest instant known of it; it exists from then on."
    )

    @strawberry.field(description="What it did, newest first.")
    async def events(
        self,
        info: Info,
        first: Annotated[int | None, strawberry.argument(description="How many at most.")] = PAGE,
        after: Annotated[
            str | None, strawberry.argument(description="The cursor to go on from.")
        ] = None,
        event: Annotated[
            str | None, strawberry.argument(description="Only events of this kind.")
        ] = None,
    ) -> EventConnection:
        """Return a page of its events."""
        page = await info.context.reading.events(self.key, given(first), after, event)
        edges = [EventEdge(cursor=cursor, node=_event(each)) for cursor, each in page.items]
        return EventConnection(
            edges=edges,
            nodes=[edge.node for edge in edges],
            page_info=page_info([edge.cursor for edge in edges], more=page.more, after=after),
        )

    @strawberry.field(description="The accounts that it belongs to now.")
    async def accounts(self, info: Info) -> list[Account]:
        """Return its accounts."""
        return [account(each) for each in await info.context.accounts.load(self.key)]


def contact(found: contacts.Contact) -> Contact:
    """Return a contact."""
    return Contact(
        id=global_id("Contact", found.key),
        key=found.key,
        traits=as_json(found.traits),
        created_at=DateTime(found.created_at),
    )


def account(found: subject.Account) -> Account:
    """Return an account."""
    return Account(id=global_id("Account", found.key), key=found.key, traits=as_json(found.traits))


def _event(found: contacts.StoredEvent) -> Event:
    event = found.event
    return Event(
        id=strawberry.ID(event.id),
        event=event.name,
        at=DateTime(event.at),
        received_at=DateTime(found.received),
        source=event.source,
        about=thing(event.about),
        properties=as_json(event.properties),
    )
