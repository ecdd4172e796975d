"""How conditions overlap: how many contacts meet which of them together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Final

from graph import conditions, errors
from graph.catalogue import check, definitions, unknown
from graph.compiler import tally
from graph.conditions import Condition
from graph.conditions.in_segment import InSegment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graph.catalogue import Saved
    from graph.database import Reader
    from graph.errors import Path
    from graph.estimates import Facts

MOST: Final = 8

Places = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Overlap:
    """Contacts by which of some conditions they meet; `exactly` those and none of the others."""

    conditions: Sequence[Condition]
    exactly: Mapping[Places, int]
    as_of: int

    def together(self, places: Places) -> int:
        """Return how many meet all of these, whatever else they meet."""
        asked = set(places)
        return sum(count for met, count in self.exactly.items() if asked <= set(met))

    def either(self, left: int, right: int) -> int:
        """Return how many meet one of two, or both."""
        both = self.together((left, right))
        return self.together((left,)) + self.together((right,)) - both

    def jaccard(self, left: int, right: int) -> float | None:
        """Return what part of those who meet one of two meets both; None where nobody does."""
        either = self.either(left, right)
        return self.together((left, right)) / either if either else None

    def intersections(self) -> Iterator[Places]:
        """Yield all ways to take some of the conditions, few first."""
        for number in range(1, len(self.conditions) + 1):
            yield from combinations(range(len(self.conditions)), number)

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Yield each two of the conditions."""
        yield from combinations(range(len(self.conditions)), 2)


def sets_of(segments: Sequence[str], raw: Sequence[object]) -> list[tuple[Path, Condition]]:
    """Return what to lay over one another, each with its path: segments, and conditions as JSON.

    Raises:
        BadInput: there are none, too many, or one is refused, at its place.
    """
    number = len(segments) + len(raw)
    if not 1 <= number <= MOST:
        raise errors.BadInput(
            f"An overlap is of 1 to {MOST} segments and conditions together, not of {number}",
            "conditions" if raw or not segments else "segments",
        )
    found: list[tuple[Path, Condition]] = []
    for place, key in enumerate(segments):
        with errors.under("segments", place):
            try:
                found.append((("segments", place), InSegment(key)))
            except errors.BadInput as error:
                raise errors.BadInput(error.message) from None
    for place, each in enumerate(raw):
        with errors.under("conditions", place):
            found.append((("conditions", place), conditions.read(each)))
    return found


def check_sets(sets: Sequence[tuple[Path, Condition]], saved: Mapping[str, Saved]) -> None:
    """Refuse a segment that there is not, at its place.

    Raises:
        BadInput: at the path of an unknown segment, or of what is too large.
    """
    for path, condition in sets:
        with errors.under(*path):
            if path[0] == "segments" and isinstance(condition, InSegment):
                if condition.key not in definitions(saved):
                    raise unknown(condition.key, saved)
            else:
                check(None, condition, saved)


async def read_overlap(
    database: Reader, conditions: Sequence[Condition], t: int, facts: Facts, as_of: int
) -> Overlap:
    """Return how conditions overlap at t, by one statement."""
    exactly = {
        tuple(place for place, met in enumerate(row["met"]) if met): row["count"]
        for row in await database.read(tally(conditions, t, facts))
    }
    return Overlap(conditions, exactly, as_of)
