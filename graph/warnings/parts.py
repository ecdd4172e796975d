"""A condition and all that stands in it, each part with its path in the input."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final, cast

from graph.conditions import shape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graph.conditions import Condition
    from graph.errors import Path

_ACCOUNTS: Final = (("traits",), ("account",))
"""Fields whose traits are those of accounts."""


def parts(condition: Condition) -> Iterator[tuple[Path, object]]:
    """Yield a condition and every part of it, each with its path, outer ones first."""
    yield from _parts(condition, (shape.word_of(condition),))


def fields(value: object, path: Path) -> Iterator[tuple[shape.Field, Path, object]]:
    """Yield all that the fields of a part hold, each element of a list by itself, with its path."""
    for field in shape.fields(type(value)):
        inner = getattr(value, field.name)
        here = path
        if not (isinstance(value, shape.OneOf) and value.inline):
            here = (*path, field.outside)
        if not field.listed:
            yield field, here, inner
            continue
        for index, each in enumerate(cast("tuple[object, ...] | None", inner) or ()):
            yield field, (*here, index), each


def of_account(path: Path) -> bool:
    """Tell whether a trait at a path is one of an account, of whose traits no register is kept."""
    return path[-2:-1] in _ACCOUNTS


def same(left: object, right: object) -> bool:
    """Tell whether two parts say the same: equal, and 1 is neither true nor 1.0."""
    return left == right and repr(left) == repr(right)


def _parts(value: object, path: Path) -> Iterator[tuple[Path, object]]:
    yield path, value
    for field, place, each in fields(value, path):
        if dataclasses.is_dataclass(each):
            yield from _parts(each, (*place, *_word(field.hint, each)))


def _word(hint: object, value: object) -> Path:
    """Return the word under which a choice stands; where there is no choice, there is none."""
    if isinstance(value, shape.OneOf) and shape.is_choice(cast("type[object]", hint)):
        return (shape.word_of(value),)
    return ()
