"""Set members right that are not as the definitions say: whoever is wrong is judged anew.

It is done as any owner does it: the graph is taken over, and given back. A server that writes
meanwhile loses it for as long, reads everything anew, and judges whoever is left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graph import errors
from graph.changes import Cause
from graph.clock import FixedClock
from graph.upkeep.batch import Store
from graph.upkeep.marks import SELVES
from graph.upkeep.owner import LOOK, SHARD, Ownership, claimed
from graph.upkeep.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graph.database import Database, Transaction
    from graph.upkeep.limits import Limits

ONCE: Final = """
UNWIND $lists.keys AS key
MATCH (contact:Contact {key: key})-[of:MEMBER_OF]->()
WITH key, of.segment AS segment, of ORDER BY of.since
WITH key, segment, collect(of) AS stays
UNWIND tail(stays) AS again
DELETE again
"""
"""Of several edges that say the same, the oldest stays."""
RECOUNT: Final = """
UNWIND $lists.segments AS key
MATCH (segment:Segment {key: key})
SET segment.size =
  COUNT { MATCH ()-[of:MEMBER_OF]->() WHERE of.segment = key AND of.contact > '' }
"""
TOGETHER: Final = 2000


async def repair(
    database: Database, contacts: Sequence[str], segments: Sequence[str], limits: Limits
) -> None:
    """Judge contacts anew, and count the members of segments anew.

    No time passes for it: they are judged as of the last instant that the writer wrote at.

    Raises:
        GraphUnavailable: the graph does not answer; what was marked by then is judged later.
    """
    for start in range(0, max(1, len(contacts)), TOGETHER):
        async with database.transaction() as transaction:
            owner, now = await _taken_over(transaction)
            keys = contacts[start : start + TOGETHER]
            await transaction.run(ONCE, keys=keys)
            await transaction.run(RECOUNT, segments=segments)
            await transaction.run(SELVES, keys=keys, now=now, why=Cause.REPAIR.value)
        owner.batch += 1
        turns = Turns(FixedClock(now), Store(database, limits))
        try:
            await turns.reload(owner)
            await turns.work_off(owner, now)
            await owner.release(database)
        except errors.NotOwner:
            continue  # a server has taken over, and judges them


async def _taken_over(transaction: Transaction) -> tuple[Ownership, int]:
    """Take the graph over by force; return the ownership, and the last instant."""
    owner = await claimed(transaction, force=True)
    (row,) = await transaction.run(LOOK, shard=SHARD)
    if owner is None:
        raise errors.NotOwner
    now = row["clock"] or 0
    as_of = now if row["as_of"] is None else row["as_of"]
    await owner.fence(transaction, now, as_of, owner.sequence)
    return owner, now
