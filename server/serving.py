"""Serve: a graph, the writer on it, and the application over both, until told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import uvicorn

from graph import errors
from graph.clock import SystemClock
from graph.database import Database
from graph.local import LocalGraph
from graph.segmentation import Segmentation
from graph.upkeep.writer import Limits
from server.app import application

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
    from pathlib import Path

    from server.settings import Settings

_MIB: Final = 2**20
_LARGEST_MESSAGE: Final = 256 * 1024
_GRACE: Final = 2

RUNNING: Final = "server.json"
"""The file in the data folder that tells of a running server."""


@dataclass(frozen=True, slots=True)
class Serving:
    """A server that answers."""

    url: str
    graph: str
    segmentation: Segmentation


async def serve(settings: Settings, started: Callable[[Serving], Awaitable[None] | None]) -> None:
    """Serve until a signal comes.

    `started` is called once, when everything answers; what it returns runs beside the server.

    Raises:
        SegraphError: the graph cannot be reached, started or used.
    """
    async with _graph(settings) as (database, own):
        limits = Limits(
            settings.queue, settings.batch, settings.cache_mib * _MIB, settings.max_event_kinds
        )
        clock = SystemClock(settings.clock)
        segmentation = Segmentation(database, clock, limits, settings.future_skew)
        engine = await segmentation.prepare()
        server = uvicorn.Server(_config(segmentation, settings))
        async with asyncio.TaskGroup() as tasks:
            writer = tasks.create_task(segmentation.run(force=own))
            if own:
                await segmentation.ready()
            listening = tasks.create_task(server.serve())
            await _started(server, listening)
            serving = Serving(
                _url(server, settings), f"{engine.name} {engine.version}", segmentation
            )
            with _told(settings.data, serving.url):
                beside = started(serving)
                work = tasks.create_task(_awaited(beside)) if beside is not None else None
                await listening
            for task in (writer, work):
                if task is not None:
                    task.cancel()


async def _awaited(work: Awaitable[None]) -> None:
    await work


@contextlib.asynccontextmanager
async def _graph(settings: Settings) -> AsyncGenerator[tuple[Database, bool]]:
    """Open the graph: the one at the address, or one of our own, which nobody else writes to."""
    if settings.graph is not None:
        database = Database(
            settings.graph,
            settings.user,
            settings.password.get_secret_value(),
            name=settings.database,
        )
        try:
            yield database, False
        finally:
            await database.close()
        return
    local = LocalGraph(
        settings.data, heap=settings.local_heap_mib, page_cache=settings.local_page_cache_mib
    )
    async with local.running() as graph, asyncio.TaskGroup() as tasks:
        supervisor = tasks.create_task(local.supervise())
        database = Database(graph.address, graph.user, graph.password)
        try:
            yield database, True
        finally:
            await database.close()
            supervisor.cancel()


def _config(segmentation: Segmentation, settings: Settings) -> uvicorn.Config:
    return uvicorn.Config(
        application(segmentation, settings),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        timeout_graceful_shutdown=_GRACE,
        ws_max_size=_LARGEST_MESSAGE,
    )


async def _started(server: uvicorn.Server, listening: asyncio.Task[None]) -> None:
    while not server.started:
        if listening.done():
            await listening
            raise errors.SegraphError("The address is taken or cannot be listened on")
        await asyncio.sleep(0.01)


def _url(server: uvicorn.Server, settings: Settings) -> str:
    port = server.servers[0].sockets[0].getsockname()[1]
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{port}"


@contextlib.contextmanager
def _told(folder: Path, url: str) -> Generator[None]:
    """Tell of the server in its data folder for as long as it runs."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / RUNNING
    file.write_text(json.dumps({"url": url, "pid": os.getpid()}))
    try:
        yield
    finally:
        file.unlink(missing_ok=True)
