"""Saved segments are right after each step, whatever happened to contacts, definitions, servers."""

from __future__ import annotations

import asyncio
import gc
import random
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from graph import model
from graph.database import Database
from graph.upkeep import members, timers, turns, writer
from tests.generated.kept.defining import definitions
from tests.generated.kept.machine import Machine
from tests.report import PROVE

if TYPE_CHECKING:
    from tests.engine import Running

pytestmark = pytest.mark.engine

PARTS, RUNS, STEPS = (20, 100, 12) if PROVE else (1, 20, 8)
"""How many runs there are in each part, and of how many steps each at most."""
SETTINGS: Final = settings(
    max_examples=RUNS,
    stateful_step_count=STEPS,
    deadline=None,
    database=None,
    phases=(Phase.generate, Phase.shrink) if PROVE else (Phase.generate,),
    suppress_health_check=(
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.large_base_example,
        HealthCheck.filter_too_much,
    ),
)
LEAVES: Final = 600 if PROVE else 60
"""How many of the conditions to choose from are made at random."""
FEW: Final = 2
"""Contacts that are judged in one commit, so that a segment is filled in several."""


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let who stands by look often, turns be small, and few timers be held."""
    monkeypatch.setattr(writer, "_PATIENCE", 0.005)
    monkeypatch.setattr(members, "TURN", FEW)
    monkeypatch.setattr(turns, "TURN", FEW)
    monkeypatch.setattr(timers, "HELD", FEW + 1)


@pytest.mark.timeout(2 * 3600 if PROVE else 600)
@pytest.mark.usefixtures("hurried")
@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")  # a handshake that was cut off
@pytest.mark.parametrize("part", range(PARTS))
def test_members_are_right_after_each_step(neo4j: Running, part: int) -> None:
    """In the graph, by the log, in plain Python and in the end by the compiled Cypher."""
    with asyncio.Runner() as runner:
        chance = random.Random(f"{random.random()}/{part}")  # noqa: S311 - no secret
        saved = definitions(chance, LEAVES)
        graph = Database(neo4j.address, neo4j.user, neo4j.password)

        class OfThisRun(Machine):
            """The machine on the Neo4j of the run."""

            def __init__(self) -> None:
                super().__init__(runner, neo4j, graph, saved)

        runner.run(constrained(graph))
        try:
            run_state_machine_as_test(OfThisRun, settings=SETTINGS)
        finally:
            runner.run(graph.close())
            gc.collect()


async def constrained(graph: Database) -> None:
    """Make constraints where they are missing."""
    for text in model.constraints():
        await graph.change(text)
