"""How many contacts each part of a condition finds, and how many are left one after another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from graph.compiler import steps
from graph.conditions import Condition, shape
from graph.conditions.logic import AllOf, AnyOf
from graph.errors import Path

if TYPE_CHECKING:
    from graph.database import Reader
    from graph.estimates import Facts


@dataclass(frozen=True, slots=True)
class Step:
    """A part of a condition: how many meet it, and how many are left after it."""

    condition: Condition
    path: Path
    count: int
    running: int


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The parts of a condition in the order in which they are written.

    Down an `all` those are left who met every part so far, down an `any` those who met one.
    """

    everybody: int
    steps: Sequence[Step]
    every: bool

    @property
    def text(self) -> str:
        """Where most change, in words: `Drops from 812 to 14 at: opened a sales e-mail`."""
        begun = self.everybody if self.every else 0
        ways = pairwise([begun, *(step.running for step in self.steps)])
        changes = [(abs(after - before), before, after) for before, after in ways]
        place = max(range(len(changes)), key=lambda each: changes[each][0])
        size, before, after = changes[place]
        if not size:
            return f"Stays at {before:,}"
        verb = "Drops" if self.every else "Grows"
        return f"{verb} from {before:,} to {after:,} at: {self.steps[place].condition.text()}"


async def read_breakdown(database: Reader, condition: Condition, t: int, facts: Facts) -> Breakdown:
    """Return the breakdown of a condition at t, by one statement."""
    parts = parts_of(condition)
    every = not isinstance(condition, AnyOf)
    statement = steps([part for _, part in parts], t, facts, every=every)
    rows = await database.read(statement)
    found = {row["place"]: (row["count"], row["running"]) for row in rows}
    everybody = rows[0]["everybody"] if rows else 0
    told = [Step(part, path, *found.get(place, (0, 0))) for place, (path, part) in enumerate(parts)]
    return Breakdown(everybody, told, every)


def parts_of(condition: Condition) -> list[tuple[Path, Condition]]:
    """Return the parts of the outermost `all` or `any`, each with its path; of others itself."""
    word = shape.word_of(condition)
    match condition:
        case AllOf(children) | AnyOf(children):
            return [
                ((word, place, shape.word_of(child)), child) for place, child in enumerate(children)
            ]
        case _:
            return [((word,), condition)]
