"""Scalars: instants, durations, 64-bit whole numbers, values, JSON.

Input comes through as it was sent; where it is used it is checked, so that a wrong one is refused
at its own place and nothing else with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NewType

import strawberry
from graphql import GraphQLError, value_from_ast_untyped
from strawberry.schema.config import StrawberryConfig
from strawberry.types.scalar import ScalarDefinition

from graph import errors, times, values

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphql import ValueNode

DateTime = NewType("DateTime", int)
"""Milliseconds since 1970 as output; text as input."""
Duration = NewType("Duration", str)
Long = NewType("Long", int)
Value = NewType("Value", object)
JSON = NewType("JSON", object)


def _instant(raw: object) -> object:
    if not isinstance(raw, str):
        raise GraphQLError(
            f"{str(raw)[:60]} is no text with an instant: {times.HOW_TO_WRITE_AN_INSTANT}"
        )
    return raw


def _duration(raw: object) -> object:
    if not isinstance(raw, str):
        raise GraphQLError(
            f"{str(raw)[:60]} is no text with a duration: {times.HOW_TO_WRITE_A_DURATION}"
        )
    return raw


def _long(raw: object) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int) or not values.fits(raw):
        raise GraphQLError(
            f"{str(raw)[:60]!r} is not a whole number of 64 bits: write it as a JSON number"
        )
    return raw


def _scalar(raw: object) -> object:
    if isinstance(raw, dict | list):
        what = "a list" if isinstance(raw, list) else "a map"
        raise GraphQLError(
            f"A value is a string, a number or a boolean, not {what}: several are named by `in`"
        )
    return raw


def _literal(parse: Callable[[object], object]) -> Callable[..., object]:
    """Return how a literal is read: as a variable is, and refused at its place."""

    def read(node: ValueNode, variables: dict[str, Any] | None = None) -> object:
        try:
            return parse(value_from_ast_untyped(node, variables))
        except GraphQLError as error:
            raise GraphQLError(error.message, node) from None

    return read


def _as_is(raw: object) -> object:
    return raw


SCALARS: dict[object, ScalarDefinition] = {
    DateTime: strawberry.scalar(
        name="DateTime",
        description="An instant in RFC 3339 with an offset; printed in UTC, with milliseconds.",
        serialize=times.instant_text,
        parse_value=_instant,
        parse_literal=_literal(_instant),
    ),
    Duration: strawberry.scalar(
        name="Duration",
        description="An ISO 8601 duration of weeks, days, hours, minutes and seconds: `P14D`.",
        serialize=str,
        parse_value=_duration,
        parse_literal=_literal(_duration),
    ),
    Long: strawberry.scalar(
        name="Long",
        description="A whole number of 64 bits, as a JSON number.",
        serialize=_long,
        parse_value=_long,
        parse_literal=_literal(_long),
    ),
    Value: strawberry.scalar(
        name="Value",
        description=(
            "A string, a number or a boolean. A string that is an RFC 3339 date-time is an "
            "instant, `YYYY-MM-DD` a date."
        ),
        serialize=values.to_json,
        parse_value=_scalar,
        parse_literal=_literal(_scalar),
    ),
    JSON: strawberry.scalar(
        name="JSON",
        description="Any JSON.",
        serialize=_as_is,
        parse_value=_as_is,
    ),
}


def instant(at: DateTime | None, argument: str = "at") -> int | None:
    """Return the instant that an argument means; None where it is absent.

    Raises:
        BadInput: it is none.
    """
    return None if at is None else given_instant(at, argument)


def given_instant(at: DateTime, argument: str) -> int:
    """Return the instant that an argument means.

    Raises:
        BadInput: it is none.
    """
    with errors.under(argument):
        return times.read_instant(str(at))


CONFIG = StrawberryConfig(scalar_map=SCALARS)
"""How these are told to a schema."""
