"""Saved segments: their definitions and revisions, and which of them use which."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final, cast

from graph import errors
from graph.conditions import Condition
from graph.conditions.codec import VERSION, unpacked
from graph.cursor import cursor, position
from graph.errors import shown
from graph.references import check_size, references, uses

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from graph.database import Reader

READ: Final = """
MATCH (segment:Segment)
RETURN properties(segment) AS segment
"""
REVISIONS: Final = """
MATCH (:Segment {key: $key})-[:REVISED_TO]->(revision:Revision)
RETURN properties(revision) AS revision
ORDER BY revision.revision DESC LIMIT $limit
"""
REVISIONS_SHOWN: Final = 500


class SegmentStatus(StrEnum):
    """Whether a segment is in use, and its members are kept.

    Attributes:
        BUILDING: Its definition is new; its members are asked for until they are all kept.
        LIVE: Its members are kept up to date at each instant.
        FAILED: Its members cannot be kept, for a reason; they are asked for.
        ARCHIVED: It is kept, but no definition may use it and no list shows it unasked.
    """

    BUILDING = "BUILDING"
    LIVE = "LIVE"
    FAILED = "FAILED"
    ARCHIVED = "ARCHIVED"


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved segment: its current definition in canonical form, and when that was saved.

    `uses` are the keys of the segments that the definition names. It is `filled` up to a contact's
    key, `done` contacts in all, None where all its members are kept; `first` for the first time.
    `failure` is why they cannot be kept. Changes of its filling are `announced` or not. Where its
    members are not kept, `kept_until` is the last instant at which they were.
    """

    key: str
    name: str
    description: str | None
    definition: Condition
    revision: int
    at: int
    archived: bool = False
    uses: frozenset[str] = frozenset()
    filled: str | None = ""
    done: int = 0
    first: bool = True
    failure: str | None = None
    announced: bool = False
    kept_until: int | None = None

    @property
    def status(self) -> SegmentStatus:
        """Whether it is in use, and its members are kept."""
        if self.archived:
            return SegmentStatus.ARCHIVED
        if self.failure is not None:
            return SegmentStatus.FAILED
        return SegmentStatus.LIVE if self.filled is None else SegmentStatus.BUILDING

    def recorded(self, now: int) -> int | None:
        """Return the last instant of which it is kept who was in it; None where there is none."""
        if self.status is SegmentStatus.LIVE:
            return now
        return self.kept_until

    def emptied(self, at: int, *, announced: bool) -> Saved:
        """Return it to be filled anew from an instant on."""
        until = self.recorded(at - 1)
        return replace(self, filled="", done=0, failure=None, announced=announced, kept_until=until)


@dataclass(frozen=True, slots=True)
class Revision:
    """A definition that a segment has or had."""

    revision: int
    definition: Condition
    at: int


@dataclass(frozen=True, slots=True)
class SegmentSlice:
    """A page of saved segments: each with its cursor."""

    items: Sequence[tuple[str, Saved]]
    more: bool


Catalogue = dict[str, Saved]
"""All saved segments by key, archived ones too."""


def listed(
    catalogue: Catalogue, first: int, after: str | None, search: str | None, *, archived: bool
) -> SegmentSlice:
    """Return a page of the segments whose key, name or description holds a text, by key.

    Raises:
        InvalidCursor: `after` is a cursor of another list.
    """
    of = ["segments", search, archived]
    start = "" if after is None else cast("str", position(of, after, [str])[0])
    asked = (search or "").casefold()
    found = [
        catalogue[key]
        for key in sorted(catalogue)
        if key > start
        and (archived or not catalogue[key].archived)
        and asked in _searched(catalogue[key])
    ]
    page = [(cursor(of, [each.key]), each) for each in found[:first]]
    return SegmentSlice(page, len(found) > first)


def _searched(saved: Saved) -> str:
    return "\n".join((saved.key, saved.name, saved.description or "")).casefold()


def used_by(catalogue: Mapping[str, Saved], key: str) -> list[str]:
    """Return the keys of the segments, archived ones aside, whose definition names this one."""
    return sorted(each.key for each in catalogue.values() if key in each.uses and not each.archived)


def in_order(catalogue: Catalogue) -> list[Saved]:
    """Return all segments by key, each after those that it uses."""
    found: dict[str, Saved] = {}

    def take(key: str) -> None:
        if key not in found:
            for each in sorted(catalogue[key].uses):
                take(each)
            found[key] = catalogue[key]

    for key in sorted(catalogue):
        take(key)
    return list(found.values())


