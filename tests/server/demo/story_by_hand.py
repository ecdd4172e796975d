"""The definitions of the story written out in plain Python, one function for each, as loops."""

from __future__ import annotations

import datetime as dt
import hashlib
import math
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tests.server.demo.story_world import milliseconds

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.server.demo.story_world import Past, World

HOUR = 3_600_000
DAY = 24 * HOUR
_ORDER = "Order Completed"
_USE = ("Logged In", "Feature Used")


def _any(times: list[int], after: float, until: int) -> bool:
    """Tell whether one of the times lies in a window open at its start."""
    return any(after < at <= until for at in times)


def high_intent_prospect(w: World, p: Past) -> bool:
    """Prices in 14 days, two sales opens in 30, a case study ever."""
    t = w.now
    prices = [d.at for d in p.of("Page Viewed") if w.contents[d.about]["kind"] == "pricing"]
    opens = [d for d in p.of("Email Opened") if d.facts["type"] == "sales" and d.at > t - 30 * DAY]
    story = any(w.contents[d.about]["kind"] == "case-study" for d in p.of("Content Viewed"))
    return _any(prices, t - 14 * DAY, t) and len(opens) >= 2 and story


def abandoned_cart(w: World, p: Past) -> bool:
    """A cart in 24 hours, no order since, more than one order before."""
    orders = p.times(_ORDER)
    return any(
        cart > w.now - DAY
        and not any(at >= cart for at in orders)
        and len([at for at in orders if at < cart]) > 1
        for cart in p.times("Cart Created")
    )


def upsell(w: World, p: Past) -> bool:
    """Free, and advanced reporting three times in 7 days."""
    uses = [d for d in p.of("Feature Used") if d.about == "advanced-reporting"]
    recent = [d for d in uses if d.at > w.now - 7 * DAY]
    return p.traits(w.now).get("plan") == "free" and len(recent) >= 3


def _silent(times: list[int], now: int, days: int) -> bool:
    """Tell whether there are times, and none in the last days."""
    return bool(times) and max(times) <= now - days * DAY


def silence_open(w: World, p: Past) -> bool:
    """Subscribed, and no open in 60 days."""
    opens = p.times("Email Opened")
    return p.traits(w.now).get("newsletter") is True and not _any(opens, w.now - 60 * DAY, w.now)


def trial_expiring(w: World, p: Past) -> bool:
    """The trial ends within 3 days, still free."""
    traits = p.traits(w.now)
    if "trial_ends_at" not in traits or traits["plan"] != "free":
        return False
    return w.now < milliseconds(traits["trial_ends_at"]) <= w.now + 3 * DAY


def topic_cluster(w: World, p: Past) -> bool:
    """Three different contents in pricing or below, clicked in 30 days."""
    clicked = {d.about for d in p.of("Content Clicked") if d.at > w.now - 30 * DAY}
    topics = (w.contents[key]["topics"] for key in clicked)
    return sum(any(w.under("topic", topic, "pricing") for topic in of) for of in topics) >= 3


def power_users(w: World, p: Past) -> bool:
    """Five different days of their own with a feature, in 7 days."""
    zone = ZoneInfo(p.traits(w.now).get("zone", "UTC"))
    recent = [at for at in p.times("Feature Used") if at > w.now - 7 * DAY]
    return len({dt.datetime.fromtimestamp(at / 1000, zone).date() for at in recent}) >= 5


def churned(w: World, p: Past) -> bool:
    """Active from 60 to 30 days ago, silent since."""
    times = p.times(*_USE)
    t = w.now
    return _any(times, t - 60 * DAY, t - 30 * DAY) and not _any(times, t - 30 * DAY, t)


def recent_buyers(w: World, p: Past) -> bool:
    """An order of 100 in 7 days."""
    return any(d.at > w.now - 7 * DAY and d.facts["total"] >= 100 for d in p.of(_ORDER))


def _sum(p: Past, after: int) -> float:
    """Return the sum of the orders after an instant."""
    return round(math.fsum(d.facts["total"] for d in p.of(_ORDER) if d.at > after), 6)


def recent_spenders(w: World, p: Past) -> bool:
    """Orders of 7 days that make 100."""
    return _sum(p, w.now - 7 * DAY) >= 100


