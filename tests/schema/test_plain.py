"""An input is the JSON that was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from schema.plain import plain
from schema.telling import ContactInput, EventInput, ThingRef

if TYPE_CHECKING:
    from schema.scalars import DateTime


def test_names_are_those_of_the_api() -> None:
    """Each field has the name that clients know, in what is told within it too."""
    sent = cast("DateTime", "2026-01-01T00:00:00Z")
    told = EventInput(contact="ada", event="Content Clicked", about=ThingRef(content="prices"))

    assert plain(told) == {
        "contact": "ada",
        "event": "Content Clicked",
        "about": {"content": "prices"},
    }
    assert plain(ContactInput(key="ada", created_at=sent)) == {
        "key": "ada",
        "createdAt": "2026-01-01T00:00:00Z",
    }


def test_null_is_kept() -> None:
    """What is null was given; what is absent was not."""
    assert plain(ContactInput(key="ada", traits=None)) == {"key": "ada", "traits": None}
