"""Whom to look at again for what was told of somebody, or of something, else.

They are due at once: noted in the commit that told it, and judged before it is acknowledged.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, LiteralString

from graph.needs import Needs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graph.database import Transaction
    from graph.upkeep.draft import Draft

_DUE: Final[LiteralString] = """
WITH DISTINCT other
SET other._due = CASE WHEN other._due < $now THEN other._due ELSE $now END
RETURN other.key AS key
"""
SELVES: Final[LiteralString] = f"UNWIND $keys AS key MATCH (other:Contact {{key: key}}) {_DUE}"
COLLEAGUES: Final[LiteralString] = f"""
UNWIND $keys AS key
MATCH (:Contact {{key: key}})-[:BELONGS_TO]->(account:Account)
WITH DISTINCT account
MATCH (account)<-[:BELONGS_TO]-(other:Contact)
{_DUE}"""
AUDIENCES: Final[LiteralString] = f"""
UNWIND $keys AS key
MATCH (:Contact {{key: key}})-[had]->(thing:Content|Product)
WHERE type(had) IN $had
WITH DISTINCT thing
MATCH (thing)<-[e]-(other:Contact)
WHERE $asked IS NULL OR type(e) IN $asked
{_DUE}"""
THINGS: Final[LiteralString] = f"""
UNWIND $rows AS row
MATCH (thing:Content|Product {{key: row.key}})
WHERE row.label IN labels(thing)
MATCH (thing)<-[e]-(other:Contact)
{_DUE}"""
PLACES: Final[LiteralString] = f"""
UNWIND $rows AS row
MATCH (top:Topic|Category {{key: row.key}})
WHERE row.label IN labels(top)
MATCH (top)<-[:PART_OF*0..16]-(place)
WITH DISTINCT place
MATCH (place)<-[:ABOUT|IN]-(thing)
WITH DISTINCT thing
MATCH (thing)<-[e]-(other:Contact)
{_DUE}"""
ACCOUNTS: Final[LiteralString] = f"""
UNWIND $keys AS key
MATCH (:Account {{key: key}})<-[:BELONGS_TO]-(other:Contact)
{_DUE}"""


@dataclass(slots=True)
class Marks:
    """Whose others are to be looked at again, and which things, places and accounts changed.

    `beyond` are contacts whose news may turn what is said of others, as far as `needs` look.
    """

    now: int
    needs: Needs = field(default_factory=Needs)
    beyond: Collection[str] = ()
    things: Collection[tuple[str, str]] = ()
    places: Collection[tuple[str, str]] = ()
    accounts: Collection[str] = ()
    had: list[str] = field(default_factory=list[str])
    asked: list[str] | None = None
    before: set[str] = field(default_factory=set[str])
    found: set[str] = field(default_factory=set[str])

    @property
    def any(self) -> bool:
        """Whether anybody may have to be looked at."""
        return bool(self.beyond or self.things or self.places or self.accounts)

    async def note_before(self, transaction: Transaction) -> None:
        """Mark those around before anything is written: accounts may be left."""
        if self.beyond:
            self.before = await self._around(transaction, self.beyond)

    async def note_after(self, transaction: Transaction) -> None:
        """Mark those around what was written."""
        marked = set(self.before)
        if self.things:
            marked |= await self._noted(transaction, THINGS, rows=_rows(self.things))
        if self.places:
            marked |= await self._noted(transaction, PLACES, rows=_rows(self.places))
        if self.accounts:
            marked |= await self._noted(transaction, ACCOUNTS, keys=list(self.accounts))
        beyond = {*self.beyond, *marked} if self.needs.levels else set[str]()
        if beyond:
            marked |= await self._around(transaction, beyond)
        self.found = marked

    async def _around(self, transaction: Transaction, keys: Collection[str]) -> set[str]:
        marked = await self._noted(transaction, SELVES, keys=list(keys))
        step = set(keys)
        for _ in range(self.needs.levels):
            around = set[str]()
            if self.needs.colleagues:
                around |= await self._noted(transaction, COLLEAGUES, keys=list(step))
            if self.had:
                around |= await self._noted(
                    transaction, AUDIENCES, keys=list(step), had=self.had, asked=self.asked
                )
            step = around - marked
            marked |= around
        return marked

    async def _noted(
        self, transaction: Transaction, text: LiteralString, **parameters: object
    ) -> set[str]:
        rows = await transaction.run(text, now=self.now, **parameters)
        return {row["key"] for row in rows}


def _rows(nodes: Collection[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"label": label, "key": key} for label, key in nodes]


def changed_things(draft: Draft) -> list[tuple[str, str]]:
    """Return the contents and products that a batch changes or files elsewhere."""
    keys = draft.changed.keys() | draft.placed.keys()
    return [each for each in keys if each[0] in {"Content", "Product"}]


def moved_places(draft: Draft) -> list[tuple[str, str]]:
    """Return the topics and categories that a batch puts below others."""
    return [each for each in draft.placed if each[0] in {"Topic", "Category"}]


def changed_accounts(draft: Draft) -> list[str]:
    """Return the accounts whose traits a batch changes."""
    return [key for label, key in draft.changed if label == "Account"]


def types_of(needs: Needs, names: Mapping[str, str]) -> tuple[list[str], list[str] | None]:
    """Return the types of events that others had, and of those about the same that are asked."""
    return needs.had.types(names) or [], needs.asked.types(names)
