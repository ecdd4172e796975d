"""Bytes cut into lines, a block at a time, with their numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from server.transfer.failures import BrokenFile
from server.transfer.source import StreamBroken

if TYPE_CHECKING:
    from collections.abc import Iterator

LINE_LIMIT: Final = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that follow each other; `ended` unless the last one lacks its line break."""

    first: int
    lines: list[bytes]
    ended: bool = True


def cut(name: str, blocks: Iterator[bytes]) -> Iterator[Block]:
    """Yield the lines of a file without their line breaks.

    Raises:
        BrokenFile: the file breaks off; all its whole lines were yielded. Or a line is endless.
    """
    tail, first = b"", 1
    try:
        for block in blocks:
            pieces = (tail + block).split(b"\n")
            tail = pieces.pop()
            if pieces:
                yield Block(first, pieces)
                first += len(pieces)
            if len(tail) > LINE_LIMIT:
                raise BrokenFile(
                    f"{name} line {first} is longer than {LINE_LIMIT // 1024**2} MiB: is this file "
                    "of lines at all?"
                )
    except StreamBroken as broken:
        raise breaks_off(name, first, str(broken)) from broken
    if tail:
        yield Block(first, [tail], ended=False)


def breaks_off(name: str, line: int, reason: str) -> BrokenFile:
    """Return the error of a file that ends within a line."""
    return BrokenFile(
        f"{name} breaks off in line {line}: {reason}; the lines before it are taken, and the same "
        "command goes on from there once the file is whole"
    )
