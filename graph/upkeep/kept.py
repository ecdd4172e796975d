"""The engine's clock as the graph keeps it, so that time does not go back between runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graph import errors, times
from graph.upkeep.owner import SHARD, claim

if TYPE_CHECKING:
    from graph.clock import Clock
    from graph.database import Database
    from graph.upkeep.owner import Ownership

AHEAD: Final = times.MINUTE
"""Milliseconds that the kept instant may lie ahead of the clock."""

READ: Final = """
MATCH (owner:Owner {shard: $shard})
RETURN owner.clock AS clock
"""
FORGET: Final = """
MATCH (owner:Owner {shard: $shard})
WITH owner, owner.clock AS clock
REMOVE owner.clock, owner.as_of
RETURN clock
"""
EMPTY: Final = """
MATCH (segment:Segment)
SET segment.filled = '', segment.done = 0
"""
"""Who was judged at an instant that is yet to come may not meet the definition now."""


async def check_clock(database: Database, now: int) -> None:
    """Refuse a clock that lies behind the last instant of the run before.

    Raises:
        ClockBehind: by more than a minute.
    """
    rows = await database.read(READ, shard=SHARD)
    check(rows[0]["clock"] if rows else None, now)


async def claim_in_time(
    database: Database, clock: Clock, mine: int | None, *, force: bool
) -> Ownership | None:
    """Take over as `claim` does, by a clock that goes on from the last instant of the run before.

    Raises:
        ClockBehind: it is more than a minute behind that.
    """
    await check_clock(database, clock.now())
    owner = await claim(database, mine, force=force)
    if owner is not None:
        clock.go_on_from(owner.clock)
    return owner


def check(kept: int | None, now: int) -> None:
    """Refuse a clock that lies behind an instant that was kept.

    Raises:
        ClockBehind: by more than a minute.
    """
    if kept is not None and kept > now + AHEAD:
        raise errors.ClockBehind(
            f"The graph was last written at {times.instant_text(kept)}, and the clock stands at "
            f"{times.instant_text(now)}, more than a minute before: set the machine's clock, or "
            "--clock, right; or let time begin anew with `segraph doctor --reset-clock`"
        )


async def reset_clock(database: Database) -> int | None:
    """Forget the last instant and return it; None where none was kept.

    The segments are filled anew by the next server: their members are those of another time.
    """
    async with database.transaction() as transaction:
        rows = await transaction.run(FORGET, shard=SHARD)
        clock = rows[0]["clock"] if rows else None
        if clock is not None:
            await transaction.run(EMPTY)
    return clock
