"""A commit in one statement: events among nodes that are known, and what was judged.

A transaction takes three round trips, and one more for each statement in it, whatever that does. Of
a single event they would be nearly all that it costs: about 6 ms, where this takes 3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graph.upkeep.judge import Judged
from graph.upkeep.memberships import MEMBERSHIPS, rows_of
from graph.upkeep.owner import FENCED, Ownership
from graph.upkeep.watch import Watch
from graph.upkeep.write import EVENTS, KINDS, MANY, edges, known_things, new_counts

if TYPE_CHECKING:
    from graph.database import Database
    from graph.upkeep.draft import Draft
    from graph.upkeep.known import Known
    from graph.upkeep.write import Written

AT_ONCE: Final = f"""CYPHER replan=skip
{FENCED}
WITH owner
CALL () {{{EVENTS.replace("$lists.rows", "$told.events")}}}
CALL () {{{KINDS.replace("$lists.rows", "$told.kinds")}}}
{MEMBERSHIPS}
RETURN 1 / CASE count WHEN size($told.events) THEN 1 ELSE 0 END AS written
"""
"""Where a node is gone, so that not all events are written, it divides by zero: all is undone."""


def ends(draft: Draft, judged: Judged, known: Known) -> Written | None:
    """Return the nodes of the few events that a batch is of; None where it is of more."""
    if judged.failed or not draft.only_events or len(draft.new) >= MANY:
        return None
    written, missing = known_things(draft, known)
    return None if missing else written


async def plan(database: Database) -> None:
    """Have the graph plan such a commit, by one of nobody's: nothing is written."""
    nobody = Ownership(epoch=-1, batch=0).next(0, 0, 0)
    nothing = rows_of(Judged(0, 0, Watch()))
    await database.commit(AT_ONCE, **nobody, told={"events": [], "kinds": []}, judged=nothing)


async def commit(
    database: Database,
    owner: Ownership,
    as_of: int,
    judged: Judged,
    draft: Draft | None = None,
    written: Written | None = None,
) -> None:
    """Commit what was judged, and the events of a batch whose nodes are known.

    Raises:
        NotOwner: another server has taken over.
        Fault: a node that was known is gone; nothing was committed.
    """
    events, kinds = [], []
    if draft is not None and written is not None:
        events, kinds = edges(draft.new.values(), draft, written, judged.now), new_counts(draft)
    rows = await database.commit(
        AT_ONCE,
        **owner.next(judged.now, as_of, judged.sequence),
        told={"events": events, "kinds": kinds},
        judged=rows_of(judged),
    )
    owner.check(rows)
