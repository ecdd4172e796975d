"""`regular`: something was done in so many of the last periods."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from graph import errors, times
from graph.conditions import shape, words
from graph.conditions.base import Evidence
from graph.conditions.calendar import (
    CONTACT,
    Calendar,
    CalendarUnit,
    check_zone,
    engine_zone,
    first_day,
    zone_text,
)
from graph.conditions.did import did
from graph.conditions.grouping import piped_group
from graph.conditions.pattern import Pattern, Sliding, simplified
from graph.conditions.shape import Duration
from graph.conditions.sliding import Counts
from graph.conditions.window import Last
from graph.cypher.nodes import Leaf, Piped

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from graph.conditions.base import Condition, Scope
    from graph.conditions.sliding import Places
    from graph.conditions.window import Window
    from graph.cypher.nodes import Group, Predicate
    from graph.subject import Event, Subject

MOST_PERIODS: Final = 400


class Period(shape.OneOf):
    """How long a period is: exactly one of its choices."""

    __slots__ = ()

    def window(self, of: int) -> Window:
        """Return the window of so many periods up to now."""
        raise NotImplementedError

    def key(self, at: int, t: int, zone: str) -> Hashable:
        """Return what is equal for instants in the same period as seen from t."""
        raise NotImplementedError

    def passing(self, at: int, t: int, of: int) -> Iterable[int]:
        """Return when next after t it becomes another one, of so many, for an instant."""
        del at, t, of
        return ()

    def counted(self) -> Leaf:
        """Return the same of an event `e`."""
        raise NotImplementedError

    def last(self, number: int) -> str:
        """Return `the last 4 weeks (UTC time)`."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Rolling(Period):
    """Periods that roll back from now.

    Attributes:
        length: How long each is.
    """

    inline: ClassVar[bool] = True
    length: Duration

    def window(self, of: int) -> Window:
        """Return the window of so many periods up to now."""
        return Last(Duration(of * self.length))

    def key(self, at: int, t: int, zone: str) -> Hashable:
        """Return how many whole periods ago it was."""
        del zone
        return (t - at) // self.length

    def passing(self, at: int, t: int, of: int) -> Iterable[int]:
        """Return when one more period is over."""
        number = (t - at) // self.length + 1
        return (at + number * self.length,) if number < of else ()

    def counted(self) -> Leaf:
        """Return how many whole periods ago it was."""
        return Leaf("($t - e.at) / $length", {"length": self.length})

    def last(self, number: int) -> str:
        """Return `the last 4 periods of 7 days`, or `the last 7 days`."""
        if number == 1:
            return f"the last {words.passing(self.length)}"
        return f"the last {number} periods of {words.duration(self.length)}"


@dataclass(frozen=True, slots=True)
class CalendarPeriod(Period):
    """Periods of the calendar; the current, unfinished one is the first of them.

    Attributes:
        unit: Days, weeks from Monday, months, quarters or years.
        zone: An IANA name, or CONTACT for the contact's own.
    """

    unit: CalendarUnit
    zone: str = "UTC"

    def __post_init__(self) -> None:
        check_zone(self.zone)

    def window(self, of: int) -> Window:
        """Return the window of so many units, the current one among them."""
        return Calendar(self.unit, of - 1, self.zone)

    def key(self, at: int, t: int, zone: str) -> Hashable:
        """Return the first day of the unit."""
        del t
        return first_day(
            times.local_date(at, zone if self.zone == CONTACT else self.zone), self.unit
        )

    def counted(self) -> Leaf:
        """Return the first day of the unit."""
        zone = engine_zone(self.zone)
        return Leaf(
            "date.truncate($unit, datetime({epochMillis: e.at, timezone: " + zone.text + "}))",
            {"unit": self.unit.value, **zone.values},
        )

    def last(self, number: int) -> str:
        """Return `the last 4 weeks (UTC time)`."""
        return f"the last {words.several(number, str(self.unit))} ({zone_text(self.zone)})"


Period.choices = {"rolling": Rolling, "calendar": CalendarPeriod}


