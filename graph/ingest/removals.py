"""Things and contacts that are to be deleted, as they come in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from graph import values
from graph.model import ThingKind

CONTACT: Final = "Contact"
LABELS: Final = (CONTACT, *(kind.value for kind in ThingKind if kind is not ThingKind.SOURCE))
"""Labels of what can be deleted."""


@dataclass(frozen=True, slots=True)
class Removal:
    """A contact or a thing to be deleted, by the label of its node and its key."""

    label: str
    key: str


def removal(label: str, key: str) -> Removal:
    """Return what is to be deleted.

    Raises:
        BadInput: the key is none.
    """
    return Removal(label, values.name(key, "key", values.KEY_LIMIT))
