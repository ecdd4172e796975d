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

    def cause(self, now: int) -> tuple[Cause, int]:
        """Return what the news are, and the newest instant up to now that they are of."""
        if self.events:
            return Cause.EVENT, max((e.at for e in self.events if e.at <= now), default=now)
        instants = [at for _, at, _ in self.told]
        instants += [at for each in self.decided.values() for at in each]
        if self.accounts is not None:
            instants.append(now)
        trait = bool(self.told) or self.accounts is not None or not self.decided
        return Cause.TRAIT if trait else Cause.CONSENT, max(
            (at for at in instants if at <= now), default=now
        )


@dataclass(frozen=True, slots=True)
class Nodes:
    """The things and accounts that news name, as the batch leaves them."""

    things: Mapping[tuple[ThingKind, str], Thing]
    accounts: Mapping[str, Account]


def news_of(draft: Draft) -> dict[str, News]:
    """Return what a batch tells, by the keys of the contacts."""
    found: dict[str, News] = {}

    def of(key: str) -> News:
        return found.setdefault(key, News())

    for key, since in draft.since.items():
        of(key).since = since
    for event in draft.new.values():
        of(event.contact).events.append(event)
    for (key, name, at), (value, _) in draft.told.items():
        of(key).told.append((name, at, value))
    for key, purpose, _ in draft.decided:
        news = of(key)
        news.decided = {**news.decided, purpose: draft.profiles[key].consents[purpose]}
    for key, accounts in draft.accounts.items():
        of(key).accounts = accounts
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
