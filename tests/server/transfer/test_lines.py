"""Lines: cut at their breaks, whatever the blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from server.transfer.failures import BrokenFile
from server.transfer.lines import LINE_LIMIT, Block, cut
from server.transfer.source import StreamBroken

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
def test_lines_do_not_depend_on_blocks(size: int) -> None:
    """Each line has its number and its bytes, wherever a block ends."""
    content = b"one\n\nthree\r\nfour"
    blocks = [content[start : start + size] for start in range(0, len(content), size)]

    found = [
        (number, line, block.ended or line is not block.lines[-1])
        for block in cut("x", iter(blocks))
        for number, line in enumerate(block.lines, block.first)
    ]

    assert found == [(1, b"one", True), (2, b"", True), (3, b"three\r", True), (4, b"four", False)]


def test_a_stream_that_breaks_gives_its_whole_lines() -> None:
    """The line in which it broke is named, and not given."""

    def broken() -> Iterator[bytes]:
        yield b"one\ntwo\nthr"
        raise StreamBroken("it is cut")

    found: list[Block] = []
    with pytest.raises(BrokenFile) as refused:
        found.extend(cut("x.csv", broken()))

    assert found == [Block(1, [b"one", b"two"])]
    assert refused.value.message == (
        "x.csv breaks off in line 3: it is cut; the lines before it are taken, and the same "
        "command goes on from there once the file is whole"
    )


def test_an_endless_line_is_refused() -> None:
    """A file without line breaks does not fill the memory."""
    blocks = iter([b"one\n", *[b"x" * 1_000_000] * 100])

    with pytest.raises(BrokenFile) as refused:
        list(cut("x.csv", blocks))

    assert refused.value.message == (
        "x.csv line 2 is longer than 8 MiB: is this file of lines at all?"
    )
    assert len(list(blocks)) == 99 - LINE_LIMIT // 1_000_000
