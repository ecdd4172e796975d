"""Until when the verdicts about very many events stand: exactly, and found soon."""

from __future__ import annotations

import random
from typing import Final

import pytest

from graph import times
from graph.conditions import read
from graph.model import ThingKind
from graph.subject import NEVER, Account, Alone, Event, History, Subject, Thing
from tests.counting import calls

SECONDS: Final = 40
WINDOWS: Final = (
    {"last": "PT7S"},
    {"between": {"to": "PT3S", "from": "PT9S"}},
    {"between": {"to": "PT4S"}},
    {"since": "1970-01-01T00:00:12Z"},
    {"during": {"from": "1970-01-01T00:00:05Z", "to": "1970-01-01T00:00:20Z"}},
    {"ofFirst": {"event": "B", "within": "PT8S"}},
    {"calendar": {"unit": "DAY", "count": 1}},
)
SOON: Final = {"where": [{"property": "due", "is": {"inNext": "PT5S"}}]}
CONDITIONS: Final = {
    "did": {"did": {"event": "A", "atLeast": 2, "atMost": 4}},
    "did of moving events": {"did": {"event": "A", "atLeast": 2, **SOON}},
    "did distinct": {"did": {"exactly": 2, "distinct": {"property": "n"}}},
    "firstTime": {"firstTime": {"event": "A", "nth": 2}},
    "latest": {"latest": {"has": [{"property": "n", "is": {"gte": 1}}]}},
    "latest that moves": {"latest": {"has": [{"property": "due", "is": {"inNext": "PT5S"}}]}},
    "sum of whole numbers": {"total": {"of": "n", "is": {"between": {"from": 2, "to": 4}}}},
    "sum of decimals": {"total": {"of": "x", "is": {"in": [0.3, 0.7]}}},
    "average": {"total": {"of": "x", "by": "AVERAGE", "is": {"gte": 0.2}}},
    "least": {"total": {"of": "n", "by": "LEAST", "is": {"eq": 0}}},
    "greatest": {"total": {"of": "n", "by": "GREATEST", "is": {"lt": 2}}},
    "favourite": {"favourite": {"by": {"property": "n"}, "is": 1, "atLeast": 2}},
    "favourite thing": {"favourite": {"by": {"thing": "CONTENT"}, "is": "c1"}},
    "moreOften": {"moreOften": {"event": "A", "than": {"event": "B"}}},
    "sequence": {"sequence": {"steps": [{"event": "A"}, {"event": "B", "within": "PT4S"}]}},
    "sequence of any": {"sequence": {"steps": [{}, {}, {"event": "B", "within": "PT2S"}]}},
    "sequence of one thing": {
        "sequence": {"steps": [{"event": "A"}, {}, {"within": "PT5S"}], "same": {"thing": True}}
    },
    "absent for a time": {
        "sequence": {"steps": [{}, {"event": "B", "within": "PT3S", "absent": True}]}
    },
    "absent after two": {
        "sequence": {
            "steps": [{"event": "A"}, {}, {"event": "A", "within": "PT2S", "absent": True}],
            "same": {"property": "n"},
        }
    },
    "absent": {"sequence": {"steps": [{"event": "A"}, {"event": "B", "absent": True}]}},
    "regular": {"regular": {"in": 2, "of": 3, "times": 2, "every": {"rolling": "PT3S"}}},
}


def somebody(chance: random.Random) -> Subject:
    """Return a contact who did things at whole seconds."""
    events = [
        Event(
            f"e{number}",
            chance.choice("AB"),
            chance.randrange(SECONDS) * times.SECOND,
            Thing(ThingKind.CONTENT, chance.choice(("c1", "c2"))),
            {
                "n": chance.randrange(3),
                "x": chance.choice((0.1, 0.2, 0.7)),
                "due": times.instant(chance.randrange(SECONDS) * times.SECOND),
            },
        )
        for number in range(chance.randrange(25))
    ]
    return Subject("ann", 0, History(events))


@pytest.mark.parametrize("name", CONDITIONS)
def test_it_is_the_very_instant(name: str) -> None:
    """It is the first second at which the verdict is another one, before which nothing turns it."""
    ((word, asked),) = CONDITIONS[name].items()
    for seed in range(60):
        chance = random.Random(f"{name} {seed}")  # noqa: S311 - no secret
        window = {} if word == "regular" else {"within": chance.choice(WINDOWS)}
        condition = read({word: {**asked, **window}}).canonical()
        subject, t = somebody(chance), chance.randrange(SECONDS) * times.SECOND
        ahead = [
            *range(t, 2 * SECONDS * times.SECOND, times.SECOND),
            *(n * times.DAY for n in (1, 2)),
        ]

        until = condition.valid_until(subject, t)

        verdict = condition.holds(subject, t)
        turn = next((at for at in ahead if condition.holds(subject, at) is not verdict), NEVER)
        assert until == turn or (name == "absent" and t < until < turn), (seed, window, t)


NOW: Final = times.read_instant("2026-06-15T12:00:00Z")
MANY: Final = 4000
LONG: Final = {"within": {"last": "P30D"}}


