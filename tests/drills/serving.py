"""Real servers in processes of their own, to be killed, paused and asked."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx2
import msgspec

from graph.database import Database
from graph.local import Running

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Mapping

ROOT = Path(__file__).parents[2]


def command(*arguments: object, **variables: str) -> subprocess.Popen[bytes]:
    """Start the command in a process of its own; what it logs goes where the test's output goes."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("SEGRAPH_")}
    return subprocess.Popen(  # noqa: S603 - the command under test
        [sys.executable, "-c", "from server.cli import main; main()", *map(str, arguments)],
        env=ours | {"PYTHONPATH": str(ROOT)} | variables,
        stdout=subprocess.PIPE,
    )


def graph_of(data: Path) -> Running:
    """Return the Neo4j that runs on a data folder."""
    pid, _, bolt, *_ = msgspec.json.decode((data / "neo4j" / "running.json").read_bytes())
    return Running(f"bolt://127.0.0.1:{bolt}", "neo4j", (data / "password").read_text(), pid)


@dataclass(frozen=True, slots=True)
class Server:
    """A server that has said that it is ready."""

    url: str
    process: subprocess.Popen[bytes]
    http: httpx2.Client

    def ask(self, query: str, **variables: object) -> dict[str, Any]:
        """Return the answer to an operation."""
        return self.http.post("/graphql", json={"query": query, "variables": variables}).json()

    def status(self) -> dict[str, Any]:
        """Return whether it writes, and how many events it knows of; nothing where it is gone."""
        try:
            found = self.ask("{ status { ready events } }").get("data")
        except httpx2.TransportError:
            return {}
        return found["status"] if found else {}

    def load(self, *lines: Mapping[str, object]) -> httpx2.Response:
        """Import lines."""
        return self.http.post("/import", json=lines)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal; the process is waited for where it is the last one."""
        self.process.send_signal(number)
        if number == signal.SIGKILL:
            self.process.wait(10)


@contextmanager
def served(*arguments: object, **variables: str) -> Generator[Server]:
    """Serve for as long as the block, unless it is killed before."""
    process = command("serve", *arguments, **variables)
    assert process.stdout is not None
    try:
        said = process.stdout.readline().decode()
        assert said.startswith("segraph ready on "), said
        url = said.split()[3]
        with httpx2.Client(base_url=url, timeout=60) as http:
            yield Server(url, process, http)
    finally:
        process.send_signal(signal.SIGCONT)
        process.terminate()
        process.communicate(timeout=60)


def at(graph: Running, folder: Path, **variables: str) -> Any:  # noqa: ANN401 - a block of `served`
    """Serve a graph that runs already."""
    arguments = ("--graph", graph.address, "--data", folder, "--port", 0)
    return served(*arguments, SEGRAPH_PASSWORD=graph.password, **variables)


def until(happened: Callable[[], bool], seconds: float) -> float:
    """Wait until something happened, and return how many seconds that took."""
    began = time.monotonic()
    while not happened():
        waited = time.monotonic() - began
        assert waited < seconds, f"it did not happen within {seconds} s"
        time.sleep(0.05)
    return time.monotonic() - began


def events(number: int, of: str = "Page Viewed") -> Iterable[Mapping[str, object]]:
    """Yield events of some hundred contacts, each with an id of its own."""
    for n in range(number):
        yield {
            "contact": f"c{n % 317}",
            "event": of,
            "id": f"e{n}",
            "at": "2026-03-10T11:00:00Z",
            "about": {"content": f"/{n % 23}"},
        }


def write(file: Path, lines: Iterable[Mapping[str, object]]) -> Path:
    """Write lines as a file of an import."""
    file.write_bytes(msgspec.json.Encoder().encode_lines(list(lines)))
    return file


async def stored(graph: Running) -> tuple[int, int, int]:
    """Return how many events there are, how many different ones, and what the registry counts."""
    database = Database(graph.address, graph.user, graph.password)
    try:
        (row,) = await database.read(
            "MATCH (c:Contact)-[e]->() WHERE e.id IS NOT NULL "
            "WITH count(e) AS events, count(DISTINCT c.key + ' ' + e.id) AS different "
            "OPTIONAL MATCH (k:EventKind) RETURN events, different, sum(k.count) AS counted"
        )
    finally:
        await database.close()
    return row["events"], row["different"], row["counted"]
