"""What one may listen to.

Those who listen alike are served by one execution. So each subscription is executed in phases: what
one of them has missed, or asks for first, is opened for it alone; then all hear the same.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator, Sequence
from typing import Annotated, TypeAlias, TypeVar, cast

import strawberry
from strawberry.types import Info as StrawberryInfo

from graph import errors
from graph.feed import Batch, Wanted
from graph.following import check_contact, check_segments, followed, live, size, sizes
from graph.place import LogPlace, log_place, place_of
from graph.snapshot import pages, settled
from schema.changes import SizePoint, change, size_point
from schema.context import Listening, Phase, Stream
from schema.streams import SegmentChange, resync, snapshot_page

Info: TypeAlias = StrawberryInfo[Listening, None]
Heard: TypeAlias = AsyncGenerator[SegmentChange]

_T = TypeVar("_T")
SLOW = "Too much was waiting for you to read it"
QUIETLY = "The definition was edited, and changes by that were not announced"


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
        return await _of_segments(info.context, [segment], "segment", after, first=bool(snapshot))

    @strawberry.subscription(
        description="How many are in a segment: now, and whenever somebody came or left."
    )
    async def segment_size(
        self,
        info: Info,
        segment: Annotated[str, strawberry.argument(description="The key of a saved segment.")],
    ) -> AsyncGenerator[SizePoint]:
        """Return a segment's sizes."""
        context, stream = info.context, info.context.stream
        over = await check_segments(
            context.reading, [segment], "segment", known=stream.at is not None
        )
        if over is not None:
            stream.ended = stream.phase is Phase.OPENING
        elif stream.phase is Phase.OPENING:
            await live(context.segmentation, segment)
            await stream.opened()
        return _sure(stream, _sizes(context, segment, over))

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
        if segments is None:
            return await _heard(info.context, Wanted(), after)
        return await _of_segments(info.context, segments, "segments", after)

    @strawberry.subscription(description="The segments that a contact comes into and leaves.")
    async def contact_changes(
        self,
        info: Info,
        contact: Annotated[str, strawberry.argument(description="The contact's key.")],
        after: Annotated[str | None, _AFTER] = None,
    ) -> Heard:
        """Return changes of a contact."""
        if info.context.stream.phase is not Phase.LAGGING:
            known = _known(info.context.stream, after)
            await check_contact(info.context.reading, contact, known=known)
        return await _heard(info.context, Wanted(contact=contact), after)


def _known(stream: Stream, after: str | None) -> bool:
    """Tell whether what is listened to was there before: it may have ended since."""
    return after is not None or stream.after is not None or stream.at is not None


async def _of_segments(
    context: Listening,
    keys: Sequence[str],
    argument: str,
    after: str | None,
    *,
    first: bool = False,
) -> Heard:
    """Return what is heard of segments; `first` where the members of the one come first."""
    stream, wanted = context.stream, Wanted(frozenset(keys))
    if stream.phase is Phase.LAGGING:
        return await _heard(context, wanted, after)
    known = _known(stream, after)
    over = await check_segments(context.reading, keys, argument, known=known)
    if first and not known:
        await live(context.segmentation, keys[0])
        await stream.opened()
        return _sure(stream, _members(context, keys[0]))
    return await _heard(context, wanted, after, over, every=first)


async def _heard(
    context: Listening,
    wanted: Wanted,
    after: str | None,
    over: str | None = None,
    *,
    every: bool = False,
) -> Heard:
    """Return what is heard in this phase.

    `over` is why nothing more comes after what was missed; with `every` no change may be left out,
    as of members that one has.
    """
    stream = context.stream
    if stream.phase is Phase.LAGGING:
        return _resync(context, cast("int", stream.at), SLOW)
    if stream.phase is Phase.LIVE:
        batches = followed(context.segmentation, cast("int", stream.at), wanted)
        return _sure(stream, _live(context, batches, every=every))
    told = stream.after or after
    came = None if told is None else place_of(told)
    upto = await stream.opened()
    if stream.at is None:
        stream.at = upto if came is None else came.sequence
    elif came is not None and stream.at > came.sequence:
        came = None  # it was found to be of this log
    missed = _missed(context, wanted, upto, came, every=every)
    return _sure(stream, _ending(context, missed, over))


