"""Why a contact meets a condition or not: each verdict, its evidence, and when it changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from graph.conditions import Condition, words
from graph.conditions.base import Evidence, Turn
from graph.conditions.in_segment import InSegment
from graph.conditions.logic import AllOf, AnyOf, Not
from graph.conditions.rewritten import Rewritten
from graph.conditions.window import OfFirst
from graph.contacts import StoredEvent
from graph.references import inside
from graph.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Sequence


NOTHING: Final = "nothing"
"""How what is said to turn a verdict begins where there is nothing."""
_THINGS: Final = 3
"""How many things with too few others are told of."""


@dataclass(frozen=True, slots=True)
class Explained:
    """A condition's verdict on a contact at an instant, and those of the conditions in it.

    `changes_at` is when the verdict changes if nothing happens; None is never, or not as far as was
    looked ahead, which the note tells. `note` is what else there is to know: events that do not
    count for a consent, things that too few others had.
    """

    text: str
    holds: bool
    changes_at: int | None
    evidence: Evidence
    note: str | None = None
    children: tuple[Explained, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a contact meets a condition at t, or does not; `at` is t where it was asked for."""

    subject: Subject
    condition: Condition
    t: int
    at: int | None
    as_of: int
    tree: Explained
    received: Mapping[tuple[str, str], int]

    @property
    def text(self) -> str:
        """One English sentence."""
        who, what = words.quoted(self.subject.key), self.condition.text()
        no = "" if self.tree.holds else "not "
        if self.at is None:
            return f"{who} is {no}a contact who {what}."
        verb = "was" if self.at <= self.as_of else "will be"
        if verb == "will be" and no:
            verb, no = "will not be", ""
        return f"At {words.dated(self.at)}, {who} {verb} {no}a contact who {what}."

    def events(self, node: Explained, first: int) -> Sequence[StoredEvent]:
        """Return the newest events that are a node's evidence, in order of time."""
        key = self.subject.key
        return [
            StoredEvent(key, event, self.received[key, event.id])
            for event in node.evidence.events[-first:]
            if first
        ]


def explained(condition: Condition, subject: Subject, t: int) -> Explained:
    """Return the verdict on a contact with all that makes it so; one not there yet meets none."""
    tree = _explained(condition, subject, t)
    if subject.since <= t:
        return tree
    there = condition.holds(subject, subject.since)
    known = f"at {words.moment(subject.since, t)}"
    turn = Turn(subject.since, t) if there else condition.turn(subject, subject.since)
    return Explained(
        text=tree.text,
        holds=False,
        changes_at=turn.at,
        evidence=Evidence(asked="a contact that is known", to_flip=f"it is first known {known}"),
        note=turn.note(t),
        children=(tree,),
    )


def _explained(condition: Condition, subject: Subject, t: int) -> Explained:
    if isinstance(condition, Rewritten):
        return replace(_explained(condition.plain(), subject, t), text=condition.text())
    turn = condition.turn(subject, t)
    match condition:
        case AllOf(children) | AnyOf(children):
            inner = tuple(_explained(each, subject, t) for each in children)
            found = (_all if isinstance(condition, AllOf) else _any)(inner)
        case Not(child):
            inner = (_explained(child, subject, t),)
            found = Evidence(to_flip=inner[0].evidence.to_flip)
        case InSegment():
            inner = (_in_segment(condition, subject, t),)
            found = condition.evidence(subject, t, turn.text(t))
            found = replace(found, to_flip=_unless(inner[0].evidence, condition.at, t))
        case _:
            found = condition.evidence(subject, t, turn.text(t))
            inner, found = (), _with_others(condition, found, subject, t)
    return Explained(
        text=condition.text(),
        holds=condition.holds(subject, t),
        changes_at=turn.at,
        evidence=found,
        note=_note(condition, subject, t, turn),
        children=inner,
    )


def _with_others(condition: Condition, found: Evidence, subject: Subject, t: int) -> Evidence:
    """Return evidence with the keys of those with whom its things are popular, or not enough."""
    keys = {
        key
        for pattern, window in condition.patterns()
        if pattern.about is not None and pattern.about.popular is not None
        for thing in (
            [event.about for event in found.events] or pattern.unpopular(subject, t, window)
        )
        for key in pattern.about.popular.people(thing, t, subject)
    }
    return replace(found, others=tuple(sorted(keys))) if keys else found


