"""`segraph doctor`: looks at all that a server needs, and says what is wrong and what helps."""

from __future__ import annotations

import contextlib
import socket
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from graph import checkup, times
from graph.clock import SystemClock
from graph.errors import SegraphError
from graph.local import VERSION, LocalGraph, jars, java
from graph.upkeep import kept
from server import running
from server.addressed import addressed

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator

    from graph.checkup import Checkup
    from graph.database import Database
    from server.settings import Settings


class GraphInUse(SegraphError):
    """A server is the graph's writer."""

    code = "GRAPH_IN_USE"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, whether it is in order, and what was seen."""

    what: str
    right: bool
    told: str

    def text(self) -> str:
        """Return it as a line."""
        return f"{'ok   ' if self.right else 'WRONG'}  {self.what:<8}  {self.told}"

    def fields(self) -> dict[str, object]:
        """Return it as JSON has it."""
        return asdict(self)


async def examine(settings: Settings) -> list[Finding]:
    """Return what was found, whatever is wrong."""
    server = running.find(settings.data)
    found = [_server(settings, server)]
    if server is None:
        found.append(_port(settings))
    if settings.graph is None:
        found += [_java(), _files()]
    try:
        async with _graph(settings) as database:
            if database is None:
                return [*found, _right("graph", f"none yet under {settings.data}")]
            engine = await database.engine()
            seen = await checkup.look(database)
            where = f"{engine.name} {engine.version} at {database.address}"
            found += [_right("graph", where), *_graphs(seen)]
            found.append(_clock(settings, seen))
    except SegraphError as error:
        found.append(_wrong("graph", error.message))
    return found


async def reset_clock(settings: Settings) -> int | None:
    """Forget the graph's last instant and return it; None where none was kept.

    Raises:
        GraphInUse: a server that lives would write it again.
        SegraphError: the graph cannot be reached.
    """
    async with _graph(settings) as database:
        if database is None:
            return None
        if (await checkup.look(database)).owned:
            raise GraphInUse(f"A server writes to the graph {settings.where}; stop it first")
        return await kept.reset_clock(database)


@contextlib.asynccontextmanager
async def _graph(settings: Settings) -> AsyncGenerator[Database | None]:
    """Open the graph; one of our own that rests is run for as long as the block."""
    async with contextlib.AsyncExitStack() as stack:
        database = addressed(settings)
        if database is None:
            local = LocalGraph(settings.data, heap=512, page_cache=128)
            if not local.exists:
                yield None
                return
            lives = await local.alive() or await stack.enter_async_context(local.running())
            database = lives.opened()
        yield await stack.enter_async_context(database)


def _right(what: str, told: str) -> Finding:
    return Finding(what, right=True, told=told)


def _wrong(what: str, told: str) -> Finding:
    return Finding(what, right=False, told=told)


def _server(settings: Settings, server: running.Running | None) -> Finding:
    if server is None:
        return _right("server", f"none runs on {settings.where}")
    graph = f"on {server.graph}, process {server.pid}"
    return _right("server", f"runs at {server.url} {graph}")


def _port(settings: Settings) -> Finding:
    with socket.socket() as probe:
        probe.settimeout(1)
        taken = probe.connect_ex((settings.host, settings.port)) == 0
    if taken:
        told = f"{settings.port} is taken by another program; --port or SEGRAPH_PORT names another"
        return _wrong("port", told)
    return _right("port", f"{settings.port} is free")


def _java() -> Finding:
    try:
        return _right("java", str(java.find(VERSION)))
    except SegraphError as error:
        return _wrong("java", error.message)


def _files() -> Finding:
    folder = jars.cache_folder(VERSION)
    locked = jars.locked(VERSION)
    there = sum((folder / jar.file).is_file() for jar in locked)
    if there == len(locked):
        return _right("neo4j", f"{VERSION} is in {folder}")
    told = f"{there} of {len(locked)} files are in {folder}; the first start fetches the others"
    return _right("neo4j", f"{VERSION}: {told}, and so does `segraph neo4j fetch`")


def _graphs(seen: Checkup) -> Iterator[Finding]:
    if seen.missing:
        missing = f"missing {', '.join(seen.missing)}; starting a server makes them"
        yield _wrong("indexes", missing)
    elif seen.unready:
        yield _wrong("indexes", f"not ready: {', '.join(seen.unready)}; wait, or see why")
    else:
        yield _right("indexes", "all there")
    if seen.owned:
        yield _right("writer", f"a server; its last sign of life is {seen.silent} ms old")
    else:
        yield _right("writer", "none; the next server that starts")


def _clock(settings: Settings, seen: Checkup) -> Finding:
    now = SystemClock(settings.clock).now()
    try:
        kept.check(seen.clock, now)
    except SegraphError as error:
        return _wrong("clock", error.message)
    last = "nothing is written yet" if seen.clock is None else times.instant_text(seen.clock)
    return _right("clock", f"{times.instant_text(now)}; last written: {last}")