async def _sure(stream: Stream, heard: AsyncGenerator[_T]) -> AsyncGenerator[_T]:
    """Yield what is heard, and note where that cannot go on."""
    try:
        async with contextlib.aclosing(heard):
            async for event in heard:
                yield event
    except Exception:
        stream.failed = stream.ended = True
        raise


async def _live(context: Listening, batches: AsyncGenerator[Batch], *, every: bool) -> Heard:
    """Yield the changes that all hear; where they end, each is to look why from where it is."""
    with contextlib.suppress(errors.NoLongerKept):
        async for event in _noted(context, batches, every=every):
            yield event
    context.stream.failed = True


async def _ending(context: Listening, missed: Heard, over: str | None) -> Heard:
    """Yield what was missed, and then, where nothing more comes, why."""
    stream = context.stream
    async for event in missed:
        yield event
    if over is not None and not stream.ended:
        async for event in _resync(context, cast("int", stream.at), over):
            yield event


async def _missed(
    context: Listening, wanted: Wanted, upto: int, came: LogPlace | None, *, every: bool
) -> Heard:
    """Yield the changes that came before those that all hear; `came` is a place to be checked."""
    feed, stream = context.segmentation.feed, context.stream
    try:
        if came is not None:
            await feed.check(came)
        batches = feed.between(cast("int", stream.at), upto, wanted)
        async for event in _noted(context, batches, every=every):
            yield event
        if stream.quiet:
            async for event in _passed_over(context, wanted):
                yield event
    except errors.NoLongerKept as error:
        async for event in _resync(context, await feed.begins(), error.message):
            yield event


async def _passed_over(context: Listening, wanted: Wanted) -> Heard:
    """Yield that one has to begin anew, after all that is left out by the edit that goes on."""
    feed = context.segmentation.feed
    for segment in wanted.segments or ():
        with contextlib.suppress(errors.BadInput):  # it is archived, or failed
            await live(context.segmentation, segment)
    upto = await feed.latest()
    batches = feed.between(cast("int", context.stream.at), upto, wanted)
    async for event in _noted(context, batches, every=True):
        yield event
    async for event in _resync(context, upto, QUIETLY):
        yield event


async def _noted(context: Listening, batches: AsyncGenerator[Batch], *, every: bool) -> Heard:
    """Yield changes, and note how far the stream is, and whether one was left out.

    What all hear ends there: each is to see for itself.
    """
    stream = context.stream
    async with contextlib.aclosing(batches):
        async for batch in batches:
            for each in batch.changes:
                if each.announced:
                    context.renew()
                    stream.place = each.place
                    yield change(each.place.cursor, each)
                elif every:
                    stream.quiet = True
                    if stream.phase is Phase.LIVE:
                        return
            stream.at = batch.upto


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
                    stream.place, stream.page = found.place, False
                yield snapshot_page(found.place, page.members, complete=page.complete)
    except errors.NoLongerKept as error:
        begins = await segmentation.feed.begins()
        async for event in _resync(context, begins, error.message):
            yield event


async def _resync(context: Listening, sequence: int, reason: str) -> Heard:
    """Yield that one has to begin anew, and end."""
    place = await log_place(context.segmentation.database, sequence)
    context.stream.place, context.stream.ended, context.stream.page = place, True, False
    yield resync(place, reason)


async def _sizes(context: Listening, segment: str, over: str | None) -> AsyncGenerator[SizePoint]:
    """Yield the size now, or all to come; nothing where it is `over`."""
    stream = context.stream
    if stream.phase is Phase.OPENING and over is None:
        stream.place, point = await size(context.segmentation, segment)
        yield size_point(point)
    if stream.phase is Phase.LIVE:
        found = sizes(context.segmentation, segment, cast("int", stream.at))
        async with contextlib.aclosing(found):
            async for stream.place, point in found:
                yield size_point(point)
        stream.failed = True
