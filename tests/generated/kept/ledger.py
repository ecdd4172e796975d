"""What the graph keeps of members, replayed from its log, and compared with plain Python."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from graph.changes import Cause
from graph.database import Database
from graph.needs import needed
from graph.subject import NEVER
from tests.generated.kept.truth import Truth, Turn, is_member, next_turn

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from graph.database import Row

MEMBERS: Final = """
MATCH (contact:Contact)-[of:MEMBER_OF]->(segment:Segment)
WHERE of.segment = segment.key AND of.contact = contact.key
RETURN of.segment AS segment, of.contact AS contact, of.since AS since
"""
FORMER: Final = """
MATCH (contact:Contact)-[was:WAS_MEMBER]->(segment:Segment)
WHERE was.segment = segment.key AND was.contact = contact.key AND was.since < was.until
RETURN was.segment AS segment, was.contact AS contact, was.since AS since, was.until AS until
"""
LOG: Final = """
MATCH (change:Change)
WHERE change.sequence > $after
RETURN change.sequence AS sequence, change.segment AS segment, change.contact AS contact,
  change.entered AS entered, change.effective_at AS at, change.detected_at AS detected,
  change.cause AS cause
ORDER BY sequence
"""
SIZES: Final = """
MATCH (segment:Segment)
RETURN segment.key AS segment, coalesce(segment.size, 0) AS size, segment.failure AS failure
"""
DUES: Final = "MATCH (c:Contact) RETURN c.key AS contact, c._due AS due"
SEQUENCE: Final = "MATCH (owner:Owner) RETURN owner.sequence AS sequence"

TOLD: Final = {Cause.EVENT.value, Cause.TRAIT.value, Cause.CONSENT.value}
"""Why a change is for what was told of somebody."""
Stay = tuple[str, str]
"""A segment's key and a contact's."""


@dataclass(slots=True)
class Ledger:
    """The log as far as it was read, and who is a member by it since when."""

    graph: Database
    sequence: int = 0
    members: dict[Stay, int] = field(default_factory=dict[Stay, int])
    stays: list[tuple[str, str, int, int]] = field(
        default_factory=list["tuple[str, str, int, int]"]
    )

    last: dict[Stay, int] = field(default_factory=dict[Stay, int])
    """From when on the last change of each is."""
    log: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def at(self, segment: str, instant: int | None) -> list[str]:
        """Return who is a member by the log, or was at an instant."""
        if instant is None:
            return sorted(contact for its, contact in self.members if its == segment)
        now = [(*stay, since, NEVER) for stay, since in self.members.items()]
        return sorted(
            contact
            for its, contact, since, until in (*now, *self.stays)
            if its == segment and since <= instant < until
        )

    def forget(self, contact: str) -> None:
        """Forget where a contact was that is deleted."""
        self.stays = [stay for stay in self.stays if stay[1] != contact]

    async def replay(self) -> list[Row]:
        """Return what came to the log, in which no number is missing and nobody leaves twice."""
        rows = await self.graph.read(LOG, after=self.sequence)
        for row in rows:
            self.sequence += 1
            assert row["sequence"] == self.sequence
            self.log[row["segment"]].append(self.sequence)
            stay = (row["segment"], row["contact"])
            assert (stay in self.members) is not row["entered"], row
            assert self.last.get(stay, row["at"]) <= row["at"] <= row["detected"], row
            self.last[stay] = row["at"]
            if row["entered"]:
                self.members[stay] = row["at"]
            else:
                since = self.members.pop(stay)
                assert since <= row["at"], row
                self.stays.append((*stay, since, row["at"]))
        return rows

    async def agree(self, truth: Truth, now: int) -> Mapping[str, int]:
        """Compare members and dues with the truth, and all else that is kept with the log.

        Return of how many contacts that was done by the keys of the live segments.
        """
        await self.replayed()
        dues = {row["contact"]: row["due"] for row in await self._all(DUES)}
        return compare(truth, now, set(self.members), dues)

    async def replayed(self) -> None:
        """Compare members, former ones, sizes and the last number with the log."""
        kept = {(row["segment"], row["contact"]): row["since"] for row in await self._all(MEMBERS)}
        assert kept == self.members
        former = [tuple(row.values()) for row in await self._all(FORMER)]
        assert sorted(former) == sorted(stay for stay in self.stays if stay[2] < stay[3])
        sizes = Counter(segment for segment, _ in kept)
        for row in await self._all(SIZES):
            assert row["size"] == sizes[row["segment"]], row
            assert row["failure"] is None, row
        for row in await self._all(SEQUENCE):
            assert row["sequence"] == self.sequence

    async def _all(self, text: str) -> Sequence[Row]:
        return await self.graph.read(text)  # pyright: ignore[reportArgumentType]


def compare(
    truth: Truth, now: int, kept: set[Stay], dues: Mapping[str, int | None]
) -> Mapping[str, int]:
    """Compare who is kept, and when each is due, with plain Python."""
    people, live = truth.people(now), truth.live
    assert set(dues) == {each.key for each in people}
    for key, condition in live.items():
        members = {each.key for each in people if is_member(condition, each, now)}
        found = {contact for segment, contact in kept if segment == key}
        assert found == members, (key, truth.saved[key], now)
    for subject in people:
        due = dues[subject.key]
        assert due is None or due > now, (subject.key, due, now)
        for key, condition in live.items():
            turn = next_turn(condition, subject, now)
            late = (subject.key, due, key, truth.saved[key], turn)
            assert turn >= NEVER or (due is not None and due <= turn), late
    return dict.fromkeys(live, len(people))


def passed(rows: Sequence[Row], turns: Sequence[Turn], told_at: int | None) -> None:
    """Compare what came to the log while time passed with what plain Python says of it.

    `told_at` is the end, where something was told then, which may turn verdicts as well.
    """
    by_time = [row for row in rows if told_at is None or row["at"] < told_at]
    logged = [Turn(row["at"], row["segment"], row["contact"], row["entered"]) for row in by_time]
    true = [each for each in turns if told_at is None or each.at < told_at]
    assert sorted(logged) == sorted(true), {
        "not in the log": sorted(set(true) - set(logged)),
        "not true": sorted(set(logged) - set(true)),
    }
    causes = {row["cause"] for row in by_time}
    assert causes <= {Cause.TIME.value}, causes
    if told_at is None:
        order = [each.at for each in logged]
        assert order == sorted(order), logged


def began(
    rows: Sequence[Row], last: Mapping[Stay, int], truth: Truth, told: Collection[int], now: int
) -> int:
    """Compare from when on changes are, for what was told of a contact alone, with plain Python.

    They are so from then to now, and were not just before, where that is neither an instant that
    was told of nor the one of the change before. Return how many were compared.
    """
    people, live = {each.key: each for each in truth.people(now)}, truth.live
    known = {key: each.canonical() for key, each in live.items()}
    newest = {(row["segment"], row["contact"]): row for row in rows}
    before = dict(last)
    for row in rows[:-1]:
        stay = (row["segment"], row["contact"])
        if newest[stay] is not row:
            before[stay] = row["at"]
    compared = 0
    for stay, row in newest.items():
        condition, subject = live.get(stay[0]), people.get(stay[1])
        if row["cause"] not in TOLD or condition is None or subject is None:
            continue
        if needed(known[stay[0]], known).levels:
            continue
        at, said = row["at"], (truth.saved[stay[0]], row, now)
        assert is_member(condition, subject, at) is row["entered"], said
        assert next_turn(condition, subject, at, now) > now, said
        if at not in told and at != before.get(stay):
            assert is_member(condition, subject, at - 1) is not row["entered"], said
        compared += 1
    return compared
