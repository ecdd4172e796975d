"""What is heard of segments: who comes and goes, who is there, and that one has to begin anew."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, TypeAlias

import strawberry

from graph import contacts
from graph.place import LogPlace
from schema.changes import MemberEntered, MemberLeft
from schema.contact import Contact, contact


@strawberry.type(
    description=(
        "Some of those who were in the segment at one place of the log, in the order of their "
        "keys; all changes after that place follow."
    )
)
class SnapshotPage:
    """Some of those who were in the segment."""

    cursor: str = strawberry.field(
        description="The place in the log, the same on each page; go on from it once complete."
    )
    members: list[Contact] = strawberry.field(description="The members; at most 100.")
    complete: bool = strawberry.field(description="Whether this is the last page.")


@strawberry.type(description="It cannot be heard on: the reason says why. Take a snapshot again.")
class Resync:
    """One has to begin anew; nothing follows it."""

    cursor: str = strawberry.field(description="The place in the log after which all can be heard.")
    reason: str = strawberry.field(description="Why.")


SegmentChange: TypeAlias = Annotated[
    MemberEntered | MemberLeft | SnapshotPage | Resync,
    strawberry.union("SegmentChange", description="What is heard of segments."),
]


def snapshot_page(
    place: LogPlace, members: Sequence[contacts.Contact], *, complete: bool
) -> SnapshotPage:
    """Return a page of those who were in a segment at a place in the log."""
    return SnapshotPage(
        cursor=place.cursor, members=[contact(each) for each in members], complete=complete
    )


def resync(place: LogPlace, reason: str) -> Resync:
    """Return that one has to begin anew, and from where on all can be heard."""
    return Resync(cursor=place.cursor, reason=reason)
