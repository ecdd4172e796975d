"""Spreads of measurements, and tables of them."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Spread:
    """The least, the middle and the greatest of several measurements."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle one."""
        return statistics.median(self.values)

    def quantile(self, part: float) -> float:
        """Return the value that this part of all lie under."""
        ordered = sorted(self.values)
        return ordered[min(len(ordered) - 1, int(part * len(ordered)))]

    def text(self, digits: int = 1) -> str:
        """Return `min / median / max`."""
        each = (min(self.values), self.median, max(self.values))
        return " / ".join(f"{value:,.{digits}f}" for value in each)


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table as Markdown has it."""
    print(f"| {' | '.join(head)} |")
    print(f"|{'|'.join('---' for _ in head)}|")
    for row in rows:
        print(f"| {' | '.join(str(cell) for cell in row)} |", flush=True)
    print(flush=True)


def verdict(value: float, target: float, *, most: bool) -> str:
    """Return a target and whether a value meets it; `most` where it is a greatest one."""
    held = value <= target if most else value >= target
    return f"{'≤' if most else '≥'} {target:,g}: {'held' if held else 'missed'}"
