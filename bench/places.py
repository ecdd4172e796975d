"""Where measurements run: graphs of their own, and a server as a user starts it."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import httpx2

from graph.database import Database
from graph.local import LocalGraph, Running
from server.settings import Settings

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator

FOLDER: Final = Path(".data/bench").absolute()
_WITHIN: Final = 180.0


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs: where it answers, its process, and how long it took to start."""

    url: str
    pid: int
    seconds: float


def emptied(name: str) -> Path:
    """Return an empty folder of the measurements."""
    folder = FOLDER / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


@contextlib.asynccontextmanager
async def graph(folder: Path) -> AsyncGenerator[tuple[Running, Database]]:
    """Run a Neo4j with the memory that a server gives its own."""
    settings = Settings.load(data=folder)
    local = LocalGraph(
        folder, heap=settings.local_heap_mib, page_cache=settings.local_page_cache_mib
    )
    async with local.running() as running:
        database = Database(running.address, running.user, running.password)
        try:
            yield running, database
        finally:
            await database.close()


@contextlib.contextmanager
def server(*arguments: str, running: Running | None = None) -> Generator[Server]:
    """Run `segraph` with these arguments, at a graph that runs or on one of its own."""
    environment = {**os.environ, "SEGRAPH_PORT": "0"}
    if running is not None:
        environment |= {"SEGRAPH_GRAPH": running.address, "SEGRAPH_PASSWORD": running.password}
    command = [Path(sys.executable).with_name("segraph"), *arguments, "--json"]
    begun = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as process:  # noqa: S603
        try:
            line = process.stdout.readline() if process.stdout else b""
            assert line, "the server did not start"
            told = json.loads(line)
            _writes(told["url"])
            yield Server(told["url"], process.pid, time.perf_counter() - begun)
        finally:
            process.terminate()
            process.wait(_WITHIN)


def _writes(url: str) -> None:
    """Wait until a server is the writer of its graph."""
    deadline = time.monotonic() + _WITHIN
    with httpx2.Client() as client:
        while not client.get(f"{url}/readyz").is_success:
            assert time.monotonic() < deadline, "the server does not become the writer"
            time.sleep(0.05)
