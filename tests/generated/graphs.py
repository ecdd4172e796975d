"""A world in the Neo4j of the run and in Python, and the ways to ask it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import msgspec

from graph.clock import FixedClock
from graph.compiler import compiled, verdicts
from graph.conditions import read
from graph.cypher import queries
from graph.cypher.queries import LATER
from graph.database import Database
from graph.estimates import Facts
from graph.ingest.decoding import decode
from graph.segmentation import SKEW, Segmentation
from graph.subject import Subject
from graph.upkeep.registry import read_registry
from tests import worlds
from tests.generated import pools

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hypothesis.vendor.pretty import RepresentationPrinter

    from graph.conditions import Condition

SEEDS: Final = ("everyone", "index", "inward")
"""What a statement may start from wherever a condition offers it."""

SAVED: Final = {key: read(raw) for key, raw in pools.SEGMENTS.items()}
"""The saved segments of every world."""

DEADLINE: Final = 60.0
"""How long Neo4j may take to plan and run a statement, on a machine that does much else."""

_MANY: Final = 10**9


@dataclass(frozen=True, slots=True, repr=False)
class World:
    """Contacts as Python sees them, and the graph that has been told the same."""

    database: Database
    subjects: Mapping[str, Subject]
    facts: Facts

    def __repr__(self) -> str:
        return f"World of {len(self.subjects)} contacts"

    def _repr_pretty_(self, printer: RepresentationPrinter, cycle: bool) -> None:  # noqa: FBT001
        """Print it so where hypothesis reports of a failure, and not all that is in it."""
        del cycle
        printer.text(repr(self))

    async def verdicts(self, condition: Condition, t: int) -> set[str]:
        """Return for whom Neo4j says that a condition holds, of all contacts by their keys."""
        statement = verdicts(condition, tuple(self.subjects), t, self.facts)
        return {row["key"] for row in await self.database.read(statement, DEADLINE)}

    async def members(self, condition: Condition, t: int, seed: str) -> list[str]:
        """Return whom Neo4j finds, in two pages."""
        keys = await self._page(condition, t, seed, queries.Page(3))
        if len(keys) == 3:
            keys += await self._page(condition, t, seed, queries.Page(len(self.subjects), keys[-1]))
        return keys

    async def _page(self, condition: Condition, t: int, seed: str, page: queries.Page) -> list[str]:
        rows = await self.database.read(
            compiled(condition.canonical(), page, t, seeding(self.facts, seed)), DEADLINE
        )
        return [row["contact"]["key"] for row in rows]

    async def count(self, condition: Condition, t: int, seed: str) -> int:
        """Return how many Neo4j counts."""
        statement = compiled(condition.canonical(), queries.Count(), t, seeding(self.facts, seed))
        (row,) = await self.database.read(statement, DEADLINE)
        return row["count"]

    def held(self, condition: Condition, t: int) -> set[str]:
        """Return for whom Python says that a condition holds."""
        return set(worlds.members(condition, self.subjects.values(), t))


async def loaded(database: Database, lines: Iterable[Mapping[str, object]], now: int) -> World:
    """Tell lines to an emptied graph, and to Python."""
    lines = list(lines)
    await database.change("MATCH (n) DETACH DELETE n")
    segmentation = Segmentation(database, FixedClock(now))
    async with asyncio.TaskGroup() as tasks:
        writer = tasks.create_task(segmentation.run(force=True))
        await segmentation.ready()
        told = await segmentation.tell([decode(msgspec.json.encode(line)) for line in lines])
        writer.cancel()
    assert told.rejected == []
    registry = await read_registry(database)
    subjects = {each.key: each for each in worlds.subjects(lines, now + SKEW, SAVED)}
    kinds = {name: kind.facts() for name, kind in registry.kinds.items()}
    facts = Facts(
        kinds,
        len(subjects),
        len(pools.ACCOUNTS),
        SAVED,
        withdrawn=registry.withdrawn,
        told=registry.told or LATER,
    )
    return World(database, subjects, facts)


def seeding(facts: Facts, seed: str) -> Facts:
    """Return facts that make a start the cheapest: few contacts, or events outside any window."""
    if seed == "everyone":
        return replace(facts, contacts=0)
    first, last = (2**61, 2**61) if seed == "index" else (-(2**61), 2**61)
    kinds = {
        # Some are rarer than others, whatever their names, and whether or not there are others.
        name: replace(kind, count=1000 + number % len(pools.EVENTS), first_at=first, last_at=last)
        for number, (name, kind) in enumerate(facts.kinds.items())
    }
    return replace(facts, kinds=kinds, contacts=_MANY)
