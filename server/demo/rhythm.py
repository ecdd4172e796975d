"""When people do things: by day more than by night, on weekdays more than at the weekend."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from graph.times import HOUR, milliseconds
from server.demo.chance import happens, weighed

if TYPE_CHECKING:
    from random import Random

_WEEKEND: Final = 5
_AT_WEEKENDS: Final = 0.35
_TRIES: Final = 8
_HOURS: Final = weighed(
    dict(
        enumerate(
            (2, 1, 1, 1, 1, 2, 5, 12, 30, 52, 60, 50, 32, 40, 56, 52, 44, 34, 24, 22, 22, 18, 10, 5)
        )
    )
)


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def local(at: int, zone: str) -> dt.datetime:
    """Return an instant as the clocks of a zone show it."""
    return dt.datetime.fromtimestamp(at / 1000, _zone(zone))


def moment(roll: Random, zone: str, start: int, end: int) -> int:
    """Return an instant from `start` up to `end` at which somebody in a zone may well be busy."""
    for _ in range(_TRIES):
        day = local(int(roll.uniform(start, end)), zone)
        if day.weekday() >= _WEEKEND and not happens(roll, _AT_WEEKENDS):
            continue
        busy = day.replace(hour=_HOURS.draw(roll), minute=0, second=0, microsecond=0)
        at = milliseconds(busy.astimezone(dt.UTC)) + int(roll.random() * HOUR)
        if start <= at <= end:
            return at
    return int(roll.uniform(start, end))
