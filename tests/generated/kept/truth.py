"""What plain Python says of all that was told: who is in which segment, and when that turns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from graph import times
from graph.conditions import read
from graph.segmentation import SKEW
from graph.subject import NEVER
from tests import worlds
from tests.generated.kept.telling import Line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from graph.conditions import Condition
    from graph.segmentation import Told
    from graph.subject import Subject

AHEAD: Final = 400 * times.DAY
"""How far ahead it is looked for turns."""


@dataclass(frozen=True, slots=True, order=True)
class Turn:
    """A contact comes into a segment, or leaves it, at an instant."""

    at: int
    segment: str
    contact: str
    entered: bool


@dataclass(slots=True)
class Truth:
    """All lines that were taken, in their order, and the definitions that are saved."""

    lines: list[Line] = field(default_factory=list["Line"])
    saved: dict[str, object] = field(default_factory=dict[str, object])
    archived: set[str] = field(default_factory=set[str])

    def take(self, lines: Sequence[Line], told: Told) -> None:
        """Take in what was told, but for what was refused."""
        refused = {each.index for each in told.rejected}
        for index, line in enumerate(lines):
            if index in refused:
                continue
            if line["type"] != "segment":
                self.lines.append(line)
                continue
            self.saved[str(line["key"])] = line["where"]
            self.archived -= {str(line["key"])}

    def delete(self, label: str, key: str) -> None:
        """Forget a contact or a content, with the events of it or about it."""
        if label == "Contact":
            its = ({"type": "contact", "key": key}, {"contact": key})
        else:
            its = ({"type": "content", "key": key},)
        about = {"content": key} if label == "Content" else {}
        self.lines = [
            _only_there(line) if about and line.get("about") == about else line
            for line in self.lines
            if not any(each.items() <= line.items() for each in its)
        ]

    def events(self) -> list[Line]:
        """Return the events that were told."""
        return [each for each in self.lines if each["type"] == "event"]

    @property
    def live(self) -> dict[str, Condition]:
        """The definitions whose members are kept, as they were told."""
        return {key: read(raw) for key, raw in self.saved.items() if key not in self.archived}

    def people(self, now: int) -> list[Subject]:
        """Return all contacts as they are known at an instant."""
        known = {key: read(raw).canonical() for key, raw in self.saved.items()}
        return worlds.subjects(self.lines, now + SKEW, known)

    def turns(self, after: int, upto: int) -> Iterator[Turn]:
        """Yield all that time alone turns after an instant, up to and with another."""
        people = self.people(upto)
        for key, condition in self.live.items():
            for subject in people:
                yield from _turns(key, condition, subject, after, upto)

    def next(self, now: int) -> int:
        """Return when time alone turns something next; NEVER where it does not in a year or so."""
        people = self.people(now)
        return min(
            (next_turn(each, subject, now) for each in self.live.values() for subject in people),
            default=NEVER,
        )


def _only_there(event: Line) -> Line:
    """Return what is left of an event when its thing is gone: that its contact was there."""
    return {"type": "contact", "key": event["contact"], "at": event["at"]}


def is_member(condition: Condition, subject: Subject, t: int) -> bool:
    """Tell whether a contact is there at an instant and meets a definition."""
    return subject.since <= t and condition.holds(subject, t)


def next_turn(condition: Condition, subject: Subject, t: int, upto: int | None = None) -> int:
    """Return when next a contact comes in or leaves if nothing happens; NEVER if not by then."""
    last = t + AHEAD if upto is None else upto
    verdict, canonical, at = is_member(condition, subject, t), condition.canonical(), t
    while at <= last:
        at = subject.since if at < subject.since else canonical.valid_until(subject, at)
        if at <= last and is_member(condition, subject, at) is not verdict:
            return at
    return NEVER


def _turns(
    segment: str, condition: Condition, subject: Subject, after: int, upto: int
) -> Iterator[Turn]:
    at = after
    while (at := next_turn(condition, subject, at, upto)) <= upto:
        yield Turn(at, segment, subject.key, is_member(condition, subject, at))
