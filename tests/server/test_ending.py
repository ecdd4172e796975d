"""A server that ends while others listen: soon, in order, and so that they come again."""

from __future__ import annotations

import contextlib
import json
import signal
import time
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from server import running
from tests.server.command import serving

if TYPE_CHECKING:
    from pathlib import Path

    from graph.local import Running

pytestmark = [pytest.mark.engine, pytest.mark.process]

LISTEN = "subscription { changes { __typename } }"


def test_a_server_that_ends_lets_listeners_go(emptied: Running, tmp_path: Path) -> None:
    """Though a graph at an address goes on."""
    ends(tmp_path, "--graph", emptied.address, SEGRAPH_PASSWORD=emptied.password)


@pytest.mark.drill
@pytest.mark.timeout(180)
def test_a_server_that_ends_its_graph_lets_listeners_go(tmp_path: Path) -> None:
    """Its own Neo4j ends within the same time."""
    memory = {"SEGRAPH_LOCAL_HEAP_MIB": "512", "SEGRAPH_LOCAL_PAGE_CACHE_MIB": "128"}
    ends(tmp_path, **memory)


def ends(folder: Path, *graph: str, **variables: str) -> None:
    """Within five seconds; sockets are told 1012, and streams break off: neither is complete.

    Who is told so comes again, where `complete` would mean that nothing more comes.
    """
    where = (*graph, "--data", folder, "--port", 0)
    with serving("serve", *where, folder=folder, **variables) as (_, process):
        found = running.find(folder)
        assert found is not None
        body, accept = {"query": LISTEN}, {"accept": "text/event-stream"}
        with (
            listening(found.url) as opened,
            httpx2.stream("POST", f"{found.url}/graphql", json=body, headers=accept) as streamed,
        ):
            before = time.monotonic()
            process.send_signal(signal.SIGTERM)
            with pytest.raises(ConnectionClosed) as closed:
                opened.recv(10)
            text = "".join(until_broken(streamed))
        process.communicate(timeout=30)
        took = time.monotonic() - before

    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1012
    assert "complete" not in text
    assert took < 5
    assert process.returncode == 0
    assert "Traceback" not in (folder / "stderr.log").read_text()


@contextlib.contextmanager
def listening(url: str) -> Any:  # noqa: ANN401 - a block that gives a connection
    """Listen over a WebSocket for as long as the block."""
    protocol: Any = "graphql-transport-ws"
    there = f"{url.replace('http', 'ws')}/graphql"
    with connect(there, subprotocols=[protocol], proxy=None) as opened:
        opened.send('{"type": "connection_init"}')
        for id_, query in (("1", LISTEN), ("2", "{ __typename }")):
            opened.send(json.dumps({"type": "subscribe", "id": id_, "payload": {"query": query}}))
        assert [json.loads(opened.recv(10))["type"] for _ in range(3)] == [
            "connection_ack",
            "next",
            "complete",
        ]
        yield opened


def until_broken(streamed: httpx2.Response) -> Any:  # noqa: ANN401 - an iterator
    """Yield what a stream says until it ends, or breaks off."""
    with contextlib.suppress(httpx2.TransportError):
        yield from streamed.iter_text()
