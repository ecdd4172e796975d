"""What every test stands on: the Neo4j of the run, the async backend, hypothesis's profiles."""

from __future__ import annotations

import asyncio
import faulthandler
import gc
import os
import platform
import time
import warnings
from typing import TYPE_CHECKING, Final, Protocol

import pytest
from hypothesis import HealthCheck, settings

from graph.database import Database
from tests import demo, engine, proof, report
from tests.report import PROVE
from tests.server import live as servers

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Generator, Iterator

    from tests.demo import Demo
    from tests.server.live import Live


_SECONDS_TO_END: Final = 120


class Worker(Protocol):
    """A process that runs some of the tests."""

    workeroutput: dict[str, str]


settings.register_profile("quick", max_examples=50, deadline=None)
settings.register_profile(
    "long", max_examples=5000, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
os.environ.setdefault("JAVA_TOOL_OPTIONS", engine.QUICK)
settings.load_profile("long" if PROVE else "quick")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse tests that need a Neo4j and do not say so: `make check` runs without one."""
    unsaid = {
        item.path.name
        for item in items
        if "neo4j" in getattr(item, "fixturenames", ()) and not item.get_closest_marker("engine")
    }
    if unsaid:
        message = f"mark these as `engine`: {', '.join(sorted(unsaid))}"
        raise pytest.UsageError(message)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Name the event loop of async tests."""
    return "asyncio"


@pytest.fixture(scope="session")
def neo4j(tmp_path_factory: pytest.TempPathFactory) -> Iterator[engine.Running]:
    """Run the one Neo4j of the test run."""
    with engine.running(tmp_path_factory.mktemp("neo4j")) as running:
        report.RUN["neo4j"] = engine.version(running)
        yield running


@pytest.fixture
def emptied(neo4j: engine.Running) -> engine.Running:
    """Give the Neo4j of the run, emptied, to tests whose commands open it."""

    async def empty() -> None:
        """Empty the graph."""
        opened = Database(neo4j.address, neo4j.user, neo4j.password)
        try:
            await opened.change("MATCH (n) DETACH DELETE n")
        finally:
            await opened.close()

    asyncio.run(empty())
    return neo4j


@pytest.fixture
async def database(neo4j: engine.Running) -> AsyncIterator[Database]:
    """Give the graph of the run, emptied."""
    opened = Database(neo4j.address, neo4j.user, neo4j.password)
    try:
        await opened.change("MATCH (n) DETACH DELETE n")
        yield opened
    finally:
        await opened.close()


@pytest.fixture
def collected() -> Iterator[None]:
    """Collect what a test leaves at its end: sockets of failed handshakes, which the driver drops.

    Else they would be found at any moment, also of a later test, where each warning is an error.
    """
    gc.disable()
    try:
        yield
        with warnings.catch_warnings(action="ignore", category=ResourceWarning):
            gc.collect()
    finally:
        gc.enable()


def pytest_configure(config: pytest.Config) -> None:
    """Make a place for what all processes of the run share."""
    if not hasattr(config, "workerinput"):
        demo.offer()


def pytest_unconfigure(config: pytest.Config) -> None:
    """End what they shared."""
    if not hasattr(config, "workerinput"):
        demo.end()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Tell the process that reports of what this one counted, where it is another.

    One that does not come to its end after its last test shows where it stands, and is ended.
    """
    if (told := getattr(session.config, "workeroutput", None)) is not None:
        told["report"] = report.written(report.all_told()).decode()
        faulthandler.dump_traceback_later(_SECONDS_TO_END, exit=True)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Worker) -> None:
    """Hear what another process has counted."""
    report.OTHERS.add(report.read(node.workeroutput["report"]))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, exitstatus: int, config: pytest.Config
) -> Generator[None]:
    """Say last of all how many cases agreed; for the page of proof only where nothing failed."""
    try:
        return (yield)
    finally:
        if PROVE and exitstatus == pytest.ExitCode.OK:
            report.keep(proof.KEPT, _run(config))
        if lines := report.lines():
            terminalreporter.section("judged twice")
            for line in lines:
                terminalreporter.write_line(line)


@pytest.fixture(name="demo", scope="session")
def demo_running() -> Demo:
    """Give the demo of the run, beside the graph that tests empty."""
    return demo.shared()


def _run(config: pytest.Config) -> dict[str, str]:
    """Return when and with what this run was made."""
    return {
        "day": time.strftime("%Y-%m-%d", time.gmtime()),
        "python": platform.python_version(),
        "seed": str(config.getoption("randomly_seed")),
    }


@pytest.fixture(scope="session")
def demo_server(demo: Demo) -> str:
    """Give the address of the demo."""
    return demo.url


@pytest.fixture(scope="module")
def live(neo4j: engine.Running) -> Iterator[Live]:
    """Serve an empty graph to all tests of a module, over a socket."""
    with servers.live(neo4j) as served:
        yield served
