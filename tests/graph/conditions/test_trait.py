"""`trait` and `account`: what is known of the contact and of its accounts."""

from __future__ import annotations

import pytest
from inline_snapshot import snapshot

from tests.graph.conditions import said
from tests.graph.conditions.said import Row

ROWS = {
    "eq": Row(
        {"trait": {"name": "plan", "is": {"eq": "pro"}}},
        snapshot("has a “plan” that is “pro”"),
        snapshot("has no “plan” that is “pro”"),
        snapshot("""\
CASE WHEN coalesce(contact._told <= $t, true) THEN coalesce(any(value IN [] +
    contact['plan'] WHERE value = 'pro'), false) ELSE EXISTS {
  MATCH (contact)-[found:TRAIT_CHANGED]->(:Trait {name: 'plan'})
  WHERE found.at <= $t
  WITH found ORDER BY found.at DESC LIMIT 1
  WHERE coalesce(any(value IN [] + found.value WHERE value = 'pro'), false)
  RETURN found
} END\
"""),
    ),
    "exists": Row(
        {"trait": {"name": "email", "is": {"exists": True}}},
        snapshot("has an “email”"),
        snapshot("has no “email”"),
        snapshot("""\
CASE WHEN coalesce(contact._told <= $t, true) THEN contact['email'] IS NOT NULL ELSE
    EXISTS {
  MATCH (contact)-[found:TRAIT_CHANGED]->(:Trait {name: 'email'})
  WHERE found.at <= $t
  WITH found ORDER BY found.at DESC LIMIT 1
  WHERE found.value IS NOT NULL
  RETURN found
} END\
"""),
    ),
    "exists-not": Row(
        {"trait": {"name": "email", "is": {"exists": False}}},
        snapshot("has no “email”"),
        snapshot("has an “email”"),
        snapshot("""\
NOT (CASE WHEN coalesce(contact._told <= $t, true) THEN contact['email'] IS NOT NULL
    ELSE EXISTS {
  MATCH (contact)-[found:TRAIT_CHANGED]->(:Trait {name: 'email'})
  WHERE found.at <= $t
  WITH found ORDER BY found.at DESC LIMIT 1
  WHERE found.value IS NOT NULL
  RETURN found
} END)\
"""),
    ),
    "created-at": Row(
        {"trait": {"name": "createdAt", "is": {"inLast": "P7D"}}},
        snapshot("has a first-seen time that is in the last 7 days"),
        snapshot("has no first-seen time that is in the last 7 days"),
        snapshot("""\
coalesce(any(value IN [] + {at: datetime({epochMillis: contact._since})}.at WHERE
    value >= datetime.datetime(2026, 6, 8, 12, 0, 0, 1000,
    tzinfo=datetime.timezone.utc) AND value <= datetime.datetime(2026, 6, 15, 12, 0,
    tzinfo=datetime.timezone.utc) OR value >= datetime.date(2026, 6, 9) AND value <=
    datetime.date(2026, 6, 15)), false)\
"""),
    ),
    "key": Row(
        {"trait": {"name": "key", "is": {"startsWith": {"text": "a"}}}},
        snapshot("has a key that begins with “a”"),
        snapshot("has no key that begins with “a”"),
        snapshot("coalesce(any(value IN [] + contact.key WHERE value STARTS WITH 'a'), false)"),
    ),
    "account": Row(
        {
            "account": {
                "traits": [
                    {"name": "tier", "is": {"eq": "business"}},
                    {"name": "seats", "is": {"gt": 100}},
                ]
            }
        },
        snapshot("belongs to an account whose “tier” is “business” and “seats” is more than 100"),
        snapshot("belongs to no account whose “tier” is “business” and “seats” is more than 100"),
        snapshot("""\
EXISTS {
  MATCH (contact)-[:BELONGS_TO]->(account:Account)
  WHERE coalesce(any(value IN [] + account['tier'] WHERE value = 'business'), false)
  AND coalesce(any(value IN [] + account['seats'] WHERE value > 100), false)
}\
"""),
    ),
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_it_is_said(row: Row) -> None:
    """It has an English text, a contrary one, and a predicate in Cypher."""
    assert said.row(row.where) == row
