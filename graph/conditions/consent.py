"""`consent`: what the contact decided on a purpose."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from graph import errors, values
from graph.conditions import words
from graph.conditions.base import Condition, Evidence
from graph.cypher.nodes import Exists, Leaf, Negated, Newest, Path
from graph.subject import Decision

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graph.conditions.base import Scope
    from graph.cypher.nodes import Predicate
    from graph.subject import Subject


class ConsentState(StrEnum):
    """What is known of a consent.

    Attributes:
        GRANTED: The newest decision grants it.
        WITHDRAWN: The newest decision withdraws it.
        UNKNOWN: There is no decision.
    """

    GRANTED = "granted"
    WITHDRAWN = "withdrawn"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ConsentIs(Condition):
    """The newest decision of the contact on a purpose is this one.

    Attributes:
        purpose: The purpose's name.
        is_: The decision; UNKNOWN where there is none.
    """

    purpose: str
    is_: ConsentState

    def __post_init__(self) -> None:
        with errors.under("purpose"):
            values.name(self.purpose, "name of the purpose")

    def holds(self, subject: Subject, t: int) -> bool:
        """Look at the newest decision up to t."""
        newest = subject.decision(self.purpose, t)
        return self.is_ is (ConsentState.UNKNOWN if newest is None else _STATES[newest])

    def edges(self, subject: Subject, t: int) -> Iterable[int]:
        """Return none: time alone does not turn it."""
        del subject, t
        return ()

    def predicate(self, scope: Scope) -> Predicate:
        """Look at the newest decision up to t."""
        del scope
        decided = Path(
            Leaf(
                "(contact)-[found:CONSENT_DECIDED]->(:Purpose {key: $purpose})",
                {"purpose": self.purpose},
            ),
            (Leaf("found.at <= $t"),),
        )
        if self.is_ is ConsentState.UNKNOWN:
            return Negated(Exists(decided))
        return Newest(decided, "found.at", Leaf("found.state = $state", {"state": self.is_.name}))

    def evidence(self, subject: Subject, t: int, by_time: str | None) -> Evidence:
        """Show the newest decision."""
        newest = subject.decision(self.purpose, t)
        found = ConsentState.UNKNOWN if newest is None else _STATES[newest]
        if self.is_ is ConsentState.UNKNOWN:
            way = "any decision" if newest is None else None
        elif found is self.is_:
            other = {ConsentState.GRANTED, ConsentState.WITHDRAWN} - {found}
            way = f"consent to {words.quoted(self.purpose)} {other.pop()}"
        else:
            way = f"consent to {words.quoted(self.purpose)} {self.is_}"
        flip = words.either(way, by_time) or "nothing: there is a decision"
        return Evidence(str(found), str(self.is_), flip)

    def text(self) -> str:
        """Return `has granted consent to “email”`."""
        purpose = words.quoted(self.purpose)
        if self.is_ is ConsentState.UNKNOWN:
            return f"has not decided on consent to {purpose}"
        return f"has {self.is_} consent to {purpose}"

    def untrue(self) -> str:
        """Return `has not granted consent to “email”`."""
        if self.is_ is ConsentState.UNKNOWN:
            return self.text().replace("has not decided", "has decided", 1)
        return self.text().replace("has", "has not", 1)


_STATES = {Decision.GRANTED: ConsentState.GRANTED, Decision.WITHDRAWN: ConsentState.WITHDRAWN}
