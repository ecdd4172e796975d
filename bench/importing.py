"""`import`: events through `POST /import`, durable, beside a bare UNWIND that writes the same."""

from __future__ import annotations

import gzip
import itertools
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

import httpx2
import msgspec

from bench import machine, measure, places
from graph import model, times
from server.demo import complete_journey
from server.settings import Settings

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable, Sequence

    from graph.database import Database

RATE: Final = 12_000
RATIO: Final = 1.4
MEMORY: Final = 400
REQUEST: Final = 50_000
BATCH: Final = 5_000

Line = dict[str, Any]
T = TypeVar("T")

_KINDS: Final = {
    "Product Purchased": ("PRODUCT_PURCHASED", "Product"),
    "Content Viewed": ("CONTENT_VIEWED", "Content"),
}
_WAIT: Final = httpx2.Timeout(120)


@dataclass(frozen=True, slots=True)
class Load:
    """Events of one kind to be imported, and the things and contacts that are there before."""

    name: str
    before: Callable[[], Iterator[Line]]
    events: Callable[[], Iterator[Line]]


def journey() -> Load:
    """Return the purchases of 2,469 real households, 600 of each, over and over with new ids."""

    def events() -> Iterator[Line]:
        for turn in itertools.count():
            for line in complete_journey.lines():
                if line.get("event") == complete_journey.PURCHASED:
                    yield line | {"id": f"{turn}-{line['id']}"} if turn else line

    def before() -> Iterator[Line]:
        return (line for line in complete_journey.lines() if line.get("type") != "event")

    return Load("2,469 contacts with 600 each (complete-journey)", before, events)


def crowd() -> Load:
    """Return views by 100,000 contacts, 15 of each, in the order of time."""

    def events() -> Iterator[Line]:
        chance = random.Random(11)  # noqa: S311 - the same events each time
        for number in itertools.count():
            yield {
                "event": "Content Viewed",
                "id": f"v{number}",
                "contact": f"contact-{chance.randrange(100_000)}",
                "at": times.instant_text(1_750_000_000_000 + number * 10_000),
                "about": {"content": f"content-{int(5000 * chance.random() ** 3)}"},
                "properties": {"seconds": chance.randrange(600), "device": "phone"},
            }

    def before() -> Iterator[Line]:
        return ({"type": "contact", "key": f"contact-{number}"} for number in range(100_000))

    return Load("100,000 contacts with 15 each", before, events)


async def run(options: Namespace) -> None:
    """Print rates of both shapes of events, each beside its control."""
    rows = [await _measured(load, options.events) for load in (journey(), crowd())]
    head = (
        "events",
        "number",
        "events/s",
        "target",
        "control events/s",
        "ratio",
        "target",
        "server CPU µs/event",
        "most MiB",
        "beyond the cache's budget",
    )
    measure.table(head, rows)


async def _measured(load: Load, number: int) -> list[object]:
    """Import in turns with the control: a request, then as many events by the control."""
    events = load.events()
    ours, controls, cpu = list[float](), list[float](), 0.0
    async with places.graph(places.emptied("import-control")) as (_, other):
        await _control_ready(other, load)
        async with places.graph(places.emptied("import")) as (running, _):
            with places.server("serve", running=running) as server:
                send(server.url, load.before())
                for start in range(0, number, REQUEST):
                    size = min(REQUEST, number - start)
                    body = list(itertools.islice(events, size))
                    spent = machine.processor_seconds(server.pid)
                    ours.append(size / send(server.url, body))
                    cpu += machine.processor_seconds(server.pid) - spent
                    if start % (4 * REQUEST) == 0:
                        controls.append(size / await _control(other, body))
                most = machine.greatest_resident(server.pid)
    rate, control = measure.Spread(tuple(ours)), measure.Spread(tuple(controls))
    ratio = control.median / rate.median
    beyond = most - Settings.load().cache_mib
    return [
        load.name,
        f"{number:,}",
        rate.text(0),
        measure.verdict(rate.median, RATE, most=False),
        control.text(0),
        f"{ratio:.2f}",
        measure.verdict(ratio, RATIO, most=True),
        f"{cpu / number * 1e6:.0f}",
        most,
        f"{beyond} MiB, {measure.verdict(beyond, MEMORY, most=True)}",
    ]


def send(url: str, lines: Iterable[Line]) -> float:
    """Send lines in requests, each packed before the clock runs; return the seconds they took."""
    encoder, seconds = msgspec.json.Encoder(), 0.0
    rest = iter(lines)
    with httpx2.Client(timeout=_WAIT) as client:
        while part := list(itertools.islice(rest, REQUEST)):
            body = gzip.compress(encoder.encode_lines(part), compresslevel=1)
            headers = {"content-type": "application/x-ndjson", "content-encoding": "gzip"}
            begun = time.perf_counter()
            answer = client.post(f"{url}/import", content=body, headers=headers).json()
            seconds += time.perf_counter() - begun
            assert "accepted" in answer, answer
            taken = sum(answer[each] for each in ("accepted", "created", "updated", "unchanged"))
            assert taken == len(part), answer
    return seconds


async def _control_ready(database: Database, load: Load) -> None:
    """Give the control the same constraints, indexes and nodes."""
    for text in model.constraints():
        await database.change(text)
    first = next(load.events())
    kind, label = _KINDS[first["event"]]
    await database.change(model.event_index(kind))
    keys = {"Contact": set[str](), label: set[str]()}
    for line in load.before():
        name = line["type"].capitalize()
        if name in keys:
            keys[name].add(line["key"])
    if not keys[label]:
        keys[label] = {f"content-{number}" for number in range(5000)}
    for name, some in keys.items():
        for part in _parts(sorted(some)):
            text = f"UNWIND $lists.keys AS key CREATE (n:{name} {{key: key, _since: 0}})"
            async with database.transaction() as transaction:
                await transaction.run(text, keys=part)


async def _control(database: Database, lines: Sequence[Line]) -> float:
    """Create events by one plain statement a batch, its keys written out; return the seconds."""
    kind, label = _KINDS[lines[0]["event"]]
    rows = [
        {
            "c": line["contact"],
            "t": next(iter(line["about"].values())),
            "id": line["id"],
            "at": times.read_instant(line["at"]),
            "source": "api",
            "_received": 1_790_000_000_000,
            **{name: value for name, value in line["properties"].items() if value is not None},
        }
        for line in lines
    ]
    names = [name for name in dict.fromkeys(n for row in rows for n in row) if name not in "ct"]
    inline = ", ".join(f"{name}: row.{name}" for name in names)
    text = (
        "UNWIND $lists.rows AS row MATCH (contact:Contact {key: row.c}) "
        f"MATCH (thing:{label} {{key: row.t}}) "
        f"CREATE (contact)-[:{kind} {{{inline}}}]->(thing)"
    )
    begun = time.perf_counter()
    for part in _parts(rows):
        async with database.transaction(30.0) as transaction:
            await transaction.run(text, rows=part)
    return time.perf_counter() - begun


def _parts(items: Sequence[T]) -> Iterator[Sequence[T]]:
    return (items[start : start + BATCH] for start in range(0, len(items), BATCH))
