"""Generated definitions over generated worlds: Python and Neo4j find the same contacts."""

from __future__ import annotations

import json
import random
from math import ceil
from typing import TYPE_CHECKING, Final

import pytest

from graph import errors, model, times
from graph.conditions import read
from tests import proof, report
from tests.generated import histories
from tests.generated.definitions import DEFINITION
from tests.generated.graphs import SEEDS, World, loaded
from tests.generated.instants import edges
from tests.generated.steered import drawn, steered
from tests.generated.words import words_of
from tests.report import PROVE, Ring

if TYPE_CHECKING:
    from graph.database import Database

pytestmark = pytest.mark.engine

RING: Final = "generated"
WORLDS, DEFINITIONS, SAID = (25, 50, 60) if PROVE else (1, 10, 1)
"""How many definitions each world judges, and by how many each word is said in the end."""
CONTACTS: Final = 40
INSTANTS: Final = 5 if PROVE else 2
SLOW: Final = 0.02
FEW: Final = 3
"""How many definitions may take longer to plan than is waited for: so many of all, or a few."""


@pytest.fixture(params=range(1, WORLDS + 1))
def number(request: pytest.FixtureRequest) -> int:
    """Give the number of a world: by its end, that share of all there are is judged."""
    return request.param


@pytest.fixture
def chance(number: int) -> random.Random:
    """Give the chance of one world, of the seed of the run."""
    return random.Random(f"{number} {random.random()}")  # noqa: S311 - no secret


@pytest.fixture
async def world(chance: random.Random, database: Database) -> World:
    """Give a world of the run's own chance, loaded."""
    for text in model.constraints():
        await database.change(text)
    return await loaded(database, histories.made(chance, CONTACTS), histories.NOW)


@pytest.mark.timeout(3600)
async def test_python_and_neo4j_agree(world: World, chance: random.Random, number: int) -> None:
    """For every contact and instant both say the same, of definitions with all words there are."""
    ring = report.RINGS[RING]
    said = proof.before().rings.get(RING, Ring()).said if PROVE else {}
    differences: list[str] = []

    for definition in drawn(DEFINITION, DEFINITIONS, chance):
        differences += await judged(world, definition, chance)
    for definition in steered(ring, ceil(SAID * number / WORLDS), chance, said):
        differences += await judged(world, definition, chance)

    assert not differences, "\n".join(differences)
    assert ring.slow <= max(FEW, SLOW * len(ring.definitions))


async def judged(world: World, definition: object, chance: random.Random) -> list[str]:
    """Return what the two disagree on, as far as Neo4j plans what is asked in time."""
    told: list[str] = []
    try:
        await compare(world, definition, chance, told)
    except errors.GraphTooSlow:
        report.RINGS[RING].slow += 1
    return told


async def compare(world: World, definition: object, chance: random.Random, told: list[str]) -> None:
    """Add what the two disagree on, at instants that matter, and wherever they start.

    In a quick run half of the definitions are asked of given contacts alone.
    """
    condition = read(definition)
    instants = edges(chance, definition, INSTANTS)
    for t in instants:
        held = world.held(condition, t)
        differing = await world.verdicts(condition, t) ^ held
        report.RINGS[RING].judged(
            definition, words_of(condition), len(world.subjects), len(differing)
        )
        if differing:
            told.append(_told(world, definition, t, differing))

    if not PROVE and chance.random() < 0.5:
        return
    t, seed = chance.choice(instants), chance.choice(SEEDS)
    held = world.held(condition, t)
    if chance.random() < 0.5:
        found = await world.members(condition, t, seed)
        if found != sorted(held):
            told.append(f"{seed}: {_told(world, definition, t, held ^ set(found))}")
    elif (number := await world.count(condition, t, seed)) != len(held):
        told.append(f"{seed}: {number} are counted: {_told(world, definition, t, held)}")


def _told(world: World, definition: object, t: int, keys: set[str]) -> str:
    subjects = [world.subjects[key] for key in sorted(keys)[:1]]
    return f"{json.dumps(definition)} at {times.instant_text(t)}, of {len(keys)}: {subjects}"
