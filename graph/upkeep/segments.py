"""Segments that are saved or archived: what becomes of them, and how they are written."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from msgspec import UNSET

from graph import catalogue, errors, references
from graph.catalogue import Catalogue, Saved
from graph.conditions.codec import VERSION, digest, packed
from graph.ingest.segments import Archiving
from graph.upkeep.outcome import Done, Kept

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graph.database import Transaction
    from graph.ingest.segments import SegmentChange

MOST: Final = 10_000
"""Segments that are kept, archived ones aside."""

SEGMENTS: Final = """
UNWIND $lists.rows AS row
MERGE (segment:Segment {key: row.key})
SET segment += row
"""
FILLED: Final = """
UNWIND $lists.keys AS key
MATCH (segment:Segment {key: key})
SET segment.filled = $upto, segment.done = segment.done + $contacts,
    segment.first = segment.first AND $upto IS NOT NULL
"""
REVISIONS: Final = """
UNWIND $lists.rows AS row
MATCH (segment:Segment {key: row.key})
CREATE (segment)-[:REVISED_TO]->(revision:Revision)
SET revision = row.revision
"""


@dataclass(slots=True)
class Segments:
    """The saved segments as a batch will leave them, and what of that must be written."""

    catalogue: Catalogue = field(default_factory=Catalogue)
    changed: dict[str, Saved] = field(default_factory=dict[str, Saved])
    revised: list[Saved] = field(default_factory=list[Saved])

    def fold(self, row: SegmentChange | Archiving) -> Kept:
        """Take a segment in, or archive one; raises as either does."""
        return self.archive(row) if isinstance(row, Archiving) else self.save(row)

    def save(self, change: SegmentChange) -> Kept:
        """Take a segment in; an equal definition makes no revision.

        Raises:
            RevisionConflict: it is at another revision than expected.
            SegmentCycle: it would use itself.
            SegmentInUse: it comes archived, and others use the one that is there.
            BadInput: its definition names an unknown segment, or is too large with all it uses.
        """
        known = self.catalogue.get(change.key)
        _check_expected(change, known)
        with errors.under("where"):
            catalogue.check(change.key, change.where, self.catalogue, archived=change.archived)
        if change.archived:
            self._check_unused(change.key)
        elif known is None or known.archived:
            self._check_room()
        saved = _after(change, known)
        if saved == known:
            return Kept(Done.UNCHANGED, saved)
        if known is None or saved.revision != known.revision:
            self.revised.append(saved)
            for user in catalogue.users(change.key, self.catalogue):
                using = self.catalogue[user]
                self._keep(using.emptied(change.at, announced=change.announced))
        self._keep(saved)
        return Kept(Done.CREATED if known is None else Done.UPDATED, saved)

    def archive(self, archiving: Archiving) -> Kept:
        """Archive a segment.

        Raises:
            SegmentNotFound: there is none.
            SegmentInUse: others use it.
        """
        known = self.catalogue.get(archiving.key)
        if known is None:
            there = catalogue.definitions(self.catalogue)
            raise errors.SegmentNotFound(catalogue.missing(archiving.key, there), "key")
        if known.archived:
            return Kept(Done.UNCHANGED, known)
        self._check_unused(known.key)
        until = known.recorded(archiving.at - 1)
        saved = replace(known, archived=True, kept_until=until)
        self._keep(saved)
        return Kept(Done.UPDATED, saved)

    def _keep(self, saved: Saved) -> None:
        self.catalogue[saved.key] = self.changed[saved.key] = saved

    def _check_unused(self, key: str) -> None:
        users = catalogue.used_by(self.catalogue, key)
        if users:
            raise errors.SegmentInUse(key, tuple(users))

    def _check_room(self) -> None:
        if sum(not each.archived for each in self.catalogue.values()) >= MOST:
            raise errors.BadInput(
                f"There are {MOST} segments already; archive one first",
                "key",
                code="TOO_MANY_SEGMENTS",
            )


def _check_expected(change: SegmentChange, known: Saved | None) -> None:
    current = 0 if known is None else known.revision
    if change.expected is not None and change.expected != current:
        raise errors.RevisionConflict(change.key, current, change.expected)


def _after(change: SegmentChange, known: Saved | None) -> Saved:
    """Return a segment as it will be."""
    definition = change.where.canonical()
    name, description = change.name, change.description
    if name is None:
        name = change.key if known is None else known.name
    if description is UNSET:
        description = None if known is None else known.description
    same = known is not None and packed(known.definition) == packed(definition)
    stays = (
        known is not None
        and same
        and known.failure is None
        and (change.archived or not known.archived)
    )
    goes_on = stays and not change.archived
    return Saved(
        key=change.key,
        name=name,
        description=None if description is None else str(description),
        definition=definition,
        revision=known.revision if known and same else 1 + (known.revision if known else 0),
        at=known.at if known and same else change.at,
        archived=change.archived,
        uses=references.uses(definition),
        filled=known.filled if known and stays else "",
        done=known.done if known and stays else 0,
        first=known is None or known.first,
        announced=known.announced if known and stays else change.announced,
        kept_until=_kept_until(known, change.at, goes_on=goes_on),
    )


def _kept_until(known: Saved | None, at: int, *, goes_on: bool) -> int | None:
    """Return until when members are kept of a segment that goes on at an instant, or does not."""
    if known is None:
        return None
    return known.kept_until if goes_on else known.recorded(at - 1)


async def write_segments(transaction: Transaction, segments: Segments) -> None:
    """Write what changed; the caller has fenced the transaction."""
    if segments.changed:
        rows = [_node(each) for each in segments.changed.values()]
        await transaction.run(SEGMENTS, rows=rows)
    if segments.revised:
        revisions = [{"key": each.key, "revision": _revision(each)} for each in segments.revised]
        await transaction.run(REVISIONS, rows=revisions)


def _node(saved: Saved) -> Mapping[str, object]:
    return {
        **_revision(saved),
        "key": saved.key,
        "name": saved.name,
        "description": saved.description,
        "archived": saved.archived,
        "filled": saved.filled,
        "done": saved.done,
        "first": saved.first,
        "failure": saved.failure,
        "announced": saved.announced,
        "kept_until": saved.kept_until,
    }


def _revision(saved: Saved) -> Mapping[str, object]:
    definition = packed(saved.definition)
    return {
        "revision": saved.revision,
        "at": saved.at,
        "definition": definition,
        "form": VERSION,
        "hash": digest(definition),
    }
