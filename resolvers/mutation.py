"""What one may tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, cast

import strawberry

from graph import errors
from graph.ingest import lines
from graph.ingest.decoding import converted
from graph.ingest.removals import CONTACT
from graph.model import ThingKind
from resolvers.webhooks import WebhookMutation
from schema.node import Info
from schema.plain import plain
from schema.segments import (
    ArchivedSegment,
    SavedSegment,
    SegmentInput,
    in_use,
    not_found,
    not_saved,
)
from schema.segments import segment as saved_segment
from schema.telling import (
    AccountInput,
    ConsentInput,
    ContactInput,
    ContentInput,
    Deleted,
    EventInput,
    ProductInput,
    RecordedEvents,
    ThingRef,
    TopicInput,
    Upserted,
    deleted,
    recorded,
    upserted,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graph.segmentation import Told

MOST = 5000
"""Rows of one mutation."""
MOST_DELETED = 1000
"""Keys of one mutation that deletes."""

_ROWS = strawberry.argument(description="Of which, and what.")


@strawberry.type(description="What one may tell. A row that is refused stops no other.")
class Mutation(WebhookMutation):
    """What one may tell."""

    @strawberry.mutation(description="Record what contacts did; at most 5,000 at once.")
    async def record_events(
        self,
        info: Info,
        events: Annotated[list[EventInput], strawberry.argument(description="What they did.")],
    ) -> RecordedEvents:
        """Record events."""
        return recorded(await _tell(info, "events", lines.EventLine, events))

    @strawberry.mutation(description="Tell traits and accounts of contacts; at most 5,000.")
    async def upsert_contacts(
        self,
        info: Info,
        contacts: Annotated[list[ContactInput], _ROWS],
    ) -> Upserted:
        """Tell of contacts."""
        return upserted(await _tell(info, "contacts", lines.ContactLine, contacts))

    @strawberry.mutation(description="Tell what contacts decided on purposes; at most 5,000.")
    async def upsert_consents(
        self,
        info: Info,
        consents: Annotated[list[ConsentInput], _ROWS],
    ) -> Upserted:
        """Tell of consents."""
        return upserted(await _tell(info, "consents", lines.ConsentLine, consents))

    @strawberry.mutation(description="Tell traits of accounts; at most 5,000.")
    async def upsert_accounts(
        self,
        info: Info,
        accounts: Annotated[list[AccountInput], _ROWS],
    ) -> Upserted:
        """Tell of accounts."""
        return upserted(await _tell(info, "accounts", lines.AccountLine, accounts))

    @strawberry.mutation(description="Tell of contents and their topics; at most 5,000.")
    async def upsert_contents(
        self,
        info: Info,
        contents: Annotated[list[ContentInput], _ROWS],
    ) -> Upserted:
        """Tell of contents."""
        return upserted(await _tell(info, "contents", lines.ContentLine, contents))

    @strawberry.mutation(description="Tell of products and their categories; at most 5,000.")
    async def upsert_products(
        self,
        info: Info,
        products: Annotated[list[ProductInput], _ROWS],
    ) -> Upserted:
        """Tell of products."""
        return upserted(await _tell(info, "products", lines.ProductLine, products))

    @strawberry.mutation(description="Tell of topics and what they are part of; at most 5,000.")
    async def upsert_topics(
        self,
        info: Info,
        topics: Annotated[list[TopicInput], _ROWS],
    ) -> Upserted:
        """Tell of topics."""
        return upserted(await _tell(info, "topics", lines.TopicLine, topics))

    @strawberry.mutation(description="Tell of categories and what they are part of; at most 5,000.")
    async def upsert_categories(
        self,
        info: Info,
        categories: Annotated[list[TopicInput], _ROWS],
    ) -> Upserted:
        """Tell of categories."""
        return upserted(await _tell(info, "categories", lines.CategoryLine, categories))

    @strawberry.mutation(
        description="Delete things, and all events about them, for good; at most 1,000 at once."
    )
    async def delete_things(
        self, info: Info, refs: Annotated[list[ThingRef], strawberry.argument(description="Which.")]
    ) -> Deleted:
        """Delete things."""
        named = [next(iter(cast("dict[str, str]", plain(ref)).items())) for ref in refs]
        doomed = [(ThingKind[kind.upper()].value, key) for kind, key in named]
        return await _delete(info, "refs", doomed)

    @strawberry.mutation(
        description=(
            "Delete contacts, and all that they did, for good; at most 1,000 at once. They leave "
            "their segments, and the log keeps that they did."
        )
    )
    async def delete_contacts(
        self, info: Info, keys: Annotated[list[str], strawberry.argument(description="Which.")]
    ) -> Deleted:
        """Delete contacts."""
        return await _delete(info, "keys", [(CONTACT, key) for key in keys])

    @strawberry.mutation(
        description="Save a segment under its key; an equal definition makes no new revision."
    )
    async def save_segment(
        self,
        info: Info,
        segment: Annotated[
            SegmentInput, strawberry.argument(description="The segment, and what it is to say.")
        ],
    ) -> SavedSegment:
        """Save a segment."""
        line = converted(lines.SegmentLine, plain(segment))
        try:
            with errors.under("segment"):
                return saved_segment(await info.context.segmentation.save_segment(line))
        except errors.BadInput as error:
            return not_saved(error)

    @strawberry.mutation(
        description="Archive a segment that no other uses; saving it again brings it back."
    )
    async def archive_segment(
        self,
        info: Info,
        key: Annotated[str, strawberry.argument(description="The user's own identifier.")],
    ) -> ArchivedSegment:
        """Archive a segment."""
        try:
            return saved_segment(await info.context.segmentation.archive_segment(key))
        except errors.SegmentInUse as error:
            users = await info.context.reading.using(key)
            return in_use(error, users)
        except errors.SegmentNotFound as error:
            return not_found(error)


async def _delete(info: Info, argument: str, doomed: Sequence[tuple[str, str]]) -> Deleted:
    if len(doomed) > MOST_DELETED:
        raise errors.TooMuch(
            f"{len(doomed)} keys at once; at most {MOST_DELETED}: send them in turns", argument
        )
    return deleted(await info.context.segmentation.delete(doomed))


async def _tell(info: Info, argument: str, kind: type[lines.Line], given: Sequence[object]) -> Told:
    if len(given) > MOST:
        raise errors.TooMuch(
            f"{len(given)} rows at once; at most {MOST}: send them in turns, or to POST /import",
            argument,
        )
    rows = [converted(kind, plain(each)) for each in given]
    return await info.context.segmentation.tell(rows)
