"""Segmentation: the few things one may ask of the graph or tell it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from graph import contacts, errors, export, model, times, vocabulary
from graph.audience import Audience, check_first
from graph.compiler import Facts
from graph.database import Engine
from graph.ingest.contacts import contact_change
from graph.ingest.events import new_event
from graph.ingest.lines import (
    ContactLine,
    EventLine,
    Line,
)
from graph.ingest.things import node_change
from graph.upkeep.outcome import Done, Outcome, Refused, refused
from graph.upkeep.registry import Registry, read_registry
from graph.upkeep.writer import Limits, Writer
from graph.warnings import Names, Suspicion, names_of, warnings

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping, Sequence

    from graph.clock import Clock
    from graph.conditions import Condition
    from graph.database import Database
    from graph.model import ThingKind
    from graph.subject import Account, Thing
    from graph.upkeep.draft import Row

COUNTS: Final = """
CALL () { MATCH (contact:Contact) RETURN count(contact) AS contacts }
CALL () { MATCH (account:Account) RETURN count(account) AS accounts }
RETURN contacts, accounts
"""
SKEW: Final = 5 * times.MINUTE
_FACTS_FOR: Final = 5000


@dataclass(frozen=True, slots=True)
class Rejection:
    """A line that was not taken: its place among those told, its key, and why."""

    index: int
    key: str | None
    code: str
    message: str
    path: errors.Path


@dataclass(slots=True)
class Told:
    """What became of lines that were told; an answer means that they are durable."""

    accepted: int = 0
    duplicates: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: list[Rejection] = field(default_factory=list[Rejection])

    def add(self, outcome: Done) -> None:
        """Count one line that was taken."""
        match outcome:
            case Done.ACCEPTED:
                self.accepted += 1
            case Done.DUPLICATE:
                self.duplicates += 1
            case Done.CREATED:
                self.created += 1
            case Done.UPDATED:
                self.updated += 1
            case Done.UNCHANGED:
                self.unchanged += 1


@dataclass(frozen=True, slots=True)
class Status:
    """How the graph is, and how far the writer is behind."""

    ready: bool
    engine: Engine
    contacts: int
    events: int
    lag_milliseconds: float
    pending: int


class Segmentation:
    """Segments over a graph: prepare it, keep `run` running, ask and tell."""

    def __init__(
        self, database: Database, clock: Clock, limits: Limits | None = None, skew: int = SKEW
    ) -> None:
        self.database = database
        self.clock = clock
        self._limits = limits or Limits()
        self._skew = skew
        self._writer = Writer(database, clock, self._limits)
        self._counted: tuple[int, int, int] | None = None

    async def prepare(self) -> Engine:
        """Make constraints where they are missing, and return what the graph runs on."""
        engine = await self.database.engine()
        for text in model.constraints():
            await self.database.change(text)
        return engine

    async def run(self, *, force: bool = False) -> None:
        """Write what is told until cancelled; `force` where no other server can be alive."""
        await self._writer.run(force=force)

    async def tell(self, lines: Sequence[Line | errors.BadInput]) -> Told:
        """Return what became of lines; those that could not be read count as refused.

        Raises:
            Busy: too much waits; nothing more was taken from here on.
            NotOwner: another server writes.
            GraphUnavailable: the graph does not answer; tell it again.
        """
        now = self.clock.now()
        told = Told()
        rows: list[tuple[int, Row]] = []
        for index, line in enumerate(lines):
            try:
                if isinstance(line, errors.BadInput):
                    raise line
                rows.append((index, self._checked(line, now)))
            except errors.BadInput as error:
                told.rejected.append(_rejection(index, line, refused(error)))
        for start in range(0, len(rows), self._limits.batch):
            chunk = rows[start : start + self._limits.batch]
            outcomes = await self._writer.tell([row for _, row in chunk])
            for (index, _), outcome in zip(chunk, outcomes, strict=True):
                _count(told, index, lines[index], outcome)
        told.rejected.sort(key=lambda each: each.index)
        return told

    def _checked(self, line: Line, now: int) -> Row:
        match line:
            case EventLine():
                return new_event(line, now, self._skew)
            case ContactLine():
                return contact_change(line, now, self._skew)
            case _:
                return node_change(line)

    async def audience(self, condition: Condition, at: int | None = None) -> Audience:
        """Return who meets a condition now, or did or will at an instant."""
        as_of = self._writer.as_of()
        now = self.clock.now()
        facts = await self._facts()
        return Audience(self.database, condition, facts, now if at is None else at, at, as_of)

    async def warnings(self, condition: Condition) -> list[Suspicion]:
        """Return what is suspicious in a condition, given all names that are known."""
        return warnings(condition, await self._names())

    async def contact(self, key: str) -> contacts.Contact | None:
        """Return a contact; None where there is none."""
        return await contacts.read_contact(self.database, key)

    async def topics_of(self, keys: Sequence[str]) -> list[list[vocabulary.Place]]:
        """Return the topics of each of some contents."""
        return await vocabulary.places_of(self.database, "Topic", keys)

    async def categories_of(self, keys: Sequence[str]) -> list[list[vocabulary.Place]]:
        """Return the category of each of some products, in a list."""
        return await vocabulary.places_of(self.database, "Category", keys)

    async def thing(self, kind: ThingKind, key: str) -> Thing | None:
        """Return a content or product; None where there is none."""
        return await contacts.read_thing(self.database, kind, key)

    async def account(self, key: str) -> Account | None:
        """Return an account; None where there is none."""
        return await contacts.read_account(self.database, key)

    async def accounts(self, keys: Sequence[str]) -> list[list[Account]]:
        """Return the accounts of each of some contacts."""
        return await contacts.read_accounts(self.database, keys)

    async def events(
        self, key: str, first: int, after: str | None, event: str | None
    ) -> contacts.EventSlice:
        """Return a page of a contact's events, newest first.

        Raises:
            BadInput: `first` is out of range, or `after` a cursor of another list.
        """
        check_first(first)
        registry = await self._registry()
        names = {kind.type: kind.name for kind in registry.kinds.values()}
        return await contacts.read_events(self.database, names, key, event, first, after)

    async def vocabulary(self) -> vocabulary.Vocabulary:
        """Return all names that conditions may use."""
        return await vocabulary.read_vocabulary(self.database, await self._registry())

    async def export(self) -> AsyncGenerator[Mapping[str, object]]:
        """Yield everything as lines that an import takes."""
        registry = await self._registry()
        names = {kind.type: kind.name for kind in registry.kinds.values()}
        async for line in export.lines(self.database, names):
            yield line

    async def status(self) -> Status:
        """Return how the graph is, and how far the writer is behind."""
        engine = await self.database.engine()
        (row,) = await self.database.read(COUNTS)
        registry = await self._registry()
        return Status(
            ready=self._writer.owns,
            engine=engine,
            contacts=row["contacts"],
            events=sum(kind.count for kind in registry.kinds.values()),
            lag_milliseconds=float(max(0, self.clock.now() - self._writer.as_of())),
            pending=self._writer.pending,
        )

    async def ready(self) -> None:
        """Wait until this server may write."""
        await self._writer.owning.wait()

    async def _registry(self) -> Registry:
        return self._writer.registry or await read_registry(self.database)

    async def _facts(self) -> Facts:
        registry = await self._registry()
        now = self.clock.now()
        if self._counted is None or not 0 <= now - self._counted[0] < _FACTS_FOR:
            (row,) = await self.database.read(COUNTS)
            self._counted = (now, row["contacts"], row["accounts"])
        kinds = {name: kind.facts() for name, kind in registry.kinds.items()}
        return Facts(kinds, self._counted[1], self._counted[2])

    async def _names(self) -> Names:
        known = await self.vocabulary()
        return names_of(
            {trait.name: trait.types for trait in known.traits},
            (kind.name for kind in known.events),
            (place.key for place in known.topics),
            (place.key for place in known.categories),
        )


def _count(told: Told, index: int, line: Line | errors.BadInput, outcome: Outcome) -> None:
    if isinstance(outcome, Refused):
        told.rejected.append(_rejection(index, line, outcome))
    else:
        told.add(outcome)


def _rejection(index: int, line: Line | errors.BadInput, refusal: Refused) -> Rejection:
    match line:
        case errors.BadInput():
            key = None
        case EventLine():
            key = line.id
        case _:
            key = line.key
    return Rejection(index, key, refusal.code, refusal.message, refusal.path)
