"""Numbers of the same events are read once for all that is asked of them."""

from __future__ import annotations

from typing import Final

import pytest

from graph.cypher.listing import at_once
from graph.cypher.nodes import (
    Among,
    AtLeast,
    Bound,
    Every,
    Exists,
    Group,
    Leaf,
    Listed,
    Numbers,
    Predicate,
)
from graph.cypher.queries import Everyone, Seed
from tests.graph.cypher.samples import EITHER, OPENED

A, B = (Numbers(Leaf("e.a"), Leaf(test)) for test in ("size(numbers) > 1", "numbers[0] > 1"))
C = Numbers(Leaf("e.b"), Leaf("size(numbers) > 1"))
BOTH = Numbers(Leaf("e.a"), Every((A.test, B.test)))
TWICE: Final[tuple[Bound, ...]] = ((">=", 2),)
CASES: Final[dict[str, tuple[Seed, list[Predicate], tuple[Seed, list[Predicate]]]]] = {
    "a seed takes in a filter": (
        Group(OPENED, numbers=A),
        [Listed(OPENED, B)],
        (Group(OPENED, numbers=BOTH), []),
    ),
    "a seed that counts reads what it counts": (
        Group(OPENED, bounds=TWICE),
        [Among(Group(OPENED, numbers=A))],
        (Group(OPENED, bounds=TWICE, numbers=A), []),
    ),
    "two looks are one": (
        Everyone(),
        [Listed(OPENED, A), Exists(EITHER), Listed(OPENED, B)],
        (Everyone(), [Listed(OPENED, BOTH), Exists(EITHER)]),
    ),
    "what is found once is found in one go": (
        Everyone(),
        [AtLeast(OPENED, 2), Among(Group(OPENED, numbers=A)), Among(Group(OPENED, numbers=B))],
        (Everyone(), [Among(Group(OPENED, bounds=TWICE, numbers=BOTH))]),
    ),
    "a number at each contact is counted apart": (
        Everyone(),
        [AtLeast(OPENED, 2), Listed(OPENED, A)],
        (Everyone(), [Listed(OPENED, A), AtLeast(OPENED, 2)]),
    ),
    "a seed that only counts stays": (
        Group(OPENED),
        [AtLeast(OPENED, 2)],
        (Group(OPENED), [AtLeast(OPENED, 2)]),
    ),
    "other events stay apart": (
        Group(EITHER, numbers=A),
        [Listed(OPENED, B)],
        (Group(EITHER, numbers=A), [Listed(OPENED, B)]),
    ),
    "other numbers stay apart": (
        Group(OPENED, numbers=A),
        [Listed(OPENED, C)],
        (Group(OPENED, numbers=A), [Listed(OPENED, C)]),
    ),
    "different things are no events": (
        Group(OPENED, bounds=TWICE, distinct=Leaf("thing")),
        [Listed(OPENED, A)],
        (Group(OPENED, bounds=TWICE, distinct=Leaf("thing")), [Listed(OPENED, A)]),
    ),
}


@pytest.mark.parametrize(("seed", "filters", "expected"), CASES.values(), ids=CASES)
def test_at_once(
    seed: Seed, filters: list[Predicate], expected: tuple[Seed, list[Predicate]]
) -> None:
    """Numbers are read once, by a seed or a filter, and put to all that is asked of them."""
    assert at_once(seed, filters) == expected
