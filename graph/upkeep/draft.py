"""A batch in the making: what it touches as it will be, and what of that must be written.

Rows are folded in one by one in the order they came; nothing here waits or reads.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from graph import errors, times, values
from graph.ingest.consents import ConsentChange
from graph.ingest.contacts import ContactChange
from graph.ingest.events import NewEvent
from graph.ingest.removals import Removal
from graph.ingest.segments import Archiving, SegmentChange
from graph.ingest.things import NodeChange
from graph.subject import Decision, Telling
from graph.upkeep.known import NEVER, KnownContact
from graph.upkeep.load import Doomed, Node, Profile
from graph.upkeep.outcome import Done, Outcome, refused
from graph.upkeep.registry import EventKind, Registry, TraitKind
from graph.upkeep.segments import Segments
from graph.upkeep.trees import Tree
from graph.upkeep.webhooks import Hooks
from graph.values import Stored
from graph.webhooks import WebhookRow

if TYPE_CHECKING:
    from collections.abc import Iterable


Row = (
    NewEvent
    | ContactChange
    | ConsentChange
    | NodeChange
    | SegmentChange
    | Archiving
    | Removal
    | WebhookRow
)

MODULUS: Final = 2**31 - 1
"""The prime of the hash family that `sample` draws by."""

PLACED: Final = {
    "Content": "Topic",
    "Product": "Category",
    "Topic": "Topic",
    "Category": "Category",
}
"""The label of a node's places."""


