"""A graph that is paused: requests end in time, the process is alive, and all of it recovers."""

from __future__ import annotations

import os
import signal
import time
from typing import TYPE_CHECKING

import pytest

from tests.drills.serving import at, events, stored, until

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import httpx2

    from tests.engine import Running

pytestmark = [pytest.mark.drill, pytest.mark.timeout(180)]


def timed(asked: Callable[[], httpx2.Response]) -> tuple[float, httpx2.Response]:
    """Return an answer, and how long it took."""
    began = time.monotonic()
    answer = asked()
    return time.monotonic() - began, answer


async def test_a_paused_graph(graph: Running, tmp_path: Path) -> None:
    """While it is paused each request is answered with an error; afterwards as before."""
    told = list(events(20))
    with at(graph, tmp_path) as server:
        until(lambda: server.status().get("ready") is True, 30)
        server.load(*told[:10])
        os.kill(graph.pid, signal.SIGSTOP)
        try:
            read = timed(
                lambda: server.http.post("/graphql", json={"query": "{ status { contacts } }"})
            )
            alive = timed(lambda: server.http.get("/livez"))
            ready = timed(lambda: server.http.get("/readyz"))
            wrote = timed(lambda: server.load(*told[10:]))
        finally:
            os.kill(graph.pid, signal.SIGCONT)
        recovered = until(lambda: server.http.get("/readyz").status_code == 200, 20)
        again = server.load(*told).json()

    assert max(read[0], ready[0], wrote[0]) < 8
    assert alive[0] < 1
    assert alive[1].status_code == 200
    assert ready[1].status_code == wrote[1].status_code == 503
    assert read[1].json()["errors"]
    assert recovered < 20
    assert again["accepted"] + again["duplicates"] == 20
    assert await stored(graph) == (20, 20, 20)
