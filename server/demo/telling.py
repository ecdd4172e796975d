"""One thing that somebody did, and how it becomes a line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from graph.times import instant_text

Line: TypeAlias = dict[str, object]
Traits: TypeAlias = Mapping[str, object]

# Where an event is noticed; all others on the web site.
_SOURCES: Final[Mapping[str, str]] = {
    "Email Delivered": "email",
    "Email Opened": "email",
    "Email Link Clicked": "email",
    "Unsubscribed": "email",
    "Logged In": "app",
    "Feature Used": "app",
    "Project Created": "app",
    "Member Invited": "app",
    "Integration Connected": "app",
    "Trial Started": "billing",
    "Subscription Changed": "billing",
    "Ticket Opened": "helpdesk",
}


@dataclass(frozen=True, slots=True)
class Told:
    """Something that happened: when, what, about which thing (its kind and key)."""

    at: int
    event: str
    about: tuple[str, str] | None = None
    properties: Mapping[str, object] = field(default_factory=dict[str, object])

    def line(self, contact: str, number: str) -> Line:
        """Return the line that tells it of a contact."""
        line: Line = {
            "type": "event",
            "id": number,
            "contact": contact,
            "event": self.event,
            "at": instant_text(self.at),
        }
        if self.about:
            kind, key = self.about
            line["about"] = {kind: key}
        if self.properties:
            line["properties"] = dict(self.properties)
        line["source"] = _SOURCES.get(self.event, "web")
        return line


def contact_line(
    key: str, traits: Traits, at: int, created: int, accounts: tuple[str, ...] = ()
) -> Line:
    """Return the line that tells a contact's traits as of an instant."""
    line: Line = {"type": "contact", "key": key, "traits": dict(traits)}
    if accounts:
        line["accounts"] = list(accounts)
    return line | {"at": instant_text(at), "createdAt": instant_text(created)}
