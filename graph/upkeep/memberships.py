"""Write who came in and who left, the log of it, the sizes, and who is due when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from graph.database import Transaction
    from graph.upkeep.judge import Judged

END: Final = """
UNWIND $rows AS row
MATCH ()-[of:MEMBER_OF {segment: row.segment, contact: row.contact}]->()
DELETE of
"""
OPEN: Final = """
UNWIND $rows AS row
MATCH (contact:Contact {key: row.contact})
MATCH (segment:Segment {key: row.segment})
CREATE (contact)-[of:MEMBER_OF]->(segment)
SET of = row
"""
CLOSE: Final = """
UNWIND $rows AS row
MATCH (contact:Contact {key: row.contact})
MATCH (segment:Segment {key: row.segment})
CREATE (contact)-[was:WAS_MEMBER]->(segment)
SET was = row
"""
CHANGES: Final = """
UNWIND $rows AS row
CREATE (change:Change)
SET change = row
"""
SIZES: Final = """
UNWIND $rows AS row
MATCH (segment:Segment {key: row.segment})
SET segment.size = coalesce(segment.size, 0) + row.more
"""
DUES: Final = """
UNWIND $rows AS row
MATCH (contact:Contact {key: row.key})
SET contact._due = row.due, contact._marked = null, contact._why = null
"""
FAILED: Final = """
UNWIND $rows AS row
MATCH (segment:Segment {key: row.key})
SET segment.failure = row.failure
"""


async def write_memberships(transaction: Transaction, judged: Judged) -> None:
    """Write what was judged; the caller has fenced the transaction, and written the contacts."""
    ended = [{"contact": contact, "segment": segment} for contact, segment in judged.ended]
    opened = [
        {"contact": contact, "segment": segment, "since": since}
        for (contact, segment), since in judged.opened.items()
    ]
    closed = [
        {"contact": contact, "segment": segment, "since": since, "until": until}
        for (contact, segment), since, until in judged.closed
    ]
    sizes = [{"segment": key, "more": more} for key, more in judged.sizes.items() if more]
    dues = [{"key": key, "due": due} for key, due in judged.dues.items()]
    failed = [{"key": key, "failure": failure} for key, failure in judged.failed.items()]
    changes = [change.row() for change in judged.changes]
    for text, rows in (
        (END, ended),
        (OPEN, opened),
        (CLOSE, closed),
        (CHANGES, changes),
        (SIZES, sizes),
        (DUES, dues),
        (FAILED, failed),
    ):
        if rows:
            await transaction.run(text, rows=rows)
