"""`hearing`: how soon changes are heard, by how many at once, and what a listener costs."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import struct
import time
from typing import TYPE_CHECKING, Final

import httpx2

from bench import machine, measure, pace, places
from bench.requesting import Client, body

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable

SINGLE: Final = 500
"""Events a second, each told on its own."""
_REACHED: Final = 0.98
"""The share of that pace at which it counts as reached: the last is answered after its end."""
SECONDS: Final = 6
SEGMENTS: Final = 100
MANY: Final = 1_000
CHANGES: Final = 40
IDLE: Final = 5_000
_MIDDLE, _LATE, _DELIVERIES, _KIB = 8.0, 40.0, 25_000, 40.0
_LISTEN: Final = """subscription ($segment: String!) {
  segmentChanges(segment: $segment) { ... on Change { sequence cursor contactKey cause } }
}"""
_RECORD: Final = """mutation ($events: [EventInput!]!) {
  recordEvents(events: $events) { accepted }
}"""
_STATUS: Final = "query ($key: String!) { segment(key: $key) { status } }"
_HEARD: Final = b'"type":"next"'


class Listener:
    """A WebSocket that counts what it hears, and parses nothing."""

    def __init__(self, heard: Callable[[bytes], object]) -> None:
        self._heard = heard
        self._writer: asyncio.StreamWriter | None = None
        self.task: asyncio.Task[None] | None = None

    async def begin(self, url: str, segment: str) -> None:
        """Connect and subscribe; a question after it is answered once it listens."""
        host, _, port = url.removeprefix("http://").partition(":")
        reader, self._writer = await asyncio.open_connection(host, int(port))
        key = base64.b64encode(os.urandom(16)).decode()
        self._writer.write(
            (
                "GET /graphql HTTP/1.1\r\nHost: bench\r\nUpgrade: websocket\r\n"
                f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
                "Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
            ).encode()
        )
        await reader.readuntil(b"\r\n\r\n")
        self._say(type="connection_init")
        asked = {"query": _LISTEN, "variables": {"segment": segment}}
        self._say(type="subscribe", id="1", payload=asked)
        self._say(type="subscribe", id="2", payload={"query": "{ __typename }"})
        said = b""
        while b'"type":"complete","id":"2"' not in said.replace(b" ", b"") and (
            b'"id":"2","type":"complete"' not in said.replace(b" ", b"")
        ):
            said += await reader.read(4096)
        self.task = asyncio.create_task(self._listen(reader))

    def _say(self, **message: object) -> None:
        text = json.dumps(message).encode()
        length = (
            bytes([0x80 | len(text)]) if len(text) < 126 else struct.pack("!BH", 0xFE, len(text))
        )
        assert self._writer is not None
        self._writer.write(b"\x81" + length + bytes(4) + text)  # masked by nothing

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        while data := await reader.read(65536):
            ping = data.find(b"\x89")  # in no text of these
            if ping >= 0 and self._writer is not None:
                payload = data[ping + 2 : ping + 2 + data[ping + 1]]
                self._writer.write(bytes([0x8A, 0x80 | len(payload)]) + bytes(4) + payload)
            self._heard(data)

    async def end(self) -> None:
        """Disconnect."""
        if self._writer is not None:
            self._writer.close()
        if self.task is not None:
            await self.task


async def run(options: Namespace) -> None:
    """Print all three."""
    del options
    async with places.graph(places.emptied("hearing")) as (running, _):
        with places.server("serve", running=running) as server:
            await _save(server.url)
            rows = [*await _soon(server), await _many(server), await _idle(server)]
    measure.table(("what", "unit", "found", "target"), rows)


async def _save(url: str) -> None:
    async with httpx2.AsyncClient(base_url=url, timeout=60) as http:
        lines = [
            {"type": "segment", "key": f"s{n}", "name": "s", "where": {"did": {"event": f"E {n}"}}}
            for n in range(SEGMENTS)
        ]
        seen = [{"contact": "c", "event": f"E {n}"} for n in range(SEGMENTS)]
        (await http.post("/import", json=[*lines, *seen])).raise_for_status()
        for n in range(SEGMENTS):
            asked = {"query": _STATUS, "variables": {"key": f"s{n}"}}
            while '"LIVE"' not in (await http.post("/graphql", json=asked)).text:  # noqa: ASYNC110
                await asyncio.sleep(0.1)


async def _until(happened: Callable[[], bool]) -> None:
    """Wait until something happened, a minute at most."""
    async with asyncio.timeout(60):
        while not happened():  # noqa: ASYNC110 - told by another process
            await asyncio.sleep(0.001)


def _event(number: int, segment: int) -> bytes:
    return body(_RECORD, events=[{"contact": f"c{number}", "event": f"E {segment}"}])


async def _soon(server: places.Server) -> list[list[object]]:
    """Tell single events at a pace, each heard by one of many; from its answer to its hearing."""
    heard = dict[int, float]()

    def note(data: bytes) -> None:
        now = time.perf_counter()
        for part in data.split(b'"contactKey":"c')[1:]:
            heard[int(part.partition(b'"')[0])] = now

    listeners = [Listener(note) for _ in range(SEGMENTS)]
    await asyncio.gather(*(each.begin(server.url, f"s{n}") for n, each in enumerate(listeners)))
    bodies = [_event(number, number % SEGMENTS) for number in range(2 * SINGLE * SECONDS)]
    first, bodies = bodies[: SINGLE * SECONDS], bodies[SINGLE * SECONDS :]
    await pace.paced(server.url, first, SINGLE)  # until Neo4j has compiled what it does
    told = await pace.paced(server.url, bodies, SINGLE)
    rate = len(told) / (told[-1][1] - told[0][0])
    acknowledged = {n: answered for n, (_, answered) in enumerate(told, start=len(first))}
    await _until(lambda: heard.keys() >= acknowledged.keys())
    spent = measure.Spread(tuple((heard[n] - acknowledged[n]) * 1000 for n in acknowledged))
    for each in listeners:
        await each.end()
    late, middle = spent.quantile(0.99), spent.median
    return soon(rate, middle, late)


def soon(rate: float, middle: float, late: float) -> list[list[object]]:
    """Return the rows of the pace that was reached, and of how soon events were heard by it."""
    what = f"event acknowledged → heard, {SEGMENTS} listeners"
    reached = measure.verdict(round(rate), SINGLE * _REACHED, most=False)
    return [
        [f"{what}: {SINGLE} told a second", "events/s", f"{rate:.0f}", reached],
        [f"{what}, p50", "ms", f"{middle:.1f}", measure.verdict(middle, _MIDDLE, most=True)],
        [f"{what}, p99", "ms", f"{late:.1f}", measure.verdict(late, _LATE, most=True)],
    ]


async def _many(server: places.Server) -> list[object]:
    """Let changes be heard by many who listen alike, by the server's own processor."""
    heard = 0

    def note(data: bytes) -> None:
        nonlocal heard
        heard += data.count(_HEARD)

    listeners = [Listener(note) for _ in range(MANY)]
    for each in listeners:
        await each.begin(server.url, "s0")
    client, cpu = await Client.at(server.url), machine.processor_seconds(server.pid)
    for number in range(CHANGES):
        await client.ask(_event(1_000_000 + number, 0))
        await _until(lambda due=MANY * (number + 1): heard == due)
    rate = MANY * CHANGES / (machine.processor_seconds(server.pid) - cpu)
    for each in listeners:
        await each.end()
    client.close()
    target = measure.verdict(rate, _DELIVERIES, most=False)
    return [f"1 change to {MANY:,} listeners", "deliveries/s of one core", f"{rate:,.0f}", target]


async def _idle(server: places.Server) -> list[object]:
    """Let many connect and listen, and look at the server's memory."""
    before = machine.resident(server.pid)
    listeners = [Listener(len) for _ in range(IDLE)]
    for each in listeners:
        await each.begin(server.url, "s1")
    kib = (machine.resident(server.pid) - before) * 1024 / IDLE
    for each in listeners:
        await each.end()
    target = measure.verdict(kib, _KIB, most=True)
    return [f"{IDLE:,} idle listeners", "KiB each", f"{kib:.1f}", target]
