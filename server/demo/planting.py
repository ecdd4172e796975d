"""People planted into the story: who meets a definition, and who misses it by a hair."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Final, TypeAlias

from graph.times import DAY, HOUR, instant_text
from server.demo import contents, names, shelf
from server.demo.chance import base36, dice, weighed
from server.demo.companies import Company
from server.demo.people import profile
from server.demo.places import POPULAR
from server.demo.rhythm import moment
from server.demo.telling import Line, Told, Traits, contact_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from random import Random


Condition: TypeAlias = Mapping[str, object]

AGE: Final = 500 * DAY
_DOMAIN: Final = "example.com"
_BLOCK: Final = 23
_TALK: Final = 330 * DAY


@dataclass(frozen=True, slots=True)
class Act:
    """Something done so long ago, in milliseconds before the present."""

    ago: int
    event: str
    about: tuple[str, str] | None = None
    properties: Traits = field(default_factory=dict[str, object])


@dataclass(frozen=True, slots=True)
class Role:
    """What a planted contact did and was, and what that makes of them."""

    why: str
    acts: tuple[Act, ...] = ()
    traits: Traits = field(default_factory=dict[str, object])
    changes: tuple[tuple[int, Traits], ...] = ()
    accounts: tuple[str, ...] = ()
    consents: tuple[tuple[int, str, str], ...] = ()
    age: int = AGE
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """A definition with those who meet it and those who nearly do.

    `watches` are the events that it looks at: small talk of its people keeps away from them.
    `others` are needed for the verdicts of the rest, and nothing is claimed of them.
    """

    name: str
    text: str
    watches: frozenset[str]
    members: tuple[Role, ...]
    near_misses: tuple[Role, ...]
    condition: Condition | None = None
    others: tuple[Role, ...] = ()
    accounts: tuple[Company, ...] = ()


@dataclass(frozen=True, slots=True)
class Planted:
    """A definition as a sentence and, where it can be asked, as a condition, with contacts' keys.

    `why` tells of each of them what makes it a member, or by what it misses.
    """

    text: str
    condition: Condition | None
    members: tuple[str, ...]
    near_misses: tuple[str, ...]
    why: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Actor:
    """A role with the person who plays it."""

    number: int
    name: str
    role: Role
    watches: frozenset[str]

    @property
    def key(self) -> str:
        """The contact's key."""
        return names.mail(self.name, _DOMAIN)

    def contact(self, now: int, seed: int) -> Iterator[Line]:
        """Yield the lines of its traits, oldest first."""
        roll = dice(seed, "actor", self.number)
        created = now - self.role.age
        known = profile(roll, POPULAR.draw(roll), self.name, self.key)
        traits = known | {"plan": "free", "lifecycle": "lead"} | dict(self.role.traits)
        told = {name: value for name, value in traits.items() if value is not None}
        yield contact_line(self.key, told, created, created, self.role.accounts)
        for ago, changed in sorted(self.role.changes, key=lambda change: -change[0]):
            yield contact_line(self.key, changed, now - ago, created)

    def consents(self, now: int) -> Iterator[Line]:
        """Yield what it decided on purposes, oldest first."""
        for ago, purpose, state in sorted(self.role.consents, reverse=True):
            line: Line = {"type": "consent", "contact": self.key, "purpose": purpose}
            yield line | {"state": state, "at": instant_text(now - ago)}

    def events(self, now: int, seed: int) -> Iterator[tuple[int, Line]]:
        """Yield what it did, with small talk in between that nobody looks at."""
        acts = [Told(now - act.ago, act.event, act.about, _facts(act)) for act in self.role.acts]
        talk = _small_talk(dice(seed, "talk", self.number), self, now)
        ordered = sorted((*acts, *talk), key=lambda told: told.at)
        for number, told in enumerate(ordered, 1):
            yield told.at, told.line(self.key, f"p{self.number}-{number}")


def actors(examples: tuple[Example, ...]) -> Iterator[Actor]:
    """Yield everybody who plays in the examples; a new example at the end renames nobody."""
    for block, example in enumerate(examples):
        numbers = count(block * _BLOCK)
        for role in (*example.members, *example.near_misses, *example.others):
            number = next(numbers)
            yield Actor(number, role.name or names.of_cast(number), role, example.watches)


def planted_of(examples: tuple[Example, ...]) -> dict[str, Planted]:
    """Return what is claimed of the examples' people, by the name of the example."""
    playing = actors(examples)
    found: dict[str, Planted] = {}
    for example in examples:
        members = tuple(next(playing) for _ in example.members)
        misses = tuple(next(playing) for _ in example.near_misses)
        for _ in example.others:
            next(playing)
        found[example.name] = Planted(
            example.text,
            example.condition,
            tuple(actor.key for actor in members),
            tuple(actor.key for actor in misses),
            {actor.key: actor.role.why for actor in (*members, *misses)},
        )
    return found


def _facts(act: Act) -> Traits:
    if act.event != "Order Completed":
        return act.properties
    return {"order_id": f"O-{base36(act.ago).upper()}", **act.properties}


def _small_talk(roll: Random, actor: Actor, now: int) -> Iterator[Told]:
    start = now - min(_TALK, actor.role.age)
    zone = str(actor.role.traits.get("zone", "UTC"))
    topics = weighed({event: 1 for event in _TALKS if event not in actor.watches})
    for _ in range(roll.randint(6, 16)):
        event = topics.draw(roll)
        about, properties = _TALKS[event](roll)
        yield Told(moment(roll, zone, start, now - HOUR), event, about, properties)


def _ticket(roll: Random) -> tuple[tuple[str, str], Traits]:
    return ("ticket", f"T-{base36(roll.getrandbits(36)).upper()}"), {"priority": "normal"}


_TALKS: Final[Mapping[str, Callable[[Random], tuple[tuple[str, str], Traits]]]] = {
    "Page Viewed": lambda roll: (("content", contents.DOCS.draw(roll)), {"referrer": "direct"}),
    "Content Viewed": lambda roll: (("content", contents.BLOG.draw(roll)), {}),
    "Ticket Opened": _ticket,
    "Products Searched": lambda roll: (("search", shelf.SEARCHES.draw(roll)), {"results": 3}),
    "Email Delivered": lambda roll: (("campaign", shelf.NEWS.draw(roll)), {"type": "product"}),
    "Video Played": lambda roll: (("content", contents.WEBINARS.draw(roll)), {}),
}
