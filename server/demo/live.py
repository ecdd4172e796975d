"""How the story goes on after its year: events for any stretch of time, the same for any cut.

An hour decides by itself who comes and what they do; nothing is remembered between calls.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from graph.times import HOUR
from server.demo.chance import Mix, base36, dice, weighed
from server.demo.people import people
from server.demo.telling import Told
from server.demo.visits import HABITS

if TYPE_CHECKING:
    from server.demo.telling import Line

_VISITS: Final = 520
_BY_NIGHT: Final = (0.85, 0.8, 0.75, 0.75, 0.75, 0.8)
_BY_DAY: Final = (0.9, 1.1, 1.3, 1.4, 1.4, 1.3, 1.2, 1.3, 1.4, 1.4, 1.3, 1.2)
_BUSY: Final = (*_BY_NIGHT, *_BY_DAY, 1.1, 1.1, 1.0, 0.95, 0.9, 0.85)


def events_between(start: int, end: int, seed: int = 1) -> list[Line]:
    """Return the events after `start` up to and with `end`, in order of time."""
    # A visit lasts less than an hour, so the hour before may still have something to tell.
    hours = range(start // HOUR - 1, end // HOUR + 1) if start < end else ()
    acts = [act for hour in hours for act in _hour(hour, seed) if start < act.told.at <= end]
    acts.sort(key=lambda act: (act.told.at, act.number))
    return [act.told.line(act.contact, act.number) for act in acts]


@dataclass(frozen=True, slots=True)
class _Act:
    told: Told
    contact: str
    number: str


@lru_cache(maxsize=6)
def _hour(hour: int, seed: int) -> tuple[_Act, ...]:
    """Return the events of the visits that begin in an hour, counted since 1970."""
    roll = dice(seed, "hour", hour)
    everybody, crowd = people(seed), _crowd(seed)
    found: list[_Act] = []
    for _ in range(round(_VISITS * _BUSY[hour % 24])):
        person = everybody[crowd.draw(roll)]
        start = hour * HOUR + roll.randrange(HOUR)
        for told in HABITS[person.persona].draw(roll)(roll, person, start):
            if told.at < start + HOUR:
                number = f"v{base36(hour)}-{base36(len(found))}"
                found.append(_Act(told, person.key, number))
    return tuple(found)


@lru_cache(maxsize=4)
def _crowd(seed: int) -> Mix[int]:
    """Return the numbers of those who still come; planted contacts are never among them."""
    # The root evens the pull out: an hour is to show many faces.
    return weighed({person.number: person.pull**0.5 for person in people(seed) if not person.gone})