def _few(condition: Condition, subject: Subject, t: int) -> str | None:
    """Say with how few others things are that the contact had to do with."""
    told = [
        f"{thing.kind.value.lower()} {words.quoted(thing.key)} has "
        f"{len(pattern.about.popular.people(thing, t, subject))} of "
        f"{words.counted(pattern.about.popular.at_least, 'such contact')}"
        for pattern, window in condition.patterns()
        if pattern.about is not None and pattern.about.popular is not None
        for thing in pattern.unpopular(subject, t, window)
    ]
    if not told:
        return None
    more = [f"{len(told) - _THINGS} more things have too few"] if len(told) > _THINGS else []
    return words.joined([*told[:_THINGS], *more], "and")


def _in_segment(condition: InSegment, subject: Subject, t: int) -> Explained:
    """Return the verdict of a segment's definition; at a given instant time does not turn it."""
    definition = subject.world.definition(condition.key)
    if condition.at is None:
        return _explained(definition, subject, t)  # pyright: ignore[reportArgumentType]
    return _settled(explained(definition, subject, condition.at))  # pyright: ignore[reportArgumentType]


def _settled(node: Explained) -> Explained:
    children = tuple(_settled(each) for each in node.children)
    evidence = replace(node.evidence, to_flip=None)
    return replace(node, changes_at=None, evidence=evidence, children=children)


def _unless(inner: Evidence, at: int | None, t: int) -> str | None:
    if at is None:
        return inner.to_flip
    if at > t:
        return "what happens up to that instant"
    return "only what is told late, of the time up to that instant"


def _all(inner: Sequence[Explained]) -> Evidence:
    """Return how many of them hold, and what would turn those that do not."""
    false = [each for each in inner if not each.holds]
    flip = _each_of(false) if false else _one_of(inner)
    return Evidence(len(inner) - len(false), f"all {len(inner)}", flip)


def _any(inner: Sequence[Explained]) -> Evidence:
    """Return how many of them hold, and what would turn those that do."""
    true = [each for each in inner if each.holds]
    flip = _each_of(true) if true else _one_of(inner)
    return Evidence(len(true), f"at least 1 of {len(inner)}", flip)


def _each_of(inner: Sequence[Explained]) -> str:
    """Return what turns all of some; nothing where it turns none of one."""
    flips = [each.evidence.to_flip or NOTHING for each in inner]
    never = [flip for flip in flips if flip.startswith(NOTHING)]
    return never[0] if never else "; and ".join(flips)


def _one_of(inner: Sequence[Explained]) -> str:
    """Return what turns any of some."""
    flips = [each.evidence.to_flip or NOTHING for each in inner]
    ways = [flip for flip in flips if not flip.startswith(NOTHING)]
    if len(ways) > 1:
        some = "these" if len(ways) == len(inner) else f"{len(ways)} of these"
        return f"any one of {some} {len(inner)}"
    return ways[0] if ways else flips[0]


def _note(condition: Condition, subject: Subject, t: int, turn: Turn) -> str | None:
    notes = (_withheld(condition, subject, t), _few(condition, subject, t), turn.note(t))
    return "; ".join(filter(None, notes)) or None


def _withheld(condition: Condition, subject: Subject, t: int) -> str | None:
    """Say which events do not count, or open no window, because a consent is withdrawn."""
    if not subject.consents:
        return None
    meant = (pattern.withheld(subject, t, window) for pattern, window in condition.patterns())
    opening = (part.withheld(subject, t) for part in inside(condition) if isinstance(part, OfFirst))
    withheld = {event.id: event.purpose or "" for events in (*meant, *opening) for event in events}
    if not withheld:
        return None
    purposes = Counter(withheld.values())
    told = [
        f"{words.counted(purposes[each], 'event')} recorded under {words.quoted(each)}"
        for each in sorted(purposes)
    ]
    verb = "does" if len(withheld) == 1 else "do"
    return f"{words.joined(told, 'and')} {verb} not count: that consent is withdrawn"
