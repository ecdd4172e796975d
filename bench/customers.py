"""A seeded company to ask of: 20,000 contacts, 2,000 accounts, and 400,000 events of 20 kinds.

Contacts are drawn by u^2.2: few do much, many do little; a third of them go silent for good. About
one event in seven belongs to a story: a sign-up, a cart, a product that was viewed, a demo.
"""

from __future__ import annotations

import datetime as dt
import random
from itertools import count, islice
from typing import TYPE_CHECKING, Any, Final

from graph import times

if TYPE_CHECKING:
    from collections.abc import Iterator

CONTACTS: Final = 20_000
ACCOUNTS: Final = 2_000
EVENTS: Final = 400_000
T: Final = times.read_instant("2026-10-01T00:00:00Z")
ZONES: Final = ("Europe/Berlin", "America/New_York", "Asia/Tokyo")

Line = dict[str, Any]

_YEAR: Final = 365 * times.DAY
_CONTENTS: Final = 1500
_PRODUCTS: Final = 500
_PLANS: Final = (("free", 70), ("pro", 24), ("business", 6))
_CONTENT_KINDS: Final = (("landing", 10), ("pricing", 2), ("case-study", 8), ("post", 80))
_TREES: Final = (
    ("topic", ("pricing", "security", "analytics", "automation", "mobile")),
    ("category", ("clothing", "garden", "kitchen")),
)
_ACTS: Final = (
    ("Page Viewed", 240),
    ("Email Opened", 160),
    ("Logged In", 140),
    ("Content Viewed", 120),
    ("Feature Used", 110),
    ("Content Clicked", 90),
    ("Product Viewed", 60),
    ("Email Link Clicked", 30),
    ("Video Played", 24),
    ("Video Skipped", 16),
    ("Order Completed", 8),
    ("Subscription Changed", 4),
    ("Unsubscribed", 1),
)
_STORIES: Final = (("view", 55), ("cart", 25), ("demo", 20))


def lines() -> Iterator[Line]:
    """Yield everything, what is named before what names it."""
    chance = random.Random(17)  # noqa: S311 - the same company each time
    yield from _places()
    for number in range(_CONTENTS):
        topic = f"topic-{int(45 * chance.random() ** 2)}"
        kind = _drawn(chance, _CONTENT_KINDS)
        yield {"type": "content", "key": f"content-{number}", "kind": kind, "topics": [topic]}
    yield {"type": "content", "key": "contract", "kind": "page"}
    for number in range(_PRODUCTS):
        category = f"category-{chance.randrange(15)}"
        yield {"type": "product", "key": f"product-{number}", "category": category}
    for number in range(ACCOUNTS):
        tier = _drawn(chance, (("starter", 60), ("team", 30), ("business", 10)))
        yield {"type": "account", "key": f"account-{number}", "traits": {"tier": tier}}
    lives = [_life(chance) for _ in range(CONTACTS)]
    for number, (begun, _) in enumerate(lives):
        yield from _contact(chance, number, begun)
    numbers = count()
    for line in islice(_events(chance, lives), EVENTS):
        yield line | {"id": f"e{next(numbers)}"}


def _places() -> Iterator[Line]:
    """Yield the trees: what is atop, and below each so many that there are nine to a topic."""
    for kind, tops in _TREES:
        for top in tops:
            yield {"type": kind, "key": top}
        for number in range(45 if kind == "topic" else 15):
            parent = tops[number % len(tops)]
            yield {"type": kind, "key": f"{kind}-{number}", "parent": parent}


def _life(chance: random.Random) -> tuple[int, int]:
    begun = T - int(chance.random() * _YEAR)
    silent = chance.random() < 1 / 3
    return begun, begun + int(chance.random() * (T - begun)) if silent else T


def _contact(chance: random.Random, number: int, begun: int) -> Iterator[Line]:
    key = f"contact-{number}"
    plan = _drawn(chance, _PLANS)
    born = dt.date(1950, 1, 1) + dt.timedelta(days=chance.randrange(20_000))
    near = chance.random() < 0.1
    traits: dict[str, object] = {
        "plan": plan,
        "zone": chance.choice(ZONES),
        "newsletter": chance.random() < 0.4,
        "birthday": born.isoformat(),
        "location": {
            "latitude": round((52.52 if near else 40.0) + chance.gauss(0, 0.1), 5),
            "longitude": round((13.405 if near else -3.7) + chance.gauss(0, 0.1), 5),
        },
    }
    if plan == "free" and chance.random() < 0.2:
        traits["trial_ends_at"] = times.instant_text(T + int(chance.gauss(0, 20) * times.DAY))
    line: Line = {"type": "contact", "key": key, "at": _text(begun), "traits": traits}
    if chance.random() < 0.6:
        line["accounts"] = [f"account-{number % ACCOUNTS}"]
    yield line
    if chance.random() < 0.2:
        later = begun + int(chance.random() * (T - begun))
        changed = {"plan": _drawn(chance, _PLANS)}
        yield {"type": "contact", "key": key, "at": _text(later), "traits": changed}
    if chance.random() < 0.8:
        yield {"type": "consent", "contact": key, "purpose": "email", "state": "GRANTED",
               "at": _text(begun)}  # fmt: skip


