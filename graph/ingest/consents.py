"""Decisions of contacts on purposes, as they come in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graph import errors, values
from graph.errors import shown
from graph.ingest.contacts import instant, key_of
from graph.subject import Decision

if TYPE_CHECKING:
    from graph.ingest.lines import ConsentLine


@dataclass(frozen=True, slots=True)
class ConsentChange:
    """What a contact decided on a purpose at an instant."""

    contact: str
    purpose: str
    at: int
    decision: Decision


def consent_change(line: ConsentLine, now: int, skew: int) -> ConsentChange:
    """Return the decision that a line tells of; `now` is its arrival, `skew` as of events.

    Raises:
        BadInput: at the path of what is refused.
    """
    with errors.under("purpose"):
        purpose = values.name(line.purpose, "name of the purpose")
    return ConsentChange(
        contact=key_of(line.contact, "contact"),
        purpose=purpose,
        at=now if line.at is None else instant(line.at, "at", now + skew),
        decision=_decision(line.state),
    )


def _decision(raw: str) -> Decision:
    if raw not in Decision.__members__:
        raise errors.BadInput(
            f"The state of a decision is GRANTED or WITHDRAWN, not {shown(raw)}", "state"
        )
    return Decision[raw]
