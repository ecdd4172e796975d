"""The one door to the graph: read, write, stream; driver errors become ours."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, LiteralString, Protocol, TypeAlias, cast

import neo4j
import neo4j.spatial
import neo4j.time
from neo4j import exceptions as driver_errors

from graph import errors
from graph.values import Location

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from graph.values import Stored

Row: TypeAlias = neo4j.Record
OLDEST = (5, 26)
DEADLINE = 5.0


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
    """A graph at an address. Every call ends within its deadline, in seconds."""

    def __init__(
        self, address: str, user: str = "neo4j", password: str = "", *, name: str = "neo4j"
    ) -> None:
        self.address = address
        self._name = name
        # The driver's options are untyped keyword arguments.
        self._driver: Any = cast("Any", neo4j.AsyncGraphDatabase).driver(
            address,
            auth=(user, password) if password else None,
            connection_timeout=DEADLINE,
            connection_acquisition_timeout=DEADLINE,
            max_transaction_retry_time=DEADLINE,
            liveness_check_timeout=30,
            telemetry_disabled=True,
            notifications_min_severity="OFF",
            user_agent="segraph",
        )

    async def close(self) -> None:
        """Close every connection."""
        await self._driver.close()

    async def engine(self) -> Engine:
        """Return what runs there, or raise why it cannot be used."""
        async with self._translated(DEADLINE):
            info = cast("neo4j.ServerInfo", await self._driver.get_server_info())
        name, _, version = info.agent.partition("/")
        if _release(version) < OLDEST:
            raise errors.GraphTooOld(
                f"The graph at {self.address} is {info.agent}; Segraph needs Neo4j "
                f"{OLDEST[0]}.{OLDEST[1]} LTS or a calendar version"
            )
        return Engine(name, version)

    async def read(
        self, statement: Statement | LiteralString, /, deadline: float = 30.0, **parameters: object
    ) -> list[Row]:
        """Return all rows of a reading statement."""
        text, values = _parts(statement, parameters)
        async with self._translated(deadline), self._session(neo4j.READ_ACCESS) as session:
            result = await session.run(
                neo4j.Query(cast("LiteralString", text), timeout=deadline), values
            )
            return [row async for row in result]

    async def explain(self, statement: Statement) -> Mapping[str, Any]:
        """Return the plan's root as the driver gives it: operatorType, args, children."""
        async with self._translated(DEADLINE), self._session(neo4j.READ_ACCESS) as session:
            result = await session.run(
                cast("LiteralString", f"EXPLAIN {statement.text}"), dict(statement.parameters)
            )
            summary = await result.consume()
        return cast("Mapping[str, Any]", cast("Any", summary).plan)

    async def stream(
        self, statement: Statement | LiteralString, /, batch: int = 1000, **parameters: object
    ) -> AsyncGenerator[Row]:
        """Yield the rows one by one, fetched by the batch; each batch has the deadline."""
        text, values = _parts(statement, parameters)
        async with self._driver.session(
            database=self._name, default_access_mode=neo4j.READ_ACCESS, fetch_size=batch
        ) as session:
            async with self._translated(30.0):
                rows = aiter(await session.run(cast("LiteralString", text), values))
            while True:
                async with self._translated(30.0):
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
        async with self._translated(deadline * 2), self._session(neo4j.WRITE_ACCESS) as session:
            transaction = await session.begin_transaction(timeout=deadline)
            async with transaction:
                yield Transaction(transaction)
                await transaction.commit()

    async def change(self, statement: LiteralString, /, **parameters: object) -> None:
        """Run one statement in a transaction of its own; for constraints and indexes."""
        async with self._translated(60.0), self._session(neo4j.WRITE_ACCESS) as session:
            result = await session.run(neo4j.Query(statement, timeout=60), parameters)
            await result.consume()

    def _session(self, access: str) -> neo4j.AsyncSession:
        return self._driver.session(database=self._name, default_access_mode=access, fetch_size=-1)

    @contextlib.asynccontextmanager
    async def _translated(self, deadline: float) -> AsyncGenerator[None]:
        try:
            async with asyncio.timeout(deadline):
                yield
        except TimeoutError as error:
            raise errors.GraphTooSlow(
                f"The graph at {self.address} did not answer within {deadline:g} s"
            ) from error
        except driver_errors.AuthError as error:
            raise errors.GraphRefused(
                f"The graph at {self.address} refuses the user or the password; "
                "set SEGRAPH_USER and SEGRAPH_PASSWORD"
            ) from error
        except _UNAVAILABLE as error:
            raise errors.GraphUnavailable(
                f"The graph at {self.address} does not answer: {error}"
            ) from error
        except driver_errors.ClientError as error:
            if (error.code or "").rpartition(".")[2] in _ENDED:
                raise errors.GraphTooSlow(
                    f"The graph at {self.address} ended a statement after {deadline:g} s"
                ) from error
            raise errors.Fault(f"{error.code}: {error.message}") from error


class Transaction:
    """A writing transaction that is open."""

    def __init__(self, transaction: neo4j.AsyncTransaction) -> None:
        self._transaction = transaction

    async def run(self, text: str, **parameters: object) -> list[Row]:
        """Run a statement and return its rows."""
        result = await self._transaction.run(cast("LiteralString", text), parameters)
        return [row async for row in result]


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


def native(value: object) -> object:
    """Return a value from the graph as `graph.values` has it."""
    match value:
        case list():
            return tuple(native(element) for element in cast("list[object]", value))
        case neo4j.time.DateTime():
            return value.to_native().astimezone(dt.UTC)
        case neo4j.time.Date():
            return value.to_native()
        case neo4j.spatial.WGS84Point():
            return Location(latitude=value.latitude, longitude=value.longitude)
        case _:
            return value


def property_value(value: Stored | None) -> object:
    """Return a value as the graph takes it for a property."""
    match value:
        case tuple():
            return list(value)
        case Location():
            return neo4j.spatial.WGS84Point((value.longitude, value.latitude))
        case _:
            return value


def _parts(
    statement: Statement | LiteralString, parameters: dict[str, object]
) -> tuple[str, dict[str, object]]:
    if isinstance(statement, Statement):
        return statement.text, {**statement.parameters, **parameters}
    return statement, parameters


def _release(version: str) -> tuple[int, int]:
    major, _, rest = version.partition(".")
    minor = rest.partition(".")[0]
    return (int(major) if major.isdigit() else 0, int(minor) if minor.isdigit() else 0)
