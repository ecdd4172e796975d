"""The steps of what is joined: each part, and the whole if it ended there."""

from __future__ import annotations

import pytest

from graph.cypher.queries import Joined
from graph.cypher.steps import steps

STEPS = {
    "all": (
        Joined((0, 1, 2), every=True),
        "met[0], met[1], met[2]",
        [
            "part[0]",
            "(all(place IN range(0, 0) WHERE part[place]) AND part[1])",
            "(all(place IN range(0, 1) WHERE part[place]) AND part[2])",
        ],
    ),
    "any": (
        Joined((0, 1), every=False),
        "met[0], met[1]",
        ["part[0]", "(part[1] OR any(place IN range(0, 0) WHERE part[place]))"],
    ),
    "any in all": (
        Joined((0, Joined((1, 2), every=False)), every=True),
        "met[0], (met[1] OR met[2]), met[1], met[2]",
        [
            "part[0]",
            "(all(place IN range(0, 0) WHERE part[place]) AND part[1])",
            "(all(place IN range(0, 0) WHERE part[place]) AND part[2])",
            (
                "((all(place IN range(0, 0) WHERE part[place]) AND part[3]) OR "
                "(all(place IN range(0, 0) WHERE part[place]) AND "
                "any(place IN range(2, 2) WHERE part[place])))"
            ),
        ],
    ),
    "all in any": (
        Joined((Joined((0, 1), every=True), 2), every=False),
        "(met[0] AND met[1]), met[2], met[0], met[1]",
        [
            "part[0]",
            "part[2]",
            "(all(place IN range(2, 2) WHERE part[place]) AND part[3])",
            "(part[1] OR any(place IN range(0, 0) WHERE part[place]))",
        ],
    ),
}


@pytest.mark.parametrize(("joined", "parts", "running"), STEPS.values(), ids=STEPS)
def test_each_part_is_a_step(joined: Joined, parts: str, running: list[str]) -> None:
    """A part comes before those in it; those beside one another lie side by side in a list."""
    verdicts, *_, last = steps(joined)

    counted = ", ".join(f"count(CASE WHEN {each} THEN 1 END)" for each in running)
    assert verdicts == f"WITH [{parts}] AS part"
    assert last == f"  [{counted}] AS running"
