"""Explanations, judged by the compiled Cypher on a real Neo4j over every case of the corpus."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from graph import subjects, times
from graph.compiler import verdicts
from graph.explain import explained
from graph.upkeep.registry import read_registry
from tests.corpus.test_corpus import WORLDS, people, told
from tests.report import PROVE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graph.database import Database
    from graph.estimates import Facts
    from graph.explain import Explained
    from tests.judge import Case, World


@pytest.mark.engine
@pytest.mark.timeout(300)
@pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS)
async def test_explanations_agree_with_neo4j(database: Database, world: World) -> None:
    """Whoever is said to meet a condition does by Cypher; nothing turns before it is said to.

    A quick run reads one contact from the graph, case by case another, and takes the others as
    they were told.
    """
    async with told(database, world) as segmentation:
        names = (await read_registry(database)).names()
        wrong: dict[str, object] = {}
        for number, case in enumerate(world.cases):
            audience = await segmentation.audience(case.condition, case.at)
            seen = {each.key: each for each in people(world.name)}
            for key in seen if PROVE else [list(seen)[number % len(seen)]]:
                read = await subjects.load(database, key, case.condition, world.segments, names)
                seen[key] = read.people[key]
            trees = {key: explained(case.condition, each, case.at) for key, each in seen.items()}
            facts = replace(audience.facts, definitions=world.segments)
            found = await _differences(database, case, trees, facts)
            if found:
                wrong[case.name] = found

    assert wrong == {}


async def _differences(
    database: Database, case: Case, trees: Mapping[str, Explained], facts: Facts
) -> list[object]:
    """Return where explanations and Cypher differ: at the instant, and about the first turn."""

    async def members(t: int) -> set[str]:
        statement = verdicts(case.condition, tuple(trees), t, facts)
        return {row["key"] for row in await database.read(statement)}

    said = {key for key, tree in trees.items() if tree.holds}
    found: list[object] = [] if said == set(case.members) else [("now", said, case.members)]
    turns = [each.changes_at for each in trees.values() if each.changes_at is not None]
    if not turns:
        after = await members(case.at + 400 * times.DAY)
        return found if after == said else [*found, ("never", said, after)]
    first = min(turns)
    before, then = await members(first - 1), await members(first)
    turned = {key for key, tree in trees.items() if tree.changes_at == first}
    if before != said or before ^ then != turned:
        found.append((times.instant_text(first), said, before, then, turned))
    return found
