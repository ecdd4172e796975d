"""`exits`: how late windows close, and how long many take that close at one instant."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import time
from typing import TYPE_CHECKING, Any, Final, LiteralString

import httpx2

from bench import measure, places
from bench.requesting import Client, body
from graph import times
from graph.changes import Cause, Change
from graph.upkeep.members import TURN
from graph.upkeep.memberships import JUDGED

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator

    from graph.database import Database

MANY: Final = 100_000
"""Exits that are due at one instant."""
SINGLE: Final = 50
"""Single events a second meanwhile."""
FEW: Final = 2_000
APART: Final = 5
"""Milliseconds between two of the few exits."""
REQUEST: Final = 10_000
_LATE, _RATIO, _MEANWHILE = 100.0, 1.5, 250.0
_FAR: Final = 10**9
"""A number of a change that no other has."""
_WINDOW: Final = 60 * times.SECOND
_LAST: Final = {"last": times.duration_text(_WINDOW)}
_WAIT: Final = httpx2.Timeout(180)
_SAVE: Final = """mutation ($segment: SegmentInput!) {
  saveSegment(segment: $segment) { __typename }
}"""
_SIZE: Final = "query ($key: String!) { segment(key: $key) { size status } }"
_LISTEN: Final = """subscription ($segment: String!) {
  segmentChanges(segment: $segment) { ... on MemberLeft { effectiveAt } }
}"""
_RECORD: Final = """mutation ($events: [EventInput!]!) {
  recordEvents(events: $events) { accepted }
}"""
_MEMBERS: Final = """
UNWIND $lists.keys AS key
MATCH (contact:Contact {key: key})
MATCH (segment:Segment {key: 'bare'})
CREATE (contact)-[:MEMBER_OF {segment: 'bare', contact: key, since: 0}]->(segment)
"""

Line = dict[str, Any]


async def run(options: Namespace) -> None:
    """Print all three."""
    del options
    async with places.graph(places.emptied("exits")) as (running, database):
        with places.server("serve", running=running) as server:
            few = await _few(server.url)
            spent, meanwhile = await _many(server.url)
        bare = await _bare(database)
    late, middle = few.quantile(0.99), few.median
    ratio, slow = spent / bare, meanwhile.quantile(0.99)
    rows: list[list[object]] = [
        ["a window closed → heard, p50", "ms", f"{middle:.1f}", ""],
        [
            f"a window closed → heard, p99 of {FEW:,}, one each {APART} ms",
            "ms",
            f"{late:.1f}",
            measure.verdict(late, _LATE, most=True),
        ],
        [f"{MANY:,} windows closed at one instant", "s", f"{spent:.1f}", ""],
        ["the writes alone that those need", "s", f"{bare:.1f}", ""],
        ["ratio", "", f"{ratio:.2f}", measure.verdict(ratio, _RATIO, most=True)],
        [
            f"a single event meanwhile, {SINGLE} a second, p50",
            "ms",
            f"{meanwhile.median:.1f}",
            "",
        ],
        [
            f"a single event meanwhile, {SINGLE} a second, p99",
            "ms",
            f"{slow:.1f}",
            measure.verdict(slow, _MEANWHILE, most=True),
        ],
    ]
    measure.table(("what", "unit", "found", "target"), rows)


def _ended(number: int, kind: str, at: int, apart: int) -> Iterator[Line]:
    """Yield events of as many contacts, each an instant apart, whose windows end from `at` on."""
    for each in range(number):
        yield {
            "event": kind,
            "id": f"{kind} {each}",
            "contact": f"c{each}",
            "at": times.instant_text(at - _WINDOW + apart * each),
        }


async def _save(http: httpx2.AsyncClient, key: str, kind: str) -> None:
    """Save who did something within the window, and wait until its members are known."""
    segment = {"key": key, "name": key, "where": {"did": {"event": kind, "within": _LAST}}}
    answer = await http.post("/graphql", json={"query": _SAVE, "variables": {"segment": segment}})
    assert '"Segment"' in answer.text, answer.text
    while (await _asked(http, key))["status"] != "LIVE":  # noqa: ASYNC110 - another process
        await asyncio.sleep(0.1)


async def _asked(http: httpx2.AsyncClient, key: str) -> dict[str, Any]:
    answer = await http.post("/graphql", json={"query": _SIZE, "variables": {"key": key}})
    found: dict[str, Any] = answer.json()["data"]["segment"]
    return found


async def _import(http: httpx2.AsyncClient, lines: Iterator[Line]) -> None:
    while part := list(itertools.islice(lines, REQUEST)):
        (await http.post("/import", json=part)).raise_for_status()


async def _few(url: str) -> measure.Spread:
    """Return how many milliseconds after its instant each of some exits was heard."""
    late: list[float] = []
    async with httpx2.AsyncClient(base_url=url, timeout=_WAIT) as http:
        await _save(http, "few", "Seen")
        at = _now() + 10 * times.SECOND
        await _import(http, _ended(FEW, "Seen", at, APART))
        assert _now() < at, "the import took too long"
        asked = {"query": _LISTEN, "variables": {"segment": "few"}}
        head = {"accept": "text/event-stream"}
        async with http.stream("POST", "/graphql", json=asked, headers=head) as answer:
            async for line in answer.aiter_lines():
                if not line.startswith("data: {"):
                    continue
                change = json.loads(line.removeprefix("data: "))["data"]["segmentChanges"]
                late.append(time.time() * 1000 - times.read_instant(change["effectiveAt"]))
                if len(late) == FEW:
                    return measure.Spread(tuple(late))
    raise AssertionError(f"{len(late)} exits were heard")


async def _many(url: str) -> tuple[float, measure.Spread]:
    """Return the seconds until all have left who leave at one instant, and what others waited."""
    async with httpx2.AsyncClient(base_url=url, timeout=_WAIT) as http:
        await _save(http, "many", "Met")
        at = _now() + _WINDOW - times.SECOND
        await _import(http, _ended(MANY, "Met", at, 0))
        assert (await _asked(http, "many"))["size"] == MANY
        assert _now() < at, "the import took too long"
        await asyncio.sleep((at - _now()) / 1000)
        told: list[float] = []
        telling = asyncio.create_task(_tell(url, told))
        while (await _asked(http, "many"))["size"]:  # noqa: ASYNC110 - it is another process
            await asyncio.sleep(0.05)
        spent = (_now() - at) / 1000
        telling.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await telling
        return spent, measure.Spread(tuple(told))


async def _tell(url: str, told: list[float]) -> None:
    """Tell single events at an even pace, and note the milliseconds until each was durable."""
    numbers, begun = itertools.count(), time.perf_counter()

    async def one(client: Client) -> None:
        for number in numbers:
            at = begun + number / SINGLE
            await asyncio.sleep(max(0.0, at - time.perf_counter()))
            event = {"contact": f"single {number}", "event": "Other"}
            await client.ask(body(_RECORD, events=[event]))
            told.append((time.perf_counter() - at) * 1000)

    clients = [await Client.at(url) for _ in range(16)]
    await asyncio.gather(*(one(each) for each in clients))


async def _bare(database: Database) -> float:
    """Write what as many exits write, by the same statement in as large transactions."""
    keys = [f"c{number}" for number in range(MANY)]
    await _run(database, "CREATE (:Segment {key: 'bare', size: 0})")
    for start in range(0, MANY, REQUEST):
        await _run(database, _MEMBERS, keys=keys[start : start + REQUEST])
    begun = time.perf_counter()
    for start in range(0, MANY, TURN):
        part = keys[start : start + TURN]
        stays = [{"contact": key, "segment": "bare"} for key in part]
        changes = [
            Change(_FAR + start + place, "bare", 1, key, False, 1, 1, Cause.TIME).row()  # noqa: FBT003
            for place, key in enumerate(part)
        ]
        judged = {
            "ended": stays,
            "opened": [],
            "closed": [{**stay, "since": 0, "until": 1} for stay in stays],
            "changes": changes,
            "sizes": [{"segment": "bare", "more": -len(part)}],
            "dues": [{"key": key, "due": None} for key in part],
        }
        await _run(database, JUDGED, judged=judged)
    return time.perf_counter() - begun


async def _run(database: Database, text: LiteralString, **parameters: object) -> None:
    async with database.transaction() as transaction:
        await transaction.run(text, **parameters)


def _now() -> int:
    return int(time.time() * 1000)
