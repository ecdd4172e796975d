"""A writer at work, rows as it takes them, and what is in the graph afterwards."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Final

import msgspec

from graph import model
from graph.clock import FixedClock
from graph.ingest.consents import consent_change
from graph.ingest.contacts import contact_change
from graph.ingest.decoding import decode
from graph.ingest.events import new_event
from graph.ingest.lines import ConsentLine, ContactLine, EventLine, SegmentLine
from graph.ingest.segments import segment_change
from graph.ingest.things import node_change
from graph.times import MINUTE, read_instant
from graph.upkeep.outcome import Hooked, Kept, Outcome, Refused
from graph.upkeep.owner import claim
from graph.upkeep.writer import Writer

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence

    from graph.catalogue import Catalogue
    from graph.clock import Clock
    from graph.database import Database
    from graph.upkeep.draft import Row
    from graph.upkeep.limits import Limits

NOW: Final = read_instant("2026-03-10T12:00:00Z")
AT: Final = "2026-03-10T11:00:00Z"


def row(**fields: object) -> Row:
    """Return the row of a line as an import has it."""
    match decode(msgspec.json.encode(fields)):
        case EventLine() as line:
            return new_event(line, NOW, 5 * MINUTE)
        case ContactLine() as line:
            return contact_change(line, NOW, 5 * MINUTE)
        case ConsentLine() as line:
            return consent_change(line, NOW, 5 * MINUTE)
        case SegmentLine() as line:
            return segment_change(line, NOW)
        case line:
            return node_change(line)


def event(contact: str, id: str, name: str = "Page Viewed", **fields: object) -> Row:  # noqa: A002
    """Return an event of an hour ago."""
    return row(**{"contact": contact, "event": name, "id": id, "at": AT} | fields)


def contact(key: str, **fields: object) -> Row:
    """Return a change of a contact."""
    return row(type="contact", key=key, **fields)


def codes(outcomes: Sequence[Outcome]) -> list[str]:
    """Return what became of rows: the code of what was refused, else its name."""
    done = [each.done if isinstance(each, Kept | Hooked) else each for each in outcomes]
    return [each.code if isinstance(each, Refused) else each.name for each in done]


@asynccontextmanager
async def writing(
    database: Database,
    limits: Limits | None = None,
    *,
    force: bool = True,
    clock: Clock | None = None,
) -> AsyncGenerator[Writer]:
    """Run a writer that owns the graph for as long as the block."""
    for text in model.constraints():
        await database.change(text)
    writer = Writer(database, clock or FixedClock(NOW), limits)
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(writer.run(force=force))
        await writer.owning.wait()
        try:
            yield writer
        finally:
            running.cancel()


async def built(writer: Writer) -> Catalogue:
    """Return the saved segments once all of them are built."""

    async def done() -> bool:
        """Tell whether they are."""
        known = writer.catalogue
        return known is not None and all(
            each.archived or each.filled is None for each in known.values()
        )

    await until(done)
    known = writer.catalogue
    assert known is not None
    return known


async def told(database: Database, *rows: Row) -> list[str]:
    """Return what becomes of rows that a new writer is told together."""
    async with writing(database) as writer:
        return codes(await writer.tell(rows))


async def stored(database: Database) -> dict[tuple[str, str], dict[str, Any]]:
    """Return every event's edge by contact and id; none is there twice."""
    rows = await database.read(
        "MATCH (c:Contact)-[e]->(thing) WHERE e.id IS NOT NULL "
        "RETURN c.key AS contact, properties(e) AS edge, type(e) AS type, thing.key AS thing, "
        "head(labels(thing)) AS label"
    )
    found = {(each["contact"], each["edge"]["id"]): each.data() for each in rows}
    assert len(found) == len(rows)
    return found


async def owner(database: Database) -> Mapping[str, Any]:
    """Return the node that fences."""
    (found,) = await database.read("MATCH (owner:Owner) RETURN properties(owner) AS owner")
    return found["owner"]


async def ended(database: Database, clock: int) -> None:
    """Leave the graph as a server leaves it that wrote last at an instant."""
    mine = await claim(database)
    assert mine is not None
    await mine.beat(database, clock, None)
    await mine.release(database)


async def until(happened: Callable[[], Awaitable[bool]]) -> None:
    """Wait until something happened, a minute at most: a graph that has just begun plans slowly."""
    for _ in range(1200):
        if await happened():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("it did not happen")
