"""Until when a verdict stands: nothing changes before, and looking again then goes on."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph import times
from graph.conditions import Condition, read
from graph.subject import NEVER
from tests import report
from tests.generated import histories
from tests.generated.definitions import DEFINITION
from tests.generated.instants import edges, lengths
from tests.generated.steered import drawn, steered
from tests.generated.test_canonical import people
from tests.generated.words import words_of
from tests.report import PROVE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from graph.subject import Subject

RING: Final = "valid-until"
DEFINITIONS, SAID = (6_000, 60) if PROVE else (30, 1)
"""How many definitions are drawn freely, and by how many each word is said in the end."""
CONTACTS: Final = 4
INSTANTS: Final = 5
LOOKS: Final = 8
"""How often in a row a contact is looked at again where its verdict ends."""
AHEAD: Final = 3 * 366 * times.DAY


@pytest.mark.timeout(3600)
def test_nothing_changes_before_a_verdict_ends() -> None:
    """At every edge and between them the verdict stands, up to the instant that was told."""
    chance = random.Random(random.random())  # noqa: S311 - no secret
    late = [each for raw in drawn(DEFINITION, DEFINITIONS, chance) for each in judged(raw, chance)]
    for definition in steered(report.RINGS[RING], SAID, chance):
        late += judged(definition, chance)

    assert late == []


def judged(definition: object, chance: Random) -> list[str]:
    """Return of whom a verdict ended unheard, at instants that matter to a definition."""
    condition = read(definition)
    late: list[str] = []
    cases = 0
    for subject in chance.sample(people(chance.randrange(5)), CONTACTS):
        for t in edges(chance, definition, INSTANTS):
            cases += 1
            at = check(condition, subject, t, chance, definition)
            late += [] if at is None else [said(definition, subject, t, at)]
    report.RINGS[RING].judged(definition, words_of(condition), cases, len(late))
    return late


def check(
    condition: Condition, subject: Subject, t: int, chance: Random, definition: object
) -> int | None:
    """Return an instant at which a verdict no longer stands that should; None if all do."""
    canonical = condition.canonical()
    for _ in range(LOOKS):
        until = canonical.valid_until(subject, t)
        assert until > t
        verdict = condition.holds(subject, t)
        for at in probes(subject, t, until, chance, definition):
            if condition.holds(subject, at) is not verdict:
                return at
        if until > t + AHEAD:
            break
        t = until
    return None


def probes(
    subject: Subject, t: int, until: int, chance: Random, definition: object
) -> Iterator[int]:
    """Yield instants after t and before another: edges and their ticks, and some at random."""
    last = min(until - 1, t + AHEAD)
    if last <= t:
        return
    moved = [0, *lengths(definition)]
    known = [subject.since, t, *(event.at for event in subject.history.events)]
    known += [telling.at for told in subject.traits.values() for telling in told]
    ends = {at + by + tick for at in known for by in moved for tick in (-1, 0, 1)}
    near = [at for at in ends | set(edges(chance, definition, 8)) if t < at <= last]
    yield from chance.sample(sorted(near), min(len(near), 12))
    yield from (chance.randint(t + 1, last) for _ in range(3))
    yield last


@given(definition=DEFINITION, seed=st.integers(0, 2**32))
@settings(max_examples=1000 if PROVE else 50, suppress_health_check=[HealthCheck.too_slow])
def test_looking_again_comes_to_an_end(definition: object, seed: int) -> None:
    """In three years a contact is looked at no more often than there are edges."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    condition = read(definition).canonical()
    subject = chance.choice(people(seed % 5))
    t = first = histories.instant(chance)
    looks = turns = 0
    while (until := condition.valid_until(subject, t)) < min(NEVER, first + AHEAD):
        turns += condition.holds(subject, t) is not condition.holds(subject, until)
        looks, t = looks + 1, until
        assert looks - turns <= 5000, said(definition, subject, t, None)


def said(definition: object, subject: Subject, t: int, late: int | None) -> str:
    """Return of whom a verdict at an instant ended unheard, and when."""
    at = "" if late is None else f", not at {times.instant_text(late)}"
    return f"{json.dumps(definition)} at {times.instant_text(t)}{at}: {subject}"