def definitions(catalogue: Mapping[str, Saved], *, archived: bool = False) -> dict[str, Condition]:
    """Return the current definition of each segment; of those that are archived where asked."""
    return {
        each.key: each.definition for each in catalogue.values() if archived or not each.archived
    }


def check(
    key: str | None,
    condition: Condition,
    catalogue: Mapping[str, Saved],
    *,
    archived: bool = False,
) -> None:
    """Refuse a definition that names an unknown segment, itself, or too much.

    `key` is the segment that is to have it; None for one that is only asked. One that is
    `archived` may name others that are.

    Raises:
        SegmentCycle: it would use itself.
        BadInput: at the path of an unknown segment, or of what is too large.
    """
    known = definitions(catalogue, archived=archived)
    for path, reference in references(condition):
        if reference.key != key and reference.key not in known:
            raise unknown(reference.key, catalogue, *path, "key")
        cycle = None if key is None else _way(reference.key, key, catalogue)
        if cycle is not None:
            raise errors.SegmentCycle((cast("str", key), *cycle), *path, "key")
    check_size(condition, known)
    if key is not None:
        after = {**known, key: condition}
        for user in users(key, catalogue):
            check_size(after[user], after, user)


def missing(key: str, known: Collection[str]) -> str:
    """Return that there is no segment of a key, and which one may be meant or where they are."""
    found = difflib.get_close_matches(key, known, 3)
    way = (
        f"did you mean {' or '.join(map(shown, found))}?"
        if found
        else "`segments` lists those that there are, and `saveSegment` saves one"
    )
    return f"There is no segment {shown(key)}; {way}"


def unknown(key: str, catalogue: Mapping[str, Saved], *path: str | int) -> errors.BadInput:
    """Return why a segment cannot be named at a path: it is archived, or there is none."""
    if key in catalogue and catalogue[key].archived:
        message = f"The segment {shown(key)} is archived; save it again to use it"
    else:
        message = missing(key, definitions(catalogue))
    return errors.BadInput(message, *path, code="UNKNOWN_SEGMENT")


def _way(start: str, end: str, catalogue: Mapping[str, Saved]) -> tuple[str, ...] | None:
    """Return the keys on a way from one segment to another by what each uses."""
    if start == end:
        return (end,)
    for each in sorted(catalogue[start].uses):
        rest = _way(each, end, catalogue)
        if rest is not None:
            return (start, *rest)
    return None


def users(key: str, catalogue: Mapping[str, Saved]) -> list[str]:
    """Return the keys of those that use a segment, be it through others."""
    found: dict[str, None] = {}
    waiting = [key]
    while waiting:
        new = [each for each in used_by(catalogue, waiting.pop()) if each not in found]
        found.update(dict.fromkeys(new))
        waiting += new
    return list(found)


async def read_catalogue(database: Reader) -> Catalogue:
    """Return all saved segments as they lie in the graph.

    Raises:
        GraphTooNew: a definition is in a form that only a newer version can read.
    """
    found: Catalogue = {}
    for row in await database.read(READ):
        segment = cast("Mapping[str, object]", row["segment"])
        key = cast("str", segment["key"])
        definition = _definition(key, segment)
        found[key] = Saved(
            key=key,
            name=cast("str", segment["name"]),
            description=cast("str | None", segment.get("description")),
            definition=definition,
            revision=cast("int", segment["revision"]),
            at=cast("int", segment["at"]),
            archived=bool(segment.get("archived", False)),
            uses=uses(definition),
            filled=cast("str | None", segment.get("filled")),
            done=cast("int", segment.get("done", 0)),
            first=bool(segment.get("first", False)),
            failure=cast("str | None", segment.get("failure")),
            announced=bool(segment.get("announced", False)),
            kept_until=cast("int | None", segment.get("kept_until")),
        )
    return found


async def read_revisions(database: Reader, key: str) -> list[Revision]:
    """Return the revisions of a segment, the newest first, as many as are shown."""
    rows = await database.read(REVISIONS, key=key, limit=REVISIONS_SHOWN)
    found = [cast("Mapping[str, object]", row["revision"]) for row in rows]
    return [
        Revision(cast("int", each["revision"]), _definition(key, each), cast("int", each["at"]))
        for each in found
    ]


def _definition(key: str, kept: Mapping[str, object]) -> Condition:
    form = cast("int", kept["form"])
    if form > VERSION:
        raise errors.GraphTooNew(
            f"The segment {shown(key)} was saved by a newer version, in form {form}; this one "
            f"reads up to form {VERSION}: run the newer version"
        )
    try:
        return unpacked(cast("str", kept["definition"]))
    except (errors.BadInput, ValueError) as error:
        raise errors.Fault(f"The definition of {shown(key)} cannot be read: {error}") from error
