"""The log of changes: who came into a segment or left it, when, and by what; in one order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from operator import attrgetter
from typing import TYPE_CHECKING, Final, cast

from msgspec import Struct, structs

from graph import errors, times
from graph.conditions.window import BEGINNING
from graph.place import LogPlace, foreign, place_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from graph.database import Reader

OF_SEGMENT: Final = """
MATCH (change:Change)
WHERE change.segment = $key AND change.sequence > $after
WITH change ORDER BY change.segment, change.sequence LIMIT $limit
RETURN properties(change) AS change
ORDER BY change.sequence
"""


class Cause(StrEnum):
    """Why somebody came into a segment or left it.

    Attributes:
        EVENT: An event of the contact, or of one that the definition looks at, was told.
        TIME: Nothing was told; a window opened or closed.
        TRAIT: A trait or an account of the contact, or of one that the definition looks at, was
            told.
        CONSENT: The contact, or one that the definition looks at, decided on a purpose.
        CATALOGUE: A thing, a topic, a category or an account was told.
        DEFINITION: The segment's definition, or one that it uses, was changed, or it was filled
            anew.
        BACKFILL: The segment was new, and was filled with those who met it already.
        DELETION: The contact, or a thing or contact that the definition looks at, was deleted.
        REPAIR: It was found not to be as the definition says, and was set right.
    """

    EVENT = "EVENT"
    TIME = "TIME"
    TRAIT = "TRAIT"
    CONSENT = "CONSENT"
    CATALOGUE = "CATALOGUE"
    DEFINITION = "DEFINITION"
    BACKFILL = "BACKFILL"
    DELETION = "DELETION"
    REPAIR = "REPAIR"


class Change(Struct, frozen=True):
    """A contact came into a segment, or left it.

    `effective_at` is the instant from which it is so, `detected_at` the one of the commit;
    `sequence` numbers all changes without a gap. `revision` is the definition's.
    """

    sequence: int
    segment: str
    revision: int
    contact: str
    entered: bool
    effective_at: int
    detected_at: int
    cause: Cause
    announced: bool = True

    @property
    def place(self) -> LogPlace:
        """The place in the log after it."""
        return LogPlace(self.sequence, self.detected_at)

    def row(self) -> Mapping[str, object]:
        """Return the properties that are kept of it."""
        return structs.asdict(self) | {"cause": self.cause.value}


WINDOW: Final = """
MATCH (change:Change)
WHERE change.sequence > $after AND change.sequence <= $upto
RETURN count(change) AS number, collect(
  CASE WHEN ($lists.segments IS NULL OR change.segment IN $lists.segments)
    AND ($contact IS NULL OR change.contact = $contact)
  THEN properties(change) END
) AS changes
"""
OF_FEW: Final = """
CALL () {
  UNWIND $lists.segments AS segment
  CALL (segment) {
    MATCH (change:Change) USING INDEX SEEK change:Change(segment, sequence)
    WHERE change.segment = segment AND change.sequence > $after AND change.sequence <= $upto
    RETURN change ORDER BY change.segment, change.sequence LIMIT $limit
  }
  WITH change ORDER BY change.sequence LIMIT $limit
  RETURN collect(properties(change)) AS changes
}
WITH changes, CASE size(changes) WHEN $limit THEN changes[-1].sequence ELSE $upto END AS last
CALL (last) {
  MATCH (change:Change)
  WHERE change.sequence > $after AND change.sequence <= last
  RETURN count(change) AS number
}
RETURN changes, last, number
"""
"""Each of the segments by an index; of all others it is only counted that they are there."""
KEPT: Final = """
MATCH (owner:Owner {shard: 0})
RETURN owner.log_from AS sequence, owner.log_since AS since
"""
SIZE: Final = """
MATCH (segment:Segment {key: $key})
RETURN coalesce(segment.size, 0) AS size
"""
TURNS: Final = """
MATCH (change:Change)
WHERE change.segment = $key AND change.sequence > 0 AND change.effective_at > $since
RETURN CASE WHEN change.effective_at <= $until
         THEN (change.effective_at - $since - 1) / $step + 1
       END AS point, change.entered AS entered, count(*) AS number
