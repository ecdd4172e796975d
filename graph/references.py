"""Which segments a definition names, and how large it is with those written out."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, cast

from graph import errors
from graph.conditions import Condition, shape
from graph.conditions.base import Beyond
from graph.conditions.codec import BEYOND, DEPTH, FEWER, LEAVES
from graph.conditions.in_segment import InSegment
from graph.errors import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def uses(condition: Condition) -> frozenset[str]:
    """Return the keys of the segments that a definition names itself."""
    return frozenset(part.key for _, part in references(condition))


def references(condition: Condition) -> Iterator[tuple[errors.Path, InSegment]]:
    """Yield each reference to a segment in a condition, with its path."""
    for path, part in _parts(condition):
        if isinstance(part, InSegment):
            yield path, part


def _parts(value: object, path: errors.Path = ()) -> Iterator[tuple[errors.Path, object]]:
    """Yield a condition and all that it is made of, each with its path."""
    if isinstance(value, tuple):
        for index, each in enumerate(cast("tuple[object, ...]", value)):
            yield from _parts(each, (*path, index))
        return
    if not dataclasses.is_dataclass(value):
        return
    if isinstance(value, shape.OneOf) and type(value).choices:
        path = (*path, shape.word_of(value))
    yield path, value
    inline = isinstance(value, shape.OneOf) and value.inline
    for field in shape.fields(type(value)):
        inner = path if inline else (*path, field.outside)
        yield from _parts(getattr(value, field.name), inner)


def check_size(
    condition: Condition, known: Mapping[str, Condition], user: str | None = None
) -> None:
    """Refuse a definition that is too large, or too deep, with all that it uses written out.

    `user` is the segment that has it, where it is not the one that is being saved.

    Raises:
        BadInput: it is.
    """
    what = "it" if user is None else shown(user)
    leaves, depth = _written_out(condition, known)
    if leaves > LEAVES:
        raise errors.BadInput(
            f"With the segments that are used written out {what} has {leaves} leaves; "
            f"at most {LEAVES}: {FEWER}"
        )
    if depth > DEPTH:
        raise errors.BadInput(
            f"With the segments that are used written out {what} nests {depth} deep; "
            f"at most {DEPTH}: write out those that are an `all` in an `all`, or an `any` in "
            "an `any`"
        )
    if _beyond(condition, known) > BEYOND:
        raise errors.BadInput(
            f"With the segments that are used written out {what} has conditions on other contacts "
            f"more than {BEYOND} deep in one another (`colleagues`, `popularWith`)",
            *(() if user else _outermost(condition, known)),
        )


def _beyond(value: object, known: Mapping[str, Condition]) -> int:
    """Return how deep conditions on other contacts stand in one another."""
    if isinstance(value, InSegment):
        return _beyond(known[value.key], known)
    inner = max((_beyond(each, known) for _, each in _fields(value)), default=0)
    return inner + isinstance(value, Beyond)


def _outermost(condition: Condition, known: Mapping[str, Condition]) -> errors.Path:
    """Return the path of the condition on others, or of the segment, in which they stand."""
    for path, part in _parts(condition):
        its = isinstance(part, Beyond | InSegment)
        if its and _beyond(part, known) > BEYOND:
            return path
    return ()


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


def inside(value: object) -> Iterator[object]:
    """Yield what stands right inside of a condition or of a part of one."""
    return (each for _, each in _fields(value) if dataclasses.is_dataclass(each))


def _fields(value: object) -> Iterator[tuple[shape.Field, object]]:
    if not dataclasses.is_dataclass(value):
        return
    for field in shape.fields(type(value)):
        inner = getattr(value, field.name)
        for each in cast("tuple[object, ...]", inner) if field.listed and inner else (inner,):
            yield field, each
