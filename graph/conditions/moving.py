"""Comparisons of an instant or a date with instants, given or moving with time."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from graph import errors, times, values
from graph.conditions import words
from graph.conditions.calendar import ZONE_OF_CONTACT
from graph.conditions.comparison import Comparison
from graph.conditions.order import bounding_day, compared, compares
from graph.conditions.shape import Duration, Instant
from graph.cypher.nodes import Leaf

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from graph.values import Scalar

_FEBRUARY, _LEAP_DAY = 2, 29


@dataclass(frozen=True, slots=True)
class Before(Comparison):
    """Earlier than an instant.

    Attributes:
        instant: The instant, itself out.
    """

    inline: ClassVar[bool] = True
    instant: Instant

    def meets(self, value: Scalar, t: int, zone: str) -> bool:
        """Tell whether the value is earlier."""
        del t, zone
        return compares(value, "lt", times.instant(self.instant))

    def test(self, t: int) -> Leaf:
        """Return the comparison."""
        del t
        return compared("lt", times.instant(self.instant))

    def text(self) -> str:
        """Return `is before 1 November 2026`."""
        return f"is before {words.instant(self.instant)}"


@dataclass(frozen=True, slots=True)
class After(Comparison):
    """Later than an instant.

    Attributes:
        instant: The instant, itself out.
    """

    inline: ClassVar[bool] = True
    instant: Instant

    def meets(self, value: Scalar, t: int, zone: str) -> bool:
        """Tell whether the value is later."""
        del t, zone
        return compares(value, "gt", times.instant(self.instant))

    def test(self, t: int) -> Leaf:
        """Return the comparison."""
        del t
        return compared("gt", times.instant(self.instant))

    def text(self) -> str:
        """Return `is after 1 November 2026`."""
        return f"is after {words.instant(self.instant)}"


class Moving(Comparison):
    """Within instants that move with time, the earlier out and the later in."""

    __slots__ = ()
    moving: ClassVar[bool] = True

    length: Duration

    def span(self, t: int) -> tuple[int, int]:
        """Return the first and the last instant at t, both in."""
        raise NotImplementedError

    def turns(self, value: Scalar, t: int, zone: str) -> Iterable[int]:
        """Return when the value gets in and out."""
        del t, zone
        at = times.milliseconds(value)  # pyright: ignore[reportArgumentType]
        return at - self.length, at, at + self.length

    def meets(self, value: Scalar, t: int, zone: str) -> bool:
        """Tell whether the value is a point in time within."""
        del zone
        if values.kind(value) is not values.Kind.TIME:
            return False
        first, last = self.span(t)
        return first <= times.milliseconds(value) <= last  # pyright: ignore[reportArgumentType]

    def test(self, t: int) -> Leaf:
        """Return both comparisons, for instants and for dates."""
        first, last = self.span(t)
        return Leaf(
            "value >= $first AND value <= $last OR value >= $first_day AND value <= $last_day",
            {
                "first": times.instant(first),
                "last": times.instant(last),
                "first_day": bounding_day("gte", first),
                "last_day": bounding_day("lte", last),
            },
        )


@dataclass(frozen=True, slots=True)
class InLast(Moving):
    """In the time that has just passed: `(t - length, t]`.

    Attributes:
        length: How long ago at most.
    """

    inline: ClassVar[bool] = True
    length: Duration

    def span(self, t: int) -> tuple[int, int]:
        """Return the time that has passed."""
        return t - self.length + 1, t

    def text(self) -> str:
        """Return `is in the last 7 days`."""
        return f"is in the last {words.passing(self.length)}"


@dataclass(frozen=True, slots=True)
class InNext(Moving):
    """In the time that comes: `(t, t + length]`.

    Attributes:
        length: How far ahead at most.
    """

    inline: ClassVar[bool] = True
    length: Duration

    def span(self, t: int) -> tuple[int, int]:
        """Return the time that comes."""
        return t + 1, t + self.length

    def text(self) -> str:
        """Return `is in the next 3 days`."""
        return f"is in the next {words.passing(self.length)}"


@dataclass(frozen=True, slots=True)
class AgoMoreThan(Comparison):
    """At least so long ago: up to and with `t - length`.

    Attributes:
        length: How long ago at least.
    """

    inline: ClassVar[bool] = True
    moving: ClassVar[bool] = True
    length: Duration

    def meets(self, value: Scalar, t: int, zone: str) -> bool:
        """Tell whether the value is a point in time that long ago."""
        del zone
        return compares(value, "lte", times.instant(t - self.length))

    def turns(self, value: Scalar, t: int, zone: str) -> Iterable[int]:
        """Return when the value is so long ago."""
        del t, zone
        return (times.milliseconds(value) + self.length,)  # pyright: ignore[reportArgumentType]

    def test(self, t: int) -> Leaf:
        """Return the comparison."""
        return compared("lte", times.instant(t - self.length))

    def text(self) -> str:
        """Return `is 30 days ago or earlier`."""
        return f"is {words.duration(self.length)} ago or earlier"


@dataclass(frozen=True, slots=True)
class AnniversaryInNext(Comparison):
    """Its month and day come within whole days from today, today and the last day in.

    Attributes:
        length: Whole days. Today is the local date in the contact's zone.
    """

    inline: ClassVar[bool] = True
    moving: ClassVar[bool] = True
    zoned: ClassVar[bool] = True
    length: Duration

    def __post_init__(self) -> None:
        if self.length % times.DAY:
            raise errors.BadInput(
                f"An anniversary is counted in whole days; {times.duration_text(self.length)} is "
                "none: use days such as P7D"
            )

    def meets(self, value: Scalar, t: int, zone: str) -> bool:
        """Tell whether the value is a point in time whose day comes again."""
        day = _day_of(value, zone)
        return day is not None and day in self._coming(times.local_date(t, zone))

    def test(self, t: int) -> Leaf:
        """Return the look-up of the month and day among those coming in the contact's zone."""
        # The days that come are many, and all zones together have two or three dates of today.
        today = {zone: times.local_date(t, zone) for zone in sorted(times.zones())}
        coming = {day.isoformat(): sorted(self._coming(day)) for day in sorted(set(today.values()))}
        # The contact's zone is found once: a planner takes long over a subquery that recurs.
        return Leaf(
            f"any(zone IN [coalesce({ZONE_OF_CONTACT.text}, 'UTC')] WHERE any(day IN ["
            "CASE WHEN value IS :: DATE NOT NULL THEN value "
            "WHEN value IS :: ZONED DATETIME NOT NULL THEN date(datetime("
            "{datetime: value, timezone: coalesce($engine_zones[zone], zone)})) END"
            "] WHERE day.month * 100 + day.day IN $coming[coalesce($today[zone], $today.UTC)]))",
            {
                "today": {zone: date.isoformat() for zone, date in today.items()},
                "coming": coming,
                "engine_zones": times.ENGINE_ZONES,
            },
        )

    def turns(self, value: Scalar, t: int, zone: str) -> Iterator[int]:
        """Yield the midnights at which an anniversary comes near, and is over."""
        day = _day_of(value, zone)
        if day is None:
            return
        days, today = self.length // times.DAY, times.local_date(t, zone)
        for year in range(today.year, today.year + 3 + days // 365):
            ordinal = _anniversary(day, year)
            for edge in (ordinal - days, ordinal + 1):
                if 1 <= edge <= _LAST_DAY:
                    yield times.midnight(dt.date.fromordinal(edge), zone)

    def _coming(self, today: dt.date) -> frozenset[int]:
        days = min(self.length // times.DAY, 366)
        ordinals = range(today.toordinal(), min(today.toordinal() + days, _LAST_DAY) + 1)
        coming = {_month_and_day(dt.date.fromordinal(ordinal)) for ordinal in ordinals}
        ordinary = any(
            day.month == _FEBRUARY and day.day == _LEAP_DAY - 1 and not calendar.isleap(day.year)
            for day in map(dt.date.fromordinal, ordinals)
        )
        return frozenset(coming | ({_FEBRUARY * 100 + _LEAP_DAY} if ordinary else set()))

    def text(self) -> str:
        """Return `has its anniversary in the next 7 days`."""
        return f"has its anniversary in the next {words.duration(self.length).removeprefix('1 ')}"


_LAST_DAY = dt.date.max.toordinal()


def _day_of(value: Scalar, zone: str) -> int | None:
    """Return month and day of a point in time, also of one whose local year no date has."""
    if isinstance(value, dt.datetime):
        return times.month_and_day(times.milliseconds(value), zone)
    return _month_and_day(value) if isinstance(value, dt.date) else None


def _anniversary(month_and_day: int, year: int) -> int:
    """Return the ordinal of a day's anniversary in a year, which the calendar may not reach."""
    if year > dt.MAXYEAR:
        return _LAST_DAY + 1
    month, day = divmod(month_and_day, 100)
    leap = (month, day) == (_FEBRUARY, _LEAP_DAY) and not calendar.isleap(year)
    return dt.date(year, month, _LEAP_DAY - 1 if leap else day).toordinal()


def _month_and_day(day: dt.date) -> int:
    return day.month * 100 + day.day