@pytest.mark.parametrize(
    "definition",
    [
        {"did": LONG},
        {"did": {**LONG, "distinct": {"day": "Europe/Berlin"}}},
        {"did": {**LONG, **SOON}},
        {"firstTime": {"event": "A", **LONG}},
        {"latest": {**LONG, "has": [{"property": "n", "is": {"gte": 0}}]}},
        {"total": {**LONG, "of": "x", "is": {"gte": 100}}},
        {"favourite": {**LONG, "by": {"property": "n"}, "is": 1}},
        {"moreOften": {"event": "A", "than": {"event": "B"}, **LONG}},
        {"regular": {"in": 3, "of": 4, "every": {"rolling": "P7D"}}},
        {"sequence": {"steps": [{"event": "A"}, {"event": "B", "within": "P1D"}], **LONG}},
        {"sequence": {"steps": [{"event": "A"}, {"event": "B", "absent": True}], **LONG}},
        {"resumed": {"event": "A", "silent": "P7D", "recent": "P14D"}},
    ],
    ids=str,
)
def test_it_is_found_soon(definition: object) -> None:
    """Events in the window are gone through a few times; once for each edge would be thousands."""
    step = 28 * times.DAY // MANY
    events = [
        Event(
            f"e{number}",
            "A" if number % 3 else "B",
            NOW - number * step,
            Thing(ThingKind.CONTENT, f"c{number % 97}"),
            {"n": number % 50, "x": 19.99 + number % 7},
        )
        for number in range(MANY)
    ]
    subject = Subject("ann", NOW - 100 * times.DAY, History(events))
    condition = read(definition).canonical()

    with calls() as made:
        until = condition.valid_until(subject, NOW)

    assert until > NOW
    assert made.total < 100 * MANY


class Firm(Alone):
    """A world in which all belong to one account."""

    def __init__(self) -> None:
        self.people: list[Subject] = []

    def contacts_of(self, account: str) -> list[Subject]:
        """Return everybody."""
        del account
        return self.people


def firm(people: list[Subject]) -> Subject:
    """Return the first of some contacts, colleagues of each other."""
    world = Firm()
    world.people = [
        Subject(f"p{n}", each.since, each.history, accounts=(Account("acme", {}),), world=world)
        for n, each in enumerate(people)
    ]
    return world.people[0]


@pytest.mark.parametrize(
    "asked",
    [
        {"atLeast": 2},
        {"atMost": 2},
        {"exactly": 2, "includeSelf": True},
        {"atLeast": 1, "atMost": 3},
        {"all": True},
        {"none": True},
    ],
    ids=str,
)
def test_colleagues_turn_together(asked: dict[str, object]) -> None:
    """The turn that is told is the first second at which the verdict is another one."""
    who = {"did": {"event": "A", "within": {"last": "PT7S"}, "atLeast": 2}}
    condition = read({"colleagues": {"who": who, **asked}}).canonical()
    for seed in range(30):
        chance = random.Random(f"{asked} {seed}")  # noqa: S311 - no secret
        people = [
            Subject("", chance.choice((0, 0, 20)) * times.SECOND, somebody(chance).history)
            for _ in range(chance.randrange(1, 7))
        ]
        subject, t = firm(people), chance.randrange(SECONDS) * times.SECOND

        turn = condition.turn(subject, t)

        verdict = condition.holds(subject, t)
        seconds = range(t, 2 * SECONDS * times.SECOND, times.SECOND)
        first = next((at for at in seconds if condition.holds(subject, at) is not verdict), None)
        assert turn.at == first, seed


def test_the_turn_of_many_colleagues_is_the_last_of_theirs() -> None:
    """Of 1,200 who logged in a second apart the last one decides, and it is found soon."""
    people = [
        Subject("", 0, History([event(f"l{n}", NOW - n * times.SECOND)])) for n in range(1200)
    ]
    condition = read({"colleagues": {"who": {"did": {"within": {"last": "P7D"}}}}}).canonical()

    with calls() as made:
        turn = condition.turn(firm(people[::-1]), NOW)

    assert turn.at == NOW + 7 * times.DAY
    assert made.total < 300 * len(people)


def test_no_turn_is_claimed_that_was_not_found() -> None:
    """Where time turns the parts too often to look on, it is told until when the verdict stands."""
    half = times.SECOND // 2
    events = [event(f"e{n}", NOW + n * half, "AB"[n % 2]) for n in range(3000)]
    either = [{"did": {"event": kind, "within": {"last": "PT0.9S"}}} for kind in "AB"]
    subject = Subject("ann", 0, History(events))

    turn = read({"any": either}).canonical().turn(subject, NOW)

    assert turn.at is None
    assert NOW < turn.until < NOW + 3000 * half
    assert "not before" in str(turn.text(NOW))
    assert "does not turn it before" in str(turn.note(NOW))


def event(key: str, at: int, name: str = "A") -> Event:
    """Return an event about nothing much."""
    return Event(key, name, at, Thing(ThingKind.SOURCE, "api"))