@dataclass(slots=True)
class Draft:
    """The image of what a batch touches."""

    registry: Registry
    trees: dict[str, Tree]
    most_traits: int
    oldest: int = NEVER
    segments: Segments = field(default_factory=Segments)
    hooks: Hooks = field(default_factory=Hooks)
    contacts: dict[str, KnownContact | None] = field(
        default_factory=dict[str, "KnownContact | None"]
    )
    profiles: dict[str, Profile] = field(default_factory=dict[str, Profile])
    nodes: dict[tuple[str, str], Node] = field(default_factory=dict[tuple[str, str], Node])
    stored: dict[tuple[str, str], NewEvent] = field(default_factory=dict[tuple[str, str], NewEvent])
    doomed: dict[tuple[str, str], Doomed] = field(default_factory=dict[tuple[str, str], "Doomed"])

    new: dict[tuple[str, str], NewEvent] = field(default_factory=dict[tuple[str, str], NewEvent])
    since: dict[str, int] = field(default_factory=dict[str, int])
    traits: dict[str, dict[str, Stored | None]] = field(
        default_factory=dict[str, "dict[str, Stored | None]"]
    )
    told: dict[tuple[str, str, int], tuple[Stored | None, bool]] = field(
        default_factory=dict[tuple[str, str, int], "tuple[Stored | None, bool]"]
    )
    accounts: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    decided: dict[tuple[str, str, int], tuple[Decision, bool]] = field(
        default_factory=dict[tuple[str, str, int], tuple[Decision, bool]]
    )
    changed: dict[tuple[str, str], dict[str, Stored | None]] = field(
        default_factory=dict[tuple[str, str], "dict[str, Stored | None]"]
    )
    placed: dict[tuple[str, str], tuple[str, ...]] = field(
        default_factory=dict[tuple[str, str], tuple[str, ...]]
    )
    kinds: dict[str, EventKind] = field(default_factory=dict[str, EventKind])
    trait_kinds: dict[str, TraitKind] = field(default_factory=dict[str, TraitKind])
    gone: dict[str, dict[str, int]] = field(default_factory=dict[str, "dict[str, int]"])
    removed: dict[Removal, Doomed] = field(default_factory=dict[Removal, "Doomed"])

    @property
    def only_events(self) -> bool:
        """Whether nothing is written but events of contacts that are known."""
        nodes = self.since or self.changed or self.placed or self.removed
        told = self.traits or self.trait_kinds or self.accounts or self.decided
        return not (nodes or told or self.segments.changed or self.hooks.changed)

    @property
    def withdraws(self) -> bool:
        """Whether any contact withdraws a consent."""
        return any(each is Decision.WITHDRAWN for each, _ in self.decided.values())

    def known(self, key: tuple[str, str]) -> bool:
        """Tell whether a node that rows name was there before them."""
        return self.nodes[key].node is not None

    def last_told(self) -> int:
        """Return the latest instant for which any contact was told a trait, with the batch."""
        before = NEVER if self.registry.told is None else self.registry.told
        return max([before, *(at for _, _, at in self.told)])

    def fold(self, row: Row) -> Outcome:
        """Take a row in, or say why not; a row is taken whole or not at all."""
        try:
            return self._folded(row)
        except errors.BadInput as error:
            return refused(error)

    def _folded(self, row: Row) -> Outcome:  # noqa: PLR0911 - one for each sort of row
        match row:
            case NewEvent():
                return self._event(row)
            case ContactChange():
                return self._contact(row)
            case ConsentChange():
                return self._consent(row)
            case NodeChange():
                return self._node(row)
            case SegmentChange() | Archiving():
                return self.segments.fold(row)
            case Removal():
                return self._remove(row)
            case _:
                return self.hooks.fold(row, self.segments.catalogue)

    def _remove(self, row: Removal) -> Outcome:
        """Take out what there is, with its events; the second time there is nothing."""
        gone = self.doomed.pop((row.label, row.key), None)
        if gone is None:
            return Done.UNKNOWN
        for name, number in gone.events.items():
            self.kinds[name] = self._kind(name).less(number)
        for name in gone.traits:
            self._trait_kind(name).contacts -= 1
        self.removed[row] = gone
        return Done.DELETED

    def _event(self, event: NewEvent) -> Outcome:
        priors = [self._prior(each) for each in (event, *event.lines)]
        if any(priors):
            if all(
                prior is not None and _same(prior, each)
                for prior, each in zip(priors, (event, *event.lines), strict=True)
            ):
                return Done.DUPLICATE
            raise errors.BadInput(
                f"The event {errors.shown(event.id)} of this contact is stored with other content: "
                "give another event another id",
                "id",
                code="CONFLICT",
            )
        if event.at < self.oldest:
            raise errors.BadInput(
                f"The event happened at {times.instant_text(event.at)}, and events are kept only "
                f"since {times.instant_text(self.oldest)}: leave it out, or let them be kept for "
                "longer by SEGRAPH_KEEP_EVENTS",
                "at",
                code="TOO_OLD",
            )
        for each in (event, *event.lines):
            self.new[each.contact, each.id] = each
            self._kind(each.name).add(each)
        self._exists(event.contact, event.at)
        return Done.ACCEPTED

    def _prior(self, event: NewEvent) -> NewEvent | None:
        key = (event.contact, event.id)
        return self.new.get(key) or self.stored.get(key)

    def _kind(self, name: str) -> EventKind:
        if name not in self.kinds:
            self.kinds[name] = self.registry.kinds[name].copy()
        return self.kinds[name]

    def _exists(self, key: str, since: int) -> bool:
        """Note that a contact exists from an instant on; tell whether that is news."""
        before = self.since.get(key)
        if before is None:
            known = self.contacts.get(key)
            before = None if known is None else known.since
        if before is None or since < before:
            self.since[key] = since
        return before is None or since < before

    def _contact(self, change: ContactChange) -> Outcome:
        self._check_room(change.traits)
        new = self.contacts.get(change.key) is None and change.key not in self.since
        profile = self.profiles.setdefault(change.key, Profile())
        changed = self._exists(change.key, change.since)
        for name, value in change.traits.items():
            changed |= self._trait(change, profile, name, value)
        if change.accounts is not None and set(change.accounts) != set(profile.accounts):
            profile.accounts = self.accounts[change.key] = change.accounts
            changed = True
        if new:
            return Done.CREATED
        return Done.UPDATED if changed else Done.UNCHANGED

    def _check_room(self, names: Iterable[str]) -> None:
        """Refuse traits of which one is more than there may be."""
        known = (self.registry.traits, self.trait_kinds)
        new = [name for name in names if not any(name in each for each in known)]
        if not new:
            return
        room = max(0, self.most_traits - len(known[0].keys() | known[1].keys()))
        if len(new) > room:
            name = new[room]
            raise errors.BadInput(
                f"{errors.shown(name)} would be one more than the {self.most_traits} traits that "
                "are taken; put what varies into a trait's value, or into properties of events",
                "traits",
                name,
                code="TOO_MANY_TRAITS",
            )

    def _trait(
        self, change: ContactChange, profile: Profile, name: str, value: Stored | None
    ) -> bool:
        """Take in one trait; tell whether any instant has another value for it."""
        tellings = profile.told.get(name, ())
        in_force = next((each for each in reversed(tellings) if each.at <= change.at), None)
        exists = in_force is not None and in_force.at == change.at
        changed = in_force is None or not _equal(in_force.value, value)
        if exists and not changed:
            return False
        kind = self._trait_kind(name)
        kind.add(value)
        kind.contacts -= profile.newest(name) is not None
        profile.tell(name, Telling(change.at, value))
        kind.contacts += profile.newest(name) is not None
        key = (change.key, name, change.at)
        known = self.told.get(key)
        self.told[key] = (value, exists if known is None else known[1])
        self.traits.setdefault(change.key, {})[name] = profile.newest(name)
        return changed and not (in_force is None and value is None)

    def _trait_kind(self, name: str) -> TraitKind:
        if name not in self.trait_kinds:
            known = self.registry.traits.get(name, TraitKind(name))
            self.trait_kinds[name] = TraitKind(name, known.types, known.contacts)
        return self.trait_kinds[name]

    def _consent(self, change: ConsentChange) -> Outcome:
        """Take in a decision; of two at one instant the withdrawal stays."""
        moved = self._exists(change.contact, change.at)
        profile = self.profiles.setdefault(change.contact, Profile())
        decided = profile.consents.setdefault(change.purpose, {})
        in_force = max((at for at in decided if at <= change.at), default=None)
        new, before = not decided, None if in_force is None else decided[in_force]
        again = in_force == change.at
        if not (again and before in {change.decision, Decision.WITHDRAWN}):
            decided[change.at] = change.decision
            key = (change.contact, change.purpose, change.at)
            _, exists = self.decided.get(key, (None, again))
            self.decided[key] = (change.decision, exists)
        if new:
            return Done.CREATED
        return Done.UPDATED if moved or decided.get(change.at) is not before else Done.UNCHANGED

    def _node(self, change: NodeChange) -> Outcome:
        key = (change.label, change.key)
        node = self.nodes.get(key)
        new = node is None
        if node is None:
            node = Node(None, {}, ())
        if change.places is not None and change.label in self.trees:
            with errors.under("parent"):
                self.trees[change.label].move(change.key, next(iter(change.places), None))
        self.nodes[key] = node
        changed = {
            name: value
            for name, value in change.properties.items()
            if not _equal(node.properties.get(name), value)
        }
        for name, value in changed.items():
            if value is None:
                del node.properties[name]
            else:
                node.properties[name] = value
        moved = change.places is not None and set(change.places) != set(node.places)
        if changed or new:
            self.changed.setdefault(key, {}).update(changed)
        if moved and change.places is not None:
            node.places = self.placed[key] = change.places
        if new:
            return Done.CREATED
        return Done.UPDATED if changed or moved else Done.UNCHANGED


def _same(prior: NewEvent, event: NewEvent) -> bool:
    """Tell whether a stored event says all that the sender said of this one."""
    told = event.told
    return (
        prior.name == event.name
        and ("at" not in told or prior.at == event.at)
        and ("about" not in told or prior.thing == event.thing)
        and ("source" not in told or prior.source == event.source)
        and ("purpose" not in told or prior.purpose == event.purpose)
        and ("properties" not in told or _same_properties(prior, event))
    )


def _same_properties(prior: NewEvent, event: NewEvent) -> bool:
    names = prior.properties.keys()
    return names == event.properties.keys() and all(
        _equal(prior.properties[name], event.properties[name]) for name in names
    )


def _equal(left: Stored | None, right: Stored | None) -> bool:
    """Tell whether two values are stored alike: a whole number is not a decimal one."""
    if left is None or right is None:
        return left is right
    return values.type_name(left) == values.type_name(right) and left == right


def sampled(key: str) -> int:
    """Return a contact's place in the hash family of `sample`."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big") % MODULUS
