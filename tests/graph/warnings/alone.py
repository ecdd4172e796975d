"""Single conditions that everybody or nobody meets, and what is told of each."""

from __future__ import annotations

from typing import Any, Final

from tests.graph.warnings.told import VIEWED, trait

ALONE: Final[dict[str, tuple[dict[str, Any], str, str, str, str]]] = {
    "what each contact has": (
        trait("createdAt", exists=True),
        "ALWAYS_TRUE",
        "trait",
        "Given all that was told so far, everybody meets this: has a first-seen time",
        "Drop it, or ask for what need not be",
    ),
    "what lies behind each contact": (
        {"any": [VIEWED, trait("createdAt", inNext="P3D")]},
        "NEVER_TRUE",
        "any.1.trait",
        (
            "Given all that was told so far, nobody meets this: "
            "has a first-seen time that is in the next 3 days"
        ),
        "Drop it, or ask for what may be",
    ),
    "a sum, which there always is": (
        {"total": {"event": "Order Completed", "of": "total", "is": {"exists": True}}},
        "ALWAYS_TRUE",
        "total",
        (
            "Given all that was told so far, everybody meets this: "
            "has a sum of “total” over “Order Completed” events that is set"
        ),
        "Drop it, or ask for what need not be",
    ),
    "no sum, which there always is": (
        {"total": {"event": "Order Completed", "of": "total", "is": {"exists": False}}},
        "NEVER_TRUE",
        "total",
        (
            "Given all that was told so far, nobody meets this: "
            "has a sum of “total” over “Order Completed” events that is not set"
        ),
        "Drop it, or ask for what may be",
    ),
    "as often as never": (
        {"rfm": {"event": "Order Completed", "frequencyAtLeast": 0}},
        "ALWAYS_TRUE",
        "rfm",
        "Given all that was told so far, everybody meets this: completed an order at least 0 times",
        "Drop it, or ask for what need not be",
    ),
    "a window in which nothing is counted": (
        {
            "rfm": {
                "event": "Order Completed",
                "recentWithin": "P30D",
                "within": {"last": "P90D"},
            }
        },
        "NO_EFFECT",
        "rfm.within",
        "`within` does nothing here: `recentWithin` looks at the newest event ever",
        "Drop it, or ask for `frequencyAtLeast` or `moneyAtLeast`, which it bounds",
    ),
    "a property that is not summed": (
        {"rfm": {"event": "Order Completed", "frequencyAtLeast": 2, "of": "total"}},
        "NO_EFFECT",
        "rfm.of",
        "`of` does nothing here: no `moneyAtLeast` asks for its sum",
        "Drop it, or say by `moneyAtLeast` how much it must come to",
    ),
    "a favourite topic of what is about no content": (
        {"favourite": {"event": "Order Completed", "by": {"topic": True}, "is": "pricing"}},
        "NEVER_TRUE",
        "favourite",
        (
            "Given all that was told so far, nobody meets this: "
            "has “pricing” as the favourite topic of “Order Completed” events"
        ),
        "Drop it, or ask for what may be",
    ),
    "engaged by what is about no content": (
        {"engaged": {"topic": "pricing", "with": ["Order Completed"]}},
        "NEVER_TRUE",
        "engaged",
        (
            "Given all that was told so far, nobody meets this: "
            "engaged with content in topic “pricing” (by “Order Completed”)"
        ),
        "Drop it, or ask for what may be",
    ),
}
