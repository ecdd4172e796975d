"""What Neo4j says of a statement without running it: its operators, and what it warns of."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graph.database import Database, Statement

Plan: TypeAlias = Mapping[str, object]
MEANT: Final = ("01N60", "03N95")
"""A parameter without a value yet, and a property whose name is a value."""
PRODUCT: Final = "CartesianProduct"
ROW_BY_ROW: Final = {"Filter", "Projection", "CacheProperties", "RollUpApply"}
"""Operators that have as many rows as what they are given first."""
ONE_ROW: Final = {"Argument", "EmptyRow", "NodeByElementIdSeek", "NodeCountFromCountStore"}
COUNT: Final = re.compile(r"count\([^()]*\) AS \w+")
"""What aggregates all rows to one number, grouped by nothing."""
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

    @property
    def multiplied(self) -> Sequence[str]:
        """What the products are made of whose rows are multiplied by more than one row."""
        return [details for name, details in self.operators if name == PRODUCT and details]


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


def _operators(plan: Plan) -> Iterator[tuple[str, str]]:
    name, children = _name(plan), _children(plan)
    details = str(cast("Mapping[str, object]", plan["args"]).get("Details", ""))
    if name == PRODUCT:
        many = [child for child in children if not _one_row(child)]
        details = " × ".join(str(list(_operators(child))) for child in many if len(many) > 1)
    yield name, details
    for child in children:
        yield from _operators(child)


def _one_row(plan: Plan) -> bool:
    """Tell whether a part of a plan has no more than one row: one key's node, a count, a list."""
    name, args = _name(plan), cast("Mapping[str, object]", plan["args"])
    if name == PRODUCT:
        return all(map(_one_row, _children(plan)))
    if name == "EagerAggregation":
        return COUNT.fullmatch(str(args.get("Details", ""))) is not None
    if name in ROW_BY_ROW:
        return _one_row(_children(plan)[0])
    if name.startswith("NodeUniqueIndexSeek") and "Range" not in name:
        return " IN " not in str(args.get("Details", ""))
    return name in ONE_ROW


def _name(plan: Plan) -> str:
    return cast("str", plan["operatorType"]).partition("@")[0]


def _children(plan: Plan) -> Sequence[Plan]:
    return cast("Sequence[Plan]", plan.get("children", ()))
