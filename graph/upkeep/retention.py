"""Delete events and changes that are older than they are to be kept, a bounded number in a turn.

An event that a saved definition may still look at is not too old, whatever its age, so that members
stay as the definitions say. How far each looks is named in the log before anything is deleted.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, LiteralString, cast

from graph import lookback, times
from graph.catalogue import definitions
from graph.conditions.window import BEGINNING
from graph.upkeep.owner import SHARD
from graph.upkeep.removal import drop

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from graph.catalogue import Catalogue
    from graph.database import Database, Row, Transaction
    from graph.upkeep.batch import Store
    from graph.upkeep.owner import Ownership

_log = logging.getLogger(__name__)

AT_ONCE: Final = 1000
"""Events, or changes, that are deleted in one turn."""
EVERY: Final = times.HOUR
"""From one look for what is too old to the next, once nothing is left of it."""

_EXPIRED: Final[LiteralString] = """
MATCH (contact)-[e:NO_EVENT]->()
WHERE e.at < $before
WITH contact, e LIMIT $limit
RETURN elementId(e) AS event, contact.key AS contact
"""
_FIRST: Final[LiteralString] = """
MATCH ()-[e:NO_EVENT]->()
WHERE e.at >= $since
RETURN e.at AS at
ORDER BY e.at LIMIT 1
"""
CHANGES: Final = """
MATCH (change:Change)
WHERE change.sequence > 0
WITH change ORDER BY change.sequence LIMIT $limit
WHERE change.detected_at < $before
RETURN change.sequence AS sequence, change.segment AS segment, change.contact AS contact,
  change.entered AS entered
