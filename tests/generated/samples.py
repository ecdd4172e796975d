"""A definition for each choice of the language: small ones, to be looked at one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.generated.further import FURTHER

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

COMPARISONS: Final[Mapping[str, object]] = {
    "eq": "pro",
    "ne": 1,
    "in": ["pro", 1, "2024-03-10"],
    "notIn": [True, 1.5, "2024-03-10T10:00:00Z"],
    "lt": 3,
    "lte": "2024-03-10",
    "gt": 0.5,
    "gte": "2024-03-10T10:00:00Z",
    "between": {"from": 1, "to": 2},
    "exists": False,
    "contains": {"text": "a"},
    "startsWith": {"text": "a", "ignoreCase": True},
    "endsWith": {"text": "a"},
    "matches": "a.*",
    "before": "2024-03-10T10:00:00Z",
    "after": "2024-03-10T10:00:00Z",
    "inLast": "P7D",
    "inNext": "P7D",
    "agoMoreThan": "P7D",
    "anniversaryInNext": "P7D",
}
WINDOWS: Final[Mapping[str, object]] = {
    "last": "P7D",
    "between": {"from": "P7D", "to": "P1D"},
    "since": "2024-03-10T10:00:00Z",
    "during": {"from": "2024-03-10T10:00:00Z", "to": "2024-04-10T10:00:00Z"},
    "calendar": {"unit": "MONTH", "count": 1, "zone": "CONTACT"},
    "ofFirst": {"event": "Feature Used", "within": "P7D"},
}
ABOUTS: Final[Mapping[str, object]] = {
    "content": {"topic": "t0", "kind": "page"},
    "product": {"category": "t0"},
    "feature": {"keys": ["x"]},
    "ticket": {},
    "search": {"keys": ["x"]},
    "campaign": {"keys": ["x", "y"]},
    "source": {"keys": ["api"]},
}
DISTINCTS: Final[Mapping[str, object]] = {"thing": True, "property": "tags", "day": "CONTACT"}
POPULAR: Final = {"event": "Page Viewed", "atLeast": 2, "who": {"did": {"event": "Feature Used"}}}
EVENT: Final = {"event": "Page Viewed"}
TWO_EVENTS: Final = {"events": ["Page Viewed", "Content Clicked"]}
CLUSTER: Final[Mapping[str, object]] = {"topic": "t1", "contents": 2}
CONDITIONS: Final[Mapping[str, object]] = {
    "sequence": {
        "steps": [EVENT, {**TWO_EVENTS, "within": "P7D"}, {**EVENT, "absent": True}],
        "same": {"thing": True},
    },
    "firstTime": {**EVENT, "within": {"last": "P7D"}},
    "latest": {**EVENT, "has": [{"property": "amount", "is": {"gt": 1}}]},
    "total": {**EVENT, "of": "amount", "is": {"gte": 100}},
    "regular": {**EVENT, "in": 2, "of": 4, "every": {"calendar": {"unit": "WEEK"}}},
    "stopped": {**EVENT, "active": "P7D", "silent": "P7D"},
    "resumed": {**EVENT, "silent": "P7D", "recent": "P1D"},
    "favourite": {**EVENT, "by": {"topic": True}, "is": "t1"},
    "moreOften": {**EVENT, "than": {"event": "Content Clicked"}},
    "traitHeld": {"name": "plan", "within": {"last": "P7D"}},
    "colleagues": {
        "who": {"did": {**EVENT, "about": {"content": {"topic": "t1", "popularWith": POPULAR}}}},
        "atLeast": 2,
    },
    "segment": {"key": "viewers", "at": "2024-03-10T10:00:00Z"},
    "consent": {"purpose": "email", "is": "GRANTED"},
    "near": {"latitude": 52.5, "longitude": 13.4, "km": 20},
    "sample": {"percent": 10, "salt": "june"},
    "rfm": {**EVENT, "recentWithin": "P7D", "moneyAtLeast": 10, "of": "amount"},
}


def definitions() -> Iterator[tuple[str, object]]:
    """Yield a name and a definition for each choice, and those that say what these leave out."""
    for word, body in COMPARISONS.items():
        is_ = {word: body}
        yield f"createdAt {word}", {"trait": {"name": "createdAt", "is": is_}}
        yield f"did {word}", {"did": {**EVENT, "where": [{"property": "amount", "is": is_}]}}
        yield f"total {word}", {"total": {**EVENT, "of": "amount", "is": is_}}
    for word, body in WINDOWS.items():
        yield word, {"did": {**EVENT, "within": {word: body}}}
        yield f"twice {word}", {"did": {**TWO_EVENTS, "within": {word: body}, "atLeast": 2}}
        yield f"none {word}", {"not": {"did": {"within": {word: body}}}}
    for word, body in ABOUTS.items():
        yield word, {"did": {**TWO_EVENTS, "about": {word: body}, "exactly": 2}}
        yield f"any {word}", {"did": {"about": {word: body}}}
    for word, body in DISTINCTS.items():
        yield word, {"did": {**EVENT, "distinct": {word: body}, "atLeast": 1, "atMost": 3}}
        yield f"two {word}", {"did": {**TWO_EVENTS, "distinct": {word: body}, "atLeast": 2}}
    for word, body in CONDITIONS.items():
        yield word, {word: body}
        yield f"not {word}", {"not": {word: body}}
    for word in ("content", "product"):
        yield f"popular {word}", {"did": {"about": {word: {"popularWith": POPULAR}}}}
    yield "trait", {"trait": {"name": "plan", "is": {"eq": "pro"}}}
    yield "account", {"account": {"traits": [{"name": "plan", "is": {"eq": "pro"}}]}}
    yield "engaged", {"engaged": CLUSTER}
    yield (
        "joined",
        {
            "all": [
                {"did": {**EVENT, "within": {"last": "P14D"}}},
                {"any": [{"engaged": CLUSTER}, {"trait": {"name": "a", "is": {"eq": 1}}}]},
                {"not": {"did": {**TWO_EVENTS, "atLeast": 3}}},
            ]
        },
    )
    yield from FURTHER.items()
