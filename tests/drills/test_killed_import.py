"""An import during which the server and the graph are killed: all of it once."""

from __future__ import annotations

import json
import os
import random
import signal
from typing import TYPE_CHECKING

import pytest

from graph.local.process import LocalGraph
from tests.drills.serving import Server, command, events, graph_of, served, stored, until, write
from tests.report import PROVE

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.drill

EVENTS = 100_000 if PROVE else 10_000


def _killed_at(server: Server, number: int) -> None:
    """Wait until so many events are stored."""
    until(lambda: server.status().get("events", 0) >= number, 100)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", range(20 if PROVE else 1))
async def test_an_import_that_is_killed(tmp_path: Path, seed: int) -> None:
    """After a kill of the server, and one of the graph, the counts are those of the file."""
    chance = random.Random(seed)  # noqa: S311 - a seed to be told again
    data, file = tmp_path / "data", write(tmp_path / "events.ndjson", events(EVENTS))
    memory = {"SEGRAPH_LOCAL_HEAP_MIB": "512", "SEGRAPH_LOCAL_PAGE_CACHE_MIB": "128"}
    arguments = ("--data", data, "--port")
    with served(*arguments, 0, **memory) as first:
        port = first.url.rpartition(":")[2]
        importing = command("import", file, "--url", first.url, "--lines", 500, "--json")
        _killed_at(first, chance.randrange(EVENTS // 20, EVENTS // 3))
        first.signal(signal.SIGKILL)
    with served(*arguments, port, **memory) as second:
        _killed_at(second, chance.randrange(EVENTS // 2, EVENTS * 2 // 3))
        graph = graph_of(data)
        os.kill(graph.pid, signal.SIGKILL)
        out, _ = importing.communicate(timeout=200)
        again = command("import", file, "--url", second.url, "--restart", "--json")
        whole, _ = again.communicate(timeout=200)
        counts = await stored(graph)

    assert importing.returncode == 0
    assert json.loads(out)["rejected"] == 0
    assert counts == (EVENTS, EVENTS, EVENTS)
    assert json.loads(whole)["duplicates"] == EVENTS
    assert LocalGraph(data)._told() is None  # pyright: ignore[reportPrivateUsage]
