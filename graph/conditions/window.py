"""Windows of time. Each is a first and a last instant, both in, in whole milliseconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from graph import errors, times, values
from graph.conditions import shape, words
from graph.conditions.shape import Duration, Instant
from graph.cypher.nodes import Leaf

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from graph.subject import Event, Subject

BEGINNING = -(2**62)
"""An instant before all others."""

Bounds = tuple[int, int]


class Window(shape.OneOf):
    """When the events happened: exactly one of its choices."""

    __slots__ = ()

    def bounds(self, subject: Subject, t: int) -> Bounds | None:
        """Return its first and last instant for a contact at t; None where it is empty."""
        del subject
        return self.fixed(t)

    def fixed(self, t: int) -> Bounds:
        """Return bounds that hold any contact's window at t."""
        raise NotImplementedError

    def leaves(self, t: int) -> tuple[Leaf, ...]:
        """Return what holds of an event `e` within it."""
        first, last = self.fixed(t)
        return between(first, last)

    def opened_by(self) -> str | None:
        """Return the kind of event whose first of the contact opens it."""
        return None

    def edges(self, at: int, t: int, zone: str) -> Iterable[int]:
        """Return the instants at which time alone lets an instant in or out of the window at t."""
        raise NotImplementedError

    def closes(self, subject: Subject, t: int) -> int | None:
        """Return when it lets in no more; None where that moves on with time."""
        del subject, t
        return None

    def own(self, t: int) -> Leaf | None:
        """Return, where it is another for each contact, the list that `span` calls `window`."""
        del t

    def span(self, t: int) -> tuple[Leaf, Leaf]:
        """Return its first and last instant in Cypher."""
        first, last = self.fixed(t)
        return Leaf("$first", {"first": first}), Leaf("$last", {"last": last})

    def text(self) -> str:
        """Return it in English: `in the last 14 days`."""
        raise NotImplementedError


def between(first: int, last: int) -> tuple[Leaf, ...]:
    """Return that an event `e` happened from one instant to another."""
    until = Leaf("e.at <= $until", {"until": last})
    if first <= BEGINNING:
        return (until,)
    return (Leaf("e.at >= $since", {"since": first}), until)


@dataclass(frozen=True, slots=True)
class Last(Window):
    """The time that has just passed: `(t - length, t]`.

    Attributes:
        length: How long it is.
    """

    inline: ClassVar[bool] = True
    length: Duration

    def fixed(self, t: int) -> Bounds:
        """Return the window at t."""
        return t - self.length + 1, t

    def edges(self, at: int, t: int, zone: str) -> Iterable[int]:
        """Return when the instant comes and when it is so long ago."""
        del t, zone
        return at, at + self.length

    def text(self) -> str:
        """Return `in the last 14 days`."""
        return f"in the last {words.passing(self.length)}"


@dataclass(frozen=True, slots=True)
class Ago(Window):
    """From longer ago to less long ago: `(t - from, t - to]`.

    Attributes:
        to: How long ago it ended.
        from_: How long ago it began; everything before, where absent.
    """

    to: Duration
    from_: Duration | None = None

    def __post_init__(self) -> None:
        if self.from_ is not None and self.from_ <= self.to:
            raise errors.BadInput(
                f"`from` is longer ago than `to`: {times.duration_text(self.from_)} is not longer "
                f"than {times.duration_text(self.to)}",
                "from",
            )

    def fixed(self, t: int) -> Bounds:
        """Return the window at t."""
        return BEGINNING if self.from_ is None else t - self.from_ + 1, t - self.to

    def edges(self, at: int, t: int, zone: str) -> Iterable[int]:
        """Return when the instant is as long ago as each end."""
        del t, zone
        return (at + self.to,) if self.from_ is None else (at + self.to, at + self.from_)

    def text(self) -> str:
        """Return `between 60 and 30 days ago`."""
        if self.from_ is None:
            return f"{words.duration(self.to)} ago or earlier"
        longer, shorter = words.duration(self.from_), words.duration(self.to)
        number, _, unit = longer.partition(" ")
        if shorter.partition(" ")[2] == unit and " " not in unit:
            return f"between {number} and {shorter} ago"
        return f"from {longer} ago to {shorter} ago"


