"""The values that events, traits and conditions hold: their types, how text becomes one, equality.

A whole number is 64 bits wide. An instant is an aware UTC `datetime`, cut to the millisecond; a
date is a `date`, and as an instant its midnight UTC. A list is a tuple of one type.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, TypeAlias, cast

from graph import errors, times
from graph.errors import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

NAME_LIMIT: Final = 200
KEY_LIMIT: Final = 1000
TEXT_LIMIT: Final = 32_000
LIST_LIMIT: Final = 1000
_GREATEST: Final = 2**63 - 1
_NEXT: Final = 2.0**63


@dataclass(frozen=True, slots=True)
class Location:
    """A point on the globe, in degrees."""

    latitude: float
    longitude: float


Scalar: TypeAlias = bool | int | float | str | dt.datetime | dt.date
Stored: TypeAlias = "Scalar | tuple[Scalar, ...] | Location"


class Kind(StrEnum):
    """The types that compare with themselves only."""

    BOOLEAN = "boolean"
    NUMBER = "number"
    TEXT = "string"
    TIME = "instant or date"


def kind(value: Scalar) -> Kind:
    """Return the type that a value compares as."""
    match value:
        case bool():
            return Kind.BOOLEAN
        case int() | float():
            return Kind.NUMBER
        case str():
            return Kind.TEXT
        case _:
            return Kind.TIME


_TYPE_NAMES: Final[Mapping[type, str]] = {
    Location: "location",
    bool: "boolean",
    int: "integer",
    float: "float",
    str: "string",
    dt.datetime: "instant",
    dt.date: "date",
}


def type_name(value: Stored) -> str:
    """Return the type as the vocabulary shows it, such as `integer` or `list of string`."""
    if isinstance(value, tuple):
        return f"list of {type_name(value[0])}" if value else "list"
    return _TYPE_NAMES[type(value)]


def comparable(value: Stored) -> object:
    """Return what is equal for equal values: of a date its midnight, of a type its own."""
    if isinstance(value, tuple):
        return tuple(comparable(element) for element in value)
    if isinstance(value, dt.date):
        return Kind.TIME, times.milliseconds(value)
    if isinstance(value, Location):
        return value
    # The engine takes the greatest whole number and the double next to it for one.
    return kind(value), _NEXT if value == _GREATEST else value


def of_json(raw: object) -> Stored:
    """Return the value that a JSON value means; null is no value.

    Raises:
        BadInput: a map, null, a mixed list, a number or a text out of range.
    """
    if isinstance(raw, list):
        return _list(cast("list[object]", raw))
    value = scalar(raw)
    if isinstance(value, str) and value[:1].isdecimal():
        return times.instant_of(value) or times.date_of(value) or value
    return value


def scalar(raw: object) -> bool | int | float | str:
    """Return a JSON scalar that can be kept.

    Raises:
        BadInput: it is no scalar, or out of range.
    """
    match raw:
        case bool():
            return raw
        case int():
            if not fits(raw):
                raise errors.BadInput(
                    f"{_digits(raw)} does not fit a whole number of 64 bits: give it as a text"
                )
            return raw
        case float():
            if not math.isfinite(raw):
                raise errors.BadInput(
                    f"{raw} is not a number that can be kept: give one up to 1.8e308"
                )
            # Zero has no sign: the graph would put one with it before one without.
            return raw or 0.0
        case str():
            return text(raw, TEXT_LIMIT)
        case _:
            raise errors.BadInput(_REFUSED.get(type(raw), f"{type(raw).__name__} cannot be kept"))


_REFUSED: Final[Mapping[type, str]] = {
    dict: "A nested map cannot be kept: use flat names",
    list: "A list within a list cannot be kept: tell its elements in one",
    type(None): "null cannot be kept in a list: leave it out",
}


def fits(number: int) -> bool:
    """Tell whether a whole number has a place in 64 bits."""
    return -(2**63) <= number < 2**63


def _digits(number: int) -> str:
    return str(number) if number.bit_length() < 256 else f"A number of {number.bit_length()} bits"  # noqa: PLR2004 - a line of a message


def text(raw: str, limit: int) -> str:
    """Return a text that fits and can be written in UTF-8.

    Raises:
        BadInput: it is longer than `limit` characters, or holds half a character.
    """
    if len(raw) > limit:
        raise errors.BadInput(
            f"The text {shown(raw)} has {len(raw)} characters; at most {limit} are "
            "taken: shorten it"
        )
    return characters(raw)


def characters(raw: str) -> str:
    """Return a text that can be written in UTF-8.

    Raises:
        BadInput: it holds half a character.
    """
    if not raw.isascii():
        try:
            raw.encode()
        except UnicodeEncodeError as error:
            raise errors.BadInput(
                f"The text {shown(raw)} holds half of a surrogate pair, which is no character: "
                "send both halves, or neither"
            ) from error
    return raw


def name(raw: str, what: str, limit: int = NAME_LIMIT) -> str:
    """Return the name or key of something, to the letter.

    Raises:
        BadInput: it is empty, too long, holds NUL or half a character.
    """
    if not raw:
        raise errors.BadInput(f"The {what} is empty: give at least one character")
    if len(raw) > limit:
        raise errors.BadInput(
            f"The {what} {shown(raw)} has {len(raw)} characters; at most {limit} are taken: "
            "shorten it"
        )
    if "\0" in raw:
        raise errors.BadInput(f"The {what} {shown(raw)} holds the character NUL: leave it out")
    return text(raw, limit)


def location(raw: object) -> Location:
    """Return the point that `{latitude, longitude}` means.

    Raises:
        BadInput: other fields, or degrees out of range.
    """
    fields = cast("dict[str, object]", raw if isinstance(raw, dict) else {})
    found = [fields.get("latitude"), fields.get("longitude")]
    numbers = [float(n) for n in found if isinstance(n, int | float) and not isinstance(n, bool)]
    if len(fields) != len(found) or len(numbers) != len(found):
        raise errors.BadInput("A location is {latitude, longitude}, both in degrees")
    latitude, longitude = numbers
    for name, degrees, most in (("latitude", latitude, 90), ("longitude", longitude, 180)):
        if not abs(degrees) <= most:
            raise errors.BadInput(
                f"The location {latitude:g}, {longitude:g} is not on the globe: latitude is from "
                "-90 to 90, longitude from -180 to 180",
                name,
            )
    return Location(latitude, longitude)


def to_json(value: Stored) -> object:
    """Return the JSON that `of_json` reads as this value."""
    match value:
        case tuple():
            return [to_json(element) for element in value]
        case Location():
            return {"latitude": value.latitude, "longitude": value.longitude}
        case dt.datetime():
            return times.instant_text(times.milliseconds(value))
        case dt.date():
            return value.isoformat()
        case _:
            return value


def _list(raw: Sequence[object]) -> tuple[Scalar, ...]:
    if len(raw) > LIST_LIMIT:
        raise errors.BadInput(
            f"The list has {len(raw)} elements; at most {LIST_LIMIT} are kept: tell the rest in "
            "another property or event"
        )
    elements = [scalar(element) for element in raw]
    kinds = {kind(element) for element in elements}
    if len(kinds) > 1:
        raise errors.BadInput(
            f"A list holds one type; this one mixes {' and '.join(sorted(kinds))}: tell them under "
            "two names, or all as texts"
        )
    if kinds == {Kind.TEXT}:
        texts = cast("list[str]", elements)
        return _all(times.instant_of, texts) or _all(times.date_of, texts) or tuple(texts)
    if any(isinstance(element, float) for element in elements):
        return tuple(float(element) for element in elements)
    return tuple(elements)


def _all(read: Callable[[str], Scalar | None], texts: Sequence[str]) -> tuple[Scalar, ...]:
    found = tuple(value for text in texts if (value := read(text)) is not None)
    return found if len(found) == len(texts) else ()
