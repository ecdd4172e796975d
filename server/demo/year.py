"""A year in the life of everybody, as lines of traits and of events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graph.times import DAY
from server.demo.chance import dice, happens
from server.demo.people import CUSTOMERS, people
from server.demo.plans import Change, began, path
from server.demo.rhythm import moment
from server.demo.telling import Line, Told, contact_line
from server.demo.visits import HABITS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from server.demo.people import Person

YEAR: Final = 365 * DAY
EVENTS: Final = 44_400

_EARLY: Final = 12 * DAY
_LIFECYCLES: Final = {"visitor": "stranger", "reader": "subscriber"}


def contacts(now: int, seed: int) -> Iterator[Line]:
    """Yield the lines of all contacts that nobody planted, each with its changes behind it."""
    for person in people(seed):
        created = now - person.age
        yield contact_line(person.key, _at_first(person), created, created, person.accounts)
        for change in _changes(now, seed, person):
            yield contact_line(person.key, change.traits, change.at, created)


def events(now: int, seed: int) -> Iterator[tuple[int, Line]]:
    """Yield what everybody did in the year up to `now`, with its instant."""
    everybody = people(seed)
    share = EVENTS / sum(person.pull for person in everybody)
    for person in everybody:
        diary = _diary(now, seed, person, 1 + round(person.pull * share))
        happened = (told for told in diary if now - YEAR < told.at <= now)
        ordered = sorted(happened, key=lambda told: told.at)
        for number, told in enumerate(ordered, 1):
            yield told.at, told.line(person.key, f"{person.number}-{number}")


def _at_first(person: Person) -> dict[str, object]:
    traits = {**person.traits, "lifecycle": _LIFECYCLES.get(person.persona, "lead")}
    return traits | {"plan": "free"} if person.persona in CUSTOMERS else traits


def _changes(now: int, seed: int, person: Person) -> Iterator[Change]:
    steps = path(_path_dice(seed, person), person, now - person.age, now)
    yield from (step for step in steps if isinstance(step, Change) and step.at <= now)
    roll = dice(seed, "moods", person.number)
    if person.persona in CUSTOMERS and happens(roll, 0.25):
        at = now - int(person.age * roll.uniform(0.05, 0.7))
        yield Change(at, {"score": round(roll.betavariate(3, 3) * 100, 1)})


def _path_dice(seed: int, person: Person) -> Random:
    return dice(seed, "path", person.number)


def _diary(now: int, seed: int, person: Person, length: int) -> list[Told]:
    """Return about `length` things that a person did, in no order."""
    roll = dice(seed, "year", person.number)
    created = now - person.age
    start, end = max(created, now - YEAR), now - person.gone
    told: list[Told] = []
    if person.persona in CUSTOMERS:
        steps = path(_path_dice(seed, person), person, created, now)
        told += [step for step in steps if isinstance(step, Told)]
        told += began(roll, person, created)
    if end <= start:
        return told
    habits = HABITS[person.persona]
    while len(told) < length:
        early = created == start and happens(roll, 0.15)
        at = moment(roll, person.zone, start, min(end, start + _EARLY) if early else end)
        told += habits.draw(roll)(roll, person, at)
    return told
