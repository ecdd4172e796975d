"""What is suspicious in a condition: contradictions, unknown names, likely slips, and its cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graph.warnings.logic import logical
from graph.warnings.names import Names, names_of
from graph.warnings.parts import parts
from graph.warnings.relations import Relations
from graph.warnings.slips import slips, unset
from graph.warnings.suspicion import Suspicion
from graph.warnings.types import other_types
from graph.warnings.unknown import unknown

if TYPE_CHECKING:
    from graph.conditions import Condition

__all__ = ["Names", "Suspicion", "names_of", "warnings"]


def warnings(condition: Condition, names: Names) -> list[Suspicion]:
    """Return what is suspicious, in the order of the condition."""
    relations = Relations(names)
    return [
        warning
        for path, part in parts(condition)
        for warning in (
            *unknown(part, path, names),
            *other_types(part, path, names),
            *logical(part, path, names, relations),
            *slips(part, path),
            *unset(part, path, names),
        )
    ]
