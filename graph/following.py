"""Following segments: which may be followed, and how large they are as they change."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Final

from graph import errors
from graph.catalogue import SegmentStatus, unknown
from graph.changes import SizePoint
from graph.feed import Wanted
from graph.snapshot import settled

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from graph.catalogue import Catalogue
    from graph.feed import Batch
    from graph.place import LogPlace
    from graph.reading import Reading
    from graph.segmentation import Segmentation

QUIET: Final = 5.0
"""Seconds without a change after which is looked whether any can come."""
_BUILT: Final = 0.1
"""Seconds between two looks whether a segment is built."""


async def check_segments(
    reading: Reading, keys: Sequence[str], argument: str, *, known: bool = False
) -> str | None:
    """Refuse segments that nobody can follow; each is named at its place in an argument.

    Those that were `known` before may have ended since: where all of them have, returns why nothing
    more comes of them.

    Raises:
        BadInput: there is none of a key, or it is archived, or its members cannot be kept.
    """
    if not keys:
        raise errors.BadInput("It names no segment: leave it out for all of them", argument)
    catalogue = await reading.catalogue()
    over: list[str] = []
    for place, key in enumerate(keys):
        path = (argument,) if argument == "segment" else (argument, place)
        error = _ended(key, catalogue, *path)
        if error is None:
            continue
        if key not in catalogue or not known:
            raise error
        over.append(error.message)
    return over[0] if len(over) == len(keys) else None


def _ended(key: str, catalogue: Catalogue, *path: str | int) -> errors.BadInput | None:
    """Return why nothing more comes of a segment; None where more does."""
    saved = catalogue.get(key)
    if saved is None or saved.archived:
        return unknown(key, catalogue, *path)
    if saved.failure is not None:
        return errors.BadInput(
            f"The members of {errors.shown(key)} are not kept: {saved.failure}; save it again",
            *path,
            code="SEGMENT_FAILED",
        )
    return None


async def followed(
    segmentation: Segmentation, sequence: int, wanted: Wanted
) -> AsyncGenerator[Batch]:
    """Yield the changes after a number of the log as they come, until none of the segments is kept.

    What came of them just before may be left out then. A batch may be without changes.

    Raises:
        NoLongerKept: as `feed.after`.
    """
    keys = sorted(wanted.segments or ())
    async with contextlib.aclosing(segmentation.feed.after(sequence, wanted, QUIET)) as batches:
        async for batch in batches:
            yield batch
            if keys and not batch.changes:
                with contextlib.suppress(errors.GraphUnavailable, errors.GraphTooSlow):
                    catalogue = await segmentation.catalogue()
                    if all(_ended(each, catalogue) for each in keys):
                        return


async def check_contact(reading: Reading, key: str, *, known: bool) -> None:
    """Refuse a contact that there is not; where it was `known` before it may be deleted since.

    Raises:
        BadInput: there is none of this key.
    """
    with errors.under("contact"):
        try:
            found = await reading.contact(key)
        except errors.BadInput as error:
            raise errors.BadInput(error.message) from None
        if found is None and not known:
            raise errors.BadInput(
                f"There is no contact {errors.shown(key)}: the key is the one that events name"
            )


async def live(segmentation: Segmentation, key: str) -> None:
    """Wait until the members of a segment are kept.

    Raises:
        BadInput: they cannot be, or it is archived meanwhile.
    """
    while True:
        reading = segmentation.look()
        await check_segments(reading, [key], "segment")
        if (await reading.catalogue())[key].status is SegmentStatus.LIVE:
            return
        await asyncio.sleep(_BUILT)


async def size(segmentation: Segmentation, key: str) -> tuple[LogPlace, SizePoint]:
    """Return how large a segment is now, with the place after the last change before."""
    found = await settled(segmentation.database, key)
    return found.place, SizePoint(segmentation.clock.now(), found.size, 0, 0)


async def sizes(
    segmentation: Segmentation, key: str, since: int
) -> AsyncGenerator[tuple[LogPlace, SizePoint]]:
    """Yield how large a segment is whenever it changes after a number of the log, while it is kept.

    Each point comes with the place after the last change before it.
    """
    feed, wanted = segmentation.feed, Wanted(frozenset({key}))
    found = await settled(segmentation.database, key)
    members = found.size
    async for batch in feed.between(since, found.sequence, wanted):
        members -= sum(1 if each.entered else -1 for each in batch.changes)
    async with contextlib.aclosing(followed(segmentation, since, wanted)) as batches:
        async for batch in batches:
            if batch.changes:
                entered = sum(each.entered for each in batch.changes)
                left = len(batch.changes) - entered
                members += entered - left
                last = batch.changes[-1]
                yield last.place, SizePoint(last.detected_at, members, entered, left)
