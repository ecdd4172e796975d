"""Every case of the corpus, judged by plain Python and by the compiled Cypher on a real Neo4j."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

import msgspec
import pytest

from graph import conditions
from graph.clock import FixedClock
from graph.compiler import compiled, verdicts
from graph.cypher import queries
from graph.estimates import KindFacts
from graph.ingest.decoding import decode
from graph.segmentation import Segmentation
from tests import judge, report, worlds
from tests.generated.words import words_of
from tests.report import PROVE

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator, Mapping

    from graph.audience import Audience
    from graph.conditions import Condition
    from graph.database import Database, Statement
    from graph.estimates import Facts
    from graph.subject import Subject
    from tests.judge import Case, World

WORLDS = {world.name: world for world in judge.worlds()}
CASES = {case.name: (world.name, case) for world in judge.worlds() for case in world.cases}


@cache
def people(world: str) -> list[Subject]:
    """Return the contacts of a world as Python sees them."""
    told = WORLDS[world]
    return worlds.subjects(told.lines, told.now, told.segments)


@pytest.mark.parametrize(("world", "case"), CASES.values(), ids=CASES)
def test_python_finds_the_members(world: str, case: Case) -> None:
    """Plain Python finds exactly the members, by the canonical form too, and JSON loses nothing."""
    condition = case.condition
    canonical = condition.canonical()

    assert worlds.members(condition, people(world), case.at) == case.members
    assert worlds.members(canonical, people(world), case.at) == case.members
    assert canonical.canonical() == canonical
    assert conditions.read(conditions.write(condition)) == condition
    assert conditions.read(conditions.write(canonical)) == canonical


def test_there_are_enough_cases() -> None:
    """The corpus is as large as is promised, and no two of its cases share a name."""
    assert len(CASES) == sum(len(world.cases) for world in WORLDS.values())
    assert len(CASES) >= 600


@pytest.mark.engine
@pytest.mark.timeout(300)
@pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS)
async def test_neo4j_finds_the_members(database: Database, world: World) -> None:
    """Neo4j finds exactly the members: counted, by the page, from every seed, and one by one.

    A quick run takes one of the other ways after the page, case by case another.
    """
    async with told(database, world) as segmentation:
        wrong: dict[str, list[object]] = {}
        for number, case in enumerate(world.cases):
            audience = await segmentation.audience(case.condition, case.at)
            answers: list[object] = [await by_the_page(audience)]
            others = list(seeded(audience, [each.key for each in people(world.name)]))
            turn = number % (len(others) + 1)
            if PROVE or turn == len(others):
                answers.append(await audience.count())
            answers += [
                sorted(row["key"] for row in await database.read(other))
                for other in (others if PROVE else others[turn : turn + 1])
            ]
            expected = [case.members, len(case.members)]
            differs = any(answer not in expected for answer in answers)
            if differs:
                wrong[case.name] = [case.members, *answers]
            words = words_of(case.condition)
            report.RINGS["corpus"].judged(case.where, words, 1, int(differs))

    assert wrong == {}


@asynccontextmanager
async def told(database: Database, world: World) -> AsyncGenerator[Segmentation]:
    """Run a segmentation that was told a world, all of it taken."""
    opened = Segmentation(database, FixedClock(world.now))
    await opened.prepare()
    async with asyncio.TaskGroup() as tasks:
        writer = tasks.create_task(opened.run(force=True))
        await opened.ready()
        lines = [*saved(world.segments), *world.lines]
        answer = await opened.tell([decode(msgspec.json.encode(line)) for line in lines])
        assert answer.rejected == []
        try:
            yield opened
        finally:
            writer.cancel()


def saved(segments: Mapping[str, Condition]) -> Iterator[dict[str, object]]:
    """Yield the lines of saved segments, in their order."""
    for key, condition in segments.items():
        where = conditions.write(condition)
        yield {"type": "segment", "key": key, "name": key, "where": where}


async def by_the_page(audience: Audience) -> list[str]:
    """Return the members in the order of their pages, a few on each."""
    keys: list[str] = []
    after = None
    while True:
        page = await audience.members(7, after)
        keys += [contact.key for _, contact in page.items]
        if not page.more:
            return keys
        after = page.items[-1][0]


def seeded(audience: Audience, keys: list[str]) -> Iterator[Statement]:
    """Yield statements that find the members otherwise, each once.

    From all contacts; from the index on time, as if nothing had happened in a window; from the
    things inwards, as if all had; and from the contacts one by one.
    """
    condition, t, facts = audience.condition, audience.t, audience.facts
    found = [
        compiled(condition.canonical(), queries.Verdicts(), t, each)
        for each in (
            replace(facts, contacts=0),
            replace(facts, contacts=10**9, kinds=_supposed(facts, 0.0)),
            replace(facts, contacts=10**9, kinds=_supposed(facts, 1.0)),
        )
    ]
    found.append(verdicts(condition, tuple(keys), t, facts))
    yield from {(each.text, repr(each.parameters)): each for each in found}.values()


@dataclass(frozen=True, slots=True)
class Supposed(KindFacts):
    """A kind of which this share of all events is supposed to lie in any window."""

    share: float = 0.0

    def within(self, first: int, last: int) -> float:
        """Return the share, whatever the window."""
        del first, last
        return self.count * self.share


def _supposed(facts: Facts, share: float) -> dict[str, KindFacts]:
    return {
        name: Supposed(kind.type, kind.count, kind.first_at, kind.last_at, share)
        for name, kind in facts.kinds.items()
    }
