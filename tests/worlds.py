"""A world in lines as an import has them, turned into what plain Python judges."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from graph.conditions import Condition
from graph.ingest.consents import ConsentChange, consent_change
from graph.ingest.contacts import ContactChange, contact_change
from graph.ingest.decoding import decode
from graph.ingest.events import NewEvent, new_event
from graph.ingest.lines import ConsentLine, ContactLine, EventLine, SegmentLine
from graph.ingest.segments import segment_change
from graph.ingest.things import NodeChange, node_change
from graph.model import ThingKind
from graph.subject import Account, Decided, Decision, Event, History, Subject, Telling, Thing
from graph.values import Stored

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


def subjects(
    lines: Iterable[Mapping[str, object]],
    now: int,
    segments: Mapping[str, Condition] | None = None,
) -> list[Subject]:
    """Return the contacts that lines tell of.

    `now` is the instant at which they arrive, `segments` the saved definitions.
    """
    told = Told(segments=dict(segments or {}))
    for raw in lines:
        line = decode(msgspec.json.encode(raw))
        match line:
            case EventLine():
                told.event(new_event(line, now, 0))
            case ContactLine():
                told.contact(contact_change(line, now, 0))
            case ConsentLine():
                told.consent(consent_change(line, now, 0))
            case SegmentLine():
                change = segment_change(line, now)
                told.segments[change.key] = change.where.canonical()
            case _:
                told.node(node_change(line))
    return [told.subject(key) for key in sorted(told.since)]


def members(condition: Condition, people: Iterable[Subject], t: int) -> list[str]:
    """Return the keys of those who exist at t and of whom a condition holds, in order."""
    return [each.key for each in people if each.since <= t and condition.holds(each, t)]


@dataclass(slots=True)
class Told:
    """All that was told, as it came; the later takes the place of the earlier."""

    segments: dict[str, Condition]
    seen: dict[str, Subject] = field(default_factory=dict[str, Subject])
    since: dict[str, int] = field(default_factory=dict[str, int])
    events: dict[tuple[str, str], NewEvent] = field(default_factory=dict[tuple[str, str], NewEvent])
    traits: dict[str, dict[str, dict[int, Stored | None]]] = field(
        default_factory=dict[str, "dict[str, dict[int, Stored | None]]"]
    )
    accounts: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    consents: dict[str, dict[str, dict[int, Decision]]] = field(
        default_factory=dict[str, "dict[str, dict[int, Decision]]"]
    )
    properties: dict[tuple[str, str], dict[str, Stored | None]] = field(
        default_factory=dict[tuple[str, str], "dict[str, Stored | None]"]
    )
    places: dict[tuple[str, str], tuple[str, ...]] = field(
        default_factory=dict[tuple[str, str], tuple[str, ...]]
    )

    def event(self, event: NewEvent) -> None:
        """Take in an event and the lines of an order; the first of an id counts."""
        for each in (event, *event.lines):
            self.events.setdefault((each.contact, each.id), each)
            self._exists(each.contact, each.at)

    def contact(self, change: ContactChange) -> None:
        """Take in traits and accounts."""
        self._exists(change.key, change.since)
        for name, value in change.traits.items():
            self.traits.setdefault(change.key, {}).setdefault(name, {})[change.at] = value
        if change.accounts is not None:
            self.accounts[change.key] = change.accounts

    def consent(self, change: ConsentChange) -> None:
        """Take in a decision; of two at one instant the withdrawal stays."""
        self._exists(change.contact, change.at)
        decided = self.consents.setdefault(change.contact, {}).setdefault(change.purpose, {})
        if decided.get(change.at) is not Decision.WITHDRAWN:
            decided[change.at] = change.decision

    def node(self, change: NodeChange) -> None:
        """Take in a thing, an account, or a place in a tree."""
        self.properties.setdefault((change.label, change.key), {}).update(change.properties)
        if change.places is not None:
            self.places[change.label, change.key] = change.places

    def _exists(self, key: str, since: int) -> None:
        self.since[key] = min(since, self.since.get(key, since))

    def subject(self, key: str) -> Subject:
        """Return a contact as conditions see it, in the world of all others."""
        if key not in self.seen:
            self.seen[key] = self._subject(key)
        return self.seen[key]

    def contacts_of(self, account: str) -> list[Subject]:
        """Return all contacts of an account."""
        return [self.subject(key) for key, accounts in self.accounts.items() if account in accounts]

    def audience_of(self, thing: Thing) -> list[Subject]:
        """Return all contacts with an event about a thing."""
        about = (thing.kind, thing.key)
        keys = {who for (who, _), event in self.events.items() if event.thing == about}
        return [self.subject(key) for key in sorted(keys)]

    def parents(self, label: str) -> dict[str, str | None]:
        """Return each topic or category with what it is part of."""
        filed = {"Topic": "Content", "Category": "Product"}[label]
        keys = {key for its, key in self.properties if its == label}
        for (its, _), places in self.places.items():
            keys |= set(places) if its in {label, filed} else set()
        return {key: next(iter(self.places.get((label, key), ())), None) for key in keys}

    def definition(self, segment: str) -> Condition:
        """Return the current definition of a saved segment."""
        return self.segments[segment]

    def _subject(self, key: str) -> Subject:
        told = self.traits.get(key, {})
        return Subject(
            key=key,
            since=self.since[key],
            history=History(
                tuple(self._seen(each) for (who, _), each in self.events.items() if who == key)
            ),
            traits={
                name: tuple(Telling(at, value) for at, value in sorted(tellings.items()))
                for name, tellings in told.items()
            },
            accounts=tuple(
                Account(each, self._own("Account", each)) for each in self.accounts.get(key, ())
            ),
            consents={
                purpose: tuple(Decided(at, decision) for at, decision in sorted(decided.items()))
                for purpose, decided in self.consents.get(key, {}).items()
            },
            world=self,
        )

    def _seen(self, event: NewEvent) -> Event:
        kind, key = event.thing
        topics = self._above("Topic", self.places.get((kind, key), ()))
        categories = self._above("Category", self.places.get((kind, key), ()))
        thing = Thing(
            kind,
            key,
            self._own(kind, key),
            frozenset(topics if kind is ThingKind.CONTENT else ()),
            frozenset(categories if kind is ThingKind.PRODUCT else ()),
        )
        return Event(
            event.id, event.name, event.at, thing, event.properties, event.source, event.purpose
        )

    def _own(self, label: str, key: str) -> dict[str, Stored]:
        told = self.properties.get((label, key), {})
        return {name: value for name, value in told.items() if value is not None}

    def _above(self, tree: str, places: Iterable[str]) -> Iterator[str]:
        for place in places:
            yield place
            yield from self._above(tree, self.places.get((tree, place), ()))
