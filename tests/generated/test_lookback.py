"""How far back a definition looks: what happened before is as if it had never been."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from hypothesis import given

from graph import lookback
from graph.conditions import read
from graph.conditions.window import BEGINNING
from tests.generated.definitions import DEFINITION
from tests.generated.graphs import SAVED
from tests.generated.instants import edges
from tests.generated.test_canonical import SEED, people

if TYPE_CHECKING:
    from graph.lookback import Lookback
    from tests.worlds import Told


@given(DEFINITION, SEED)
def test_what_is_further_back_does_not_matter(definition: object, seed: int) -> None:
    """At the instant, and at any later one, of the contact and of all others."""
    condition = read(definition).canonical()
    first, *later = edges(random.Random(seed), definition, 8)  # noqa: S311 - no secret
    found = lookback.lookback(condition, SAVED, first)
    whole = people(seed % 5)
    world = cast("Told", whole[0].world)
    left = without(world, found)

    for subject in whole:
        less = left.subject(subject.key)
        for t in (first, *later):
            assert condition.holds(less, t) is condition.holds(subject, t), (subject.key, t)


def without(world: Told, found: Lookback) -> Told:
    """Return a world without the events that lie further back; whoever exists still does."""
    events = {
        key: event
        for key, event in world.events.items()
        if event.at >= lookback.of_kind(found, event.name, event.at + 1)
    }
    return replace(world, events=events, seen={})


def test_how_far_definitions_look() -> None:
    """To the beginning of the window, of all time where there is none, by kind."""
    day, t = 86_400_000, 100 * 86_400_000
    lately = {"last": "P7D"}
    told: dict[str, tuple[object, Lookback]] = {
        "window": ({"did": {"event": "A", "within": lately}}, {"A": t - 7 * day + 1}),
        "none": ({"did": {"event": "A"}}, {"A": BEGINNING}),
        "any kind": ({"did": {"within": lately}}, {None: t - 7 * day + 1}),
        "the farthest": (
            {
                "all": [
                    {"did": {"event": "A", "within": lately}},
                    {"not": {"did": {"events": ["A", "B"], "within": {"last": "P9D"}}}},
                ]
            },
            {"A": t - 9 * day + 1, "B": t - 9 * day + 1},
        ),
        "the first ever": ({"firstTime": {"event": "A", "within": lately}}, {"A": BEGINNING}),
        "steps": (
            {"sequence": {"steps": [{"event": "A"}, {"event": "B"}], "within": lately}},
            {"A": t - 7 * day + 1, "B": t - 7 * day + 1},
        ),
        "stopped": (
            {"stopped": {"event": "A", "active": "P3D", "silent": "P4D"}},
            {"A": t - 7 * day + 1},
        ),
        "others": (
            {"colleagues": {"who": {"did": {"event": "A", "within": lately}}}},
            {"A": t - 7 * day + 1},
        ),
        "a trait": ({"trait": {"name": "plan", "is": {"eq": "pro"}}}, {}),
    }

    found = {
        name: lookback.lookback(read(definition).canonical(), {}, t)
        for name, (definition, _) in told.items()
    }

    assert found == {name: expected for name, (_, expected) in told.items()}


def test_a_segment_is_looked_into() -> None:
    """As of the instant that is asked for."""
    day, t = 86_400_000, 100 * 86_400_000
    known = {"s": read({"did": {"event": "A", "within": {"last": "P7D"}}}).canonical()}
    now = read({"segment": {"key": "s"}})
    then = read({"segment": {"key": "s", "at": "1970-01-11T00:00:00Z"}})

    assert lookback.lookback(now, known, t) == {"A": t - 7 * day + 1}
    assert lookback.lookback(then, known, t) == {"A": 3 * day + 1}
    assert lookback.of_kind({"A": 5, None: 7}, "A", 9) == 5
    assert lookback.of_kind({"A": 5, None: 7}, "B", 9) == 7
    assert lookback.of_kind({"A": 5}, "B", 9) == 9
