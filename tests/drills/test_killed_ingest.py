"""Server and graph are killed at any moment while events come and segments are kept."""

from __future__ import annotations

import os
import random
import signal
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

import pytest

from tests import report
from tests.drills import keeping
from tests.drills.serving import Server, graph_of, served, stored, until
from tests.report import PROVE

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.drill

SEEDS, ROUNDS = (20, 10) if PROVE else (1, 5)
"""How many graphs there are, and how often something is killed on each."""
KILLED: Final = ("server", "graph", "both")
MEMORY: Final = {"SEGRAPH_LOCAL_HEAP_MIB": "512", "SEGRAPH_LOCAL_PAGE_CACHE_MIB": "128"}
TELLERS: Final = 2


@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", range(SEEDS))
async def test_what_is_acknowledged_outlives_a_kill(tmp_path: Path, seed: int) -> None:
    """All of it is there, once; the log has no gap; members are those that Cypher finds."""
    chance = random.Random(seed)  # noqa: S311 - a seed to be told again
    data = tmp_path / "data"
    rounds = [*KILLED, *(chance.choice(KILLED[: 3 if PROVE else 1]) for _ in range(ROUNDS - 3))]
    chance.shuffle(rounds)
    with ExitStack() as ends:
        server = ends.enter_context(served("--data", data, "--port", 0, **MEMORY))
        port = server.url.rpartition(":")[2]
        keeping.begin(server)
        tellers = keeping.Tellers(server.url, chance)
        with tellers.at_work(TELLERS):
            for killed in rounds:
                time.sleep(chance.random())  # noqa: ASYNC251 - nobody else is on this loop
                began = time.monotonic()
                _kill(killed, server, data)
                if killed != "graph":
                    server = ends.enter_context(served("--data", data, "--port", port, **MEMORY))
                tellers.again()
                report.RECOVERED[killed].append(time.monotonic() - began)
        until(lambda: keeping.rested(server), 30)
        graph = graph_of(data)
        differing = await keeping.differences(server, graph)
        counts = await stored(graph)

    assert differing == []
    assert counts == (sum(tellers.acknowledged),) * 3
    assert tellers.lost
    report.COUNTED["killed"].update(rounds=ROUNDS, events=counts[0])


def _kill(killed: str, server: Server, data: Path) -> None:
    """Kill a server, its graph, or both."""
    graph = graph_of(data)
    if killed != "graph":
        server.signal(signal.SIGKILL)
    if killed != "server":
        os.kill(graph.pid, signal.SIGKILL)
