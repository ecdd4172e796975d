"""How a client saves, archives and asks for segments."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from tests.server.live import Live

SAVE: Final = """mutation($segment: SegmentInput!) { saveSegment(segment: $segment) {
  __typename
  ... on Segment { key name description revision status text definition size uses { key } }
  ... on Problem { code message path }
  ... on RevisionConflict { current }
  ... on SegmentCycle { cycle } } }"""
ARCHIVE: Final = """mutation($key: String!) { archiveSegment(key: $key) {
  __typename
  ... on Segment { key status usedBy { key } }
  ... on Problem { code message path }
  ... on SegmentInUse { usedBy { key name } } } }"""
EVENTS: Final = [
    {"contact": "ann", "event": "Order Completed", "id": "1", "at": "2026-03-01T00:00:00Z"},
    {"contact": "bob", "event": "Order Completed", "id": "1", "at": "2026-03-09T00:00:00Z"},
    {"contact": "bob", "event": "Logged In", "id": "2", "at": "2026-03-09T00:00:00Z"},
    {"contact": "cyd", "event": "Logged In", "id": "1", "at": "2026-03-02T00:00:00Z"},
]
ORDERED: Final = {"did": {"event": "Order Completed"}}
LATELY: Final = {"did": {"event": "Order Completed", "within": {"last": "P7D"}}}

STATUS = "query($key: String!) { segment(key: $key) { status } }"


def save(live: Live, key: str, where: object, **fields: object) -> dict[str, Any]:
    """Save a segment, and return what became of it."""
    segment = {"key": key, "name": key.title(), "where": where, **fields}
    return live.ask(SAVE, segment=segment)["saveSegment"]


def archive(live: Live, key: str) -> dict[str, Any]:
    """Archive a segment, and return what became of it."""
    return live.ask(ARCHIVE, key=key)["archiveSegment"]


def members(live: Live, where: object, at: str | None = None) -> list[str]:
    """Return the keys of an audience."""
    query = """query($where: Condition!, $at: DateTime) {
      audience(where: $where, at: $at) { members { nodes { key } } } }"""
    found = live.ask(query, where=where, at=at)["audience"]["members"]["nodes"]
    return [each["key"] for each in found]


def built(live: Live, key: str) -> None:
    """Wait until a segment's members are kept."""
    for _ in range(200):
        if live.ask(STATUS, key=key)["segment"]["status"] == "LIVE":
            return
        time.sleep(0.02)
    raise AssertionError("it was not built")
