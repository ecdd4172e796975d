"""Kinds of events: as many at once as the graph makes indexes for, and no more than are allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graph.upkeep.batch import KINDS_AT_ONCE
from graph.upkeep.limits import Limits
from tests.server import live as servers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests import engine
    from tests.server.live import Live

pytestmark = pytest.mark.engine

RECORD = """mutation($events: [EventInput!]!) { recordEvents(events: $events) {
  accepted duplicates rejected { index key code message path } } }"""


@pytest.fixture
def small(neo4j: engine.Running) -> Iterator[Live]:
    """Serve a graph that takes a few more kinds than are taken at once."""
    with servers.live(neo4j, Limits(kinds=KINDS_AT_ONCE + 3)) as live:
        yield live


def test_5000_kinds_at_once(small: Live) -> None:
    """A hundred are taken, the rest may come again; then the cap is named, with the way out."""
    events = [{"contact": "a", "event": f"Kind {n}", "id": f"{n}"} for n in range(5000)]
    first = small.ask(RECORD, events=events)["recordEvents"]
    second = small.ask(RECORD, events=events)["recordEvents"]

    assert (first["accepted"], second["accepted"], second["duplicates"]) == (100, 3, 100)
    assert first["rejected"] == [
        rejected(
            n,
            "BUSY",
            f"'Kind {n}' is new, and at most 100 new kinds of events are taken at once; send it "
            "again",
        )
        for n in range(100, 5000)
    ]
    assert second["rejected"] == [
        rejected(
            n,
            "TOO_MANY_KINDS",
            f"'Kind {n}' would be one more than the 103 kinds of events that are taken; put what "
            "varies into a property",
        )
        for n in range(103, 5000)
    ]


def rejected(number: int, code: str, message: str) -> dict[str, object]:
    """Return an event that was not taken."""
    return {
        "index": number,
        "key": f"{number}",
        "code": code,
        "message": message,
        "path": ["event"],
    }
