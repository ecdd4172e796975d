"""`evaluate` and `compile`: the ready segments over one contact in Python, and into Cypher."""

from __future__ import annotations

import itertools
import random
import time
from typing import TYPE_CHECKING, Final

from bench import measure
from graph import conditions, times
from graph.compiler import compiled
from graph.cypher import queries
from graph.estimates import Facts, KindFacts
from graph.model import ThingKind
from graph.subject import Account, Decided, Decision, Event, History, Subject, Telling, Thing
from graph.values import Location
from server.library import library

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Mapping, Sequence

    from graph.conditions import Condition

T: Final = times.read_instant("2026-10-01T12:00:00Z")
EVENTS: Final = 100
EVALUATED: Final = 50.0
COMPILED: Final = 1.0
_LEAVES: Final = 50
_PEOPLE: Final = 8
_ACTS: Final = (
    ("Page Viewed", ThingKind.CONTENT, 25),
    ("Content Viewed", ThingKind.CONTENT, 10),
    ("Content Clicked", ThingKind.CONTENT, 10),
    ("Email Opened", ThingKind.CAMPAIGN, 12),
    ("Email Link Clicked", ThingKind.CAMPAIGN, 4),
    ("Logged In", ThingKind.SOURCE, 12),
    ("Feature Used", ThingKind.FEATURE, 12),
    ("Product Viewed", ThingKind.PRODUCT, 6),
    ("Product Purchased", ThingKind.PRODUCT, 3),
    ("Order Completed", ThingKind.SOURCE, 3),
    ("Cart Created", ThingKind.SOURCE, 2),
    ("Subscription Changed", ThingKind.SOURCE, 1),
)


class Together:
    """The world of contacts of one account, who all look at the same things."""

    def __init__(self, segments: Mapping[str, Condition]) -> None:
        self.people: list[Subject] = []
        self._segments = segments

    def contacts_of(self, account: str) -> Sequence[Subject]:
        """Return all of them."""
        del account
        return self.people

    def audience_of(self, thing: Thing) -> Sequence[Subject]:
        """Return those with an event about a thing."""
        return [
            each
            for each in self.people
            if any(event.about == thing for event in each.history.events)
        ]

    def parents(self, label: str) -> Mapping[str, str | None]:
        """Return one tree of categories."""
        return {"clothing": None, "garden": None} if label == "Category" else {}

    def definition(self, segment: str) -> Condition:
        """Return the definition of a ready segment."""
        return self._segments[segment]


def ready_segments() -> dict[str, Condition]:
    """Return the ready segments as they are kept: in their canonical form."""
    return {key: conditions.read(each.definition()).canonical() for key, each in library().items()}


async def evaluate(options: Namespace) -> None:
    """Print how long each ready segment takes over one contact's events."""
    segments = ready_segments()
    people = _people(segments)
    rows: list[list[object]] = []
    for key, condition in segments.items():
        holds = _spread(lambda each=condition: [each.holds(who, T) for who in people], options)
        until = _spread(
            lambda each=condition: [each.valid_until(who, T) for who in people], options
        )
        rows.append([key, f"{holds.median:.1f}", holds.text(), until.text()])
    middle = measure.Spread(tuple(float(str(row[1])) for row in rows))
    target = measure.verdict(middle.median, EVALUATED, most=True)
    rows.append(["**the middle one**", f"{middle.median:.1f}", middle.text(), target])
    measure.table(("segment", "µs a contact", "least / middle / most", "valid until, µs"), rows)


def _spread(work: Callable[[], object], options: Namespace) -> measure.Spread:
    """Return microseconds for each of the contacts."""
    work()
    spent: list[float] = []
    for _ in range(10 * options.rounds):
        begun = time.perf_counter()
        work()
        spent.append((time.perf_counter() - begun) * 1e6 / _PEOPLE)
    return measure.Spread(tuple(spent))


