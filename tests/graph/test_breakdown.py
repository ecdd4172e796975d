"""What a breakdown costs: one statement, however many parts it has."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from graph.conditions import read
from graph.database import Database
from tests.graph.test_segmentation import segmentation

if TYPE_CHECKING:
    from typing import LiteralString

    from graph.database import Row, Statement
    from tests.engine import Running

pytestmark = pytest.mark.engine

VIEWED = {"did": {"event": "Page Viewed"}}
PRO = {"trait": {"name": "plan", "is": {"eq": "pro"}}}
PARTS = {"all": [VIEWED, {"not": PRO}, {"any": [PRO, {"all": [VIEWED, PRO]}]}]}


class Counting(Database):
    """A graph that counts what is asked of it by the task that it is told of."""

    asker: asyncio.Task[object] | None = None
    sent = 0

    async def read(
        self, statement: Statement | LiteralString, /, deadline: float = 30.0, **parameters: object
    ) -> list[Row]:
        """Read, counted."""
        self.sent += asyncio.current_task() is self.asker
        return await super().read(statement, deadline, **parameters)


@pytest.mark.usefixtures("database")
async def test_a_breakdown_takes_two_round_trips(neo4j: Running) -> None:
    """Of how many contacts there are the audience asks, and of all parts together the breakdown."""
    async with (
        Counting(neo4j.address, neo4j.user, neo4j.password) as counting,
        segmentation(counting) as asked,
    ):
        counting.asker = asyncio.current_task()
        audience = await asked.audience(read(PARTS))
        before = counting.sent
        breakdown = await audience.breakdown()

    assert len(breakdown.steps) == 7
    assert counting.sent - before == 1
    assert counting.sent <= 2
