"""Values: what JSON becomes, which are equal, what is refused."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from graph import errors, values
from graph.values import Location

if TYPE_CHECKING:
    from graph.values import Stored

NOON = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)
DAY = dt.date(2026, 6, 1)

KEPT: dict[str, tuple[object, Stored, str]] = {
    "whole": (1, 1, "integer"),
    "decimal": (1.5, 1.5, "float"),
    "boolean": (True, True, "boolean"),
    "text": ("pro", "pro", "string"),
    "empty-text": ("", "", "string"),
    "greatest": (2**63 - 1, 2**63 - 1, "integer"),
    "least": (-(2**63), -(2**63), "integer"),
    "date": ("2026-06-01", DAY, "date"),
    "instant": ("2026-06-01T14:00:00+02:00", NOON, "instant"),
    "impossible-date": ("2026-02-30", "2026-02-30", "string"),
    "no-offset": ("2026-06-01T12:00:00", "2026-06-01T12:00:00", "string"),
    "empty-list": ([], (), "list"),
    "texts": (["a", "b"], ("a", "b"), "list of string"),
    "whole-numbers": ([1, 2], (1, 2), "list of integer"),
    "numbers": ([1, 2.5], (1.0, 2.5), "list of float"),
    "dates": (["2026-06-01"], (DAY,), "list of date"),
    "instants": (["2026-06-01T12:00:00Z"], (NOON,), "list of instant"),
    "date-and-instant": (
        ["2026-06-01", "2026-06-01T12:00:00Z"],
        ("2026-06-01", "2026-06-01T12:00:00Z"),
        "list of string",
    ),
    "date-and-text": (["2026-06-01", "a"], ("2026-06-01", "a"), "list of string"),
}


@pytest.mark.parametrize(("raw", "kept", "name"), KEPT.values(), ids=KEPT)
def test_json_becomes_a_value_and_is_written_back(raw: object, kept: Stored, name: str) -> None:
    """A value keeps its type, has a name for it, and is written as JSON that means it again."""
    found = values.of_json(raw)

    assert (found, values.type_name(found)) == (kept, name)
    assert values.of_json(values.to_json(found)) == found


REFUSED: dict[str, tuple[object, str]] = {
    "too-great": (
        2**63,
        "9223372036854775808 does not fit a whole number of 64 bits: give it as a text",
    ),
    "too-small": (
        -(2**63) - 1,
        "-9223372036854775809 does not fit a whole number of 64 bits: give it as a text",
    ),
    "huge": (
        2**300,
        "A number of 301 bits does not fit a whole number of 64 bits: give it as a text",
    ),
    "infinite": (float("-inf"), "-inf is not a number that can be kept: give one up to 1.8e308"),
    "map": ({"a": 1}, "A nested map cannot be kept: use flat names"),
    "null": (None, "null cannot be kept in a list: leave it out"),
    "other": (b"a", "bytes cannot be kept"),
    "list-in-list": ([[1]], "A list within a list cannot be kept: tell its elements in one"),
    "null-in-list": (["x", None], "null cannot be kept in a list: leave it out"),
    "mixed": (
        [1, "x"],
        (
            "A list holds one type; this one mixes number and string: tell them under two "
            "names, or all as texts"
        ),
    ),
    "boolean-and-number": (
        [True, 1],
        (
            "A list holds one type; this one mixes boolean and number: tell them under two names, "
            "or all as texts"
        ),
    ),
    "long-list": (
        [1] * 1001,
        (
            "The list has 1001 elements; at most 1000 are kept: tell the rest in another property "
            "or event"
        ),
    ),
    "long-text": (
        "x" * 32_001,
        f"The text '{'x' * 60}…' has 32001 characters; at most 32000 are taken: shorten it",
    ),
    "half-character": (
        "a\ud800",
        (
            r"The text 'a\ud800' holds half of a surrogate pair, which is no character: "
            r"send both halves, or neither"
        ),
    ),
}


@pytest.mark.parametrize(("raw", "message"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_kept_is_refused(raw: object, message: str) -> None:
    """What has no place in the graph is refused with the thing and the limit named."""
    with pytest.raises(errors.BadInput) as caught:
        values.of_json(raw)

    assert caught.value.message == message


NAMES = {
    "empty": ("", "The key is empty: give at least one character"),
    "nul": ("a\0", "The key 'a\\0' holds the character NUL: leave it out"),
    "long": ("x" * 11, "The key 'xxxxxxxxxxx' has 11 characters; at most 10 are taken: shorten it"),
}


@pytest.mark.parametrize(("raw", "message"), NAMES.values(), ids=NAMES)
def test_a_name_is_to_the_letter(raw: str, message: str) -> None:
    """A name is kept as it is, or refused."""
    assert values.name("é `$", "key", 10) == "é `$"
    with pytest.raises(errors.BadInput) as caught:
        values.name(raw, "key", 10)

    assert caught.value.message == message


NOT_A_LOCATION = "A location is {latitude, longitude}, both in degrees"
LOCATIONS: dict[str, tuple[object, str]] = {
    "text": ("Berlin", NOT_A_LOCATION),
    "half": ({"latitude": 1}, NOT_A_LOCATION),
    "more": ({"latitude": 1, "longitude": 2, "height": 3}, NOT_A_LOCATION),
    "boolean": ({"latitude": True, "longitude": 2}, NOT_A_LOCATION),
    "off-the-globe": (
        {"latitude": 90.5, "longitude": 2},
        (
            "The location 90.5, 2 is not on the globe: latitude is from -90 to 90, "
            "longitude from -180 to 180"
        ),
    ),
}


@pytest.mark.parametrize(("raw", "message"), LOCATIONS.values(), ids=LOCATIONS)
def test_a_location_is_on_the_globe(raw: object, message: str) -> None:
    """Two numbers of degrees are a location; anything else is none."""
    with pytest.raises(errors.BadInput) as caught:
        values.location(raw)

    assert caught.value.message == message


def test_a_location_is_a_value() -> None:
    """A location is read, named, compared and written."""
    place = values.location({"latitude": -90, "longitude": 180})

    assert place == Location(-90.0, 180.0)
    assert values.type_name(place) == "location"
    assert values.comparable(place) == place
    assert values.to_json(place) == {"latitude": -90.0, "longitude": 180.0}


EQUAL: dict[str, tuple[Stored, Stored, bool]] = {
    "whole-and-decimal": (1, 1.0, True),
    "beyond-double-precision": (2**53 + 1, float(2**53), False),
    "boolean-and-number": (True, 1, False),
    "text-and-number": ("1", 1, False),
    "by-case": ("a", "A", False),
    "date-and-midnight": (DAY, dt.datetime(2026, 6, 1, tzinfo=dt.UTC), True),
    "date-and-noon": (DAY, NOON, False),
    "lists": ((1, 2), (1.0, 2.0), True),
    "lists-by-order": ((1, 2), (2, 1), False),
    "list-and-element": ((1,), 1, False),
}


@pytest.mark.parametrize(("left", "right", "equal"), EQUAL.values(), ids=EQUAL)
def test_equality(left: Stored, right: Stored, *, equal: bool) -> None:
    """Numbers are equal by value, a date is its midnight, across types nothing is equal."""
    assert (values.comparable(left) == values.comparable(right)) is equal
