"""The one door to the graph: read, write, stream; driver errors become ours."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import (
    TYPE_CHECKING,
    Any,
    Final,
    LiteralString,
    Protocol,
    Self,
    TypeAlias,
    TypeVar,
    cast,
)

from graph import errors, unreachable
from graph.driver import exceptions as driver_errors
from graph.driver import neo4j
from graph.watch import Watch

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable

_T = TypeVar("_T")

Row: TypeAlias = neo4j.Record
DEADLINE: Final = 5.0
_READING: Final = 30.0
_CHANGING: Final = 60.0
_SIGN: Final = 2.0
"""Seconds in which a graph that is alive says so, whatever else it does."""
_PATIENCE: Final = 3.0
_PATIENCE_OF_WRITERS: Final = 1.0
_PAUSES: Final = (0.05, 0.2, 0.5)


@dataclass(frozen=True, slots=True)
class Statement:
    """A text of Cypher and its parameters."""

    text: str
    parameters: Mapping[str, object] = field(default_factory=dict[str, object])


@dataclass(frozen=True, slots=True)
class Engine:
    """Names the graph's software: `Neo4j/5.26.24` is `Engine("Neo4j", "5.26.24")`."""

    name: str
    version: str


class Reader(Protocol):
    """Whatever reads the graph: the door to it, or one operation's look through that door."""

    async def read(
        self, statement: Statement | LiteralString, /, deadline: float = 30.0, **parameters: object
    ) -> list[Row]:
        """Return all rows of a reading statement."""
        ...

    async def explain(self, statement: Statement) -> Mapping[str, Any]:
        """Return the plan's root as the driver gives it: operatorType, args, children."""
        ...


