"""What a look at a graph shows: what is missing, who writes, how far, and what time it is there."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from graph import model
from graph.catalogue import Saved, read_catalogue
from graph.upkeep.owner import LEASE, SHARD
from graph.upkeep.registry import read_registry

if TYPE_CHECKING:
    from graph.database import Reader

CONSTRAINTS: Final = "SHOW CONSTRAINTS YIELD name RETURN collect(name) AS names"
INDEXES: Final = "SHOW INDEXES YIELD name, state RETURN name, state ORDER BY name"
CLOCK: Final = "RETURN timestamp() AS now"
OWNER: Final = """
MATCH (owner:Owner {shard: $shard})
RETURN owner.clock AS clock, owner.as_of AS as_of, owner.beat AS beat, owner.epoch AS epoch,
  coalesce(owner.server, 'a server') AS server, timestamp() - owner.beat AS silent
"""
OVERDUE: Final = """
MATCH (contact:Contact)
WHERE contact._due <= $now
RETURN count(contact) AS number
"""
_IN_ORDER: Final = "ONLINE"


@dataclass(frozen=True, slots=True)
class Writer:
    """The last owner of the graph; `silent` is the age of its last sign of life in milliseconds.

    `silent` is None where it has ended; `clock` is its last instant, and up to `as_of` all that
    arrived and fell due was worked off.
    """

    server: str
    epoch: int
    silent: int | None
    clock: int | None
    as_of: int | None

    @property
    def lives(self) -> bool:
        """Whether it has shown a sign of life within its lease."""
        return self.silent is not None and abs(self.silent) <= LEASE


@dataclass(frozen=True, slots=True)
class Checkup:
    """What was found: indexes, the writer, by how much the graph's clock is ahead of ours."""

    missing: tuple[str, ...]
    unready: tuple[str, ...]
    writer: Writer | None
    ahead: int
    segments: Sequence[Saved]

    @property
    def owned(self) -> bool:
        """Whether a server that lives is the graph's writer."""
        return self.writer is not None and self.writer.lives

    @property
    def clock(self) -> int | None:
        """The last instant at which anything was written."""
        return None if self.writer is None else self.writer.clock


async def look(database: Reader) -> Checkup:
    """Look at a graph, changing nothing.

    Raises:
        GraphUnavailable: it does not answer, or does not let us in.
    """
    (row,) = await database.read(CONSTRAINTS)
    states = {each["name"]: each["state"] for each in await database.read(INDEXES)}
    missing = [name for name in model.constraint_names() if name not in row["names"]]
    missing += [name for name in model.index_names() if name not in states]
    missing += [
        model.event_index_name(kind)
        for kind in await _types(database)
        if model.event_index_name(kind) not in states
    ]
    return Checkup(
        missing=tuple(missing),
        unready=tuple(name for name, state in states.items() if state != _IN_ORDER),
        writer=await _writer(database),
        ahead=await _ahead(database),
        segments=list((await read_catalogue(database)).values()),
    )


async def overdue(database: Reader, now: int) -> int:
    """Return how many contacts were to be judged up to an instant, and are not yet."""
    (row,) = await database.read(OVERDUE, now=now)
    return row["number"]


async def unindexed(database: Reader) -> list[str]:
    """Return the types of events whose index on time is missing."""
    names = {row["name"] for row in await database.read(INDEXES)}
    return [k for k in await _types(database) if model.event_index_name(k) not in names]


async def _types(database: Reader) -> list[str]:
    return [kind.type for kind in (await read_registry(database)).kinds.values()]


async def _writer(database: Reader) -> Writer | None:
    owner = next(iter(await database.read(OWNER, shard=SHARD)), None)
    if owner is None:
        return None
    silent = owner["silent"] if owner["beat"] else None
    return Writer(owner["server"], owner["epoch"], silent, owner["clock"], owner["as_of"])


async def _ahead(database: Reader) -> int:
    """Return by how many milliseconds the graph's clock is ahead of this machine's."""
    before = time.time()
    (row,) = await database.read(CLOCK)
    return round(row["now"] - (before + time.time()) * 500)
