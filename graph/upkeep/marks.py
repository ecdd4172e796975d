"""Whom to look at again for what was told of somebody, or of something, else.

They are due at once: noted in the commit that told it, and judged before it is acknowledged.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, LiteralString

from graph.changes import Cause
from graph.needs import Described, Needs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graph.database import Transaction
    from graph.upkeep.draft import Draft

_DUE: Final[LiteralString] = """
WITH DISTINCT other
SET other._due = CASE WHEN other._due < $now THEN other._due ELSE $now END,
  other._marked = $now, other._why = $why
RETURN other.key AS key
"""
SELVES: Final[LiteralString] = f"""
UNWIND $lists.keys AS key
MATCH (other:Contact {{key: key}})
{_DUE}"""
COLLEAGUES: Final[LiteralString] = f"""
UNWIND $lists.keys AS key
MATCH (:Contact {{key: key}})-[:BELONGS_TO]->(account:Account)
WITH DISTINCT account
MATCH (account)<-[:BELONGS_TO]-(other:Contact)
{_DUE}"""
AUDIENCES: Final[LiteralString] = f"""
UNWIND $lists.keys AS key
MATCH (:Contact {{key: key}})-[had]->(thing:Content|Product)
WHERE type(had) IN $lists.had
WITH DISTINCT thing
MATCH (thing)<-[e]-(other:Contact)
WHERE $lists.asked IS NULL OR type(e) IN $lists.asked
{_DUE}"""
THINGS: Final[LiteralString] = f"""
UNWIND $lists.rows AS row
MATCH (thing:Content|Product|Feature|Ticket|Search|Campaign {{key: row.key}})
WHERE row.label IN labels(thing)
MATCH (thing)<-[e]-(other:Contact)
{_DUE}"""
PLACES: Final[LiteralString] = f"""
UNWIND $lists.rows AS row
MATCH (top:Topic|Category {{key: row.key}})
WHERE row.label IN labels(top)
MATCH (top)<-[:PART_OF*0..16]-(place)
WITH DISTINCT place
MATCH (place)<-[:ABOUT|IN]-(thing)
WITH DISTINCT thing
MATCH (thing)<-[e]-(other:Contact)
{_DUE}"""
ACCOUNTS: Final[LiteralString] = f"""
UNWIND $lists.keys AS key
MATCH (:Account {{key: key}})<-[:BELONGS_TO]-(other:Contact)
{_DUE}"""


@dataclass(slots=True)
class Marks:
    """Whose others are to be looked at again, and which things, places and accounts changed.

    `beyond` are contacts whose news may turn what is said of others, as far as `needs` look, with
    what the news are. `removed` things and `gone` contacts are deleted; where events are `lost`,
    no history is as it was; where nodes are `otherwise`, things and accounts that are known are.
    `found` are those to be looked at, each with the cause of it.
    """

    now: int
    needs: Needs = field(default_factory=Needs)
    beyond: Mapping[str, Cause] = field(default_factory=dict[str, Cause])
    things: Collection[tuple[str, str]] = ()
    places: Collection[tuple[str, str]] = ()
    accounts: Collection[str] = ()
    had: list[str] = field(default_factory=list[str])
    asked: list[str] | None = None
    removed: Collection[tuple[str, str]] = ()
    gone: Collection[str] = ()
    lost: bool = False
    otherwise: bool = False
    before: dict[str, Cause] = field(default_factory=dict[str, Cause])
    found: dict[str, Cause] = field(default_factory=dict[str, Cause])

    @property
    def any(self) -> bool:
        """Whether anybody may have to be looked at."""
        told = self.beyond or self.things or self.places or self.accounts
        return bool(told or self.lost)

    async def note_before(self, transaction: Transaction) -> None:
        """Mark those around before anything is written: accounts may be left, things go."""
        news = dict(self.beyond)
        if self.removed:
            named = await self._noted(transaction, THINGS, rows=_rows(self.removed))
            news |= dict.fromkeys(named, Cause.DELETION)
        self.before = await self._around(transaction, news)

    async def note_after(self, transaction: Transaction) -> None:
        """Mark those around what was written."""
        named = set[str]()
        if self.things:
            named |= await self._noted(transaction, THINGS, rows=_rows(self.things))
        if self.places:
            named |= await self._noted(transaction, PLACES, rows=_rows(self.places))
        if self.accounts:
            named |= await self._noted(transaction, ACCOUNTS, keys=list(self.accounts))
        marked = {**dict.fromkeys(named, Cause.CATALOGUE), **self.before}
        if self.needs.levels:
            marked |= await self._around(transaction, {**marked, **self.beyond})
        self.found = {key: marked[key] for key in marked.keys() - set(self.gone)}

    async def _around(
        self, transaction: Transaction, news: Mapping[str, Cause]
    ) -> dict[str, Cause]:
        """Mark contacts and those around them by what their news are."""
        marked: dict[str, Cause] = {}
        for cause, keys in _by_cause(news):
            around = await self._stepwise(transaction, keys, cause)
            marked |= dict.fromkeys(around, cause)
        return marked

    async def _stepwise(
        self, transaction: Transaction, keys: Collection[str], cause: Cause
    ) -> set[str]:
        marked = await self._noted(transaction, SELVES, cause, keys=list(keys))
        step = set(keys)
        for _ in range(self.needs.levels):
            around = set[str]()
            if self.needs.colleagues:
                around |= await self._noted(transaction, COLLEAGUES, cause, keys=list(step))
            if self.had:
                around |= await self._noted(
                    transaction, AUDIENCES, cause, keys=list(step), had=self.had, asked=self.asked
                )
            step = around - marked
            marked |= around
        return marked

    async def _noted(
        self,
        transaction: Transaction,
        text: LiteralString,
        cause: Cause = Cause.CATALOGUE,
        **parameters: object,
    ) -> set[str]:
        rows = await transaction.run(text, now=self.now, why=cause.value, **parameters)
        return {row["key"] for row in rows}


def _by_cause(news: Mapping[str, Cause]) -> Iterator[tuple[Cause, list[str]]]:
    """Yield the keys of each cause; what the contacts did themselves last, so that it stays."""
    for cause in reversed(Cause):
        keys = [key for key, its in news.items() if its is cause]
        if keys:
            yield cause, keys


def _rows(nodes: Collection[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"label": label, "key": key} for label, key in nodes]


def changed_things(draft: Draft, looked: Described) -> list[tuple[str, str]]:
    """Return the contents and products of which a batch changes what is looked at."""
    changed = [key for key, new in draft.changed.items() if not looked.properties.isdisjoint(new)]
    keys = {*changed, *(draft.placed if looked.filed else ())}
    return [key for key in keys if key[0] in {"Content", "Product"} and draft.known(key)]


def moved_places(draft: Draft, looked: Described) -> list[tuple[str, str]]:
    """Return the topics and categories that a batch puts below others, where that is looked at."""
    moved = draft.placed if looked.filed else ()
    return [key for key in moved if key[0] in {"Topic", "Category"} and draft.known(key)]


def changed_accounts(draft: Draft, looked: Described) -> list[str]:
    """Return the accounts of which a batch changes traits that are looked at."""
    return [
        key[1]
        for key, new in draft.changed.items()
        if key[0] == "Account" and not looked.traits.isdisjoint(new) and draft.known(key)
    ]


def types_of(needs: Needs, names: Mapping[str, str]) -> tuple[list[str], list[str] | None]:
    """Return the types of events that others had, and of those about the same that are asked."""
    return needs.had.types(names) or [], needs.asked.types(names)