@dataclass(frozen=True, slots=True)
class Since(Window):
    """From an instant on: `[since, t]`.

    Attributes:
        instant: When it begins.
    """

    inline: ClassVar[bool] = True
    instant: Instant

    def fixed(self, t: int) -> Bounds:
        """Return the window at t."""
        return self.instant, t

    def edges(self, at: int, t: int, zone: str) -> Iterable[int]:
        """Return when the instant comes, and when the window begins."""
        del t, zone
        return at, self.instant

    def text(self) -> str:
        """Return `since 1 November 2026`."""
        return f"since {words.instant(self.instant)}"


@dataclass(frozen=True, slots=True)
class Span(Window):
    """From one instant to just before another, cut at t: `[from, to)`.

    Attributes:
        from_: When it begins.
        to: When it is over.
    """

    from_: Instant
    to: Instant

    def __post_init__(self) -> None:
        if self.from_ >= self.to:
            raise errors.BadInput(
                f"`from` is before `to`: {times.instant_text(self.from_)} is not before "
                f"{times.instant_text(self.to)}",
                "from",
            )

    def fixed(self, t: int) -> Bounds:
        """Return the window at t."""
        return self.from_, min(self.to - 1, t)

    def edges(self, at: int, t: int, zone: str) -> Iterable[int]:
        """Return when the instant comes, and when the window begins."""
        del t, zone
        return at, self.from_

    def closes(self, subject: Subject, t: int) -> int | None:
        """Return when it is over."""
        del subject, t
        return self.to

    def text(self) -> str:
        """Return `from 1 November 2026 to 1 December 2026`."""
        return f"from {words.instant(self.from_)} to {words.instant(self.to)}"


@dataclass(frozen=True, slots=True)
class OfFirst(Window):
    """The time after the contact's own first event of a kind: `[first, first + within]`.

    Attributes:
        event: The kind of event whose first opens it.
        within: How long it stays open.
    """

    event: str
    within: Duration

    def __post_init__(self) -> None:
        with errors.under("event"):
            values.name(self.event, "name of an event")

    def bounds(self, subject: Subject, t: int) -> Bounds | None:
        """Return the window of a contact; None where there is no such event up to t."""
        events = subject.history.between((self.event,), BEGINNING, t)
        event = next((each for each in events if subject.counts(each, t)), None)
        return None if event is None else (event.at, min(event.at + self.within, t))

    def withheld(self, subject: Subject, t: int) -> Iterator[Event]:
        """Yield those that would open it, or open it sooner, but for a withdrawn consent."""
        for event in subject.history.between((self.event,), BEGINNING, t):
            if subject.counts(event, t):
                return
            yield event

    def fixed(self, t: int) -> Bounds:
        """Return all of the past."""
        return BEGINNING, t

    def leaves(self, t: int) -> tuple[Leaf, ...]:
        """Return what holds of an event between `start` and its end."""
        del t
        return (
            Leaf("e.at >= start"),
            Leaf("e.at <= start + $within", {"within": self.within}),
            Leaf("e.at <= $t"),
        )

    def closes(self, subject: Subject, t: int) -> int | None:
        """Return when so much time is over since the first; None where there is none."""
        bounds = self.bounds(subject, t)
        return None if bounds is None else bounds[0] + self.within

    def opened_by(self) -> str | None:
        """Return the kind that opens it."""
        return self.event

    def edges(self, at: int, t: int, zone: str) -> Iterable[int]:
        """Return when the instant comes."""
        del t, zone
        return (at,)

    def span(self, t: int) -> tuple[Leaf, Leaf]:
        """Return `start`, the first such event's instant, and the end after it."""
        del t
        last = "CASE WHEN start + $within < $t THEN start + $within ELSE $t END"
        return Leaf("start"), Leaf(last, {"within": self.within})

    def text(self) -> str:
        """Return `within 7 days of the first “Feature Used”`."""
        return f"within {words.duration(self.within)} of the first {words.quoted(self.event)}"
