"""A difference counts, whatever Neo4j does not plan in time after it was found."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from graph import errors
from graph.estimates import Facts
from graph.subject import Subject
from tests import report
from tests.generated.graphs import World
from tests.generated.test_meaning import RING, judged
from tests.report import Ring

if TYPE_CHECKING:
    import pytest

    from graph.conditions import Condition
    from graph.database import Database

IDLE = {"not": {"did": {"event": "Page Viewed"}}}


@dataclass(frozen=True, slots=True, repr=False)
class Tired(World):
    """A graph that finds nobody when it is asked first, and then nothing in time."""

    asked: list[int] = field(default_factory=list[int])

    async def verdicts(self, condition: Condition, t: int) -> set[str]:
        """Return nobody, once."""
        del condition
        if self.asked:
            raise errors.GraphTooSlow
        self.asked.append(t)
        return set()


async def test_what_differed_before_a_plan_took_too_long_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The definition is slow, and one on which the two disagree."""
    rings = defaultdict[str, Ring](Ring)
    monkeypatch.setattr(report, "RINGS", rings)
    nobody = cast("Database", None)
    world = Tired(nobody, {"ann": Subject("ann", -(2**61))}, Facts({}, 1, 0))

    told = await judged(world, IDLE, random.Random(1))  # noqa: S311 - no secret

    assert len(told) == 1
    assert "of 1" in told[0]
    assert (rings[RING].slow, rings[RING].differences) == (1, 1)
