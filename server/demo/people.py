"""The people of the story: who they are, how busy, and since when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from graph.times import DAY
from server.demo import names
from server.demo.chance import dice, happens, ranked, weighed
from server.demo.companies import Company, companies
from server.demo.places import POPULAR, Place
from server.demo.telling import Traits

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random


PEOPLE: Final = 1762

# What brings somebody here; the four last have an account of their own with Lumen.
_PERSONAS: Final = weighed(
    {"visitor": 8, "reader": 20, "free": 29, "trial": 8, "pro": 21, "business": 14}
)
CUSTOMERS: Final = frozenset({"free", "trial", "pro", "business"})
_PULL: Final = {
    "visitor": 0.15,
    "reader": 0.7,
    "free": 0.8,
    "trial": 0.8,
    "pro": 1.5,
    "business": 1.8,
}
_ROLES: Final = ranked(
    ("analyst", "marketer", "product manager", "developer", "founder", "finance", "admin")
)
_SIZES: Final = weighed({1: 20, 4: 22, 12: 20, 35: 14, 80: 10, 250: 8, 1200: 5, 8000: 1})
_TAGS: Final = ("beta", "meet-up", "partner", "press", "student", "vip", "webinar")
_FREE_MAIL: Final = ("example.net", "example.org")
_ODDS_OF_COMPANY: Final = {"reader": 0.15, "free": 0.3, "trial": 0.5, "pro": 0.6, "business": 0.95}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody, as far as the seed decides it: all times are lengths before the present."""

    number: int
    key: str
    persona: str
    place: Place
    traits: Traits
    accounts: tuple[str, ...]
    pull: float
    age: int
    gone: int

    @property
    def zone(self) -> str:
        """The zone they live in."""
        return self.place.zone


@lru_cache(maxsize=4)
def people(seed: int) -> tuple[Person, ...]:
    """Return all people of a story that nobody planted."""
    taken: set[str] = set()
    return tuple(_born(seed, number, taken) for number in range(PEOPLE))


def profile(roll: Random, place: Place, name: str, address: str) -> dict[str, object]:
    """Return the traits that everybody has who left a name."""
    born = dt.date(1955, 1, 1) + dt.timedelta(days=roll.randrange(49 * 365))
    traits: dict[str, object] = {
        "name": name,
        "email": address,
        "country": place.country,
        "zone": place.zone,
        "language": place.language,
        "role": _ROLES.draw(roll),
        "company_size": _SIZES.draw(roll),
        "location": {
            "latitude": round(place.latitude + roll.gauss(0, 0.06), 4),
            "longitude": round(place.longitude + roll.gauss(0, 0.08), 4),
        },
        "score": round(roll.betavariate(2, 3) * 100, 1),
        "newsletter": happens(roll, 0.7),
    }
    if happens(roll, 0.6):
        traits["birthday"] = born.isoformat()
    if happens(roll, 0.3):
        traits["tags"] = sorted(roll.sample(_TAGS, roll.randint(1, 3)))
    return traits


def _born(seed: int, number: int, taken: set[str]) -> Person:
    roll = dice(seed, "person", number)
    persona = _PERSONAS.draw(roll)
    place = POPULAR.draw(roll)
    employers = tuple(_employers(roll, persona, companies(seed)))
    if persona == "visitor":
        key = f"visitor-{roll.getrandbits(40):010x}"
        traits: Traits = {"country": place.country, "language": place.language}
    else:
        domain = employers[0].domain if employers else roll.choice(_FREE_MAIL)
        name = _name(roll, place.region, domain, taken)
        key = names.mail(name, domain)
        traits = profile(roll, place, name, key)
    age = _age(roll, persona)
    gone = int(age * roll.uniform(0.1, 0.8)) if happens(roll, 0.3) else 0
    pull = roll.lognormvariate(0, 1.15) * _PULL[persona]
    accounts = tuple(company.key for company in employers)
    return Person(number, key, persona, place, traits, accounts, pull, age, gone)


def _name(roll: Random, region: str, domain: str, taken: set[str]) -> str:
    while True:
        name = names.someone(roll, region)
        address = names.mail(name, domain)
        if address not in taken:
            taken.add(address)
            return name


def _employers(roll: Random, persona: str, all_of_them: tuple[Company, ...]) -> Iterator[Company]:
    if happens(roll, _ODDS_OF_COMPANY.get(persona, 0)):
        first = int(len(all_of_them) * roll.random() ** 1.6)
        yield all_of_them[first]
        if happens(roll, 0.06):
            yield all_of_them[(first + roll.randrange(1, len(all_of_them))) % len(all_of_them)]


def _age(roll: Random, persona: str) -> int:
    match persona:
        case "visitor":
            days = roll.uniform(0.02, 364)
        case "trial" if happens(roll, 0.7):
            days = roll.uniform(0.1, 16)
        case _ if happens(roll, 0.35):
            days = roll.uniform(365, 1100)
        case _:
            days = 365 * roll.random() ** 1.3 + 0.1
    return int(days * DAY)
