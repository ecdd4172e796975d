"""What Neo4j says of a statement without running it: its operators, and what it warns of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from graph.database import Database, Statement

MEANT: Final = ("01N60", "03N95")
"""A parameter without a value yet, and a property whose name is a value."""
STARTS: Final = ("Scan", "Seek", "SeekByRange", "CountStore")


@dataclass(frozen=True, slots=True)
class Explained:
    """The operators of a plan, outermost first, each with its details, and the warnings."""

    operators: Sequence[tuple[str, str]]
    warnings: Sequence[str]

    @property
    def starts(self) -> Sequence[tuple[str, str]]:
        """The operators that bring nodes or relationships in."""
        return [each for each in self.operators if each[0].endswith(STARTS)]


async def explained(database: Database, statement: Statement) -> Explained:
    """Return what Neo4j would do, and all that it remarks."""
    driver: Any = database._driver  # pyright: ignore[reportPrivateUsage]
    async with driver.session(notifications_min_severity="INFORMATION") as session:
        result = await session.run(f"EXPLAIN {statement.text}", dict(statement.parameters))
        summary: Any = await result.consume()
    remarks = [
        f"{each.gql_status} {each.status_description}"
        for each in summary.gql_status_objects
        if each.is_notification and each.gql_status not in MEANT
    ]
    return Explained(tuple(_operators(summary.plan)), remarks)


def _operators(plan: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    name = cast("str", plan["operatorType"]).partition("@")[0]
    yield name, str(cast("Mapping[str, object]", plan["args"]).get("Details", ""))
    for child in cast("Sequence[Mapping[str, object]]", plan.get("children", ())):
        yield from _operators(child)
