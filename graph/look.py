"""One operation's look at the graph: all its statements see the same commits, or it is told so."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any, Final, LiteralString

from graph.catalogue import read_catalogue
from graph.upkeep.owner import HOLD, LOOK, SHARD

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Mapping

    from graph.catalogue import Catalogue
    from graph.database import Database, Reader, Row, Statement

HELD_FOR: Final = 4.0
"""Seconds; a commit that waits for longer is given up by the graph."""


class Look:
    """Reads the graph and knows whether anything was committed between its statements."""

    def __init__(self, database: Database, settled: Callable[[], int | None]) -> None:
        """Begin; `settled` returns the number of the last commit where it is known for sure."""
        self._database = database
        self._settled = settled
        self._statements = 0
        self._batch: int | None = None
        self._noted = asyncio.Event()

    async def read(
        self, statement: Statement | LiteralString, /, deadline: float = 30.0, **parameters: object
    ) -> list[Row]:
        """Return all rows of a reading statement."""
        await self.begin()
        return await self._database.read(statement, deadline, **parameters)

    async def begin(self) -> None:
        """Note the last commit, before anything is read, be it from memory."""
        self._statements += 1
        if self._statements == 1:
            try:
                self._batch = await self._last_commit()
            finally:
                self._noted.set()
        await self._noted.wait()

    async def explain(self, statement: Statement) -> Mapping[str, Any]:
        """Return the plan's root as the driver gives it; nothing is read for it."""
        return await self._database.explain(statement)

    async def consistent(self) -> bool:
        """Tell whether all that was read is of one state of the graph."""
        return self._statements <= 1 or self._batch == await self._last_commit()

    async def _last_commit(self) -> int:
        settled = self._settled()
        if settled is not None:
            return settled
        rows = await self._database.read(LOOK, shard=SHARD)
        return rows[0]["batch"] if rows else 0


class Segments:
    """The saved segments: read again only once anything was committed."""

    def __init__(self) -> None:
        self._commit: tuple[int, int] | None = None
        self._found: Catalogue = {}

    async def read(self, database: Reader) -> Catalogue:
        """Return all of them by key, archived ones too."""
        rows = await database.read(LOOK, shard=SHARD)
        commit = (rows[0]["epoch"], rows[0]["batch"]) if rows else None
        if commit is not None and commit == self._commit:
            return self._found
        found = await read_catalogue(database)
        self._found, self._commit = found, commit
        return found


@contextlib.asynccontextmanager
async def held(database: Database) -> AsyncGenerator[None]:
    """Let nothing be committed meanwhile, by the lock that each commit takes first.

    Raises:
        GraphTooSlow: it was held for longer than commits may wait.
    """
    async with database.transaction(HELD_FOR) as transaction:
        await transaction.run(HOLD, shard=SHARD)
        yield
