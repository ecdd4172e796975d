"""Write who came in and who left, the log of it, the sizes, and who is due when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from graph.database import Transaction
    from graph.upkeep.judge import Judged

MEMBERSHIPS: Final = """
CALL () {
  UNWIND $judged.ended AS row
  MATCH ()-[of:MEMBER_OF {segment: row.segment, contact: row.contact}]->()
  USING INDEX SEEK of:MEMBER_OF(segment, contact)
  DELETE of
}
CALL () {
  UNWIND $judged.opened AS row
  MATCH (contact:Contact {key: row.contact})
  USING INDEX SEEK contact:Contact(key)
  MATCH (segment:Segment {key: row.segment})
  USING INDEX SEEK segment:Segment(key)
  CREATE (contact)-[of:MEMBER_OF]->(segment)
  SET of = row
}
CALL () {
  UNWIND $judged.closed AS row
  MATCH (contact:Contact {key: row.contact})
  USING INDEX SEEK contact:Contact(key)
  MATCH (segment:Segment {key: row.segment})
  USING INDEX SEEK segment:Segment(key)
  CREATE (contact)-[was:WAS_MEMBER]->(segment)
  SET was = row
}
CALL () {
  UNWIND $judged.changes AS row
  CREATE (change:Change)
  SET change = row
}
CALL () {
  UNWIND $judged.sizes AS row
  MATCH (segment:Segment {key: row.segment})
  USING INDEX SEEK segment:Segment(key)
  SET segment.size = coalesce(segment.size, 0) + row.more
}
CALL () {
  UNWIND $judged.dues AS row
  MATCH (contact:Contact {key: row.key})
  USING INDEX SEEK contact:Contact(key)
  SET contact._due = row.due, contact._marked = null, contact._why = null
}
"""
JUDGED: Final = f"CYPHER replan=skip\n{MEMBERSHIPS}"
"""One statement: each costs the graph half a millisecond, whatever it does. Its plan is made once,
of the hints alone: made anew as counts change, it would hold up the writer for 200 ms. So it would
with each list as a parameter: a plan is kept for lists of the same lengths, in powers of ten."""
FAILED: Final = """
UNWIND $lists.rows AS row
MATCH (segment:Segment {key: row.key})
SET segment.failure = row.failure,
    segment.kept_until = CASE WHEN segment.filled IS NULL THEN $now - 1 ELSE segment.kept_until END
"""


async def write_memberships(transaction: Transaction, judged: Judged) -> None:
    """Write what was judged; the caller has fenced the transaction, and written the contacts."""
    if judged.changes or judged.dues:
        await transaction.run(JUDGED, judged=rows_of(judged))
    if judged.failed:
        failed = [{"key": key, "failure": failure} for key, failure in judged.failed.items()]
        await transaction.run(FAILED, rows=failed, now=judged.now)


def rows_of(judged: Judged) -> dict[str, object]:
    """Return what was judged as the statement takes it."""
    return {
        "ended": [{"contact": contact, "segment": segment} for contact, segment in judged.ended],
        "opened": [
            {"contact": contact, "segment": segment, "since": since}
            for (contact, segment), since in judged.opened.items()
        ],
        "closed": [
            {"contact": contact, "segment": segment, "since": since, "until": until}
            for (contact, segment), since, until in judged.closed
        ],
        "changes": [change.row() for change in judged.changes],
        "sizes": [{"segment": key, "more": more} for key, more in judged.sizes.items() if more],
        "dues": [{"key": key, "due": due} for key, due in judged.dues.items()],
    }
