"""Definitions of money: who buys, how much, and what."""

from __future__ import annotations

from graph.times import DAY, HOUR, MINUTE
from server.demo.cast.acts import (
    HAIR,
    ago,
    cart,
    did,
    done,
    every,
    last,
    logged_in,
    ordered,
    product,
)
from server.demo.planting import Act, Example, Role

_ORDER = "Order Completed"
_BUYS = frozenset({_ORDER})
_WEEK = 7 * DAY
_YEAR = 365 * DAY


def recent_buyers() -> Example:
    """Return the customer with a fair order this week."""
    return Example(
        name="recent-buyers",
        text="Completed an order of at least 100 in the last 7 days",
        watches=_BUYS,
        condition=did(_ORDER, last(_WEEK), where=[{"property": "total", "is": {"gte": 100}}]),
        members=(
            Role("exactly 100", ordered(100.0, 3 * DAY)),
            Role("250, 7 days ago but a minute", ordered(250.0, _WEEK - HAIR)),
            Role("100.01 after a small one", (*ordered(100.01, HOUR), *ordered(12.0, DAY))),
        ),
        near_misses=(
            Role("99.99", ordered(99.99, 3 * DAY)),
            Role("250, exactly 7 days ago", ordered(250.0, _WEEK)),
            Role("60 and 60", ordered(60.0, DAY, 2 * DAY)),
        ),
    )


def recent_spenders() -> Example:
    """Return the customer whose orders of the week make a fair sum."""
    return Example(
        name="recent-spenders",
        text="Completed orders in the last 7 days that sum to at least 100",
        watches=_BUYS,
        condition={
            "total": {"event": _ORDER, "of": "total", "is": {"gte": 100}, "within": last(_WEEK)}
        },
        members=(
            Role("60 and 60", ordered(60.0, DAY, 2 * DAY)),
            Role("50 and 50, one 7 days ago but a minute", ordered(50.0, DAY, _WEEK - HAIR)),
            Role("one of 120", ordered(120.0, DAY)),
        ),
        near_misses=(
            Role("60 and 39.99", (*ordered(60.0, DAY), *ordered(39.99, 2 * DAY))),
            Role("60 and 60, one exactly 7 days ago", ordered(60.0, DAY, _WEEK)),
            Role("a cart of 120", (*cart(DAY), *done("Checkout Started", DAY - MINUTE))),
        ),
    )


def first_order() -> Example:
    """Return the new customer."""
    return Example(
        name="first-order",
        text="Completed the first order ever in the last 30 days",
        watches=_BUYS,
        condition=every(did(_ORDER, last(30 * DAY)), did(_ORDER, ago(None, 30 * DAY), exactly=0)),
        members=(
            Role("one order, two days ago", ordered(24.0, 2 * DAY)),
            Role("three orders, all this month", ordered(16.0, DAY, 9 * DAY, 20 * DAY)),
            Role("first order 30 days ago but a minute", ordered(59.0, 30 * DAY - HAIR)),
        ),
        near_misses=(
            Role("first order exactly 30 days ago", ordered(59.0, 30 * DAY, DAY)),
            Role("an order long ago and one now", ordered(34.0, 2 * DAY, 200 * DAY)),
            Role("checked out, not completed", (*cart(DAY), *done("Checkout Started", DAY))),
        ),
    )


