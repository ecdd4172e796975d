"""The seed that a condition is compiled to, and the form of each filter, by what they cost."""

from __future__ import annotations

import pytest

from graph import conditions
from graph.compiler import best_seed, compiled, verdicts
from graph.conditions.logic import AllOf
from graph.cypher import queries
from graph.estimates import Costs, Facts, KindFacts
from graph.times import DAY

T = 1_790_000_000_000
YEAR = T - 365 * DAY
FACTS = Facts(
    {
        "Content Viewed": KindFacts("CONTENT_VIEWED", 220_000, YEAR, T),
        "Email Opened": KindFacts("EMAIL_OPENED", 120_000, YEAR, T),
        "Product Purchased": KindFacts("PRODUCT_PURCHASED", 12_000, YEAR, T),
        "Trial Started": KindFacts("TRIAL_STARTED", 40, YEAR, T),
    },
    contacts=20_000,
    accounts=50,
    traits={"plan": 20_000, "rare": 40},
    definitions={
        "trying": conditions.read({"did": {"event": "Trial Started", "within": {"last": "P9D"}}})
    },
)
COUNT, PAGE = queries.Count(), queries.Page(21)

VIEWED = {"did": {"event": "Content Viewed", "within": {"last": "P1D"}}}
VIEWED_LONG = {"did": {"event": "Content Viewed", "within": {"last": "P300D"}}}
OPENED = {"did": {"event": "Email Opened", "within": {"last": "P1D"}}}
BOUGHT = {"did": {"event": "Product Purchased"}}
TRIED = {"did": {"event": "Trial Started"}}
PLAN = {"trait": {"name": "plan", "is": {"eq": "pro"}}}
TIER = {"account": {"traits": [{"name": "tier", "is": {"eq": "business"}}]}}
NEVER = {"did": {"event": "Nothing"}}
TOPIC = {"engaged": {"topic": "pricing"}}
POPULAR = {
    "popularWith": {
        "event": "Email Opened",
        "atLeast": 5,
        "who": {"segment": {"key": "trying"}},
    }
}
AFTER_FIRST = {
    "did": {
        "event": "Content Viewed",
        "within": {"ofFirst": {"event": "Trial Started", "within": "P7D"}},
    }
}
AFTER_TRIAL = {
    "did": {
        "event": "Trial Started",
        "within": {"ofFirst": {"event": "Content Viewed", "within": "P7D"}},
    }
}

SEEDS = {
    "the rarer of two kinds": ([VIEWED, TRIED], COUNT, TRIED),
    "the shorter window": ([VIEWED, VIEWED_LONG], COUNT, VIEWED),
    "an event before a trait": ([PLAN, VIEWED], COUNT, VIEWED),
    "accounts, where they are few": ([PLAN, TIER], COUNT, TIER),
    "an event before many members of accounts": ([TIER, TRIED], COUNT, TRIED),
    "each branch of any has one": (
        [{"any": [VIEWED, TRIED]}, PLAN],
        COUNT,
        {"any": [VIEWED, TRIED]},
    ),
    "one branch of any has none": ([{"any": [VIEWED, PLAN]}, BOUGHT], COUNT, BOUGHT),
    "a trait alone": ([PLAN], COUNT, None),
    "what was not done": ([{"not": VIEWED}], COUNT, None),
    "none at all": ([{"did": {"event": "Content Viewed", "exactly": 0}}], COUNT, None),
    "any kind of event": ([{"did": {"within": {"last": "P1D"}}}], COUNT, None),
    "a window that an event of the contact opens": ([AFTER_FIRST], COUNT, None),
    "a kind that never happened finds nobody at once": ([NEVER, VIEWED], COUNT, NEVER),
    "so common that a look at each contact costs less": ([VIEWED_LONG], COUNT, None),
    "a page of what is common": ([VIEWED_LONG], PAGE, None),
    "a page of what is rare": ([TRIED], PAGE, TRIED),
}


@pytest.mark.parametrize(("where", "asked", "expected"), SEEDS.values(), ids=SEEDS)
def test_seed(where: list[object], asked: queries.Asked, expected: object) -> None:
    """The seed is the conjunct that finds its contacts at the least cost, if that beats a scan."""
    canonical = conditions.read({"all": where}).canonical()
    conjuncts = canonical.children if isinstance(canonical, AllOf) else (canonical,)

    seed = best_seed(conjuncts, asked, Costs(T, FACTS))

    assert seed == (None if expected is None else conditions.read(expected).canonical())


