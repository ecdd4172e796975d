"""Who may write: one server at a time, fenced by a node in the graph.

Each commit begins by writing the node as it is, which takes its lock, and then looks whether it is
still ours. No row back means that another server has taken over: nothing was written.
"""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from graph import errors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graph.database import Database, Row, Transaction

SHARD: Final = 0
LEASE: Final = 7000
"""Milliseconds without a sign of life after which another server takes over."""
LOOK_WITHIN: Final = 2.5
"""Seconds; what waits for it has waited for a commit before."""

CLAIM: Final = """
MERGE (owner:Owner {shard: $shard})
ON CREATE SET owner.epoch = 0, owner.batch = 0, owner.sequence = 0
SET owner.beat = coalesce(owner.beat, 0)
WITH owner
WHERE $force OR owner.epoch = coalesce($mine, -1) OR abs(timestamp() - owner.beat) > $lease
SET owner.epoch = owner.epoch + 1, owner.beat = timestamp(), owner.server = $server
RETURN owner.epoch AS epoch, owner.batch AS batch, owner.sequence AS sequence,
  coalesce(owner.clock, 0) AS clock
"""
HOLD: Final = """
MATCH (owner:Owner {shard: $shard})
SET owner.beat = owner.beat
"""
FENCED: Final = f"""{HOLD}
WITH owner WHERE owner.epoch = $epoch AND owner.batch = $batch - 1
SET owner.beat = timestamp(), owner.batch = $batch, owner.as_of = $as_of, owner.clock = $now,
  owner.sequence = $sequence
"""
FENCE: Final = f"{FENCED}RETURN owner.batch AS batch"
GUARD: Final = f"""{HOLD}
WITH owner WHERE owner.epoch = $epoch
SET owner.beat = timestamp()
RETURN owner.epoch AS epoch
"""
BEAT: Final = f"""{HOLD}
WITH owner WHERE owner.epoch = $epoch
SET owner.beat = timestamp(), owner.as_of =
  CASE WHEN owner.as_of > $as_of THEN owner.as_of ELSE coalesce($as_of, owner.as_of) END,
  owner.clock = CASE WHEN owner.clock > $now THEN owner.clock ELSE $now END
RETURN owner.epoch AS epoch
"""
"""It may have waited for a commit of a later instant."""
RELEASE: Final = f"""{HOLD}
WITH owner WHERE owner.epoch = $epoch
SET owner.beat = 0
RETURN owner.epoch AS epoch
"""
_FOUND: Final = """
RETURN owner.epoch AS epoch, owner.batch AS batch, owner.sequence AS sequence,
  owner.as_of AS as_of, owner.clock AS clock
"""
LOOK: Final = f"MATCH (owner:Owner {{shard: $shard}}){_FOUND}"
LOOK_BEHIND: Final = f"{HOLD}{_FOUND}"
"""Behind whatever is being committed: a commit whose answer is lost may be going on."""


@dataclass(slots=True)
class Ownership:
    """This server's right to write; `batch` and `sequence` number the last commit and change.

    `clock` is the instant at which the one before wrote last, 0 where there was none.
    """

    epoch: int
    batch: int
    sequence: int = 0
    clock: int = 0

    async def fence(self, transaction: Transaction, now: int, as_of: int, sequence: int) -> None:
        """Begin the next commit.

        Raises:
            NotOwner: another server has taken over.
        """
        self.check(await transaction.run(FENCE, **self.next(now, as_of, sequence)))

    def next(self, now: int, as_of: int, sequence: int) -> dict[str, object]:
        """Return the parameters of the fence of the next commit."""
        batch = self.batch + 1
        return self._mine(batch=batch, now=now, as_of=as_of, sequence=sequence)

    def check(self, rows: Sequence[Row]) -> None:
        """Look at what a fence returned.

        Raises:
            NotOwner: another server has taken over.
        """
        if not rows:
            raise errors.NotOwner

    async def guard(self, transaction: Transaction) -> None:
        """Begin a transaction that is no commit.

        Raises:
            NotOwner: another server has taken over.
        """
        self.check(await transaction.run(GUARD, **self._mine()))

    async def beat(self, database: Database, now: int, as_of: int | None) -> None:
        """Show a sign of life, and how far the writer is; None where that is yet to be found.

        Raises:
            NotOwner: another server has taken over.
        """
        self.check(await database.commit(BEAT, **self._mine(now=now, as_of=as_of)))

    async def committed(self, database: Database) -> bool:
        """Tell whether the commit whose answer was lost is in the graph, and count it if it is.

        Raises:
            NotOwner: another server has taken over.
            GraphSilent: the graph does not tell soon.
        """
        try:
            rows = await database.commit(LOOK_BEHIND, LOOK_WITHIN, shard=SHARD)
        except errors.GraphTooSlow as error:
            raise errors.GraphSilent(error.message) from error
        if not rows or rows[0]["epoch"] != self.epoch:
            raise errors.NotOwner
        found = rows[0]["batch"] == self.batch + 1
        if found:
            self.batch, self.sequence = rows[0]["batch"], rows[0]["sequence"]
        return found

    async def release(self, database: Database) -> None:
        """Let another server take over at once.

        Raises:
            NotOwner: one has already.
        """
        self.check(await database.commit(RELEASE, **self._mine()))

    def _mine(self, **parameters: object) -> dict[str, object]:
        return {"shard": SHARD, "epoch": self.epoch, **parameters}


async def claim(
    database: Database, mine: int | None = None, *, force: bool = False
) -> Ownership | None:
    """Take over where nobody has shown a sign of life, or by force; None where somebody has.

    `mine` is the epoch of an ownership that was given up because the graph did not answer.

    Signs of life are told and read by the graph's own clock.
    """
    async with database.transaction() as transaction:
        return await claimed(transaction, mine, force=force)


async def claimed(
    transaction: Transaction, mine: int | None = None, *, force: bool = False
) -> Ownership | None:
    """Take over within a transaction, as `claim` does."""
    server = f"{socket.gethostname()}, process {os.getpid()}"
    rows = await transaction.run(
        CLAIM, shard=SHARD, lease=LEASE, mine=mine, force=force, server=server
    )
    return Ownership(**rows[0].data()) if rows else None
