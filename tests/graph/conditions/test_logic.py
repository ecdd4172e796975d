"""`all`, `any` and `not`: their Cypher, their words, their canonical form."""

from __future__ import annotations

import pytest
from inline_snapshot import snapshot

from tests.graph.conditions import said
from tests.graph.conditions.said import Row

ROWS = {
    "all": Row(
        {"all": [{"did": {"event": "Viewed"}}, {"trait": {"name": "plan", "is": {"eq": "pro"}}}]},
        snapshot("did “Viewed”, and has a “plan” that is “pro”"),
        snapshot("did not do “Viewed”, or has no “plan” that is “pro”"),
        snapshot("""\
(EXISTS {
    MATCH (contact)-[e:VIEWED]->(thing)
    WHERE e.at <= 1781524800000
  }
  AND CASE WHEN coalesce(contact._told <= $t, true) THEN coalesce(any(value IN [] +
    contact['plan'] WHERE value = 'pro'), false) ELSE EXISTS {
    MATCH (contact)-[found:TRAIT_CHANGED]->(:Trait {name: 'plan'})
    WHERE found.at <= $t
    WITH found ORDER BY found.at DESC LIMIT 1
    WHERE coalesce(any(value IN [] + found.value WHERE value = 'pro'), false)
    RETURN found
  } END)\
"""),
    ),
    "any": Row(
        {
            "any": [
                {"did": {"event": "Viewed"}},
                {"trait": {"name": "plan", "is": {"exists": True}}},
            ]
        },
        snapshot("did “Viewed”, or has a “plan”"),
        snapshot("did not do “Viewed”, and has no “plan”"),
        snapshot("""\
(EXISTS {
    MATCH (contact)-[e:VIEWED]->(thing)
    WHERE e.at <= 1781524800000
  }
  OR CASE WHEN coalesce(contact._told <= $t, true) THEN contact['plan'] IS NOT NULL
    ELSE EXISTS {
    MATCH (contact)-[found:TRAIT_CHANGED]->(:Trait {name: 'plan'})
    WHERE found.at <= $t
    WITH found ORDER BY found.at DESC LIMIT 1
    WHERE found.value IS NOT NULL
    RETURN found
  } END)\
"""),
    ),
    "nested": Row(
        {
            "all": [
                {"any": [{"did": {"event": "Viewed"}}, {"did": {"event": "Clicked"}}]},
                {"not": {"did": {"event": "Signed Up"}}},
            ]
        },
        snapshot("(did “Viewed”, or did “Clicked”), and did not sign up"),
        snapshot("(did not do “Viewed”, and did not do “Clicked”), or signed up"),
        snapshot("""\
((EXISTS {
      MATCH (contact)-[e:VIEWED]->(thing)
      WHERE e.at <= 1781524800000
    }
    OR EXISTS {
      MATCH (contact)-[e:CLICKED]->(thing)
      WHERE e.at <= 1781524800000
    })
  AND NOT (EXISTS {
    MATCH (contact)-[e:SIGNED_UP]->(thing)
    WHERE e.at <= 1781524800000
  }))\
"""),
    ),
    "not-all": Row(
        {"not": {"all": [{"did": {"event": "Viewed"}}, {"did": {"event": "Clicked"}}]}},
        snapshot("did not do “Viewed”, or did not do “Clicked”"),
        snapshot("did “Viewed”, and did “Clicked”"),
        snapshot("""\
NOT ((EXISTS {
    MATCH (contact)-[e:VIEWED]->(thing)
    WHERE e.at <= 1781524800000
  }
  AND EXISTS {
    MATCH (contact)-[e:CLICKED]->(thing)
    WHERE e.at <= 1781524800000
  }))\
"""),
    ),
    "not-any": Row(
        {"not": {"any": [{"did": {"event": "Viewed"}}, {"did": {"event": "Clicked"}}]}},
        snapshot("did not do “Viewed”, and did not do “Clicked”"),
        snapshot("did “Viewed”, or did “Clicked”"),
        snapshot("""\
NOT ((EXISTS {
    MATCH (contact)-[e:VIEWED]->(thing)
    WHERE e.at <= 1781524800000
  }
  OR EXISTS {
    MATCH (contact)-[e:CLICKED]->(thing)
    WHERE e.at <= 1781524800000
  }))\
"""),
    ),
    "not-not": Row(
        {"not": {"not": {"did": {"event": "Viewed"}}}},
        snapshot("did “Viewed”"),
        snapshot("did not do “Viewed”"),
        snapshot("""\
NOT (NOT (EXISTS {
  MATCH (contact)-[e:VIEWED]->(thing)
  WHERE e.at <= 1781524800000
}))\
"""),
    ),
    "not-of-nested": Row(
        {
            "not": {
                "all": [
                    {"not": {"any": [{"did": {"event": "Viewed"}}]}},
                    {"any": [{"did": {"event": "Clicked"}}, {"did": {}}]},
                ]
            }
        },
        snapshot("did “Viewed”, or (did not do “Clicked”, and did not do anything)"),
        snapshot("did not do “Viewed”, and (did “Clicked”, or did something)"),
        snapshot("""\
NOT ((NOT (EXISTS {
    MATCH (contact)-[e:VIEWED]->(thing)
    WHERE e.at <= 1781524800000
  })
  AND (EXISTS {
      MATCH (contact)-[e:CLICKED]->(thing)
      WHERE e.at <= 1781524800000
    }
    OR EXISTS {
      MATCH (contact)-[e]->(thing)
      WHERE e.id IS NOT NULL
      AND e.at <= 1781524800000
    })))\
"""),
    ),
    "one": Row(
        {"all": [{"any": [{"did": {"event": "Viewed"}}]}]},
        snapshot("did “Viewed”"),
        snapshot("did not do “Viewed”"),
        snapshot("""\
EXISTS {
  MATCH (contact)-[e:VIEWED]->(thing)
  WHERE e.at <= 1781524800000
}\
"""),
    ),
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_it_is_said(row: Row) -> None:
    """It has an English text, a contrary one, and a predicate in Cypher."""
    assert said.row(row.where) == row
