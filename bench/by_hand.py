"""The ready segments as the Cypher that an expert would write, in several ways where needed.

Each finds a row with `c` for each member. The writer knows the data: labels, zones, that no consent
was withdrawn, and that nobody's newest traits are yet to come. `$d7` is seven days before `$t`.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Final

from bench.customers import ZONES, T
from graph import times
from graph.conditions.base import Scope
from graph.conditions.sample import Sample
from graph.cypher.nodes import Leaf

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_DAYS: Final = re.compile(r"\$d(\d+)")


def _last(kind: str, days: int, thing: str = "") -> str:
    return (
        f"MATCH (c)-[e:{kind}]->({thing}) USING INDEX SEEK e:{kind}(at) "
        f"WHERE e.at > $d{days} AND e.at <= $t"
    )


def _did(kind: str, days: int, variable: str = "o") -> str:
    return (
        f"EXISTS {{ MATCH (c)-[{variable}:{kind}]->() "
        f"WHERE {variable}.at > $d{days} AND {variable}.at <= $t }}"
    )


def _last_of_two(first: str, second: str, days: int) -> str:
    branches = (f"{_last(kind, days)} RETURN c, e" for kind in (first, second))
    return f"CALL () {{ {' UNION ALL '.join(branches)} }}"


def _silent(kind: str, days: int) -> Sequence[str]:
    return (
        f"MATCH (c)-[e:{kind}]->() WHERE e.at <= $t "
        f"WITH c, max(e.at) AS last WHERE last <= $d{days}",
        f"MATCH (c:Contact) WHERE EXISTS {{ MATCH (c)-[e:{kind}]->() WHERE e.at <= $t }} "
        f"AND NOT {_did(kind, days)}",
    )


def _of_topic(kind: str, days: int, person: str = "c") -> str:
    return (
        "MATCH (:Topic {key: 'pricing'})<-[:PART_OF*0..16]-()<-[:ABOUT]-(x) WITH DISTINCT x "
        f"MATCH (x)<-[e:{kind}]-({person}) WHERE e.at > $d{days} AND e.at <= $t"
    )


_IN_TOPIC: Final = "EXISTS { (x)-[:ABOUT]->()-[:PART_OF*0..16]->(:Topic {key: 'pricing'}) }"
_ORDERS: Final = "COUNT { MATCH (c)-[o:ORDER_COMPLETED]->() WHERE o.at <= $t }"
_SUBSCRIBED: Final = f"c.newsletter = true AND NOT {_did('EMAIL_OPENED', 60)}"
_CHURNED: Final = (
    f"{_last_of_two('LOGGED_IN', 'FEATURE_USED', 60)} WITH c, max(e.at) AS last WHERE last <= $d30"
)
_GRANTED: Final = (
    "EXISTS { MATCH (c)-[d:CONSENT_DECIDED]->(:Purpose {key: 'email'}) WHERE d.at <= $t "
    "WITH d ORDER BY d.at DESC LIMIT 1 WHERE d.state = 'GRANTED' RETURN d }"
)
_BEFORE: Final = "EXISTS { MATCH (c)-[b:LOGGED_IN|FEATURE_USED]->() WHERE b.at <= $d35 }"
_BETWEEN: Final = (
    "EXISTS { MATCH (c)-[s:LOGGED_IN|FEATURE_USED]->() WHERE s.at > $d35 AND s.at <= $d5 }"
)
_UNINVITED: Final = (
    "p.at + $day * 3 <= $t AND NOT EXISTS { MATCH (c)-[i:MEMBER_INVITED]->() "
    "WHERE i.at >= p.at AND i.at <= p.at + $day * 3 }"
)
_POPULAR: Final = (
    f"{_last('LOGGED_IN', 14)} WITH DISTINCT c "
    "MATCH (x:Product)<-[v:PRODUCT_VIEWED]-(c) WHERE v.at <= $t "
    "WITH x, count(DISTINCT c) AS n WHERE n >= 5",
    "MATCH (x:Product)<-[v:PRODUCT_VIEWED]-(c) WHERE v.at <= $t WITH DISTINCT x, c "
    f"WHERE {_did('LOGGED_IN', 14)} WITH x, count(c) AS n WHERE n >= 5",
)
_RANKED: Final = (
    "WITH c, top.key AS key, count(DISTINCT e) AS n "
    "WITH c, max(n) AS most, sum(CASE WHEN key = 'clothing' THEN n ELSE 0 END) AS own "
    "WHERE own >= 3 AND own = most"
)

BY_HAND: Final[Mapping[str, Sequence[str]]] = {
    "high-intent-prospect": (
        f"{_last('PAGE_VIEWED', 14, 'x')} AND x.kind = 'pricing' WITH DISTINCT c "
        "WHERE COUNT { MATCH (c)-[o:EMAIL_OPENED]->() "
        "WHERE o.at > $d30 AND o.at <= $t AND o.type = 'sales' } >= 2 "
        "AND EXISTS { MATCH (c)-[v:CONTENT_VIEWED]->(y) "
        "WHERE v.at <= $t AND y.kind = 'case-study' }",
    ),
    "abandoned-cart": (
        f"{_last('CART_CREATED', 1)} WITH c, max(e.at) AS cart "
        "WHERE NOT EXISTS { MATCH (c)-[o:ORDER_COMPLETED]->() WHERE o.at >= cart AND o.at <= $t } "
        f"AND {_ORDERS} >= 2",
    ),
    "upsell": (
        f"{_last('FEATURE_USED', 7, 'x')} AND x.key = 'advanced-reporting' "
        "WITH c, count(*) AS n WHERE n >= 3 AND c.plan = 'free'",
        "MATCH (:Feature {key: 'advanced-reporting'})<-[e:FEATURE_USED]-(c) "
        "WHERE e.at > $d7 AND e.at <= $t WITH c, count(*) AS n WHERE n >= 3 AND c.plan = 'free'",
    ),
    "lapsed": _silent("LOGGED_IN", 14),
    "silent-buyers": _silent("ORDER_COMPLETED", 90),
    "silent-subscribers": (
        f"MATCH (c:Contact) WHERE c._since <= $t AND {_SUBSCRIBED}",
        f"{_last('EMAIL_OPENED', 60)} WITH collect(DISTINCT c) AS some "
        "MATCH (c:Contact) WHERE c._since <= $t AND c.newsletter = true AND NOT c IN some",
    ),
    "trial-expiring": (
        "MATCH (c:Contact) WHERE c._since <= $t AND c.plan = 'free' "
        "AND c.trial_ends_at > $now AND c.trial_ends_at <= $in_three_days",
        "MATCH (c:Contact) WHERE c._since <= $t AND c.trial_ends_at > $now "
        "AND c.trial_ends_at <= $in_three_days AND c.plan = 'free'",
    ),
    "topic-cluster": (
        f"{_of_topic('CONTENT_CLICKED', 30)} WITH c, count(DISTINCT x) AS n WHERE n >= 3",
        f"{_last('CONTENT_CLICKED', 30, 'x')} AND {_IN_TOPIC} "
        "WITH c, count(DISTINCT x) AS n WHERE n >= 3",
        f"{_last('CONTENT_CLICKED', 30, 'x')} WITH x, collect(c) AS cs WHERE {_IN_TOPIC} "
        "UNWIND cs AS c WITH c, count(DISTINCT x) AS n WHERE n >= 3",
    ),
    "power-users": (
        f"{_last('FEATURE_USED', 7)} "
        "WITH c, count(DISTINCT date(datetime({epochMillis: e.at, timezone: c.zone}))) AS n "
        "WHERE n >= 5",
    ),
    "churned": (
        _CHURNED,
        "MATCH (c)-[e:LOGGED_IN|FEATURE_USED]->() WHERE e.at > $d60 AND e.at <= $t "
        "WITH c, max(e.at) AS last WHERE last <= $d30",
    ),
    "recent-buyers": (
        f"{_last('ORDER_COMPLETED', 7)} WITH c, sum(e.total) AS total WHERE total >= 100",
    ),
    "engaged-readers": (
        f"{_last_of_two('EMAIL_OPENED', 'EMAIL_LINK_CLICKED', 28)} "
        "WITH c, count(DISTINCT ($t - e.at) / (7 * $day)) AS weeks WHERE weeks >= 3",
        "MATCH (c)-[e:EMAIL_OPENED|EMAIL_LINK_CLICKED]->() WHERE e.at > $d28 AND e.at <= $t "
        "WITH c, count(DISTINCT ($t - e.at) / (7 * $day)) AS weeks WHERE weeks >= 3",
    ),
    "resumed": (
        f"{_last_of_two('LOGGED_IN', 'FEATURE_USED', 5)} WITH DISTINCT c "
        f"WHERE NOT {_BETWEEN} AND {_BEFORE}",
        "MATCH (c)-[e:LOGGED_IN|FEATURE_USED]->() WHERE e.at > $d5 AND e.at <= $t "
        f"WITH DISTINCT c WHERE NOT {_BETWEEN} AND {_BEFORE}",
    ),
    "first-order": (
        f"{_last('ORDER_COMPLETED', 30)} WITH DISTINCT c "
        "WHERE NOT EXISTS { MATCH (c)-[o:ORDER_COMPLETED]->() WHERE o.at <= $d30 }",
    ),
    "stalled-onboarding": (
        "MATCH (c)-[p:PROJECT_CREATED]->() WHERE p.at <= $t "
        f"AND {_UNINVITED} AND EXISTS {{ MATCH (c)-[s:SIGNED_UP]->() "
        "WHERE s.at <= p.at AND p.at <= s.at + $day } WITH DISTINCT c",
        "MATCH (c)-[s:SIGNED_UP]->() WHERE s.at <= $t MATCH (c)-[p:PROJECT_CREATED]->() "
        f"WHERE s.at <= p.at AND p.at <= s.at + $day AND {_UNINVITED} WITH DISTINCT c",
    ),
    "viewed-not-bought": (
        f"{_last('PRODUCT_VIEWED', 30, 'x')} AND e.at + 2 * $day <= $t "
        "AND NOT EXISTS { MATCH (c)-[b:PRODUCT_PURCHASED]->(x) "
        "WHERE b.at >= e.at AND b.at <= e.at + 2 * $day } WITH DISTINCT c",
        f"{_last('PRODUCT_VIEWED', 30, 'x')} AND e.at + 2 * $day <= $t WITH c, x, e "
        "WHERE NOT EXISTS { MATCH (c)-[b:PRODUCT_PURCHASED]->(y) "
        "WHERE y = x AND b.at >= e.at AND b.at <= e.at + 2 * $day } WITH DISTINCT c",
    ),
    "evaluation-path": (
        "MATCH (c)-[d:DEMO_REQUESTED]->() WHERE d.at <= $t "
        "AND EXISTS { MATCH (c)-[q:PAGE_VIEWED]->(:Content {key: 'contract'}) "
        "WHERE q.at >= d.at AND q.at <= d.at + 7 * $day AND q.at <= $t } "
        "AND EXISTS { MATCH (c)-[p:PAGE_VIEWED]->(x) "
        "WHERE x.kind = 'landing' AND p.at <= d.at AND d.at <= p.at + 7 * $day } "
        "WITH DISTINCT c",
        "MATCH (:Content {key: 'contract'})<-[q:PAGE_VIEWED]-(c)-[d:DEMO_REQUESTED]->() "
        "WHERE q.at >= d.at AND q.at <= d.at + 7 * $day AND q.at <= $t "
        "AND EXISTS { MATCH (c)-[p:PAGE_VIEWED]->(x) "
        "WHERE x.kind = 'landing' AND p.at <= d.at AND d.at <= p.at + 7 * $day } "
        "WITH DISTINCT c",
    ),
    "big-spenders": (
        f"{_last('ORDER_COMPLETED', 365)} WITH c, sum(e.total) AS total, avg(e.total) AS average "
        "WHERE total >= 1000 AND average >= 80",
        "MATCH (c)-[e:ORDER_COMPLETED]->() WHERE e.at > $d365 AND e.at <= $t "
        "WITH c, sum(e.total) AS total, avg(e.total) AS average "
        "WHERE total >= 1000 AND average >= 80",
    ),
    "favourite-category": (
        f"{_last('PRODUCT_VIEWED', 90, 'x')} "
        "MATCH (x)-[:IN]->()-[:PART_OF*0..16]->(top:Category) WHERE NOT (top)-[:PART_OF]->() "
        f"{_RANKED}",
        "MATCH (x:Product)-[:IN]->()-[:PART_OF*0..16]->(top:Category) "
        "WHERE NOT (top)-[:PART_OF]->() MATCH (c)-[e:PRODUCT_VIEWED]->(x) "
        f"WHERE e.at > $d90 AND e.at <= $t {_RANKED}",
    ),
    "more-plays": (
        f"{_last('VIDEO_PLAYED', 30)} WITH c, count(*) AS n "
        "WHERE n > COUNT { MATCH (c)-[s:VIDEO_SKIPPED]->() WHERE s.at > $d30 AND s.at <= $t }",
    ),
    "downgraded": (
        "MATCH (c)-[e:SUBSCRIPTION_CHANGED]->() WHERE e.at <= $t AND e.direction = 'downgrade' "
        "AND NOT EXISTS { MATCH (c)-[l:SUBSCRIPTION_CHANGED]->() WHERE l.at <= $t "
        "AND (l.at > e.at OR l.at = e.at AND l.id > e.id) } WITH DISTINCT c",
        "MATCH (c)-[e:SUBSCRIPTION_CHANGED]->() WHERE e.at <= $t WITH c, e ORDER BY e.at, e.id "
        "WITH c, last(collect(e.direction)) AS direction WHERE direction = 'downgrade'",
    ),
    "fast-starters": (
        "MATCH (c)-[e:PROJECT_CREATED|MEMBER_INVITED|INTEGRATION_CONNECTED]->() WHERE e.at <= $t "
        "WITH c, collect(e.at) AS ats WHERE size(ats) >= 3 "
        "CALL (c) { MATCH (c)-[l:LOGGED_IN]->() WHERE l.at <= $t RETURN min(l.at) AS start } "
        "WITH c WHERE size([at IN ats WHERE at >= start AND at <= start + 7 * $day]) >= 3",
    ),
    "champions": (
        f"{_last('ORDER_COMPLETED', 365)} "
        "WITH c, max(e.at) AS last, count(*) AS n, sum(e.total) AS money "
        "WHERE last > $d30 AND n >= 5 AND money >= 500",
        f"{_last('ORDER_COMPLETED', 30)} WITH DISTINCT c MATCH (c)-[o:ORDER_COMPLETED]->() "
        "WHERE o.at > $d365 AND o.at <= $t WITH c, count(*) AS n, sum(o.total) AS money "
        "WHERE n >= 5 AND money >= 500",
    ),
    "sleeping-accounts": (
        "MATCH (a:Account) WHERE a.tier = 'business' AND NOT EXISTS { "
        "MATCH (a)<-[:BELONGS_TO]-()-[e:LOGGED_IN]->() WHERE e.at > $d14 AND e.at <= $t } "
        "MATCH (a)<-[:BELONGS_TO]-(c) WHERE c._since <= $t WITH DISTINCT c",
    ),
    "buying-committee": (
        f"{_last('PAGE_VIEWED', 7, 'x').replace('(c)', '(m)')} AND {_IN_TOPIC} WITH DISTINCT m "
        "MATCH (m)-[:BELONGS_TO]->(a) WITH a, collect(m) AS ms WHERE size(ms) >= 3 "
        "MATCH (a)<-[:BELONGS_TO]-(c) WHERE c._since <= $t "
        "AND size([m IN ms WHERE m <> c]) >= 3 WITH DISTINCT c",
        f"{_of_topic('PAGE_VIEWED', 7, 'm')} WITH DISTINCT m "
        "MATCH (m)-[:BELONGS_TO]->(a) WITH a, collect(m) AS ms WHERE size(ms) >= 3 "
        "MATCH (a)<-[:BELONGS_TO]-(c) WHERE c._since <= $t "
        "AND size([m IN ms WHERE m <> c]) >= 3 WITH DISTINCT c",
    ),
    "near-a-place": (
        "MATCH (c:Contact) WHERE c._since <= $t AND point.distance(c.location, "
        "point({latitude: 52.52, longitude: 13.405})) <= 20000 "
        f"AND {_GRANTED} AND NOT EXISTS {{ MATCH (c)-[u:UNSUBSCRIBED]->() WHERE u.at <= $t }}",
    ),
    "birthday-week": (
        "MATCH (c:Contact) WHERE c._since <= $t "
        "AND c.birthday.month * 100 + c.birthday.day IN $coming[c.zone]",
        "UNWIND $zones AS zone MATCH (c:Contact) WHERE c._since <= $t AND c.zone = zone "
        "AND c.birthday.month * 100 + c.birthday.day IN $coming[zone]",
    ),
    "sampled": (
        f"{_CHURNED} WITH collect(c) AS gone MATCH (c:Contact) WHERE c._since <= $t "
        "AND (c._hash * $factor + $shift) % $modulus < $limit "
        f"AND {_SUBSCRIBED} AND NOT c IN gone",
        "MATCH (c:Contact) WHERE c._since <= $t "
        "AND (c._hash * $factor + $shift) % $modulus < $limit "
        f"AND {_SUBSCRIBED} AND NOT ({_did('LOGGED_IN|FEATURE_USED', 60)} "
        f"AND NOT {_did('LOGGED_IN|FEATURE_USED', 30)})",
    ),
    "was-active": (
        "MATCH (c)-[e:LOGGED_IN]->() USING INDEX SEEK e:LOGGED_IN(at) "
        "WHERE e.at > $then - 14 * $day AND e.at <= $then WITH DISTINCT c "
        f"WHERE NOT {_did('LOGGED_IN', 14)}",
        f"{_last('LOGGED_IN', 14)} WITH collect(DISTINCT c) AS some "
        "MATCH (c)-[e:LOGGED_IN]->() USING INDEX SEEK e:LOGGED_IN(at) "
        "WHERE e.at > $then - 14 * $day AND e.at <= $then "
        "WITH DISTINCT c, some WHERE NOT c IN some",
    ),
    "active": (f"{_last('LOGGED_IN', 14)} WITH DISTINCT c",),
    "steady-plan": (
        "MATCH (:Trait {name: 'plan'})<-[h:TRAIT_CHANGED]-(c) WHERE h.at <= $t "
        "WITH c, h ORDER BY h.at WITH c, collect(h) AS hs "
        "WITH c, hs, [h IN hs WHERE h.at <= $d90 + 1][-1] AS held WHERE held IS NOT NULL "
        "AND all(h IN hs WHERE h.at <= held.at OR h.value = held.value)",
    ),
    "popular-pick": tuple(
        f"{popular} MATCH (x)<-[e:PRODUCT_PURCHASED]-(c) WHERE e.at <= $t WITH DISTINCT c"
        for popular in _POPULAR
    ),
}


def counting(text: str) -> str:
    """Return the query that counts the members."""
    return f"{text} RETURN count(c) AS count"


def naming(text: str) -> str:
    """Return the query that returns their keys."""
    return f"{text} RETURN c.key AS key"


def parameters(text: str) -> dict[str, object]:
    """Return the values that a query names."""
    sampled = Sample(10.0, "lumen-tenth").predicate(Scope(T, {}))
    assert isinstance(sampled, Leaf)
    known: dict[str, object] = {
        "t": T,
        "day": times.DAY,
        "now": times.instant(T),
        "in_three_days": times.instant(T + 3 * times.DAY),
        "then": times.read_instant("2026-01-01T00:00:00Z"),
        "zones": list(ZONES),
        "coming": {zone: _coming(zone) for zone in ZONES},
        **sampled.values,
    }
    named = set(re.findall(r"\$(\w+)", text))
    days = {f"d{number}": T - int(number) * times.DAY for number in _DAYS.findall(text)}
    return {name: value for name, value in (known | days).items() if name in named}


def _coming(zone: str) -> list[int]:
    """Return the days of the week ahead by the calendar of a zone, as month and day."""
    today = times.local_date(T, zone)
    days = (today + dt.timedelta(number) for number in range(8))
    return [day.month * 100 + day.day for day in days]
