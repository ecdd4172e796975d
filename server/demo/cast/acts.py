"""The words in which the planted people's past is written: what was done how long ago."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graph.times import HOUR, MINUTE, duration_text
from server.demo.planting import Act

if TYPE_CHECKING:
    from server.demo.planting import Condition


def logged_in(*ages: int) -> tuple[Act, ...]:
    """Return logins."""
    return tuple(Act(ago, "Logged In", None, {"method": "password"}) for ago in ages)


def used(feature: str, *ages: int) -> tuple[Act, ...]:
    """Return uses of a feature."""
    return tuple(Act(ago, "Feature Used", ("feature", feature), {"seconds": 60}) for ago in ages)


def page(content: str, *ages: int) -> tuple[Act, ...]:
    """Return views of a page."""
    return tuple(Act(ago, "Page Viewed", ("content", content)) for ago in ages)


def viewed(content: str, *ages: int) -> tuple[Act, ...]:
    """Return views of a content."""
    return tuple(Act(ago, "Content Viewed", ("content", content)) for ago in ages)


def clicked(content: str, *ages: int) -> tuple[Act, ...]:
    """Return clicks on a content."""
    return tuple(Act(ago, "Content Clicked", ("content", content)) for ago in ages)


def opened(kind: str, *ages: int) -> tuple[Act, ...]:
    """Return opens of e-mails of a type."""
    return tuple(Act(ago, "Email Opened", _campaign(kind), {"type": kind}) for ago in ages)


def followed(kind: str, *ages: int) -> tuple[Act, ...]:
    """Return clicks on links in e-mails of a type."""
    return tuple(Act(ago, "Email Link Clicked", _campaign(kind), {"type": kind}) for ago in ages)


def _campaign(kind: str) -> tuple[str, str]:
    return "campaign", {"sales": "sales-intro", "product": "product-alerts"}.get(kind, "newsletter")


def product(key: str, *ages: int) -> tuple[Act, ...]:
    """Return views of a product."""
    return tuple(Act(ago, "Product Viewed", ("product", key)) for ago in ages)


def ordered(total: float, *ages: int, key: str = "training-first-week") -> tuple[Act, ...]:
    """Return orders of one product at a price."""
    lines = [{"product_id": key, "price": total, "quantity": 1}]
    facts = {"total": total, "revenue": total, "currency": "EUR", "products": lines}
    return tuple(Act(ago, "Order Completed", None, facts) for ago in ages)


def cart(*ages: int) -> tuple[Act, ...]:
    """Return carts, each with a product in it."""
    first = ("product", "hoodie-night")
    return tuple(
        act
        for ago in ages
        for act in (
            Act(ago, "Cart Created"),
            Act(ago, "Product Added", first, {"price": 59.0, "quantity": 1}),
        )
    )


def done(event: str, *ages: int) -> tuple[Act, ...]:
    """Return events that name no thing."""
    return tuple(Act(ago, event) for ago in ages)


def last(window: int) -> Condition:
    """Return the rolling window of a length."""
    return {"last": duration_text(window)}


def ago(start: int | None, end: int) -> Condition:
    """Return the window from longer ago to less long ago."""
    limits = {} if start is None else {"from": duration_text(start)}
    return {"between": {**limits, "to": duration_text(end)}}


def did(event: str | list[str], within: Condition | None = None, **more: object) -> Condition:
    """Return the condition that an event happened in a window."""
    what: dict[str, object] = {"event": event} if isinstance(event, str) else {"events": event}
    return {"did": what | ({"within": within} if within else {}) | more}


def trait(name: str, operator: str, value: object) -> Condition:
    """Return the condition that a trait compares so."""
    return {"trait": {"name": name, "is": {operator: value}}}


def every(*conditions: Condition) -> Condition:
    """Return the condition that all hold."""
    return {"all": list(conditions)}


# By a hair: what is this much older or younger than a limit is on its other side.
HAIR = MINUTE
SOON = 2 * HOUR
