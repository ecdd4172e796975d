"""Definitions of who somebody is, lives by and works with: traits, places, accounts."""

from __future__ import annotations

import datetime as dt
from typing import Final

from graph.times import DAY, HOUR, instant_text
from server.demo.cast.acts import HAIR, did, done, every, last, logged_in, page, trait
from server.demo.companies import Company
from server.demo.planting import Condition, Example, Role
from server.demo.rhythm import local

_LEAP_YEAR = 1992
_KM_A_DEGREE = 111.319491  # of latitude, on the sphere that distances are taken on


def trial_expiring(now: int) -> Example:
    """Return the one whose trial runs out and who has not decided."""

    def ends(ahead: int, plan: str = "free") -> dict[str, object]:
        return {"trial_ends_at": instant_text(now + ahead), "plan": plan, "lifecycle": "trial"}

    return Example(
        name="trial-expiring",
        text="The trial ends within 3 days, and the plan is still free",
        watches=frozenset(),
        condition=every(trait("trial_ends_at", "inNext", "P3D"), trait("plan", "eq", "free")),
        members=(
            Role("ends tomorrow", (), ends(DAY)),
            Role("ends exactly in 3 days", (), ends(3 * DAY)),
            Role("extended to the day after tomorrow", (), ends(-DAY), ((2 * DAY, ends(2 * DAY)),)),
            Role("ends in an hour", (), ends(HOUR)),
        ),
        near_misses=(
            Role("ends in 3 days and a minute", (), ends(3 * DAY + HAIR)),
            Role("ends at this very instant", (), ends(0)),
            Role("ended a minute ago", (), ends(-HAIR)),
            Role("ends tomorrow, pro since an hour", (), ends(DAY), ((HOUR, {"plan": "pro"}),)),
        ),
    )


def birthday_week(now: int) -> Example:
    """Return the one whose birthday comes, by the calendar where they live."""
    ahead, behind = "Pacific/Kiritimati", "Pacific/Pago_Pago"

    def born(zone: str, days: int) -> dict[str, object]:
        day = local(now, zone).date() + dt.timedelta(days=days)
        return {"zone": zone, "birthday": day.replace(year=_LEAP_YEAR).isoformat()}

    return Example(
        name="birthday-week",
        text="The birthday is in the next 7 days, today included, in their own zone",
        watches=frozenset(),
        condition=trait("birthday", "anniversaryInNext", "P7D"),
        members=(
            Role("in three days", (), born("Europe/Berlin", 3)),
            Role("today, where the day begins first", (), born(ahead, 0)),
            Role("in 7 days, where the day begins first", (), born(ahead, 7)),
            Role("today, where the day ends last", (), born(behind, 0)),
        ),
        near_misses=(
            Role("in 8 days, where the day begins first", (), born(ahead, 8)),
            Role("in 8 days, where the day ends last", (), born(behind, 8)),
            Role("yesterday, where the day begins first", (), born(ahead, -1)),
            Role("did not tell", (), {"zone": "Europe/Berlin", "birthday": None}),
        ),
    )


def steady_plan() -> Example:
    """Return the customer who has kept the plan."""
    pro, business = {"plan": "pro"}, {"plan": "business"}
    return Example(
        name="steady-plan",
        text="Has had the same plan for the last 90 days",
        watches=frozenset(),
        condition={"traitHeld": {"name": "plan", "within": {"last": "P90D"}}},
        members=(
            Role("pro since ever", (), pro),
            Role("business since 200 days", (), pro, ((200 * DAY, business),)),
            Role("business since exactly 90 days", (), pro, ((90 * DAY, business),)),
            Role("told the same plan again", (), pro, ((10 * DAY, pro),)),
        ),
        near_misses=(
            Role("business since 90 days but a minute", (), pro, ((90 * DAY - HAIR, business),)),
            Role(
                "away for a minute and back", (), pro, ((9 * DAY, business), (9 * DAY - HAIR, pro))
            ),
            Role("the plan is known since 80 days", (), {"plan": None}, ((80 * DAY, pro),)),
        ),
    )


def near_berlin() -> Example:
    """Return the one around Berlin who may be written to."""
    given = ((300 * DAY, "email", "GRANTED"),)
    taken = (*given, (5 * DAY, "email", "WITHDRAWN"))

    def north(km: float) -> dict[str, object]:
        return {"location": {"latitude": round(52.52 + km / _KM_A_DEGREE, 6), "longitude": 13.405}}

    return Example(
        name="near-berlin",
        text="Lives within 20 km of 52.52, 13.405, consents to e-mail, and never unsubscribed",
        watches=frozenset({"Unsubscribed"}),
        condition=every(
            {"near": {"latitude": 52.52, "longitude": 13.405, "km": 20.0}},
            {"consent": {"purpose": "email", "is": "GRANTED"}},
            {"not": {"did": {"event": "Unsubscribed"}}},
        ),
        members=(
            Role("in the middle", (), north(0), consents=given),
            Role("19.9 km to the north", (), north(19.9), consents=given),
            Role("moved there last week", (), north(300), ((7 * DAY, north(5)),), consents=given),
            Role(
                "consented again",
                (),
                north(1),
                consents=(*taken, (HAIR, "email", "GRANTED")),
            ),
        ),
        near_misses=(
            Role("20.1 km to the north", (), north(20.1), consents=given),
            Role("took the consent back", (), north(3), consents=taken),
            Role(
                "consented to the phone only", (), north(4), consents=((DAY, "phone", "GRANTED"),)
            ),
            Role("unsubscribed", done("Unsubscribed", 40 * DAY), north(3), consents=given),
        ),
    )


