"""The calendar window: whole days, weeks, months, quarters or years of a zone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, assert_never

from graph import errors, times
from graph.conditions.window import Bounds, Window, between
from graph.cypher.nodes import Leaf

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from graph.subject import Subject

CONTACT = "CONTACT"
"""The zone that is each contact's own."""

_BEGUN = times.milliseconds(dt.date.min)
"""When the calendar begins: nothing happened before."""
_WEEK = 7
_MONTHS = 12
_QUARTER = 3

ZONE_OF_CONTACT = Leaf(
    "CASE WHEN $told OR coalesce(contact._told <= $t, true) THEN contact.zone ELSE head(COLLECT { "
    "MATCH (contact)-[told:TRAIT_CHANGED]->(:Trait {name: 'zone'}) WHERE told.at <= $t "
    "RETURN told.value ORDER BY told.at DESC LIMIT 1 }) END"
)


class CalendarUnit(StrEnum):
    """A unit of the calendar.

    Attributes:
        DAY: A local day; 23 or 25 hours where the clock changes.
        WEEK: From Monday on.
        MONTH: From its first day on.
        QUARTER: From January, April, July or October on.
        YEAR: From 1 January on.
    """

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Calendar(Window):
    """The last whole days, weeks, months, quarters or years, with the current one if asked.

    Attributes:
        unit: What is counted.
        count: How many whole ones before the current one.
        zone: An IANA name, or CONTACT for the contact's own.
        current: Whether the current, unfinished one is in.
    """

    unit: CalendarUnit
    count: int
    zone: str = "UTC"
    current: bool = True

    def __post_init__(self) -> None:
        if self.count < 0:
            raise errors.BadInput(
                f"count is 0 or more, not {self.count}: 0 is the unfinished period alone", "count"
            )
        if not self.count and not self.current:
            raise errors.BadInput("Nothing is in this window: raise `count` or set `current`")
        check_zone(self.zone)

    def bounds(self, subject: Subject, t: int) -> Bounds | None:
        """Return the window at t in the contact's own or the named zone."""
        return self.in_zone(subject.zone(t) if self.zone == CONTACT else self.zone, t)

    def fixed(self, t: int) -> Bounds:
        """Return the window at t; of CONTACT one that holds every zone's."""
        if self.zone != CONTACT:
            return self.in_zone(self.zone, t)
        everywhere = _everywhere(self, t).values()
        return min(first for first, _ in everywhere), max(last for _, last in everywhere)

    def leaves(self, t: int) -> tuple[Leaf, ...]:
        """Return what holds of an event within it."""
        own = self.own(t)
        if own is None:
            return between(*self.fixed(t))
        # In a list's test, where the planner does not take it for bounds of the index on time.
        text = f"any(window IN [{own.text}] WHERE e.at >= window[0] AND e.at <= window[1])"
        return (*between(*self.fixed(t)), Leaf(text, own.values))

    def own(self, t: int) -> Leaf | None:
        """Return the window of CONTACT in the contact's own zone, as a list of two."""
        if self.zone != CONTACT:
            return None
        text = f"coalesce($windows[{ZONE_OF_CONTACT.text}], $windows.UTC)"
        return Leaf(text, {"windows": _everywhere(self, t)})

    def span(self, t: int) -> tuple[Leaf, Leaf]:
        """Return its first and last instant in Cypher, of CONTACT those of `window`."""
        if self.zone != CONTACT:
            return Window.span(self, t)
        return Leaf("window[0]"), Leaf("window[1]")

    def in_zone(self, zone: str, t: int) -> Bounds:
        """Return the window at t in a zone."""
        begun = first_day(times.local_date(t, zone), self.unit)
        opening = days_before(begun, self.unit, self.count)
        first = _BEGUN if opening is None else times.midnight(opening, zone)
        return first, t if self.current else times.midnight(begun, zone) - 1

    def edges(self, at: int, t: int, zone: str) -> Iterable[int]:
        """Return when the unit that holds the instant is over, and when the window passes it."""
        del t
        zone = zone if self.zone == CONTACT else self.zone
        begun = first_day(times.local_date(at, zone), self.unit)
        later = (days_after(begun, self.unit, count) for count in (1, self.count + 1))
        return at, *(times.midnight(day, zone) for day in later if day is not None)

    def text(self) -> str:
        """Return `in the last 3 months and the current one`."""
        zone = zone_text(self.zone)
        if not self.count:
            return f"in the current {self.unit} ({zone})"
        current = " and the current one" if self.current else ""
        whole = f"{self.count} whole " if self.count > 1 else "whole "
        plural = "s" if self.count > 1 else ""
        return f"in the last {whole}{self.unit}{plural}{current} ({zone})"


@lru_cache(maxsize=16)
def _everywhere(window: Calendar, t: int) -> Mapping[str, list[int]]:
    """Return the window in each zone; a statement asks for it several times at one instant."""
    return {zone: list(window.in_zone(zone, t)) for zone in sorted(times.zones())}


def zone_text(zone: str) -> str:
    """Return `Europe/Berlin time`, or `their own time` of each contact."""
    return "their own time" if zone == CONTACT else f"{zone} time"


def engine_zone(zone: str) -> Leaf:
    """Return the name of a zone, or of the contact's own, as the engine knows it."""
    if zone != CONTACT:
        return Leaf("$zone", {"zone": times.ENGINE_ZONES.get(zone, zone)})
    return Leaf(
        f"head([zone IN [coalesce({ZONE_OF_CONTACT.text}, 'UTC')] "
        "| coalesce($engine_zones[zone], zone)])",
        {"engine_zones": times.ENGINE_ZONES},
    )


def check_zone(zone: str) -> None:
    """Refuse a zone that is neither an IANA name nor CONTACT, at the path `zone`."""
    if zone == CONTACT:
        return
    try:
        times.read_zone(zone)
    except errors.BadInput as error:
        raise errors.BadInput(
            f"{error.message}, or CONTACT for the contact's own", "zone"
        ) from None


def first_day(day: dt.date, unit: CalendarUnit) -> dt.date:
    """Return the first day of the unit that holds a day."""
    match unit:
        case CalendarUnit.DAY:
            return day
        case CalendarUnit.WEEK:
            return dt.date.fromordinal(max(1, day.toordinal() - day.weekday()))
        case CalendarUnit.MONTH:
            return day.replace(day=1)
        case CalendarUnit.QUARTER:
            return day.replace(month=day.month - (day.month - 1) % _QUARTER, day=1)
        case CalendarUnit.YEAR:
            return day.replace(month=1, day=1)
        case _:
            assert_never(unit)


def days_after(day: dt.date, unit: CalendarUnit, count: int) -> dt.date | None:
    """Return the first day of the unit `count` units after; None where the calendar is over."""
    try:
        return days_before(day, unit, -count)
    except (OverflowError, ValueError):
        return None


def days_before(day: dt.date, unit: CalendarUnit, count: int) -> dt.date | None:
    """Return the first day of the unit `count` units before; None before the calendar began."""
    if unit in {CalendarUnit.DAY, CalendarUnit.WEEK}:
        length = _WEEK if unit is CalendarUnit.WEEK else 1
        ordinal = day.toordinal() - count * length
        return dt.date.fromordinal(ordinal) if ordinal >= 1 else None
    step = {CalendarUnit.MONTH: 1, CalendarUnit.QUARTER: _QUARTER}.get(unit, _MONTHS)
    year, month = divmod(day.year * _MONTHS + day.month - 1 - count * step, _MONTHS)
    return dt.date(year, month + 1, 1) if year >= 1 else None
