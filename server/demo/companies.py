"""The accounts: companies that buy for their people."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from server.demo.chance import dice, weighed
from server.demo.names import slug
from server.demo.places import POPULAR

if TYPE_CHECKING:
    from server.demo.telling import Line

COMPANIES: Final = 138

_FIRST = (
    "Amber",
    "Birch",
    "Cobalt",
    "Delta",
    "Ember",
    "Falcon",
    "Glacier",
    "Harvest",
    "Indigo",
    "Juno",
    "Kestrel",
    "Larch",
    "Meridian",
    "Nimbus",
    "Opal",
    "Prairie",
    "Quartz",
    "Raven",
    "Solstice",
    "Thistle",
    "Umbra",
    "Vela",
    "Willow",
    "Zephyr",
)
_LAST = (
    "Foods",
    "Freight",
    "Health",
    "Labs",
    "Media",
    "Mobility",
    "Partners",
    "Retail",
    "Software",
    "Studios",
    "Systems",
    "Works",
)
_INDUSTRIES = (
    "software",
    "retail",
    "logistics",
    "healthcare",
    "finance",
    "media",
    "education",
    "manufacturing",
    "energy",
    "travel",
)
_TIERS: Final = weighed({"starter": 55, "business": 33, "enterprise": 12})
_SEATS: Final = {"starter": (2, 12), "business": (10, 90), "enterprise": (80, 900)}


@dataclass(frozen=True, slots=True)
class Company:
    """An account and its traits."""

    key: str
    name: str
    tier: str
    industry: str
    seats: int
    country: str

    @property
    def domain(self) -> str:
        """The part of its people's addresses behind the @."""
        return f"{self.key}.example"

    def line(self) -> Line:
        """Return the line that tells it."""
        traits = {
            "name": self.name,
            "tier": self.tier,
            "industry": self.industry,
            "seats": self.seats,
            "country": self.country,
            "domain": self.domain,
        }
        return {"type": "account", "key": self.key, "traits": traits}


@lru_cache(maxsize=4)
def companies(seed: int) -> tuple[Company, ...]:
    """Return the companies of a story."""
    roll = dice(seed, "companies")
    names = [f"{first} {last}" for first in _FIRST for last in _LAST]
    return tuple(_founded(seed, name) for name in roll.sample(names, COMPANIES))


def _founded(seed: int, name: str) -> Company:
    roll = dice(seed, "company", name)
    tier = _TIERS.draw(roll)
    seats = roll.randint(*_SEATS[tier])
    return Company(
        slug(name), name, tier, roll.choice(_INDUSTRIES), seats, POPULAR.draw(roll).country
    )