def big_spenders() -> Example:
    """Return the customer of a good year."""
    return Example(
        name="big-spenders",
        text="Orders of the last 365 days sum to at least 1,000 and average at least 80",
        watches=_BUYS,
        condition=every(
            *(
                {
                    "total": {
                        "event": _ORDER,
                        "of": "total",
                        "by": by,
                        "is": {"gte": least},
                        "within": last(_YEAR),
                    }
                }
                for by, least in (("SUM", 1000), ("AVERAGE", 80))
            )
        ),
        members=(
            Role("ten of 100", ordered(100.0, *(n * 20 * DAY + DAY for n in range(10)))),
            Role("13 of 80", ordered(80.0, *(n * 20 * DAY + DAY for n in range(13)))),
            Role("one of 1,000, 365 days ago but a minute", ordered(1000.0, _YEAR - HAIR)),
        ),
        near_misses=(
            Role("one of 999.99", ordered(999.99, 100 * DAY)),
            Role("13 of 79.99", ordered(79.99, *(n * 20 * DAY + DAY for n in range(13)))),
            Role(
                "ten of 100, the tenth exactly 365 days ago",
                ordered(100.0, *(n * 20 * DAY + DAY for n in range(9)), _YEAR),
            ),
        ),
    )


def champions() -> Example:
    """Return the customer who buys lately, often and for much."""
    five = (10 * DAY, 60 * DAY, 100 * DAY, 150 * DAY, 200 * DAY)
    return Example(
        name="champions",
        text="Ordered in the last 30 days, and in the last 365 at least 5 times for at least 500",
        watches=_BUYS,
        condition={
            "rfm": {
                "event": _ORDER,
                "recentWithin": "P30D",
                "frequencyAtLeast": 5,
                "moneyAtLeast": 500.0,
                "of": "total",
                "within": last(_YEAR),
            }
        },
        members=(
            Role("five of 120", ordered(120.0, *five)),
            Role(
                "five of 100, the last 30 days ago but a minute",
                ordered(100.0, 30 * DAY - HAIR, *five[1:]),
            ),
            Role("seven", ordered(90.0, DAY, 2 * DAY, *five)),
        ),
        near_misses=(
            Role("the last exactly 30 days ago", ordered(120.0, 30 * DAY, *five[1:])),
            Role("four of 200", ordered(200.0, *five[:4])),
            Role("five of 99.99", ordered(99.99, *five)),
            Role("the fifth exactly 365 days ago", ordered(200.0, *five[:4], _YEAR)),
        ),
    )


_DEAR, _RARE, _ODD = "print-aurora", "print-dusk", "print-noon"


def _looks(days: int) -> tuple[Act, ...]:
    return tuple(act for key in (_DEAR, _RARE, _ODD) for act in product(key, days * DAY))


def _print(key: str, days: int) -> tuple[Act, ...]:
    return ordered(80.0, days * DAY, key=key)


def popular_pick() -> Example:
    """Return the buyer of what active users look at."""
    came = logged_in(DAY)
    kept = Act(DAY, "Product Added", ("product", _DEAR), {"quantity": 1})
    both = (*product(_DEAR, 3 * DAY), *_print(_DEAR, 2))
    return Example(
        name="popular-pick",
        text="Purchased a product that at least 5 users active in the last 14 days viewed",
        watches=frozenset({"Product Viewed", "Logged In", _ORDER}),
        condition=did(
            "Product Purchased",
            about={
                "product": {
                    "popularWith": {
                        "event": "Product Viewed",
                        "atLeast": 5,
                        "who": did("Logged In", last(14 * DAY)),
                    }
                }
            },
        ),
        members=(
            Role("bought the print that five of them viewed", _print(_DEAR, 5)),
            Role("bought it before they viewed it", _print(_DEAR, 100)),
            Role("one of the five, bought it", (*both, *came)),
        ),
        near_misses=(
            Role("bought the one that four viewed, one of them twice", _print(_RARE, 5)),
            Role("bought the one that four viewed, and a fifth gone quiet", _print(_ODD, 5)),
            Role("viewed it, put it in the cart, and left", (*_looks(11), kept, *came)),
        ),
        others=(
            Role("viewed one of them twice", (*_looks(12), *product(_RARE, 9 * DAY), *came)),
            Role("viewed all three", (*_looks(13), *came)),
            Role("viewed all three as well", (*_looks(14), *came)),
            Role("viewed one, came 14 days ago", (*product(_ODD, 20 * DAY), *logged_in(14 * DAY))),
        ),
    )