def _events(chance: random.Random, lives: list[tuple[int, int]]) -> Iterator[Line]:
    """Yield a story of each contact's beginning, and then whatever happens, without end."""
    for number, (begun, _) in enumerate(lives):
        yield from _onboarding(chance, number, begun)
    while True:
        number = int(CONTACTS * chance.random() ** 2.2)
        begun, ended = lives[number]
        at = begun + int(chance.random() * (ended - begun))
        if chance.random() < 0.08:
            yield from _story(chance, number, at)
        else:
            name = _drawn(chance, _ACTS)
            yield _event(chance, number, name, at, **_told(chance, name))


def _onboarding(chance: random.Random, number: int, begun: int) -> Iterator[Line]:
    yield _event(chance, number, "Signed Up", begun)
    if chance.random() < 0.2:
        made = begun + int(chance.random() * 2 * times.DAY)
        yield _event(chance, number, "Project Created", made)
        if chance.random() < 0.6:
            yield _event(chance, number, "Member Invited", made + _soon(chance, 5))
        if chance.random() < 0.4:
            yield _event(chance, number, "Integration Connected", made + _soon(chance, 9))


def _story(chance: random.Random, number: int, at: int) -> Iterator[Line]:
    match _drawn(chance, _STORIES):
        case "view":
            about = {"product": f"product-{chance.randrange(_PRODUCTS)}"}
            yield _event(chance, number, "Product Viewed", at, about=about)
            if chance.random() < 0.5:
                bought = at + _soon(chance, 4)
                yield _event(chance, number, "Product Purchased", bought, about=about)
        case "cart":
            yield _event(chance, number, "Cart Created", at)
            if chance.random() < 0.6:
                order = _told(chance, "Order Completed")
                yield _event(chance, number, "Order Completed", at + _soon(chance, 1), **order)
        case _:
            landing = {"content": f"content-{chance.randrange(_CONTENTS)}"}
            asked, read = at + _soon(chance, 5), {"content": "contract"}
            yield _event(chance, number, "Page Viewed", at, about=landing)
            yield _event(chance, number, "Demo Requested", asked)
            if chance.random() < 0.6:
                yield _event(chance, number, "Page Viewed", asked + _soon(chance, 9), about=read)


def _soon(chance: random.Random, days: int) -> int:
    return int(chance.random() * days * times.DAY)


def _told(chance: random.Random, name: str) -> dict[str, Any]:  # noqa: PLR0911 - a table
    """Return what an event is about, and its properties."""
    match name:
        case "Page Viewed" | "Content Viewed" | "Content Clicked" | "Video Played":
            return {"about": {"content": f"content-{int(_CONTENTS * chance.random() ** 3)}"}}
        case "Email Opened" | "Email Link Clicked" | "Unsubscribed":
            kind = "sales" if chance.random() < 0.25 else "news"
            about = {"campaign": f"{kind}-{chance.randrange(40)}"}
            return {"about": about, "properties": {"type": kind}}
        case "Feature Used":
            feature = int(20 * chance.random() ** 1.5)
            key = "advanced-reporting" if feature == 2 else f"feature-{feature}"
            return {"about": {"feature": key}}
        case "Product Viewed":
            return {"about": {"product": f"product-{chance.randrange(_PRODUCTS)}"}}
        case "Order Completed":
            return {"properties": {"total": round(10 + 190 * chance.random(), 2)}}
        case "Subscription Changed":
            return {"properties": {"direction": chance.choice(["upgrade", "downgrade"])}}
        case _:
            return {}


def _event(
    chance: random.Random,
    number: int,
    name: str,
    at: int,
    about: Line | None = None,
    properties: Line | None = None,
) -> Line:
    # What a story would put after the last instant happens before it.
    line: Line = {
        "event": name,
        "contact": f"contact-{number}",
        "at": _text(min(at, T - chance.randrange(times.HOUR))),
    }
    line |= {"about": about} if about else {}
    return line | ({"properties": properties} if properties else {})


def _text(at: int) -> str:
    return times.instant_text(at)


def _drawn(chance: random.Random, parts: tuple[tuple[str, int], ...]) -> str:
    names, weights = zip(*parts, strict=True)
    return chance.choices(names, weights)[0]
