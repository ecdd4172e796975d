"""What fails beneath the writer: lost answers, a graph that is away, deadlocks, defects."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any, Final

import pytest

from graph import errors, subjects
from graph.clock import FixedClock
from graph.database import Database
from graph.times import DAY
from graph.upkeep.at_once import AT_ONCE
from graph.upkeep.owner import LOOK
from tests.graph.upkeep.test_turns import LATELY, save
from tests.graph.upkeep.writing import NOW, codes, contact, event, owner, stored, until, writing
from tests.proxy import Proxy

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator
    from typing import LiteralString

    from graph.database import Row, Statement, Transaction
    from tests.engine import Running

pytestmark = pytest.mark.engine


@pytest.fixture
async def proxy(neo4j: Running) -> AsyncIterator[Proxy]:
    """Stand before the graph of the run."""
    async with Proxy(neo4j.address) as made:
        yield made


@pytest.mark.parametrize("done", [True, False], ids=["answer lost", "commit lost"])
async def test_a_commit_whose_answer_is_lost(
    database: Database, proxy: Proxy, neo4j: Running, *, done: bool
) -> None:
    """Done or not, an event is in the graph once, and its sender is told so."""
    behind = Database(proxy.address, neo4j.user, neo4j.password)
    async with writing(database) as other:
        await other.tell([event("lost-ann", "0")])
    async with writing(behind) as writer:
        proxy.lose_commit(b"lost-ann", done=done)
        outcomes = await writer.tell([event("lost-ann", str(n)) for n in range(5)])
        again = await writer.tell([event("lost-ann", str(n)) for n in range(4, 6)])

        assert writer.refusal is None
    await behind.close()

    assert proxy.lost == 1
    assert codes(outcomes) == ["DUPLICATE"] + ["ACCEPTED"] * 4
    assert codes(again) == ["DUPLICATE", "ACCEPTED"]
    assert len(await stored(database)) == 6
    kept = await owner(database)
    (kind,) = await database.read("MATCH (k:EventKind) RETURN k.count AS count")
    assert (kept["batch"], kind["count"]) == (3, 6)


async def test_a_graph_that_is_away_is_told_and_found_again(
    database: Database, proxy: Proxy, neo4j: Running
) -> None:
    """While the graph is away nothing is taken; when it is back the writer goes on by itself."""
    behind = Database(proxy.address, neo4j.user, neo4j.password)
    async with writing(behind) as writer:
        await writer.tell([event("ann", "1")])
        proxy.refusing = True
        proxy.cut()
        with pytest.raises(errors.GraphUnavailable):
            await writer.tell([event("ann", "2")])
        with pytest.raises(errors.GraphUnavailable):
            await writer.tell([event("ann", "3")])
        assert isinstance(writer.refusal, errors.GraphUnavailable)
        proxy.refusing = False
        await writer.owning.wait()

        assert codes(await writer.tell([event("ann", "1")])) == ["DUPLICATE"]
        assert writer.pending == 0
    await behind.close()

    assert set(await stored(database)) == {("ann", "1")}


class Deadlocked(Database):
    """A graph whose next commits are ended because of a lock."""

    left = 0
    error: errors.SegraphError = errors.GraphUnavailable("a deadlock")

    def transaction(self, deadline: float = 5.0) -> Any:  # noqa: ANN401 - as the other's
        """Open a writing transaction, or fail as often as asked."""
        self._fail()
        return super().transaction(deadline)

    async def commit(
        self, statement: str, deadline: float = 5.0, /, **parameters: object
    ) -> list[Row]:
        """Commit a statement, or fail as often as asked where it is of rows."""
        if statement is AT_ONCE:
            self._fail()
        return await super().commit(statement, deadline, **parameters)

    def _fail(self) -> None:
        if self.left:
            self.left -= 1
            raise self.error


async def test_a_deadlock_is_done_again(database: Database, neo4j: Running) -> None:
    """What the graph ends for another's sake is no error to whoever told it."""
    unlucky = Deadlocked(neo4j.address, neo4j.user, neo4j.password)
    async with writing(unlucky) as writer:
        unlucky.left = 3
        assert codes(await writer.tell([event("ann", "1", "Signed Up")])) == ["ACCEPTED"]
    await unlucky.close()

    assert len(await stored(database)) == 1


async def test_what_takes_too_long_is_halved(database: Database, neo4j: Running) -> None:
    """A batch that is too large for a commit's time is stored in parts, in order.

    One row that is too much alone is refused, and holds up no other.
    """
    slow = Deadlocked(neo4j.address, neo4j.user, neo4j.password)
    slow.error = errors.GraphTooSlow("5 s")
    async with writing(slow) as writer:
        await writer.tell([event("ann", "0")])
        slow.left = 2
        rows = [event("ann", str(n)) for n in (1, 2, 3, 1)]
        assert codes(await writer.tell(rows)) == ["ACCEPTED"] * 3 + ["DUPLICATE"]
        slow.left = 2
        assert codes(await writer.tell([event("ann", "9"), event("ann", "10")])) == [
            "TIMEOUT",
            "ACCEPTED",
        ]
        assert writer.owning.is_set()
    await slow.close()

    assert len(await stored(database)) == 5


async def test_a_node_that_somebody_removed_is_made_again(database: Database) -> None:
    """Who empties a part of the graph behind the writer's back does not stop it."""
    async with writing(database) as writer:
        await writer.tell([event("ann", "1", about={"content": "/a"})])
        await database.change("MATCH (n:Content) DETACH DELETE n")
        outcomes = await writer.tell([event("ann", "2", about={"content": "/a"})])

    assert codes(outcomes) == ["ACCEPTED"]
    assert set(await stored(database)) == {("ann", "2")}


