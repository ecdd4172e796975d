"""A seeded shop to ask of: 20,000 contacts, 2,000 contents in 50 topics, 400,000 events in a year.

Contents are drawn by Zipf's law with one hot page, contacts by u^2.2: few do much, many do little.
"""

from __future__ import annotations

import bisect
import hashlib
import itertools
import random
from typing import TYPE_CHECKING, Any, Final

import msgspec

from graph import times

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

CONTACTS: Final = 20_000
EVENTS: Final = 400_000
T: Final = times.read_instant("2026-10-01T00:00:00Z")
YEAR: Final = 365

Line = dict[str, Any]

_CONTENTS = 2000
_PRODUCTS = 500
_TOPICS = 50
_ZONES = ("Europe/Berlin", "America/New_York", "Asia/Tokyo")
_PLANS = (("free", 70), ("pro", 25), ("business", 5))
_KINDS = (("page", 80), ("pricing", 2), ("case-study", 8), ("post", 10))
_ACTS = (
    ("Content Viewed", 55),
    ("Email Opened", 30),
    ("Content Clicked", 12),
    ("Product Purchased", 3),
)


def lines() -> Iterator[Line]:
    """Yield everything, what is named before what names it."""
    chance = random.Random(7)  # noqa: S311 - the same shop each time
    yield from _places()
    for number in range(_CONTENTS):
        topics = {f"topic-{min(_TOPICS - 1, int(_TOPICS * chance.random() ** 2))}"}
        kind = _drawn(chance, _KINDS)
        yield {
            "type": "content",
            "key": f"content-{number}",
            "kind": kind,
            "topics": sorted(topics),
        }
    for number in range(_PRODUCTS):
        place = f"category-{chance.randrange(30)}"
        yield {"type": "product", "key": f"product-{number}", "category": place}
    for number in range(CONTACTS):
        traits = {"plan": _drawn(chance, _PLANS), "zone": chance.choice(_ZONES)}
        at = times.instant_text(T - 400 * times.DAY)
        yield {"type": "contact", "key": f"contact-{number}", "at": at, "traits": traits}
    yield from _events(chance)


def digest(told: Iterable[Line] | None = None) -> str:
    """Return what identifies data; that of the shop where nothing is given."""
    whole = hashlib.sha256()
    encoder = msgspec.json.Encoder(order="deterministic")
    for line in lines() if told is None else told:
        whole.update(encoder.encode(line))
    return whole.hexdigest()[:16]


def _places() -> Iterator[Line]:
    """Yield 5 topics with 9 below each, and 5 categories with 5 below each."""
    for kind, number, above in (("topic", _TOPICS, 5), ("category", 30, 5)):
        for each in range(number):
            line: Line = {"type": kind, "key": f"{kind}-{each}"}
            yield line if each < above else line | {"parent": f"{kind}-{each % above}"}


def _events(chance: random.Random) -> Iterator[Line]:
    weights = list(itertools.accumulate(1 / rank**1.3 for rank in range(1, _CONTENTS + 1)))
    for number in range(EVENTS):
        contact = int(CONTACTS * chance.random() ** 2.2)
        name = _drawn(chance, _ACTS)
        content = bisect.bisect(weights, chance.random() * weights[-1])
        line: Line = {
            "event": name,
            "id": f"e{number}",
            "contact": f"contact-{contact}",
            "at": times.instant_text(T - int(chance.random() * YEAR * times.DAY)),
        }
        if name == "Email Opened":
            kind = "sales" if chance.random() < 0.25 else "news"
            line["about"] = {"campaign": f"{kind}-{chance.randrange(40)}"}
            line["properties"] = {"type": kind}
        elif name == "Product Purchased":
            line["about"] = {"product": f"product-{chance.randrange(_PRODUCTS)}"}
            line["properties"] = {"price": round(5 + 95 * chance.random(), 2)}
        else:
            line["about"] = {"content": f"content-{content}"}
        yield line


def _drawn(chance: random.Random, parts: tuple[tuple[str, int], ...]) -> str:
    names, weights = zip(*parts, strict=True)
    return chance.choices(names, weights)[0]
