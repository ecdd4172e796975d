"""Instants that matter to a definition in a world: where windows open and close, days begin."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final, cast

from graph import errors, times
from graph.conditions.calendar import CalendarUnit, days_before, first_day
from tests.generated import histories, pools

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random


_ENDS: Final = (times.read_instant(pools.INSTANTS[-2]), times.read_instant(pools.INSTANTS[-1]))
_TICKS: Final = (-1, 0, 0, 1)


def edges(chance: Random, definition: object, number: int) -> list[int]:
    """Return so many instants, most of them a tick around an edge of the definition."""
    moved = [0, *lengths(definition)]
    return sorted({_edge(chance, moved) for _ in range(number)})


def _edge(chance: Random, moved: list[int]) -> int:
    drawn = chance.random()
    if drawn < 0.1:
        return histories.NOW
    if drawn < 0.13:
        return chance.choice(_ENDS)
    at = histories.instant(chance)
    if drawn < 0.3:
        at = _begun(chance, at)
    return at + chance.choice(moved) + chance.choice(_TICKS)


def _begun(chance: Random, at: int) -> int:
    """Return when a day, week, month, quarter or year began somewhere, near an instant."""
    zone, unit = chance.choice(pools.ZONES), chance.choice(list(CalendarUnit))
    begun = first_day(times.local_date(at, zone), unit)
    before = days_before(begun, unit, chance.choice((0, 1, -1, 2)))
    return times.midnight(before or dt.date.min, zone)


def lengths(raw: object) -> Iterator[int]:
    """Yield every duration in a definition, there and back."""
    match raw:
        case dict():
            for each in cast("dict[str, object]", raw).values():
                yield from lengths(each)
        case list():
            for each in cast("list[object]", raw):
                yield from lengths(each)
        case str():
            try:
                length = times.read_duration(raw)
            except errors.BadInput:
                return
            yield from (length, -length)
        case _:
            return
