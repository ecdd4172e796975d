"""A door to the graph through which a process may be dropped, cut off or held at any await."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from graph.database import DEADLINE, Database, Transaction

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator
    from typing import LiteralString

    from graph.database import Row, Statement


class Dropped(BaseException):
    """The process is no more; nobody catches it."""


class Mortal(Database):
    """The graph, until something happens at a moment: before or after each thing that is asked."""

    def __init__(self, address: str, user: str, password: str) -> None:
        super().__init__(address, user, password)
        self._left: int | None = None
        self._error: BaseException = Dropped()
        self._going = asyncio.Event()
        self._going.set()
        self.held = asyncio.Event()
        self.dead = False

    def fail(self, after: int, error: BaseException) -> None:
        """Raise an error after so many moments, once, or ever since where the process is dropped.

        A commit that fails before its moment is lost, and one that fails after it is not: then its
        answer is.
        """
        self._left, self._error = after, error

    @property
    def armed(self) -> bool:
        """Whether something is yet to happen."""
        return self._left is not None

    def spare(self) -> None:
        """Let nothing happen that was to."""
        self._left = None

    def hold(self) -> None:
        """Let nothing be written from the next commit on, as while a process is paused."""
        self._going.clear()
        self.held.clear()

    def go_on(self) -> None:
        """Let everything through again."""
        self._going.set()

    async def read(
        self, statement: Statement | LiteralString, /, deadline: float = 30.0, **parameters: object
    ) -> list[Row]:
        """Read, with a moment before and one after."""
        self.moment()
        rows = await super().read(statement, deadline, **parameters)
        self.moment()
        return rows

    async def commit(
        self, statement: str, deadline: float = 5.0, /, **parameters: object
    ) -> list[Row]:
        """Commit a statement, with a moment before and one after."""
        await self._let_through()
        self.moment()
        rows = await super().commit(statement, deadline, **parameters)
        self.moment()
        return rows

    @contextlib.asynccontextmanager
    async def transaction(self, deadline: float = DEADLINE) -> AsyncGenerator[Transaction]:
        """Open a writing transaction; each statement, and the commit, is between two moments."""
        await self._let_through()
        self.moment()
        async with super().transaction(deadline) as transaction:
            yield Watched(transaction, self)
            self.moment()
        self.moment()

    async def _let_through(self) -> None:
        if not self._going.is_set():
            self.held.set()
            await self._going.wait()

    def moment(self) -> None:
        """Let happen what is to at this moment."""
        if self.dead:
            raise Dropped
        if self._left is None:
            return
        self._left -= 1
        if self._left < 0:
            self._left = None
            self.dead = isinstance(self._error, Dropped)
            raise self._error


class Watched(Transaction):
    """A transaction whose statements are between two moments each."""

    def __init__(self, transaction: Transaction, database: Mortal) -> None:
        super().__init__(transaction._transaction)
        self._database = database

    async def send(self, text: str, **parameters: object) -> AsyncIterator[Row]:
        """Send a statement, alone or before the rows of others are asked for."""
        self._database.moment()
        rows = await super().send(text, **parameters)
        self._database.moment()
        return rows
