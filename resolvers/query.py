"""What one may ask."""

from __future__ import annotations

from typing import Annotated

import strawberry

from graph import conditions, errors
from graph.model import ThingKind
from graph.overlaps import sets_of
from resolvers.webhooks import WebhookQuery
from schema.audience import Audience
from schema.conditions import Condition
from schema.contact import Contact, account, contact
from schema.node import Info, Node, named_by
from schema.overlap import Overlap, overlap
from schema.page import PAGE, After, First, given, page_info
from schema.plain import plain
from schema.scalars import DateTime, instant
from schema.segments import Segment, SegmentConnection, SegmentEdge, segment
from schema.things import content, product
from schema.vocabulary import Status, Vocabulary, vocabulary

_KEY = strawberry.argument(description="The user's own identifier.")


@strawberry.type(description="What one may ask.")
class Query(WebhookQuery):
    """What one may ask."""

    @strawberry.field(description="Anything by its global id; null where there is none.")
    async def node(
        self,
        info: Info,
        id: Annotated[  # noqa: A002 - the API's name
            strawberry.ID, strawberry.argument(description="The global id.")
        ],
    ) -> Node | None:
        """Return what an id stands for."""
        kind, key = named_by(id)
        reading = info.context.reading
        match kind:
            case "Contact":
                found = await reading.contact(key)
                return contact(found) if found else None
            case "Account":
                its = await reading.account(key)
                return account(its) if its else None
            case "Content":
                thing = await reading.thing(ThingKind.CONTENT, key)
                return content(thing) if thing else None
            case "Product":
                thing = await reading.thing(ThingKind.PRODUCT, key)
                return product(thing) if thing else None
            case "Segment":
                saved = await reading.segment(key)
                return segment(saved) if saved else None
            case _:
                return None

    @strawberry.field(
        description=(
            "Who meets a condition now, or did or will at another instant. Nothing is saved."
        )
    )
    async def audience(
        self,
        info: Info,
        where: Annotated[
            Condition,
            strawberry.argument(description="What they meet."),
        ],
        at: Annotated[
            DateTime | None, strawberry.argument(description="The instant; now where absent.")
        ] = None,
        compare_with: Annotated[
            Condition | None,
            strawberry.argument(
                description="A condition whose place it would take: `compared` tells who differs."
            ),
        ] = None,
    ) -> Audience:
        """Return the contacts who meet a condition."""
        with errors.under("where"):
            condition = conditions.read(plain(where))
        then = instant(at)
        with errors.under("where"):
            found = await info.context.reading.audience(condition, then)
        if compare_with is None:
            return Audience(found=found)
        with errors.under("compareWith"):
            other = conditions.read(plain(compare_with))
            before = await info.context.reading.audience(other, then)
        return Audience(found=found, before=before)

    @strawberry.field(
        description=(
            "How many contacts saved segments and conditions have in common, up to 8 together."
        )
    )
    async def overlap(
        self,
        info: Info,
        segments: Annotated[
            list[str] | None, strawberry.argument(description="Keys of saved segments.")
        ] = None,
        conditions: Annotated[
            list[Condition] | None, strawberry.argument(description="Conditions.")
        ] = None,
        at: Annotated[
            DateTime | None, strawberry.argument(description="The instant; now where absent.")
        ] = None,
    ) -> Overlap:
        """Return how they overlap."""
        sets = sets_of(segments or [], [plain(each) for each in conditions or []])
        return overlap(await info.context.reading.overlap(sets, instant(at)))

    @strawberry.field(description="A saved segment by its key; null where there is none.")
    async def segment(self, info: Info, key: Annotated[str, _KEY]) -> Segment | None:
        """Return a saved segment."""
        found = await info.context.reading.segment(key)
        return segment(found) if found else None

    @strawberry.field(description="The saved segments, in the order of their keys.")
    async def segments(
        self,
        info: Info,
        first: First = PAGE,
        after: After = None,
        search: Annotated[
            str | None,
            strawberry.argument(description="What their key, name or description holds."),
        ] = None,
        archived: Annotated[
            bool | None,
            strawberry.argument(description="Whether to list those that are archived too."),
        ] = None,
    ) -> SegmentConnection:
        """Return a page of saved segments."""
        page = await info.context.reading.segments(
            given(first), after, search, archived=bool(archived)
        )
        edges = [SegmentEdge(cursor=cursor, node=segment(each)) for cursor, each in page.items]
        return SegmentConnection(
            edges=edges,
            nodes=[edge.node for edge in edges],
            page_info=page_info([edge.cursor for edge in edges], more=page.more, after=after),
        )

    @strawberry.field(description="A contact by its key; null where there is none.")
    async def contact(
        self,
        info: Info,
        key: Annotated[str, _KEY],
    ) -> Contact | None:
        """Return a contact."""
        found = await info.context.reading.contact(key)
        return contact(found) if found else None

    @strawberry.field(
        description=(
            "What can be said here: kinds of events with their properties, traits, topics, "
            "with counts. For building conditions."
        )
    )
    async def vocabulary(self, info: Info) -> Vocabulary:
        """Return all names that conditions may use."""
        return vocabulary(await info.context.reading.vocabulary())

    @strawberry.field(description="How the graph is.")
    def status(self, info: Info) -> Status:
        """Return how the graph is."""
        return Status(reading=info.context.reading)
