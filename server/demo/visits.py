"""The small stories that a day is made of: a visit to the app, the site or the shop, an e-mail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from graph.times import HOUR, MINUTE, SECOND, instant
from server.demo import contents, shelf
from server.demo.chance import Mix, base36, happens, ranked, weighed
from server.demo.contents import CONTENTS
from server.demo.telling import Told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from random import Random

    from server.demo.people import Person

_KINDS: Final = {content.key: content.kind for content in CONTENTS}
_TO_DOWNLOAD: Final = frozenset({"case-study", "webinar"})
_READING: Final = weighed(
    {
        contents.BLOG: 34,
        contents.DOCS: 18,
        contents.STORIES: 17,
        contents.PRICING: 13,
        contents.LANDING: 10,
        contents.WEBINARS: 8,
    }
)
_REFERRERS: Final = ranked(("search", "direct", "newsletter", "social", "partner"))
_METHODS: Final = weighed({"password": 6, "google": 3, "sso": 2})
_TOOLS: Final = ranked(("warehouse", "chat", "crm", "spreadsheet", "webhook"))
_TEMPLATES: Final = ranked(("blank", "marketing", "product", "sales"))
_SUBJECTS: Final = ranked(
    ("Export is empty", "Invoice address", "Cannot log in", "Numbers differ", "How do I invite?")
)
_PRIORITIES: Final = weighed({"low": 4, "normal": 9, "high": 2, "urgent": 1})


Visit: TypeAlias = "Callable[[Random, Person, int], Iterator[Told]]"


class _Clock:
    """Goes on by uneven steps."""

    def __init__(self, roll: Random, start: int) -> None:
        self._roll = roll
        self.at = start

    def after(self, shortest: int, longest: int) -> int:
        self.at += self._roll.randint(shortest, longest)
        return self.at


def in_app(roll: Random, person: Person, start: int) -> Iterator[Told]:
    """Tell a visit to the app: a login, some features, now and then more."""
    clock = _Clock(roll, start)
    yield Told(start, "Logged In", None, {"method": _METHODS.draw(roll)})
    favourite = shelf.FEATURES.things[person.number % len(shelf.FEATURES.things)]
    for _ in range(min(7, 1 + int(roll.expovariate(0.45)))):
        feature = favourite if happens(roll, 0.35) else shelf.FEATURES.draw(roll)
        seconds = roll.randint(5, 900)
        at = clock.after(15 * SECOND, 6 * MINUTE)
        yield Told(at, "Feature Used", ("feature", feature), {"seconds": seconds})
    for odds, aside in _ASIDES:
        if happens(roll, odds):
            yield aside(roll, clock.after(20 * SECOND, 4 * MINUTE))


def _ticket(roll: Random, at: int) -> Told:
    properties = {"subject": _SUBJECTS.draw(roll), "priority": _PRIORITIES.draw(roll)}
    return Told(at, "Ticket Opened", ("ticket", f"T-{base36(at).upper()}"), properties)


def project(roll: Random, at: int) -> Told:
    """Tell that a project was created."""
    return Told(at, "Project Created", None, {"template": _TEMPLATES.draw(roll)})


def invitation(roll: Random, at: int) -> Told:
    """Tell that a member was invited."""
    return Told(at, "Member Invited", None, {"role": roll.choice(("viewer", "editor", "admin"))})


def _integration(roll: Random, at: int) -> Told:
    return Told(at, "Integration Connected", None, {"tool": _TOOLS.draw(roll)})


def _look_up(roll: Random, at: int) -> Told:
    return Told(at, "Page Viewed", ("content", contents.DOCS.draw(roll)), {"referrer": "app"})


_ASIDES: Final[tuple[tuple[float, Callable[[Random, int], Told]], ...]] = (
    (0.05, project),
    (0.05, invitation),
    (0.02, _integration),
    (0.12, _look_up),
    (0.03, _ticket),
)


def on_site(roll: Random, person: Person, start: int) -> Iterator[Told]:
    """Tell a visit to the site: pages, and what is done with them."""
    clock = _Clock(roll, start)
    first = contents.LANDING if person.persona == "visitor" else _READING.draw(roll)
    referrer = {"referrer": _REFERRERS.draw(roll)}
    yield Told(start, "Page Viewed", ("content", first.draw(roll)), referrer)
    for _ in range(min(6, int(roll.expovariate(0.5)))):
        yield from _read(roll, clock, _READING.draw(roll).draw(roll))
    if happens(roll, 0.03):
        at = clock.after(MINUTE, 5 * MINUTE)
        yield Told(at, "Demo Requested", None, {"company_size": roll.choice((5, 20, 100, 500))})


def _read(roll: Random, clock: _Clock, key: str) -> Iterator[Told]:
    thing = ("content", key)
    kind = _KINDS[key]
    event = "Content Viewed" if happens(roll, 0.6) else "Page Viewed"
    yield Told(clock.after(10 * SECOND, 4 * MINUTE), event, thing)
    if happens(roll, 0.35):
        yield Told(clock.after(5 * SECOND, 3 * MINUTE), "Content Clicked", thing)
    if kind in _TO_DOWNLOAD and happens(roll, 0.25):
        yield Told(clock.after(5 * SECOND, MINUTE), "Content Downloaded", thing, {"format": "pdf"})
    if kind == "webinar":
        seconds = roll.randint(20, 1800)
        yield Told(clock.after(2 * SECOND, 30 * SECOND), "Video Played", thing)
        if happens(roll, 0.4):
            at = clock.after(10 * SECOND, 5 * MINUTE)
            yield Told(at, "Video Skipped", thing, {"position": seconds})


def in_shop(roll: Random, _person: Person, start: int) -> Iterator[Told]:
    """Tell a visit to the shop, from a search to an order, or to a cart that is left."""
    clock = _Clock(roll, start)
    if happens(roll, 0.4):
        query = shelf.SEARCHES.draw(roll)
        yield Told(start, "Products Searched", ("search", query), {"results": roll.randint(0, 9)})
    seen = [shelf.ON_DISPLAY.draw(roll) for _ in range(roll.randint(1, 4))]
    for product in seen:
        facts = {"price": product.price, "currency": "EUR"}
        at = clock.after(8 * SECOND, 3 * MINUTE)
        yield Told(at, "Product Viewed", ("product", product.key), facts)
    wanted = list({product.key: product for product in seen if happens(roll, 0.5)}.values())
    if wanted:
        yield from _buy(roll, clock, wanted)


def _buy(roll: Random, clock: _Clock, wanted: list[shelf.Product]) -> Iterator[Told]:
    cart = {"cart_id": f"C-{base36(clock.at).upper()}"}
    yield Told(clock.after(2 * SECOND, 20 * SECOND), "Cart Created", None, cart)
    lines: list[Mapping[str, object]] = []
    total = 0.0
    for product in wanted:
        number = 1 if product.price > 50 else roll.choice((1, 1, 1, 2, 3))  # noqa: PLR2004 - dear things are bought one by one
        facts = {"price": product.price, "quantity": number}
        at = clock.after(SECOND, 30 * SECOND)
        yield Told(at, "Product Added", ("product", product.key), {**facts, **cart})
        lines.append({"product_id": product.key, "name": product.name, **facts})
        total += product.price * number
    if happens(roll, 0.8):
        yield Told(clock.after(5 * SECOND, 2 * MINUTE), "Cart Viewed", None, cart)
    if happens(roll, 0.75):
        at = clock.after(5 * SECOND, 2 * MINUTE)
        yield Told(at, "Checkout Started", None, {**cart, "value": round(total, 2)})
        if happens(roll, 0.75):
            yield order(clock.after(30 * SECOND, 6 * MINUTE), total, lines)


def order(at: int, total: float, lines: list[Mapping[str, object]]) -> Told:
    """Tell an order and its lines."""
    facts: dict[str, object] = {
        "order_id": f"O-{base36(at).upper()}",
        "total": round(total, 2),
        "revenue": round(total * 0.84, 2),
        "currency": "EUR",
        "products": lines,
    }
    return Told(at, "Order Completed", None, facts)


def by_mail(roll: Random, person: Person, start: int) -> Iterator[Told]:
    """Tell an e-mail and what came of it."""
    letter, kind = _letter(roll, person, start)
    thing, facts = ("campaign", letter), {"type": kind}
    clock = _Clock(roll, start)
    yield Told(start, "Email Delivered", thing, facts)
    if not happens(roll, 0.5):
        return
    at = clock.after(2 * MINUTE, 5 * HOUR if happens(roll, 0.4) else 40 * MINUTE)
    yield Told(at, "Email Opened", thing, facts)
    if happens(roll, 0.3):
        yield Told(clock.after(4 * SECOND, 2 * MINUTE), "Email Link Clicked", thing, facts)
        yield from _read(roll, clock, _READING.draw(roll).draw(roll))
    elif happens(roll, 0.01):
        yield Told(clock.after(4 * SECOND, MINUTE), "Unsubscribed", thing, facts)


def _letter(roll: Random, person: Person, at: int) -> tuple[str, str]:
    chance = roll.random()
    if chance < (0.2 if person.persona == "reader" else 0.35):
        return shelf.SALES.draw(roll), "sales"
    if chance < 0.5:  # noqa: PLR2004 - the rest of the half
        return shelf.NEWS.draw(roll), "product"
    return f"newsletter-{instant(at):%Y-%m}", "newsletter"


HABITS: Final[Mapping[str, Mix[Visit]]] = {
    "visitor": weighed({on_site: 1}),
    "reader": weighed({by_mail: 5, on_site: 6, in_shop: 1}),
    "free": weighed({in_app: 5, by_mail: 4, on_site: 3, in_shop: 2}),
    "trial": weighed({in_app: 6, by_mail: 3, on_site: 4, in_shop: 1}),
    "pro": weighed({in_app: 8, by_mail: 3, on_site: 2, in_shop: 2}),
    "business": weighed({in_app: 9, by_mail: 3, on_site: 2, in_shop: 1}),
}
