"""Serve: a graph, the writer on it, and the application over both, until cancelled."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import gc
import logging
import socket
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

import uvicorn

from graph import errors
from graph.clock import SystemClock
from graph.local import LocalGraph
from graph.segmentation import Segmentation
from graph.upkeep.kept import reset_clock
from graph.upkeep.limits import Limits
from server.addressed import addressed
from server.app import application
from server.files import raise_limit
from server.webhooks import Service

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Coroutine, Generator, Mapping

    from starlette.applications import Starlette

    from graph.database import Database
    from server.settings import Settings

_log = logging.getLogger(__name__)
_MIB: Final = 2**20
LARGEST_MESSAGE: Final = 256 * 1024
_GRACE: Final = 2
_KEPT: Final = 75
"""Seconds without a request after which a connection is closed: longer than the 60 that proxies and
load balancers keep one, who else ask through it at the moment at which it ends."""
_ALLOCATIONS: Final = 10_000
"""How many more lists, maps and objects there are when Python looks for cycles among the new."""
_OLDEST: Final = 2
"""The generation of all that there is."""
LOOKED_THROUGH: Final = 3600
"""Seconds between two looks for cycles in all that there is."""


class CannotListen(errors.SegraphError):
    """The address to listen on is taken, or is none of this machine's."""

    code = "CANNOT_LISTEN"


@dataclass(frozen=True, slots=True)
class Serving:
    """A server that answers."""

    url: str
    graph: str
    segmentation: Segmentation


async def serve(
    settings: Settings,
    started: Callable[[Serving], Coroutine[None, None, None]],
    fetching: Callable[[int, int], None] | None = None,
    *,
    anew: bool = False,
) -> None:
    """Serve until cancelled; then end what is being answered, the writer, and the graph.

    `started` is called once, when everything answers and the server writes or stands by, and runs
    beside the server. At an address it listens before, so that it can be asked how far it is.
    `fetching` is told how many of how many files of a Neo4j are there.
    With `anew` the clock starts where the settings say, wherever the run before has left it.

    Raises:
        SegraphError: the address is taken, or the graph cannot be reached, started or used.
    """
    raise_limit()
    try:
        with collecting_seldom(), _bound(settings) as listener:
            async with _graph(settings, fetching) as (database, own):
                if anew:
                    await reset_clock(database)
                await _served(settings, database, listener, started, own=own)
    except BaseExceptionGroup as group:
        raise _first(group) from group


async def _served(
    settings: Settings,
    database: Database,
    listener: socket.socket,
    started: Callable[[Serving], Coroutine[None, None, None]],
    *,
    own: bool,
) -> None:
    limits = Limits(
        settings.queue,
        settings.batch,
        settings.cache_mib * _MIB,
        settings.max_event_kinds,
        settings.max_traits,
        settings.keep_events,
        settings.keep_changes,
    )
    segmentation = Segmentation(database, SystemClock(settings.clock), limits, settings.future_skew)
    engine = await segmentation.prepare()
    webhooks = Service(segmentation, settings.webhook_hosts)
    server = _Server(application(segmentation, settings, webhooks), settings)
    serving = Serving(_url(listener, settings), f"{engine.name} {engine.version}", segmentation)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(segmentation.run(force=own))
        delivering = tasks.create_task(webhooks.run())
        if own:
            await segmentation.ready()
        listening = tasks.create_task(server.serve([listener]))
        await server.up.wait()
        tasks.create_task(_announced(serving, started, own=own))
        try:
            await asyncio.shield(listening)
        finally:
            server.should_exit = True
            await listening
            # While the writer is there: what was delivered is kept.
            delivering.cancel()
            await asyncio.wait([delivering])


async def _announced(
    serving: Serving, started: Callable[[Serving], Coroutine[None, None, None]], *, own: bool
) -> None:
    await serving.segmentation.ready(own=own)
    await started(serving)


@contextlib.contextmanager
def collecting_seldom() -> Generator[None]:
    """Let Python look for cycles seldom, and not among what has been there for long.

    What a server makes of lines and rows is dropped by counting alone; to look for cycles in it
    every 700 objects, and then in all that is cached, takes as long as to decode and check it. What
    outlives a look at everything is not looked at again but once an hour: else there would be a
    pause for hundreds of milliseconds, of the cached contacts, every half a minute.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_ALLOCATIONS, 10, 10)
    looked = time.monotonic()

    def collected(phase: str, info: Mapping[str, int]) -> None:
        nonlocal looked
        if info["generation"] < _OLDEST:
            return
        if phase == "stop":
            gc.freeze()
        elif time.monotonic() - looked > LOOKED_THROUGH:
            gc.unfreeze()
            looked = time.monotonic()

    gc.callbacks.append(collected)
    try:
        yield
    finally:
        gc.callbacks.remove(collected)


def _first(error: BaseException) -> BaseException:
    """Return the error itself out of the groups around it."""
    while isinstance(error, BaseExceptionGroup):
        error = cast("BaseExceptionGroup[BaseException]", error).exceptions[0]
    return error


class _Server(uvicorn.Server):
    """Says when it listens, and leaves signals to whoever runs it."""

    def __init__(self, app: Starlette, settings: Settings) -> None:
        super().__init__(_config(app, settings))
        self._app = app
        self.up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen.

        Raises:
            CannotListen: somebody else does since the address was bound.
        """
        try:
            await super().startup(sockets)
        except OSError as refused:
            raise CannotListen(_taken(self.config.host, self.config.port, refused)) from refused
        self.up.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Send away who listens, then end what is being answered."""
        self._app.state.listeners.end()
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        """Do nothing."""
        yield


@contextlib.contextmanager
def _bound(settings: Settings) -> Generator[socket.socket]:
    """Bind the address first of all: what is taken is refused before a graph is started."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as refused:
        raise CannotListen(_taken(settings.host, settings.port, refused)) from refused
    with listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(address)
        except OSError as refused:
            raise CannotListen(_taken(settings.host, settings.port, refused)) from refused
        yield listener


def _taken(host: str, port: int, refused: OSError) -> str:
    if isinstance(refused, socket.gaierror) or refused.errno == errno.EADDRNOTAVAIL:
        return f"{host} is no address of this machine ({refused.strerror}); --host names another"
    return (
        f"Port {port} of {host} cannot be listened on: {refused.strerror}; "
        "--port names another, 0 takes a free one"
    )


@contextlib.asynccontextmanager
async def _graph(
    settings: Settings, fetching: Callable[[int, int], None] | None
) -> AsyncGenerator[tuple[Database, bool]]:
    """Open the graph: the one at the address, or one of our own, which nobody else writes to."""
    if there := addressed(settings):
        async with there as database:
            yield database, False
        return
    local = LocalGraph(
        settings.data, heap=settings.local_heap_mib, page_cache=settings.local_page_cache_mib
    )
    _log.info("starting the Neo4j under %s", settings.data)
    async with local.running(fetching) as graph, asyncio.TaskGroup() as tasks:
        supervisor = tasks.create_task(local.supervise())
        try:
            async with graph.opened() as database:
                yield database, True
        finally:
            supervisor.cancel()


def _config(app: Starlette, settings: Settings) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        timeout_graceful_shutdown=_GRACE,
        timeout_keep_alive=_KEPT,
        ws_max_size=LARGEST_MESSAGE,
        # Messages are small, and a connection that can compress takes twice the memory.
        ws_per_message_deflate=False,
    )


def _url(listener: socket.socket, settings: Settings) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{listener.getsockname()[1]}"
