"""What Neo4j counts of parts and overlaps is what Python counts, for definitions at random."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Final

import pytest

from graph.breakdown import read_breakdown
from graph.conditions import read
from graph.overlaps import read_overlap
from tests.generated import histories
from tests.generated.definitions import DEFINITION
from tests.generated.graphs import World, loaded, seeding
from tests.generated.instants import edges

if TYPE_CHECKING:
    from graph.conditions import Condition
    from graph.database import Database

pytestmark = pytest.mark.engine

ROUNDS: Final = 60


@pytest.fixture
async def world(database: Database) -> World:
    """Give a world that Neo4j and Python know."""
    return await loaded(database, histories.made(random.Random(7), 30), histories.NOW)  # noqa: S311 - no secret


async def test_parts_and_overlaps_agree(world: World) -> None:
    """From one statement each: every set, what is left after each part, and what is in common."""
    drawn = drawn_definitions(ROUNDS * 3)
    for number in range(ROUNDS):
        raws = drawn[number * 3 : number * 3 + 3]
        parts = [read(raw) for raw in raws]
        t = edges(random.Random(number), raws[0], 1)[0]  # noqa: S311 - no secret
        facts = seeding(world.facts, "index") if number % 2 else world.facts
        held = [world.held(part, t) for part in parts]
        there = {key for key, each in world.subjects.items() if each.since <= t}

        overlap = await read_overlap(world.database, parts, t, facts, t)
        for word, every in (("all", True), ("any", False)):
            whole = read({word: raws})
            breakdown = await read_breakdown(world.database, whole, t, facts)
            assert breakdown.everybody in {len(there), 0}
            assert [step.count for step in breakdown.steps] == [len(keys) for keys in held]
            assert [step.running for step in breakdown.steps] == running(held, every=every)

        for places in overlap.intersections():
            together = set.intersection(*(held[place] for place in places))
            assert overlap.together(places) == len(together), (raws, places)
        assert sum(overlap.exactly.values()) == len(there)
