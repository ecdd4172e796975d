"""Events as they come in: checked, with what they are about found, orders taken apart."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final, cast

from msgspec import structs

from graph import errors, model, times, values
from graph.ingest import usual
from graph.model import ThingKind
from graph.values import Stored

if TYPE_CHECKING:
    from graph.ingest.lines import EventLine, ThingRef

PROPERTY_LIMIT: Final = 250
SOURCE: Final = "api"


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event that may be stored; `told` is what its sender said, to be compared if it recurs."""

    contact: str
    id: str
    name: str
    at: int
    thing: tuple[ThingKind, str]
    properties: Mapping[str, Stored]
    source: str
    purpose: str | None
    told: frozenset[str]
    lines: tuple[NewEvent, ...] = ()


def new_event(line: EventLine, now: int, skew: int) -> NewEvent:
    """Return the event that a line tells of.

    `now` is the instant of arrival, `skew` how many milliseconds after it an event may lie.

    Raises:
        BadInput: at the path of what is refused.
    """
    told = {"event"}
    at = now
    if line.at is not None:
        at = _at(line.at, now, skew)
        told.add("at")
    properties, products = _properties(line.event, line.properties)
    about = _about(line)
    if line.about is not None or about is not None:
        told.add("about")
    if line.properties is not None:
        told.add("properties")
    event = NewEvent(
        contact=_key(line.contact, "contact"),
        id=secrets.token_urlsafe(12) if line.id is None else _key(line.id, "id"),
        name=_name(line.event, "event"),
        at=at,
        thing=about or (ThingKind.SOURCE, _source(line, told)),
        properties=properties,
        source=_source(line, told),
        purpose=None if line.purpose is None else _name(line.purpose, "purpose", told),
        told=frozenset(told),
    )
    return _with_lines(event, products) if products else event


def _key(raw: str, field: str) -> str:
    try:
        return values.name(raw, f"key of the {field}" if field != "id" else "id", values.KEY_LIMIT)
    except errors.BadInput as error:
        raise error.under(field) from None


def _name(raw: str, field: str, told: set[str] | None = None) -> str:
    if told is not None:
        told.add(field)
    try:
        return values.name(raw, f"name of the {field}")
    except errors.BadInput as error:
        raise error.under(field) from None


def _source(line: EventLine, told: set[str]) -> str:
    return SOURCE if line.source is None else _name(line.source, "source", told)


def _at(raw: str, now: int, skew: int) -> int:
    with errors.under("at"):
        at = times.read_instant(raw)
    if at > now + skew:
        raise errors.BadInput(
            f"{raw} is in the future: an event may lie at most {times.duration_text(skew)} after "
            f"its arrival, at {times.instant_text(now)}: tell it later, or mend the clock",
            "at",
            code="IN_THE_FUTURE",
        )
    return at


def _properties(
    event: str, raw: Mapping[str, object] | None
) -> tuple[dict[str, Stored], list[Mapping[str, object]]]:
    """Return the properties that are kept, and the maps in `products`."""
    kept = raw or {}
    with errors.under("properties"):
        _few_enough(kept)
        products = _products(kept.get(usual.PRODUCTS))
    if products:
        kept = dict(kept)
        del kept[usual.PRODUCTS]
        if event != usual.ORDER:
            kept[usual.PRODUCTS] = [
                _product_key(product, "properties", usual.PRODUCTS, index)
                for index, product in enumerate(products)
            ]
            products = []
    with errors.under("properties"):
        return flat(kept, "property"), products


def flat(raw: Mapping[str, object], what: str) -> dict[str, Stored]:
    """Return the values that are kept under their names; null is none.

    Raises:
        BadInput: at the name of what is refused.
    """
    _few_enough(raw)
    kept: dict[str, Stored] = {}
    for name, value in raw.items():
        try:
            check_name(name, what)
            if value is not None:
                kept[name] = values.of_json(value)
        except errors.BadInput as error:
            raise error.under(name) from None
    return kept


def _few_enough(raw: Mapping[str, object]) -> None:
    if len(raw) > PROPERTY_LIMIT:
        raise errors.BadInput(
            f"{len(raw)} names are too many: at most {PROPERTY_LIMIT} are taken at once; "
            "leave out those that nobody asks for"
        )


