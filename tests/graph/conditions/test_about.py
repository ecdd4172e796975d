"""`about`: the thing of an event and its place in the graph."""

from __future__ import annotations

import pytest
from inline_snapshot import snapshot

from tests.graph.conditions import said
from tests.graph.conditions.said import Row

ROWS = {
    "content": Row(
        {"did": {"about": {"content": {}}}},
        snapshot("did something about content"),
        snapshot("did not do anything about content"),
        snapshot("""\
EXISTS {
  MATCH (contact)-[e]->(thing:Content)
  WHERE e.id IS NOT NULL
  AND e.at <= 1781524800000
}\
"""),
    ),
    "content-full": Row(
        {
            "did": {
                "event": "Viewed",
                "about": {
                    "content": {
                        "keys": ["a", "b"],
                        "kind": "page",
                        "topic": "pricing",
                        "where": [{"property": "words", "is": {"lt": 100}}],
                    }
                },
            }
        },
        snapshot("""\
did “Viewed” about content “a” or “b” of kind “page” in topic “pricing” whose
    “words” is less than 100\
"""),
        snapshot("""\
did not do “Viewed” about content “a” or “b” of kind “page” in topic “pricing” whose
    “words” is less than 100\
"""),
        snapshot("""\
WITH COLLECT {
  MATCH (:Topic {key:
    'pricing'})<-[:PART_OF*0..16]-(:Topic)<-[:ABOUT]-(thing:Content)
  RETURN DISTINCT thing
} AS things
EXISTS {
  MATCH (contact)-[e:VIEWED]->(thing:Content)
  WHERE e.at <= 1781524800000
  AND thing.key IN ['a', 'b']
  AND coalesce(thing.kind = 'page', false)
  AND coalesce(any(value IN [] + thing['words'] WHERE value < 100), false)
  AND thing IN things
}\
"""),
    ),
    "content-topic": Row(
        {"did": {"event": "Viewed", "about": {"content": {"topic": "pricing"}}}},
        snapshot("did “Viewed” about content in topic “pricing”"),
        snapshot("did not do “Viewed” about content in topic “pricing”"),
        snapshot("""\
WITH COLLECT {
  MATCH (:Topic {key:
    'pricing'})<-[:PART_OF*0..16]-(:Topic)<-[:ABOUT]-(thing:Content)
  RETURN DISTINCT thing
} AS things
EXISTS {
  MATCH (contact)-[e:VIEWED]->(thing:Content)
  WHERE e.at <= 1781524800000
  AND thing IN things
}\
"""),
    ),
    "product": Row(
        {"did": {"event": "Viewed", "about": {"product": {}}}},
        snapshot("did “Viewed” about a product"),
        snapshot("did not do “Viewed” about a product"),
        snapshot("""\
EXISTS {
  MATCH (contact)-[e:VIEWED]->(thing:Product)
  WHERE e.at <= 1781524800000
}\
"""),
    ),
    "product-full": Row(
        {
            "did": {
                "event": "Viewed",
                "about": {
                    "product": {
                        "keys": ["a"],
                        "category": "tools",
                        "where": [
                            {"property": "name", "is": {"exists": True}},
                            {"property": "price", "is": {"gt": 1.5}},
                        ],
                    }
                },
            }
        },
        snapshot("""\
did “Viewed” about product “a” in category “tools” whose “name” is set and “price”
    is more than 1.5\
"""),
        snapshot("""\
did not do “Viewed” about product “a” in category “tools” whose “name” is set and
    “price” is more than 1.5\
"""),
        snapshot("""\
WITH COLLECT {
  MATCH (:Category {key:
    'tools'})<-[:PART_OF*0..16]-(:Category)<-[:IN]-(thing:Product)
  RETURN DISTINCT thing
} AS things
EXISTS {
  MATCH (contact)-[e:VIEWED]->(thing:Product)
  WHERE e.at <= 1781524800000
  AND thing.key IN ['a']
  AND thing['name'] IS NOT NULL
  AND coalesce(any(value IN [] + thing['price'] WHERE value > 1.5), false)
  AND thing IN things
}\
"""),
    ),
    "feature": Row(
        {"did": {"event": "Viewed", "about": {"feature": {"keys": ["export"]}}}},
        snapshot("did “Viewed” about feature “export”"),
        snapshot("did not do “Viewed” about feature “export”"),
        snapshot("""\
EXISTS {
  MATCH (contact)-[e:VIEWED]->(thing:Feature)
  WHERE e.at <= 1781524800000
  AND thing.key IN ['export']
}\
"""),
    ),
    "ticket": Row(
        {"did": {"event": "Viewed", "about": {"ticket": {}}}},
        snapshot("did “Viewed” about a ticket"),
        snapshot("did not do “Viewed” about a ticket"),
        snapshot("""\
EXISTS {
  MATCH (contact)-[e:VIEWED]->(thing:Ticket)
  WHERE e.at <= 1781524800000
}\
"""),
    ),
    "search": Row(
        {"did": {"event": "Viewed", "about": {"search": {"keys": ["a", "b", "c"]}}}},
        snapshot("did “Viewed” about search “a”, “b” or “c”"),
        snapshot("did not do “Viewed” about search “a”, “b” or “c”"),
        snapshot("""\
EXISTS {
  MATCH (contact)-[e:VIEWED]->(thing:Search)
  WHERE e.at <= 1781524800000
  AND thing.key IN ['a', 'b', 'c']
}\
"""),
    ),
    "campaign": Row(
        {"did": {"event": "Viewed", "about": {"campaign": {}}}},
        snapshot("did “Viewed” about a campaign"),
        snapshot("did not do “Viewed” about a campaign"),
        snapshot("""\
EXISTS {
  MATCH (contact)-[e:VIEWED]->(thing:Campaign)
  WHERE e.at <= 1781524800000
}\
"""),
    ),
    "source": Row(
        {"did": {"event": "Viewed", "about": {"source": {"keys": ["web"]}}}},
        snapshot("did “Viewed” about source “web”"),
        snapshot("did not do “Viewed” about source “web”"),
        snapshot("""\
EXISTS {
  MATCH (contact)-[e:VIEWED]->(thing:Source)
  WHERE e.at <= 1781524800000
  AND thing.key IN ['web']
}\
"""),
    ),
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_it_is_said(row: Row) -> None:
    """It has an English text, a contrary one, and a predicate in Cypher."""
    assert said.row(row.where) == row
