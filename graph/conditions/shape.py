"""How the language's dataclasses stand for GraphQL inputs and JSON.

A field named `at_least` is `atLeast` outside, `in_` is `in`. A `OneOf` is a choice: exactly one of
its `choices` is given, under its word. An `inline` choice has one field, which stands directly
under the word; any other is a map of its fields.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import operator
import re
import typing
from collections.abc import Mapping  # noqa: TC003 - the hints of `OneOf` are read
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, Final, NewType, TypeAlias, cast

from graph import times

Duration = NewType("Duration", int)
"""Milliseconds, more than none."""
Instant = NewType("Instant", int)
"""Milliseconds since 1970, UTC."""
Value: TypeAlias = bool | int | float | str | dt.datetime | dt.date
"""What a trait or property is compared with."""

_EXACT: Final = 2.0**53
"""From here on not each whole number is a double."""


class OneOf:
    """A choice of exactly one."""

    __slots__ = ()
    choices: ClassVar[Mapping[str, type[OneOf]]] = {}
    inline: ClassVar[bool] = False
    outside: ClassVar[str | None] = None
    """The name of the GraphQL input where it is not the class's own."""

    def canonical(self) -> OneOf:
        """Return the one way to say the same."""
        return settled(self)


def is_choice(cls: type[object]) -> bool:
    """Tell whether a class is a choice between others, and not one of them."""
    return issubclass(cls, OneOf) and "choices" in vars(cls)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a dataclass as seen from outside."""

    name: str
    outside: str
    hint: object
    listed: bool
    optional: bool
    default: object
    doc: str


@cache
def fields(cls: type[object]) -> tuple[Field, ...]:
    """Return the fields of a dataclass, in order, with their docs from `Attributes:`."""
    hints = typing.get_type_hints(cls)
    docs = attributes(cls)
    return tuple(
        _field(field, hints[field.name], docs.get(field.name, ""))
        for field in dataclasses.fields(cast("type[Any]", cls))
    )


def settled(value: Any) -> Any:  # noqa: ANN401 - a dataclass, given back as the same
    """Return a dataclass with its parts in their canonical form: lists in order, each once."""
    changed: dict[str, object] = {}
    for field in fields(cast("type[Any]", type(value))):
        given: Any = getattr(value, field.name)
        part = in_order(given) if field.listed and given is not None else _part(given)
        if field.hint == Value and not field.listed:
            part = plain(cast("Value", part))
        if part is not given:
            changed[field.name] = part
    return dataclasses.replace(value, **changed) if changed else value


def plain(value: Value) -> Value:
    """Return a value in one of the forms that are equal: 1 for 1.0, the date for its midnight."""
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        return int(value)
    if isinstance(value, dt.datetime):
        day, rest = divmod(times.milliseconds(value), times.DAY)
        return value if rest else times.day(day) or value
    return value


def in_order(elements: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return elements whose order and number say nothing in their canonical form."""
    parts = tuple(_part(each) for each in elements)
    if len(parts) > 1:
        parts = tuple(each for _, each in sorted({repr(each): each for each in parts}.items()))
    same = len(parts) == len(elements) and all(map(operator.is_, parts, elements))
    return elements if same else parts


def _part(value: Any) -> Any:  # noqa: ANN401 - whatever a field holds
    if isinstance(value, OneOf):
        return value.canonical()
    return settled(value) if dataclasses.is_dataclass(value) else value


def summary(cls: type[object]) -> str:
    """Return a class's docstring without its `Attributes:`."""
    return re.split(r"\n\s*Attributes:\n", cls.__doc__ or "")[0].strip()


def attributes(cls: type[object]) -> dict[str, str]:
    """Return what the docstring of a class, or of its base, says of its `Attributes:`."""
    told = (
        re.search(r"\n\s*Attributes:\n(.*)", each.__doc__ or "", re.DOTALL) for each in cls.__mro__
    )
    found = next(filter(None, told), None)
    if found is None:
        return {}
    entries = re.findall(r"^ {8}(\w+): (.*?)(?=^ {8}\w+: |\Z)", found[1], re.MULTILINE | re.DOTALL)
    return {name: " ".join(text.split()) for name, text in entries}


def outside_name(cls: type[object]) -> str:
    """Return the name of the GraphQL input."""
    return (cls.outside if issubclass(cls, OneOf) else None) or cls.__name__


def word_of(value: OneOf) -> str:
    """Return the word under which a choice stands."""
    return _word(type(value))


@cache
def _word(cls: type[OneOf]) -> str:
    for base in cls.__mro__:
        for word, choice in cast("type[OneOf]", base).__dict__.get("choices", {}).items():
            if choice is cls:
                return word
    raise TypeError(cls.__name__)


def _field(field: dataclasses.Field[object], hint: object, doc: str) -> Field:
    optional = hint != Value and type(None) in typing.get_args(hint)
    if optional:
        rest = [arg for arg in typing.get_args(hint) if arg is not type(None)]
        hint = Value if set(rest) == set(typing.get_args(Value)) else rest[0]
    listed = typing.get_origin(hint) is tuple
    if listed:
        hint = typing.get_args(hint)[0]
    outside = re.sub(r"_(\w)", lambda found: found[1].upper(), field.name.removesuffix("_"))
    return Field(field.name, outside, hint, listed, optional, field.default, doc)
