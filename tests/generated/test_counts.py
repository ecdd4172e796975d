"""What Neo4j counts of parts and overlaps is what Python counts, for definitions at random."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from graph import model
from graph.breakdown import read_breakdown
from graph.conditions import read
from graph.conditions.logic import AllOf, AnyOf
from graph.overlaps import read_overlap
from tests.generated import histories
from tests.generated.definitions import DEFINITION
from tests.generated.graphs import World, loaded, seeding
from tests.generated.instants import edges
from tests.report import PROVE

if TYPE_CHECKING:
    from graph.conditions import Condition
    from graph.database import Database
    from graph.errors import Path

pytestmark = pytest.mark.engine

DEFINITIONS: Final = 1000 if PROVE else 12


@pytest.fixture
async def world(database: Database) -> World:
    """Give a world of the run's own chance, loaded."""
    for text in model.constraints():
        await database.change(text)
    chance = random.Random(random.random())  # noqa: S311 - no secret
    return await loaded(database, histories.made(chance, 40), histories.NOW)


@pytest.mark.timeout(3600 if PROVE else 600)
@given(
    raws=st.lists(DEFINITION, min_size=1, max_size=4),
    seed=st.integers(0, 2**32),
    word=st.sampled_from(("all", "any")),
)
@settings(
    max_examples=DEFINITIONS,
    # Shrinking would plan thousands of statements; a failure names all that it takes.
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_parts_and_overlaps_agree(
    world: World, raws: list[object], seed: int, word: str
) -> None:
    """One statement tells each part and what is left after it; another, what is in common."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    parts = [read(raw) for raw in raws]
    (t,) = edges(chance, raws, 1)
    facts = seeding(world.facts, "index") if chance.random() < 0.5 else world.facts
    held = [world.held(part, t) for part in parts]
    there = {key for key, each in world.subjects.items() if each.since <= t}

    breakdown = await read_breakdown(world.database, read({word: raws}), t, facts)
    overlap = await read_overlap(world.database, parts, t, facts, t)

    assert breakdown.everybody == len(there)
    for step in breakdown.steps:
        assert step.count == len(world.held(step.condition, t)), (raws, t, step.path)
        ended = world.held(_ended(read({word: raws}), step.path), t)
        assert step.running == len(ended), (raws, t, step.path)
    assert [step.count for step in breakdown.steps if step.level == 1] == [*map(len, held)]
    for places in overlap.intersections():
        together = set[str].intersection(*(held[place] for place in places))
        assert overlap.together(places) == len(together), (raws, places, t)
    assert sum(overlap.exactly.values()) == len(there)


def _ended(condition: Condition, path: Path) -> Condition:
    """Return a condition without what follows the part at a path."""
    if not isinstance(condition, AllOf | AnyOf) or len(path) < 2:
        return condition
    place = int(path[1])
    *before, part = condition.children[: place + 1]
    return type(condition)((*before, _ended(part, path[2:])))