FORMS = {
    "an index on time": (VIEWED, "USING INDEX SEEK e:CONTENT_VIEWED(at)"),
    "from a topic inwards where that is less": (
        {
            "did": {
                "event": "Content Viewed",
                "about": {"content": {"topic": "a"}},
                "within": {"last": "P9D"},
            }
        },
        "THEN [named] ELSE [] END AS about\n  MATCH (contact)-[e:CONTENT_VIEWED]->(thing)\n",
    ),
    "from a topic inwards, where a window saves nothing": (TOPIC, "MATCH (thing)<-[e:"),
    "from keys inwards": (
        {"did": {"event": "Content Viewed", "about": {"content": {"keys": ["a"]}}}},
        "MATCH (thing:Content)\nWHERE thing.key IN $keys\nWITH DISTINCT thing",
    ),
    "those who did not are all others": (
        {"not": VIEWED},
        "RETURN everybody - to_come - met AS count",
    ),
    "at most so often is not once more": (
        {"did": {"event": "Content Viewed", "within": {"last": "P1D"}, "atMost": 2}},
        "RETURN everybody - to_come - met AS count",
    ),
    "a filter of many is found once": (
        {"all": [{"not": VIEWED}, PLAN]},
        "NOT (contact IN contacts)",
    ),
    "either of many is found once": (
        {"any": [{"not": VIEWED}, PLAN]},
        "NOT (contact IN contacts)",
    ),
    "a filter of few is a look at each": ({"all": [TRIED, VIEWED_LONG]}, "EXISTS {"),
    "steps, from the first": (
        {"sequence": {"steps": [{"event": "Trial Started"}, {"event": "Content Viewed"}]}},
        "WITH DISTINCT contact, e AS last",
    ),
    "steps, from a later one that is rarer": (
        {
            "sequence": {
                "steps": [
                    {"event": "Content Viewed"},
                    {"event": "Email Opened"},
                    {"event": "Trial Started"},
                ]
            }
        },
        "USING INDEX SEEK e:TRIAL_STARTED(at)\n",
    ),
    "a sum, from the events of all": (
        {"total": {"event": "Product Purchased", "of": "price", "is": {"gte": 9}}},
        "[number IN collect(number)\n  WHERE",
    ),
    "a sum that may be of none looks at each": (
        {"total": {"event": "Product Purchased", "of": "price", "is": {"lte": 9}}},
        "MATCH (contact:Contact)\nWHERE",
    ),
    "what an event opens, from the same at any time": (
        AFTER_TRIAL,
        "USING INDEX SEEK e:TRIAL_STARTED(at)",
    ),
    "steps, from the second that the first leads to": (
        {
            "sequence": {
                "steps": [
                    {"event": "Content Viewed"},
                    {"event": "Trial Started", "within": "P1D"},
                    {"event": "Product Purchased", "absent": True},
                ]
            }
        },
        "  AND e.at <= last.at\n  AND last.at <= e.at + $within\n}",
    ),
    "steps, all of them where a later one leads to no fewer": (
        {"sequence": {"steps": [{"event": "Trial Started"}, {"event": "Product Purchased"}]}},
        "USING INDEX SEEK e:TRIAL_STARTED(at)\n",
    ),
    "more often, for each who did it at all": (
        {"moreOften": {"event": "Trial Started", "than": {"event": "Email Opened"}}},
        "WITH contact, count(e) AS times\nWHERE times > COUNT {",
    ),
    "the last of all events": (
        {"latest": {"event": "Product Purchased", "has": [{"property": "a", "is": {"eq": 1}}]}},
        "WITH contact, last(collect(e)) AS e",
    ),
    "a trait that was held, from the trait": (
        {"traitHeld": {"name": "plan", "within": {"last": "P9D"}}},
        "MATCH (contact)-[found:TRAIT_CHANGED]->(:Trait {name: $trait})\nWHERE",
    ),
    "a trait that was missing looks at each": (
        {"traitHeld": {"name": "plan", "within": {"last": "P9D"}, "is": {"exists": False}}},
        "MATCH (contact:Contact)\nWHERE",
    ),
    "places of each thing once": (
        {
            "favourite": {
                "event": "Product Purchased",
                "by": {"category": True},
                "is": "a",
                "within": {"last": "P90D"},
            }
        },
        "WITH thing, collect(contact) AS met",
    ),
    "colleagues, from those who did": (
        {"colleagues": {"who": TRIED}},
        "UNWIND contacts AS other\n  MATCH (other)-[:BELONGS_TO]->",
    ),
    "colleagues who did not, from the accounts": (
        {"colleagues": {"who": TRIED, "none": True}},
        "MATCH (account:Account)\n  WITH account, COLLECT {",
    ),
    "colleagues of accounts that are tested in each contact's zone, from both": (
        {
            "colleagues": {
                "who": TRIED,
                "account": [{"name": "renewal", "is": {"anniversaryInNext": "P5D"}}],
            }
        },
        "MATCH (account:Account)<-[:BELONGS_TO]-(contact:Contact)\n",
    ),
    "colleagues in a segment, from those who did what its definition says": (
        {"colleagues": {"who": {"segment": {"key": "trying"}}}},
        "UNWIND contacts AS other\n  MATCH (other)-[:BELONGS_TO]->",
    ),
    "things popular with those who did, who are found once": (
        {"did": {"event": "Content Viewed", "about": {"content": POPULAR}}},
        "AND contact_2 IN contacts\n    RETURN DISTINCT contact_2\n  } >= $number",
    ),
    "a segment, from within its definition": (
        {"all": [{"segment": {"key": "trying"}}, PLAN]},
        "MATCH (contact)-[e:TRIAL_STARTED]->(thing)\n  USING INDEX SEEK",
    ),
    "a segment at an instant": (
        {"segment": {"key": "trying", "at": "2026-09-01T00:00:00Z"}},
        "MATCH (contact)-[e:TRIAL_STARTED]->(thing)\n  USING INDEX SEEK",
    ),
    "what colleagues meet, apart from the way to them": (
        {"all": [TRIED, {"colleagues": {"who": {"all": [PLAN, VIEWED_LONG]}, "atMost": 3}}]},
        "WITH DISTINCT contact_2\n",
    ),
    "either of two events": ({"any": [VIEWED, OPENED]}, "UNION\n"),
}


