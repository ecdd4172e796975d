"""The members of a saved segment as they are kept: now, and at any instant that is past."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from graph.audience import Slice, check_first
from graph.catalogue import Catalogue, Saved, SegmentStatus, definitions
from graph.contacts import contact_of
from graph.cursor import cursor, position
from graph.database import Reader
from graph.needs import needed, together
from graph.subjects import EXPLAINED, gather

if TYPE_CHECKING:
    from collections.abc import Mapping

MEMBERSHIPS: Final = """
MATCH (:Contact {key: $key})-[of:MEMBER_OF]->()
RETURN of.segment AS segment, of.since AS since
ORDER BY segment
"""
SIZE: Final = """
MATCH (segment:Segment {key: $key})
RETURN coalesce(segment.size, 0) AS count
"""
PAGE: Final = """
MATCH (contact)-[of:MEMBER_OF]->()
WHERE of.segment = $key AND of.contact > $after
WITH of, contact ORDER BY of.contact LIMIT $limit
RETURN properties(contact) AS contact, of.since AS since
ORDER BY contact.key
"""
SIZE_THEN: Final = """
CALL () {
  MATCH ()-[of:MEMBER_OF]->()
  WHERE of.segment = $key AND of.contact > '' AND of.since <= $at
  RETURN count(of) AS number
UNION ALL
  MATCH ()-[was:WAS_MEMBER]->()
  WHERE was.segment = $key AND was.contact > '' AND was.since <= $at AND was.until > $at
  RETURN count(was) AS number
}
RETURN sum(number) AS count
"""
PAGE_THEN: Final = """
CALL () {
  MATCH (contact)-[of:MEMBER_OF]->()
  WHERE of.segment = $key AND of.contact > $after AND of.since <= $at
  RETURN contact, of.since AS since ORDER BY of.contact LIMIT $limit
UNION ALL
  MATCH (contact)-[was:WAS_MEMBER]->()
  WHERE was.segment = $key AND was.contact > $after AND was.since <= $at AND was.until > $at
  RETURN contact, was.since AS since ORDER BY was.contact LIMIT $limit
}
RETURN properties(contact) AS contact, since
ORDER BY contact.key LIMIT $limit
"""


@dataclass(frozen=True, slots=True)
class Roster:
    """The members of a segment that is kept up to date; `at` is the past instant asked for."""

    database: Reader
    key: str
    at: int | None
    as_of: int

    async def count(self) -> int:
        """Return how many there are."""
        text = SIZE if self.at is None else SIZE_THEN
        (row,) = await self.database.read(text, key=self.key, at=self.at)
        return row["count"]

    async def members(self, first: int, after: str | None) -> Slice:
        """Return a page of them in the order of their keys, each with its beginning.

        Raises:
            BadInput: `first` is out of range, or `after` a cursor of another list.
        """
        check_first(first)
        of = ["segment", self.key, self.at]
        start = "" if after is None else cast("str", position(of, after, [str])[0])
        rows = await self.database.read(
            PAGE if self.at is None else PAGE_THEN,
            key=self.key,
            after=start,
            limit=first + 1,
            at=self.at,
        )
        found = [contact_of(row["contact"]) for row in rows[:first]]
        since = {each.key: row["since"] for each, row in zip(found, rows, strict=False)}
        return Slice([(cursor(of, [each.key]), each) for each in found], len(rows) > first, since)


@dataclass(frozen=True, slots=True)
class Membership:
    """That a contact is in a segment since an instant, and till when by itself; None is never."""

    saved: Saved
    since: int
    until: int | None


async def read_memberships(
    database: Reader, key: str, catalogue: Catalogue, names: Mapping[str, str], now: int
) -> list[Membership]:
    """Return the live segments that a contact is in; `names` are kinds by relationship type.

    Raises:
        TooMuch: one of them looks at too many others to say until when.
    """
    rows = await database.read(MEMBERSHIPS, key=key)
    kept = [(catalogue[row["segment"]], row["since"]) for row in rows]
    live = [(saved, since) for saved, since in kept if saved.status is SegmentStatus.LIVE]
    if not live:
        return []
    known = definitions(catalogue)
    needs = together(needed(saved.definition, known) for saved, _ in live)
    world = await gather(database, [key], needs, known, names, EXPLAINED)
    return [
        Membership(saved, since, saved.definition.turn(world.people[key], now))
        for saved, since in live
    ]
