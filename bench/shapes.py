"""Ten questions, each as a definition and as the best Cypher that we could write by hand.

Of each question several queries are tried, and the fastest is the control. They may use what
whoever writes them knows of the data: that all contacts existed, and which labels a type implies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from bench.readers import T
from graph.times import DAY

VIEWED, CLICKED, OPENED, BOUGHT = (
    "Content Viewed",
    "Content Clicked",
    "Email Opened",
    "Product Purchased",
)


@dataclass(frozen=True, slots=True)
class Shape:
    """A question: its definition, and queries that count the same contacts."""

    name: str
    where: Mapping[str, Any]
    by_hand: Sequence[str]
    parameters: Mapping[str, object] = field(default_factory=dict[str, object])


def _last(days: int) -> dict[str, str]:
    return {"last": f"P{days}D"}


def _since(days: int) -> int:
    return T - days * DAY


_SEEK = "USING INDEX SEEK e:{0}(at) WHERE e.at > $since AND e.at <= $t"


def _sought(kind: str, thing: str = "") -> str:
    return f"MATCH (c)-[e:{kind}]->({thing}) {_SEEK.format(kind)}"


def _inward(kind: str) -> str:
    return (
        "MATCH (:Topic {key: $topic})<-[:PART_OF*0..16]-()<-[:ABOUT]-(x) WITH DISTINCT x "
        f"MATCH (x)<-[e:{kind}]-(c) WHERE e.at > $since AND e.at <= $t"
    )


_OUTWARD = "EXISTS { (x)-[:ABOUT]->()-[:PART_OF*0..16]->(:Topic {key: $topic}) }"
_IN_TOPIC = (
    "MATCH (:Topic {key: $topic})<-[:PART_OF*0..16]-()<-[:ABOUT]-(x) "
    "WITH collect(DISTINCT elementId(x)) AS xs "
)
_BUYERS = (
    "MATCH (:Category {key: $category})<-[:PART_OF*0..16]-()<-[:IN]-(x) WITH DISTINCT x "
    "MATCH (x)<-[e:PRODUCT_PURCHASED]-(c) WHERE e.at > $since AND e.at <= $t "
)
_IN_CATEGORY = "EXISTS { (x)-[:IN]->()-[:PART_OF*0..16]->(:Category {key: $category}) }"
_OF_OTHER = (
    "EXISTS { MATCH (c)-[f:PRODUCT_PURCHASED]->()-[:IN]->()-[:PART_OF*0..16]->"
    "(:Category {key: $other}) WHERE f.at > $since AND f.at <= $t }"
)
_TOPIC: Final = {"content": {"topic": "topic-7"}}


def _at_least(kind: str) -> list[str]:
    return [
        f"{_sought(kind)} WITH c, count(*) AS n WHERE n >= $n RETURN count(c) AS count",
        f"MATCH (c:Contact) WHERE COUNT {{ MATCH (c)-[e:{kind}]->() "
        "WHERE e.at > $since AND e.at <= $t } >= $n RETURN count(c) AS count",
        f"MATCH ()-[e:{kind}]->() WHERE e.at > $since AND e.at <= $t "
        "WITH startNode(e) AS c, count(*) AS n WHERE n >= $n RETURN count(c) AS count",
        f"MATCH (c:Contact) WHERE EXISTS {{ MATCH (c)-[e:{kind}]->() "
        "WHERE e.at > $since AND e.at <= $t WITH e SKIP 4 LIMIT 1 RETURN e } "
        "RETURN count(c) AS count",
        f"MATCH (c:Contact)-[e:{kind}]->() WHERE e.at > $since AND e.at <= $t "
        "WITH c, count(*) AS n WHERE n >= $n RETURN count(c) AS count",
    ]


SHAPES: Final = (
    Shape(
        "viewed in 1 day",
        {"did": {"event": VIEWED, "within": _last(1)}},
        [
            f"{_sought('CONTENT_VIEWED')} RETURN count(DISTINCT c) AS count",
            f"{_sought('CONTENT_VIEWED')} WITH DISTINCT c RETURN count(c) AS count",
        ],
        {"since": _since(1)},
    ),
    Shape(
        "viewed a topic in 14 days",
        {"did": {"event": VIEWED, "about": _TOPIC, "within": _last(14)}},
        [
            f"{_inward('CONTENT_VIEWED')} RETURN count(DISTINCT c) AS count",
            f"{_sought('CONTENT_VIEWED', 'x')} AND {_OUTWARD} RETURN count(DISTINCT c) AS count",
            f"{_sought('CONTENT_VIEWED', 'x')} WITH x, collect(c) AS cs WHERE {_OUTWARD} "
            "UNWIND cs AS c RETURN count(DISTINCT c) AS count",
            f"{_IN_TOPIC} {_sought('CONTENT_VIEWED', 'x')} AND elementId(x) IN xs "
            "RETURN count(DISTINCT c) AS count",
        ],
        {"since": _since(14), "topic": "topic-7"},
    ),
    Shape(
        "clicked ≥ 3 contents of a topic in 90 days",
        {
            "engaged": {
                "topic": "topic-0",
                "contents": 3,
                "with": [CLICKED],
                "within": _last(90),
            }
        },
        [
            f"{_inward('CONTENT_CLICKED')} WITH c, count(DISTINCT x) AS n WHERE n >= 3 "
            "RETURN count(c) AS count",
            f"{_sought('CONTENT_CLICKED', 'x')} AND {_OUTWARD} "
            "WITH c, count(DISTINCT x) AS n WHERE n >= 3 RETURN count(c) AS count",
            f"{_sought('CONTENT_CLICKED', 'x')} WITH x, collect(c) AS cs WHERE {_OUTWARD} "
            "UNWIND cs AS c WITH c, count(DISTINCT x) AS n WHERE n >= 3 RETURN count(c) AS count",
            f"{_IN_TOPIC} {_sought('CONTENT_CLICKED', 'x')} AND elementId(x) IN xs "
            "WITH c, count(DISTINCT x) AS n WHERE n >= 3 RETURN count(c) AS count",
        ],
        {"since": _since(90), "topic": "topic-0"},
    ),
    Shape(
        "no open in 60 days",
        {"not": {"did": {"event": OPENED, "within": _last(60)}}},
        [
            "MATCH (c:Contact) WHERE NOT EXISTS { MATCH (c)-[e:EMAIL_OPENED]->() "
            "WHERE e.at > $since AND e.at <= $t } RETURN count(c) AS count",
            f"{_sought('EMAIL_OPENED')} WITH count(DISTINCT c) AS some "
            "MATCH (c:Contact) WITH some, count(c) AS whole RETURN whole - some AS count",
            f"CALL () {{ {_sought('EMAIL_OPENED')} RETURN count(DISTINCT c) AS some }} "
            "CALL () { MATCH (c:Contact) RETURN count(c) AS whole } RETURN whole - some AS count",
        ],
        {"since": _since(60)},
    ),
    Shape(
        "high-intent prospect",
        {
            "all": [
                {
                    "did": {
                        "event": VIEWED,
                        "about": {"content": {"kind": "pricing"}},
                        "within": _last(14),
                    }
                },
                {
                    "did": {
                        "event": OPENED,
                        "where": [{"property": "type", "is": {"eq": "sales"}}],
                        "within": _last(30),
                        "atLeast": 2,
                    }
                },
                {"did": {"event": VIEWED, "about": {"content": {"kind": "case-study"}}}},
            ]
        },
        [
            f"{_sought('CONTENT_VIEWED', 'x')} AND x.kind = 'pricing' WITH DISTINCT c "
            "WHERE COUNT { MATCH (c)-[o:EMAIL_OPENED]->() "
            "WHERE o.at > $opens AND o.at <= $t AND o.type = 'sales' } >= 2 "
            "AND EXISTS { MATCH (c)-[v:CONTENT_VIEWED]->(y) "
            "WHERE v.at <= $t AND y.kind = 'case-study' } RETURN count(c) AS count",
            "MATCH (c)-[o:EMAIL_OPENED]->() USING INDEX SEEK o:EMAIL_OPENED(at) "
            "WHERE o.at > $opens AND o.at <= $t AND o.type = 'sales' "
            "WITH c, count(*) AS n WHERE n >= 2 "
            "AND EXISTS { MATCH (c)-[e:CONTENT_VIEWED]->(x) "
            "WHERE e.at > $since AND e.at <= $t AND x.kind = 'pricing' } "
            "AND EXISTS { MATCH (c)-[v:CONTENT_VIEWED]->(y) "
            "WHERE v.at <= $t AND y.kind = 'case-study' } RETURN count(c) AS count",
        ],
        {"since": _since(14), "opens": _since(30)},
    ),
    Shape(
        "≥ 5 views in 30 days",
        {"did": {"event": VIEWED, "within": _last(30), "atLeast": 5}},
        _at_least("CONTENT_VIEWED"),
        {"since": _since(30), "n": 5},
    ),
    Shape(
        "≥ 5 views in 365 days",
        {"did": {"event": VIEWED, "within": _last(365), "atLeast": 5}},
        _at_least("CONTENT_VIEWED"),
        {"since": _since(365), "n": 5},
    ),
    Shape(
        "a plan, and a click in 7 days",
        {
            "all": [
                {"trait": {"name": "plan", "is": {"eq": "pro"}}},
                {"did": {"event": CLICKED, "within": _last(7)}},
            ]
        },
        [
            f"{_sought('CONTENT_CLICKED')} AND c.plan = 'pro' RETURN count(DISTINCT c) AS count",
            f"{_sought('CONTENT_CLICKED')} WITH DISTINCT c WHERE c.plan = 'pro' "
            "RETURN count(c) AS count",
            "MATCH (c:Contact) WHERE c.plan = 'pro' AND EXISTS { MATCH (c)-[e:CONTENT_CLICKED]->() "
            "WHERE e.at > $since AND e.at <= $t } RETURN count(c) AS count",
        ],
        {"since": _since(7)},
    ),
    Shape(
        "clicked or opened ≥ 3 times in 30 days",
        {"did": {"events": [CLICKED, OPENED], "within": _last(30), "atLeast": 3}},
        [
            "MATCH (c)-[e:CONTENT_CLICKED|EMAIL_OPENED]->() WHERE e.at > $since AND e.at <= $t "
            "WITH c, count(*) AS n WHERE n >= 3 RETURN count(c) AS count",
            f"CALL () {{ {_sought('CONTENT_CLICKED')} RETURN c UNION ALL "
            f"{_sought('EMAIL_OPENED')} RETURN c }} "
            "WITH c, count(*) AS n WHERE n >= 3 RETURN count(c) AS count",
        ],
        {"since": _since(30)},
    ),
    Shape(
        "bought in a category and nothing in another",
        {
            "all": [
                {
                    "did": {
                        "event": BOUGHT,
                        "about": {"product": {"category": "category-1"}},
                        "within": _last(90),
                    }
                },
                {
                    "not": {
                        "did": {
                            "event": BOUGHT,
                            "about": {"product": {"category": "category-2"}},
                            "within": _last(90),
                        }
                    }
                },
            ]
        },
        [
            f"{_BUYERS} WITH DISTINCT c WHERE NOT {_OF_OTHER} RETURN count(c) AS count",
            f"{_sought('PRODUCT_PURCHASED', 'x')} AND {_IN_CATEGORY} WITH DISTINCT c "
            f"WHERE NOT {_OF_OTHER} RETURN count(c) AS count",
            "MATCH (:Category {key: $other})<-[:PART_OF*0..16]-()<-[:IN]-(y) WITH DISTINCT y "
            "MATCH (y)<-[f:PRODUCT_PURCHASED]-(d) WHERE f.at > $since AND f.at <= $t "
            "WITH collect(DISTINCT d) AS ds CALL (ds) { "
            f"{_BUYERS} AND NOT c IN ds RETURN count(DISTINCT c) AS count }} RETURN count",
        ],
        {"since": _since(90), "category": "category-1", "other": "category-2"},
    ),
)