async def compile_(options: Namespace) -> None:
    """Print how long it takes to compile 50 leaves."""
    whole = conditions.read({"all": [_leaf(number) for number in range(_LEAVES)]}).canonical()
    kinds = {
        name: KindFacts(name.upper().replace(" ", "_"), 10_000, T - 300 * times.DAY, T)
        for name, _, _ in _ACTS
    }
    facts = Facts(kinds, 20_000, 500)
    rows: list[list[object]] = []
    asked = {"count": queries.Count(), "page of 20": queries.Page(21, "")}
    for name, each in asked.items():
        spent: list[float] = []
        for _ in range(30 * options.rounds):
            begun = time.perf_counter()
            compiled(whole, each, T, facts)
            spent.append((time.perf_counter() - begun) * 1000)
        spread = measure.Spread(tuple(spent))
        target = measure.verdict(spread.median, COMPILED, most=True)
        rows.append([name, f"{spread.median:.2f}", spread.text(2), target])
    measure.table(("50 leaves", "ms", "least / middle / most", "target"), rows)


def _leaf(number: int) -> dict[str, object]:
    name = _ACTS[number % len(_ACTS)][0]
    within = {"last": f"P{number + 1}D"}
    match number % 4:
        case 0:
            return {"trait": {"name": f"trait-{number}", "is": {"eq": number}}}
        case 1:
            where = [{"property": "type", "is": {"eq": "sales"}}]
            return {"not": {"did": {"event": name, "where": where, "within": within}}}
        case 2:
            about = {"content": {"topic": f"topic-{number}"}}
            return {"did": {"event": "Page Viewed", "about": about, "within": within}}
        case _:
            return {"did": {"event": name, "within": within, "atLeast": 2 + number % 3}}


def _people(segments: Mapping[str, Condition]) -> list[Subject]:
    chance = random.Random(11)  # noqa: S311 - the same contacts each time
    world = Together(segments)
    names = [name for name, _, weight in _ACTS for _ in range(weight)]
    things = dict[ThingKind, list[Thing]]()
    for kind in ThingKind:
        things[kind] = [_thing(kind, number) for number in range(6)]
    kinds = {name: kind for name, kind, _ in _ACTS}
    for number in range(_PEOPLE):
        events = tuple(
            _event(chance, f"e{place}", name, chance.choice(things[kinds[name]]))
            for place, name in enumerate(itertools.islice(itertools.cycle(names), EVENTS))
        )
        traits = {
            "plan": (
                Telling(T - 300 * times.DAY, "free"),
                Telling(T - 100 * times.DAY, "business"),
            ),
            "zone": (Telling(T - 300 * times.DAY, "Europe/Berlin"),),
            "newsletter": (Telling(T - 300 * times.DAY, True),),  # noqa: FBT003 - a value
            "birthday": (Telling(T - 300 * times.DAY, times.instant(T).date()),),
            "location": (Telling(T - 300 * times.DAY, Location(52.5, 13.4)),),
        }
        account = Account("acme", {"tier": "business"})
        consents = {"email": (Decided(T - 200 * times.DAY, Decision.GRANTED),)}
        since = T - 400 * times.DAY
        world.people.append(
            Subject(f"c{number}", since, History(events), traits, (account,), consents, world)
        )
    return world.people


def _thing(kind: ThingKind, number: int) -> Thing:
    kinds = ("pricing", "case-study", "landing", "page")
    topics = frozenset({"pricing"}) if number % 2 else frozenset({"other"})
    return Thing(
        kind,
        "advanced-reporting" if kind is ThingKind.FEATURE and not number else f"thing-{number}",
        {"kind": kinds[number % 4]},
        topics if kind is ThingKind.CONTENT else frozenset(),
        frozenset({"clothing"}) if kind is ThingKind.PRODUCT else frozenset(),
    )


def _event(chance: random.Random, key: str, name: str, about: Thing) -> Event:
    at = T - int(chance.random() ** 2 * 365 * times.DAY)
    properties = {"type": "sales", "total": round(200 * chance.random(), 2)}
    return Event(key, name, at, about, properties | {"direction": "downgrade"}, "web")
