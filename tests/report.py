"""What a test run says at its end: how many cases were judged alike by Python and by Neo4j."""

from __future__ import annotations

from collections import Counter

_SAID = {"valid-until": "did not change before their verdict ended"}
AGREED: Counter[str] = Counter()
"""How many cases of each ring agreed in this run."""


def agreed(ring: str, cases: int) -> None:
    """Count cases of a ring, such as `corpus` or `generated`, where both had the same answer."""
    AGREED[ring] += cases


def lines() -> list[str]:
    """Return a line for each ring that was run."""
    return [
        f"{cases} {ring} cases {_SAID.get(ring, 'agreed between Python and Neo4j')}"
        for ring, cases in sorted(AGREED.items())
    ]
