"""A dry run: files are read and checked as for an import, and nothing is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec

from server.transfer.mapping import Column
from server.transfer.reading import read
from server.transfer.rows import Row
from server.transfer.source import opened

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from server.transfer.display import Display
    from server.transfer.reading import Lines, Options
    from server.transfer.rows import Rejection
    from server.transfer.source import Source

SHOWN: Final = 10
_STEP: Final = 5000


@dataclass(frozen=True, slots=True)
class Problem:
    """A line that would be rejected, and why."""

    line: int
    code: str
    message: str
    path: tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would send of a file: how its columns map, its first line, what is wrong."""

    file: str
    lines: int
    rejected: int
    problems: tuple[Problem, ...]
    columns: tuple[Column, ...] | None
    first: msgspec.Raw | None

    def text(self) -> str:
        """Return it as it is read by people."""
        told = [f"{self.file}: {self.lines:,} lines, {self.rejected:,} would be rejected here"]
        told += [
            f"  {column.name} → {column.field or '(left out)'}" for column in self.columns or ()
        ]
        if self.first is not None:
            told.append(f"  first line: {bytes(self.first).decode(errors='replace')}")
        told += [f"  line {each.line}: {each.message}" for each in self.problems]
        return "\n".join(told)


def previews(files: Sequence[str], options: Options, display: Display) -> Iterator[Preview]:
    """Yield what would be sent of each file.

    Raises:
        CannotTransfer: one cannot be read to its end.
    """
    for name in files:
        with opened(name) as source:
            lines = read(source, options, source.written)
            display.begin(name, lines.rows or source.size)
            yield _preview(name, lines, source, display)


def _preview(name: str, lines: Lines, source: Source, display: Display) -> Preview:
    first: Row | None = None
    rejections: list[Rejection] = []
    read_so_far = shown = 0
    for item in lines.items:
        read_so_far += 1
        if isinstance(item, Row):
            first = first or item
        else:
            rejections.append(item)
        if read_so_far % _STEP == 0:
            display.advance(item.line if lines.rows else source.position(), _STEP)
            shown = read_so_far
    display.advance(read_so_far if lines.rows else source.position(), read_so_far - shown)
    return Preview(
        file=name,
        lines=read_so_far,
        rejected=len(rejections),
        problems=tuple(
            Problem(each.line, each.code, each.message, each.path) for each in rejections[:SHOWN]
        ),
        columns=lines.mapped.columns if lines.mapped else None,
        first=msgspec.Raw(first.data) if first else None,
    )
