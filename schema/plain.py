"""An input as the JSON that was sent."""

from __future__ import annotations

from enum import Enum
from typing import cast

import strawberry
from strawberry.types.base import get_object_definition
from strawberry.utils.str_converters import to_camel_case


def plain(value: object) -> object:
    """Return an input as JSON in its own shape; what was not given is left out."""
    if isinstance(value, list):
        return [plain(each) for each in cast("list[object]", value)]
    if isinstance(value, Enum):
        return value.name
    definition = get_object_definition(value)
    if definition is None:
        return value
    return {
        field.graphql_name or to_camel_case(field.python_name): plain(given)
        for field in definition.fields
        if (given := getattr(value, field.python_name)) is not strawberry.UNSET
    }
