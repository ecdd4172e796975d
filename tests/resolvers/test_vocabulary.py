"""The vocabulary in full: what may be said here, with what it is about, counts and types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.server.live import Live

pytestmark = pytest.mark.engine

VOCABULARY = """{ vocabulary {
  events { name about count firstAt lastAt properties { name types } }
  traits { name types contacts }
  topics { ...place } categories { ...place }
} }
fragment place on Topic { key name things parent { key } children { key } }"""
SEEN = {"contact": "ann", "event": "Seen", "id": "1", "at": "2026-03-01T00:00:00Z"}
ABOUT_A = {
    "id": "2",
    "at": "2026-03-03T00:00:00Z",
    "about": {"content": "/a"},
    "properties": {"n": 1, "tags": ["x"], "on": "2026-03-01"},
}
ABOUT_S1 = {
    "contact": "bob",
    "at": "2026-03-02T00:00:00Z",
    "about": {"product": "s1"},
    "properties": {"n": 1.5, "ok": True},
}
LINES: list[dict[str, Any]] = [
    {"type": "topic", "key": "money", "name": "Money"},
    {"type": "topic", "key": "pricing", "parent": "money"},
    {"type": "topic", "key": "plans", "parent": "pricing"},
    {"type": "content", "key": "/a", "topics": ["plans", "pricing"]},
    {"type": "content", "key": "/b", "topics": ["money"]},
    {"type": "category", "key": "shoes", "parent": "clothes"},
    {"type": "product", "key": "s1", "category": "shoes"},
    SEEN,
    SEEN | ABOUT_A,
    SEEN | ABOUT_S1,
    {"type": "contact", "key": "ann", "traits": {"plan": "pro", "age": 30}},
    {"type": "contact", "key": "bob", "traits": {"plan": 7}},
    {"type": "contact", "key": "cy", "traits": {"plan": "x"}, "at": "2026-03-01T00:00:00Z"},
    {"type": "contact", "key": "cy", "traits": {"plan": None}},
]
EVENTS = [
    {
        "name": "Seen",
        "about": ["CONTENT", "PRODUCT", "SOURCE"],
        "count": 3,
        "firstAt": "2026-03-01T00:00:00.000Z",
        "lastAt": "2026-03-03T00:00:00.000Z",
        "properties": [
            {"name": "n", "types": ["float", "integer"]},
            {"name": "ok", "types": ["boolean"]},
            {"name": "on", "types": ["date"]},
            {"name": "tags", "types": ["list of string"]},
        ],
    }
]
TRAITS = [
    {"name": "age", "types": ["integer"], "contacts": 1},
    {"name": "plan", "types": ["integer", "string"], "contacts": 2},
]


def test_all_that_was_told_can_be_asked_for(live: Live) -> None:
    """Kinds count their events, traits their contacts, trees their things through sub-topics."""
    empty = live.ask(VOCABULARY)["vocabulary"]
    live.load(*LINES)

    assert empty == {"events": [], "traits": [], "topics": [], "categories": []}
    assert live.ask(VOCABULARY)["vocabulary"] == {
        "events": EVENTS,
        "traits": TRAITS,
        "topics": [
            _place("money", "Money", 2, None, "pricing"),
            _place("plans", None, 1, "pricing"),
            _place("pricing", None, 1, "money", "plans"),
        ],
        "categories": [
            _place("clothes", None, 1, None, "shoes"),
            _place("shoes", None, 1, "clothes"),
        ],
    }


def _place(
    key: str, name: str | None, things: int, parent: str | None, *children: str
) -> dict[str, object]:
    return {
        "key": key,
        "name": name,
        "things": things,
        "parent": parent and {"key": parent},
        "children": [{"key": child} for child in children],
    }
