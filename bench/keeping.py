"""`keep`: events told to a server that keeps a thousand segments, each counted everywhere."""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from typing import TYPE_CHECKING, Any, Final, LiteralString

import httpx2
import msgspec

from bench import engine, machine, measure, pace, places
from graph import times
from graph.conditions import write

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Iterator, Sequence

    from graph.database import Database

DEFINITIONS: Final = 1_000
CONTACTS: Final = 20_000
BEFORE: Final = 10
"""Events of each contact that are there before, over 90 days."""
CLIENTS: Final = 4
REQUEST: Final = 500
MOST: Final = 50_000
"""Events of one round."""
SINGLE: Final = 500
"""Single events a second, each on its own."""
_BEFORE: Final = 10
"""Seconds of single events that are not measured."""
_MIDDLE, _LATE = 12.0, 60.0
_WAIT: Final = httpx2.Timeout(120)
_SAVED_AT_ONCE: Final = 20
_CHANGES: Final = "MATCH (change:Change) RETURN count(change) AS number"
_UNFILLED: Final = "MATCH (s:Segment) WHERE s.filled IS NOT NULL RETURN count(s) AS number"
_RECORD: Final = """mutation ($events: [EventInput!]!) {
  recordEvents(events: $events) { accepted rejected { code message } }
}"""

Line = dict[str, Any]
Body = tuple[str, bytes]


