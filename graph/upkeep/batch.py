"""Commit a batch: load what it touches, fold it in, write it, remember what was committed."""

from __future__ import annotations

import asyncio
import copy
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from graph import errors, model
from graph.catalogue import Catalogue, read_catalogue
from graph.changes import Cause
from graph.database import Database
from graph.feed import Feed
from graph.ingest.consents import ConsentChange
from graph.ingest.contacts import ContactChange
from graph.ingest.events import NewEvent
from graph.ingest.removals import CONTACT, Removal
from graph.ingest.segments import Archiving, SegmentChange
from graph.ingest.things import NodeChange
from graph.upkeep import at_once, load
from graph.upkeep.draft import Draft, Row
from graph.upkeep.judge import Judged
from graph.upkeep.known import NEVER, Known
from graph.upkeep.limits import Limits
from graph.upkeep.marks import Marks
from graph.upkeep.members import Filled, Members
from graph.upkeep.memberships import write_memberships
from graph.upkeep.outcome import Outcome, Refused
from graph.upkeep.people import People
from graph.upkeep.registry import EventKind, Registry, read_registry, read_told
from graph.upkeep.removal import (
    Dropped,
    doomed,
    drop,
    first_events,
    gone,
    leaving,
    write_back,
    write_removed,
)
from graph.upkeep.segments import FILLED
from graph.upkeep.trees import Tree, read_trees
from graph.upkeep.webhooks import Hooks, write_webhooks
from graph.upkeep.write import Written, remember, write
from graph.webhooks import Webhook, read_webhooks

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from graph.upkeep.owner import Ownership

