"""All members of a segment at one number of the log, by the page, while others go on to write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from graph.contacts import Contact, contact_of, read_contact
from graph.feed import Wanted
from graph.upkeep.owner import SHARD

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from graph.database import Database
    from graph.feed import Feed

MEMBERS: Final = 100
"""Contacts of a page."""

SETTLED: Final = """
MATCH (owner:Owner {shard: $shard})
SET owner.beat = owner.beat
WITH owner
OPTIONAL MATCH (segment:Segment {key: $key})
RETURN owner.sequence AS sequence, coalesce(segment.size, 0) AS size
"""
"""It waits for a commit that is going on, so that all up to this number can be seen."""
PAGE: Final = """
MATCH (contact)-[of:MEMBER_OF]->()
WHERE of.segment = $key AND of.contact > $after
WITH of, contact ORDER BY of.contact LIMIT $limit
RETURN of.contact AS key, properties(contact) AS contact
ORDER BY key
"""


@dataclass(frozen=True, slots=True)
class Page:
    """The next of the members, in the order of their keys; the last page is complete."""

    members: Sequence[Contact]
    complete: bool


@dataclass(frozen=True, slots=True)
class Settled:
    """How many are in a segment after the change of this number."""

    sequence: int
    size: int


async def settled(database: Database, key: str) -> Settled:
    """Return the number of the last change, and how many are in a segment after it."""
    async with database.transaction() as transaction:
        rows = await transaction.run(SETTLED, shard=SHARD, key=key)
        return Settled(**rows[0].data()) if rows else Settled(0, 0)


async def pages(database: Database, feed: Feed, key: str, sequence: int) -> AsyncGenerator[Page]:
    """Yield those who were in a segment after the change of a number, as `settled` returned it.

    What was committed since is undone by the log. Who was deleted since is not among them, and
    leaves by the log.

    Raises:
        NoLongerKept: the log is deleted faster than the members are read.
    """
    after, seen, more = "", sequence, True
    were: dict[str, bool] = {}
    while more:
        rows = await database.read(PAGE, key=key, after=after, limit=MEMBERS + 1)
        more = len(rows) > MEMBERS
        members = {row["key"]: contact_of(row["contact"]) for row in rows[:MEMBERS]}
        last = rows[MEMBERS - 1]["key"] if more else None
        now = (await settled(database, key)).sequence
        async for batch in feed.between(seen, now, Wanted(frozenset({key}))):
            for change in batch.changes:
                were.setdefault(change.contact, not change.entered)
        for contact, was in were.items():
            if contact <= after or (last is not None and contact > last):
                continue
            if not was:
                members.pop(contact, None)
            elif contact not in members and (found := await read_contact(database, contact)):
                members[contact] = found
        seen, after = now, last or after
        yield Page([members[each] for each in sorted(members)], not more)
