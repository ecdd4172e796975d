"""Saved segments: their definitions and revisions, and which of them use which."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from graph import conditions, errors
from graph.conditions import Condition, shape
from graph.conditions.codec import DEPTH, LEAVES
from graph.conditions.in_segment import InSegment
from graph.errors import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from graph.database import Database

READ: Final = """
MATCH (segment:Segment)
RETURN properties(segment) AS segment
"""
REVISIONS: Final = """
MATCH (:Segment {key: $key})-[:REVISED_TO]->(revision:Revision)
RETURN revision.revision AS revision, revision.definition AS definition, revision.at AS at
ORDER BY revision DESC
"""


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved segment: its current revision, and when that was saved."""

    key: str
    name: str
    description: str | None
    definition: Condition
    revision: int
    at: int
    archived: bool = False


@dataclass(frozen=True, slots=True)
class Revision:
    """A definition that a segment has or had."""

    revision: int
    definition: Condition
    at: int


Catalogue = dict[str, Saved]
"""All saved segments by key, archived ones too."""


class Cycle(errors.BadInput):
    """The definition would use itself."""

    code = "SEGMENT_CYCLE"

    def __init__(self, message: str, *path: str | int, code: str | None = None) -> None:
        super().__init__(message, *path, code=code)
        self.cycle: tuple[str, ...] = ()


def uses(condition: Condition) -> frozenset[str]:
    """Return the keys of the segments that a definition names itself."""
    return frozenset(part.key for _, part in references(condition))


def references(value: object, path: errors.Path = ()) -> Iterator[tuple[errors.Path, InSegment]]:
    """Yield each reference to a segment in a condition, with its path."""
    if isinstance(value, tuple):
        for index, each in enumerate(cast("tuple[object, ...]", value)):
            yield from references(each, (*path, index))
        return
    if not dataclasses.is_dataclass(value):
        return
    if isinstance(value, shape.OneOf) and type(value).choices:
        path = (*path, shape.word_of(value))
    if isinstance(value, InSegment):
        yield path, value
    inline = isinstance(value, shape.OneOf) and value.inline
    for field in shape.fields(type(value)):
        inner = path if inline else (*path, field.outside)
        yield from references(getattr(value, field.name), inner)


def used_by(catalogue: Mapping[str, Saved], key: str) -> list[str]:
    """Return the keys of the segments whose current definition names this one."""
    return sorted(
        each.key
        for each in catalogue.values()
        if not each.archived and key in uses(each.definition)
    )


def definitions(catalogue: Mapping[str, Saved]) -> dict[str, Condition]:
    """Return the current definition of each segment that is not archived."""
    return {each.key: each.definition for each in catalogue.values() if not each.archived}


def check(key: str | None, condition: Condition, catalogue: Mapping[str, Saved]) -> None:
    """Refuse a definition that names an unknown segment, itself, or too much.

    `key` is the segment that is to have it; None for one that is only asked.

    Raises:
        Cycle: it would use itself; `cycle` are the keys on the way round.
        BadInput: at the path of an unknown segment, or of what is too large.
    """
    known = definitions(catalogue)
    for path, reference in references(condition):
        if reference.key != key and reference.key not in known:
            raise errors.BadInput(
                f"There is no segment {shown(reference.key)}", *path, "key", code="UNKNOWN_SEGMENT"
            )
        cycle = None if key is None else _way(reference.key, key, known)
        if cycle is not None:
            round_ = (cast("str", key), *cycle)
            found = Cycle(
                f"The segment would use itself: {' uses '.join(map(shown, round_))}", *path, "key"
            )
            found.cycle = round_
            raise found
    _check_size(condition, known)


def _way(start: str, end: str, known: Mapping[str, Condition]) -> tuple[str, ...] | None:
    """Return the keys on a way from one segment to another by what each uses."""
    if start == end:
        return (end,)
    for each in sorted(uses(known[start])) if start in known else ():
        rest = _way(each, end, known)
        if rest is not None:
            return (start, *rest)
    return None


def _check_size(condition: Condition, known: Mapping[str, Condition]) -> None:
    leaves, depth = _written_out(condition, known)
    if leaves > LEAVES:
        raise errors.BadInput(
            f"With the segments it uses written out it has {leaves} leaves; at most {LEAVES}"
        )
    if depth > DEPTH:
        raise errors.BadInput(
            f"With the segments it uses written out it nests {depth} deep; at most {DEPTH}"
        )


def _written_out(condition: Condition, known: Mapping[str, Condition]) -> tuple[int, int]:
    """Return leaves and depth of a definition with those it names in their places."""
    if isinstance(condition, InSegment):
        return _written_out(known[condition.key], known)
    inner = [_written_out(each, known) for each in conditions_in(condition)]
    return (
        int(condition.leaf) + sum(leaves for leaves, _ in inner),
        1 + max((depth for _, depth in inner), default=0),
    )


def conditions_in(value: object) -> Iterator[Condition]:
    """Yield the conditions that a condition, or a part of one, is made of."""
    for field, each in _fields(value):
        if field.hint is Condition and isinstance(each, Condition):
            yield each
        elif dataclasses.is_dataclass(each):
            yield from conditions_in(each)


def parts(value: object) -> Iterator[object]:
    """Yield what stands right inside of a condition or of a part of one."""
    return (each for _, each in _fields(value) if dataclasses.is_dataclass(each))


def _fields(value: object) -> Iterator[tuple[shape.Field, object]]:
    for field in shape.fields(type(value)):
        inner = getattr(value, field.name)
        for each in cast("tuple[object, ...]", inner) if field.listed and inner else (inner,):
            yield field, each


async def read_catalogue(database: Database) -> Catalogue:
    """Return all saved segments as they lie in the graph."""
    found: Catalogue = {}
    for row in await database.read(READ):
        segment = cast("Mapping[str, object]", row["segment"])
        key = cast("str", segment["key"])
        found[key] = Saved(
            key=key,
            name=cast("str", segment["name"]),
            description=cast("str | None", segment.get("description")),
            definition=conditions.read(json.loads(cast("str", segment["definition"]))),
            revision=cast("int", segment["revision"]),
            at=cast("int", segment["at"]),
            archived=bool(segment.get("archived", False)),
        )
    return found


async def read_revisions(database: Database, key: str) -> list[Revision]:
    """Return all revisions of a segment, the newest first."""
    return [
        Revision(row["revision"], conditions.read(json.loads(row["definition"])), row["at"])
        for row in await database.read(REVISIONS, key=key)
    ]
