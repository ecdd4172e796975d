"""Arguments as the graph takes them: inputs as the JSON that was sent, instants."""

from __future__ import annotations

from enum import Enum
from typing import cast

import strawberry
from strawberry.types.base import get_object_definition
from strawberry.utils.str_converters import to_camel_case

from graph import errors, times
from schema.scalars import DateTime


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


def instant(at: DateTime | None) -> int | None:
    """Return the instant that the argument `at` gives; None where it is absent.

    Raises:
        BadInput: it is no instant.
    """
    if at is None:
        return None
    with errors.under("at"):
        return times.read_instant(str(at))