class Database:
    """A graph at an address. Every call ends within its deadline, in seconds.

    A graph that is silent is given up sooner: whoever waits long looks whether it is alive.
    A parameter that is a list, such as `rows`, is `$lists.rows` in a text; that of a `Statement`
    has its own name.
    """

    def __init__(
        self, address: str, user: str = "neo4j", password: str = "", *, name: str = "neo4j"
    ) -> None:
        self.address = address
        self._name = name
        self._auth = (user, password) if password else None
        self._driver = self._opened(100)
        # Of its own, so that a graph whose connections are all busy is not taken for silent.
        self._pulse = self._opened(4)
        self._bookmarks = neo4j.AsyncGraphDatabase.bookmark_manager()

    def _opened(self, connections: int) -> Any:  # noqa: ANN401 - the driver's options are untyped
        return cast("Any", neo4j.AsyncGraphDatabase).driver(
            self.address,
            auth=self._auth,
            connection_timeout=DEADLINE,
            connection_acquisition_timeout=DEADLINE,
            max_connection_pool_size=connections,
            liveness_check_timeout=30,
            telemetry_disabled=True,
            notifications_min_severity="OFF",
            user_agent="segraph",
        )

    async def __aenter__(self) -> Self:
        """Be open for a block."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close at its end."""
        await self.close()

    async def close(self) -> None:
        """Close every connection; those that do not say goodbye are dropped."""
        for driver in (self._driver, self._pulse):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_SIGN):
                    await driver.close()

    async def engine(self, deadline: float = DEADLINE) -> Engine:
        """Return what runs there, or raise why it cannot be used."""
        async with self._translated(deadline, deadline):
            try:
                info = cast("neo4j.ServerInfo", await self._pulse.get_server_info())
            except TypeError as slip:
                # The driver's own, over TLS, where what answers hangs up in its handshake.
                raise ConnectionError("handshake") from slip
        name, _, version = info.agent.partition("/")
        if told := unreachable.too_old(name, version):
            raise errors.GraphTooOld(f"The graph at {self.address} {told}")
        return Engine(name, version)

    async def read(
        self,
        statement: Statement | LiteralString,
        /,
        deadline: float = _READING,
        **parameters: object,
    ) -> list[Row]:
        """Return all rows of a reading statement."""
        text, values = _parts(statement, parameters)
        async with self._translated(deadline):
            return await _persistent(lambda: self._alone(neo4j.READ_ACCESS, text, values, deadline))

    async def explain(self, statement: Statement, *, profile: bool = False) -> Mapping[str, Any]:
        """Return the plan's root as the driver gives it: operatorType, args, children.

        With `profile` the statement runs, and each operator tells its `dbHits` and `rows`.
        """
        word = "PROFILE" if profile else "EXPLAIN"
        async with self._translated(_READING), self._session(neo4j.READ_ACCESS) as session:
            result = await session.run(
                cast("LiteralString", f"{word} {statement.text}"), dict(statement.parameters)
            )
            summary: Any = await result.consume()
        return cast("Mapping[str, Any]", summary.profile if profile else summary.plan)

    async def stream(
        self, statement: Statement | LiteralString, /, batch: int = 1000, **parameters: object
    ) -> AsyncGenerator[Row]:
        """Yield the rows one by one, fetched by the batch; each batch has the deadline."""
        text, values = _parts(statement, parameters)
        async with self._session(neo4j.READ_ACCESS, batch) as session:
            async with self._translated(_READING):
                rows = aiter(await session.run(cast("LiteralString", text), values))
            while True:
                async with self._translated(_READING):
                    row = await anext(rows, None)
                if row is None:
                    return
                yield row

    @contextlib.asynccontextmanager
    async def transaction(self, deadline: float = DEADLINE) -> AsyncGenerator[Transaction]:
        """Open a writing transaction: committed at the end, rolled back on an error.

        The server ends it at the deadline, so that a paused writer's locks are freed. Where the
        graph becomes unavailable or slow, whoever asked cannot tell whether it was committed.
        """
        async with (
            self._translated(deadline * 2, _PATIENCE_OF_WRITERS),
            self._session(neo4j.WRITE_ACCESS) as session,
        ):
            transaction = await session.begin_transaction(timeout=deadline)
            async with transaction:
                yield Transaction(transaction)
                await transaction.commit()

    async def commit(
        self, statement: str, deadline: float = DEADLINE, /, **parameters: object
    ) -> list[Row]:
        """Return the rows of a statement that is a writing transaction of its own.

        It costs one round trip where a transaction takes three and one for each statement. What the
        graph refuses is not committed; where it becomes unavailable or slow, nobody can tell.
        """
        async with self._translated(deadline * 2, _PATIENCE_OF_WRITERS):
            return await self._alone(neo4j.WRITE_ACCESS, statement, _given(parameters), deadline)

    async def change(self, statement: LiteralString, /, **parameters: object) -> None:
        """Run one statement that may be done twice, in a transaction of its own; for indexes."""
        async with self._translated(_CHANGING):
            await _persistent(
                lambda: self._alone(neo4j.WRITE_ACCESS, statement, _given(parameters), _CHANGING)
            )

    async def _alone(
        self, access: str, text: str, parameters: dict[str, object], deadline: float
    ) -> list[Row]:
        query = neo4j.Query(cast("LiteralString", text), timeout=deadline)
        async with self._session(access) as session:
            return [row async for row in await session.run(query, parameters)]

    def _session(self, access: str, batch: int = -1) -> neo4j.AsyncSession:
        return self._driver.session(
            database=self._name,
            default_access_mode=access,
            fetch_size=batch,
            bookmark_manager=self._bookmarks,
        )

    @contextlib.asynccontextmanager
    async def _translated(
        self, deadline: float, patience: float = _PATIENCE
    ) -> AsyncGenerator[None]:
        watch = Watch(self._alive, patience)
        try:
            async with asyncio.timeout(deadline) as limit:
                with watch.over(limit):
                    yield
        except TimeoutError as error:
            if watch.silent:
                raise errors.GraphSilent(
                    f"The graph at {self.address} is silent: it gave no sign of life"
                ) from error
            raise errors.GraphTooSlow(
                f"The graph at {self.address} did not answer within {deadline:g} s"
            ) from error
        except _UNAVAILABLE as error:
            self._forget_bookmarks(error)
            raise errors.GraphUnavailable(
                f"The graph at {self.address} {unreachable.why(error)}"
            ) from error
        except driver_errors.Neo4jError as error:
            self._forget_bookmarks(error)
            raise self._of_statement(error, deadline) from error

    async def _alive(self) -> bool:
        try:
            async with asyncio.timeout(_SIGN):
                await self._pulse.get_server_info()
        except (TimeoutError, *_UNAVAILABLE):
            return False
        except driver_errors.Neo4jError:
            return True  # whoever waits is told so himself
        return True

    def _of_statement(
        self, error: driver_errors.Neo4jError, deadline: float
    ) -> errors.SegraphError:
        """Return the error that the graph's answer to a statement means."""
        code = error.code or ""
        if told := unreachable.refused(code, self._name):
            return errors.GraphRefused(f"The graph at {self.address} {told}")
        if code.rpartition(".")[2] in _ENDED:
            return errors.GraphTooSlow(
                f"The graph at {self.address} ended a statement after {deadline:g} s"
            )
        if code == "Neo.ClientError.Transaction.Terminated":
            return errors.GraphUnavailable(
                f"The graph at {self.address} ended a statement: {error.message}"
            )
        return errors.Fault(f"{code}: {error.message}")

    def _forget_bookmarks(self, error: Exception) -> None:
        """Begin anew where the graph knows nothing of what was read or written before."""
        if "Bookmark" in (getattr(error, "code", None) or ""):
            self._bookmarks = neo4j.AsyncGraphDatabase.bookmark_manager()