@lru_cache(maxsize=5000)
def check_name(name: str, what: str) -> None:
    """Refuse a name that no property or trait may have; a few names come again and again."""
    values.name(name, f"name of the {what}")
    if name.startswith("_"):
        raise errors.BadInput(f"Names that begin with _ are the graph's own: rename the {what}")


def _about(line: EventLine) -> tuple[ThingKind, str] | None:
    if line.about is not None:
        return _referred(line.about)
    known = usual.USUAL.get(line.event)
    if known is None or not line.properties:
        return None
    for name in known.named_by:
        key = line.properties.get(name)
        if isinstance(key, str | int) and not isinstance(key, bool) and key != "":
            return known.about, _thing_key(str(key), "properties", name)
    return None


# In the order of the fields of `ThingRef`.
_REFERRED: Final = (
    ("content", ThingKind.CONTENT),
    ("product", ThingKind.PRODUCT),
    ("feature", ThingKind.FEATURE),
    ("ticket", ThingKind.TICKET),
    ("search", ThingKind.SEARCH),
    ("campaign", ThingKind.CAMPAIGN),
)


def _referred(about: ThingRef) -> tuple[ThingKind, str]:
    keys = structs.astuple(about)
    if keys.count(None) != len(keys) - 1:
        raise errors.BadInput(
            f"`about` names exactly one of {', '.join(field for field, _ in _REFERRED)}; "
            f"{len(keys) - keys.count(None)} are given",
            "about",
        )
    key = next(key for key in keys if key is not None)
    field, kind = _REFERRED[keys.index(key)]
    return kind, _thing_key(key, "about", field)


def _thing_key(key: str, *path: str) -> str:
    try:
        return values.name(key, f"key of the {path[-1]}", values.KEY_LIMIT)
    except errors.BadInput as error:
        raise error.under(*path) from None


def _products(raw: object) -> list[Mapping[str, object]]:
    if not isinstance(raw, list):
        return []
    elements = cast("list[object]", raw)
    maps: list[Mapping[str, object]] = [
        cast("dict[str, object]", each) for each in elements if isinstance(each, dict)
    ]
    if len(maps) < len(elements):
        return []
    if len(maps) > values.LIST_LIMIT:
        raise errors.BadInput(
            f"{len(maps)} products are too many: an event names at most {values.LIST_LIMIT}; tell "
            "the rest in another event",
            usual.PRODUCTS,
        )
    return maps


def _product_key(product: Mapping[str, object], *path: str | int) -> str:
    for name in usual.USUAL[usual.PURCHASE].named_by:
        key = product.get(name)
        if isinstance(key, str | int) and not isinstance(key, bool) and key != "":
            return str(key)
    raise errors.BadInput("A product is named by its product_id or sku", *path)


def _with_lines(event: NewEvent, products: list[Mapping[str, object]]) -> NewEvent:
    lines: list[NewEvent] = []
    order = {"order_id": event.properties["order_id"]} if "order_id" in event.properties else {}
    for number, product in enumerate(products, 1):
        with errors.under("properties", "products", number - 1):
            properties = {**order, **flat(product, "property")}
            _few_enough(properties)
            key = _thing_key(_product_key(product), "product_id")
        lines.append(
            replace(
                event,
                id=_key(f"{event.id}#{number}", "id"),
                name=usual.PURCHASE,
                thing=(ThingKind.PRODUCT, key),
                properties=properties,
                told=event.told | {"about"},
            )
        )
    keys = tuple(line.thing[1] for line in lines)
    properties = {**event.properties, usual.PRODUCTS: keys}
    return replace(event, properties=properties, lines=tuple(lines))


def on_edge(event: NewEvent, received: int) -> dict[str, object]:
    """Return what lies on an event's edge."""
    edge: dict[str, object] = {
        model.event_property(name): list(value) if isinstance(value, tuple) else value
        for name, value in event.properties.items()
    }
    edge |= {"id": event.id, "at": event.at, "source": event.source, "_received": received}
    if event.purpose is not None:
        edge["purpose"] = event.purpose
    return edge
