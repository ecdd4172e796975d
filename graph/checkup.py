"""What a look at a graph shows: what is missing, who writes, and what time it is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from graph import model
from graph.upkeep.owner import LEASE, SHARD
from graph.upkeep.registry import read_registry

if TYPE_CHECKING:
    from graph.database import Database

CONSTRAINTS: Final = "SHOW CONSTRAINTS YIELD name RETURN collect(name) AS names"
INDEXES: Final = "SHOW INDEXES YIELD name, state RETURN name, state ORDER BY name"
OWNER: Final = """
MATCH (owner:Owner {shard: $shard})
RETURN owner.clock AS clock, owner.beat AS beat, timestamp() - owner.beat AS silent
"""
_IN_ORDER: Final = "ONLINE"


@dataclass(frozen=True, slots=True)
class Checkup:
    """What was found; `silent` is for how many milliseconds the writer has shown no sign of life.

    `silent` is None where the writer has ended, or there was none; `clock` is the last instant.
    """

    missing: tuple[str, ...]
    unready: tuple[str, ...]
    silent: int | None
    clock: int | None

    @property
    def owned(self) -> bool:
        """Whether a server that lives is the graph's writer."""
        return self.silent is not None and abs(self.silent) <= LEASE


async def look(database: Database) -> Checkup:
    """Look at a graph, changing nothing.

    Raises:
        GraphUnavailable: it does not answer, or does not let us in.
    """
    (row,) = await database.read(CONSTRAINTS)
    states = {row["name"]: row["state"] for row in await database.read(INDEXES)}
    registry = await read_registry(database)
    indexes = [f"event_{kind.type}" for kind in registry.kinds.values()]
    missing = [
        *(name for name in model.constraint_names() if name not in row["names"]),
        *(name for name in indexes if name not in states),
    ]
    owner = next(iter(await database.read(OWNER, shard=SHARD)), None)
    return Checkup(
        missing=tuple(missing),
        unready=tuple(name for name, state in states.items() if state != _IN_ORDER),
        silent=owner["silent"] if owner and owner["beat"] else None,
        clock=owner["clock"] if owner else None,
    )