async def _persistent(work: Callable[[], Awaitable[_T]]) -> _T:
    """Do what may be done twice; once more where a connection was cut or a lock was in the way."""
    for pause in _PAUSES:
        try:
            return await work()
        except (driver_errors.Neo4jError, driver_errors.DriverError) as error:
            if not error.is_retryable():
                raise
            await asyncio.sleep(pause)
    return await work()


class Transaction:
    """A writing transaction that is open; a list is a parameter as for `Database`."""

    def __init__(self, transaction: neo4j.AsyncTransaction) -> None:
        self._transaction = transaction

    async def run(self, text: str, **parameters: object) -> list[Row]:
        """Run a statement and return its rows."""
        return [row async for row in await self.send(text, **parameters)]

    async def send(self, text: str, **parameters: object) -> AsyncIterator[Row]:
        """Send a statement; others may be sent before its rows are asked for."""
        return aiter(await self._transaction.run(cast("LiteralString", text), _given(parameters)))


# A transaction that runs too long is told of the second where it waits for a lock.
_ENDED = frozenset(
    {"TransactionTimedOut", "TransactionTimedOutClientConfiguration", "LockClientStopped"}
)
_UNAVAILABLE = (
    driver_errors.ServiceUnavailable,
    driver_errors.SessionExpired,
    driver_errors.TransientError,
    driver_errors.DriverError,
    OSError,
)


_LISTS = (list, tuple)


def _parts(
    statement: Statement | LiteralString, parameters: dict[str, object]
) -> tuple[str, dict[str, object]]:
    if isinstance(statement, Statement):
        return statement.text, {**statement.parameters, **parameters}
    return statement, _given(parameters)


def _given(parameters: Mapping[str, object]) -> dict[str, object]:
    """Return parameters with those that are lists in one map, `$lists`.

    A text is planned anew for each magnitude of a list's length, but not of one within a map.
    """
    lists = {name: value for name, value in parameters.items() if type(value) in _LISTS}
    others = {name: value for name, value in parameters.items() if name not in lists}
    return {**others, "lists": lists}
