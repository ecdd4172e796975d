"""The GraphQL inputs of the segment language, made from its dataclasses."""

from __future__ import annotations

import dataclasses
import keyword
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, cast

import strawberry

import graph.conditions
from graph.conditions import shape
from schema import scalars
from schema.enums import enum_of

if TYPE_CHECKING:
    from collections.abc import Iterator


__all__ = ["Condition", "scalars"]

_SCALARS: dict[object, str] = {
    str: "str",
    int: "int",
    float: "float",
    bool: "bool",
    shape.Value: "scalars.Value",
    shape.Duration: "scalars.Duration",
    shape.Instant: "scalars.DateTime",
}

_begun: set[str] = set()
"""Names of the inputs that are made or in the making; conditions hold conditions."""


@dataclass(frozen=True, slots=True)
class _Field:
    """A field of an input: its hint is a text that this module can read."""

    name: str
    hint: str
    doc: str
    default: object

    @property
    def attribute(self) -> str:
        """The name in Python, where `from` and `in` are taken."""
        return f"{self.name}_" if keyword.iskeyword(self.name) else self.name


def _made(cls: type[object]) -> str:
    """Make the input of a dataclass, a choice or an enum, and of all in it; return its name."""
    source = _source(cls)
    name = source.__name__
    if name in _begun:
        return name
    _begun.add(name)
    doc = shape.summary(source)
    if issubclass(source, StrEnum):
        globals()[name] = enum_of(source)
        return name
    one_of = shape.is_choice(source)
    fields = list(_choices(cast("type[shape.OneOf]", source)) if one_of else _fields(source))
    body: dict[str, object] = {
        each.attribute: strawberry.field(name=each.name, description=each.doc, default=each.default)
        for each in fields
    }
    body |= {
        "__module__": __name__,
        "__annotations__": {each.attribute: each.hint for each in fields},
    }
    made = type(name, (), body)
    globals()[name] = strawberry.input(made, name=name, description=doc, one_of=one_of)
    return name


def _source(cls: type[object]) -> type[object]:
    """Return the class that an input stands for: of choices that share one, the shared."""
    shared = cls.outside if issubclass(cls, shape.OneOf) else None
    return next((base for base in cls.__mro__ if base.__name__ == shared), cls)


def _choices(union: type[shape.OneOf]) -> Iterator[_Field]:
    for word, cls in union.choices.items():
        doc = shape.summary(cls)
        if cls.inline:
            (field,) = shape.fields(cls)
            yield _Field(word, f"{_hint(field)} | None", doc, strawberry.UNSET)
        else:
            yield _Field(word, f"{_made(cls)} | None", doc, strawberry.UNSET)


def _fields(cls: type[object]) -> Iterator[_Field]:
    for field in shape.fields(cls):
        hint = _hint(field)
        if field.default is dataclasses.MISSING:
            yield _Field(field.outside, hint, field.doc, dataclasses.MISSING)
        else:
            default = strawberry.UNSET if field.default is None else field.default
            yield _Field(field.outside, f"{hint} | None", field.doc, default)


def _hint(field: shape.Field) -> str:
    single = _SCALARS.get(field.hint) or _made(cast("type[object]", field.hint))
    return f"list[{single}]" if field.listed else single


if TYPE_CHECKING:

    class Condition:
        """The input of every segment query."""

else:
    Condition = globals()[_made(graph.conditions.Condition)]
