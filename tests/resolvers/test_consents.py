"""Consents as a client tells them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.server.live import Live

pytestmark = pytest.mark.engine

UPSERT = """mutation($consents: [ConsentInput!]!) { upsertConsents(consents: $consents) {
  created updated unchanged rejected { index key message path } } }"""
EARLIER = "2026-03-01T00:00:00Z"
COUNT = '{ audience(where: { consent: { purpose: "email", is: WITHDRAWN } }) { count } }'


def test_decisions_are_told_and_asked_for(live: Live) -> None:
    """UNKNOWN is what nobody decides: as an input it is refused, and stops no other row."""
    consents = [
        {"contact": "deciding", "purpose": "email", "state": "GRANTED", "at": EARLIER},
        {"contact": "deciding", "purpose": "email", "state": "WITHDRAWN"},
        {"contact": "deciding", "purpose": "email", "state": "UNKNOWN"},
    ]

    told = live.ask(UPSERT, consents=consents)["upsertConsents"]

    assert (told["created"], told["updated"], told["unchanged"]) == (1, 1, 0)
    assert told["rejected"] == [
        {
            "index": 2,
            "key": "deciding",
            "message": "The state of a decision is GRANTED or WITHDRAWN, not 'UNKNOWN'",
            "path": ["state"],
        }
    ]
    assert live.ask(COUNT) == {"audience": {"count": 1}}
