"""Definitions of habit: how often, how regularly, what rather than what."""

from __future__ import annotations

from itertools import combinations
from typing import Final

from graph.times import DAY, HOUR, MINUTE
from server.demo.cast.acts import (
    HAIR,
    ago,
    did,
    done,
    every,
    followed,
    last,
    logged_in,
    opened,
    product,
    used,
)
from server.demo.planting import Act, Condition, Example, Role

_WEEK = 7 * DAY
_POWER: Final = did(
    "Feature Used",
    last(_WEEK),
    about={"feature": {}},
    distinct={"day": "CONTACT"},
    atLeast=5,
)


def power_users(now: int) -> Example:
    """Return the user who is there on most days, as their own calendar counts them."""
    midnight = now % DAY + DAY
    tokyo, kolkata = {"zone": "Asia/Tokyo"}, {"zone": "Asia/Kolkata"}
    five = tuple(HOUR + n * DAY for n in range(5))
    # Tokyo's day begins at 15:00 UTC, so midnight UTC lies within one, 15:00 UTC between two.
    one_there = (midnight - HAIR, midnight + HAIR, *(midnight + n * HOUR for n in (30, 54, 78)))
    two_there = (midnight + n * HOUR for n in (8, 10, 34, 58, 82))
    return Example(
        name="power-users",
        text="Used a feature on at least 5 different days of the last 7, days of their own zone",
        watches=frozenset({"Feature Used"}),
        condition=_POWER,
        members=(
            Role("five days in a row", used("dashboards", *five), kolkata),
            Role(
                "the fifth 7 days ago but a minute",
                used("exports", *five[:4], _WEEK - HAIR),
                kolkata,
            ),
            Role("five days there, four in UTC", used("funnels", *two_there), tokyo),
        ),
        near_misses=(
            Role(
                "four days, often",
                used("dashboards", *five[:4], *(n + 9 * MINUTE for n in five[:4])),
                kolkata,
            ),
            Role("the fifth exactly 7 days ago", used("exports", *five[:4], _WEEK), kolkata),
            Role("four days there, five in UTC", used("funnels", *one_there), tokyo),
            Role(
                "logged in on the fifth, no more",
                (*used("alerts", *five[:4]), *logged_in(five[4])),
                kolkata,
            ),
        ),
    )


def engaged_readers() -> Example:
    """Return the reader who opens or clicks in most weeks."""
    events = ["Email Opened", "Email Link Clicked"]
    weeks = [did(events, ago((n + 1) * _WEEK, n * _WEEK) if n else last(_WEEK)) for n in range(4)]
    return Example(
        name="engaged-readers",
        text="Opened an e-mail or clicked in one in at least 3 of the last 4 weeks",
        watches=frozenset(events),
        condition={"any": [every(*three) for three in combinations(weeks, 3)]},
        members=(
            Role("the last three weeks", opened("newsletter", 2 * DAY, 9 * DAY, 16 * DAY)),
            Role(
                "opens and clicks",
                (*opened("product", 3 * DAY, 25 * DAY), *followed("sales", 12 * DAY)),
            ),
            Role(
                "the fourth week but a minute", followed("newsletter", DAY, _WEEK, 4 * _WEEK - HAIR)
            ),
        ),
        near_misses=(
            Role(
                "many times in two weeks",
                opened("newsletter", DAY, 2 * DAY, 3 * DAY, 8 * DAY, 9 * DAY),
            ),
            Role("the third is exactly 4 weeks old", opened("newsletter", DAY, 9 * DAY, 4 * _WEEK)),
            Role(
                "what looks like a first week is the second",
                opened("newsletter", _WEEK, 10 * DAY, 15 * DAY),
            ),
        ),
    )


def fast_starters() -> Example:
    """Return the user who did what matters in the first week."""
    keys = ["Project Created", "Member Invited", "Integration Connected"]
    first = 60 * DAY
    two = (*logged_in(first, 20 * DAY), *done(keys[0], first - HOUR), *done(keys[1], first - DAY))
    return Example(
        name="fast-starters",
        text="Did at least 3 key actions within 7 days of their own first login",
        watches=frozenset({"Logged In", *keys}),
        condition=did(keys, {"ofFirst": {"event": "Logged In", "within": "P7D"}}, atLeast=3),
        members=(
            Role("three in three days", (*two, *done(keys[2], first - 3 * DAY))),
            Role("the third exactly 7 days after", (*two, *done(keys[2], first - _WEEK))),
            Role(
                "three of one kind, one with the login",
                (*logged_in(first), *done(keys[1], first, first - HOUR, first - DAY)),
            ),
        ),
        near_misses=(
            Role(
                "the third 7 days and a minute after", (*two, *done(keys[2], first - _WEEK - HAIR))
            ),
            Role("the third a minute before the first login", (*two, *done(keys[2], first + HAIR))),
            Role("two, and a second login", two),
            Role(
                "three, and no login",
                (*done(keys[0], first), *done(keys[1], first - HOUR, first - DAY)),
            ),
        ),
    )


