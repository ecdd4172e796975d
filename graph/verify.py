"""Whether members are those of the definitions: found anew by compiled Cypher, at one instant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from graph import errors
from graph.catalogue import Saved, SegmentStatus, definitions, read_catalogue
from graph.compiler import compiled, verdicts
from graph.cypher import queries
from graph.look import held
from graph.upkeep.owner import LOOK, SHARD
from graph.upkeep.registry import read_counts, read_registry

if TYPE_CHECKING:
    from graph.catalogue import Catalogue
    from graph.database import Database
    from graph.estimates import Facts

KEPT: Final = """
MATCH ()-[of:MEMBER_OF]->()
WHERE of.segment = $segment AND of.contact > ''
RETURN of.contact AS key
"""
COUNTED: Final = """
MATCH (segment:Segment {key: $segment})
RETURN coalesce(segment.size, 0) AS size,
  COUNT { MATCH ()-[of:MEMBER_OF]->() WHERE of.segment = $segment AND of.contact > '' } AS counted
"""
STAYS: Final = """
UNWIND $lists.keys AS key
MATCH (contact:Contact {key: key})
RETURN key, contact._due AS due,
  COUNT { MATCH (contact)-[of:MEMBER_OF]->() WHERE of.segment = $segment } AS kept
"""
TOGETHER: Final = 500
"""Contacts that are looked at again while nothing is committed."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A contact that is kept as a member, or not, and should be otherwise.

    Where `contact` is None, `kept` is the size of the segment that is kept, `due` the right one.
    """

    segment: str
    contact: str | None
    kept: int
    due: int

    def fields(self) -> dict[str, object]:
        """Return it as JSON has it."""
        if self.contact is None:
            return {"segment": self.segment, "size": self.kept, "members": self.due}
        kept, due = bool(self.kept), bool(self.due)
        told: dict[str, object] = {"segment": self.segment, "contact": self.contact}
        told |= {"kept": kept, "meets": due}
        return told | ({"times": self.kept} if self.kept > 1 else {})


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found as of an instant: of how many segments, and of which nothing could be told."""

    at: int
    segments: int
    members: int
    differences: Sequence[Difference]
    unable: Mapping[str, str] = field(default_factory=dict[str, str])


async def verify(database: Database) -> Verified:
    """Compare the members of each live segment with those who meet its definition.

    They are compared as of the last instant that the writer wrote at. What differs is looked at
    again while nothing is committed, so that it is told of nobody who came or left meanwhile.
    """
    at = await _clock(database)
    catalogue = await read_catalogue(database)
    live = [each for each in catalogue.values() if each.status is SegmentStatus.LIVE]
    facts = await _facts(database, catalogue)
    found: list[Difference] = []
    unable: dict[str, str] = {}
    members = 0
    for saved in live:
        try:
            number, differences = await _compared(database, saved, at, facts)
        except errors.GraphTooSlow as error:
            unable[saved.key] = error.message
            continue
        members += number
        found += differences
    return Verified(at, len(live), members, found, unable)


async def _compared(
    database: Database, saved: Saved, at: int, facts: Facts
) -> tuple[int, list[Difference]]:
    """Return how many members there are, and who differs."""
    asked = compiled(saved.definition, queries.Verdicts(), at, facts)
    met = {row["key"] async for row in database.stream(asked)}
    kept: set[str] = set()
    twice: set[str] = set()
    async for row in database.stream(KEPT, segment=saved.key):
        (twice if row["key"] in kept else kept).add(row["key"])
    found = await _size(database, saved)
    suspects = sorted((met ^ kept) | twice)
    for start in range(0, len(suspects), TOGETHER):
        found += await _confirmed(database, saved, suspects[start : start + TOGETHER])
    return len(kept), found


async def _confirmed(database: Database, saved: Saved, keys: Sequence[str]) -> list[Difference]:
    """Return those of some contacts who differ while nothing is committed, and are not overdue."""
    async with held(database):
        catalogue = await read_catalogue(database)
        if not _same(catalogue, saved):
            return []
        now = await _clock(database)
        asked = verdicts(saved.definition, tuple(keys), now, await _facts(database, catalogue))
        met = {row["key"] for row in await database.read(asked)}
        rows = await database.read(STAYS, keys=list(keys), segment=saved.key)
    return [
        Difference(saved.key, row["key"], row["kept"], int(row["key"] in met))
        for row in rows
        if (row["due"] is None or row["due"] > now) and row["kept"] != (row["key"] in met)
    ]


async def _size(database: Database, saved: Saved) -> list[Difference]:
    (row,) = await database.read(COUNTED, segment=saved.key)
    if row["size"] == row["counted"]:
        return []
    async with held(database):
        (row,) = await database.read(COUNTED, segment=saved.key)
    different = row["size"] != row["counted"]
    return [Difference(saved.key, None, row["size"], row["counted"])] if different else []


def _same(catalogue: Catalogue, saved: Saved) -> bool:
    """Tell whether a segment is live still, by the same definition."""
    now = catalogue.get(saved.key)
    return (
        now is not None and now.status is SegmentStatus.LIVE and now.definition == saved.definition
    )


async def _clock(database: Database) -> int:
    rows = await database.read(LOOK, shard=SHARD)
    clock = rows[0]["clock"] if rows else None
    return 0 if clock is None else clock


async def _facts(database: Database, catalogue: Catalogue) -> Facts:
    registry = await read_registry(database)
    contacts, accounts = await read_counts(database)
    return replace(
        registry.facts(contacts, accounts), definitions=definitions(catalogue, archived=True)
    )