def engaged_readers(w: World, p: Past) -> bool:
    """Opens or clicks in three of four weeks."""
    times = p.times("Email Opened", "Email Link Clicked")
    weeks = {(w.now - at) // (7 * DAY) for at in times}
    return len(weeks & {0, 1, 2, 3}) >= 3


def resumed(w: World, p: Past) -> bool:
    """Back in 5 days, 30 silent ones before, earlier use."""
    times, t = p.times(*_USE), w.now
    back = _any(times, t - 5 * DAY, t) and not _any(times, t - 35 * DAY, t - 5 * DAY)
    return back and _any(times, -math.inf, t - 35 * DAY)


def first_order(w: World, p: Past) -> bool:
    """The first order is younger than 30 days."""
    return min(p.times(_ORDER), default=0) > w.now - 30 * DAY


def stalled_onboarding(w: World, p: Past) -> bool:
    """Sign-up, a project within a day, nobody invited within 3 days, and these are over."""
    return any(
        up <= made <= up + DAY
        and made + 3 * DAY <= w.now
        and not any(made <= at <= made + 3 * DAY for at in p.times("Member Invited"))
        for up in p.times("Signed Up")
        for made in p.times("Project Created")
    )


def _bought(p: Past, product: str) -> list[int]:
    """Return when a product was bought."""
    orders = p.of(_ORDER)
    return [d.at for d in orders for i in d.facts["products"] if i["product_id"] == product]


def viewed_not_bought(w: World, p: Past) -> bool:
    """A view without a purchase of the same product in 48 hours that are over."""
    return any(
        d.at + 2 * DAY <= w.now
        and not any(d.at <= at <= d.at + 2 * DAY for at in _bought(p, d.about))
        for d in p.of("Product Viewed")
    )


def evaluation_path(w: World, p: Past) -> bool:
    """Landing page, demo, contract, each within 7 days of the one before."""
    landings = [d.at for d in p.of("Page Viewed") if w.contents[d.about]["kind"] == "landing"]
    contracts = [d.at for d in p.of("Page Viewed") if d.about == "contract"]
    return any(
        a <= b <= a + 7 * DAY and b <= c <= b + 7 * DAY
        for a in landings
        for b in p.times("Demo Requested")
        for c in contracts
    )


def big_spenders(w: World, p: Past) -> bool:
    """1,000 in a year, 80 an order."""
    number = len([at for at in p.times(_ORDER) if at > w.now - 365 * DAY])
    total = _sum(p, w.now - 365 * DAY)
    return total >= 1000 and total / number >= 80


def favourite_clothing(w: World, p: Past) -> bool:
    """Clothing is viewed most of what lies directly under merchandise, three times."""
    views = dict.fromkeys((k for (_, k), up in w.parents.items() if up == "merch"), 0)
    for deed in p.of("Product Viewed"):
        category = w.products[deed.about]["category"]
        for root in views:
            recent = deed.at > w.now - 90 * DAY
            views[root] += recent and w.under("category", category, root)
    return views["clothing"] >= 3 and views["clothing"] == max(views.values())


def more_plays(w: World, p: Past) -> bool:
    """More plays than skips in 30 days."""
    played = [at for at in p.times("Video Played") if at > w.now - 30 * DAY]
    return len(played) > len([at for at in p.times("Video Skipped") if at > w.now - 30 * DAY])


def downgraded(_: World, p: Past) -> bool:
    """The latest change is a downgrade."""
    changes = sorted(p.of("Subscription Changed"), key=lambda d: d.at)
    return bool(changes) and changes[-1].facts["direction"] == "downgrade"


def fast_starters(_: World, p: Past) -> bool:
    """Three key actions within 7 days of the first login."""
    first = min(p.times("Logged In"), default=None)
    keys = p.times("Project Created", "Member Invited", "Integration Connected")
    return first is not None and len([at for at in keys if first <= at <= first + 7 * DAY]) >= 3


def champions(w: World, p: Past) -> bool:
    """Lately, often, for much."""
    times = [at for at in p.times(_ORDER) if at > w.now - 365 * DAY]
    lately = _any(times, w.now - 30 * DAY, w.now)
    return lately and len(times) >= 5 and _sum(p, w.now - 365 * DAY) >= 500


def sleeping_accounts(w: World, p: Past) -> bool:
    """A business account, all of whose people stay away for 14 days."""
    everybody = [p, *w.colleagues(p)]
    asleep = all(not _any(o.times("Logged In"), w.now - 14 * DAY, w.now) for o in everybody)
    return asleep and any(w.accounts[key]["tier"] == "business" for key in p.accounts)


def buying_committee(w: World, p: Past) -> bool:
    """Three others of the account saw prices in 7 days."""

    def saw(other: Past) -> bool:
        views = (d for d in other.of("Page Viewed") if d.at > w.now - 7 * DAY)
        return any(w.contents[d.about]["kind"] == "pricing" for d in views)

    return sum(saw(other) for other in w.colleagues(p)) >= 3


def near_berlin(w: World, p: Past) -> bool:
    """20 km on a sphere, consent to e-mail, never unsubscribed."""
    traits = p.traits(w.now)
    here = traits["location"]
    north, east = math.radians(here["latitude"]), math.radians(here["longitude"])
    north_2, east_2 = math.radians(52.52), math.radians(13.405)
    cosine = math.sin(north) * math.sin(north_2)
    cosine += math.cos(north) * math.cos(north_2) * math.cos(east - east_2)
    near = math.acos(min(1.0, cosine)) * 6378.14 <= 20
    decided = sorted((at, state) for at, purpose, state in p.decided if purpose == "email")
    granted = bool(decided) and decided[-1][1] == "GRANTED"
    return near and granted and not p.times("Unsubscribed")


def birthday_week(w: World, p: Past) -> bool:
    """One of today and the 7 days after, where they live, is the birthday."""
    traits = p.traits(w.now)
    if "birthday" not in traits:
        return False
    born = dt.date.fromisoformat(traits["birthday"])
    today = dt.datetime.fromtimestamp(w.now / 1000, ZoneInfo(traits["zone"])).date()
    days = [today + dt.timedelta(days=n) for n in range(8)]
    return any((day.month, day.day) == _kept(born, day.year) for day in days)


def _kept(born: dt.date, year: int) -> tuple[int, int]:
    """Return the month and day on which a birthday is kept in a year."""
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return (2, 28) if (born.month, born.day) == (2, 29) and not leap else (born.month, born.day)


def sampled(w: World, p: Past) -> bool:
    """In a tenth by hash, a silent subscriber, not churned."""

    def hashed(text: str, part: int) -> int:
        digest = hashlib.sha256(text.encode()).digest()
        return int.from_bytes(digest[8 * part : 8 * part + 8], "big")

    prime, salt = 2**31 - 1, "lumen-tenth"
    factor = 1 + hashed(salt, 0) % (prime - 1)
    place = (factor * (hashed(p.key, 0) % prime) + hashed(salt, 1) % prime) % prime
    return place < prime // 10 and silence_open(w, p) and not churned(w, p)


def was_active(w: World, p: Past) -> bool:
    """Active as of 30 days ago, and not now."""
    times, then = p.times("Logged In"), w.now - 30 * DAY
    return _any(times, then - 14 * DAY, then) and not _any(times, w.now - 14 * DAY, w.now)


def steady_plan(w: World, p: Past) -> bool:
    """One plan at every instant of the last 90 days."""
    start = w.now - 90 * DAY + 1
    looks = [start, *(at for at, _ in p.told if at > start), w.now]
    return len({p.traits(at).get("plan") for at in looks} | {None}) == 2 and all(
        "plan" in p.traits(at) for at in looks
    )


def popular_pick(w: World, p: Past) -> bool:
    """Bought what five active users viewed."""
    return any(
        _bought(p, key) and len({o.key for o in w.people.values() if _looked(w, o, key)}) >= 5
        for key in ("print-aurora", "print-dusk", "print-noon")
    )


def _looked(w: World, p: Past, product: str) -> bool:
    """Tell whether an active user viewed a product."""
    viewed = any(d.about == product for d in p.of("Product Viewed"))
    return viewed and _any(p.times("Logged In"), w.now - 14 * DAY, w.now)


def large_enterprises(w: World, p: Past) -> bool:
    """One account with the tier and the seats."""
    traits = (w.accounts[key] for key in p.accounts)
    return any(a["tier"] == "enterprise" and a["seats"] >= 100 for a in traits)


BY_HAND: Mapping[str, Callable[[World, Past], bool]] = {
    "high-intent-prospect": high_intent_prospect,
    "abandoned-cart": abandoned_cart,
    "upsell": upsell,
    "silence-login-14": lambda w, p: _silent(p.times("Logged In"), w.now, 14),
    "silence-purchase-90": lambda w, p: _silent(p.times(_ORDER), w.now, 90),
    "silence-open-60": silence_open,
    "trial-expiring": trial_expiring,
    "topic-cluster": topic_cluster,
    "power-users": power_users,
    "churned": churned,
    "recent-buyers": recent_buyers,
    "recent-spenders": recent_spenders,
    "engaged-readers": engaged_readers,
    "resumed": resumed,
    "first-order": first_order,
    "stalled-onboarding": stalled_onboarding,
    "viewed-not-bought": viewed_not_bought,
    "evaluation-path": evaluation_path,
    "big-spenders": big_spenders,
    "favourite-clothing": favourite_clothing,
    "more-plays": more_plays,
    "downgraded": downgraded,
    "fast-starters": fast_starters,
    "champions": champions,
    "sleeping-accounts": sleeping_accounts,
    "buying-committee": buying_committee,
    "near-berlin": near_berlin,
    "birthday-week": birthday_week,
    "sampled": sampled,
    "was-active": was_active,
    "steady-plan": steady_plan,
    "popular-pick": popular_pick,
    "large-enterprises": large_enterprises,
    "active": lambda w, p: _any(p.times("Logged In"), w.now - 14 * DAY, w.now),
}
