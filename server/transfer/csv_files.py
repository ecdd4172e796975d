"""CSV files: the first row names the columns."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from server.transfer import lines, tables
from server.transfer.failures import BrokenFile
from server.transfer.lines import Block, breaks_off
from server.transfer.mapping import Mapped, Wish, mapped
from server.transfer.tables import Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from server.transfer.rows import Checker, Item


class _Rows:
    """The rows of a file with the numbers of the lines they begin in."""

    def __init__(self, name: str, blocks: Iterator[Block], delimiter: str) -> None:
        csv.field_size_limit(lines.LINE_LIMIT)
        self._name = name
        self._reader = csv.reader(self._texts(blocks), delimiter=delimiter, strict=True)
        self.line = 0
        self.ended = True

    def _texts(self, blocks: Iterator[Block]) -> Iterator[str]:
        for block in blocks:
            self.ended = block.ended
            for line in block.lines:
                # What is not UTF-8 comes through to its own row, which is then rejected.
                yield line.decode("utf-8", "surrogateescape") + "\n"

    def next(self) -> list[str] | None:
        """Return the next row; None after the last.

        Raises:
            csv.Error: the row is not one of CSV; the next may be.
            BrokenFile: the file ends within it.
        """
        self.line = self._reader.line_num + 1
        try:
            return next(self._reader, None)
        except csv.Error as wrong:
            if "unexpected end" in str(wrong):
                raise breaks_off(self._name, self.line, "a quoted cell does not end") from wrong
            raise

    def check_whole(self, cells: int, width: int) -> None:
        """Refuse a last row that is cut: shorter than others, and without its line break.

        Raises:
            BrokenFile: the file ends within the row.
        """
        if not self.ended and cells < width:
            raise breaks_off(self._name, self.line, "the last row is not whole")


def table(name: str, blocks: Iterator[bytes], wish: Wish, check: Checker, delimiter: str) -> Table:
    """Read a CSV file.

    Raises:
        BrokenFile: it is empty, or breaks off.
        WrongOption: its columns do not fit.
    """
    rows = _Rows(name, lines.cut(name, blocks), delimiter)
    try:
        header = rows.next()
    except csv.Error as wrong:
        raise BrokenFile(f"{name} does not begin with the names of its columns: {wrong}") from wrong
    if not header:
        raise BrokenFile(f"{name} does not begin with the names of its columns")
    plan = mapped(name, [column.strip() for column in header], wish)
    return Table(plan, _items(rows, plan, check))


def _items(rows: _Rows, plan: Mapped, check: Checker) -> Iterator[Item]:
    while True:
        try:
            row = rows.next()
        except csv.Error as wrong:
            yield tables.rejection(rows.line, f"This is not a row of CSV: {wrong}", ())
            continue
        if row is None:
            return
        item = _item(rows, row, plan, check) if row else None
        if item is not None:
            yield item


def _item(rows: _Rows, row: list[str], plan: Mapped, check: Checker) -> Item | None:
    width = len(plan.columns)
    if len(row) == width:
        return tables.item(rows.line, row, plan, check)
    rows.check_whole(len(row), width)
    message = f"The row has {len(row)} cells where the first line names {width} columns"
    return tables.rejection(rows.line, message, row)
