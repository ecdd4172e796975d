"""`engaged`: several contents of a topic cluster, said in terms of `did`."""

from __future__ import annotations

import pytest
from inline_snapshot import snapshot

from tests.graph.conditions import said
from tests.graph.conditions.said import Row

ROWS = {
    "topic": Row(
        {"engaged": {"topic": "pricing"}},
        snapshot("engaged with content in topic “pricing”"),
        snapshot("did not engage with content in topic “pricing”"),
        snapshot("""\
WITH COLLECT {
  MATCH (:Topic {key:
    'pricing'})<-[:PART_OF*0..16]-(:Topic)<-[:ABOUT]-(thing:Content)
  RETURN DISTINCT thing
} AS things
EXISTS {
  MATCH (contact)-[e:NO_EVENT]->(thing:Content)
  WHERE e.at <= 1781524800000
  AND thing IN things
}\
"""),
    ),
    "full": Row(
        {
            "engaged": {
                "topic": "pricing",
                "contents": 3,
                "with": ["Viewed", "Clicked"],
                "within": {"last": "P30D"},
            }
        },
        snapshot("""\
engaged with at least 3 different pieces of content in topic “pricing” (by “Viewed”
    or “Clicked”) in the last 30 days\
"""),
        snapshot("""\
did not engage with at least 3 different pieces of content in topic “pricing” (by
    “Viewed” or “Clicked”) in the last 30 days\
"""),
        snapshot("""\
WITH COLLECT {
  MATCH (:Topic {key:
    'pricing'})<-[:PART_OF*0..16]-(:Topic)<-[:ABOUT]-(thing:Content)
  RETURN DISTINCT thing
} AS things
EXISTS {
  MATCH (contact)-[e:CLICKED|VIEWED]->(thing:Content)
  WHERE e.at >= 1778932800001
  AND e.at <= 1781524800000
  AND thing IN things
  WITH DISTINCT thing AS counted SKIP 2 LIMIT 1
  RETURN counted
}\
"""),
    ),
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_it_is_said(row: Row) -> None:
    """It has an English text, a contrary one, and a predicate in Cypher."""
    assert said.row(row.where) == row
