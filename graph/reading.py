"""What one may ask: audiences, contacts, names, and how the graph is."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from graph import changes, contacts, errors, look, subjects, times, values, vocabulary
from graph.audience import Audience, check_first
from graph.catalogue import (
    Catalogue,
    Revision,
    Saved,
    SegmentSlice,
    SegmentStatus,
    check,
    definitions,
    listed,
    read_revisions,
    unknown,
    used_by,
)
from graph.database import Engine
from graph.explain import Explanation, explained
from graph.look import Look, Segments
from graph.overlaps import Overlap, check_sets, read_overlap
from graph.references import uses
from graph.roster import Membership, Roster, Stay, ends, read_memberships
from graph.upkeep.owner import LOOK, SHARD
from graph.upkeep.registry import Registry, read_counts, read_registry
from graph.warnings import Suspicion, dear, names_of, too_far, warnings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractAsyncContextManager

    from graph.changes import ChangeSlice
    from graph.clock import Clock
    from graph.conditions import Condition
    from graph.database import Database, Reader
    from graph.estimates import Facts
    from graph.model import ThingKind
    from graph.subject import Account, Thing
    from graph.upkeep.writer import Writer
    from graph.vocabulary import Label, Place

_FACTS_FOR: Final = 5000


@dataclass(slots=True)
class _Kept:
    """What is not asked of the graph each time; every reading of a server shares it."""

    engine: Engine | None = None
    at: int = -_FACTS_FOR
    contacts: int = 0
    accounts: int = 0
    segments: Segments = field(default_factory=Segments)


class Reading:
    """Asks the graph; `look` gives a reading to one operation, whose statements belong together."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        writer: Writer,
        kept: _Kept | None = None,
        looked: Look | None = None,
    ) -> None:
        self.database = database
        self.clock = clock
        self._writer = writer
        self._kept = kept or _Kept()
        self._look = looked
        self._reader: Reader = looked or database

    def look(self) -> Reading:
        """Return a reading for one operation."""
        looked = Look(self.database, lambda: self._writer.batch)
        return Reading(self.database, self.clock, self._writer, self._kept, looked)

    async def consistent(self) -> bool:
        """Tell whether all that was asked of this reading was of one state of the graph."""
        return self._look is None or await self._look.consistent()

    def held(self) -> AbstractAsyncContextManager[None]:
        """Let nothing be committed meanwhile, for a few seconds at most."""
        return look.held(self.database)

    @property
    def refusal(self) -> errors.SegraphError | None:
        """Why this server may not write; None where it may."""
        return self._writer.refusal

    @property
    def pending(self) -> int:
        """How many rows wait to be written."""
        return self._writer.pending

    async def lag(self) -> int:
        """Return how many milliseconds the writer is behind, be it this server or another."""
        as_of = await self._as_of()
        return max(0, self.clock.now() - as_of)

    async def engine(self) -> Engine:
        """Return what the graph runs on."""
        if self._kept.engine is None:
            self._kept.engine = await self.database.engine()
        return self._kept.engine

    async def contact_count(self) -> int:
        """Return how many contacts there are."""
        return (await read_counts(self._reader))[0]

    async def event_count(self) -> int:
        """Return how many events there are."""
        return sum(kind.count for kind in (await self._registry()).kinds.values())

    async def audience(self, condition: Condition, at: int | None = None) -> Audience:
        """Return who meets a condition now, or did or will at an instant.

        Raises:
            BadInput: it names a segment that there is not, or is too large with all it uses.
        """
        saved = await self.catalogue() if uses(condition) else {}
        check(None, condition, saved)
        return await self._audience(condition, at, saved)

    async def members(self, saved: Saved, at: int | None = None) -> Audience | Roster:
        """Return who is in a segment now, was at an instant, or will be if nothing happens.

        Members that are kept are read; those of a segment that is being filled are asked for, but
        not of an instant up to when it last was live.
        """
        now = self.clock.now()
        last = saved.recorded(now)
        if last is not None and (now if at is None else at) <= last:
            return Roster(self._reader, saved.key, at, await self._as_of())
        known = await self.catalogue() if saved.uses else {}
        audience = await self._audience(saved.definition, at, known)
        return replace(audience, of=["segment", saved.key, at])

    async def changes(self, key: str, first: int, after: str | None) -> ChangeSlice:
        """Return a page of a segment's log, the oldest change first.

        Raises:
            BadInput: `first` is out of range, or `after` a cursor of another list.
        """
        check_first(first)
        return await changes.of_segment(self._reader, key, first, after)

    async def sizes(
        self, saved: Saved, since: int, until: int | None, step: str
    ) -> list[changes.SizePoint]:
        """Return how large a segment was from one instant to another, now where it is None.

        Of one that is not live nothing is told of the time since it last was.

        Raises:
            BadInput: `step` is no duration, there would be too many points, or the end lies before
                the beginning.
        """
        with errors.under("step"):
            length = times.read_duration(step)
        now = self.clock.now()
        end = now if until is None else until
        last = end if saved.status is SegmentStatus.LIVE else saved.recorded(now)
        return await changes.sizes(self._reader, saved.key, since, end, length, last)

    async def memberships(self, key: str) -> list[Membership]:
        """Return the live segments that a contact is in, by key."""
        return await read_memberships(self._reader, key, await self.catalogue())

    async def ends(self, stays: Sequence[Stay]) -> list[int | errors.TooMuch | None]:
        """Return when each stay of a contact in a live segment ends if nothing happens."""
        names, now = (await self._registry()).names(), self.clock.now()
        return await ends(self._reader, stays, await self.catalogue(), names, now)

    async def _audience(self, condition: Condition, at: int | None, saved: Catalogue) -> Audience:
        as_of, now = await self._as_of(), self.clock.now()
        facts = replace(await self._facts(), definitions=definitions(saved, archived=True))
        return Audience(self._reader, condition, facts, now if at is None else at, at, as_of)

    async def catalogue(self) -> Catalogue:
        """Return all saved segments by key, archived ones too."""
        if self._look is not None:
            await self._look.begin()
        known = self._writer.catalogue
        return await self._kept.segments.read(self._reader) if known is None else known

    async def segment(self, key: str) -> Saved | None:
        """Return a saved segment; None where there is none."""
        return (await self.catalogue()).get(key)

    async def segments(
        self, first: int, after: str | None, search: str | None, *, archived: bool
    ) -> SegmentSlice:
        """Return a page of the saved segments in the order of their keys.

        Raises:
            BadInput: `first` is out of range, or `after` a cursor of another list.
        """
        check_first(first)
        return listed(await self.catalogue(), first, after, search, archived=archived)

    async def using(self, key: str) -> list[Saved]:
        """Return the segments whose definition names this one."""
        catalogue = await self.catalogue()
        return [catalogue[each] for each in used_by(catalogue, key)]

    async def used(self, saved: Saved) -> list[Saved]:
        """Return the segments that the definition of this one names."""
        catalogue = await self.catalogue()
        return [catalogue[each] for each in sorted(saved.uses)]

    async def revisions(self, key: str) -> list[Revision]:
        """Return the revisions of a segment, the newest first."""
        return await read_revisions(self._reader, key)

    async def overlap(
        self, sets: Sequence[tuple[errors.Path, Condition]], at: int | None = None
    ) -> Overlap:
        """Return how conditions, each with its path, overlap now, or did or will at an instant.

        Raises:
            BadInput: one names a segment that there is not, or is too large with all it uses.
        """
        asked = [condition for _, condition in sets]
        saved = await self.catalogue() if any(map(uses, asked)) else {}
        check_sets(sets, saved)
        as_of = await self._as_of()
        t = self.clock.now() if at is None else at
        facts = replace(await self._facts(), definitions=definitions(saved, archived=True))
        return await read_overlap(self._reader, asked, t, facts, as_of)

    async def warnings(self, audience: Audience) -> list[Suspicion]:
        """Return what is suspicious in an audience's condition, and what makes it dear."""
        condition, t, facts = audience.condition, audience.t, audience.facts
        names = names_of(await self.vocabulary(), facts.contacts, facts.definitions)
        found = [*warnings(condition, names, t), *dear(condition, t, facts)]
        keep = self._writer.limits.keep_events
        return found if keep is None else [*found, *too_far(condition, facts.definitions, t, keep)]

    async def contact(self, key: str) -> contacts.Contact | None:
        """Return a contact; None where there is none.

        Raises:
            BadInput: the key is no text.
        """
        with errors.under("key"):
            values.characters(key)
        return await contacts.read_contact(self._reader, key)

    async def explain(self, key: str, condition: Condition, at: int | None = None) -> Explanation:
        """Return why a contact meets a condition now, or at an instant, or why it does not.

        Raises:
            BadInput: there is no such contact, or the condition names a segment that is not there.
        """
        saved = await self.catalogue() if uses(condition) else {}
        check(None, condition, saved)
        return await self._explanation(key, condition, definitions(saved, archived=True), at)

    async def explain_segment(self, key: str, segment: str, at: int | None = None) -> Explanation:
        """Return why a contact meets the current definition of a saved segment, or does not.

        Raises:
            BadInput: there is no such contact, or no such segment.
        """
        saved = await self.catalogue()
        if segment not in saved:
            raise unknown(segment, saved, "segment")
        known = definitions(saved, archived=True)
        return await self._explanation(key, saved[segment].definition, known, at)

    async def _explanation(
        self, key: str, condition: Condition, saved: Mapping[str, Condition], at: int | None
    ) -> Explanation:
        as_of, now = await self._as_of(), self.clock.now()
        names = (await self._registry()).names()
        world = await subjects.load(self._reader, key, condition, saved, names)
        if key not in world.people:
            raise errors.BadInput(
                f"There is no contact {errors.shown(key)}: the key is the one that events name",
                "key",
            )
        subject, t = world.people[key], now if at is None else at
        tree = await asyncio.to_thread(explained, condition, subject, t)
        return Explanation(subject, condition, t, at, as_of, tree, world.received)

    async def places_of(self, label: Label, keys: Sequence[str]) -> list[list[Place]]:
        """Return the topics of each of some contents, or the category of each of some products."""
        return await vocabulary.places_of(self._reader, label, keys)

    async def things_in(self, places: Sequence[tuple[Label, str]]) -> list[int]:
        """Return how many things are in each of some topics and categories, or below."""
        return await vocabulary.things_in(self._reader, places)

    async def thing(self, kind: ThingKind, key: str) -> Thing | None:
        """Return a content or product; None where there is none."""
        return await contacts.read_thing(self._reader, kind, key)

    async def account(self, key: str) -> Account | None:
        """Return an account; None where there is none."""
        return await contacts.read_account(self._reader, key)

    async def accounts(self, keys: Sequence[str]) -> list[list[Account]]:
        """Return the accounts of each of some contacts."""
        return await contacts.read_accounts(self._reader, keys)

    async def events(
        self, key: str, first: int, after: str | None, event: str | None
    ) -> contacts.EventSlice:
        """Return a page of a contact's events, newest first.

        Raises:
            BadInput: `first` is out of range, `event` no text, or `after` of another list.
        """
        check_first(first)
        with errors.under("event"):
            values.characters(event or "")
        names = (await self._registry()).names()
        return await contacts.read_events(self._reader, names, key, event, first, after)

    async def vocabulary(self) -> vocabulary.Vocabulary:
        """Return all names that conditions may use."""
        return await vocabulary.read_vocabulary(self._reader, await self._registry())

    async def _as_of(self) -> int:
        """Return the instant up to which all that arrived is in the graph; the writer knows it."""
        if self._writer.refusal is None:
            return self._writer.as_of()
        rows = await self._reader.read(LOOK, shard=SHARD)
        kept = rows[0]["as_of"] if rows else None
        return self.clock.now() if kept is None else kept

    async def _registry(self) -> Registry:
        return self._writer.registry or await read_registry(self._reader)

    async def _facts(self) -> Facts:
        kept, now = self._kept, self.clock.now()
        if not 0 <= now - kept.at < _FACTS_FOR:
            # Only the choice of a plan depends on it, so that it need not be of the same state.
            kept.at, (kept.contacts, kept.accounts) = now, await read_counts(self.database)
        return (await self._registry()).facts(kept.contacts, kept.accounts)
