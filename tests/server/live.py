"""A real server over a real graph: on a thread of its own, behind a socket."""

from __future__ import annotations

import asyncio
import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import httpx2
import uvicorn

from graph.clock import FixedClock
from graph.database import Database
from graph.segmentation import Segmentation
from graph.times import read_instant
from server.app import application
from server.serving import LARGEST_MESSAGE
from server.settings import Settings
from server.webhooks import Service

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Coroutine, Generator, Mapping

    from starlette.types import ASGIApp

    from graph.upkeep.limits import Limits
    from tests import engine

NOW: Final = "2026-03-10T12:00:00.000Z"
"""The instant at which the servers' clocks stand."""

ANSWERED_WITHIN: Final = 2.0
"""Seconds in which receivers of webhooks must answer."""


@dataclass(frozen=True, slots=True)
class Live:
    """A server that answers, and a client of it."""

    url: str
    http: httpx2.Client
    segmentation: Segmentation
    loop: asyncio.AbstractEventLoop

    def post(self, query: str, **variables: object) -> httpx2.Response:
        """Return the answer to an operation as it came."""
        body = {"query": query, "variables": variables}
        return self.http.post("/graphql", json=body)

    def ask(self, query: str, **variables: object) -> dict[str, Any]:
        """Return the data of an operation that has no errors."""
        answer = self.post(query, **variables).json()
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    def errors(self, query: str, **variables: object) -> list[dict[str, Any]]:
        """Return the errors of an operation, each without its place in the document."""
        response = self.post(query, **variables)
        assert response.status_code == 200
        found: list[dict[str, Any]] = response.json()["errors"]
        return [{name: each[name] for name in each if name != "locations"} for each in found]

    def exported(self) -> list[dict[str, Any]]:
        """Return all lines of an export but the last."""
        lines = self.http.get("/export").text.splitlines()
        return [json.loads(line) for line in lines[:-1]]

    def load(self, *lines: Mapping[str, object]) -> dict[str, Any]:
        """Import lines and return what became of them."""
        response = self.http.post("/import", json=lines)
        assert response.status_code == 200, response.text
        return response.json()


@contextmanager
def live(neo4j: engine.Running, limits: Limits | None = None) -> Generator[Live]:
    """Serve the run's graph, emptied, for as long as the block."""
    with _loop() as loop:
        block = _served(neo4j, limits)
        url, segmentation = asyncio.run_coroutine_threadsafe(block.__aenter__(), loop).result(60)
        try:
            with httpx2.Client(base_url=url, timeout=30) as http:
                yield Live(url, http, segmentation, loop)
        finally:
            asyncio.run_coroutine_threadsafe(block.__aexit__(None, None, None), loop).result(60)


@contextmanager
def reading(database: Database) -> Generator[str]:
    """Serve a graph without writing to it, for as long as the block; give the address."""
    segmentation = Segmentation(database, FixedClock(read_instant(NOW)))
    with listening(application(segmentation, Settings()), database.close) as url:
        yield url


@contextmanager
def listening(
    app: ASGIApp, ended: Callable[[], Coroutine[None, None, None]] | None = None
) -> Generator[str]:
    """Serve an application on a free port for as long as the block; give its address."""
    with _loop() as loop:
        server = _Server(app)
        serving = asyncio.run_coroutine_threadsafe(server.serve(), loop)
        try:
            yield asyncio.run_coroutine_threadsafe(server.address(), loop).result(10)
        finally:
            server.should_exit = True
            serving.result(10)
            if ended is not None:
                asyncio.run_coroutine_threadsafe(ended(), loop).result(10)


class _Server(uvicorn.Server):
    """Tells when it listens."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(_config(app))
        self._listening = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen."""
        await super().startup(sockets)
        self._listening.set()

    async def address(self) -> str:
        """Return where it listens, once it does."""
        await self._listening.wait()
        return f"http://127.0.0.1:{self.servers[0].sockets[0].getsockname()[1]}"


class _served:  # noqa: N801 - reads as a block
    """The server's parts, begun and ended in the loop they live in."""

    def __init__(self, neo4j: engine.Running, limits: Limits | None) -> None:
        self._limits = limits
        self._database = Database(neo4j.address, neo4j.user, neo4j.password)
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> tuple[str, Segmentation]:
        """Empty the graph, begin to write and to listen."""
        await self._database.change("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS")
        segmentation = Segmentation(self._database, FixedClock(read_instant(NOW)), self._limits)
        await segmentation.prepare()
        webhooks = Service(segmentation, ("127.0.0.1",), seconds=ANSWERED_WITHIN)
        self._server = _Server(application(segmentation, Settings(), webhooks))
        self._tasks = [
            asyncio.create_task(segmentation.run(force=True)),
            asyncio.create_task(self._server.serve()),
            asyncio.create_task(webhooks.run()),
        ]
        await segmentation.ready()
        return await self._server.address(), segmentation

    async def __aexit__(self, *_: object) -> None:
        """Stop listening, then writing."""
        self._server.should_exit = True
        await self._tasks[1]
        for each in self._tasks:
            each.cancel()
        await asyncio.wait(self._tasks)
        await self._database.close()


@contextmanager
def _loop() -> Generator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield loop
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def _config(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        port=0,
        lifespan="off",
        log_config=None,
        access_log=False,
        ws_max_size=LARGEST_MESSAGE,
        timeout_graceful_shutdown=2,
    )
