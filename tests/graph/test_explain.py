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
    """Whoever is said to meet a condition does by Cypher; nothing turns before it is said to."""
    keys = tuple(each.key for each in people(world.name))
    async with told(database, world) as segmentation:
        names = (await read_registry(database)).names()
        wrong: dict[str, object] = {}
        for case in world.cases:
            audience = await segmentation.audience(case.condition, case.at)
            trees: dict[str, Explained] = {}
            for key in keys:
                seen = await subjects.load(database, key, case.condition, world.segments, names)
                trees[key] = explained(case.condition, seen.people[key], case.at)
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
