"""Definitions of silence: who has stopped, and who has come back."""

from __future__ import annotations

from typing import Final

from graph.times import DAY, HOUR
from server.demo.cast.acts import (
    HAIR,
    ago,
    did,
    every,
    last,
    logged_in,
    opened,
    ordered,
    trait,
    used,
)
from server.demo.planting import Example, Role

_USE: Final[tuple[str, ...]] = ("Logged In", "Feature Used")


def silence_login() -> Example:
    """Return the user who has not come for two weeks."""
    return Example(
        name="silence-login-14",
        text="Logged in before, and not in the last 14 days",
        watches=frozenset({"Logged In"}),
        condition=every(did("Logged In"), did("Logged In", last(14 * DAY), exactly=0)),
        members=(
            Role("last seen 20 days ago", logged_in(20 * DAY, 24 * DAY, 31 * DAY)),
            Role("last seen exactly 14 days ago", logged_in(14 * DAY, 15 * DAY)),
            Role("seen once, last spring", logged_in(200 * DAY)),
        ),
        near_misses=(
            Role("last seen 14 days ago but a minute", logged_in(14 * DAY - HAIR, 40 * DAY)),
            Role("looked in a minute ago after a month", logged_in(HAIR, 31 * DAY)),
            Role("never logged in"),
        ),
    )


def silence_purchase() -> Example:
    """Return the buyer who has bought nothing for three months."""
    return Example(
        name="silence-purchase-90",
        text="Ordered before, and not in the last 90 days",
        watches=frozenset({"Order Completed"}),
        condition=every(did("Order Completed"), did("Order Completed", last(90 * DAY), exactly=0)),
        members=(
            Role("last order 100 days ago", ordered(59.0, 100 * DAY, 160 * DAY)),
            Role("last order exactly 90 days ago", ordered(22.0, 90 * DAY)),
            Role(
                "many orders, long ago", ordered(14.5, 200 * DAY, 210 * DAY, 220 * DAY, 300 * DAY)
            ),
        ),
        near_misses=(
            Role("last order 90 days ago but a minute", ordered(59.0, 90 * DAY - HAIR)),
            Role("ordered again today", ordered(34.0, HOUR, 120 * DAY)),
            Role("never ordered", used("exports", 100 * DAY)),
        ),
    )


def silence_open() -> Example:
    """Return the subscriber who opens nothing any more."""
    subscribed = {"newsletter": True}
    return Example(
        name="silence-open-60",
        text="Is subscribed to the newsletter and opened no e-mail in the last 60 days",
        watches=frozenset({"Email Opened"}),
        condition=every(
            trait("newsletter", "eq", value=True),
            did("Email Opened", last(60 * DAY), exactly=0),
        ),
        members=(
            Role("last open 75 days ago", opened("newsletter", 75 * DAY, 100 * DAY), subscribed),
            Role("last open exactly 60 days ago", opened("product", 60 * DAY), subscribed),
            Role("never opened one", (), subscribed),
        ),
        near_misses=(
            Role(
                "last open 60 days ago but a minute",
                opened("newsletter", 60 * DAY - HAIR),
                subscribed,
            ),
            Role("opened what sales wrote yesterday", opened("sales", DAY), subscribed),
            Role("is not subscribed", opened("newsletter", 75 * DAY), {"newsletter": False}),
            Role(
                "the subscription was taken away",
                opened("newsletter", 75 * DAY),
                subscribed,
                ((2 * DAY, {"newsletter": None}),),
            ),
        ),
    )


def churned() -> Example:
    """Return the user who was active the month before and is silent since."""
    events = [*_USE]
    return Example(
        name="churned",
        text="Logged in or used a feature between 60 and 30 days ago, and not in the last 30 days",
        watches=frozenset(_USE),
        condition=every(
            did(events, ago(60 * DAY, 30 * DAY)), did(events, last(30 * DAY), exactly=0)
        ),
        members=(
            Role("last use 45 days ago", (*logged_in(45 * DAY), *used("funnels", 50 * DAY))),
            Role("last use exactly 30 days ago", used("alerts", 30 * DAY)),
            Role("last use 60 days ago but a minute", logged_in(60 * DAY - HAIR)),
        ),
        near_misses=(
            Role("last use exactly 60 days ago", logged_in(60 * DAY, 70 * DAY)),
            Role(
                "used something 30 days ago but a minute",
                (*logged_in(45 * DAY), *used("alerts", 30 * DAY - HAIR)),
            ),
            Role("logged in a minute ago", logged_in(HAIR, 45 * DAY)),
        ),
    )


def resumed() -> Example:
    """Return the user who is back after a month of silence."""
    events = [*_USE]
    return Example(
        name="resumed",
        text="Used the app in the last 5 days, not in the 30 days before, and earlier",
        watches=frozenset(_USE),
        condition=every(
            did(events, last(5 * DAY)),
            did(events, ago(35 * DAY, 5 * DAY), exactly=0),
            did(events, ago(None, 35 * DAY)),
        ),
        members=(
            Role("back since yesterday", (*logged_in(DAY, 60 * DAY), *used("cohorts", DAY - HAIR))),
            Role("back 5 days ago but a minute", logged_in(5 * DAY - HAIR, 80 * DAY)),
            Role("earlier use exactly 35 days ago", logged_in(DAY, 35 * DAY)),
        ),
        near_misses=(
            Role("was here in between", (*logged_in(DAY, 60 * DAY), *used("alerts", 20 * DAY))),
            Role("back exactly 5 days ago", logged_in(5 * DAY, 60 * DAY)),
            Role("new, not back", logged_in(DAY, 2 * DAY)),
            Role("silent for 30 days but a minute", logged_in(DAY, 35 * DAY - HAIR)),
        ),
    )


def was_active() -> Example:
    """Return the user who was active a month ago, as seen then, and is not now."""
    return Example(
        name="was-active",
        text="Had logged in within 14 days as of 30 days ago, and has not in the last 14 days",
        watches=frozenset({"Logged In"}),
        condition=every(
            did("Logged In", ago(44 * DAY, 30 * DAY)), did("Logged In", last(14 * DAY), exactly=0)
        ),
        members=(
            Role("last seen 35 days ago", logged_in(35 * DAY)),
            Role("last seen exactly 30 days ago", logged_in(30 * DAY)),
            Role("last seen 44 days ago but a minute", logged_in(44 * DAY - HAIR, 90 * DAY)),
            Role("last seen exactly 14 days ago", logged_in(14 * DAY, 32 * DAY)),
        ),
        near_misses=(
            Role("last seen exactly 44 days ago", logged_in(44 * DAY)),
            Role("seen again 14 days ago but a minute", logged_in(14 * DAY - HAIR, 35 * DAY)),
            Role("came a minute after that date", logged_in(30 * DAY - HAIR)),
        ),
    )


def active() -> Example:
    """Return the user who came within two weeks."""
    return Example(
        name="active",
        text="Logged in within the last 14 days",
        watches=frozenset({"Logged In"}),
        condition=did("Logged In", last(14 * DAY)),
        members=(
            Role("came a minute ago", logged_in(HAIR)),
            Role("came 14 days ago but a minute", logged_in(14 * DAY - HAIR, 50 * DAY)),
            Role("comes daily", logged_in(DAY, 2 * DAY, 3 * DAY)),
        ),
        near_misses=(
            Role("came exactly 14 days ago", logged_in(14 * DAY)),
            Role("came often, last spring", logged_in(200 * DAY, 201 * DAY, 202 * DAY)),
            Role("used a feature, never logged in", used("exports", DAY)),
        ),
    )
