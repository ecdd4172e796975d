"""What became of the lines so far, in numbers."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from server.transfer.chunks import Chunk
    from server.transfer.sending import Settled


@dataclass(frozen=True, slots=True)
class Tally:
    """How many lines were settled, and how."""

    lines: int = 0
    accepted: int = 0
    duplicates: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0

    def plus(self, other: Tally) -> Tally:
        """Return the sum of both."""
        return Tally(*map(sum, zip(astuple(self), astuple(other), strict=True)))

    def settling(self, chunk: Chunk, settled: Settled) -> Tally:
        """Return the tally after a chunk has been settled."""
        rejected = len(chunk.rejections) + len(settled.rejections)
        return self.plus(
            Tally(
                chunk.size,
                settled.accepted,
                settled.duplicates,
                settled.created,
                settled.updated,
                settled.unchanged,
                rejected,
            )
        )

    def text(self) -> str:
        """Return the numbers that are not 0 in words, that of the lines in any case."""
        names = ("accepted", "duplicates", "created", "updated", "unchanged", "rejected")
        counts = zip(names, astuple(self)[1:], strict=True)
        told = ", ".join(f"{count:,} {name}" for name, count in counts if count)
        return f"{self.lines:,} lines{': ' if told else ''}{told}"
