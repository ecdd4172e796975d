"""The door to the graph: what is wrong is told soon and by name, and mends itself."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
from typing import TYPE_CHECKING, Any

import neo4j
import pytest

from graph import errors
from graph.database import Database, Statement
from graph.properties import native, property_value
from graph.values import Location
from tests.graph.refusing import refusal, within
from tests.proxy import Proxy, broken_within

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from graph.values import Stored
    from tests.engine import Running

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("collected")]


@pytest.fixture
async def proxy(neo4j: Running) -> AsyncIterator[Proxy]:
    """Stand before the graph of the run."""
    async with Proxy(neo4j.address) as made:
        yield made


@pytest.fixture
async def behind(proxy: Proxy, neo4j: Running) -> AsyncIterator[Database]:
    """Reach the graph through the proxy."""
    database = Database(proxy.address, neo4j.user, neo4j.password)
    yield database
    proxy.flow()
    await database.close()


async def one(database: Database) -> object:
    """Read something."""
    (row,) = await database.read("RETURN 1 AS one")
    return row["one"]


async def test_what_runs_is_named(database: Database) -> None:
    """The engine is told by name and version."""
    engine = await database.engine()

    assert engine.name == "Neo4j"
    assert engine.version.split(".")[0] in {"5", "2026"}


async def test_a_graph_that_is_down(proxy: Proxy) -> None:
    """A port where nobody listens is named."""
    async with Proxy(proxy.address) as gone:
        address = gone.address
    error = await refusal(Database(address))

    assert isinstance(error, errors.GraphUnavailable)
    assert error.message == (
        f"The graph at {address} does not answer: nothing listens there; start it, or mend the "
        "address"
    )


async def test_a_graph_that_is_silent(proxy: Proxy, neo4j: Running) -> None:
    """One that takes the connection and never answers is given up."""
    proxy.stall()
    error = await refusal(Database(proxy.address, neo4j.user, neo4j.password))

    assert error.message == f"The graph at {proxy.address} did not answer within 5 s"


async def test_a_graph_that_is_too_old(proxy: Proxy, neo4j: Running, database: Database) -> None:
    """A version before the oldest that is supported is refused by name."""
    version = (await database.engine()).version
    old = "4.4" + "9" * (len(version) - 3)
    proxy.rewritten = lambda data: data.replace(version.encode(), old.encode())
    error = await refusal(Database(proxy.address, neo4j.user, neo4j.password))

    assert isinstance(error, errors.GraphTooOld)
    assert error.message == (
        f"The graph at {proxy.address} is Neo4j/{old}; Segraph needs Neo4j 5.26 LTS or a calendar "
        "version"
    )


async def test_a_password_that_is_refused(neo4j: Running) -> None:
    """A wrong password is told with the settings that hold it; it is not shown."""
    error = await refusal(Database(neo4j.address, "nobody", "wrong-password"))

    assert isinstance(error, errors.GraphRefused)
    assert error.message == (
        f"The graph at {neo4j.address} refuses the user or the password; "
        "set SEGRAPH_USER and SEGRAPH_PASSWORD"
    )


async def test_a_database_that_is_not_there(neo4j: Running) -> None:
    """A database of another name is told with the setting that names it."""
    error = await refusal(Database(neo4j.address, neo4j.user, neo4j.password, name="other"))

    assert isinstance(error, errors.GraphRefused)
    assert error.message == (
        f"The graph at {neo4j.address} has no database 'other'; set SEGRAPH_DATABASE"
    )


async def test_a_connection_that_falls_silent(proxy: Proxy, behind: Database) -> None:
    """A half-open connection is given up within six seconds, and the next reading goes well."""
    await one(behind)
    proxy.stall()

    with within(6), pytest.raises(errors.GraphUnavailable) as caught:
        await one(behind)
    proxy.flow()

    assert caught.value.message == (
        f"The graph at {proxy.address} is silent: it gave no sign of life"
    )
    assert await one(behind) == 1


async def test_a_connection_that_is_cut(proxy: Proxy, behind: Database) -> None:
    """A reading whose connection was reset is done again on another."""
    await one(behind)
    proxy.cut()

    assert await one(behind) == 1


async def test_a_graph_that_comes_back(proxy: Proxy, behind: Database) -> None:
    """While no connection is taken readings fail; afterwards they go well again."""
    proxy.refusing = True
    with within(6), pytest.raises(errors.GraphUnavailable):
        await one(behind)
    proxy.refusing = False

    assert await one(behind) == 1


async def test_a_slow_network_is_waited_for(proxy: Proxy, behind: Database) -> None:
    """Slowness alone is no error."""
    proxy.delay = 0.05

    assert await one(behind) == 1


async def test_a_statement_has_a_deadline(database: Database) -> None:
    """The graph ends what takes too long."""
    with within(6), pytest.raises(errors.GraphTooSlow):
        await database.read("UNWIND range(1, 1000000000) AS n RETURN sum(n) AS n", 0.5)


async def test_a_writing_transaction_has_a_deadline(database: Database) -> None:
    """The graph ends a transaction whose writer sleeps, so that its locks are freed."""

    async def sleep() -> None:
        """Hold a transaction open for longer than it may be."""
        async with database.transaction(0.5) as transaction:
            await transaction.run("CREATE (:Source {key: 'x'})")
            await asyncio.sleep(1.5)
            await transaction.run("CREATE (:Source {key: 'y'})")

    with pytest.raises(errors.GraphTooSlow):
        await sleep()

    assert await database.read("MATCH (n:Source) RETURN n") == []


async def test_an_error_rolls_back(database: Database) -> None:
    """What goes wrong within a transaction leaves nothing behind."""

    async def fail() -> None:
        """Break off in a transaction."""
        async with database.transaction() as transaction:
            await transaction.run("CREATE (:Source {key: 'x'})")
            raise ValueError("mine")

    with pytest.raises(ValueError, match="mine"):
        await fail()

    assert await database.read("MATCH (n:Source) RETURN n") == []


async def test_a_defect_is_no_fault_of_the_graph(database: Database) -> None:
    """A statement that the graph does not understand is a defect of ours."""
    with pytest.raises(errors.Fault, match="SyntaxError"):
        await database.read("RETURN")


async def test_a_failure_within_the_graph_is_a_fault(proxy: Proxy, behind: Database) -> None:
    """What the graph says of itself is for the log; it is done once, and nothing is forgotten."""
    proxy.rewritten = broken_within
    with pytest.raises(errors.Fault) as caught:
        await behind.read("CALL no.such.procedure()")

    assert caught.value.message.startswith("Neo.DatabaseError.Statement.ExecutionFailed: ")
    assert await one(behind) == 1


async def test_a_transaction_in_a_circle_is_passing(database: Database) -> None:
    """Of two that wait for one another one is ended, and may be told again."""
    await database.change("CREATE (:Source {key: 'a'}), (:Source {key: 'b'})")
    lock = "MATCH (n:Source {key: $key}) SET n.x = 1"
    first, second = asyncio.Event(), asyncio.Event()

    async def writes(keys: str, mine: asyncio.Event, other: asyncio.Event) -> bool:
        """Write two nodes in an order."""
        try:
            async with database.transaction() as transaction:
                await transaction.run(lock, key=keys[0])
                mine.set()
                await other.wait()
                await transaction.run(lock, key=keys[1])
        except errors.GraphUnavailable:
            return False
        return True

    done = await asyncio.gather(writes("ab", first, second), writes("ba", second, first))

    assert sorted(done) == [False, True]


async def test_a_stream_gives_all_rows(database: Database) -> None:
    """Rows come in order, whatever the size of a batch; one may stop in the middle."""
    numbers = Statement("UNWIND range(1, $n) AS n RETURN n", {"n": 25})
    found = [row["n"] async for row in database.stream(numbers, 10)]
    async with contextlib.aclosing(database.stream(numbers, 10)) as rows:
        first = await anext(rows)

    assert found == list(range(1, 26))
    assert first["n"] == 1


async def test_bookmarks_are_carried(database: Database) -> None:
    """Each session begins after what was written before; a bookmark of no use is dropped."""
    await database.change("CREATE (:Source {key: 'x'})")
    kept: Any = database._bookmarks  # pyright: ignore[reportPrivateUsage]
    written = set(await kept.get_bookmarks())
    await kept.update_bookmarks(written, {"nonsense"})

    with pytest.raises(errors.SegraphError):
        await one(database)

    assert written
    assert await one(database) == 1


async def test_a_plan_is_explained(database: Database) -> None:
    """The root of a plan is its last operator."""
    plan = await database.explain(Statement("RETURN $x AS x", {"x": 1}))

    assert plan["operatorType"].startswith("ProduceResults")


@pytest.mark.parametrize(
    "value",
    [
        True,
        2**63 - 1,
        -(2**63),
        0.1,
        "text \u202e \U0001f600",
        dt.date(2024, 2, 29),
        dt.datetime(2024, 2, 29, 23, 59, 59, 999000, dt.UTC),
        ("a", "b"),
        (1, 2.5),
        (),
        Location(48.1, 11.5),
    ],
    ids=repr,
)
async def test_values_come_back_as_they_went(database: Database, value: Stored) -> None:
    """A value keeps its type."""
    query = "CREATE (n:Source {key: 'x'}) SET n += $row RETURN n.value AS value"
    async with database.transaction() as transaction:
        (row,) = await transaction.run(query, row={"value": property_value(value)})

    found = native(row["value"])

    assert found == value
    assert type(found) is type(value)


async def test_closing_does_not_wait_for_the_silent(proxy: Proxy, neo4j: Running) -> None:
    """A connection that does not say goodbye is dropped."""
    database = Database(proxy.address, neo4j.user, neo4j.password)
    await one(database)
    proxy.stall()

    with within(6):
        await database.close()


def test_passing_values_through_needs_no_graph() -> None:
    """What the graph holds as we do is left alone."""
    parsed: Callable[[object], object] = native

    assert parsed(None) is None
    assert property_value(None) is None
    assert parsed([neo4j.time.Date(2024, 2, 29)]) == (dt.date(2024, 2, 29),)