def more_plays() -> Example:
    """Return the one who watches rather than skips."""
    return Example(
        name="more-plays",
        text="Played more videos than they skipped in the last 30 days",
        watches=frozenset({"Video Played", "Video Skipped"}),
        condition={
            "moreOften": {
                "event": "Video Played",
                "than": {"event": "Video Skipped"},
                "within": {"last": "P30D"},
            }
        },
        members=(
            Role(
                "three plays, one skip",
                (*_video("Played", DAY, 5 * DAY, 9 * DAY), *_video("Skipped", 5 * DAY)),
            ),
            Role("one play, no skip", _video("Played", 20 * DAY)),
            Role(
                "the skip is exactly 30 days old",
                (*_video("Played", 30 * DAY - HAIR), *_video("Skipped", 30 * DAY)),
            ),
        ),
        near_misses=(
            Role(
                "as many plays as skips",
                (*_video("Played", DAY, 2 * DAY), *_video("Skipped", DAY, 3 * DAY)),
            ),
            Role(
                "the deciding play is exactly 30 days old",
                (*_video("Played", DAY, 30 * DAY), *_video("Skipped", DAY)),
            ),
            Role("one skip, no play", _video("Skipped", DAY)),
        ),
    )


_CLOTHING: Final[Condition] = {
    "favourite": {
        "event": "Product Viewed",
        "by": {"category": True},
        "is": "clothing",
        "within": {"last": "P90D"},
        "atLeast": 3,
    }
}


_FOUR_MUGS: Final = (
    *product("beanie", DAY, 2 * DAY, 3 * DAY),
    *product("mug-enamel", HOUR, DAY, 2 * DAY, 3 * DAY),
)


def favourite_clothing() -> Example:
    """Return the one who looks at clothes most of all the merchandise."""
    last_of_window = 90 * DAY - HAIR
    return Example(
        name="favourite-clothing",
        text="Of the merchandise, viewed clothing most in the last 90 days, at least 3 times",
        watches=frozenset({"Product Viewed"}),
        condition=_CLOTHING,
        members=(
            Role(
                "four clothes, two mugs",
                (
                    *product("socks-cohort", DAY, 2 * DAY, 3 * DAY, 4 * DAY),
                    *product("mug-lantern", DAY, 9 * DAY),
                ),
            ),
            Role(
                "three shirts and hoodies, at par with mugs",
                (
                    *product("shirt-logo", DAY, 2 * DAY),
                    *product("hoodie-dawn", 9 * DAY),
                    *product("mug-enamel", DAY, 2 * DAY, 3 * DAY),
                ),
            ),
            Role(
                "the third 90 days ago but a minute",
                product("jacket-rain", DAY, 2 * DAY, last_of_window),
            ),
        ),
        near_misses=(
            Role("two clothes, nothing else", product("cap-lumen", DAY, 2 * DAY)),
            Role("three clothes, four mugs", _FOUR_MUGS),
            Role("the third exactly 90 days ago", product("shirt-logo", DAY, 2 * DAY, 90 * DAY)),
        ),
    )


def downgraded() -> Example:
    """Return the customer whose last step was down."""
    down, up = ("pro", "free", "downgrade"), ("free", "pro", "upgrade")
    return Example(
        name="downgraded",
        text="The latest change of subscription was a downgrade",
        watches=frozenset({"Subscription Changed"}),
        condition={
            "latest": {
                "event": "Subscription Changed",
                "has": [{"property": "direction", "is": {"eq": "downgrade"}}],
            }
        },
        members=(
            Role("up, then down", (_move(100 * DAY, *up), _move(20 * DAY, *down))),
            Role("down a minute ago", (_move(100 * DAY, *up), _move(HAIR, *down))),
            Role("down, and nothing before", (_move(200 * DAY, "business", "pro", "downgrade"),)),
        ),
        near_misses=(
            Role("up again a minute later", (_move(20 * DAY, *down), _move(20 * DAY - HAIR, *up))),
            Role("only ever up", (_move(100 * DAY, *up),)),
            Role("never changed"),
        ),
    )


def _video(deed: str, *ages: int) -> tuple[Act, ...]:
    thing = ("content", "webinar-which-plan-fits")
    return tuple(Act(ago, f"Video {deed}", thing) for ago in ages)


def _move(ago: int, old: str, new: str, direction: str) -> Act:
    facts = {"from": old, "to": new, "direction": direction}
    return Act(ago, "Subscription Changed", None, facts)
