"""Why a contact meets a condition or not: each verdict, its evidence, and when it changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graph.conditions.base import Evidence
from graph.conditions.in_segment import InSegment
from graph.conditions.logic import AllOf, AnyOf, Not
from graph.conditions.rewritten import Rewritten
from graph.subject import NEVER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graph.conditions import Condition
    from graph.subject import Subject


@dataclass(frozen=True, slots=True)
class Explained:
    """A condition's verdict on a contact at an instant, and those of the conditions in it.

    `changes_at` is the first instant at which it may change if nothing happens; None is never.
    `evidence` is of leaves alone.
    """

    text: str
    holds: bool
    changes_at: int | None
    evidence: Evidence | None
    children: tuple[Explained, ...] = ()


def explain(
    condition: Condition, subject: Subject, t: int, saved: Mapping[str, Condition]
) -> Explained:
    """Return the verdict with all that makes it so; `saved` are the definitions of segments."""
    turns = condition.valid_until(subject, t)
    children, evidence = (), None
    match condition:
        case AllOf(inner) | AnyOf(inner):
            children = tuple(explain(each, subject, t, saved) for each in inner)
        case Not(child):
            children = (explain(child, subject, t, saved),)
        case Rewritten():
            children = (explain(condition.plain(), subject, t, saved),)
        case InSegment(key, at):
            evidence = condition.evidence(subject, t)
            children = (explain(saved[key], subject, t if at is None else at, saved),)
        case _:
            evidence = condition.evidence(subject, t)
    return Explained(
        text=condition.text(),
        holds=condition.holds(subject, t),
        changes_at=None if turns >= NEVER else turns,
        evidence=evidence,
        children=children,
    )
