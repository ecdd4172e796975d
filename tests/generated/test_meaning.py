"""Generated definitions over generated worlds: Python and Neo4j find the same contacts."""

from __future__ import annotations

import json
import os
import random
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from graph import model, times
from graph.conditions import read
from tests import report
from tests.generated import histories
from tests.generated.definitions import DEFINITION
from tests.generated.graphs import SEEDS, World, loaded
from tests.generated.instants import edges
from tests.generated.words import words_of

if TYPE_CHECKING:
    from graph.database import Database

pytestmark = pytest.mark.engine

WORLDS, DEFINITIONS = (40, 60) if os.environ.get("SEGRAPH_PROVE") == "1" else (5, 25)
CONTACTS: Final = 40
INSTANTS: Final = 8


@pytest.fixture(params=range(WORLDS))
async def world(request: pytest.FixtureRequest, database: Database) -> World:
    """Give a world of the run's own chance, loaded."""
    for text in model.constraints():
        await database.change(text)
    chance = random.Random(f"{request.param} {random.random()}")  # noqa: S311 - no secret
    return await loaded(database, histories.made(chance, CONTACTS), histories.NOW)


@pytest.mark.timeout(600)
@given(definition=DEFINITION, seed=st.integers(0, 2**32))
@settings(
    max_examples=DEFINITIONS,
    # Shrinking would plan thousands of statements; a failure names all that it takes.
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_python_and_neo4j_agree(world: World, definition: object, seed: int) -> None:
    """For every contact and instant both say the same, wherever the statement starts."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    condition = read(definition)
    words = words_of(condition)
    instants = edges(chance, definition, INSTANTS)

    for t in instants:
        held = world.held(condition, t)
        found = await world.verdicts(condition, t)
        assert found == held, said(world, definition, t, found ^ held)
        report.judged("generated", definition, words, len(world.subjects))

    t = chance.choice(instants)
    held = world.held(condition, t)
    for seed_of_compiler in SEEDS:
        if chance.random() < 0.5:
            found = await world.members(condition, t, seed_of_compiler)
            assert found == sorted(held), said(world, definition, t, held ^ set(found))
        else:
            number = await world.count(condition, t, seed_of_compiler)
            assert number == len(held), said(world, definition, t, held)


def said(world: World, definition: object, t: int, keys: set[str]) -> str:
    """Return what the two disagree on."""
    subjects = [world.subjects[key] for key in sorted(keys)[:1]]
    return f"{json.dumps(definition)} at {times.instant_text(t)}, of {len(keys)}: {subjects}"
