"""Cells: which value is recognised in them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from graph.errors import BadInput, shown
from server.transfer.cells import Reading


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("5", 5),
        ("-12", -12),
        ("0", 0),
        ("007", "007"),
        ("+49", "+49"),
        ("9223372036854775807", 9223372036854775807),
        ("9223372036854775808", "9223372036854775808"),
        ("1.50", 1.5),
        ("-0.5", -0.5),
        ("1e3", 1000.0),
        ("1e999", "1e999"),
        ("1.", "1."),
        (".5", ".5"),
        ("1,5", "1,5"),
        ("NaN", "NaN"),
        ("true", True),
        ("FALSE", False),
        ("yes", "yes"),
        ("٣", "٣"),
        ("2026-11-01", "2026-11-01"),
        (" 5", " 5"),
        (6, 6),
        (2.5, 2.5),
        (float("nan"), None),
        (Decimal("2.50"), 2.5),
        (Decimal(3), 3),
        (dt.date(2026, 11, 1), "2026-11-01"),
        (dt.datetime(2026, 11, 1, 10, tzinfo=dt.UTC), "2026-11-01T10:00:00.000Z"),
        (["a", "b"], ["a", "b"]),
        ({"a": 1}, {"a": 1}),
        (None, None),
    ],
)
def test_a_free_cell_has_the_type_it_looks_like(cell: object, value: object) -> None:
    """Numbers and booleans are recognised where nothing is lost; all else stays text."""
    read = Reading().free(cell)

    assert (type(read), read) == (type(value), value)


@pytest.mark.parametrize("cell", ["5", "1.50", "true"])
def test_text_stays_text_where_it_is_said(cell: str) -> None:
    """With --text no cell becomes a number or a boolean."""
    assert Reading(text=True).free(cell) == cell


@pytest.mark.parametrize(
    ("cell", "value"), [("007", "007"), (7, "7"), (7.0, "7"), (7.5, "7.5"), (True, "true")]
)
def test_a_name_is_text(cell: object, value: str) -> None:
    """A key is text, although a table holds numbers."""
    assert Reading().name(cell) == value


@pytest.mark.parametrize(
    ("cell", "zone", "value"),
    [
        (" 2026-11-01T10:00:00Z ", None, "2026-11-01T10:00:00Z"),
        ("yesterday", None, "yesterday"),
        (float("nan"), None, None),
        ("2026-11-01 10:00", "Europe/Berlin", "2026-11-01T09:00:00.000Z"),
        ("2026-07-01", "Europe/Berlin", "2026-06-30T22:00:00.000Z"),
        ("2026-11-01T10:00:00Z", "Europe/Berlin", "2026-11-01T10:00:00Z"),
        (dt.date(2026, 11, 1), "UTC", "2026-11-01T00:00:00.000Z"),
        (dt.datetime(2026, 11, 1, 10), "UTC", "2026-11-01T10:00:00.000Z"),  # noqa: DTZ001 - the rule's case
    ],
)
def test_an_instant_without_offset_is_in_the_zone(
    cell: object, zone: str | None, value: str | None
) -> None:
    """The zone is for what has no offset; the server judges what is no instant."""
    assert Reading(zone=zone).instant(cell) == value


def test_an_instant_without_offset_needs_a_zone() -> None:
    """Nothing is guessed of where a clock hung."""
    with pytest.raises(BadInput) as refused:
        Reading().instant("2026-11-01 10:00")

    assert refused.value.message == (
        "'2026-11-01 10:00:00' has no offset: say with --zone in which time zone it is"
    )


@pytest.mark.parametrize(
    ("cell", "value"),
    [("pro", ["pro"]), ("a| b |", ["a", "b"]), ('["a|b"]', ["a|b"]), (["a"], ["a"])],
)
def test_a_list_is_parted_by_a_bar(cell: object, value: list[str]) -> None:
    """A list of names is JSON, or parted by a bar."""
    assert Reading().names(cell) == value


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        (b"\x00", "A value of type bytes cannot be told"),
        (float("inf"), "inf is not a number that can be kept: give one up to 1.8e308"),
        (dt.timedelta(1), "A value of type timedelta cannot be told"),
    ],
)
def test_a_value_that_has_no_json_is_refused(cell: object, message: str) -> None:
    """What no line can tell is named by its type."""
    with pytest.raises(BadInput) as refused:
        Reading().free(cell)

    assert refused.value.message == message


IN_RFC_3339 = "write it in RFC 3339 with an offset, such as 2026-11-23T10:00:00Z"


@pytest.mark.parametrize(
    "cell", ["1773144000", " 1773144000.5", 1773144000, 1.5, Decimal("1773144000.25")], ids=repr
)
def test_a_number_is_no_instant(cell: object) -> None:
    """Nobody knows whether it counts seconds or milliseconds, or since when."""
    with pytest.raises(BadInput) as refused:
        Reading(zone="UTC").instant(cell)

    assert refused.value.message == (
        f"{str(cell).strip()} is a number, not an instant: {IN_RFC_3339}, or keep it in a column "
        "of timestamps of a Parquet file"
    )


@pytest.mark.parametrize("cell", ["2026-13-01", "2026-02-30 10:00", "2026-11-01T25:00:00"])
def test_an_instant_that_no_clock_shows_is_named(cell: str) -> None:
    """The message has the value, and how one is written."""
    with pytest.raises(BadInput) as refused:
        Reading(zone="UTC").instant(cell)

    assert refused.value.message == (
        f"'{cell}' is not an instant, no calendar or clock has it: {IN_RFC_3339}"
    )


@pytest.mark.parametrize("cell", ["[draft]", '["a", "b"', "[" * 5000])
def test_a_list_that_is_no_json_says_how_one_is_written(cell: str) -> None:
    """It may be a list that is torn: it is not taken for a name."""
    with pytest.raises(BadInput) as refused:
        Reading().names(cell)

    assert refused.value.message == (
        f'{shown(cell)} begins with [ and is no JSON list: write it as ["one", "two"]'
    )
