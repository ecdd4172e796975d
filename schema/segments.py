"""Saved segments, and what may become of one that is saved or archived."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, TypeAlias

import strawberry
from strawberry import UNSET

from graph import catalogue, errors
from graph.conditions import write
from schema.audience import MemberConnection, member_page
from schema.changes import ChangeConnection, SizePoint, change_page, size_point
from schema.conditions import Condition
from schema.enums import enum_of
from schema.node import Info, Node, global_id
from schema.page import PAGE, After, First, PageInfo, given
from schema.scalars import JSON, DateTime, Duration, Long, given_instant, instant

if TYPE_CHECKING:
    from collections.abc import Iterable

SegmentStatusEnum = enum_of(catalogue.SegmentStatus)


@strawberry.input(description="A segment to be saved; one that is archived comes back.")
class SegmentInput:
    """A segment to be saved."""

    key: str = strawberry.field(description="The user's own identifier.")
    where: Condition = strawberry.field(description="Who is in it.")
    name: str | None = strawberry.field(
        description="What people call it; absent leaves it, which is at first its key.",
        default=UNSET,
    )
    description: str | None = strawberry.field(
        description="What it is for; null removes it, absent leaves it.", default=UNSET
    )
    expected_revision: int | None = strawberry.field(
        description=(
            "The revision that must be the current one, 0 for none yet; else it is refused."
        ),
        default=UNSET,
    )
    announce: bool = strawberry.field(
        description=(
            "Whether those who listen hear of the members that it begins with, and whom an edit "
            "turns, also of those segments that use it."
        ),
        default=False,
    )


@strawberry.type(description="A definition that a segment has or had.")
class Revision:
    """A definition that a segment has or had."""

    found: strawberry.Private[catalogue.Revision]

    @strawberry.field(description="Its number, from 1.")
    def revision(self) -> int:
        """Return the number."""
        return self.found.revision

    @strawberry.field(description="Its canonical form, in the shape of the Condition input.")
    def definition(self) -> JSON:
        """Return the definition."""
        return JSON(write(self.found.definition))

    @strawberry.field(description="The definition as one English sentence.")
    def text(self) -> str:
        """Return the sentence."""
        return self.found.definition.sentence()

    @strawberry.field(description="When it was saved.")
    def at(self) -> DateTime:
        """Return the instant."""
        return DateTime(self.found.at)


@strawberry.type(description="A definition that is kept under a key.")
class Segment(Node):
    """A saved segment."""

    saved: strawberry.Private[catalogue.Saved]

    @strawberry.field(description="The user's own identifier.")
    def key(self) -> str:
        """Return the key."""
        return self.saved.key

    @strawberry.field(description="What people call it.")
    def name(self) -> str:
        """Return the name."""
        return self.saved.name

    @strawberry.field(description="What it is for.")
    def description(self) -> str | None:
        """Return the description."""
        return self.saved.description

    @strawberry.field(
        description="Its definition in canonical form, in the shape of the Condition input."
    )
    def definition(self) -> JSON:
        """Return the definition."""
        return JSON(write(self.saved.definition))

    @strawberry.field(description="The definition as one English sentence.")
    def text(self) -> str:
        """Return the sentence."""
        return self.saved.definition.sentence()

    @strawberry.field(
        description="The number of its definition, from 1; an equal definition makes no new one."
    )
    def revision(self) -> int:
        """Return the number of the current definition."""
        return self.saved.revision

    @strawberry.field(description="All its definitions, the newest first; at most 500.")
    async def revisions(self, info: Info) -> list[Revision]:
        """Return the definitions."""
        found = await info.context.reading.revisions(self.saved.key)
        return [Revision(found=each) for each in found]

    @strawberry.field(description="Whether it is in use.")
    def status(self) -> SegmentStatusEnum:  # pyright: ignore[reportInvalidTypeForm, reportUnknownParameterType]
        """Return the status."""
        return self.saved.status

    @strawberry.field(description="How many contacts are in it now.")
    async def size(self, info: Info) -> Long:
        """Count them."""
        return Long(await (await info.context.reading.members(self.saved)).count())

    @strawberry.field(
        description=(
            "The instant up to which everything that arrived and fell due is in this answer."
        )
    )
    async def as_of(self, info: Info) -> DateTime:
        """Return the instant."""
        return DateTime((await info.context.reading.members(self.saved)).as_of)

    @strawberry.field(
        description=(
            "Who is in it now, was in it at a past instant, or will be at one to come if nothing "
            "happens; pages stay in place while the data or the definition changes."
        )
    )
    async def members(
        self,
        info: Info,
        first: First = PAGE,
        after: After = None,
        at: Annotated[
            DateTime | None, strawberry.argument(description="The instant; now where absent.")
        ] = None,
    ) -> MemberConnection:
        """Return a page of them."""
        found = await info.context.reading.members(self.saved, instant(at))
        return await member_page(found, given(first), after)

    @strawberry.field(
        description="The log, oldest first, from a cursor on; without one, from the beginning."
    )
    async def changes(
        self,
        info: Info,
        first: First = 100,
        after: After = None,
    ) -> ChangeConnection:
        """Return a page of its log."""
        return change_page(
            await info.context.reading.changes(self.saved.key, given(first), after), after
        )

    @strawberry.field(
        description=(
            "How large it was at each step, and how it came to that; while it is not live, up to "
            "when it last was."
        )
    )
    async def sizes(
        self,
        info: Info,
        since: Annotated[DateTime, strawberry.argument(description="The first instant.")],
        step: Annotated[Duration, strawberry.argument(description="From point to point.")],
        until: Annotated[
            DateTime | None, strawberry.argument(description="The last instant; now where absent.")
        ] = None,
    ) -> list[SizePoint]:
        """Return the points."""
        found = await info.context.reading.sizes(
            self.saved, given_instant(since, "since"), instant(until, "until"), str(step)
        )
        return [size_point(each) for each in found]

    @strawberry.field(description="How much of it is built, from 0 to 1; 1 where it is live.")
    async def progress(self, info: Info) -> float:
        """Return the share of contacts that were looked at."""
        if self.saved.filled is None:
            return 1.0
        contacts = await info.context.reading.contact_count()
        return min(1.0, self.saved.done / contacts) if contacts else 0.0

    @strawberry.field(description="Why its members cannot be kept; null where they are.")
    def failure(self) -> str | None:
        """Return the reason."""
        return self.saved.failure

    @strawberry.field(description="The segments that its definition names.")
    async def uses(self, info: Info) -> list[Segment]:
        """Return the segments that it uses."""
        return [segment(each) for each in await info.context.reading.used(self.saved)]

    @strawberry.field(description="The segments whose definition names it.")
    async def used_by(self, info: Info) -> list[Segment]:
        """Return the segments that use it."""
        return [segment(each) for each in await info.context.reading.using(self.saved.key)]


@strawberry.type(description="A segment in a list.")
class SegmentEdge:
    """A segment in a list."""

    cursor: str = strawberry.field(description="Its place in the list.")
    node: Segment = strawberry.field(description="The segment.")


@strawberry.type(description="A page of segments, in the order of their keys.")
class SegmentConnection:
    """A page of segments."""

    edges: list[SegmentEdge] = strawberry.field(description="The segments with their cursors.")
    nodes: list[Segment] = strawberry.field(description="The segments.")
    page_info: PageInfo = strawberry.field(description="Where the page lies.")


@strawberry.interface(description="Why something was not done.")
class Problem:
    """Why something was not done."""

    code: str = strawberry.field(description="What sort of problem it is.")
    message: str = strawberry.field(description="What is wrong, and the way out.")
    path: list[str] = strawberry.field(description="Where in the arguments it is.")


@strawberry.type(description="The segment cannot be saved as it is.")
class InvalidDefinition(Problem):
    """The segment cannot be saved as it is."""


@strawberry.type(description="Somebody else has saved the segment meanwhile.")
class RevisionConflict(Problem):
    """Somebody else has saved the segment meanwhile."""

    current: int = strawberry.field(description="Its revision; 0 where it is not saved yet.")


@strawberry.type(description="The segment would use itself.")
class SegmentCycle(Problem):
    """The segment would use itself."""

    cycle: list[str] = strawberry.field(
        description="The keys on the way round; the first comes again at the end."
    )


@strawberry.type(description="There is no such segment.")
class SegmentNotFound(Problem):
    """There is no such segment."""


@strawberry.type(description="Others use the segment.")
class SegmentInUse(Problem):
    """Others use the segment."""

    used_by: list[Segment] = strawberry.field(description="Those that use it.")


SavedSegment: TypeAlias = Annotated[
    Segment | InvalidDefinition | RevisionConflict | SegmentCycle,
    strawberry.union("SavedSegment", description="A segment as it was saved, or why it was not."),
]
ArchivedSegment: TypeAlias = Annotated[
    Segment | SegmentNotFound | SegmentInUse,
    strawberry.union(
        "ArchivedSegment", description="A segment that is archived, or why it was not."
    ),
]


def segment(saved: catalogue.Saved) -> Segment:
    """Return a segment."""
    return Segment(id=global_id("Segment", saved.key), saved=saved)


def not_found(error: errors.SegmentNotFound) -> SegmentNotFound:
    """Return that there is no such segment."""
    return SegmentNotFound(code=error.reason, message=error.message, path=path_of(error))


def in_use(error: errors.SegmentInUse, users: Iterable[catalogue.Saved]) -> SegmentInUse:
    """Return why a segment cannot be archived."""
    return SegmentInUse(
        code=error.reason,
        message=error.message,
        path=path_of(error),
        used_by=[segment(each) for each in users],
    )


def not_saved(
    error: errors.BadInput,
) -> InvalidDefinition | RevisionConflict | SegmentCycle:
    """Return why a segment was not saved."""
    code, message, path = error.reason, error.message, path_of(error)
    match error:
        case errors.SegmentCycle(cycle=cycle):
            return SegmentCycle(code=code, message=message, path=path, cycle=list(cycle))
        case errors.RevisionConflict(current=current):
            return RevisionConflict(code=code, message=message, path=path, current=current)
        case _:
            return InvalidDefinition(code=code, message=message, path=path)


def path_of(error: errors.BadInput) -> list[str]:
    """Return where in the arguments something is wrong."""
    return [str(part) for part in error.path]
