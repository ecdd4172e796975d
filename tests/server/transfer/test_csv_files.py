"""CSV files: rows with the lines they begin in, and what is no row."""

from __future__ import annotations

import msgspec
import pytest

from server.transfer import csv_files
from server.transfer.cells import Reading
from server.transfer.failures import BrokenFile
from server.transfer.mapping import Wish
from server.transfer.rows import Checker, Item, Rejection, Row

WISH = Wish("contact", (), None, Reading())


def table(content: bytes) -> list[Item]:
    """Return the lines of a CSV file of contacts."""
    check = Checker("contact", None, 0)
    return list(csv_files.table("x.csv", iter([content]), WISH, check, ",").items)


def test_a_quoted_cell_may_hold_anything() -> None:
    """Commas, quotes and line breaks in quotes are text; a row counts where it begins."""
    found = table(b'key,note\n"a,""b""","two\r\nlines"\n\nc,d\n')

    assert [item.line for item in found] == [2, 5]
    assert msgspec.json.decode(found[0].data) == {
        "key": 'a,"b"',
        "traits": {"note": "two\r\nlines"},
        "type": "contact",
    }


@pytest.mark.parametrize(
    ("row", "message", "cells"),
    [
        (b"a", "The row has 1 cells where the first line names 2 columns", ["a"]),
        (b"a,b,c", "The row has 3 cells where the first line names 2 columns", ["a", "b", "c"]),
        (b"a,\xff", "The row is not UTF-8", ["a", "\ufffd"]),
        (b'"a"b,c', "This is not a row of CSV: ',' expected after '\"'", []),
    ],
)
def test_a_row_that_is_none_is_rejected(row: bytes, message: str, cells: list[str]) -> None:
    """Its neighbours are taken."""
    first, refused, last = table(b"key,note\nx,y\n" + row + b"\nx,y\n")

    assert isinstance(first, Row)
    assert refused == Rejection(3, message, msgspec.json.encode(cells))
    assert isinstance(last, Row)


def test_a_cell_that_cannot_be_told_is_rejected_with_its_field() -> None:
    """The path leads to the field, the row is shown as it stands."""
    (refused,) = table(b"key,at\na,2026-11-01\n")

    assert refused == Rejection(
        2,
        "'2026-11-01 00:00:00' has no offset: say with --zone in which time zone it is",
        b'["a","2026-11-01"]',
        ("at",),
    )


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        (b"key,note\na,b\nc", 3, "the last row is not whole"),
        (b'key,note\na,b\nc,"d\ne', 3, "a quoted cell does not end"),
    ],
)
def test_a_row_that_is_cut_is_a_cut_file(content: bytes, line: int, reason: str) -> None:
    """A last row without its end means that the file was cut; the line is named."""
    with pytest.raises(BrokenFile) as refused:
        table(content)

    assert refused.value.message == (
        f"x.csv breaks off in line {line}: {reason}; the lines before it are taken, and the same "
        "command goes on from there once the file is whole"
    )


@pytest.mark.parametrize("content", [b"", b"\n\n", b'"a"b,c\n'])
def test_a_file_begins_with_its_columns(content: bytes) -> None:
    """Without names there is nothing to map."""
    with pytest.raises(BrokenFile, match=r"x\.csv does not begin with the names of its columns"):
        table(content)