def sampled() -> Example:
    """Return the tenth of the silent subscribers that an experiment has drawn."""
    takes = {"newsletter": True}
    events = ["Logged In", "Feature Used"]
    return Example(
        name="sampled",
        text='Is in the sample of 10 % with the salt "lumen-tenth", takes the newsletter and has '
        "opened no e-mail for 60 days, and has not churned",
        watches=frozenset({"Email Opened", *events}),
        condition=every(
            {"sample": {"percent": 10.0, "salt": "lumen-tenth"}},
            trait("newsletter", "eq", value=True),
            did("Email Opened", last(60 * DAY), exactly=0),
            {"not": {"stopped": {"events": events, "active": "P30D", "silent": "P30D"}}},
        ),
        members=(
            Role("drawn at 9.13 %", (), takes, name="Xenia Dean"),
            Role("drawn at 9.28 %", (), takes, name="Igor Kemp"),
            Role("drawn at 9.39 %", (), takes, name="Hilda Brook"),
        ),
        near_misses=(
            Role("drawn at 11.17 %", (), takes, name="Carla Kemp"),
            Role("drawn, but has churned", logged_in(45 * DAY), takes, name="Fiona Dean"),
            Role("drawn, but takes no newsletter", (), {"newsletter": False}, name="Agnes Shaw"),
        ),
    )


def large_enterprises() -> Example:
    """Return those who work for a large enterprise."""
    big, small, shop = "norrsken-industries", "alder-insurance", "casa-verde"
    return Example(
        name="large-enterprises",
        text="Belongs to an account of the enterprise tier with at least 100 seats",
        watches=frozenset(),
        condition={
            "account": {
                "traits": [
                    {"name": "tier", "is": {"eq": "enterprise"}},
                    {"name": "seats", "is": {"gte": 100}},
                ]
            }
        },
        members=(
            Role("works there", accounts=(big,)),
            Role("works there and elsewhere", accounts=(small, big)),
            Role("works there too", accounts=(big, shop)),
        ),
        near_misses=(
            Role("an enterprise of 99 seats", accounts=(small,)),
            Role("500 seats of the business tier", accounts=(shop,)),
            Role("one account has the tier, another the seats", accounts=(small, shop)),
            Role("no account"),
        ),
        accounts=(
            Company(big, "Norrsken Industries", "enterprise", "manufacturing", 100, "SE"),
            Company(small, "Alder Insurance", "enterprise", "finance", 99, "GB"),
            Company(shop, "Casa Verde", "business", "retail", 500, "ES"),
        ),
    )


def sleeping_accounts() -> Example:
    """Return the people of accounts in which nobody comes any more."""
    still, awake, cheap = "tern-shipping", "basalt-games", "little-owl-books"
    return Example(
        name="sleeping-accounts",
        text="Belongs to an account of the business tier where nobody logged in for 14 days",
        watches=frozenset({"Logged In"}),
        condition={
            "colleagues": {
                "who": {"did": {"event": "Logged In", "within": {"last": "P14D"}}},
                "account": [{"name": "tier", "is": {"eq": "business"}}],
                "none": True,
                "includeSelf": True,
            }
        },
        members=(
            Role("last seen 20 days ago", logged_in(20 * DAY), accounts=(still,)),
            Role("last seen exactly 14 days ago", logged_in(14 * DAY), accounts=(still,)),
            Role("never seen", accounts=(still,)),
        ),
        near_misses=(
            Role("came 14 days ago but a minute", logged_in(14 * DAY - HAIR), accounts=(awake,)),
            Role(
                "a colleague came 14 days ago but a minute", logged_in(30 * DAY), accounts=(awake,)
            ),
            Role("nobody came, but the tier is starter", logged_in(30 * DAY), accounts=(cheap,)),
        ),
        accounts=(
            Company(still, "Tern Shipping", "business", "logistics", 25, "NO"),
            Company(awake, "Basalt Games", "business", "media", 40, "CA"),
            Company(cheap, "Little Owl Books", "starter", "retail", 4, "IE"),
        ),
    )


_COMMITTEE: Final[Condition] = {
    "colleagues": {
        "who": {
            "did": {
                "event": "Page Viewed",
                "about": {"content": {"topic": "pricing"}},
                "within": {"last": "P7D"},
            }
        },
        "atLeast": 3,
    }
}


def buying_committee() -> Example:
    """Return the one whose colleagues look at prices."""
    many, few = "kepler-optics", "saltmarsh-brewing"
    return Example(
        name="buying-committee",
        text="At least 3 different colleagues viewed a pricing page in the last 7 days",
        watches=frozenset({"Page Viewed"}),
        condition=_COMMITTEE,
        members=(
            Role("one of four who looked", page("pricing", DAY), accounts=(many,)),
            Role("another of the four", page("pricing-plans", 2 * DAY), accounts=(many,)),
            Role(
                "looked 7 days ago but a minute", page("pricing", 7 * DAY - HAIR), accounts=(many,)
            ),
            Role(
                "the fourth, three times", page("contract", DAY, 2 * DAY, 3 * DAY), accounts=(many,)
            ),
            Role("did not look, four colleagues did", accounts=(many,)),
        ),
        near_misses=(
            Role(
                "looked often; two colleagues at all",
                page("pricing", DAY, 2 * DAY),
                accounts=(few,),
            ),
            Role(
                "looked; one colleague in the week", page("pricing-plans", 6 * DAY), accounts=(few,)
            ),
            Role("looked exactly 7 days ago", page("pricing", 7 * DAY), accounts=(few,)),
            Role("a colleague twice, another once", accounts=(few,)),
        ),
        accounts=(
            Company(many, "Kepler Optics", "business", "manufacturing", 30, "DE"),
            Company(few, "Saltmarsh Brewing", "starter", "retail", 8, "GB"),
        ),
    )
