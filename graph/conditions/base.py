"""What every condition answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from graph import model
from graph.conditions import shape

if TYPE_CHECKING:
    from graph.cypher import nodes
    from graph.subject import Subject


@dataclass(frozen=True, slots=True)
class Scope:
    """What a condition is compiled for: an instant, and the relationship type of each kind."""

    t: int
    types: Mapping[str, str]

    def types_of(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Return the types of these kinds; of kinds that never happened one that nothing has."""
        known = sorted({self.types[name] for name in names if name in self.types})
        return tuple(known) or ((model.NO_EVENT,) if names else ())


class Condition(shape.OneOf):
    """True or false of one contact at one instant."""

    __slots__ = ()
    leaf: ClassVar[bool] = True
    """It looks at the contact itself; logic only joins others."""

    def predicate(self, scope: Scope) -> nodes.Predicate:
        """Return its meaning in Cypher, about `contact`."""
        raise NotImplementedError

    def holds(self, subject: Subject, t: int) -> bool:
        """Return its meaning in Python."""
        raise NotImplementedError

    def canonical(self) -> Condition:
        """Return the one way to say the same."""
        return self

    def text(self) -> str:
        """Return it as part of an English sentence about a contact: `viewed a page …`."""
        raise NotImplementedError

    def untrue(self) -> str:
        """Return its contrary as part of an English sentence about a contact."""
        raise NotImplementedError
