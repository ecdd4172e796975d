"""How somebody comes to a plan: sign-up, project, invitations, trial, upgrade, downgrade."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from graph.times import DAY, HOUR, MINUTE, instant_text
from server.demo import visits
from server.demo.chance import happens
from server.demo.people import CUSTOMERS
from server.demo.telling import Told, Traits

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from server.demo.people import Person

TRIAL: Final = 14 * DAY
_RANK: Final = ("free", "pro", "business")
_PRICE: Final = {"free": 0, "pro": 49, "business": 149}


@dataclass(frozen=True, slots=True)
class Change:
    """Traits that somebody has from an instant on."""

    at: int
    traits: Traits


def began(roll: Random, person: Person, start: int) -> Iterator[Told]:
    """Tell the first days of somebody who signed up."""
    yield Told(start, "Signed Up", None, {"plan": "free"})
    if happens(roll, 0.7):
        created = start + roll.randint(5 * MINUTE, 40 * HOUR)
        yield visits.project(roll, created)
        invited = created
        while happens(roll, 0.5 if person.accounts else 0.25):
            invited += roll.randint(MINUTE, 2 * DAY)
            yield visits.invitation(roll, invited)


def path(roll: Random, person: Person, start: int, end: int) -> Iterator[Change | Told]:
    """Tell how the plan of a person changes between two instants, as traits and as events."""
    if person.persona not in CUSTOMERS:
        return
    at = start + min(int((end - start) * 0.1), roll.randint(HOUR, 3 * DAY))
    plan = "free"
    if person.persona == "trial" or happens(roll, 0.5):
        yield from _trial(at)
        at += roll.randint(2 * DAY, TRIAL)
    for next_plan in _plans(roll, person.persona):
        yield from _move(at, plan, next_plan)
        plan = next_plan
        at += int((end - at) * roll.uniform(0.15, 0.6))


def _plans(roll: Random, persona: str) -> tuple[str, ...]:
    match persona:
        case "pro":
            return ("pro", "business", "pro") if happens(roll, 0.15) else ("pro",)
        case "business":
            return ("pro", "business") if happens(roll, 0.7) else ("business",)
        case "free":
            return ("pro", "free") if happens(roll, 0.12) else ()
        case _:
            return ()


def _trial(at: int) -> Iterator[Change | Told]:
    ends = instant_text(at + TRIAL)
    yield Told(at, "Trial Started", None, {"plan": "pro", "ends_at": ends})
    yield Change(at, {"trial_ends_at": ends, "lifecycle": "trial"})


def _move(at: int, old: str, new: str) -> Iterator[Change | Told]:
    direction = "upgrade" if _RANK.index(new) > _RANK.index(old) else "downgrade"
    facts = {"from": old, "to": new, "direction": direction, "monthly": _PRICE[new]}
    yield Told(at, "Subscription Changed", None, facts)
    lifecycle = "customer" if _PRICE[new] else "lapsed"
    yield Change(at, {"plan": new, "trial_ends_at": None, "lifecycle": lifecycle})
