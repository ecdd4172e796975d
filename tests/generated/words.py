"""The words of the language, and which of them a definition says."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, cast

from graph.conditions import Condition, shape
from graph.conditions.shape import OneOf

if TYPE_CHECKING:
    from collections.abc import Iterator


def words_of(value: object) -> set[str]:
    """Return the choices and options that a definition says, each as `Did.distinct`."""
    return set(_said(value))


def _said(value: object) -> Iterator[str]:
    if isinstance(value, OneOf):
        yield type(value).__name__
    for field in shape.fields(type(value)):
        given = getattr(value, field.name)
        if given is None or (isinstance(given, bool) and given is field.default):
            continue
        yield f"{type(value).__name__}.{field.outside}"
        for each in cast("tuple[object, ...]", given if isinstance(given, tuple) else (given,)):
            if dataclasses.is_dataclass(each):
                yield from _said(each)


def every_word() -> set[str]:
    """Return all choices and options that the language has."""
    return set(_of(Condition, set()))


def words_within(cls: type[OneOf]) -> set[str]:
    """Return the choices and options of one condition, without those of others asked about."""
    return set(_of(cls, {Condition}))


def _of(cls: type[Any], seen: set[type[Any]]) -> Iterator[str]:
    if cls in seen:
        return
    seen.add(cls)
    if shape.is_choice(cls):
        for each in cls.choices.values():
            yield from _of(each, seen)
        return
    if issubclass(cls, OneOf):
        yield cls.__name__
    for field in shape.fields(cls):
        yield f"{cls.__name__}.{field.outside}"
        hint: Any = field.hint
        if dataclasses.is_dataclass(hint) or (isinstance(hint, type) and issubclass(hint, OneOf)):
            yield from _of(cast("type[Any]", hint), seen)