KINDS_AT_ONCE: Final = 100
MAKE_KIND: Final = """
UNWIND $lists.rows AS row
MERGE (kind:EventKind {name: row.name})
ON CREATE SET kind = row
"""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A batch that is ready to be written, and what will have become of its rows."""

    draft: Draft
    outcomes: list[Outcome]
    judged: Judged
    marks: Marks


@dataclass(slots=True)
class Store:
    """What the writer holds of the graph; all of it is what was committed."""

    database: Database
    limits: Limits = field(default_factory=Limits)
    known: Known = field(init=False)
    registry: Registry = field(default_factory=Registry)
    trees: dict[str, Tree] = field(default_factory=dict[str, Tree])
    catalogue: Catalogue = field(default_factory=Catalogue)
    members: Members = field(init=False)
    feed: Feed = field(init=False)
    webhooks: dict[str, Webhook] = field(default_factory=dict[str, Webhook])
    webhooks_touched: asyncio.Event = field(default_factory=asyncio.Event)
    gone: int = 0

    def __post_init__(self) -> None:
        # The ids of events take half at most, the contacts whose memberships are kept the rest.
        self.known = Known(self.limits.memory // 2)
        self.members = Members(self.database, People(self.limits.memory, self.known))
        self.feed = Feed(self.database)

    async def reload(self) -> None:
        """Read everything anew."""
        self.known.clear()
        self.registry = await read_registry(self.database)
        if self.registry.told is None:
            self.registry.told = await read_told(self.database)
        self.trees = await read_trees(self.database)
        self.catalogue = await read_catalogue(self.database)
        self.gone = await load.number_gone(self.database)
        self.webhooks = await read_webhooks(self.database)
        self.webhooks_touched.set()
        self.members.forget()
        self.members.take(self.catalogue, self.trees)

    async def prepare(self, rows: Sequence[Row], owner: Ownership, now: int) -> Prepared:
        """Load what the rows touch and fold them in; nothing but new kinds is written yet.

        Raises:
            NotOwner: another server has taken over.
        """
        refused = await self._register(rows, owner)
        taken = [row for index, row in enumerate(rows) if index not in refused]
        draft = await self._load(taken, now)
        told = iter([draft.fold(row) for row in taken])
        outcomes = [refused[n] if n in refused else next(told) for n in range(len(rows))]
        if draft.removed:
            return Prepared(draft, outcomes, *self._removed(draft, now))
        judged, marks = await self.members.told(draft, self.registry, now)
        return Prepared(draft, outcomes, judged, marks)

    def _removed(self, draft: Draft, now: int) -> tuple[Judged, Marks]:
        """Let contacts that are deleted leave, and say who else is to be judged for it."""
        judged, rules = self.members.judged(now), self.members.rules
        leaving(draft, judged, self.catalogue)
        news = dict.fromkeys(gone(draft) if rules.social else (), Cause.DELETION)
        marks = self.members.around(news, self.registry, now)
        marks.lost, marks.gone = True, gone(draft)
        if rules.by_key:
            marks.removed = [(row.label, row.key) for row in draft.removed if row.label != CONTACT]
        return judged, marks

    async def thinning(self, rows: Sequence[Row]) -> Dropped:
        """Return the events to be deleted ahead of what rows delete; none where there are few."""
        removals = [row for row in rows if isinstance(row, Removal)]
        return await first_events(self.database, removals) if removals else Dropped()

    async def thin(self, dropped: Dropped, owner: Ownership, now: int, as_of: int) -> None:
        """Delete events ahead in one fenced transaction, and mark those whose they are.

        Raises:
            NotOwner: another server has taken over.
        """
        judged, names = self.members.judged(now), self.registry.names()
        news = dict.fromkeys(dropped.contacts if self.members.rules.by_key else (), Cause.DELETION)
        marks = self.members.around(news, self.registry, now)
        marks.lost = True
        kinds = [
            self.registry.kinds[names[type_]].less(number)
            for type_, number in dropped.types.items()
        ]
        async with self.database.transaction() as transaction:
            await owner.fence(transaction, now, as_of, judged.sequence)
            await marks.note_before(transaction)
            await drop(transaction, dropped.events, kinds)
            await marks.note_after(transaction)
        owner.batch += 1
        self.registry.kinds.update({kind.name: kind for kind in kinds})
        self.members.remember(judged, marks)

    async def write(self, prepared: Prepared, owner: Ownership, as_of: int) -> None:
        """Write what was prepared in one fenced transaction, and remember it.

        Raises:
            NotOwner: another server has taken over.
        """
        draft, judged, marks = prepared.draft, prepared.judged, prepared.marks
        written = None if marks.any else at_once.ends(draft, judged, self.known)
        if written is not None:
            await at_once.commit(self.database, owner, as_of, judged, draft, written)
        else:
            written = await self._written(prepared, owner, as_of)
        owner.batch, owner.sequence = owner.batch + 1, judged.sequence
        self.feed.published(judged.changes)
        remember(draft, written, self.known)
        for row, its in draft.removed.items():
            self.known.forget(row.label, row.key)
            self.gone += bool(its.been)
        self.registry.kinds.update(draft.kinds)
        self.registry.traits.update(draft.trait_kinds)
        self.registry.withdrawn |= draft.withdraws
        self.registry.told = draft.last_told()
        self.members.remember(judged, marks)
        self._take(draft.segments.changed, judged, draft.trees)
        if draft.hooks.changed:
            self.webhooks = draft.hooks.known
            self.webhooks_touched.set()

    async def _written(self, prepared: Prepared, owner: Ownership, as_of: int) -> Written:
        """Write what was prepared in a transaction, and return the nodes that it met."""
        draft, judged, marks = prepared.draft, prepared.judged, prepared.marks
        async with self.database.transaction() as transaction:
            await owner.fence(transaction, judged.now, as_of, judged.sequence)
            await marks.note_before(transaction)
            written = await write(transaction, draft, self.known, judged.now)
            await write_removed(transaction, draft, judged.now)
            await write_back(transaction, draft)
            await write_webhooks(transaction, draft.hooks)
            await write_memberships(transaction, judged)
            await marks.note_after(transaction)
        return written

    async def write_turn(
        self, judged: Judged, owner: Ownership, as_of: int, filled: Filled | None = None
    ) -> None:
        """Write what a turn over contacts found in one fenced transaction, and remember it.

        Raises:
            NotOwner: another server has taken over.
        """
        if filled is None and not judged.failed:
            await at_once.commit(self.database, owner, as_of, judged)
        else:
            await self._turned(judged, owner, as_of, filled)
        owner.batch, owner.sequence = owner.batch + 1, judged.sequence
        self.feed.published(judged.changes)
        self.members.remember(judged)
        advanced = () if filled is None else filled.advanced()
        self._take({saved.key: saved for saved in advanced}, judged, self.trees)

    async def _turned(
        self, judged: Judged, owner: Ownership, as_of: int, filled: Filled | None
    ) -> None:
        async with self.database.transaction() as transaction:
            await owner.fence(transaction, judged.now, as_of, judged.sequence)
            if filled is not None:
                keys = [rule.segment for rule in filled.rules]
                upto, contacts = filled.upto, filled.contacts
                await transaction.run(FILLED, keys=keys, upto=upto, contacts=contacts)
            await write_memberships(transaction, judged)

    def _take(self, changed: Catalogue, judged: Judged, trees: dict[str, Tree]) -> None:
        """Take segments and trees as they were committed, and drop those that failed."""
        if not changed and not judged.failed and trees is self.trees:
            return
        self.trees, self.catalogue = trees, {**self.catalogue, **changed}
        for key, failure in judged.failed.items():
            saved = self.catalogue[key]
            until = saved.recorded(judged.now - 1)
            self.catalogue[key] = replace(saved, failure=failure, kept_until=until)
        self.members.take(self.catalogue, trees)

    async def _register(self, rows: Sequence[Row], owner: Ownership) -> dict[int, Refused]:
        """Make the kinds that are new, each with its index; refuse what is over the limits."""
        told = dict.fromkeys(event.name for row in rows for event in _events(row))
        new = self.registry.made(told)
        if not new:
            return {}
        room = max(0, self.limits.kinds - len(self.registry.kinds))
        made = new[: min(KINDS_AT_ONCE, room)]
        if made:
            await self._make(made, owner)
        left = {kind.name for kind in new[len(made) :]}
        full = len(made) == room
        refused: dict[int, Refused] = {}
        for index, row in enumerate(rows if left else ()):
            name = next((each.name for each in _events(row) if each.name in left), None)
            if name is not None:
                refused[index] = self._over(name, full=full)
        return refused

    async def _make(self, kinds: Sequence[EventKind], owner: Ownership) -> None:
        for kind in kinds:
            await self.database.change(model.event_index(kind.type))
        async with self.database.transaction() as transaction:
            await owner.guard(transaction)
            await transaction.run(MAKE_KIND, rows=[kind.row() for kind in kinds])
        self.registry.kinds.update({kind.name: kind for kind in kinds})

    def _over(self, name: str, *, full: bool) -> Refused:
        if full:
            message = (
                f"{errors.shown(name)} would be one more than the {self.limits.kinds} kinds of "
                "events that are taken; put what varies into a property"
            )
            return Refused("TOO_MANY_KINDS", message, ("event",))
        message = (
            f"{errors.shown(name)} is new, and at most {KINDS_AT_ONCE} new kinds of events are "
            "taken at once; send it again"
        )
        return Refused("BUSY", message, ("event",))

    def _oldest(self, now: int) -> int:
        """Return the first instant of which events are taken."""
        return NEVER if self.limits.keep_events is None else now - self.limits.keep_events

    async def _load(self, rows: Sequence[Row], now: int) -> Draft:
        trees = copy.deepcopy(self.trees) if _moves(rows) else self.trees
        draft = Draft(self.registry, trees, self.limits.traits, self._oldest(now))
        draft.segments.catalogue = dict(self.catalogue) if saves(rows) else self.catalogue
        draft.hooks = Hooks(dict(self.webhooks), self.members.sequence)
        events = [event for row in rows for event in _events(row)]
        keys = {row.key for row in rows if isinstance(row, ContactChange)}
        keys |= {row.contact for row in rows if isinstance(row, ConsentChange)}
        await self._load_contacts(draft, keys | {event.contact for event in events})
        await self._load_stored(draft, events)
        if keys:
            existing = [key for key in keys if draft.contacts[key] is not None]
            draft.profiles = await load.profiles(self.database, existing)
        removals = [row for row in rows if isinstance(row, Removal)]
        if removals:
            draft.doomed = await doomed(self.database, removals, self.registry.names())
        nodes: dict[str, set[str]] = {}
        for row in rows:
            if isinstance(row, NodeChange):
                nodes.setdefault(row.label, set()).add(row.key)
        for label, keys in nodes.items():
            for key, node in (await load.nodes(self.database, label, keys)).items():
                draft.nodes[label, key] = node
        return draft

    async def _load_contacts(self, draft: Draft, keys: Iterable[str]) -> None:
        draft.contacts = {key: self.known.contact(key) for key in keys}
        missing = [key for key, contact in draft.contacts.items() if contact is None]
        if missing:
            for key, contact in (await load.contacts(self.database, missing)).items():
                draft.contacts[key] = contact
                self.known.keep_contact(key, contact)
            new = [key for key in missing if draft.contacts[key] is None]
            if new and self.gone:
                draft.gone = await load.gone(self.database, new)

    async def _load_stored(self, draft: Draft, events: Iterable[NewEvent]) -> None:
        """Load the events whose ids are known, to be compared."""
        hits: dict[str, set[str]] = {}
        for event in events:
            contact = draft.contacts[event.contact]
            if contact is not None and hash(event.id) in contact.ids:
                hits.setdefault(event.contact, set()).add(event.id)
        if hits:
            draft.stored = await load.events(self.database, hits, self.registry.names())


def _events(row: Row) -> tuple[NewEvent, ...]:
    """Return the events that a row tells of, an order's lines after it."""
    return (row, *row.lines) if isinstance(row, NewEvent) else ()


def saves(rows: Iterable[Row]) -> bool:
    """Tell whether rows may change the saved segments."""
    return any(isinstance(row, SegmentChange | Archiving) for row in rows)


def _moves(rows: Iterable[Row]) -> bool:
    return any(isinstance(row, NodeChange) and row.label in {"Topic", "Category"} for row in rows)
