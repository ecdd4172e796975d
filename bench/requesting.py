"""`requests`: small requests a second, pages of members, and single events, over HTTP."""

from __future__ import annotations

import asyncio
import itertools
import time
from typing import TYPE_CHECKING, Final

import msgspec

from bench import machine, measure, places, readers
from bench.shapes import SHAPES
from graph import times
from graph.database import Database

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable

SMALL: Final = 1200
PAGE: Final = 15.0
_CLIENTS: Final = 8
_SECONDS: Final = 4.0
_READY: Final = "{ status { ready } }"
_MEMBERS: Final = """query ($where: Condition!, $at: DateTime!) {
  audience(where: $where, at: $at) { members(first: 20) { nodes { key createdAt } } }
}"""
_RECORD: Final = """mutation ($events: [EventInput!]!) {
  recordEvents(events: $events) { accepted }
}"""


class Client:
    """One connection that asks and waits."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def at(cls, url: str) -> Client:
        """Connect."""
        host, _, port = url.removeprefix("http://").partition(":")
        return cls(*await asyncio.open_connection(host, int(port)))

    async def ask(self, body: bytes) -> bytes:
        """Return the answer to a request."""
        head = (
            "POST /graphql HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        self._writer.write(head.encode() + body)
        answer = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        assert answer.startswith(b"http/1.1 200"), answer
        length = int(answer.partition(b"content-length:")[2].split(b"\r\n", 1)[0])
        return await self._reader.readexactly(length)

    def close(self) -> None:
        """Disconnect."""
        self._writer.close()


def body(text: str, **variables: object) -> bytes:
    """Return a request as JSON."""
    return msgspec.json.encode({"query": text, "variables": variables})


async def run(options: Namespace) -> None:
    """Print rates and times; the server is one process, and so uses one core."""
    folder = places.FOLDER / f"readers-{readers.digest()}"
    assert (folder / "neo4j").is_dir(), "run the bench `audience` first: it makes the graph"
    async with places.graph(folder) as (running, _):
        with places.server("serve", running=running) as server:
            client = await Client.at(server.url)
            rows = [await _rate(server)]
            for shape in SHAPES:
                asked = body(_MEMBERS, where=shape.where, at=times.instant_text(readers.T))
                spent = await times_of(client, lambda asked=asked: asked, 3 * options.rounds)
                target = measure.verdict(spent.median, PAGE, most=True)
                rows.append([f"20 members: {shape.name}", "ms p50", *_spread(spent), target])
            numbers = itertools.count(time.time_ns())
            spent = await times_of(client, lambda: _event(next(numbers)), 50 * options.rounds)
            rows.append(["one event recorded", "ms p50", *_spread(spent), ""])
            client.close()
        await _forget(running.address, running.user, running.password)
    measure.table(("what", "unit", "p50", "p99", "least / middle / most", "target"), rows)


def _spread(spent: measure.Spread) -> list[str]:
    return [f"{spent.median:.1f}", f"{spent.quantile(0.99):.1f}", spent.text()]


def _event(number: int) -> bytes:
    event = {"id": f"bench-{number}", "contact": "contact-bench", "event": "Content Viewed"}
    return body(_RECORD, events=[event])


async def _forget(address: str, user: str, password: str) -> None:
    """Take back what was recorded, so that the next run finds the same graph."""
    database = Database(address, user, password)
    await database.change("MATCH (c:Contact {key: 'contact-bench'}) DETACH DELETE c")
    await database.change(
        "MATCH (k:EventKind {name: 'Content Viewed'}) "
        "SET k.count = COUNT { ()-[:CONTENT_VIEWED]->() }"
    )
    await database.close()


async def times_of(client: Client, asked: Callable[[], bytes], number: int) -> measure.Spread:
    """Return the milliseconds of so many requests, one after another, the first aside."""
    await client.ask(asked())
    spent: list[float] = []
    for _ in range(number):
        request = asked()
        begun = time.perf_counter()
        answer = await client.ask(request)
        spent.append((time.perf_counter() - begun) * 1000)
        assert b'"errors"' not in answer, answer
    return measure.Spread(tuple(spent))


async def _rate(server: places.Server) -> list[object]:
    """Ask for the least there is over a few connections; rates by the server's own processor."""
    clients = [await Client.at(server.url) for _ in range(_CLIENTS)]
    asked, counts, rates = body(_READY), [0] * _CLIENTS, list[float]()

    async def ask(number: int, until: float) -> None:
        while time.perf_counter() < until:
            answer = await clients[number].ask(asked)
            assert b'"ready":true' in answer.replace(b" ", b""), answer
            counts[number] += 1

    for _ in range(5):
        before, cpu = sum(counts), machine.processor_seconds(server.pid)
        until = time.perf_counter() + _SECONDS / 5
        await asyncio.gather(*(ask(number, until) for number in range(_CLIENTS)))
        rates.append((sum(counts) - before) / (machine.processor_seconds(server.pid) - cpu))
    for client in clients:
        client.close()
    rate = measure.Spread(tuple(rates))
    target = measure.verdict(rate.median, SMALL, most=False)
    return [_READY, "a second of one core", f"{rate.median:,.0f}", "", rate.text(0), target]
