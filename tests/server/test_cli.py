"""The command line: results on standard output, all else on the other, and exit codes that tell."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from graphql import build_client_schema, build_schema

from graph import model, times
from graph.clock import SystemClock
from graph.local import VERSION
from tests.graph.upkeep.writing import ended
from tests.server.command import ROOT, segraph, serving

if TYPE_CHECKING:
    from pathlib import Path

    from graph.database import Database
    from graph.local import Running

pytestmark = pytest.mark.process


def test_the_schema_is_printed(tmp_path: Path) -> None:
    """As text it is the committed one; as JSON it names the same types, as tools read it."""
    text = segraph("schema", folder=tmp_path).stdout
    answer = json.loads(segraph("schema", "--json", folder=tmp_path).stdout)

    assert text == (ROOT / "schema" / "schema.graphql").read_text()
    assert set(build_client_schema(answer).type_map) == set(build_schema(text).type_map)


@pytest.mark.engine
def test_doctor_tells_by_its_exit_code(emptied: Running, tmp_path: Path) -> None:
    """A graph without its constraints is wrong: the code is 1, as text and as JSON."""
    arguments = ("doctor", "--graph", emptied.address, "--data", "data", "--port", 0)

    with serving(*("serve", *arguments[1:]), folder=tmp_path, SEGRAPH_PASSWORD=emptied.password):
        right = segraph(*arguments, folder=tmp_path, SEGRAPH_PASSWORD=emptied.password)
    wrong = segraph(
        *(*arguments, "--json"), folder=tmp_path, code=1, SEGRAPH_PASSWORD=str(tmp_path)
    )

    assert {line[:5] for line in right.stdout.splitlines()} == {"ok   "}
    refused = [each for each in json.loads(wrong.stdout) if not each["right"]]
    assert [each["what"] for each in refused] == ["graph"]
    assert "refuses the user or the password" in refused[0]["told"]


@pytest.mark.engine
async def test_a_clock_is_reset_by_hand(neo4j: Running, database: Database, tmp_path: Path) -> None:
    """A server refuses a graph of the future, names the command that helps, and it does."""
    ahead = SystemClock().now() + times.DAY
    for text in model.constraints():
        await database.change(text)
    await ended(database, ahead)
    graph = ("--graph", neo4j.address, "--data", "data", "--port", 0)
    password = neo4j.password

    refused = segraph("serve", *graph, folder=tmp_path, code=2, SEGRAPH_PASSWORD=password)
    told = segraph(*("doctor", "--reset-clock", *graph), folder=tmp_path, SEGRAPH_PASSWORD=password)
    with serving("serve", *graph, folder=tmp_path, SEGRAPH_PASSWORD=password) as (line, _):
        again = segraph(
            *("doctor", "--reset-clock", *graph), folder=tmp_path, code=2, SEGRAPH_PASSWORD=password
        )

    assert "segraph doctor --reset-clock" in refused.stderr
    assert f"The graph's last instant, {times.instant_text(ahead)}, is forgotten" in told.stderr
    assert line.startswith("segraph ready on ")
    assert again.stderr.endswith(f"A server writes to the graph {neo4j.address}; stop it first\n")


def test_no_graph_of_our_own_has_no_address(tmp_path: Path) -> None:
    """Where none runs, the folder and what starts one are named."""
    told = segraph("neo4j", "address", "--data", tmp_path, folder=tmp_path, code=2)

    assert told.stderr == (
        f"segraph: No Neo4j runs under {tmp_path}; `segraph serve` starts one, and --data names "
        "the folder\n"
    )


def test_what_is_fetched_is_told(tmp_path: Path) -> None:
    """Fetched ahead, the Neo4j of our own is whole, and what runs it is named."""
    told = json.loads(segraph("neo4j", "fetch", "--json", folder=tmp_path).stdout)

    assert told["version"] == VERSION
    assert told["files"] > 100
    assert told["java"].endswith("java")


@pytest.mark.timeout(300)
def test_a_graph_of_our_own_is_served_and_found(tmp_path: Path) -> None:
    """On an empty folder a Neo4j starts, can be looked into, and ends with its server."""
    small = {"SEGRAPH_LOCAL_HEAP_MIB": "512", "SEGRAPH_LOCAL_PAGE_CACHE_MIB": "64"}
    (tmp_path / "x.ndjson").write_text('{"contact":"ada","event":"Seen","id":"1"}\n')
    data = ("--data", tmp_path / "data")

    with serving("serve", *data, "--port", 0, folder=tmp_path, **small) as (line, process):
        address = json.loads(segraph("neo4j", "address", "--json", *data, folder=tmp_path).stdout)
        found = segraph("doctor", *data, folder=tmp_path).stdout
        taken = segraph("import", "x.ndjson", *data, folder=tmp_path).stdout
        second = segraph("serve", *data, "--port", 0, folder=tmp_path, code=2).stderr

    assert line.endswith(f"(graph: Neo4j {VERSION})")
    assert (process.returncode, process.poll()) == (0, 0)
    assert address["address"].startswith("bolt://127.0.0.1:")
    assert f"process {process.pid}" in found
    assert taken == "x.ndjson: 1 lines: 1 accepted\n"
    assert second.splitlines()[-1] == (
        f"segraph: Another server runs on the data folder {tmp_path / 'data'}; stop it, or give "
        "this one another with --data"
    )
    assert not (tmp_path / "data" / "neo4j" / "running.json").exists()
