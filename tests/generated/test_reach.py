"""Whom time alone may let in meets what is asked of all before anybody is read."""

from __future__ import annotations

import json
import random
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest

from graph.conditions import read
from graph.needs import needed
from graph.subject import History
from graph.times import DAY
from graph.upkeep.reach import needed_of_any, reach, stays
from tests.generated.definitions import DEFINITION
from tests.generated.graphs import SAVED
from tests.generated.instants import edges
from tests.generated.steered import drawn
from tests.generated.test_canonical import people
from tests.generated.test_valid_until import probes
from tests.report import PROVE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graph.subject import Subject

DEFINITIONS: Final = 4_000 if PROVE else 200
LEAST: Final = 0.02
"""So many of the cases at least are of somebody out of reach, or of what time does not turn."""

REACHED: Final[list[tuple[object, object]]] = [
    (
        {"did": {"event": "Page Viewed", "within": {"last": "P7D"}, "exactly": 2}},
        {"did": {"event": "Page Viewed", "within": {"last": "P7D"}, "atLeast": 2}},
    ),
    (
        {"did": {"event": "Page Viewed", "within": {"between": {"from": "P9D", "to": "P7D"}}}},
        {"did": {"event": "Page Viewed"}},
    ),
    (
        {
            "all": [
                {"did": {"event": "Cart Viewed"}},
                {"not": {"did": {"event": "Order Completed", "within": {"last": "P1D"}}}},
                {"trait": {"name": "plan", "is": {"eq": "pro"}}},
            ]
        },
        {
            "all": [
                {"did": {"event": "Cart Viewed"}},
                {"trait": {"name": "plan", "is": {"eq": "pro"}}},
            ]
        },
    ),
    ({"sample": {"percent": 10.0, "salt": "a"}}, {"sample": {"percent": 10.0, "salt": "a"}}),
    ({"not": {"did": {"event": "Logged In", "within": {"last": "P14D"}}}}, None),
    (
        {
            "any": [
                {"did": {}},
                {"did": {"event": "Logged In", "within": {"last": "P14D"}, "atMost": 1}},
            ]
        },
        None,
    ),
]


def test_time_lets_in_nobody_who_is_out_of_reach() -> None:
    """At every edge and between them, where nothing is told for later; what stands stays so."""
    chance = random.Random(random.random())  # noqa: S311 - no secret
    counted = Counter(outside=0, ended=0, begun=0)
    for raw in drawn(DEFINITION, DEFINITIONS, chance):
        condition = read(raw).canonical()
        reached = reach(condition)
        if needed(condition, SAVED).levels:
            continue
        for subject in chance.sample(people(chance.randrange(5)), 6):
            for t in edges(chance, raw, 3):
                known = up_to(subject, t)
                if known.since > t:
                    continue
                verdicts = {condition.holds(known, at) for at in later(known, t, chance, raw)}
                if condition.holds(known, t):
                    counted["ended"] += stays(condition, true=True)
                    assert reached is None or reached.holds(known, t), json.dumps(raw)
                    assert verdicts == {True} or not stays(condition, true=True), json.dumps(raw)
                elif reached is not None and not reached.holds(known, t):
                    counted["outside"] += 1
                    counted["begun"] += stays(condition, true=False)
                    assert verdicts == {False}, json.dumps(raw)

    assert min(counted.values()) > LEAST * counted.total(), counted


def later(subject: Subject, t: int, chance: random.Random, raw: object) -> Iterator[int]:
    """Yield t, and instants of the year after it."""
    yield t
    yield from probes(subject, t, t + 366 * DAY, chance, raw)


def up_to(subject: Subject, t: int) -> Subject:
    """Return a contact as it is known at t, with nothing that is told for later."""
    return replace(
        subject,
        history=History(each for each in subject.history.events if each.at <= t),
        traits={
            name: tuple(each for each in told if each.at <= t)
            for name, told in subject.traits.items()
        },
        consents={
            purpose: tuple(each for each in decided if each.at <= t)
            for purpose, decided in subject.consents.items()
        },
    )


def test_whoever_is_reached_did_something_of_what_is_needed() -> None:
    """So of many definitions nobody is left out who did nothing of what one of them needs."""
    chance = random.Random(random.random())  # noqa: S311 - no secret
    counted = Counter(without=0, others=0)
    for raw in drawn(DEFINITION, DEFINITIONS, chance):
        condition = read(raw).canonical()
        reached, needs = reach(condition), needed_of_any([condition])
        if reached is None or needs is None:
            continue
        for subject in chance.sample(people(chance.randrange(5)), 6):
            for t in edges(chance, raw, 2):
                did = needs.holds(subject, t)
                counted["others" if did else "without"] += 1
                assert did or not reached.holds(subject, t), json.dumps(raw)

    assert min(counted.values()) > LEAST * counted.total(), counted


def test_many_are_asked_of_as_one() -> None:
    """The kinds of what each needs: the fewest of an `all`, those of each of an `any`."""
    bought: dict[str, object] = {"did": {"event": "Order Completed", "atLeast": 2}}
    seen = {"did": {"events": ["Cart Viewed", "Page Viewed"], "within": {"last": "P1D"}}}
    silent = {"not": {"did": {"event": "Logged In"}}}
    many = [read({"all": [seen, bought]}), read({"any": [bought, {"all": [seen, silent]}]})]

    found = needed_of_any(many)

    kinds = ["Cart Viewed", "Order Completed", "Page Viewed"]
    assert found == read({"did": {"events": kinds}})
    assert needed_of_any([*many, read({"any": [bought, silent]})]) is None
    assert needed_of_any([*many, read({"did": {}})]) is None


@pytest.mark.parametrize(("definition", "reached"), REACHED)
def test_what_all_meet_who_may_be_in(definition: object, reached: object) -> None:
    """The number that is asked at least, what stands still, and what is needed of all else."""
    found = reach(read(definition))

    assert (found and found.canonical()) == (reached and read(reached).canonical())
