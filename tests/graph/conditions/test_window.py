"""Windows: the instants that are in, as Cypher has them and as they are said."""

from __future__ import annotations

import pytest
from inline_snapshot import snapshot

from tests.graph.conditions import said
from tests.graph.conditions.said import Row

ROWS = {
    "last": Row(
        {"did": {"event": "Viewed", "within": {"last": "P14D"}}},
        snapshot("did “Viewed” in the last 14 days"),
        snapshot("did not do “Viewed” in the last 14 days"),
        snapshot("""\
EXISTS {
  MATCH (contact)-[e:VIEWED]->(thing)
  WHERE e.at >= 1780315200001
  AND e.at <= 1781524800000
}\
"""),
    ),
    "between": Row(
        {"did": {"event": "Viewed", "within": {"between": {"from": "P60D", "to": "P1DT6H"}}}},
        snapshot("did “Viewed” from 60 days ago to 1 day and 6 hours ago"),
        snapshot("did not do “Viewed” from 60 days ago to 1 day and 6 hours ago"),
        snapshot("""\
EXISTS {
  MATCH (contact)-[e:VIEWED]->(thing)
  WHERE e.at >= 1776340800001
  AND e.at <= 1781416800000
}\
"""),
    ),
    "between-open": Row(
        {"did": {"event": "Viewed", "within": {"between": {"to": "P30D"}}}},
        snapshot("did “Viewed” 30 days ago or earlier"),
        snapshot("did not do “Viewed” 30 days ago or earlier"),
        snapshot("""\
EXISTS {
  MATCH (contact)-[e:VIEWED]->(thing)
  WHERE e.at <= 1778932800000
}\
"""),
    ),
    "since": Row(
        {"did": {"event": "Viewed", "within": {"since": "2026-06-01T00:00:00Z"}}},
        snapshot("did “Viewed” since 1 June 2026"),
        snapshot("did not do “Viewed” since 1 June 2026"),
        snapshot("""\
EXISTS {
  MATCH (contact)-[e:VIEWED]->(thing)
  WHERE e.at >= 1780272000000
  AND e.at <= 1781524800000
}\
"""),
    ),
    "during": Row(
        {
            "did": {
                "event": "Viewed",
                "within": {
                    "during": {"from": "2026-06-01T00:00:00Z", "to": "2026-06-02T10:00:00.5Z"}
                },
            }
        },
        snapshot("did “Viewed” from 1 June 2026 to 2 June 2026 10:00:00.500 UTC"),
        snapshot("did not do “Viewed” from 1 June 2026 to 2 June 2026 10:00:00.500 UTC"),
        snapshot("""\
EXISTS {
  MATCH (contact)-[e:VIEWED]->(thing)
  WHERE e.at >= 1780272000000
  AND e.at <= 1780394400499
}\
"""),
    ),
    "of-first": Row(
        {
            "did": {
                "event": "Viewed",
                "within": {"ofFirst": {"event": "Signed Up", "within": "P7D"}},
            }
        },
        snapshot("did “Viewed” within 7 days of the first “Signed Up”"),
        snapshot("did not do “Viewed” within 7 days of the first “Signed Up”"),
        snapshot("""\
EXISTS {
  MATCH (contact)-[first:SIGNED_UP]->()
  WHERE first.at <= $t
  WITH contact, min(first.at) AS start
  MATCH (contact)-[e:VIEWED]->(thing)
  WHERE e.at >= start
  AND e.at <= start + 604800000
  AND e.at <= $t
}\
"""),
    ),
    "calendar-day": Row(
        {"did": {"event": "Viewed", "within": {"calendar": {"unit": "DAY", "count": 1}}}},
        snapshot("did “Viewed” in the last whole day and the current one (UTC time)"),
        snapshot("did not do “Viewed” in the last whole day and the current one (UTC time)"),
        snapshot("""\
EXISTS {
  MATCH (contact)-[e:VIEWED]->(thing)
  WHERE e.at >= 1781395200000
  AND e.at <= 1781524800000
}\
"""),
    ),
    "calendar-whole-weeks": Row(
        {
            "did": {
                "event": "Viewed",
                "within": {"calendar": {"unit": "WEEK", "count": 2, "current": False}},
            }
        },
        snapshot("did “Viewed” in the last 2 whole weeks (UTC time)"),
        snapshot("did not do “Viewed” in the last 2 whole weeks (UTC time)"),
        snapshot("""\
EXISTS {
  MATCH (contact)-[e:VIEWED]->(thing)
  WHERE e.at >= 1780272000000
  AND e.at <= 1781481599999
}\
"""),
    ),
    "calendar-month": Row(
        {"did": {"event": "Viewed", "within": {"calendar": {"unit": "MONTH", "count": 0}}}},
        snapshot("did “Viewed” in the current month (UTC time)"),
        snapshot("did not do “Viewed” in the current month (UTC time)"),
        snapshot("""\
EXISTS {
  MATCH (contact)-[e:VIEWED]->(thing)
  WHERE e.at >= 1780272000000
  AND e.at <= 1781524800000
}\
"""),
    ),
    "calendar-quarters": Row(
        {
            "did": {
                "event": "Viewed",
                "within": {"calendar": {"unit": "QUARTER", "count": 3, "zone": "Asia/Tokyo"}},
            }
        },
        snapshot("did “Viewed” in the last 3 whole quarters and the current one (Asia/Tokyo time)"),
        snapshot("""\
did not do “Viewed” in the last 3 whole quarters and the current one (Asia/Tokyo
    time)\
"""),
        snapshot("""\
EXISTS {
  MATCH (contact)-[e:VIEWED]->(thing)
  WHERE e.at >= 1751295600000
  AND e.at <= 1781524800000
}\
"""),
    ),
    "calendar-years": Row(
        {
            "did": {
                "event": "Viewed",
                "within": {"calendar": {"unit": "YEAR", "count": 5000, "current": False}},
            }
        },
        snapshot("did “Viewed” in the last 5000 whole years (UTC time)"),
        snapshot("did not do “Viewed” in the last 5000 whole years (UTC time)"),
        snapshot("""\
EXISTS {
  MATCH (contact)-[e:VIEWED]->(thing)
  WHERE e.at >= -62135596800000
  AND e.at <= 1767225599999
}\
"""),
    ),
    "calendar-own": Row(
        {
            "did": {
                "event": "Viewed",
                "within": {"calendar": {"unit": "DAY", "count": 0, "zone": "CONTACT"}},
            }
        },
        snapshot("did “Viewed” in the current day (their own time)"),
        snapshot("did not do “Viewed” in the current day (their own time)"),
        snapshot("""\
EXISTS {
  MATCH (contact)-[e:VIEWED]->(thing)
  WHERE e.at >= 1781442000000
  AND e.at <= 1781524800000
  AND any(window IN [coalesce($windows[CASE WHEN False OR coalesce(contact._told <=
    $t, true) THEN contact.zone ELSE head(COLLECT { MATCH
    (contact)-[told:TRAIT_CHANGED]->(:Trait {name: 'zone'}) WHERE told.at <= $t
    RETURN told.value ORDER BY told.at DESC LIMIT 1 }) END], $windows.UTC)] WHERE
    e.at >= window[0] AND e.at <= window[1])
}\
"""),
    ),
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_it_is_said(row: Row) -> None:
    """It has an English text, a contrary one, and a predicate in Cypher."""
    assert said.row(row.where) == row
