"""How many contacts each part of a condition finds, and how many are left step by step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from graph import errors
from graph.compiler import steps
from graph.conditions import Condition, shape
from graph.conditions.codec import FEWER
from graph.conditions.logic import AllOf, AnyOf
from graph.cypher.queries import Joined
from graph.errors import Path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graph.database import Reader
    from graph.estimates import Facts


MOST: Final = 100


@dataclass(frozen=True, slots=True)
class Step:
    """A part of a condition: how many meet it, and how many the condition if it ended there.

    `level` is 1 of the outermost parts, 2 of those in one of them, and so on.
    """

    condition: Condition
    path: Path
    level: int
    count: int
    running: int


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The parts of a condition in the order in which they are written, each before those in it.

    Down an `all` those are left who met every part so far, down an `any` those who met one.
    """

    everybody: int
    steps: Sequence[Step]
    every: bool

    @property
    def text(self) -> str:
        """Where most change, in words: `Drops from 812 to 14 at: opened a sales e-mail`."""
        begun = self.everybody if self.every else 0
        outermost = [step for step in self.steps if step.level == 1]
        ways = pairwise([begun, *(step.running for step in outermost)])
        changes = [(abs(after - before), before, after) for before, after in ways]
        place = max(range(len(changes)), key=lambda each: changes[each][0])
        size, before, after = changes[place]
        if not size:
            return f"Stays at {before:,}"
        verb = "Drops" if self.every else "Grows"
        return f"{verb} from {before:,} to {after:,} at: {outermost[place].condition.text()}"


async def read_breakdown(database: Reader, condition: Condition, t: int, facts: Facts) -> Breakdown:
    """Return the breakdown of a condition at t, by one statement.

    Raises:
        TooMuch: it has more parts than an engine makes a plan for in time.
    """
    tests: list[Condition] = []
    joined = _joined(condition, tests)
    if len(tests) > MOST:
        raise errors.TooMuch(
            f"A breakdown is of at most {MOST} conditions, not of {len(tests)}: ask for that of a "
            f"part of it, or {FEWER}"
        )
    (row,) = await database.read(steps(tests, joined, t, facts))
    told = [
        Step(part, path, level, count, running)
        for (part, path, level), count, running in zip(
            _parts(condition, ()), row["counts"], row["running"], strict=True
        )
    ]
    return Breakdown(row["everybody"], told, joined.every)


def _joined(condition: Condition, tests: list[Condition]) -> Joined:
    """Return how the parts of a condition are joined, each added to the tests in its place."""
    parts: list[int | Joined] = []
    for _, part in parts_of(condition):
        if part is not condition and isinstance(part, AllOf | AnyOf):
            parts.append(_joined(part, tests))
        else:
            parts.append(len(tests))
            tests.append(part)
    return Joined(tuple(parts), every=not isinstance(condition, AnyOf))


def _parts(
    condition: Condition, path: Path, level: int = 1
) -> Iterator[tuple[Condition, Path, int]]:
    for place, part in parts_of(condition):
        yield part, (*path, *place), level
        if part is not condition and isinstance(part, AllOf | AnyOf):
            yield from _parts(part, (*path, *place[:-1]), level + 1)


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
