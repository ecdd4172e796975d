"""The log of who came into segments and who left them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import strawberry

from graph import changes
from schema.enums import enum_of
from schema.node import Info
from schema.page import PageInfo, page_info
from schema.scalars import DateTime, Long

if TYPE_CHECKING:
    from schema.contact import Contact
    from schema.segments import Segment

CauseEnum = enum_of(changes.Cause)


@strawberry.interface(description="Somebody came into a segment or left it.")
class Change:
    """Somebody came into a segment or left it."""

    found: strawberry.Private[changes.Change]

    cursor: str = strawberry.field(description="Its place in the log.")

    @strawberry.field(description="The number of the change; one log has all, without a gap.")
    def sequence(self) -> Long:
        """Return the number."""
        return Long(self.found.sequence)

    @strawberry.field(description="The segment.")
    async def segment(self, info: Info) -> Annotated[Segment, strawberry.lazy("schema.segments")]:
        """Return the segment."""
        from schema.segments import segment  # noqa: PLC0415 - each names the other

        saved = await info.context.reading.catalogue()
        return segment(saved[self.found.segment])

    @strawberry.field(description="The revision of the definition by which it was judged.")
    def revision(self) -> int:
        """Return the revision."""
        return self.found.revision

    @strawberry.field(description="The contact's key.")
    def contact_key(self) -> str:
        """Return the key."""
        return self.found.contact

    @strawberry.field(description="The contact; null once it is deleted.")
    async def contact(
        self, info: Info
    ) -> Annotated[Contact, strawberry.lazy("schema.contact")] | None:
        """Return the contact."""
        from schema.contact import contact  # noqa: PLC0415 - each names the other

        found = await info.context.reading.contact(self.found.contact)
        return None if found is None else contact(found)

    @strawberry.field(description="Why it happened.")
    def cause(self) -> CauseEnum:  # pyright: ignore[reportInvalidTypeForm, reportUnknownParameterType]
        """Return the cause."""
        return self.found.cause

    @strawberry.field(
        description=(
            "When it became true; never before the change before it of the same contact and "
            "segment."
        )
    )
    def effective_at(self) -> DateTime:
        """Return the instant."""
        return DateTime(self.found.effective_at)

    @strawberry.field(description="When it was noticed.")
    def detected_at(self) -> DateTime:
        """Return the instant."""
        return DateTime(self.found.detected_at)


@strawberry.type(description="A contact came into a segment.")
class MemberEntered(Change):
    """A contact came into a segment."""


@strawberry.type(description="A contact left a segment.")
class MemberLeft(Change):
    """A contact left a segment."""


@strawberry.type(description="A change in a list.")
class ChangeEdge:
    """A change in a list."""

    cursor: str = strawberry.field(description="Its place in the list.")
    node: Change = strawberry.field(description="The change.")


@strawberry.type(description="A page of the log, the oldest change first.")
class ChangeConnection:
    """A page of the log."""

    edges: list[ChangeEdge] = strawberry.field(description="The changes with their cursors.")
    nodes: list[Change] = strawberry.field(description="The changes.")
    page_info: PageInfo = strawberry.field(description="Where the page lies.")


@strawberry.type(description="How large a segment was at an instant, and how it came to that.")
class SizePoint:
    """How large a segment was at an instant."""

    at: DateTime = strawberry.field(description="The instant.")
    members: Long = strawberry.field(description="How many were in it.")
    entered: Long = strawberry.field(description="How many came in since the point before.")
    left: Long = strawberry.field(description="How many left since the point before.")


def change(cursor: str, found: changes.Change) -> MemberEntered | MemberLeft:
    """Return a change."""
    kind = MemberEntered if found.entered else MemberLeft
    return kind(cursor=cursor, found=found)


def change_page(page: changes.ChangeSlice, after: str | None) -> ChangeConnection:
    """Return a page of the log."""
    edges = [ChangeEdge(cursor=cursor, node=change(cursor, each)) for cursor, each in page.items]
    return ChangeConnection(
        edges=edges,
        nodes=[edge.node for edge in edges],
        page_info=page_info([edge.cursor for edge in edges], more=page.more, after=after),
    )


def size_point(found: changes.SizePoint) -> SizePoint:
    """Return how large a segment was at an instant."""
    return SizePoint(
        at=DateTime(found.at),
        members=Long(found.members),
        entered=Long(found.entered),
        left=Long(found.left),
    )
