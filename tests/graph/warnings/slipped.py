"""Durations that look like slips of the pen, and what is told of each."""

from __future__ import annotations

from typing import Any, Final

from tests.graph.warnings.told import then, trait, viewed

SLIPPED: Final[dict[str, tuple[dict[str, Any], str, str, str, str]]] = {
    "minutes for days": (
        viewed(within={"last": "PT14M"}),
        "LIKELY_SLIP",
        "did.within.last",
        "PT14M is 14 minutes: was more meant?",
        "For 14 days say P14D, for 14 hours PT14H, for 14 months a calendar window",
    ),
    "minutes where days are asked for": (
        {"stopped": {"event": "Page Viewed", "active": "P30D", "silent": "PT30M"}},
        "LIKELY_SLIP",
        "stopped.silent",
        "PT30M is 30 minutes: was more meant?",
        "For 30 days say P30D, for 30 hours PT30H, for 30 months a calendar window",
    ),
    "half an hour for a month": (
        viewed(within={"last": "PT30M"}),
        "LIKELY_SLIP",
        "did.within.last",
        "PT30M is 30 minutes: was more meant?",
        "For 30 days say P30D, for 30 hours PT30H, for 30 months a calendar window",
    ),
    "hours that are as many minutes as a quarter has days": (
        viewed(within={"last": "PT90M"}),
        "LIKELY_SLIP",
        "did.within.last",
        "PT1H30M is 90 minutes: was more meant?",
        "For 90 days say P90D, for 90 hours PT90H, for 90 months a calendar window",
    ),
    "hours that are as many minutes as a year has days": (
        viewed(within={"between": {"from": "PT365M", "to": "PT1H"}}),
        "LIKELY_SLIP",
        "did.within.between.from",
        "PT6H5M is 365 minutes: was more meant?",
        "For 365 days say P365D, for 365 hours PT365H, for 365 months a calendar window",
    ),
    "minutes for days between steps": (
        then("PT14M"),
        "LIKELY_SLIP",
        "sequence.steps.1.within",
        "PT14M is 14 minutes: was more meant?",
        "For 14 days say P14D, for 14 hours PT14H, for 14 months a calendar window",
    ),
    "minutes for days after the first": (
        viewed(within={"ofFirst": {"event": "Order Completed", "within": "PT90M"}}),
        "LIKELY_SLIP",
        "did.within.ofFirst.within",
        "PT1H30M is 90 minutes: was more meant?",
        "For 90 days say P90D, for 90 hours PT90H, for 90 months a calendar window",
    ),
    "seconds": (
        trait("trialEnds", inNext="PT3S"),
        "LIKELY_SLIP",
        "trait.is.inNext",
        "PT3S is 3 seconds: was more meant?",
        "Days are said as P1D, hours as PT1H",
    ),
    "as good as for ever": (
        viewed(within={"last": "P36525D"}),
        "LIKELY_SLIP",
        "did.within.last",
        "P36525D is more than 100 years",
        "Leave the window out where any time is meant",
    ),
}
