"""Lines gathered into what one request takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from server.transfer.failures import BrokenFile
from server.transfer.rows import Rejection, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from server.transfer.rows import Item

BYTES: Final = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Chunk:
    """The lines up to and with `last`: rows to send, and what is not sent at all."""

    rows: tuple[Row, ...]
    rejections: tuple[Rejection, ...]
    last: int
    position: int

    @property
    def size(self) -> int:
        """Return how many lines it settles."""
        return len(self.rows) + len(self.rejections)


def chunks(
    items: Iterator[Item], *, after: int, lines: int, position: Callable[[], int]
) -> Iterator[Chunk]:
    """Yield the lines after a given one in chunks of at most so many lines, and 8 MiB.

    Raises:
        BrokenFile: the file breaks off; what stood before has been yielded.
    """
    gathered: list[Item] = []
    weight = 0
    broken: BrokenFile | None = None
    try:
        for item in items:
            if item.line <= after:
                continue
            size = len(item.data) + 1
            if gathered and (len(gathered) == lines or weight + size > BYTES):
                yield _chunk(gathered, position())
                gathered, weight = [], 0
            gathered.append(item)
            weight += size
    except BrokenFile as found:
        broken = found
    if gathered:
        yield _chunk(gathered, position())
    if broken:
        raise broken


def _chunk(items: list[Item], position: int) -> Chunk:
    rows = tuple(item for item in items if isinstance(item, Row))
    rejections = tuple(item for item in items if isinstance(item, Rejection))
    return Chunk(rows, rejections, items[-1].line, position)
