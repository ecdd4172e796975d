"""The Neo4j of a test run: started once on a folder of its own, stopped at the end."""

from __future__ import annotations

import asyncio
import os
import threading
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Final

import pytest

from graph.database import Database, Statement
from graph.local import VERSION, LocalGraph, Running
from tests.report import PROVE

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

CHOSEN: Final = os.environ.get("SEGRAPH_TEST_NEO4J", VERSION)
HEAP: Final = 2048 if PROVE else 512
"""MiB; of thousands of definitions at random the plans of a few need more than the rest."""
QUICK: Final = "-XX:TieredStopAtLevel=1"
"""Has a Java that ends soon compile quickly rather than well: half the time to a start."""
VERSIONS: Final = Statement(
    "CALL dbms.components() YIELD name, versions WHERE name = 'Neo4j Kernel' RETURN versions"
)


def version(running: Running) -> str:
    """Return the version of a Neo4j that runs."""

    async def asked() -> str:
        """Ask it."""
        opened = Database(running.address, running.user, running.password)
        try:
            (row,) = await opened.read(VERSIONS)
        finally:
            await opened.close()
        return str(row["versions"][0])

    return asyncio.run(asked())


@contextmanager
def running(folder: Path) -> Generator[Running]:
    """Run a Neo4j for as long as the block, on an event loop beside the tests' own.

    `SEGRAPH_TEST_GRAPH` names one that runs already, to be emptied by the tests.
    """
    if address := os.environ.get("SEGRAPH_TEST_GRAPH"):
        yield Running(address, "neo4j", os.environ.get("SEGRAPH_TEST_PASSWORD", ""), os.getpid())
        return
    with ExitStack() as opened:
        with pytest.MonkeyPatch.context() as patched:
            patched.delenv("JAVA_TOOL_OPTIONS", raising=False)
            started = opened.enter_context(own(folder))
        yield started


@contextmanager
def own(folder: Path) -> Generator[Running]:
    """Run a Neo4j that nobody else has for as long as the block."""
    local = LocalGraph(folder, version=CHOSEN, heap=HEAP, page_cache=128)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    block = local.running()
    try:
        yield asyncio.run_coroutine_threadsafe(block.__aenter__(), loop).result()
    finally:
        asyncio.run_coroutine_threadsafe(block.__aexit__(None, None, None), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
