"""`segraph doctor`: looks at all that a server needs, and says what is wrong and what helps."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from graph import checkup, times
from graph.catalogue import SegmentStatus
from graph.clock import SystemClock
from graph.errors import SegraphError
from graph.local import VERSION, LocalGraph, jars, java
from graph.upkeep import kept, retention
from graph.upkeep.limits import Limits
from graph.upkeep.repair import repair
from graph.verify import Difference, verify
from server import running
from server.addressed import addressed

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator

    from graph.checkup import Checkup, Writer
    from graph.database import Database
    from server.settings import Settings


LATE: Final = 10 * times.SECOND
"""How far a writer that lives may be behind its own clock."""
SKEWED: Final = times.MINUTE
NAMED: Final = 10
"""Segments that are named which need events for longer than they are kept."""
SHOWN: Final = 50
"""Differences that are printed; as JSON there are all of them."""
_PATIENCE: Final = 20.0
"""Seconds for a server to judge those that were marked."""


class GraphInUse(SegraphError):
    """A server is the graph's writer."""

    code = "GRAPH_IN_USE"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, whether it is in order, and what was seen.

    `differences` are of members that are not as the definitions say, None where nobody looked.
    """

    what: str
    right: bool
    told: str
    differences: Sequence[Difference] | None = None

    def text(self) -> str:
        """Return it as a line, and one for each of the first differences."""
        lines = [f"{'ok   ' if self.right else 'WRONG'}  {self.what:<8}  {self.told}"]
        found = self.differences or ()
        lines += [f"{'':17}{_difference(each)}" for each in found[:SHOWN]]
        if len(found) > SHOWN:
            lines.append(f"{'':17}and {len(found) - SHOWN} more; --json prints all of them")
        return "\n".join(lines)

    def fields(self) -> dict[str, object]:
        """Return it as JSON has it."""
        told: dict[str, object] = {"what": self.what, "right": self.right, "told": self.told}
        if self.differences is not None:
            told["differences"] = [each.fields() for each in self.differences]
        return told


async def examine(
    settings: Settings, *, verifies: bool = False, repairs: bool = False
) -> list[Finding]:
    """Return what was found, whatever is wrong.

    With `verifies` members are compared with the definitions; with `repairs` they are set right,
    too, and what is found is what is left then.
    """
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
            found += [_right("graph", where), *_graphs(seen), _clock(settings, seen), _skew(seen)]
            found += [await _lag(database, settings, seen), *_segments(seen)]
            found += _retention(settings, seen)
            if repairs:
                found.append(await _repaired(database))
            if verifies or repairs:
                found += await _members(database)
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
    yield _right("writer", _owner(seen.writer))


def _owner(writer: Writer | None) -> str:
    if writer is None:
        return "none yet; the next server that starts"
    if not writer.lives:
        return f"none; the next server that starts. The last one was {writer.server}"
    lives = f"its last sign of life is {writer.silent} ms old"
    return f"{writer.server}, epoch {writer.epoch}; {lives}"


def _clock(settings: Settings, seen: Checkup) -> Finding:
    now = SystemClock(settings.clock).now()
    try:
        kept.check(seen.clock, now)
    except SegraphError as error:
        return _wrong("clock", error.message)
    last = "nothing is written yet" if seen.clock is None else times.instant_text(seen.clock)
    return _right("clock", f"{times.instant_text(now)}; last written: {last}")


def _skew(seen: Checkup) -> Finding:
    ahead = "ahead of" if seen.ahead >= 0 else "behind"
    told = f"the graph's clock is {abs(seen.ahead)} ms {ahead} this machine's"
    if abs(seen.ahead) <= SKEWED:
        return _right("skew", told)
    return _wrong("skew", f"{told}; let both keep the time by NTP")


async def _lag(database: Database, settings: Settings, seen: Checkup) -> Finding:
    """Tell how far the writer is, by its own clock; where none lives, by ours."""
    writer = seen.writer
    if writer is None or writer.clock is None or writer.as_of is None:
        return _right("lag", "nothing is written yet")
    now = writer.clock if writer.lives else SystemClock(settings.clock).now()
    due = await checkup.overdue(database, now)
    told = f"all is worked off up to {times.instant_text(writer.as_of)}; contacts overdue: {due}"
    if not writer.lives:
        next_one = ", which the next server judges before it takes anything" if due else ""
        return _right("lag", f"{told}{next_one}")
    behind = now - writer.as_of
    told = f"{told}; {behind} ms behind the writer's clock"
    if behind <= LATE:
        return _right("lag", told)
    return _wrong("lag", f"{told}; if it does not get less, the server's log tells why")


def _segments(seen: Checkup) -> Iterator[Finding]:
    """Yield how many segments there are by their status, and each that failed."""
    number = Counter(each.status for each in seen.segments)
    told = ", ".join(f"{number[each]} {each}" for each in SegmentStatus if number[each])
    yield _right("segments", told or "none is saved")
    for saved in seen.segments:
        if saved.status is SegmentStatus.FAILED:
            again = "save it again to have it built anew"
            yield _wrong("segment", f"'{saved.key}' is FAILED: {saved.failure}; {again}")


def _retention(settings: Settings, seen: Checkup) -> Iterator[Finding]:
    """Yield that events are kept for a time, and which segments keep some of them for longer."""
    if settings.keep_events is None:
        return
    now = SystemClock(settings.clock).now()
    saved = {each.key: each for each in seen.segments}
    before = now - settings.keep_events
    wanted = [
        retention.told(*each) for each in retention.longer(retention.needs(saved, now), before)
    ]
    told = f"events are kept for {times.duration_text(settings.keep_events)}"
    if wanted:
        more = f" and {len(wanted) - NAMED} more" if len(wanted) > NAMED else ""
        told = f"{told}, and for longer where {'; '.join(wanted[:NAMED])}{more}"
    yield _right("kept", told)


async def _members(database: Database) -> list[Finding]:
    """Return whether members are those of the definitions."""
    found = await verify(database)
    told = (
        f"{found.segments} live segments with {found.members} memberships, "
        f"by their definitions at {times.instant_text(found.at)}"
    )
    wrong = [
        _wrong("members", f"'{key}' cannot be verified: {why}") for key, why in found.unable.items()
    ]
    if found.differences:
        number = len(found.differences)
        told = f"{told}: {number} differences; segraph doctor --repair sets them right"
    right = not found.differences
    return [Finding("members", right, told, found.differences), *wrong]


async def _repaired(database: Database) -> Finding:
    """Judge anew whoever differs, and wait until that is done."""
    found = (await verify(database)).differences
    if not found:
        return _right("repair", "nothing was to be set right")
    contacts = sorted({each.contact for each in found if each.contact is not None})
    segments = sorted({each.segment for each in found})
    await repair(database, contacts, segments, Limits())
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_PATIENCE):
            await _judged(database)
    told = f"{len(contacts)} contacts of {len(segments)} segments were judged anew"
    return _right("repair", told)


async def _judged(database: Database) -> None:
    while (clock := (await checkup.look(database)).clock) is not None:
        if not await checkup.overdue(database, clock):
            return
        await asyncio.sleep(0.2)


def _difference(found: Difference) -> str:
    if found.contact is None:
        return f"'{found.segment}' has a size of {found.kept}, and {found.due} members"
    if found.kept and found.due:
        return f"'{found.segment}': '{found.contact}' is kept {found.kept} times"
    if found.kept:
        return f"'{found.segment}': '{found.contact}' is kept as a member, and should not be"
    return f"'{found.segment}': '{found.contact}' is not kept as a member, and should be"
