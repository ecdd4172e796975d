"""Comparisons: the test of one element as Cypher has it, and as it is said."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest
from inline_snapshot import snapshot

from tests.graph.conditions import said

if TYPE_CHECKING:
    from collections.abc import Mapping


class Row(NamedTuple):
    """A comparison: how it is said, and its Cypher about a value `v`."""

    is_: Mapping[str, object]
    text: str
    cypher: str


ROWS = {
    "eq": Row(
        {"eq": "pro"},
        snapshot("is “pro”"),
        snapshot("coalesce(any(value IN [] + v WHERE value = 'pro'), false)"),
    ),
    "eq-date": Row(
        {"eq": "2026-06-01"},
        snapshot("is 1 June 2026"),
        snapshot("coalesce(any(value IN [] + v WHERE value IN $values), false)"),
    ),
    "eq-instant": Row(
        {"eq": "2026-06-01T12:00:00Z"},
        snapshot("is 1 June 2026 12:00:00 UTC"),
        snapshot("""\
coalesce(any(value IN [] + v WHERE value = datetime.datetime(2026, 6, 1, 12, 0,
    tzinfo=datetime.timezone.utc)), false)\
"""),
    ),
    "eq-true": Row(
        {"eq": True},
        snapshot("is true"),
        snapshot("coalesce(any(value IN [] + v WHERE value = True), false)"),
    ),
    "ne": Row(
        {"ne": 1},
        snapshot("is other than 1"),
        snapshot("""\
coalesce(size([] + v) > 0 AND all(value IN [] + v WHERE (value IS :: INTEGER NOT
    NULL | FLOAT NOT NULL) AND NOT value IN [1]), false)\
"""),
    ),
    "in": Row(
        {"in": [1, "a"]},
        snapshot("is 1 or “a”"),
        snapshot("coalesce(any(value IN [] + v WHERE value IN [1, 'a']), false)"),
    ),
    "not-in": Row(
        {"notIn": [False, "2026-06-01", "a"]},
        snapshot("is other than false, 1 June 2026 or “a”"),
        snapshot("""\
coalesce(size([] + v) > 0 AND all(value IN [] + v WHERE (value IS :: BOOLEAN NOT
    NULL OR value IS :: STRING NOT NULL OR value IS :: DATE NOT NULL | ZONED
    DATETIME NOT NULL) AND NOT value IN $values), false)\
"""),
    ),
    "lt": Row(
        {"lt": 1.5},
        snapshot("is less than 1.5"),
        snapshot("coalesce(any(value IN [] + v WHERE value < 1.5), false)"),
    ),
    "lte": Row(
        {"lte": 1},
        snapshot("is at most 1"),
        snapshot("coalesce(any(value IN [] + v WHERE value <= 1), false)"),
    ),
    "gt": Row(
        {"gt": "2026-06-01"},
        snapshot("is after 1 June 2026"),
        snapshot("""\
coalesce(any(value IN [] + v WHERE value > datetime.datetime(2026, 6, 1, 0, 0,
    tzinfo=datetime.timezone.utc) OR value >= datetime.date(2026, 6, 2)), false)\
"""),
    ),
    "gte": Row(
        {"gte": "2026-06-01T00:00:00.001Z"},
        snapshot("is 1 June 2026 00:00:00.001 UTC or later"),
        snapshot("""\
coalesce(any(value IN [] + v WHERE value >= datetime.datetime(2026, 6, 1, 0, 0, 0,
    1000, tzinfo=datetime.timezone.utc) OR value >= datetime.date(2026, 6, 2)),
    false)\
"""),
    ),
    "lt-time": Row(
        {"lt": "2026-06-01T00:00:00Z"},
        snapshot("is before 1 June 2026"),
        snapshot("""\
coalesce(any(value IN [] + v WHERE value < datetime.datetime(2026, 6, 1, 0, 0,
    tzinfo=datetime.timezone.utc) OR value <= datetime.date(2026, 5, 31)), false)\
"""),
    ),
    "lte-time": Row(
        {"lte": "2026-06-01"},
        snapshot("is 1 June 2026 or earlier"),
        snapshot("""\
coalesce(any(value IN [] + v WHERE value <= datetime.datetime(2026, 6, 1, 0, 0,
    tzinfo=datetime.timezone.utc) OR value <= datetime.date(2026, 6, 1)), false)\
"""),
    ),
    "between": Row(
        {"between": {"from": 1, "to": 2}},
        snapshot("is between 1 and 2"),
        snapshot("coalesce(any(value IN [] + v WHERE value >= 1 AND value <= 2), false)"),
    ),
    "between-time": Row(
        {"between": {"from": "2026-06-01", "to": "2026-06-02T12:00:00Z"}},
        snapshot("is between 1 June 2026 and 2 June 2026 12:00:00 UTC"),
        snapshot("""\
coalesce(any(value IN [] + v WHERE value >= datetime.datetime(2026, 6, 1, 0, 0,
    tzinfo=datetime.timezone.utc) AND value <= datetime.datetime(2026, 6, 2, 12, 0,
    tzinfo=datetime.timezone.utc) OR value >= datetime.date(2026, 6, 1) AND value <=
    datetime.date(2026, 6, 2)), false)\
"""),
    ),
    "exists": Row({"exists": True}, snapshot("is set"), snapshot("v IS NOT NULL")),
    "exists-not": Row({"exists": False}, snapshot("is not set"), snapshot("NOT (v IS NOT NULL)")),
    "contains": Row(
        {"contains": {"text": "Ab"}},
        snapshot("contains “Ab”"),
        snapshot("coalesce(any(value IN [] + v WHERE value CONTAINS 'Ab'), false)"),
    ),
    "contains-any-case": Row(
        {"contains": {"text": "É", "ignoreCase": True}},
        snapshot("contains “É” in any case"),
        snapshot("""\
