"""Decisions on purposes as they come in."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from graph import errors
from graph.ingest.consents import ConsentChange, consent_change
from graph.ingest.decoding import decode
from graph.ingest.lines import ConsentLine
from graph.subject import Decision
from graph.times import MINUTE, read_instant

NOW = read_instant("2026-03-10T12:00:00Z")
TOLD: dict[str, Any] = {"contact": "ann", "purpose": "email", "state": "GRANTED"}


def consent(**fields: object) -> ConsentChange:
    """Return the decision that a line tells of."""
    found = decode(msgspec.json.encode({"type": "consent", **TOLD, **fields}))
    assert isinstance(found, ConsentLine)
    return consent_change(found, NOW, 5 * MINUTE)


def test_a_decision_is_of_its_instant() -> None:
    """Without one it is of its arrival."""
    earlier = consent(state="WITHDRAWN", at="2026-01-01T00:00:00+01:00")

    assert consent() == ConsentChange("ann", "email", NOW, Decision.GRANTED)
    assert (earlier.at, earlier.decision) == (
        read_instant("2025-12-31T23:00:00Z"),
        Decision.WITHDRAWN,
    )


@pytest.mark.parametrize(
    ("fields", "code", "message", "path"),
    [
        (
            {"state": "UNKNOWN"},
            "BAD_USER_INPUT",
            "The state of a decision is GRANTED or WITHDRAWN, not 'UNKNOWN'",
            ("state",),
        ),
        (
            {"state": "granted"},
            "BAD_USER_INPUT",
            "The state of a decision is GRANTED or WITHDRAWN, not 'granted'",
            ("state",),
        ),
        (
            {"purpose": ""},
            "BAD_USER_INPUT",
            "The name of the purpose is empty: give at least one character",
            ("purpose",),
        ),
        (
            {"contact": ""},
            "BAD_USER_INPUT",
            "The key is empty: give at least one character",
            ("contact",),
        ),
        (
            {"at": "2026-03-10T12:05:00.001Z"},
            "IN_THE_FUTURE",
            (
                "2026-03-10T12:05:00.001Z is in the future; at most "
                "2026-03-10T12:05:00.000Z is taken: tell it when it has come, or mend the clock"
            ),
            ("at",),
        ),
    ],
    ids=["unknown", "lower case", "no purpose", "no contact", "ahead"],
)
def test_what_is_refused(
    fields: dict[str, Any], code: str, message: str, path: errors.Path
) -> None:
    """Each at its own place."""
    with pytest.raises(errors.BadInput) as caught:
        consent(**fields)

    assert (caught.value.reason, caught.value.message, caught.value.path) == (code, message, path)
