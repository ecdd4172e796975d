"""Serving: one ready line, a clean end, and a clear word where it cannot begin."""

from __future__ import annotations

import json
import signal
import socket
import time
from typing import TYPE_CHECKING

import httpx2
import pytest

from server import running
from tests.server.command import segraph, serving

if TYPE_CHECKING:
    from pathlib import Path

    from graph.local import Running

pytestmark = [pytest.mark.engine, pytest.mark.process]


def options(graph: Running, folder: Path, port: int = 0) -> tuple[object, ...]:
    """Return what a server on the Neo4j of the run is started with."""
    return ("--graph", graph.address, "--data", folder, "--port", port)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_quietly(emptied: Running, tmp_path: Path, number: signal.Signals) -> None:
    """Either signal ends it within five seconds, with 0, and nothing but the line was printed."""
    with serving(
        "serve", *options(emptied, tmp_path), folder=tmp_path, SEGRAPH_PASSWORD=emptied.password
    ) as (line, process):
        found = running.find(tmp_path)
        assert found is not None
        answer = httpx2.get(f"{found.url}/livez")
        before = time.monotonic()
        process.send_signal(number)
        rest, _ = process.communicate(timeout=30)
        took = time.monotonic() - before

    assert line.startswith(f"segraph ready on {found.url} (graph: Neo4j ")
    assert (found.pid, found.graph) == (process.pid, emptied.address)
    assert answer.json() == {"alive": True}
    assert (process.returncode, rest) == (0, "")
    assert took < 5
    assert "Traceback" not in (tmp_path / "stderr.log").read_text()
    assert running.find(tmp_path) is None


def test_the_ready_line_may_be_json(emptied: Running, tmp_path: Path) -> None:
    """With --json it says the same to a program."""
    with serving(
        *("serve", "--json", *options(emptied, tmp_path)),
        folder=tmp_path,
        SEGRAPH_PASSWORD=emptied.password,
    ) as (line, process):
        told = json.loads(line)
        found = running.find(tmp_path)

    assert found is not None
    assert told["graph"].startswith("Neo4j ")
    assert (told["url"], told["pid"]) == (found.url, process.pid)


def test_a_taken_port_is_refused_first(tmp_path: Path) -> None:
    """The port and the way out are named, before a graph is asked for."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        told = segraph(
            *("serve", "--graph", "bolt://127.0.0.1:1", "--port", port), folder=tmp_path, code=2
        )

    assert told.stdout == ""
    assert told.stderr == (
        f"segraph: Port {port} of 127.0.0.1 cannot be listened on: Address already in use; "
        "--port names another, 0 takes a free one\n"
    )


@pytest.mark.parametrize("host", ["no.such.host.invalid", "192.0.2.1"])
def test_a_foreign_host_is_refused(tmp_path: Path, host: str) -> None:
    """An address that is none of this machine's is named, with the option that names another."""
    told = segraph("serve", "--host", host, folder=tmp_path, code=2)

    assert told.stderr.startswith(f"segraph: {host} is no address of this machine (")
    assert told.stderr.endswith("); --host names another\n")


def test_a_graph_that_is_down_is_named(tmp_path: Path) -> None:
    """Without its graph the server does not start, says why at once, and leaves no trace."""
    before = time.monotonic()

    told = segraph(
        *("serve", "--graph", "bolt://127.0.0.1:1", "--port", 0, "--data", "data"),
        folder=tmp_path,
        code=2,
    )

    assert time.monotonic() - before < 20
    assert told.stderr.startswith("segraph: The graph at bolt://127.0.0.1:1 does not answer: ")
    assert "Traceback" not in told.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_setting_is_named(tmp_path: Path) -> None:
    """A setting that cannot be is refused by name, and nothing is started."""
    told = segraph("serve", folder=tmp_path, code=2, SEGRAPH_PORT="many")

    assert told.stderr == (
        "segraph: SEGRAPH_PORT is 'many'; it must be a whole number from 0 to 65535; "
        "0 takes a free one\n"
    )


def test_an_import_finds_the_server_that_runs(emptied: Running, tmp_path: Path) -> None:
    """Given the same data folder and graph, import and export need no address of the server."""
    (tmp_path / "x.ndjson").write_text('{"contact":"found@example.com","event":"Seen","id":"1"}\n')
    graph = ("--graph", emptied.address, "--data", tmp_path)

    with serving(
        "serve", *options(emptied, tmp_path), folder=tmp_path, SEGRAPH_PASSWORD=emptied.password
    ):
        taken = segraph("import", "x.ndjson", *graph, folder=tmp_path)
        given = segraph("export", *graph, folder=tmp_path)

    assert taken.stdout.startswith("x.ndjson: 1 lines: 1 ")
    assert (taken.stderr, given.stderr) == ("", "")
    events = [line for line in map(json.loads, given.stdout.splitlines()) if "event" in line]
    assert "found@example.com" in {event["contact"] for event in events}


def test_an_import_runs_a_server_where_none_does(emptied: Running, tmp_path: Path) -> None:
    """Without a server it says so, starts one, is done, and leaves none behind."""
    (tmp_path / "x.ndjson").write_text('{"contact":"alone@example.com","event":"Seen","id":"1"}\n')

    taken = segraph(
        *("import", "x.ndjson", "--graph", emptied.address, "--data", "data"),
        folder=tmp_path,
        SEGRAPH_PASSWORD=emptied.password,
    )

    assert taken.stdout.startswith("x.ndjson: 1 lines: 1 ")
    assert taken.stderr.startswith(f"No server runs on {emptied.address}; starting one for this")
    assert running.find(tmp_path / "data") is None
