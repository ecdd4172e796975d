"""Conditions that stand beside one another and exclude or imply each other, of several sorts."""

from __future__ import annotations

from typing import Any, Final

from tests.graph.warnings.told import VIEWED, viewed

_DROP: Final = "Drop one of them, or join them by `any`"
_COLLEAGUES: Final = {"who": VIEWED}
_ORDERED: Final = {"event": "Order Completed"}
_STEPS: Final = {"sequence": {"steps": [{"event": "Page Viewed"}, _ORDERED]}}


def colleagues(**number: object) -> dict[str, Any]:
    """Return that so many colleagues viewed a page."""
    return {"colleagues": {**_COLLEAGUES, **number}}


def total(**is_: object) -> dict[str, Any]:
    """Return that orders sum up so."""
    return {"total": {**_ORDERED, "of": "total", "is": is_}}


def first(within: object) -> dict[str, Any]:
    """Return that a page was viewed for the first time in a window."""
    return {"firstTime": {"event": "Page Viewed", "within": within}}


def held(**is_: object) -> dict[str, Any]:
    """Return that a plan was so for a month."""
    return {"traitHeld": {"name": "plan", "is": is_, "within": {"last": "P30D"}}}


def plan(**is_: object) -> dict[str, Any]:
    """Return that a plan is so."""
    return {"trait": {"name": "plan", "is": is_}}


def account(*traits: tuple[str, object]) -> dict[str, Any]:
    """Return that an account has all of these traits."""
    return {"account": {"traits": [{"name": name, "is": is_} for name, is_ in traits]}}


EXCLUDED: Final[dict[str, list[dict[str, Any]]]] = {
    "more colleagues than at most": [colleagues(atLeast=3), colleagues(atMost=1)],
    "all colleagues and none": [colleagues(all=True), colleagues(none=True)],
    "sums apart": [total(gte=100), total(lt=50)],
    "a sum of none": [total(gte=100), {"did": {**_ORDERED, "exactly": 0}}],
    "a first time and none": [first({"last": "P30D"}), viewed(exactly=0)],
    "a first time and none in a longer window": [
        first({"last": "P7D"}),
        viewed(exactly=0, within={"last": "P30D"}),
    ],
    "a second time and at most one": [
        {"firstTime": {"event": "Page Viewed", "nth": 2, "within": {"last": "P7D"}}},
        viewed(atMost=1),
    ],
    "a step that was not made": [_STEPS, viewed(exactly=0)],
    "the last step that was not made": [_STEPS, {"did": {**_ORDERED, "exactly": 0}}],
    "a trait held and another value": [held(eq="free"), plan(eq="pro")],
    "a trait held and no value": [held(eq="free"), plan(exists=False)],
    "a segment and its contrary": [
        {"segment": {"key": "viewers"}},
        viewed(exactly=0, within={"last": "P30D"}),
    ],
    "a segment and not what it asks": [{"segment": {"key": "viewers"}}, {"not": VIEWED}],
    "two segments": [{"segment": {"key": "viewers"}}, {"segment": {"key": "strangers"}}],
}
"""Of each two nobody meets both."""

IMPLIED: Final[dict[str, tuple[dict[str, Any], dict[str, Any]]]] = {
    "more colleagues": (colleagues(atLeast=3), colleagues(atLeast=2)),
    "all colleagues": (colleagues(all=True), colleagues()),
    "a greater sum": (total(gte=100), total(gte=50)),
    "a sum of some": (total(gte=100), {"did": _ORDERED}),
    "a first time": (first({"last": "P30D"}), VIEWED),
    "a step": (_STEPS, VIEWED),
    "the last step": (_STEPS, {"did": _ORDERED}),
    "a trait held": (held(eq="free"), plan(**{"in": ["free", "pro"]})),
    "more traits of one account": (
        account(("tier", {"eq": "a"}), ("size", {"gt": 3})),
        account(("tier", {"exists": True})),
    ),
    "colleagues of such accounts": (
        {"colleagues": {"who": VIEWED, "account": [{"name": "tier", "is": {"eq": "a"}}]}},
        account(("tier", {"eq": "a"})),
    ),
    "a segment": ({"segment": {"key": "viewers"}}, VIEWED),
}
"""Of each two the second follows from the first."""

OPEN: Final[dict[str, list[dict[str, Any]]]] = {
    "two accounts": [account(("tier", {"eq": "a"})), account(("tier", {"eq": "b"}))],
    "values of one account, which may be lists": [
        account(("tier", {"eq": "a"}), ("tier", {"eq": "b"}))
    ],
    "colleagues who do something else": [
        colleagues(atLeast=3),
        {"colleagues": {"who": {"did": _ORDERED}, "atMost": 1}},
    ],
    "an average and a sum": [
        total(gte=100),
        {"total": {**_ORDERED, "of": "total", "by": "AVERAGE", "is": {"lt": 50}}},
    ],
    "sums of other windows": [
        total(gte=100),
        {"total": {**_ORDERED, "of": "total", "within": {"last": "P7D"}, "is": {"lt": 50}}},
    ],
    "a first time and none of late": [
        first({"last": "P30D"}),
        viewed(exactly=0, within={"last": "P7D"}),
    ],
    "a trait held some time ago": [
        {
            "traitHeld": {
                "name": "plan",
                "is": {"eq": "free"},
                "within": {"between": {"from": "P60D", "to": "P30D"}},
            }
        },
        plan(eq="pro"),
    ],
    "a trait held for some time": [
        {
            "traitHeld": {
                "name": "plan",
                "is": {"eq": "free"},
                "within": {"last": "P30D"},
                "how": "SOMETIME",
            }
        },
        plan(eq="pro"),
    ],
    "a segment of another instant": [
        {"segment": {"key": "viewers", "at": "2026-01-01T00:00:00Z"}},
        viewed(exactly=0),
    ],
}
"""All of these may be so at once, and none follows from another."""

BESIDE: Final[dict[str, tuple[dict[str, Any], str, str, str, str]]] = {
    "colleagues": (
        {"all": [colleagues(atLeast=3), colleagues(atMost=1)]},
        "NEVER_TRUE",
        "all",
        (
            "Nobody meets both: has at least 3 colleagues each of whom viewed a page; "
            "has an account and at most 1 colleague who viewed a page"
        ),
        _DROP,
    ),
    "what a sequence needs": (
        {"any": [{"all": [VIEWED, _STEPS]}, plan(eq="pro")]},
        "REDUNDANT",
        "any.0.all.0",
        ("It already follows from what stands beside it: viewed a page, then completed an order"),
        "Drop it: viewed a page",
    ),
    "one account that cannot be so": (
        {"any": [VIEWED, account(("tier", {"eq": "a"}), ("tier", {"ne": "a"}))]},
        "NEVER_TRUE",
        "any.1.account",
        (
            "Given all that was told so far, nobody meets this: belongs to an account whose "
            "“tier” is “a” and “tier” is other than “a”"
        ),
        "Drop it, or ask for what may be",
    ),
}
"""What is told of some of them."""
