"""Definitions that say what the small samples leave unsaid: each option, each value of an enum."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

EVENT: Final = {"event": "Page Viewed"}
CONTENT: Final[Mapping[str, object]] = {
    "events": ["Page Viewed", "Content Clicked"],
    "where": [{"property": "tags", "is": {"contains": {"text": "a", "ignoreCase": True}}}],
    "about": {
        "content": {
            "topic": "t0",
            "keys": ["c1", "c2"],
            "where": [{"property": "title", "is": {"endsWith": {"text": "a", "ignoreCase": True}}}],
        }
    },
}
PRODUCT: Final[Mapping[str, object]] = {
    "events": ["Order Completed", "Product Purchased"],
    "where": [{"property": "amount", "is": {"exists": True}}],
    "about": {
        "product": {"keys": ["p1"], "where": [{"property": "name", "is": {"ne": "a"}}]},
    },
}
TICKET: Final[Mapping[str, object]] = {
    "where": [{"property": "tags", "is": {"startsWith": {"text": "a", "ignoreCase": False}}}],
    "about": {"ticket": {"keys": ["x"]}},
}
LAST: Final = {"last": "P7D"}
BETWEEN: Final = {"between": {"from": "P7D", "to": "P1D"}}
SINCE: Final = {"since": "2024-03-10T10:00:00Z"}
DURING: Final = {"during": {"from": "2024-03-10T10:00:00Z", "to": "2024-04-10T10:00:00Z"}}
OF_FIRST: Final = {"ofFirst": {"event": "Feature Used", "within": "P7D"}}
OWN: Final = {"calendar": {"unit": "DAY", "count": 1, "zone": "CONTACT", "current": False}}
WHO: Final = {"did": {**EVENT, "within": LAST}}
PRO: Final = {"name": "plan", "is": {"eq": "pro"}}

FURTHER: Final[Mapping[str, object]] = {
    "a week of days": {"did": {"within": {"calendar": {"unit": "WEEK", "count": 1}}}},
    "quarters": {"did": {"within": {"calendar": {"unit": "QUARTER", "count": 2}}}},
    "this year": {
        "did": {
            **EVENT,
            "within": {"calendar": {"unit": "YEAR", "count": 0, "zone": "UTC", "current": True}},
        }
    },
    "own days": {"did": {**EVENT, "within": OWN, "exactly": 0}},
    "words ignoring case": {
        "all": [
            {"trait": {"name": "a", "is": {"contains": {"text": "a", "ignoreCase": False}}}},
            {"trait": {"name": "b", "is": {"endsWith": {"text": "a", "ignoreCase": False}}}},
        ]
    },
    "engaged with": {"engaged": {"topic": "t1", "with": ["Page Viewed"], "within": LAST}},
    "same property": {
        "sequence": {
            "steps": [CONTENT, {**PRODUCT, "within": "P7D", "absent": False}],
            "same": {"property": "amount"},
            "within": DURING,
        }
    },
    "absent in time": {
        "sequence": {
            "steps": [EVENT, {**TICKET, "within": "P7D", "absent": True}],
            "within": OF_FIRST,
        }
    },
    "second time": {"firstTime": {**CONTENT, "nth": 2, "within": SINCE}},
    "latest in own days": {
        "latest": {**PRODUCT, "has": [{"property": "amount", "is": {"lt": 1}}], "within": OWN}
    },
    "sum": {"total": {**CONTENT, "of": "amount", "by": "SUM", "is": {"gte": 1}, "within": OWN}},
    "average": {
        "total": {**EVENT, "of": "amount", "by": "AVERAGE", "is": {"gte": 1}, "within": LAST}
    },
    "least": {
        "total": {**PRODUCT, "of": "amount", "by": "LEAST", "is": {"lt": 1}, "within": BETWEEN}
    },
    "greatest": {
        "total": {**EVENT, "of": "amount", "by": "GREATEST", "is": {"eq": 1}, "within": OF_FIRST}
    },
    "rolling": {"regular": {**CONTENT, "times": 2, "in": 2, "of": 4, "every": {"rolling": "P7D"}}},
    **{
        f"regular by {unit.lower()}": {
            "regular": {
                **EVENT,
                "in": 1,
                "of": 3,
                "every": {"calendar": {"unit": unit, "zone": "CONTACT"}},
            }
        }
        for unit in ("DAY", "MONTH", "QUARTER", "YEAR")
    },
    "stopped with": {"stopped": {**PRODUCT, "active": "P7D", "silent": "P7D"}},
    "resumed with": {"resumed": {**CONTENT, "silent": "P7D", "recent": "P1D"}},
    "favourite category": {
        "favourite": {**EVENT, "by": {"category": True}, "is": "t0", "within": LAST}
    },
    "favourite property": {
        "favourite": {
            **CONTENT,
            "by": {"property": "amount"},
            "is": 1,
            "within": OF_FIRST,
            "atLeast": 2,
        }
    },
    **{
        f"favourite {kind.lower()}": {"favourite": {**EVENT, "by": {"thing": kind}, "is": "x"}}
        for kind in ("CONTENT", "PRODUCT", "FEATURE", "TICKET", "SEARCH", "CAMPAIGN", "SOURCE")
    },
    "more often in": {"moreOften": {**CONTENT, "than": PRODUCT, "within": BETWEEN}},
    "held": {
        "traitHeld": {"name": "plan", "is": {"eq": "pro"}, "how": "THROUGHOUT", "within": LAST}
    },
    "held once": {
        "traitHeld": {"name": "plan", "is": {"ne": "pro"}, "how": "SOMETIME", "within": SINCE}
    },
    "all colleagues": {"colleagues": {"who": WHO, "all": True, "includeSelf": True}},
    "no colleague": {
        "colleagues": {"who": {"trait": PRO}, "none": True, "account": [PRO], "includeSelf": False}
    },
    "few colleagues": {"colleagues": {"who": WHO, "atMost": 2}},
    "so many colleagues": {
        "colleagues": {"who": {"not": WHO}, "exactly": 1, "account": [PRO]},
    },
    "withdrawn": {"consent": {"purpose": "email", "is": "WITHDRAWN"}},
    "undecided": {"consent": {"purpose": "email", "is": "UNKNOWN"}},
    "rfm of all": {
        "rfm": {
            **PRODUCT,
            "recentWithin": "P7D",
            "frequencyAtLeast": 2,
            "moneyAtLeast": 10,
            "of": "amount",
            "within": DURING,
        }
    },
    "popular with members": {
        "did": {
            **EVENT,
            "about": {
                "content": {
                    "popularWith": {
                        "event": "Page Viewed",
                        "atLeast": 2,
                        "who": {"segment": {"key": "viewers"}},
                    }
                }
            },
        }
    },
}
