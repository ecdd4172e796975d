"""What a batch tells of each contact, and the contact as that leaves it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from graph.changes import Cause
from graph.ingest.events import NewEvent
from graph.model import ThingKind
from graph.subject import Account, Decided, Decision, Event, Subject, Telling, Thing
from graph.values import Stored

if TYPE_CHECKING:
    from graph.upkeep.draft import Draft


@dataclass(slots=True)
class News:
    """What a batch tells of one contact; None, or nothing, where it does not."""

    since: int | None = None
    events: list[NewEvent] = field(default_factory=list["NewEvent"])
    told: list[tuple[str, int, Stored | None]] = field(
        default_factory=list["tuple[str, int, Stored | None]"]
    )
    decided: Mapping[str, Mapping[int, Decision]] = field(
        default_factory=dict[str, "Mapping[int, Decision]"]
    )
    accounts: tuple[str, ...] | None = None
    at: set[int] = field(default_factory=set[int])

    @property
    def profile(self) -> bool:
        """Whether more than events is told."""
        return bool(
            self.since is not None or self.accounts is not None or self.told or self.decided
        )

    @property
    def kinds(self) -> set[str] | None:
        """The kinds of its events; None where more than events is told, and all may turn."""
        return None if self.profile else {each.name for each in self.events}

    @property
    def cause(self) -> Cause:
        """What the news are."""
        if self.events:
            return Cause.EVENT
        trait = bool(self.told) or self.accounts is not None or not self.decided
        return Cause.TRAIT if trait else Cause.CONSENT

    def instants(self, now: int) -> list[int]:
        """Return the instants up to now that they are of, in order; now where there is none."""
        return sorted(at for at in self.at if at <= now) or [now]


@dataclass(frozen=True, slots=True)
class Nodes:
    """The things and accounts that news name, as the batch leaves them."""

    things: Mapping[tuple[ThingKind, str], Thing]
    accounts: Mapping[str, Account]


def news_of(draft: Draft, now: int) -> dict[str, News]:
    """Return what a batch tells, by the keys of the contacts."""
    found: dict[str, News] = {}

    def of(key: str, at: int) -> News:
        news = found.setdefault(key, News())
        news.at.add(at)
        return news

    for key, since in draft.since.items():
        of(key, since).since = since
    for event in draft.new.values():
        of(event.contact, event.at).events.append(event)
    for (key, name, at), (value, _) in draft.told.items():
        of(key, at).told.append((name, at, value))
    for key, purpose, at in draft.decided:
        news = of(key, at)
        news.decided = {**news.decided, purpose: draft.profiles[key].consents[purpose]}
    for key, accounts in draft.accounts.items():
        of(key, now).accounts = accounts
    return found


def applied(subject: Subject, news: News, nodes: Nodes) -> Subject:
    """Return a contact as news leave it, events aside."""
    told: dict[str, dict[int, Telling]] = {}
    for name, at, value in news.told:
        known = told.setdefault(name, {each.at: each for each in subject.traits.get(name, ())})
        known[at] = Telling(at, value)
    accounts = subject.accounts
    if news.accounts is not None:
        accounts = tuple(nodes.accounts[each] for each in sorted(news.accounts))
    return replace(
        subject,
        since=subject.since if news.since is None else news.since,
        traits={**subject.traits, **{name: _in_order(known) for name, known in told.items()}},
        consents={**subject.consents, **{name: _decided(d) for name, d in news.decided.items()}},
        accounts=accounts,
    )


def _in_order(told: Mapping[int, Telling]) -> tuple[Telling, ...]:
    return tuple(told[at] for at in sorted(told))


def _decided(decided: Mapping[int, Decision]) -> tuple[Decided, ...]:
    return tuple(Decided(at, decided[at]) for at in sorted(decided))


def event_of(new: NewEvent, nodes: Nodes) -> Event:
    """Return an event as conditions see it."""
    return Event(
        id=new.id,
        name=new.name,
        at=new.at,
        about=nodes.things[new.thing],
        properties=new.properties,
        source=new.source,
        purpose=new.purpose,
    )
