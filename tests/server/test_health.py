"""Health: the process is alive whatever the graph does; ready is who may be told."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING

import httpx2
import pytest

from graph.database import Database
from tests.server.live import reading

if TYPE_CHECKING:
    from tests import engine
    from tests.server.live import Live

pytestmark = pytest.mark.usefixtures("collected")


@pytest.mark.engine
def test_who_writes_is_ready(live: Live) -> None:
    """A server that answers and writes says so."""
    assert live.http.get("/livez").json() == {"alive": True}
    assert live.http.get("/readyz").json() == {"ready": True, "reason": None}


@pytest.mark.engine
def test_who_only_reads_is_not_ready(live: Live, neo4j: engine.Running) -> None:
    """A server that has not begun to write takes nothing, and answers what is asked."""
    live.load({"contact": "read", "event": "Page Viewed"})
    query = """{ status { ready contacts events pending lagMilliseconds }
      audience(where: {did: {event: "Page Viewed"}}) { asOf count } }"""
    with reading(Database(neo4j.address, neo4j.user, neo4j.password)) as url:
        ready = httpx2.get(f"{url}/readyz")
        asked = httpx2.post(f"{url}/graphql", json={"query": query}).json()
        told = httpx2.post(f"{url}/import", json=[{"contact": "a", "event": "x"}])

    reason = "This server is starting"
    assert (ready.status_code, ready.json()) == (
        503,
        {"ready": False, "reason": reason},
    )
    assert asked == {
        "data": {
            "status": {
                "ready": False,
                "contacts": 1,
                "events": 1,
                "pending": 0,
                "lagMilliseconds": 0,
            },
            "audience": {"asOf": "2026-03-10T12:00:00.000Z", "count": 1},
        }
    }
    assert (told.status_code, told.json()["message"]) == (503, reason)


def test_a_graph_that_is_down_is_told_of() -> None:
    """The process is alive, not ready, and says why within 6 s; what is asked names the graph."""
    with reading(Database("bolt://127.0.0.1:9")) as url:
        begun = time.perf_counter()
        alive, ready = httpx2.get(f"{url}/livez"), httpx2.get(f"{url}/readyz", timeout=10)
        took = time.perf_counter() - begun
        asked = httpx2.post(
            f"{url}/graphql", json={"query": "{ status { ready contacts } }"}, timeout=30
        ).json()

    assert alive.json() == {"alive": True}
    assert ready.status_code == 503
    assert ready.json()["reason"].startswith("The graph at bolt://127.0.0.1:9 does not answer: ")
    assert took < 6
    assert asked["errors"][0]["extensions"] == {"code": "GRAPH_UNAVAILABLE"}


@pytest.mark.process
def test_a_graph_that_is_silent_is_told_of() -> None:
    """A graph that takes the connection and says nothing makes the server not ready within 6 s."""
    with (
        # The system takes the connection; nobody reads from it.
        socket.create_server(("127.0.0.1", 0)) as silent,
        reading(Database(address := f"bolt://127.0.0.1:{silent.getsockname()[1]}")) as url,
    ):
        begun = time.perf_counter()
        ready = httpx2.get(f"{url}/readyz", timeout=20)
        took = time.perf_counter() - begun

        assert httpx2.get(f"{url}/livez").json() == {"alive": True}
        assert httpx2.post(f"{url}/graphql", json={"query": "{ status { ready } }"}).json() == {
            "data": {"status": {"ready": False}}
        }

    assert ready.status_code == 503
    assert ready.json()["reason"].startswith(f"The graph at {address} d")
    assert took < 6
