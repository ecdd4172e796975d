"""Conditions, what each is in an English sentence, and what its contrary is."""

from __future__ import annotations

from typing import Any, Final

VIEWED: Final[dict[str, Any]] = {"event": "Page Viewed"}
WEEK: Final[dict[str, Any]] = {"last": "P7D"}
DID: Final[dict[str, Any]] = {"did": VIEWED}
PRO: Final[dict[str, Any]] = {"name": "plan", "is": {"eq": "pro"}}
ABOUT: Final[dict[str, Any]] = {"content": {"kind": "pricing"}}

SENTENCES: Final[dict[str, tuple[dict[str, Any], str, str]]] = {
    "all": (
        {"all": [DID, {"trait": PRO}]},
        "viewed a page, and has a “plan” that is “pro”",
        "did not view a page, or has no “plan” that is “pro”",
    ),
    "any": (
        {"any": [{"all": [DID, {"trait": PRO}]}, {"did": {"event": "Logged In"}}]},
        "(viewed a page, and has a “plan” that is “pro”), or logged in",
        "(did not view a page, or has no “plan” that is “pro”), and did not log in",
    ),
    "not": ({"not": DID}, "did not view a page", "viewed a page"),
    "did": (
        {"did": {**VIEWED, "about": ABOUT, "within": {"last": "P14D"}}},
        "viewed a page of kind “pricing” in the last 14 days",
        "did not view a page of kind “pricing” in the last 14 days",
    ),
    "did, often": (
        {
            "did": {
                "event": "Email Opened",
                "where": [{"property": "type", "is": {"eq": "sales"}}],
                "atLeast": 2,
            }
        },
        "opened an email where “type” is “sales” at least twice",
        "did not open an email where “type” is “sales” at least twice",
    ),
    "did, seldom": (
        {"did": {**VIEWED, "atMost": 2, "within": WEEK}},
        "viewed a page at most twice in the last 7 days",
        "viewed a page at least 3 times in the last 7 days",
    ),
    "did, of several kinds": (
        {"did": {"events": ["Feature Used", "Logged In"], "within": {"last": "P1D"}}},
        "used a feature or logged in within the last 24 hours",
        "did not use a feature or log in within the last 24 hours",
    ),
    "did, of several kinds about something": (
        {"did": {"events": ["Page Viewed", "Content Viewed"], "about": ABOUT}},
        "did “Content Viewed” or “Page Viewed” about content of kind “pricing”",
        "did not do “Content Viewed” or “Page Viewed” about content of kind “pricing”",
    ),
    "did, what happens to a contact": (
        {"did": {"event": "Email Bounced"}},
        "did “Email Bounced”",
        "did not do “Email Bounced”",
    ),
    "did, with different things": (
        {"did": {"event": "Product Viewed", "distinct": {"thing": True}, "atLeast": 3}},
        "viewed a product (at least 3 different things)",
        "did not view a product (at least 3 different things)",
    ),
    "did, something popular": (
        {
            "did": {
                "event": "Product Purchased",
                "about": {
                    "product": {
                        "popularWith": {
                            "event": "Product Viewed",
                            "atLeast": 5,
                            "who": {"trait": PRO},
                        }
                    }
                },
            }
        },
        (
            "purchased a product with “Product Viewed” events by at least 5 contacts each of whom "
            "has a “plan” that is “pro”"
        ),
        (
            "did not purchase a product with “Product Viewed” events by at least 5 contacts each "
            "of whom has a “plan” that is “pro”"
        ),
    ),
    "engaged": (
        {"engaged": {"topic": "prices", "contents": 3, "within": WEEK}},
        "engaged with at least 3 different pieces of content in topic “prices” in the last 7 days",
        (
            "did not engage with at least 3 different pieces of content in topic “prices” in the "
            "last 7 days"
        ),
    ),
    "trait": (
        {"trait": {"name": "age", "is": {"gte": 18.0}}},
        "has an “age” that is at least 18",
        "has no “age” that is at least 18",
    ),
    "account": (
        {"account": {"traits": [PRO]}},
        "belongs to an account whose “plan” is “pro”",
        "belongs to no account whose “plan” is “pro”",
    ),
    "sequence": (
        {
            "sequence": {
                "steps": [
                    {"event": "Signed Up"},
                    {"event": "Project Created", "within": "P1D"},
                    {"event": "Member Invited", "within": "P3D", "absent": True},
                ],
                "within": WEEK,
            }
        },
        (
            "signed up in the last 7 days, then created a project within 1 day, then did not "
            "invite a member within 3 days"
        ),
        (
            "is not among those who signed up in the last 7 days, then created a project within 1 "
            "day, then did not invite a member within 3 days"
        ),
    ),
    "sequence beside another": (
        {"any": [{"sequence": {"steps": [VIEWED, VIEWED], "same": {"thing": True}}}, DID]},
        "(viewed a page, then viewed a page, all about the same thing), or viewed a page",
        (
            "(is not among those who viewed a page, then viewed a page, all about the same thing), "
            "and did not view a page"
        ),
    ),
    "firstTime": (
        {"firstTime": {"event": "Order Completed", "within": {"last": "P30D"}, "nth": 2}},
        "completed an order for the 2nd time ever in the last 30 days",
        "did not complete an order for the 2nd time ever in the last 30 days",
    ),
    "latest": (
        {"latest": {"event": "Plan Changed", "has": [{"property": "to", "is": {"eq": "free"}}]}},
        "has a latest “Plan Changed” event whose “to” is “free”",
        "has no latest “Plan Changed” event whose “to” is “free”",
    ),
    "total": (
        {"total": {"event": "Order Completed", "of": "cost", "is": {"gte": 100}, "within": WEEK}},
        "has a sum of “cost” over “Order Completed” events in the last 7 days that is at least 100",
        (
            "does not have a sum of “cost” over “Order Completed” events in the last 7 days that "
            "is at least 100"
        ),
    ),
    "regular": (
        {
            "regular": {
                "event": "Email Opened",
                "times": 2,
                "in": 3,
                "of": 4,
                "every": {"calendar": {"unit": "WEEK"}},
            }
        },
        "opened an email at least twice in each of at least 3 of the last 4 weeks (UTC time)",
        "opened an email at least twice in each of at most 2 of the last 4 weeks (UTC time)",
    ),
    "regular, always": (
        {"regular": {"event": "Email Opened", "in": 4, "of": 4, "every": {"rolling": "P7D"}}},
        "opened an email in each of the last 4 periods of 7 days",
        "opened an email in at most 3 of the last 4 periods of 7 days",
    ),
    "regular, at all": (
        {"regular": {"event": "Logged In", "in": 1, "of": 4, "every": {"rolling": "P7D"}}},
        "logged in within at least 1 of the last 4 periods of 7 days",
        "did not log in within any of the last 4 periods of 7 days",
    ),
    "stopped": (
        {"stopped": {"event": "Logged In", "active": "P30D", "silent": "P30D"}},
        "logged in between 60 and 30 days ago but not in the last 30 days",
        "is not among those who logged in between 60 and 30 days ago but not in the last 30 days",
    ),
    "resumed": (
        {"resumed": {"event": "Logged In", "silent": "P30D", "recent": "P5D"}},
        "logged in again in the last 5 days after 30 days without it",
        "is not among those who logged in again in the last 5 days after 30 days without it",
    ),
    "favourite": (
        {
            "favourite": {
                "event": "Product Viewed",
                "by": {"category": True},
                "is": "cosmetics",
                "atLeast": 3,
            }
        },
        "has “cosmetics” as the favourite category of “Product Viewed” events (at least 3 of them)",
        (
            "does not have “cosmetics” as the favourite category of “Product Viewed” events (at "
            "least 3 of them)"
        ),
    ),
    "moreOften": (
        {"moreOften": {"event": "Video Played", "than": {"event": "Video Skipped"}}},
        "played a video more often than they skipped a video",
        "did not play a video more often than they skipped a video",
    ),
    "traitHeld": (
        {"traitHeld": {**PRO, "within": {"last": "P90D"}}},
        "has had a “plan” that is “pro” at all times in the last 90 days",
        "has not had a “plan” that is “pro” at all times in the last 90 days",
    ),
    "traitHeld, once": (
        {"traitHeld": {**PRO, "within": {"last": "P90D"}, "how": "SOMETIME"}},
        "has had a “plan” that is “pro” at some time in the last 90 days",
        "has not had a “plan” that is “pro” at some time in the last 90 days",
    ),
    "traitHeld, a vowel": (
        {"traitHeld": {"name": "age", "is": {"gte": 18}, "within": {"last": "P90D"}}},
        "has had an “age” that is at least 18 at all times in the last 90 days",
        "has not had an “age” that is at least 18 at all times in the last 90 days",
    ),
    "trait, a consonant": (
        {"trait": {"name": "user_type", "is": {"exists": True}}},
        "has a “user_type”",
        "has no “user_type”",
    ),
    "trait, a silent letter": (
        {"trait": {"name": "hour", "is": {"lt": 0.00001}}},
        "has an “hour” that is less than 0.00001",
        "has no “hour” that is less than 0.00001",
    ),
    "near, to the metre": (
        {"near": {"latitude": 52.5200123, "longitude": 0.00001, "km": 1234567.5}},
        "is within 1234567.5 km of 52.5200123, 0.00001",
        "is not within 1234567.5 km of 52.5200123, 0.00001",
    ),
    "colleagues": (
        {"colleagues": {"who": {"trait": PRO}, "atLeast": 3}},
        "has at least 3 colleagues each of whom has a “plan” that is “pro”",
        "does not have at least 3 colleagues each of whom has a “plan” that is “pro”",
    ),
    "colleagues, one": (
        {"colleagues": {"who": {"any": [DID, {"did": {"event": "Logged In"}}]}}},
        "has a colleague who (viewed a page, or logged in)",
        "does not have a colleague who (viewed a page, or logged in)",
    ),
    "colleagues, of some accounts": (
        {"colleagues": {"who": DID, "account": [PRO], "exactly": 1}},
        "has exactly 1 colleague in accounts whose “plan” is “pro” who viewed a page",
        "does not have exactly 1 colleague in accounts whose “plan” is “pro” who viewed a page",
    ),
    "colleagues, none": (
        {"colleagues": {"who": DID, "account": [PRO], "none": True, "includeSelf": True}},
        (
            "has an account whose “plan” is “pro” but no contact in such accounts, itself counted, "
            "who viewed a page"
        ),
        (
            "is not among those with an account whose “plan” is “pro” but no contact in such "
            "accounts, itself counted, who viewed a page"
        ),
    ),
    "colleagues, few": (
        {"colleagues": {"who": DID, "atMost": 3}},
        "has an account and at most 3 colleagues each of whom viewed a page",
        "is not among those with an account and at most 3 colleagues each of whom viewed a page",
    ),
    "colleagues, all": (
        {"colleagues": {"who": DID, "all": True}},
        "has colleagues every one of whom viewed a page",
        "does not have colleagues every one of whom viewed a page",
    ),
    "segment": (
        {"segment": {"key": "active"}},
        "is in the segment “active”",
        "is not in the segment “active”",
    ),
    "segment, then": (
        {"segment": {"key": "active", "at": "2026-01-01T00:00:00Z"}},
        "is in the segment “active” as of 00:00 UTC on 1 January 2026",
        "is not in the segment “active” as of 00:00 UTC on 1 January 2026",
    ),
    "consent": (
        {"consent": {"purpose": "email", "is": "GRANTED"}},
        "has granted consent to “email”",
        "has not granted consent to “email”",
    ),
    "consent, unknown": (
        {"consent": {"purpose": "email", "is": "UNKNOWN"}},
        "has not decided on consent to “email”",
        "has decided on consent to “email”",
    ),
    "near": (
        {"near": {"latitude": 52.52, "longitude": 13.405, "km": 20}},
        "is within 20 km of 52.52, 13.405",
        "is not within 20 km of 52.52, 13.405",
    ),
    "sample": (
        {"sample": {"percent": 10, "salt": "june"}},
        "is in the 10 % sample “june”",
        "is not in the 10 % sample “june”",
    ),
    "rfm": (
        {
            "rfm": {
                "event": "Order Completed",
                "recentWithin": "P30D",
                "frequencyAtLeast": 5,
                "moneyAtLeast": 500,
                "of": "total",
                "within": {"last": "P365D"},
            }
        },
        (
            "completed an order in the last 30 days, at least 5 times in the last 365 days and for "
            "at least 500 of “total” in all in the last 365 days"
        ),
        (
            "did not complete an order in the last 30 days, at least 5 times in the last 365 days "
            "and for at least 500 of “total” in all in the last 365 days"
        ),
    ),
}
