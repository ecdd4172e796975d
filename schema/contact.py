"""Contacts, their accounts and their events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import strawberry

from graph import catalogue, conditions, errors
from schema.conditions import Condition
from schema.events import Event
from schema.events import event as as_event
from schema.explanation import Explanation
from schema.node import Info, Node, global_id
from schema.page import PAGE, After, First, PageInfo, given, page_info
from schema.plain import plain
from schema.scalars import JSON, DateTime, instant
from schema.things import as_json

if TYPE_CHECKING:
    from graph import contacts, subject
    from schema.segments import Segment


@strawberry.type(description="An organisation that contacts belong to.")
class Account(Node):
    """An account."""

    key: str = strawberry.field(description="The user's own identifier.")
    traits: JSON = strawberry.field(description="What is known of it, by name.")


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


@strawberry.type(description="That a contact is in a segment.")
class Membership:
    """That a contact is in a segment."""

    contact: strawberry.Private[str]
    saved: strawberry.Private[catalogue.Saved]
    since: DateTime = strawberry.field(description="Since when.")

    @strawberry.field(description="When it leaves if nothing happens; null is never.")
    async def until(self, info: Info) -> DateTime | None:
        """Return the instant."""
        found = await info.context.ends.load((self.contact, self.saved.key))
        return None if found is None else DateTime(found)

    @strawberry.field(description="The segment.")
    def segment(self) -> Annotated[Segment, strawberry.lazy("schema.segments")]:
        """Return the segment."""
        from schema.segments import segment  # noqa: PLC0415 - each names the other

        return segment(self.saved)


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
        first: First = PAGE,
        after: After = None,
        event: Annotated[
            str | None, strawberry.argument(description="Only events of this kind.")
        ] = None,
    ) -> EventConnection:
        """Return a page of its events."""
        page = await info.context.reading.events(self.key, given(first), after, event)
        edges = [EventEdge(cursor=cursor, node=as_event(each)) for cursor, each in page.items]
        return EventConnection(
            edges=edges,
            nodes=[edge.node for edge in edges],
            page_info=page_info([edge.cursor for edge in edges], more=page.more, after=after),
        )

    @strawberry.field(description="The accounts that it belongs to now.")
    async def accounts(self, info: Info) -> list[Account]:
        """Return its accounts."""
        return [account(each) for each in await info.context.accounts.load(self.key)]

    @strawberry.field(description="The segments that it is in, by their keys; live ones.")
    async def segments(self, info: Info) -> list[Membership]:
        """Return its memberships."""
        return [
            Membership(contact=self.key, saved=each.saved, since=DateTime(each.since))
            for each in await info.context.reading.memberships(self.key)
        ]

    @strawberry.field(
        description=(
            "Why it meets a condition, or a saved segment's, now or at another instant, or why "
            "not: what was found, by which events, and what would turn it."
        )
    )
    async def explain(
        self,
        info: Info,
        where: Annotated[
            Condition | None, strawberry.argument(description="The condition.")
        ] = None,
        segment: Annotated[
            str | None,
            strawberry.argument(description="The key of a saved segment, in place of `where`."),
        ] = None,
        at: Annotated[
            DateTime | None, strawberry.argument(description="The instant; now where absent.")
        ] = None,
    ) -> Explanation:
        """Return why it meets a condition, or does not."""
        t, reading = instant(at), info.context.reading
        if where is not None and segment is None:
            with errors.under("where"):
                condition = conditions.read(plain(where))
                return Explanation(found=await reading.explain(self.key, condition, t))
        if segment is not None and where is None:
            return Explanation(found=await reading.explain_segment(self.key, segment, t))
        raise errors.BadInput("Give `where`, a condition, or `segment`, a key: one of them")


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
