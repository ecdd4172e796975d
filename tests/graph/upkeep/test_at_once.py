"""What a commit costs the graph: one statement for what is common."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest

from graph.clock import FixedClock
from graph.database import DEADLINE, Database
from graph.times import DAY
from graph.upkeep.at_once import AT_ONCE
from tests.graph.upkeep.test_turns import save
from tests.graph.upkeep.writing import NOW, built, event, owner, until, writing

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from graph.database import Row, Transaction
    from tests.engine import Running

pytestmark = pytest.mark.engine

LATELY = {"did": {"event": "Page Viewed", "within": {"last": "P1D"}}}


class Counting(Database):
    """A graph that counts how it is written to."""

    alone = transactions = 0
    lists: tuple[str, ...] = ()
    """Parameters that are lists, of whose lengths a plan would be one."""

    async def commit(
        self, statement: str, deadline: float = 5.0, /, **parameters: object
    ) -> list[Row]:
        """Commit a statement, counted."""
        self.alone += statement is AT_ONCE
        self.lists += tuple(name for name in parameters if isinstance(parameters[name], list))
        return await super().commit(statement, deadline, **parameters)

    @contextlib.asynccontextmanager
    async def transaction(self, deadline: float = DEADLINE) -> AsyncGenerator[Transaction]:
        """Open a writing transaction, counted."""
        self.transactions += 1
        async with super().transaction(deadline) as transaction:
            yield transaction


async def test_events_of_known_contacts_are_one_statement(
    database: Database, neo4j: Running
) -> None:
    """So is what they turn, and what time turns; what makes nodes is a transaction."""
    clock = FixedClock(NOW)
    counting = Counting(neo4j.address, neo4j.user, neo4j.password)
    async with counting, writing(counting, clock=clock) as writer:
        await save(writer, "lately", LATELY)
        await built(writer)
        counting.transactions = counting.alone = 0
        await writer.tell([event("ann", "1")])
        made = counting.transactions, counting.alone
        counting.transactions = 0
        await writer.tell([event("ann", "2")])
        told = counting.transactions, counting.alone
        clock.advance(2 * DAY)

        async def left() -> bool:
            """Tell whether the window has closed."""
            return (await owner(database))["sequence"] == 2

        await until(left)
    turned = counting.transactions, counting.alone

    assert made == (2, 0), "a kind of event, and a contact and a thing"
    assert told == (0, 1)
    assert turned == (0, 2)
    assert counting.lists == ()
