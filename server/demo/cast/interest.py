"""Definitions of interest: what somebody reads, tries and puts in the cart."""

from __future__ import annotations

from typing import Final

from graph.times import DAY, HOUR, MINUTE
from server.demo.cast.acts import (
    HAIR,
    SOON,
    cart,
    clicked,
    did,
    done,
    every,
    last,
    opened,
    ordered,
    page,
    trait,
    used,
    viewed,
)
from server.demo.planting import Act, Example, Role

_STORY = "case-study-nordlys-energy"


_HIGH_INTENT: Final = every(
    did("Page Viewed", last(14 * DAY), about={"content": {"kind": "pricing"}}),
    did(
        "Email Opened",
        last(30 * DAY),
        where=[{"property": "type", "is": {"eq": "sales"}}],
        atLeast=2,
    ),
    did("Content Viewed", about={"content": {"kind": "case-study"}}),
)


def high_intent_prospect() -> Example:
    """Return the prospect who looks at prices, opens what sales writes and has read a story."""
    seen = page("pricing", 3 * DAY)
    sales = opened("sales", 2 * DAY, 9 * DAY)
    read = viewed(_STORY, 40 * DAY)
    return Example(
        name="high-intent-prospect",
        text="Viewed a pricing page in the last 14 days, opened at least 2 sales e-mails in the "
        "last 30 days, and viewed a case study ever",
        watches=frozenset({"Page Viewed", "Email Opened", "Content Viewed"}),
        condition=_HIGH_INTENT,
        members=(
            Role("all three, well inside", (*seen, *sales, *read)),
            Role(
                "prices seen 14 days ago but a minute",
                (*page("contract", 14 * DAY - HAIR), *sales, *read),
            ),
            Role(
                "second open 30 days ago but a minute",
                (*seen, *opened("sales", DAY, 30 * DAY - HAIR), *read),
            ),
            Role("the story was read last winter", (*seen, *sales, *viewed(_STORY, 320 * DAY))),
        ),
        near_misses=(
            Role("prices seen exactly 14 days ago", (*page("pricing", 14 * DAY), *sales, *read)),
            Role(
                "second open 30 days and a minute ago",
                (*seen, *opened("sales", DAY, 30 * DAY + HAIR), *read),
            ),
            Role(
                "second open was a newsletter",
                (*seen, *opened("sales", DAY), *opened("newsletter", 2 * DAY), *read),
            ),
            Role("clicked the story but did not view it", (*seen, *sales, *clicked(_STORY, DAY))),
            Role("looked at a landing page only", (*page("landing-founders", DAY), *sales, *read)),
        ),
    )


def topic_cluster() -> Example:
    """Return the reader who clicked three pieces of the pricing cluster."""
    two = (*clicked("pricing-plans", 2 * DAY), *clicked("pricing-nonprofits", 5 * DAY))
    return Example(
        name="topic-cluster",
        text='Clicked at least 3 different contents in "pricing" or below in the last 30 days',
        watches=frozenset({"Content Clicked"}),
        condition={
            "engaged": {
                "topic": "pricing",
                "contents": 3,
                "with": ["Content Clicked"],
                "within": last(30 * DAY),
            }
        },
        members=(
            Role("prices, discounts and plans", (*two, *clicked("pricing", DAY))),
            Role("the third is two topics deeper", (*two, *clicked("pricing-calculator", DAY))),
            Role(
                "the third is 30 days old but a minute",
                (*two, *clicked("blog-roi-1", 30 * DAY - HAIR)),
            ),
            Role(
                "four, one of them in two topics",
                (*two, *clicked("pricing-startups", DAY), *clicked("docs-plans-setup", HOUR)),
            ),
        ),
        near_misses=(
            Role("two, one of them twice", (*two, *clicked("pricing-plans", HOUR))),
            Role(
                "two, one of them in two topics",
                (*clicked("pricing-startups", DAY), *clicked("pricing-plans", HOUR)),
            ),
            Role("the third is about dashboards", (*two, *clicked("blog-dashboards-1", DAY))),
            Role("the third is exactly 30 days old", (*two, *clicked("pricing", 30 * DAY))),
            Role("the third was viewed, not clicked", (*two, *viewed("pricing", DAY))),
        ),
    )


_UPSELL: Final = every(
    trait("plan", "eq", "free"),
    did(
        "Feature Used",
        last(7 * DAY),
        about={"feature": {"keys": ["advanced-reporting"]}},
        atLeast=3,
    ),
)


def _reported(*ages: int) -> tuple[Act, ...]:
    return used("advanced-reporting", *ages)


def upsell() -> Example:
    """Return the free user who needs advanced reporting."""
    free = {"plan": "free"}
    exported = used("exports", HOUR)
    return Example(
        name="upsell",
        text="Is on the free plan and used advanced reporting at least 3 times in the last 7 days",
        watches=frozenset({"Feature Used"}),
        condition=_UPSELL,
        members=(
            Role("three times", _reported(DAY, 2 * DAY, 3 * DAY), free),
            Role(
                "three times within minutes", _reported(DAY, DAY + MINUTE, DAY + 2 * MINUTE), free
            ),
            Role(
                "the third 7 days ago but a minute", _reported(DAY, 3 * DAY, 7 * DAY - HAIR), free
            ),
            Role(
                "free again since yesterday",
                _reported(HOUR, 2 * DAY, 3 * DAY, 4 * DAY),
                {"plan": "pro"},
                ((DAY, free),),
            ),
        ),
        near_misses=(
            Role("twice", _reported(DAY, 2 * DAY), free),
            Role("the third exactly 7 days ago", _reported(DAY, 3 * DAY, 7 * DAY), free),
            Role("the third was an export", (*_reported(DAY, 2 * DAY), *exported), free),
            Role(
                "pro since a minute",
                _reported(DAY, 2 * DAY, 3 * DAY),
                free,
                ((HAIR, {"plan": "pro"}),),
            ),
        ),
    )


def abandoned_cart() -> Example:
    """Return the customer who came back, filled a cart and left it."""
    twice = ordered(59.0, 30 * DAY, 80 * DAY)
    return Example(
        name="abandoned-cart",
        text="Created a cart in the last 24 hours, ordered nothing in them, and twice before",
        watches=frozenset({"Cart Created", "Order Completed"}),
        condition=every(
            did("Cart Created", last(DAY)),
            did("Order Completed", last(DAY), exactly=0),
            did("Order Completed", atLeast=2),
        ),
        members=(
            Role("a cart two hours ago, two orders before", (*cart(SOON), *twice)),
            Role("a cart 24 hours ago but a minute", (*cart(DAY - HAIR), *twice)),
            Role(
                "two carts, three orders before",
                (*cart(HOUR, 9 * HOUR), *ordered(20.0, 3 * DAY, 40 * DAY, 90 * DAY)),
            ),
        ),
        near_misses=(
            Role("the cart is exactly 24 hours old", (*cart(DAY), *twice)),
            Role("ordered a minute later", (*cart(SOON), *ordered(59.0, SOON - MINUTE), *twice)),
            Role("one order before", (*cart(SOON), *ordered(59.0, 30 * DAY))),
            Role("a basket seen, none created", (*done("Cart Viewed", SOON), *twice)),
        ),
    )