"""
"""Who came and left, by the point up to which they did; null after the last one."""
MOST_POINTS: Final = 1000


@dataclass(frozen=True, slots=True)
class SizePoint:
    """How many were in a segment at an instant, and came and left since the point before."""

    at: int
    members: int
    entered: int
    left: int


@dataclass(frozen=True, slots=True)
class ChangeSlice:
    """A page of the log: each change with its cursor."""

    items: Sequence[tuple[str, Change]]
    more: bool


async def of_segment(database: Reader, key: str, first: int, after: str | None) -> ChangeSlice:
    """Return a page of a segment's changes, the oldest first.

    Raises:
        InvalidCursor: `after` is a cursor of another list.
        NoLongerKept: changes that came after it are deleted, or it is a cursor of another log.
    """
    start = LogPlace(0) if after is None else place_of(after)
    if after is not None:
        await _check_cursor(database, start)
    rows = await database.read(OF_SEGMENT, key=key, after=start.sequence, limit=first + 1)
    found = [_change(row["change"]) for row in rows[:first]]
    return ChangeSlice([(each.place.cursor, each) for each in found], len(rows) > first)


async def read_window(
    database: Reader,
    after: int,
    upto: int,
    segments: Collection[str] | None = None,
    contact: str | None = None,
) -> list[Change] | None:
    """Return the changes after a number of the log up to another that are asked for, in order.

    None where not all of the log is there between the two: some of it is deleted, or a commit is
    seen in part.
    """
    asked = None if segments is None else sorted(segments)
    (row,) = await database.read(WINDOW, after=after, upto=upto, segments=asked, contact=contact)
    if row["number"] != upto - after:
        return None
    return sorted(map(_change, row["changes"]), key=attrgetter("sequence"))


async def read_next(
    database: Reader, after: int, upto: int, segments: Collection[str], limit: int
) -> tuple[list[Change], int] | None:
    """Return the next changes of a few segments after a number of the log, at most so many.

    With them comes the number up to which they are all; None where `read_window` has none.
    """
    (row,) = await database.read(
        OF_FEW, after=after, upto=upto, segments=sorted(segments), limit=limit
    )
    if row["number"] != row["last"] - after:
        return None
    return [_change(each) for each in row["changes"]], row["last"]


async def kept_since(database: Reader) -> tuple[int, int]:
    """Return the number up to which the log is deleted, 0 where it is whole, and since when not."""
    first, since = await _kept(database)
    return first - 1, since


async def sizes(
    database: Reader, key: str, since: int, until: int, step: int, last: int | None
) -> list[SizePoint]:
    """Return how large a segment was from one instant to another, at each step.

    `last` is the last instant of which that is kept, None where there is none.

    Raises:
        BadInput: there would be too many points, or the end lies before the beginning.
        NoLongerKept: the log of it is deleted.
    """
    if since > until:
        raise errors.BadInput(
            f"The end {times.instant_text(until)} lies before the beginning "
            f"{times.instant_text(since)}: exchange them",
            "until",
        )
    if (until - since) // step >= MOST_POINTS:
        raise errors.BadInput(
            f"{(until - since) // step + 1} points are too many, at most {MOST_POINTS}: take a "
            "longer step, or a shorter span",
            "step",
        )
    await check_kept(database, since, "since")
    points = range(0) if last is None else range(since, min(until, last) + 1, step)
    if not points:
        return []
    (row,) = await database.read(SIZE, key=key)
    turns = await database.read(TURNS, key=key, since=since, until=points[-1], step=step)
    moved = Counter[tuple[int | None, bool]](
        {(each["point"], each["entered"]): each["number"] for each in turns}
    )
    return _backwards(row["size"], points, moved)


async def check_kept(database: Reader, at: int, *path: str) -> None:
    """Refuse an instant of which it is no longer kept who was in a segment.

    Raises:
        NoLongerKept: it is, at a path.
    """
    _, since = await _kept(database)
    if at < since:
        raise errors.NoLongerKept(
            f"Who was in it is kept since {times.instant_text(since)}: ask for an instant from "
            "then on, or ask `audience` who met its definition at that one",
            *path,
        )


async def _check_cursor(database: Reader, place: LogPlace) -> None:
    first, since = await _kept(database)
    if place.sequence < first - 1:
        raise errors.NoLongerKept(
            f"The log is kept since {times.instant_text(since)}, and the cursor is from before: "
            "read `members` anew, and go on with `changes` without `after`, from the oldest that "
            "is kept",
            "after",
        )
    reason = await foreign(database, place)
    if reason is not None:
        raise errors.NoLongerKept(
            f"{reason}: read `members` anew, and go on with `changes` without `after`", "after"
        )


async def _kept(database: Reader) -> tuple[int, int]:
    """Return the number of the first change that is kept, and since when all are."""
    for row in await database.read(KEPT):
        if row["sequence"] is not None:
            return row["sequence"], row["since"]
    return 1, BEGINNING


def _backwards(
    size: int, points: Sequence[int], moved: Counter[tuple[int | None, bool]]
) -> list[SizePoint]:
    """Return the points, found from the size now by what came and left after each."""
    found: list[SizePoint] = []
    size += moved[None, False] - moved[None, True]
    for place in reversed(range(len(points))):
        entered, left = moved[place, True], moved[place, False]
        found.append(SizePoint(points[place], size, entered, left))
        size += left - entered
    return found[::-1]


def _change(kept: Mapping[str, object]) -> Change:
    return Change(
        sequence=cast("int", kept["sequence"]),
        segment=cast("str", kept["segment"]),
        revision=cast("int", kept["revision"]),
        contact=cast("str", kept["contact"]),
        entered=bool(kept["entered"]),
        effective_at=cast("int", kept["effective_at"]),
        detected_at=cast("int", kept["detected_at"]),
        cause=Cause(cast("str", kept["cause"])),
        announced=bool(kept["announced"]),
    )
