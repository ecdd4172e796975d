"""What became of one row that was told."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TypeAlias

from graph.catalogue import Saved
from graph.errors import BadInput, Path, SegraphError
from graph.webhooks import Webhook


class Done(Enum):
    """A row was taken."""

    ACCEPTED = auto()
    DUPLICATE = auto()
    CREATED = auto()
    UPDATED = auto()
    UNCHANGED = auto()
    DELETED = auto()
    UNKNOWN = auto()


@dataclass(frozen=True, slots=True)
class Refused:
    """A row was not taken; `path` leads to the place in it."""

    code: str
    message: str
    path: Path = ()
    error: SegraphError | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Kept:
    """A segment is as it was told to be: what that changed, and how it is now."""

    done: Done
    saved: Saved


@dataclass(frozen=True, slots=True)
class Hooked:
    """A webhook is as it was told to be: what that changed, and how it is now."""

    done: Done
    webhook: Webhook


Outcome: TypeAlias = Done | Kept | Hooked | Refused


def refused(error: BadInput) -> Refused:
    """Return the refusal that an error of input means."""
    return Refused(error.reason, error.message, error.path, error)
