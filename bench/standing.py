"""`saved`: how soon a new segment is LIVE, what its size and pages cost, what many cost at rest."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import time
from typing import TYPE_CHECKING, Any, Final

import httpx2

from bench import importing, machine, measure, places
from bench.requesting import Client, body, times_of

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator

EVENTS: Final = 2_000_000
"""Views by 100,000 contacts."""
ARRIVING: Final = 500
"""Events of a request that comes each half second while the segment is filled."""
SEGMENTS: Final = 10_000
IDLE: Final = 30.0
"""Seconds for which a server at rest is watched."""
_LIVE, _SIZE, _PAGE, _CORE = 20.0, 2.0, 5.0, 1.0
_WAIT: Final = httpx2.Timeout(600)
_SAVE: Final = """mutation ($segment: SegmentInput!) {
  saveSegment(segment: $segment) { __typename }
}"""
_STATUS: Final = "query ($key: String!) { segment(key: $key) { status } }"
_SIZED: Final = "query ($key: String!) { segment(key: $key) { size } }"
_PAGED: Final = """query ($key: String!) {
  segment(key: $key) { members(first: 20) { nodes { key } } }
}"""
_UNFILLED: Final = "MATCH (s:Segment) WHERE s.filled IS NOT NULL RETURN count(s) AS number"
_WHERES: Final = {
    "many": {"did": {"event": "Content Viewed"}},
    "few": {"did": {"event": "Content Viewed", "atLeast": 40}},
    "recent": {"did": {"event": "Content Viewed", "atLeast": 30, "within": {"last": "P3650D"}}},
    "silent": {"not": {"did": {"event": "Content Viewed", "within": {"last": "P30D"}}}},
}

Line = dict[str, Any]


async def run(options: Namespace) -> None:
    """Print all of it."""
    load = importing.crowd()
    events = load.events()
    async with places.graph(places.emptied("saved")) as (running, database):
        with places.server("serve", running=running) as server:
            importing.send(server.url, load.before())
            importing.send(server.url, itertools.islice(events, EVENTS))
            rows = [await _filled(server.url, key, events) for key in _WHERES]
            for key in _WHERES:
                rows += await _asked(server.url, key, 50 * options.rounds)
            importing.send(server.url, _rare())
            begun = time.perf_counter()
            while (await database.read(_UNFILLED))[0]["number"]:  # noqa: ASYNC110 - another process
                await asyncio.sleep(0.1)
            spent = time.perf_counter() - begun
            rows.append([f"{SEGMENTS:,} segments of nobody LIVE after", "s", f"{spent:.1f}", ""])
            rows.append(await _at_rest(server.pid))
    measure.table(("what", "unit", "found", "target"), rows)


async def _filled(url: str, key: str, events: Iterator[Line]) -> list[object]:
    """Save a segment while events come, and wait until all its members are known."""
    arriving = asyncio.create_task(_arrive(url, events))
    await asyncio.sleep(1)
    segment = {"key": key, "name": key, "where": _WHERES[key]}
    async with httpx2.AsyncClient(base_url=url, timeout=_WAIT) as http:
        begun = time.perf_counter()
        await http.post("/graphql", json={"query": _SAVE, "variables": {"segment": segment}})
        # Its size, meanwhile, would be counted anew each time.
        while (await _found(http, _STATUS, key))["status"] != "LIVE":  # noqa: ASYNC110
            await asyncio.sleep(0.1)
        spent = time.perf_counter() - begun
        size = (await _found(http, _SIZED, key))["size"]
    arriving.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await arriving
    what = f"a segment of {size:,} of 100,000 contacts LIVE after"
    return [what, "s", f"{spent:.1f}", measure.verdict(spent, _LIVE, most=True)]


async def _found(http: httpx2.AsyncClient, text: str, key: str) -> dict[str, Any]:
    asked = {"query": text, "variables": {"key": key}}
    found: dict[str, Any] = (await http.post("/graphql", json=asked)).json()["data"]["segment"]
    return found


async def _arrive(url: str, events: Iterator[Line]) -> None:
    async with httpx2.AsyncClient(base_url=url, timeout=_WAIT) as http:
        while True:
            part = list(itertools.islice(events, ARRIVING))
            (await http.post("/import", json=part)).raise_for_status()
            await asyncio.sleep(0.5)


async def _asked(url: str, key: str, number: int) -> list[list[object]]:
    """Ask for the size of a segment, and for a page of its members."""
    client, rows = await Client.at(url), list[list[object]]()
    for what, text, most in (("size", _SIZED, _SIZE), ("20 members", _PAGED, _PAGE)):
        request = body(text, key=key)
        spent = await times_of(client, lambda request=request: request, number)
        target = measure.verdict(spent.median, most, most=True)
        rows.append([f"{what} of `{key}`, p50", "ms", f"{spent.median:.1f}", target])
        rows.append([f"{what} of `{key}`, p99", "ms", f"{spent.quantile(0.99):.1f}", ""])
    client.close()
    return rows


def _rare() -> Iterator[Line]:
    for number in range(SEGMENTS - len(_WHERES)):
        where = {"did": {"event": f"Rare {number % 100}", "within": {"last": f"P{1 + number}D"}}}
        yield {"type": "segment", "key": f"s{number}", "name": f"s{number}", "where": where}


async def _at_rest(pid: int) -> list[object]:
    await asyncio.sleep(5)
    before = machine.processor_seconds(pid)
    await asyncio.sleep(IDLE)
    part = (machine.processor_seconds(pid) - before) / IDLE * 100
    target = measure.verdict(part, _CORE, most=True)
    return [f"a server at rest that keeps {SEGMENTS:,}", "% of a core", f"{part:.2f}", target]
