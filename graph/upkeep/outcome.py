"""What became of one row that was told."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, TypeAlias

from graph.errors import Path

if TYPE_CHECKING:
    from graph.errors import BadInput


class Done(Enum):
    """A row was taken."""

    ACCEPTED = auto()
    DUPLICATE = auto()
    CREATED = auto()
    UPDATED = auto()
    UNCHANGED = auto()


@dataclass(frozen=True, slots=True)
class Refused:
    """A row was not taken; `path` leads to the place in it."""

    code: str
    message: str
    path: Path = ()


Outcome: TypeAlias = Done | Refused


def refused(error: BadInput) -> Refused:
    """Return the refusal that an error of input means."""
    return Refused(error.reason, error.message, error.path)