COLLEAGUES: Final = {"colleagues": {"who": {"did": {"event": "Page Viewed"}}}}


class Lonely(Database):
    """A graph that cannot be asked for colleagues so many times."""

    left = 0

    async def read(
        self, statement: Statement | LiteralString, /, deadline: float = 30.0, **parameters: object
    ) -> list[Row]:
        """Read, but for those."""
        if self.left and statement is subjects.COLLEAGUES:
            self.left -= 1
            raise errors.GraphUnavailable("cut off")
        return await super().read(statement, deadline, **parameters)


async def test_what_is_durable_is_not_done_again(database: Database, neo4j: Running) -> None:
    """Where only those cannot be judged whom it turns, nobody is told that it was there before."""
    lonely = Lonely(neo4j.address, neo4j.user, neo4j.password)
    async with writing(lonely) as writer:
        await writer.tell([contact(key, accounts=["acme"]) for key in ("ann", "bob")])
        await save(writer, "s", COLLEAGUES)
        lonely.left = 3
        outcomes = await writer.tell([event("ann", "1")])
        lonely.left = 4
        with pytest.raises(errors.GraphUnavailable):
            await writer.tell([event("bob", "2")])
        await writer.owning.wait()
        (segment,) = await database.read("MATCH (s:Segment) RETURN s.size AS size")
    await lonely.close()

    assert codes(outcomes) == ["ACCEPTED"]
    assert segment["size"] == 2


class Lost(Database):
    """A graph that loses an answer to a commit, and then can be asked for nothing else, once."""

    losing = unread = False

    @contextlib.asynccontextmanager
    async def transaction(self, deadline: float = 5.0) -> AsyncGenerator[Transaction]:
        """Open a writing transaction; the answer to its commit is lost where that is asked."""
        async with super().transaction(deadline) as opened:
            yield opened
        self._lose()

    async def commit(
        self, statement: str, deadline: float = 5.0, /, **parameters: object
    ) -> list[Row]:
        """Commit a statement; the answer is lost where that is asked."""
        rows = await super().commit(statement, deadline, **parameters)
        if statement is AT_ONCE:
            self._lose()
        return rows

    def _lose(self) -> None:
        if self.losing:
            self.losing, self.unread = False, True
            raise errors.GraphUnavailable("the answer is lost")

    async def read(
        self, statement: Statement | LiteralString, /, deadline: float = 30.0, **parameters: object
    ) -> list[Row]:
        """Read, but for the first time after an answer was lost, and it was found that it was."""
        if self.unread and statement is not LOOK:
            self.unread = False
            raise errors.GraphUnavailable("cut off")
        return await super().read(statement, deadline, **parameters)


async def test_what_was_found_is_not_done_again(database: Database, neo4j: Running) -> None:
    """Where it cannot be gone on from there, nothing is known of it, and it is told again."""
    lost = Lost(neo4j.address, neo4j.user, neo4j.password)
    async with writing(lost) as writer:
        await writer.tell([event("ann", "0")])
        lost.losing = True
        with pytest.raises(errors.GraphUnavailable):
            await writer.tell([event("ann", "1")])
        await writer.owning.wait()

        assert codes(await writer.tell([event("ann", "1")])) == ["DUPLICATE"]
    await lost.close()

    assert len(await stored(database)) == 2


class Broken(Database):
    """A graph in which a contact of this name can never be stored."""

    name = "broken"

    async def read(
        self, statement: Statement | LiteralString, /, deadline: float = 30.0, **parameters: object
    ) -> list[Row]:
        """Read, but for the one."""
        if self.name in str(parameters.get("keys")):
            raise ZeroDivisionError
        return await super().read(statement, deadline, **parameters)


async def test_a_defect_hits_only_the_row_that_shows_it(database: Database, neo4j: Running) -> None:
    """Others that share the commit are stored."""
    broken = Broken(neo4j.address, neo4j.user, neo4j.password)
    async with writing(broken) as writer:
        good, bad = await asyncio.gather(
            writer.tell([event("ann", "1")]),
            writer.tell([event("broken", "1")]),
            return_exceptions=True,
        )
    await broken.close()

    assert isinstance(good, list)
    assert isinstance(bad, errors.Fault)
    assert set(await stored(database)) == {("ann", "1")}


async def test_a_defect_in_a_turn_does_not_end_the_server(
    database: Database, neo4j: Running
) -> None:
    """Whoever writes is told to come again, and what is due is tried again until it is judged."""
    clock = FixedClock(NOW)
    async with writing(database, clock=clock) as writer:
        await save(writer, "lately", LATELY)
        await writer.tell([event("broken", "1")])
    async with (
        Broken(neo4j.address, neo4j.user, neo4j.password) as broken,
        writing(broken, clock=clock) as writer,
    ):
        clock.advance(2 * DAY)

        async def stopped() -> bool:
            """Tell whether those who write are told so."""
            try:
                await writer.tell([event("ann", "1")])
            except errors.GraphUnavailable as error:
                return error.message.startswith("Nothing can be written")
            return False

        await until(stopped)
        broken.name = "nobody"
        await writer.owning.wait()
        assert codes(await writer.tell([event("bob", "1")])) == ["ACCEPTED"]
        assert writer.as_of() == clock.now()
