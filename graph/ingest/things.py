"""Things, accounts and trees as they come in: checked, as changes of one node each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from msgspec import UNSET, UnsetType

from graph import errors, model, values
from graph.ingest.events import flat
from graph.ingest.lines import (
    AccountLine,
    CategoryLine,
    ContentLine,
    NodeLine,
    ProductLine,
    TopicLine,
)
from graph.model import ThingKind
from graph.values import Stored

Label = Literal["Account", "Content", "Product", "Topic", "Category"]
TEXT_LIMIT = 4000


@dataclass(frozen=True, slots=True)
class NodeChange:
    """What is told of a node: properties to set, those of None to remove, and its places.

    `places` are the keys of the topics, the category or the parent that take the place of all
    those before; None leaves them.
    """

    label: Label
    key: str
    properties: Mapping[str, Stored | None] = field(default_factory=dict[str, "Stored | None"])
    places: tuple[str, ...] | None = None


def node_change(
    line: NodeLine,
) -> NodeChange:
    """Return the change of a node that a line tells of.

    Raises:
        BadInput: at the path of what is refused.
    """
    match line:
        case AccountLine():
            return account(line)
        case ContentLine():
            return content(line)
        case ProductLine():
            return product(line)
        case TopicLine():
            return topic(line)
        case CategoryLine():
            return category(line)


def account(line: AccountLine) -> NodeChange:
    """Return the change of an account's traits."""
    own = frozenset({"key"})
    return NodeChange("Account", _key(line.key), _told(line.traits, "traits", "trait", own))


def content(line: ContentLine) -> NodeChange:
    """Return the change of a content and its topics."""
    properties = {
        **_texts(kind=line.kind, title=line.title, url=line.url),
        **_told(line.properties, "properties", "property", _own(ThingKind.CONTENT)),
    }
    topics = None if line.topics is None else _keys("topics", line.topics)
    return NodeChange("Content", _key(line.key), properties, topics)


def product(line: ProductLine) -> NodeChange:
    """Return the change of a product and its category."""
    properties = {
        **_texts(name=line.name),
        **_told(line.properties, "properties", "property", _own(ThingKind.PRODUCT)),
    }
    return NodeChange("Product", _key(line.key), properties, _one("category", line.category))


def topic(line: TopicLine) -> NodeChange:
    """Return the change of a topic and what it is part of."""
    places = _one("parent", line.parent)
    return NodeChange("Topic", _key(line.key), _texts(name=line.name), places)


def category(line: CategoryLine) -> NodeChange:
    """Return the change of a category and what it is part of."""
    places = _one("parent", line.parent)
    return NodeChange("Category", _key(line.key), _texts(name=line.name), places)


def _own(kind: ThingKind) -> frozenset[str]:
    return model.THING_PROPERTIES[kind]


def _key(raw: str) -> str:
    with errors.under("key"):
        return values.name(raw, "key", values.KEY_LIMIT)


def _keys(field: str, raw: list[str]) -> tuple[str, ...]:
    keys: dict[str, None] = {}
    for index, key in enumerate(raw):
        with errors.under(field, index):
            keys[values.name(key, "key", values.KEY_LIMIT)] = None
    return tuple(keys)


def _one(field: str, raw: str | UnsetType | None) -> tuple[str, ...] | None:
    if raw is UNSET:
        return None
    if raw is None:
        return ()
    with errors.under(field):
        return (values.name(raw, "key", values.KEY_LIMIT),)  # pyright: ignore[reportArgumentType]


def _texts(**fields: str | UnsetType | None) -> dict[str, Stored | None]:
    texts: dict[str, Stored | None] = {}
    for name, raw in fields.items():
        with errors.under(name):
            if isinstance(raw, str):
                texts[name] = values.text(raw, TEXT_LIMIT)
            elif raw is None:
                texts[name] = None
    return texts


def _told(
    raw: Mapping[str, object] | None, field: str, what: str, own: frozenset[str]
) -> dict[str, Stored | None]:
    """Return the values under their names, None for what is taken back."""
    with errors.under(field):
        for name in raw or ():
            if name in own:
                raise errors.BadInput(
                    f"{name!r} is a field of its own and no {what}: give it beside `{field}`", name
                )
        return {**dict.fromkeys(raw or ()), **flat(raw or {}, what)}
