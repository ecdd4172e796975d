"""What the writer remembers of nodes between batches, within a budget of memory.

Of a contact it knows the node, since when it exists, and a 64-bit hash of each event's id; of a
thing the node. What is forgotten is read again. An entry is only ever what was committed.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

NEVER: Final = -(2**62)
"""Before anything was told."""

_ENTRY = 600
_ID = 128


@dataclass(slots=True)
class KnownContact:
    """A contact's node, its instants, and the hashes of its events' ids."""

    node: str
    since: int
    told: int = NEVER
    ids: set[int] = field(default_factory=set[int])

    def bytes(self) -> int:
        """Return about how much memory it takes."""
        return _ENTRY + _ID * len(self.ids)


class Known:
    """The contacts and things used last, up to `budget` bytes of contacts."""

    def __init__(self, budget: int = 512 * 2**20, things: int = 200_000) -> None:
        self._budget = budget
        self._most_things = things
        self.bytes = 0
        """About how much memory the contacts take."""
        self._contacts: OrderedDict[str, KnownContact] = OrderedDict()
        self._things: OrderedDict[tuple[str, str], str] = OrderedDict()

    def contact(self, key: str) -> KnownContact | None:
        """Return what is known of a contact, and count it as used."""
        found = self._contacts.get(key)
        if found is not None:
            self._contacts.move_to_end(key)
        return found

    def thing(self, label: str, key: str) -> str | None:
        """Return a thing's node, and count it as used."""
        found = self._things.get((label, key))
        if found is not None:
            self._things.move_to_end((label, key))
        return found

    def keep_contact(self, key: str, contact: KnownContact) -> None:
        """Remember a contact in place of what was known; forget the longest unused."""
        self._forget(key)
        self._contacts[key] = contact
        self.bytes += contact.bytes()
        self._shrink()

    def add(self, key: str, contact: KnownContact, ids: Iterable[int]) -> None:
        """Add committed events to a contact."""
        if self._contacts.get(key) is contact:
            self.bytes -= contact.bytes()
            contact.ids.update(ids)
            self.bytes += contact.bytes()
            self._shrink()

    def keep_thing(self, label: str, key: str, node: str) -> None:
        """Remember a thing's node; forget the longest unused."""
        self._things[label, key] = node
        if len(self._things) > self._most_things:
            self._things.popitem(last=False)

    def forget(self, label: str, key: str) -> None:
        """Forget a contact, or a thing, that is deleted."""
        self._things.pop((label, key), None)
        if label == "Contact":
            self._forget(key)

    def clear(self) -> None:
        """Forget everything."""
        self._contacts.clear()
        self._things.clear()
        self.bytes = 0

    def _forget(self, key: str) -> None:
        gone = self._contacts.pop(key, None)
        if gone is not None:
            self.bytes -= gone.bytes()

    def _shrink(self) -> None:
        """Forget the longest unused until the budget is kept; the last one stays."""
        while self.bytes > self._budget and len(self._contacts) > 1:
            _, gone = self._contacts.popitem(last=False)
            self.bytes -= gone.bytes()
