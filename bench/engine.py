"""`engine`: what keeping segments costs without a graph, by the number of definitions."""

from __future__ import annotations

import heapq
import itertools
import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bench import measure
from graph import conditions, times
from graph.catalogue import Saved
from graph.changes import Cause
from graph.model import ThingKind
from graph.subject import Event, Subject, Thing
from graph.upkeep.applied import News
from graph.upkeep.asked import awaiting, turned
from graph.upkeep.judge import Judged
from graph.upkeep.people import Person
from graph.upkeep.rules import Rules

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable, Mapping, Sequence

START: Final = times.read_instant("2026-07-01T00:00:00Z")
SPAN: Final = 90 * times.DAY
KINDS: Final = 50
VALUES: Final = 200
NUMBERS: Final = (1, 2, 3, 5)
DAYS: Final = (1, 7, 30, 90)
BATCH: Final = 500
CONTROL: Final = 500
TARGETS: Final = {1_000: 120_000.0, 10_000: 60_000.0}
MORE: Final = {"definitions": 2.0, "contacts": 1.1}
_PAGE: Final = Thing(ThingKind.CONTENT, "page")


class Skewed:
    """Numbers below another: the first twice as often as the second, three times the third."""

    def __init__(self, chance: random.Random, number: int) -> None:
        self._chance, self._numbers = chance, range(number)
        self._weights = list(itertools.accumulate(1 / (each + 1) for each in self._numbers))

    def __call__(self) -> int:
        """Return one."""
        return self._chance.choices(self._numbers, cum_weights=self._weights)[0]


def catalogue(definitions: int) -> dict[str, Saved]:
    """Return segments that each ask so many of a kind, most with a property, in so many days."""
    chance = random.Random(1)  # noqa: S311 - no secret
    kinds, values = Skewed(chance, KINDS), Skewed(chance, VALUES)
    found: dict[str, Saved] = {}
    for number in range(definitions):
        did: dict[str, object] = {
            "event": f"Kind {kinds()}",
            "atLeast": chance.choice(NUMBERS),
            "within": {"last": f"P{chance.choice(DAYS)}D"},
            "where": [{"property": "name", "is": {"eq": f"value {values()}"}}],
        }
        condition = conditions.read({"did": did}).canonical()
        key = f"s{number}"
        found[key] = Saved(key, key, None, condition, 1, 0, filled=None)
    return found


def told(events: int, contacts: int) -> Iterable[tuple[str, Event]]:
    """Yield events in order of time, each with its contact."""
    chance = random.Random(2)  # noqa: S311 - no secret
    kinds, values = Skewed(chance, KINDS), Skewed(chance, VALUES)
    for number in range(events):
        at = START + SPAN * number // events
        properties = {"name": f"value {values()}"}
        kind = f"Kind {kinds()}"
        yield f"c{chance.randrange(contacts)}", Event(str(number), kind, at, _PAGE, properties)


@dataclass(slots=True)
class Engine:
    """Contacts as they are kept in memory, judged as batches of events and instants come."""

    rules: Rules
    people: dict[str, Person]
    due: list[tuple[int, str]]
    changes: int = 0

    def take(self, batch: Sequence[tuple[str, Event]]) -> None:
        """Judge whoever is due, then whoever did something."""
        now = batch[-1][1].at
        judged = Judged(now, 0, self.rules.watch)
        while self.due and self.due[0][0] <= now:
            _, key = heapq.heappop(self.due)
            person = self.people[key]
            while (t := person.next_turn()) is not None and t <= now:
                judged.look(person, awaiting(person, self.rules, t), t, Cause.TIME)
                person.passed(t)
            judged.rearm(person)
        for key, event in batch:
            person = self.people.get(key)
            new = person is None
            if person is None:
                person = self.people[key] = Person(Subject(key, event.at))
            asked = turned(person, self.rules, News(), (event,), now, new=new)
            judged.look(person, asked, now, Cause.EVENT, (event.at,))
            judged.rearm(person)
        for key, due in judged.dues.items():
            if due is not None:
                heapq.heappush(self.due, (due, key))
        self.changes += len(judged.changes)


async def run(options: Namespace) -> None:
    """Print events a second of one core, and beside it those of judging each definition anew."""
    rows: list[list[object]] = []
    rates: dict[tuple[int, int], float] = {}
    cases = [(100, 100_000), (1_000, 100_000), (10_000, 100_000), (1_000, 1_000_000)]
    for definitions, contacts in cases:
        rules = Rules().following(catalogue(definitions))
        batches = _batches(told(options.events, contacts))
        engine = Engine(rules, {}, [])
        begun = time.process_time()
        for batch in batches:
            engine.take(batch)
        rate = rates[definitions, contacts] = options.events / (time.process_time() - begun)
        target = TARGETS.get(definitions) if contacts < 1_000_000 else None
        held = "" if target is None else measure.verdict(rate, target, most=False)
        anew = _anew(engine, rules)
        rows.append(
            [
                f"{definitions:,}",
                f"{contacts:,}",
                f"{engine.changes:,}",
                f"{rate:,.0f}",
                f"{anew:,.0f}",
                held,
            ]
        )
    head = (
        "definitions",
        "contacts",
        "changes",
        "events/s of a core",
        "judging each anew, events/s of a core",
        "",
    )
    measure.table(head, rows)
    measure.table(("ten times as many", "cost an event", "target"), _grown(rates))


def _grown(rates: Mapping[tuple[int, int], float]) -> list[list[object]]:
    """Return what ten times as many definitions, and contacts, make of the cost of an event."""
    few = rates[1_000, 100_000]
    ratios = {
        "definitions": few / rates[10_000, 100_000],
        "contacts": few / rates[1_000, 1_000_000],
    }
    return [
        [what, f"{ratio:.2f}", measure.verdict(ratio, MORE[what], most=True)]
        for what, ratio in ratios.items()
    ]


def _batches(events: Iterable[tuple[str, Event]]) -> list[list[tuple[str, Event]]]:
    left = iter(events)
    return list(iter(lambda: list(itertools.islice(left, BATCH)), []))


def _anew(engine: Engine, rules: Rules) -> float:
    """Return how many events a second could be told if each asked all definitions of a contact."""
    people = itertools.islice(
        itertools.cycle(engine.people.values()), max(5, CONTROL // len(rules.by_key))
    )
    begun, number = time.process_time(), 0
    for person in people:
        for rule in rules:
            rule.judge(person.subject, START + SPAN)
        number += 1
    return number / (time.process_time() - begun)
