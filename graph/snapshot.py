"""All members of a segment at one number of the log, by the page, while others go on to write."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from graph.contacts import Contact, contact_of
from graph.feed import Wanted
from graph.place import LogPlace
from graph.upkeep.owner import SHARD

if TYPE_CHECKING:
    from graph.changes import Change
    from graph.database import Database, Row
    from graph.feed import Feed

MEMBERS: Final = 100
"""Contacts of a page."""

SETTLED: Final = """
MATCH (owner:Owner {shard: $shard})
SET owner.beat = owner.beat
WITH owner
OPTIONAL MATCH (change:Change {sequence: owner.sequence})
OPTIONAL MATCH (segment:Segment {key: $key})
RETURN owner.sequence AS sequence, coalesce(segment.size, 0) AS size,
  coalesce(change.detected_at, 0) AS noticed
"""
"""It waits for a commit that is going on, so that all up to this number can be seen."""
PAGE: Final = """
MATCH (contact)-[of:MEMBER_OF]->()
WHERE of.segment = $key AND of.contact > $after
WITH of, contact ORDER BY of.segment, of.contact LIMIT $limit
RETURN of.contact AS key, of.since AS since, properties(contact) AS contact
ORDER BY key
"""
LEFT: Final = """
UNWIND $lists.left AS row
MATCH (contact)-[was:WAS_MEMBER]->()
WHERE was.segment = $key AND was.contact = row.contact AND was.until = row.at
WITH contact, min(was.since) AS since
RETURN contact.key AS key, since, properties(contact) AS contact
"""
"""Those who have left at an instant, as they were."""


@dataclass(frozen=True, slots=True)
class Page:
    """The next of the members, in the order of their keys; the last page is complete.

    `since` tells by the key from when on each is one.
    """

    members: Sequence[Contact]
    since: Mapping[str, int]
    complete: bool


@dataclass(frozen=True, slots=True)
class Settled:
    """How many are in a segment after the change of this number, and when that was noticed."""

    sequence: int
    size: int
    noticed: int = 0

    @property
    def place(self) -> LogPlace:
        """The place in the log after that change."""
        return LogPlace(self.sequence, self.noticed)


@dataclass(frozen=True, slots=True)
class Rollcall:
    """All members of a segment after one change of the log, however many, by the page.

    Whoever takes in what follows that change has the members of any later instant. All that arrived
    and fell due up to `as_of` is in it. `traits` are the names of all traits that contacts have.
    """

    place: LogPlace
    as_of: int
    traits: Sequence[str]
    pages: AsyncGenerator[Page]


async def settled(database: Database, key: str) -> Settled:
    """Return the number of the last change, and how many are in a segment after it."""
    async with database.transaction() as transaction:
        rows = await transaction.run(SETTLED, shard=SHARD, key=key)
        return Settled(**rows[0].data()) if rows else Settled(0, 0)


async def pages(
    database: Database, feed: Feed, key: str, sequence: int, length: int = MEMBERS
) -> AsyncGenerator[Page]:
    """Yield those who were in a segment after the change of a number, as `settled` returned it.

    What was committed since is undone by the log. Who was deleted since is not among them, and
    leaves by the log.

    Raises:
        NoLongerKept: the log is deleted faster than the members are read.
    """
    after, seen, more = "", sequence, True
    first: dict[str, Change] = {}
    while more:
        rows = await database.read(PAGE, key=key, after=after, limit=length + 1)
        more = len(rows) > length
        here = {row["key"]: row for row in rows[:length]}
        last = rows[length - 1]["key"] if more else None
        now = (await settled(database, key)).sequence
        async for batch in feed.between(seen, now, Wanted(frozenset({key}))):
            for change in batch.changes:
                if change.contact > after:
                    first.setdefault(change.contact, change)
        left = (each for each, change in first.items() if not change.entered)
        were = sorted({*left, *(here.keys() - first.keys())})
        were = [each for each in were if last is None or each <= last]
        if len(were) > length:
            were, last, more = were[:length], were[length - 1], True
        found = await _left(database, key, [first[each] for each in were if each in first])
        found |= {each: here[each] for each in were if each not in first}
        yield _page(found, complete=not more)
        seen, after = now, last or after
        first = {each: change for each, change in first.items() if more and each > after}


async def _left(database: Database, key: str, left: Sequence[Change]) -> dict[str, Row]:
    """Return those who have left a segment, as they were before; not who is deleted."""
    if not left:
        return {}
    told = [{"contact": each.contact, "at": each.effective_at} for each in left]
    return {row["key"]: row for row in await database.read(LEFT, key=key, left=told)}


def _page(found: Mapping[str, Row], *, complete: bool) -> Page:
    keys = sorted(found)
    return Page(
        [contact_of(found[each]["contact"]) for each in keys],
        {each: found[each]["since"] for each in keys},
        complete,
    )
