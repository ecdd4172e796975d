"""A small world, and conditions with what their evidence about ann is at its instant."""

from __future__ import annotations

from typing import Any, Final

from graph import times
from graph.conditions import read
from graph.explain import explained
from tests.worlds import subjects

NOW: Final = times.read_instant("2026-06-15T12:00:00Z")
BEGUN: Final = "2026-01-01T00:00:00Z"
Line = dict[str, Any]


def did(event: str, at: str, id_: str, contact: str = "ann", **rest: object) -> Line:
    """Return the line of an event."""
    return {"contact": contact, "event": event, "at": at, "id": id_, **rest}


def told(key: str, at: str = BEGUN, **traits: object) -> Line:
    """Return the line of a contact of acme."""
    return {"type": "contact", "key": key, "at": at, "traits": traits, "accounts": ["acme"]}


WORLD: Final[list[Line]] = [
    {"type": "account", "key": "acme", "traits": {"tier": "business"}},
    {"type": "topic", "key": "prices"},
    {"type": "content", "key": "price-list", "kind": "pricing", "topics": ["prices"]},
    {"type": "category", "key": "lamps"},
    {"type": "category", "key": "chairs"},
    {"type": "product", "key": "lamp", "category": "lamps"},
    {"type": "product", "key": "stool", "category": "chairs"},
    {
        "type": "segment",
        "key": "viewers",
        "name": "Viewers",
        "where": {"did": {"event": "Page Viewed", "within": {"last": "P14D"}}},
    },
    told("ann", plan="free", trial_ends="2026-06-17"),
    told("ann", "2026-06-10T00:00:00Z", plan="pro"),
    told("bob", plan="pro"),
    told("cy", plan="free"),
    {"type": "consent", "contact": "ann", "purpose": "email", "state": "GRANTED", "at": BEGUN},
    {"type": "consent", "contact": "ann", "purpose": "ads", "state": "WITHDRAWN", "at": BEGUN},
    did("Page Viewed", "2026-06-02T12:04:00Z", "p1", about={"content": "price-list"}),
    did("Page Viewed", "2026-06-10T09:00:00Z", "p2", about={"content": "price-list"}),
    did("Page Viewed", "2026-06-11T09:00:00Z", "p3", purpose="ads"),
    did("Order Completed", "2026-05-20T00:00:00Z", "o1", properties={"total": 40}),
    did("Order Completed", "2026-06-14T00:00:00Z", "o2", properties={"total": 50}),
    did("Signed Up", "2026-06-13T12:00:00Z", "s1"),
    did("Email Opened", "2026-06-13T13:00:00Z", "e1"),
    did("Product Viewed", "2026-06-01T00:00:00Z", "v1", about={"product": "lamp"}),
    did("Product Viewed", "2026-06-01T01:00:00Z", "v2", about={"product": "lamp"}),
    did("Product Viewed", "2026-06-01T02:00:00Z", "v3", about={"product": "stool"}),
    did("Trial Begun", "2026-06-09T00:00:00Z", "t1", purpose="ads"),
    did("Trial Begun", "2026-06-09T12:00:00Z", "t2", purpose="ads"),
    did("Trial Begun", "2026-06-12T00:00:00Z", "t3", purpose="email"),
    did("Trial Begun", "2026-06-14T00:00:00Z", "t4", purpose="ads"),
    did("Tour Begun", "2026-06-12T00:00:00Z", "t5", purpose="ads"),
    did("Product Viewed", "2026-06-01T00:00:00Z", "v1", "bob", about={"product": "lamp"}),
    did("Logged In", "2026-06-14T00:00:00Z", "l1", "bob"),
    did("Demo Opened", "2026-06-15T09:00:00Z", "d1", about={"product": "lamp"}),
    did("Demo Opened", "2026-06-15T11:30:00Z", "d2", about={"product": "stool"}),
]


def seen(where: object, lines: list[Line] | None = None, t: int = NOW) -> dict[str, Any]:
    """Return what is told of ann, with more that was told."""
    people = {each.key: each for each in subjects([*WORLD, *(lines or ())], NOW + 10**10)}
    tree = explained(read(where), people["ann"], t)
    at = tree.changes_at
    return {
        "holds": tree.holds,
        "found": tree.evidence.found,
        "asked": tree.evidence.asked,
        "to_flip": tree.evidence.to_flip,
        "events": [event.id for event in tree.evidence.events],
        "others": list(tree.evidence.others),
        "note": tree.note,
        "changes_at": None if at is None else times.instant_text(at),
    }