@pytest.mark.parametrize(("where", "part"), FORMS.values(), ids=FORMS)
def test_form(where: object, part: str) -> None:
    """What is compiled takes the form that costs least."""
    statement = compiled(conditions.read(where).canonical(), COUNT, T, FACTS)

    assert part in statement.text


def test_totals_read_events_once() -> None:
    """Totals of the same events, and how many there are, are found in one go."""
    total = {"event": "Product Purchased", "of": "price", "is": {"gte": 9}}
    often = {"did": {"event": "Product Purchased", "atLeast": 3}}
    where = {"all": [{"total": total}, {"total": {**total, "by": "AVERAGE"}}, often]}

    text = compiled(conditions.read(where).canonical(), COUNT, T, FACTS).text

    assert text.count("USING INDEX SEEK") == 1
    assert text.count("(contact)-[e:PRODUCT_PURCHASED]") == 1


def test_what_few_have_is_asked_first() -> None:
    """Of two tests that cost the same the one comes first that leaves fewer."""
    rare = {"trait": {"name": "rare", "is": {"eq": "pro"}}}

    statement = compiled(conditions.read({"all": [PLAN, rare]}).canonical(), COUNT, T, FACTS)

    assert statement.parameters["trait"] == "rare"


def test_few_are_left_to_look_at() -> None:
    """Where a sample leaves few, each of them is looked at."""
    where = {"all": [{"sample": {"percent": 1.0, "salt": "a"}}, {"not": VIEWED_LONG}]}

    statement = compiled(conditions.read(where).canonical(), COUNT, T, FACTS)

    assert "contacts" not in statement.text


def test_who_did_something_exists() -> None:
    """Only where no event tells that a contact exists is it asked since when."""
    did = compiled(conditions.read(VIEWED).canonical(), COUNT, T, FACTS)
    has = compiled(conditions.read(PLAN).canonical(), COUNT, T, FACTS)

    assert "_since" not in did.text
    assert "WHERE contact._since <= $t" in has.text


def test_verdicts_gather_nothing() -> None:
    """For some contacts nothing is found once for all."""
    where = {"did": {"event": "Content Viewed", "about": {"content": {"topic": "a"}}}}

    statement = verdicts(conditions.read(where), ("ann",), T, FACTS)

    assert "COLLECT" not in statement.text
    assert statement.parameters["these"] == {"keys": ["ann"]}


def test_text_of_a_shape_stays() -> None:
    """Other values of the same condition give the same text, so that its plan is known."""
    texts = {
        compiled(
            conditions.read(
                {"did": {"event": "Trial Started", "within": {"last": f"P{days}D"}}}
            ).canonical(),
            COUNT,
            T,
            FACTS,
        ).text
        for days in (1, 2, 7)
    }

    assert len(texts) == 1