def lines(start: int, number: int, first: int, last: int) -> Iterator[Line]:
    """Yield events spread over time from one instant to another, of contacts by chance."""
    chance = random.Random(start)  # noqa: S311 - no secret
    kinds, values = engine.Skewed(chance, engine.KINDS), engine.Skewed(chance, engine.VALUES)
    for each in range(number):
        yield {
            "event": f"Kind {kinds()}",
            "id": f"{start + each}",
            "contact": f"c{chance.randrange(CONTACTS)}",
            "at": times.instant_text(first + (last - first) * each // number),
            "properties": {"name": f"value {values()}"},
        }


def imported(part: Sequence[Line]) -> Body:
    """Return a request that imports events."""
    return "/import", msgspec.json.encode(part)


def recorded(part: Sequence[Line]) -> Body:
    """Return a request that records events."""
    return "/graphql", msgspec.json.encode({"query": _RECORD, "variables": {"events": part}})


WAYS: Final[Sequence[tuple[str, Callable[[Sequence[Line]], Body], float]]] = (
    ("POST /import", imported, 8_000.0),
    ("recordEvents", recorded, 4_000.0),
)


async def run(options: Namespace) -> None:
    """Print rates of both ways in, and how long single events take."""
    now = int(time.time() * 1000)
    async with places.graph(places.emptied("keep")) as (running, database):
        with places.server("serve", running=running) as server:
            keeping = Keeping(server, database)
            before = lines(0, BEFORE * CONTACTS, now - 90 * times.DAY, now)
            await keeping.send(list(packed(before, REQUEST, imported)))
            spent = await keeping.saved()
            rows = [await keeping.way(options, *way) for way in WAYS]
            single = await keeping.single(options.rounds)
    print(f"{DEFINITIONS:,} segments over {BEFORE * CONTACTS:,} events LIVE after {spent:.1f} s\n")
    head = ("way in", "events/s", "changes an event", "server CPU µs/event", "target")
    measure.table(head, rows)
    middle, late = single.median, single.quantile(0.99)
    held = (
        f"{measure.verdict(middle, _MIDDLE, most=True)}, {measure.verdict(late, _LATE, most=True)}"
    )
    told = [f"{SINGLE} single events a second", f"{middle:.1f}", f"{late:.1f}", held]
    measure.table(("what", "ms p50", "ms p99", "target"), [told])


def packed(
    events: Iterator[Line], size: int, pack: Callable[[Sequence[Line]], Body]
) -> Iterator[Body]:
    """Yield requests of so many events each."""
    while part := list(itertools.islice(events, size)):
        yield pack(part)


class Keeping:
    """A server that keeps segments, told events whose ids go on."""

    def __init__(self, server: places.Server, database: Database) -> None:
        self._server, self._database = server, database
        self._next = BEFORE * CONTACTS

    def _events(self, number: int) -> Iterator[Line]:
        """Return events of the last second."""
        now, start = int(time.time() * 1000), self._next
        self._next += number
        return lines(start, number, now - 1000, now)

    async def send(self, bodies: Sequence[Body]) -> float:
        """Send all by several clients, one request each at a time; return the seconds it took."""
        left = iter(bodies)
        begun = time.perf_counter()
        async with asyncio.TaskGroup() as tasks:
            for _ in range(CLIENTS):
                tasks.create_task(self._client(left))
        return time.perf_counter() - begun

    async def _client(self, left: Iterator[Body]) -> None:
        async with httpx2.AsyncClient(timeout=_WAIT) as client:
            for body in left:
                await self._told(client, body)

    async def _told(self, client: httpx2.AsyncClient, body: Body) -> dict[str, Any]:
        path, content = body
        headers = {"content-type": "application/json"}
        answer = await client.post(f"{self._server.url}{path}", content=content, headers=headers)
        found = answer.json()
        assert answer.is_success, found
        assert "errors" not in found, found
        return found

    async def saved(self) -> float:
        """Save the segments and wait until all are LIVE; return the seconds that took."""
        segments = [
            {"key": key, "name": key, "where": write(saved.definition)}
            for key, saved in engine.catalogue(DEFINITIONS).items()
        ]
        begun = time.perf_counter()
        async with httpx2.AsyncClient(timeout=_WAIT) as client:
            for start in range(0, DEFINITIONS, _SAVED_AT_ONCE):
                some = segments[start : start + _SAVED_AT_ONCE]
                await self._told(client, _saving(some))
        while await self._count(_UNFILLED):  # noqa: ASYNC110 - it is another process
            await asyncio.sleep(0.1)
        return time.perf_counter() - begun

    async def way(
        self,
        options: Namespace,
        name: str,
        pack: Callable[[Sequence[Line]], Body],
        target: float,
    ) -> list[object]:
        """Tell events one way, in rounds; return what that cost."""
        number = min(MOST, options.events // options.rounds)
        rates: list[float] = []
        before, cpu = await self._count(_CHANGES), machine.processor_seconds(self._server.pid)
        for _ in range(options.rounds):
            bodies = list(packed(self._events(number), REQUEST, pack))
            rates.append(number / await self.send(bodies))
        spent = machine.processor_seconds(self._server.pid) - cpu
        changes = await self._count(_CHANGES) - before
        told, rate = number * options.rounds, measure.Spread(tuple(rates))
        held = measure.verdict(rate.median, target, most=False)
        return [name, rate.text(0), f"{changes / told:.2f}", f"{spent / told * 1e6:.0f}", held]

    async def single(self, rounds: int) -> measure.Spread:
        """Tell single events at an even pace; return the milliseconds until each was durable.

        Some before are not counted: the graph compiles what is done often while it is done.
        """
        await pace.paced(self._server.url, self.singles(SINGLE * _BEFORE), SINGLE)
        spent = await pace.paced(self._server.url, self.singles(SINGLE * rounds), SINGLE)
        return measure.Spread(tuple((answered - due) * 1000 for due, answered in spent))

    def singles(self, number: int) -> list[bytes]:
        """Return requests that record one event of the last second each."""
        return [body for _, body in packed(self._events(number), 1, recorded)]

    async def _count(self, text: LiteralString) -> int:
        (row,) = await self._database.read(text)
        return int(row["number"])


def _saving(segments: Sequence[Line]) -> Body:
    """Return a request that saves some segments."""
    heads = ", ".join(f"$s{place}: SegmentInput!" for place in range(len(segments)))
    fields = " ".join(
        f"s{place}: saveSegment(segment: $s{place}) {{ __typename }}"
        for place in range(len(segments))
    )
    variables = {f"s{place}": each for place, each in enumerate(segments)}
    query = f"mutation ({heads}) {{ {fields} }}"
    return "/graphql", msgspec.json.encode({"query": query, "variables": variables})