ORDER BY sequence
"""
FORGET: Final = """
MATCH (change:Change)
WHERE change.sequence > 0 AND change.sequence <= $upto
DELETE change
"""
SHORTEN: Final = """
UNWIND $lists.rows AS row
MATCH ()-[was:WAS_MEMBER {segment: row.segment, contact: row.contact}]->()
WITH row, was ORDER BY was.until DESC, was.since DESC
WITH row, collect(was) AS stays
UNWIND tail(stays) AS was
WITH was WHERE was.until < $before
DELETE was
"""
"""The newest stays: what is told late does not begin before its end."""
GONE: Final = """
MATCH (gone:Gone)
WHERE gone.at < $before
DELETE gone
"""
NOTE: Final = """
MATCH (owner:Owner {shard: $shard})
SET owner.log_from = $upto + 1, owner.log_since = $at
"""


@dataclass(frozen=True, slots=True)
class Old:
    """Events of one kind that are too old, and whose they are; `first` is the first that stays."""

    events: list[str]
    contacts: set[str]
    first: int | None


def needs(catalogue: Catalogue, now: int) -> Mapping[str, lookback.Lookback]:
    """Return how far back each segment in use looks, by its key."""
    known = definitions(catalogue)
    return {key: lookback.lookback(each, known, now) for key, each in known.items()}


def longer(found: Mapping[str, lookback.Lookback], before: int) -> Iterator[tuple[str, str, int]]:
    """Yield which segments need events that are too old: their keys, which events, since when."""
    for key in sorted(found):
        for name, first in found[key].items():
            if first < before:
                yield key, "any events" if name is None else f"events {name!r}", first


def told(key: str, which: str, first: int) -> str:
    """Return in words what a segment needs."""
    since = "of all time" if first <= BEGINNING else f"since {times.instant_text(first)}"
    return f"{key!r} looks at {which} {since}"


class Retention:
    """Deletes what is too old; `next` is when to look for it again, None where all is kept."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._limits = store.limits
        self._catalogue: Catalogue | None = None
        self._needed: lookback.Lookback = {}
        self._named = set[tuple[str, str]]()
        keeps = self._limits.keep_events is None and self._limits.keep_changes is None
        self.next = None if keeps else BEGINNING

    async def turn(self, owner: Ownership, now: int, as_of: int) -> bool:
        """Delete some of what is too old, where it is time to look for it; tell whether any was.

        `as_of` is the instant up to which all is worked off: what falls due after it may look as
        far back as definitions do then.

        Raises:
            NotOwner: another server has taken over.
        """
        if self.next is None or now < self.next:
            return False
        if self._limits.keep_events is not None:
            self._look(as_of - self._limits.keep_events, as_of)
            if await self._events(owner, now, as_of):
                return True
        if self._limits.keep_changes is not None and await self._changes(owner, now, as_of):
            return True
        self.next, self._catalogue = now + EVERY, None
        return False

    def _look(self, oldest: int, now: int) -> None:
        """Find out how far back saved definitions look, and say who looks further than is kept."""
        if self._catalogue is self._store.catalogue:
            return
        found = needs(self._store.catalogue, now)
        for key, which, first in longer(found, oldest):
            if (key, which) not in self._named:
                _log.warning("events are kept for longer: %s", told(key, which, first))
                self._named.add((key, which))
        self._needed, self._catalogue = lookback.farthest(found.values()), self._store.catalogue

    async def _events(self, owner: Ownership, now: int, as_of: int) -> bool:
        """Delete some events of the first kind that has any; tell whether there were any."""
        store, keep = self._store, cast("int", self._limits.keep_events)
        for kind in store.registry.kinds.values():
            before = lookback.of_kind(self._needed, kind.name, as_of - keep)
            if kind.first_at is None or kind.first_at >= before:
                continue
            old = await expired(store.database, kind.type, before)
            if not old.events:
                continue
            left = kind.less(len(old.events))
            if left.count and len(old.events) < AT_ONCE:
                left.first_at = old.first
            async with store.database.transaction() as transaction:
                await owner.fence(transaction, now, as_of, owner.sequence)
                await drop(transaction, old.events, [left])
            owner.batch += 1
            store.registry.kinds[kind.name] = left
            for key in old.contacts:
                store.members.people.forget(key)
            return True
        return False

    async def _changes(self, owner: Ownership, now: int, as_of: int) -> bool:
        """Delete some of the oldest changes; tell whether there were any."""
        before = now - cast("int", self._limits.keep_changes)
        rows = await self._store.database.read(CHANGES, before=before, limit=AT_ONCE)
        if not rows:
            return False
        async with self._store.database.transaction() as transaction:
            await owner.fence(transaction, now, as_of, owner.sequence)
            await shorten(transaction, rows, before)
        owner.batch += 1
        return True


async def expired(database: Database, type_: str, before: int) -> Old:
    """Return the next events of a type that are too old, and the first that is not."""
    rows = await database.read(expired_of(type_), before=before, limit=AT_ONCE)
    first = await database.read(first_of(type_), since=before)
    return Old(
        [row["event"] for row in rows],
        {row["contact"] for row in rows},
        first[0]["at"] if first else None,
    )


async def shorten(transaction: Transaction, rows: Sequence[Row], before: int) -> None:
    """Delete the first changes of the log, and the stays that ended by them."""
    upto = rows[-1]["sequence"]
    ended = {(row["segment"], row["contact"]) for row in rows if not row["entered"]}
    pairs = [{"segment": segment, "contact": contact} for segment, contact in ended]
    await transaction.run(FORGET, upto=upto)
    await transaction.run(SHORTEN, rows=pairs, before=before)
    await transaction.run(GONE, before=before)
    await transaction.run(NOTE, shard=SHARD, upto=upto, at=before)


def expired_of(type_: str) -> LiteralString:
    """Return the statement that finds events of a type from the registry that are too old."""
    return _EXPIRED.replace("NO_EVENT", cast("LiteralString", type_))


def first_of(type_: str) -> LiteralString:
    """Return the statement that finds the first event of a type that is not too old."""
    return _FIRST.replace("NO_EVENT", cast("LiteralString", type_))
