"""`did`: how often, with how many different things, values or days."""

from __future__ import annotations

import pytest
from inline_snapshot import snapshot

from tests.graph.conditions import said
from tests.graph.conditions.said import Row

ROWS = {
    "once": Row(
        {"did": {"event": "Viewed"}},
        snapshot("did “Viewed”"),
        snapshot("did not do “Viewed”"),
        snapshot("""\
EXISTS {
  MATCH (contact)-[e:VIEWED]->(thing)
  WHERE e.at <= 1781524800000
}\
"""),
    ),
    "anything": Row(
        {"did": {}},
        snapshot("did something"),
        snapshot("did not do anything"),
        snapshot("""\
EXISTS {
  MATCH (contact)-[e]->(thing)
  WHERE e.id IS NOT NULL
  AND e.at <= 1781524800000
}\
"""),
    ),
    "never": Row(
        {"did": {"event": "Viewed", "exactly": 0}},
        snapshot("did not do “Viewed”"),
        snapshot("did “Viewed”"),
        snapshot("""\
NOT (EXISTS {
  MATCH (contact)-[e:VIEWED]->(thing)
  WHERE e.at <= 1781524800000
})\
"""),
    ),
    "at-least": Row(
        {"did": {"event": "Viewed", "atLeast": 2}},
        snapshot("did “Viewed” at least twice"),
        snapshot("did not do “Viewed” at least twice"),
        snapshot("""\
EXISTS {
  MATCH (contact)-[e:VIEWED]->(thing)
  WHERE e.at <= 1781524800000
  WITH e SKIP 1 LIMIT 1
  RETURN e
}\
"""),
    ),
    "at-least-none": Row(
        {"did": {"event": "Viewed", "atLeast": 0}},
        snapshot("did “Viewed” at least 0 times"),
        snapshot("did not do “Viewed” at least 0 times"),
        snapshot("true"),
    ),
    "at-most": Row(
        {"did": {"event": "Viewed", "atMost": 1}},
        snapshot("did “Viewed” at most once"),
        snapshot("did “Viewed” at least twice"),
        snapshot("""\
COUNT {
  MATCH (contact)-[e:VIEWED]->(thing)
  WHERE e.at <= 1781524800000
  RETURN e
} <= 1\
"""),
    ),
    "range": Row(
        {"did": {"event": "Viewed", "atLeast": 1, "atMost": 3}},
        snapshot("did “Viewed” 1 to 3 times"),
        snapshot("did not do “Viewed” 1 to 3 times"),
        snapshot("""\
(COUNT {
    MATCH (contact)-[e:VIEWED]->(thing)
    WHERE e.at <= 1781524800000
    RETURN e
  } >= 1
  AND COUNT {
    MATCH (contact)-[e:VIEWED]->(thing)
    WHERE e.at <= 1781524800000
    RETURN e
  } <= 3)\
"""),
    ),
    "exactly": Row(
        {"did": {"event": "Viewed", "exactly": 3}},
        snapshot("did “Viewed” exactly 3 times"),
        snapshot("did not do “Viewed” exactly 3 times"),
        snapshot("""\
COUNT {
  MATCH (contact)-[e:VIEWED]->(thing)
  WHERE e.at <= 1781524800000
  RETURN e
} = 3\
"""),
    ),
    "several-kinds": Row(
        {"did": {"events": ["Viewed", "Clicked", "Unheard Of"]}},
        snapshot("did “Clicked”, “Unheard Of” or “Viewed”"),
        snapshot("did not do “Clicked”, “Unheard Of” or “Viewed”"),
        snapshot("""\
EXISTS {
  MATCH (contact)-[e:CLICKED|VIEWED]->(thing)
  WHERE e.at <= 1781524800000
}\
"""),
    ),
    "unknown-kind": Row(
        {"did": {"event": "Unheard Of"}},
        snapshot("did “Unheard Of”"),
        snapshot("did not do “Unheard Of”"),
        snapshot("""\
EXISTS {
  MATCH (contact)-[e:NO_EVENT]->(thing)
  WHERE e.at <= 1781524800000
}\
"""),
    ),
    "where": Row(
        {
            "did": {
                "event": "Viewed",
                "where": [
                    {"property": "total", "is": {"gte": 100}},
                    {"property": "id", "is": {"eq": "x"}},
                ],
            }
        },
        snapshot("did “Viewed” where “total” is at least 100 and “id” is “x”"),
        snapshot("did not do “Viewed” where “total” is at least 100 and “id” is “x”"),
        snapshot("""\
EXISTS {
  MATCH (contact)-[e:VIEWED]->(thing)
  WHERE e.at <= 1781524800000
  AND coalesce(any(value IN [] + e['total'] WHERE value >= 100), false)
  AND coalesce(any(value IN [] + e['_id'] WHERE value = 'x'), false)
}\
"""),
    ),
    "different-things": Row(
        {"did": {"event": "Viewed", "distinct": {"thing": True}, "atLeast": 3}},
        snapshot("did “Viewed” (at least 3 different things)"),
        snapshot("did not do “Viewed” (at least 3 different things)"),
        snapshot("""\
EXISTS {
  MATCH (contact)-[e:VIEWED]->(thing)
  WHERE e.at <= 1781524800000
  WITH DISTINCT thing AS counted SKIP 2 LIMIT 1
  RETURN counted
}\
"""),
    ),
    "different-values": Row(
        {"did": {"event": "Viewed", "distinct": {"property": "plan"}, "atMost": 2}},
        snapshot("did “Viewed” with at most 2 different values of “plan”"),
        snapshot("did “Viewed” with at least 3 different values of “plan”"),
        snapshot("""\
COUNT {
  MATCH (contact)-[e:VIEWED]->(thing)
  WHERE e.at <= 1781524800000
  AND e['plan'] IS NOT NULL
  RETURN DISTINCT CASE WHEN e['plan'] IS :: LIST<ANY> NOT NULL THEN [value IN [] +
    e['plan'] | CASE WHEN value IS :: DATE NOT NULL THEN datetime({date:
    date(value), timezone: 'Z'}) ELSE value END] ELSE head([value IN [e['plan']] |
    CASE WHEN value IS :: DATE NOT NULL THEN datetime({date: date(value), timezone:
    'Z'}) ELSE value END]) END AS counted
} <= 2\
"""),
    ),
    "no-value": Row(
        {"did": {"event": "Viewed", "distinct": {"property": "plan"}, "exactly": 0}},
        snapshot("did “Viewed” with exactly 0 different values of “plan”"),
        snapshot("did not do “Viewed” with exactly 0 different values of “plan”"),
        snapshot("""\
NOT (EXISTS {
  MATCH (contact)-[e:VIEWED]->(thing)
  WHERE e.at <= 1781524800000
  AND e['plan'] IS NOT NULL
})\
"""),
    ),
    "different-days": Row(
        {"did": {"event": "Viewed", "distinct": {"day": "Europe/Berlin"}, "exactly": 1}},
        snapshot("did “Viewed” on exactly 1 different day (Europe/Berlin time)"),
        snapshot("did not do “Viewed” on exactly 1 different day (Europe/Berlin time)"),
        snapshot("""\
COUNT {
  MATCH (contact)-[e:VIEWED]->(thing)
  WHERE e.at <= 1781524800000
  RETURN DISTINCT date(datetime({epochMillis: e.at, timezone: 'Europe/Berlin'})) AS
    counted
} = 1\
"""),
    ),
    "different-own-days": Row(
        {"did": {"event": "Viewed", "distinct": {"day": "CONTACT"}, "atLeast": 1, "atMost": 2}},
        snapshot("did “Viewed” on 1 to 2 different days (their own time)"),
        snapshot("did not do “Viewed” on 1 to 2 different days (their own time)"),
        snapshot("""\
(COUNT {
    MATCH (contact)-[e:VIEWED]->(thing)
    WHERE e.at <= 1781524800000
    RETURN DISTINCT date(datetime({epochMillis: e.at, timezone: head([zone IN
    [coalesce(CASE WHEN False OR coalesce(contact._told <= $t, true) THEN
    contact.zone ELSE head(COLLECT { MATCH (contact)-[told:TRAIT_CHANGED]->(:Trait
    {name: 'zone'}) WHERE told.at <= $t RETURN told.value ORDER BY told.at DESC
    LIMIT 1 }) END, 'UTC')] | coalesce($engine_zones[zone], zone)])})) AS counted
  } >= 1
  AND COUNT {
    MATCH (contact)-[e:VIEWED]->(thing)
    WHERE e.at <= 1781524800000
    RETURN DISTINCT date(datetime({epochMillis: e.at, timezone: head([zone IN
    [coalesce(CASE WHEN False OR coalesce(contact._told <= $t, true) THEN
    contact.zone ELSE head(COLLECT { MATCH (contact)-[told:TRAIT_CHANGED]->(:Trait
    {name: 'zone'}) WHERE told.at <= $t RETURN told.value ORDER BY told.at DESC
    LIMIT 1 }) END, 'UTC')] | coalesce($engine_zones_2[zone], zone)])})) AS counted
  } <= 2)\
"""),
    ),
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_it_is_said(row: Row) -> None:
    """It has an English text, a contrary one, and a predicate in Cypher."""
    assert said.row(row.where) == row