coalesce(any(value IN [] + v WHERE value IS :: STRING NOT NULL AND
    replace(toLower(toStringOrNull(value)), 'ς', 'σ') CONTAINS 'é'), false)\
"""),
    ),
    "starts-with": Row(
        {"startsWith": {"text": "a"}},
        snapshot("begins with “a”"),
        snapshot("coalesce(any(value IN [] + v WHERE value STARTS WITH 'a'), false)"),
    ),
    "starts-with-any-case": Row(
        {"startsWith": {"text": "A", "ignoreCase": True}},
        snapshot("begins with “A” in any case"),
        snapshot("""\
coalesce(any(value IN [] + v WHERE value IS :: STRING NOT NULL AND
    replace(toLower(toStringOrNull(value)), 'ς', 'σ') STARTS WITH 'a'), false)\
"""),
    ),
    "ends-with": Row(
        {"endsWith": {"text": "a"}},
        snapshot("ends with “a”"),
        snapshot("coalesce(any(value IN [] + v WHERE value ENDS WITH 'a'), false)"),
    ),
    "ends-with-any-case": Row(
        {"endsWith": {"text": "A", "ignoreCase": True}},
        snapshot("ends with “A” in any case"),
        snapshot("""\
coalesce(any(value IN [] + v WHERE value IS :: STRING NOT NULL AND
    replace(toLower(toStringOrNull(value)), 'ς', 'σ') ENDS WITH 'a'), false)\
"""),
    ),
    "matches": Row(
        {"matches": "a.*b"},
        snapshot("matches “a.*b”"),
        snapshot("""\
coalesce(any(value IN [] + v WHERE value IS :: STRING NOT NULL AND
    toStringOrNull(value) =~ '(?s)(?!.{32001})a.*b'), false)\
"""),
    ),
    "before": Row(
        {"before": "2026-06-01T00:00:00Z"},
        snapshot("is before 1 June 2026"),
        snapshot("""\
coalesce(any(value IN [] + v WHERE value < datetime.datetime(2026, 6, 1, 0, 0,
    tzinfo=datetime.timezone.utc) OR value <= datetime.date(2026, 5, 31)), false)\
"""),
    ),
    "after": Row(
        {"after": "2026-06-01T00:00:00Z"},
        snapshot("is after 1 June 2026"),
        snapshot("""\
coalesce(any(value IN [] + v WHERE value > datetime.datetime(2026, 6, 1, 0, 0,
    tzinfo=datetime.timezone.utc) OR value >= datetime.date(2026, 6, 2)), false)\
"""),
    ),
    "in-last": Row(
        {"inLast": "P7D"},
        snapshot("is in the last 7 days"),
        snapshot("""\
coalesce(any(value IN [] + v WHERE value >= datetime.datetime(2026, 6, 8, 12, 0, 0,
    1000, tzinfo=datetime.timezone.utc) AND value <= datetime.datetime(2026, 6, 15,
    12, 0, tzinfo=datetime.timezone.utc) OR value >= datetime.date(2026, 6, 9) AND
    value <= datetime.date(2026, 6, 15)), false)\
"""),
    ),
    "in-next": Row(
        {"inNext": "PT36H"},
        snapshot("is in the next 1 day and 12 hours"),
        snapshot("""\
coalesce(any(value IN [] + v WHERE value >= datetime.datetime(2026, 6, 15, 12, 0, 0,
    1000, tzinfo=datetime.timezone.utc) AND value <= datetime.datetime(2026, 6, 17,
    0, 0, tzinfo=datetime.timezone.utc) OR value >= datetime.date(2026, 6, 16) AND
    value <= datetime.date(2026, 6, 17)), false)\
"""),
    ),
    "ago-more-than": Row(
        {"agoMoreThan": "P30D"},
        snapshot("is 30 days ago or earlier"),
        snapshot("""\
coalesce(any(value IN [] + v WHERE value <= datetime.datetime(2026, 5, 16, 12, 0,
    tzinfo=datetime.timezone.utc) OR value <= datetime.date(2026, 5, 16)), false)\
"""),
    ),
    "anniversary": Row(
        {"anniversaryInNext": "P7D"},
        snapshot("has its anniversary in the next 7 days"),
        snapshot("""\
coalesce(any(value IN [] + v WHERE any(zone IN [coalesce(CASE WHEN False OR
    coalesce(contact._told <= $t, true) THEN contact.zone ELSE head(COLLECT { MATCH
    (contact)-[told:TRAIT_CHANGED]->(:Trait {name: 'zone'}) WHERE told.at <= $t
    RETURN told.value ORDER BY told.at DESC LIMIT 1 }) END, 'UTC')] WHERE any(day IN
    [CASE WHEN value IS :: DATE NOT NULL THEN value WHEN value IS :: ZONED DATETIME
    NOT NULL THEN date(datetime({datetime: value, timezone:
    coalesce($engine_zones[zone], zone)})) END] WHERE day.month * 100 + day.day IN
    $coming[coalesce($today[zone], $today.UTC)]))), false)\
"""),
    ),
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_it_is_said(row: Row) -> None:
    """It has a text and a predicate in Cypher."""
    assert said.comparison(row.is_).text() == row.text
    assert said.compared(row.is_) == row.cypher
