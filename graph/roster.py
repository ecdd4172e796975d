"""The members of a saved segment as they are kept: now, and at any instant that is past."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias, cast

from graph import errors, times
from graph.audience import Slice, check_first
from graph.catalogue import Catalogue, Saved, SegmentStatus, definitions, missing
from graph.changes import check_kept
from graph.contacts import contact_of
from graph.cursor import cursor, position
from graph.database import Reader
from graph.needs import needed, together
from graph.subject import NEVER
from graph.subjects import EXPLAINED, gather

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graph.conditions import Condition
    from graph.subject import Subject

Stay: TypeAlias = tuple[str, str]
"""A contact's key and a segment's."""

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
WITH of, contact ORDER BY of.segment, of.contact LIMIT $limit
RETURN properties(contact) AS contact, of.since AS since
ORDER BY contact.key
"""
"""In the order of its index to the letter: by the contacts alone all members would be sorted."""
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
  RETURN contact, of.since AS since ORDER BY of.segment, of.contact LIMIT $limit
UNION ALL
  MATCH (contact)-[was:WAS_MEMBER]->()
  WHERE was.segment = $key AND was.contact > $after AND was.since <= $at AND was.until > $at
  RETURN contact, was.since AS since ORDER BY was.segment, was.contact LIMIT $limit
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
        """Return how many there are.

        Raises:
            NoLongerKept: the instant asked for is too long ago.
        """
        await self._check()
        text = SIZE if self.at is None else SIZE_THEN
        (row,) = await self.database.read(text, key=self.key, at=self.at)
        return row["count"]

    async def members(self, first: int, after: str | None) -> Slice:
        """Return a page of them in the order of their keys, each with its beginning.

        Raises:
            BadInput: `first` is out of range, or `after` a cursor of another list.
            NoLongerKept: the instant asked for is too long ago.
        """
        check_first(first)
        await self._check()
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

    async def _check(self) -> None:
        if self.at is not None:
            await check_kept(self.database, self.at, "at")


def live(key: str, catalogue: Catalogue) -> Saved:
    """Return a saved segment whose members are kept.

    Raises:
        SegmentNotFound: there is none.
        SegmentNotLive: its members are not kept, or not yet.
    """
    saved = catalogue.get(key)
    if saved is None:
        raise errors.SegmentNotFound(missing(key, definitions(catalogue)), "key")
    name = errors.shown(key)
    match saved.status:
        case SegmentStatus.LIVE:
            return saved
        case SegmentStatus.BUILDING:
            why = "is being built, and its members are not all kept yet: come again soon"
        case SegmentStatus.FAILED:
            why = f"cannot be kept, so that its members are not listed: {saved.failure}"
        case SegmentStatus.ARCHIVED:
            why = "is archived; save it again to use it"
    raise errors.SegmentNotLive(f"The segment {name} {why}", "key")


@dataclass(frozen=True, slots=True)
class Membership:
    """That a contact is in a segment since an instant."""

    saved: Saved
    since: int


async def read_memberships(database: Reader, key: str, catalogue: Catalogue) -> list[Membership]:
    """Return the live segments that a contact is in, by their keys."""
    rows = await database.read(MEMBERSHIPS, key=key)
    kept = [Membership(catalogue[row["segment"]], row["since"]) for row in rows]
    return [each for each in kept if each.saved.status is SegmentStatus.LIVE]


async def ends(
    database: Reader,
    stays: Sequence[Stay],
    catalogue: Catalogue,
    names: Mapping[str, str],
    now: int,
) -> list[int | errors.TooMuch | None]:
    """Return when each stay ends if nothing happens, None of never; an error where none can say.

    A stay is a contact's key and a segment's; `names` are the kinds by relationship type.
    """
    known = definitions(catalogue)
    needs = {segment: needed(catalogue[segment].definition, known) for _, segment in stays}
    alone = [stay for stay in stays if needs[stay[1]].levels == 0]
    groups = [alone, *([stay] for stay in stays if needs[stay[1]].levels)]
    found: dict[Stay, int | errors.TooMuch | None] = {}
    for group in filter(None, groups):
        contacts = list(dict.fromkeys(contact for contact, _ in group))
        looked = together(needs[segment] for _, segment in group)
        try:
            world = await gather(database, contacts, looked, known, names, EXPLAINED)
        except errors.TooMuch as error:
            found |= dict.fromkeys(group, error)
            continue
        for contact, segment in group:
            found[contact, segment] = _end(
                catalogue[segment].definition, world.people[contact], now
            )
    return [found[stay] for stay in stays]


def _end(definition: Condition, member: Subject, now: int) -> int | errors.TooMuch | None:
    """Return when a member no longer meets a definition; now where its time has just come."""
    if not definition.holds(member, now):
        return now
    turn = definition.turn(member, now)
    if turn.at is None and turn.until < NEVER:
        return errors.TooMuch(
            f"{errors.shown(member.key)} stays until {times.instant_text(turn.until)} if nothing "
            "happens; when after that it leaves would take too long to find: ask again then"
        )
    return turn.at