@dataclass(frozen=True, slots=True, kw_only=True)
class Regular(Sliding):
    """Such events happened in at least so many of the last periods.

    Attributes:
        event: The name of one kind of event.
        events: The names of several kinds; not beside `event`. Neither means any event.
        where: What the event's properties meet, all of one event.
        about: What the event was about.
        times: The least number of events that makes a period count.
        in_: The least number of periods that count.
        of: How many of the last periods are looked at.
        every: How long a period is.
    """

    times: int = 1
    in_: int
    of: int
    every: Period

    def __post_init__(self) -> None:
        Pattern.__post_init__(self)
        if self.times < 1:
            raise errors.BadInput(
                f"times is 1 or more, not {self.times}: leave it out for 1", "times"
            )
        if self.in_ < 1:
            raise errors.BadInput(
                f"in is 1 or more, not {self.in_}: for none of the periods, use `not`", "in"
            )
        if not 1 <= self.of <= MOST_PERIODS:
            raise errors.BadInput(
                f"of is from 1 to {MOST_PERIODS}, not {self.of}: longer periods need fewer of them",
                "of",
            )
        if self.in_ > self.of:
            raise errors.BadInput(
                f"in {self.in_} is more than of {self.of}: lower `in` or raise `of`", "in"
            )

    def holds(self, subject: Subject, t: int) -> bool:
        """Count the periods that have enough events."""
        return self._periods(subject, t) >= self.in_

    def needs(self) -> tuple[Condition, ...]:
        """Return that there are enough in all periods together."""
        return (did(self, self.every.window(self.of), self.times * self.in_),)

    def _periods(self, subject: Subject, t: int) -> int:
        return sum(1 for number in self._found(subject, t) if number >= self.times)

    def _found(self, subject: Subject, t: int) -> Iterable[int]:
        """Return the number of events in each period that has any."""
        zone = subject.zone(t)
        events = self.matches(subject, t, self.every.window(self.of))
        return Counter(self.every.key(event.at, t, zone) for event in events).values()

    def places(self, event: Event, t: int, *, subject: Subject, side: int) -> Places:
        """Return its period."""
        del side
        return (self.every.key(event.at, t, subject.zone(t)),)

    def passing(self, event: Event, t: int, *, zone: str) -> Iterable[int]:
        """Return when it passes from one period to the next."""
        del zone
        return self.every.passing(event.at, t, self.of)

    def tally(self, subject: Subject, t: int) -> Counts:
        """Count in each period."""
        del subject, t
        return Counts(lambda counts: counts.reaching[self.times] >= self.in_)

    def predicate(self, scope: Scope) -> Predicate:
        """Group the events by period and count the groups that are large enough."""
        period = self.every.counted()
        return Piped(
            self.found(scope, self.every.window(self.of)),
            (
                Leaf(f"WITH {period.text} AS period, count(e) AS times", period.values),
                Leaf("WHERE times >= $times", {"times": self.times}),
                Leaf("WITH count(period) AS periods WHERE periods >= $in", {"in": self.in_}),
            ),
        )

    def group(self, scope: Scope) -> Group | None:
        """Return the same pipe for the events of all."""
        return piped_group(self.predicate(scope))

    def patterns(self) -> tuple[tuple[Pattern, Window | None], ...]:
        """Return itself in the window of all the periods."""
        return ((self, self.every.window(self.of)),)

    def evidence(self, subject: Subject, t: int, by_time: str | None) -> Evidence:
        """Show the events, and in how many periods there are enough."""
        events = self.ordered(subject, t, self.every.window(self.of))
        number = self._periods(subject, t)
        asked = f"at least {self.in_} of {self.every.last(self.of)}"
        if self.of == 1:
            asked = f"the one period, {self.every.last(1)}"
        missing = self.in_ - number
        if missing <= 0:
            return Evidence(number, asked, by_time, tuple(events))
        more = self._more(missing, self._found(subject, t))
        return Evidence(number, asked, words.either(more, by_time), tuple(events))

    def _more(self, missing: int, found: Iterable[int]) -> str:
        """Return how many more events do, in the periods that lack the fewest."""
        begun = sorted((each for each in found if each < self.times), reverse=True)[:missing]
        more = self.more(missing * self.times - sum(begun))
        if self.of == 1:
            return f"{more} in {self.every.last(1)}"
        if self.times == 1:
            return f"{more}, {'' if missing == 1 else 'each '}in another of the periods"
        periods = f"{missing} more of the periods {'has' if missing == 1 else 'have'}"
        return f"{more}, so that {periods} at least {self.times}"

    def canonical(self) -> Condition:
        """Return it with its kinds in order."""
        return Regular(
            **simplified(self),  # pyright: ignore[reportArgumentType]
            times=self.times,
            in_=self.in_,
            of=self.of,
            every=self.every,
        )

    def text(self) -> str:
        """Return `opened an email in at least 3 of the last 4 weeks (UTC time)`."""
        return words.sequel(self.did_text(), self._periods_text())

    def untrue(self) -> str:
        """Return `opened an email in at most 2 of the last 4 weeks (UTC time)`."""
        if self.of == 1:
            return words.sequel(f"did not {self.do_text()}", self._periods_text())
        times_ = f"at least {words.often(self.times)} " if self.times > 1 else ""
        last = self.every.last(self.of)
        if self.in_ == 1:
            return words.sequel(f"did not {self.do_text()}", f"{times_}in any of {last}")
        each = "each of " if times_ else ""
        return words.sequel(self.did_text(), f"{times_}in {each}at most {self.in_ - 1} of {last}")

    def _periods_text(self) -> str:
        times_ = f"at least {words.often(self.times)}" if self.times > 1 else ""
        if self.of == 1:
            return f"{times_} in {self.every.last(1)}".lstrip()
        each = "each of " if times_ or self.in_ == self.of else ""
        some = "" if self.in_ == self.of else f"at least {self.in_} of "
        return f"{times_} in {each}{some}{self.every.last(self.of)}".lstrip()
