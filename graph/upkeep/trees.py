"""The trees of topics and categories, held whole, so that no cycle gets in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, LiteralString

from graph import errors, model
from graph.errors import shown

if TYPE_CHECKING:
    from graph.database import Database

READ_PARENTS: Final[dict[str, LiteralString]] = {
    "Topic": "MATCH (node:Topic)-[:PART_OF]->(parent) RETURN node.key AS key, parent.key AS parent",
    "Category": (
        "MATCH (node:Category)-[:PART_OF]->(parent) RETURN node.key AS key, parent.key AS parent"
    ),
}


@dataclass(slots=True)
class Tree:
    """Which node is part of which, by key."""

    parents: dict[str, str] = field(default_factory=dict[str, str])
    _children: dict[str, set[str]] = field(default_factory=dict[str, set[str]])

    def __post_init__(self) -> None:
        for key, parent in self.parents.items():
            self._children.setdefault(parent, set()).add(key)

    def move(self, key: str, parent: str | None) -> None:
        """Put a node below another, or at the root.

        Raises:
            BadInput: it would be below itself, or too deep.
        """
        above = [] if parent is None else self.path(parent)
        if key in above:
            circle = " in ".join(shown(each) for each in (key, *above[: above.index(key) + 1]))
            raise errors.BadInput(
                f"A node cannot be within itself: {circle}; give one of them another parent",
                code="CYCLE",
            )
        if above and len(above) + self._height(key) > model.DEEPEST:
            raise errors.BadInput(
                f"{shown(key)} would be more than {model.DEEPEST} deep below {shown(above[-1])}: "
                "give it a parent that is higher up",
                code="TOO_DEEP",
            )
        self._children.get(self.parents.pop(key, ""), set()).discard(key)
        if parent is not None:
            self.parents[key] = parent
            self._children.setdefault(parent, set()).add(key)

    def path(self, key: str) -> list[str]:
        """Return a node and all above it."""
        path = [key]
        while path[-1] in self.parents:
            path.append(self.parents[path[-1]])
        return path

    def _height(self, key: str) -> int:
        """Return the number of levels from a node down."""
        height, level = 0, {key}
        while level:
            height += 1
            level = {child for each in level for child in self._children.get(each, ())}
        return height


async def read_trees(database: Database) -> dict[str, Tree]:
    """Return the trees of topics and categories as they lie in the graph."""
    return {
        label: Tree({row["key"]: row["parent"] for row in await database.read(text)})
        for label, text in READ_PARENTS.items()
    }
