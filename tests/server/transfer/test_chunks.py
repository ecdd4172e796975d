"""Chunks: what one request takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from server.transfer.chunks import BYTES, Chunk, chunks
from server.transfer.failures import BrokenFile
from server.transfer.rows import Item, Rejection, Row

if TYPE_CHECKING:
    from collections.abc import Iterator


def gathered(items: list[Item], *, after: int = 0, lines: int = 3) -> list[Chunk]:
    """Return the chunks of items."""
    return list(chunks(iter(items), after=after, lines=lines, position=lambda: 9))


def rows(*numbers: int) -> tuple[Row, ...]:
    """Return rows with these numbers."""
    return tuple(Row(number, b"x") for number in numbers)


def test_a_chunk_has_so_many_lines() -> None:
    """The last one has what is left; nothing gives no chunk."""
    assert gathered(list(rows(1, 2, 4, 5))) == [
        Chunk(rows(1, 2, 4), (), 4, 9),
        Chunk(rows(5), (), 5, 9),
    ]
    assert gathered([]) == []


def test_a_chunk_has_at_most_eight_mebibytes() -> None:
    """Long lines make short chunks; the longest line has one of its own."""
    half, whole = b"x" * (BYTES // 2 - 1), b"x" * BYTES

    found = gathered([Row(1, half), Row(2, half), Row(3, b"x"), Row(4, whole)])

    assert [[row.line for row in chunk.rows] for chunk in found] == [[1, 2], [3], [4]]


def test_settled_lines_are_left_out() -> None:
    """What stands before the place to go on from is not sent again."""
    assert gathered(list(rows(1, 2, 4, 5)), after=2) == [Chunk(rows(4, 5), (), 5, 9)]


def test_rejected_lines_belong_to_their_chunk() -> None:
    """A line that is not sent is settled with its neighbours."""
    refused = Rejection(2, "no", b"x")

    (found,) = gathered([Row(1, b"x"), refused])

    assert found == Chunk(rows(1), (refused,), 2, 9)
    assert found.size == 2


def test_what_stood_before_a_break_is_not_lost() -> None:
    """A file that breaks off gives its last lines first."""

    def broken() -> Iterator[Item]:
        yield from rows(1, 2)
        raise BrokenFile("it is cut")

    found: list[Chunk] = []
    with pytest.raises(BrokenFile, match="it is cut"):
        found.extend(chunks(broken(), after=0, lines=3, position=lambda: 9))

    assert found == [Chunk(rows(1, 2), (), 2, 9)]
