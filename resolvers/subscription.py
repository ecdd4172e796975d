"""What one may listen to.

Those who listen alike are served by one execution. So each subscription is executed in phases: what
one of them has missed, or asks for first, is opened for it alone; then all hear the same.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator
from typing import Annotated, TypeAlias, TypeVar, cast

import strawberry
from strawberry.types import Info as StrawberryInfo

from graph import errors
from graph.changes import cursor_at, place
from graph.feed import Batch, Wanted
from graph.following import check_contact, check_segments, live, size, sizes
from graph.snapshot import pages, settled
from schema.changes import SizePoint, change, size_point
from schema.context import Listening, Phase, Stream
from schema.streams import SegmentChange, resync, snapshot_page

Info: TypeAlias = StrawberryInfo[Listening, None]
Heard: TypeAlias = AsyncGenerator[SegmentChange]

_T = TypeVar("_T")
SLOW = "Too much was waiting for you to read it"

_AFTER = strawberry.argument(
    description="The cursor to go on from; from now on where absent. None of before it is repeated."
)


@strawberry.type(description="What one may listen to: by WebSocket, or as server-sent events.")
class Subscription:
    """What one may listen to."""

    @strawberry.subscription(
        description=(
            "First, where asked, the members there are; then every change in order, from the "
            "cursor on; resumes after a break without gap or double."
        )
    )
    async def segment_changes(
        self,
        info: Info,
        segment: Annotated[str, strawberry.argument(description="The key of a saved segment.")],
        after: Annotated[str | None, _AFTER] = None,
        snapshot: Annotated[  # noqa: FBT002 - Strawberry passes it by its name
            bool | None,
            strawberry.argument(
                description="Whether to begin with the members; not where a cursor is given."
            ),
        ] = False,
    ) -> Heard:
        """Return a segment's changes."""
        context = info.context
        await check_segments(context.reading, [segment], "segment")
        first = segment if snapshot else None
        return await _heard(context, Wanted(frozenset({segment})), after, first)

    @strawberry.subscription(
        description="How many are in a segment: now, and whenever somebody came or left."
    )
    async def segment_size(
        self,
        info: Info,
        segment: Annotated[str, strawberry.argument(description="The key of a saved segment.")],
    ) -> AsyncGenerator[SizePoint]:
        """Return a segment's sizes."""
        context = info.context
        await check_segments(context.reading, [segment], "segment")
        if context.stream.phase is Phase.OPENING:
            await live(context.segmentation, segment)
            await context.stream.opened()
        return _sure(context.stream, _sizes(context, segment))

    @strawberry.subscription(description="The changes of some segments, or of all, in one order.")
    async def changes(
        self,
        info: Info,
        segments: Annotated[
            list[str] | None,
            strawberry.argument(
                description="Keys of saved segments; all there are and will be where absent."
            ),
        ] = None,
        after: Annotated[str | None, _AFTER] = None,
    ) -> Heard:
        """Return changes of segments."""
        if segments is not None:
            await check_segments(info.context.reading, segments, "segments")
        wanted = Wanted(None if segments is None else frozenset(segments))
        return await _heard(info.context, wanted, after)

    @strawberry.subscription(description="The segments that a contact comes into and leaves.")
    async def contact_changes(
        self,
        info: Info,
        contact: Annotated[str, strawberry.argument(description="The contact's key.")],
        after: Annotated[str | None, _AFTER] = None,
    ) -> Heard:
        """Return changes of a contact."""
        known = after is not None or info.context.stream.after is not None
        await check_contact(info.context.reading, contact, known=known)
        return await _heard(info.context, Wanted(contact=contact), after)


async def _heard(
    context: Listening, wanted: Wanted, after: str | None, first: str | None = None
) -> Heard:
    """Return what is heard in this phase; `first` is the segment whose members come first."""
    stream = context.stream
    if stream.phase is Phase.LAGGING:
        return _resync(context, cast("int", stream.at), SLOW)
    if stream.phase is Phase.LIVE:
        batches = context.segmentation.feed.after(cast("int", stream.at), wanted)
        return _sure(stream, _noted(context, batches))
    told = stream.after or after
    if stream.at is None and told is None and first is not None:
        await live(context.segmentation, first)
        await stream.opened()
        return _sure(stream, _members(context, first))
    start = None if told is None else place(told)
    upto = await stream.opened()
    if stream.at is None:
        stream.at = upto if start is None else start
    return _sure(stream, _missed(context, wanted, stream.at, upto))


async def _sure(stream: Stream, heard: AsyncGenerator[_T]) -> AsyncGenerator[_T]:
    """Yield what is heard, and note where that cannot go on."""
    try:
        async with contextlib.aclosing(heard):
            async for event in heard:
                yield event
    except Exception:
        stream.failed = stream.ended = True
        raise


async def _missed(context: Listening, wanted: Wanted, start: int, upto: int) -> Heard:
    """Yield the changes that came before those that all hear."""
    feed = context.segmentation.feed
    if start == upto:
        return
    try:
        await feed.check(start)
    except errors.NoLongerKept as error:
        async for event in _resync(context, await feed.begins(), error.message):
            yield event
        return
    async for event in _noted(context, feed.between(start, upto, wanted)):
        yield event


async def _noted(context: Listening, batches: AsyncGenerator[Batch]) -> Heard:
    """Yield changes, and note how far the stream is."""
    stream = context.stream
    try:
        async with contextlib.aclosing(batches):
            async for batch in batches:
                for each in batch.changes:
                    if each.announced:
                        context.renew()
                        stream.at = each.sequence
                        yield change(cursor_at(each.sequence), each)
                stream.at = batch.upto
    except errors.NoLongerKept as error:
        begins = await context.segmentation.feed.begins()
        async for event in _resync(context, begins, error.message):
            yield event


async def _members(context: Listening, segment: str) -> Heard:
    """Yield the members that there are, by the page."""
    stream, segmentation = context.stream, context.segmentation
    found = await settled(segmentation.database, segment)
    stream.page = True
    read = pages(segmentation.database, segmentation.feed, segment, found.sequence)
    try:
        async with contextlib.aclosing(read):
            async for page in read:
                context.renew()
                if page.complete:
                    stream.at, stream.page = found.sequence, False
                yield snapshot_page(found.sequence, page.members, complete=page.complete)
    except errors.NoLongerKept as error:
        begins = await segmentation.feed.begins()
        async for event in _resync(context, begins, error.message):
            yield event


async def _resync(context: Listening, sequence: int, reason: str) -> Heard:
    """Yield that one has to begin anew, and end."""
    context.stream.at, context.stream.ended, context.stream.page = sequence, True, False
    yield resync(sequence, reason)


async def _sizes(context: Listening, segment: str) -> AsyncGenerator[SizePoint]:
    """Yield the size now, or all to come."""
    stream = context.stream
    if stream.phase is Phase.OPENING:
        stream.at, point = await size(context.segmentation, segment)
        yield size_point(point)
    if stream.phase is Phase.LIVE:
        found = sizes(context.segmentation, segment, cast("int", stream.at))
        async with contextlib.aclosing(found):
            async for stream.at, point in found:
                yield size_point(point)
