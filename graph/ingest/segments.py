"""Segments as they come in to be saved or archived."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from msgspec import UNSET, UnsetType

from graph import conditions, errors, values
from graph.conditions import Condition

if TYPE_CHECKING:
    from graph.ingest.lines import SegmentLine

TEXT_LIMIT = 4000


@dataclass(frozen=True, slots=True)
class SegmentChange:
    """A segment to be saved at an instant, with its definition as it was written.

    `name` is None and `description` UNSET where it stays as it is; `expected` is the revision that
    must be the current one, 0 for none yet. What its filling changes is told to those who listen
    where it is `announced`.
    """

    key: str
    name: str | None
    description: str | UnsetType | None
    where: Condition
    at: int
    expected: int | None = None
    archived: bool = False
    announced: bool = False


@dataclass(frozen=True, slots=True)
class Archiving:
    """A segment to be archived at an instant."""

    key: str
    at: int


def segment_change(line: SegmentLine, now: int) -> SegmentChange:
    """Return the segment that a line tells of; `now` is its arrival.

    Raises:
        BadInput: at the path of what is refused.
    """
    with errors.under("key"):
        key = values.name(line.key, "key of a segment", values.KEY_LIMIT)
    with errors.under("name"):
        name = None if line.name is None else values.name(line.name, "name of a segment")
    with errors.under("where"):
        where = conditions.read(line.where)
    if line.expectedRevision is not None and line.expectedRevision < 0:
        raise errors.BadInput(
            f"A revision is 0 for none yet, or more, not {line.expectedRevision}",
            "expectedRevision",
        )
    return SegmentChange(
        key,
        name,
        _description(line),
        where,
        now,
        line.expectedRevision,
        line.archived,
        line.announce,
    )


def _description(line: SegmentLine) -> str | UnsetType | None:
    if line.description is None or line.description is UNSET:
        return line.description
    with errors.under("description"):
        return values.text(str(line.description), TEXT_LIMIT)
