"""A table as lines: a row of cells becomes the JSON of a line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import msgspec

from graph.errors import BadInput
from server.transfer.mapping import Mapped
from server.transfer.rows import Checker, Item, Rejection


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its columns, its lines, and how many there are where that is known."""

    mapped: Mapped
    items: Iterator[Item]
    rows: int | None = None


def item(line: int, row: Sequence[object], mapped: Mapped, check: Checker) -> Item | None:
    """Return a row as the line it tells, or why it is not taken."""
    try:
        return check.check(line, msgspec.json.encode(mapped.line(row)))
    except BadInput as wrong:
        return rejection(line, wrong.message, row, wrong.path)
    except UnicodeEncodeError:
        return rejection(line, "The row is not UTF-8", row)


def rejection(
    line: int, message: str, row: Sequence[object], path: tuple[str | int, ...] = ()
) -> Rejection:
    """Return why a row is not taken, with its cells as text."""
    return Rejection(line, message, msgspec.json.encode([_readable(cell) for cell in row]), path)


def _readable(cell: object) -> str | None:
    if cell is None:
        return None
    return str(cell).encode("utf-8", "surrogateescape").decode(errors="replace")
