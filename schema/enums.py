"""GraphQL's enums, made from those of the graph: names and descriptions are theirs."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

import strawberry
from strawberry.types.enum import has_enum_definition

from graph.conditions import shape

Enum = TypeVar("Enum", bound=StrEnum)


def enum_of(cls: type[Enum]) -> type[Enum]:
    """Return an enum as GraphQL's; each value has its description of `Attributes:`."""
    made = strawberry.enum(cls, name=cls.__name__, description=shape.summary(cls))
    docs = shape.attributes(cls)
    if has_enum_definition(made):
        for value in made.__strawberry_definition__.values:
            value.description = docs[value.name]
    return made
