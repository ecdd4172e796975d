"""The things and accounts that a batch names, as it leaves them."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from graph.subject import Account, Thing
from graph.upkeep import load
from graph.upkeep.applied import Nodes
from graph.upkeep.draft import PLACED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from graph.database import Database
    from graph.model import ThingKind
    from graph.upkeep.applied import News
    from graph.upkeep.draft import Draft
    from graph.upkeep.load import Node
    from graph.upkeep.trees import Tree

HELD: Final = 200_000


class Things:
    """The contents and products used last, with their places and all above those."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[ThingKind, str], Thing] = OrderedDict()

    def clear(self) -> None:
        """Forget all."""
        self._known.clear()

    async def nodes(self, database: Database, news: Iterable[News], draft: Draft) -> Nodes:
        """Return what news name, as the batch leaves it."""
        news = list(news)
        asked = {event.thing for each in news for event in each.events}
        found = await self._things(database, asked, draft)
        keys = {key for each in news for key in each.accounts or ()}
        return Nodes(found, await _accounts(database, keys, draft))

    async def _things(
        self, database: Database, asked: set[tuple[ThingKind, str]], draft: Draft
    ) -> Mapping[tuple[ThingKind, str], Thing]:
        found = {each: Thing(*each) for each in asked}
        missing: dict[ThingKind, list[str]] = {}
        for kind, key in asked:
            changed = draft.nodes.get((kind.value, key))
            if kind.value not in PLACED:
                continue
            if changed is not None:
                found[kind, key] = _thing(kind, key, changed, draft.trees)
            elif (known := self._known.get((kind, key))) is not None:
                self._known.move_to_end((kind, key))
                found[kind, key] = known
            else:
                missing.setdefault(kind, []).append(key)
        for kind, keys in missing.items():
            for key, node in (await load.nodes(database, kind.value, keys)).items():
                thing = found[kind, key] = _thing(kind, key, node, draft.trees)
                self._known[kind, key] = thing
        while len(self._known) > HELD:
            self._known.popitem(last=False)
        return found


def _thing(kind: ThingKind, key: str, node: Node, trees: Mapping[str, Tree]) -> Thing:
    label = PLACED[kind.value]
    places = {above for place in node.places for above in trees[label].path(place)}
    return Thing(
        kind,
        key,
        dict(node.properties),
        topics=frozenset(places) if label == "Topic" else frozenset(),
        categories=frozenset(places) if label == "Category" else frozenset(),
    )


async def _accounts(database: Database, keys: set[str], draft: Draft) -> Mapping[str, Account]:
    found = {key: Account(key, {}) for key in keys}
    changed = {key: node for key in keys if (node := draft.nodes.get(("Account", key)))}
    there = await load.nodes(database, "Account", keys - changed.keys()) if keys else {}
    for key, node in (there | changed).items():
        found[key] = Account(key, dict(node.properties))
    return found
