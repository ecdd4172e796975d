"""Contacts as they come in: traits from an instant on, accounts, the zone checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from graph import errors, times, values
from graph.ingest.events import flat
from graph.values import Stored

if TYPE_CHECKING:
    from graph.ingest.lines import ContactLine

DERIVED: Final = frozenset({"createdAt", "key"})
"""Names that conditions know and nobody may send as a trait."""


@dataclass(frozen=True, slots=True)
class ContactChange:
    """What is told of a contact at an instant: traits, None for those taken back, and accounts."""

    key: str
    at: int
    traits: Mapping[str, Stored | None]
    accounts: tuple[str, ...] | None
    created_at: int | None

    @property
    def since(self) -> int:
        """The earliest instant that this tells of the contact."""
        return self.at if self.created_at is None else min(self.at, self.created_at)


def contact_change(line: ContactLine, now: int, skew: int) -> ContactChange:
    """Return the change that a line tells of; `now` is its arrival, `skew` as of events.

    Raises:
        BadInput: at the path of what is refused.
    """
    return ContactChange(
        key=key_of(line.key, "key"),
        at=now if line.at is None else instant(line.at, "at", now + skew),
        traits=_traits(line.traits or {}),
        accounts=None if line.accounts is None else _accounts(line.accounts),
        created_at=None
        if line.createdAt is None
        else instant(line.createdAt, "createdAt", now + skew),
    )


def key_of(raw: str, *path: str | int) -> str:
    """Return the key of a contact or an account that stands at a path."""
    with errors.under(*path):
        return values.name(raw, "key", values.KEY_LIMIT)


def instant(raw: str, field: str, latest: int) -> int:
    """Return the instant in a field, which lies at most at the latest that is taken."""
    with errors.under(field):
        at = times.read_instant(raw)
    if at > latest:
        raise errors.BadInput(
            f"{raw} is in the future; at most {times.instant_text(latest)} is taken: tell it "
            "when it has come, or mend the clock",
            field,
            code="IN_THE_FUTURE",
        )
    return at


def _accounts(raw: list[str]) -> tuple[str, ...]:
    keys = [key_of(key, "accounts", index) for index, key in enumerate(raw)]
    return tuple(dict.fromkeys(keys))


def _traits(raw: Mapping[str, object]) -> dict[str, Stored | None]:
    with errors.under("traits"):
        location = raw.get("location")
        plain = {name: value for name, value in raw.items() if not _is_point(name, value)}
        traits: dict[str, Stored | None] = {**dict.fromkeys(raw), **flat(plain, "trait")}
        for name in DERIVED & traits.keys():
            raise errors.BadInput(f"{name} is no trait: it is a field of its own", name)
        if _is_point("location", location):
            traits["location"] = _point(location)
        if traits.get("zone") is not None:
            _check_zone(traits["zone"])
    return traits


def _is_point(name: str, value: object) -> bool:
    return name == "location" and isinstance(value, dict)


def _point(raw: object) -> values.Location:
    with errors.under("location"):
        return values.location(raw)


def _check_zone(zone: Stored | None) -> None:
    if not isinstance(zone, str):
        raise errors.BadInput("The zone is a text, an IANA name such as Europe/Berlin", "zone")
    with errors.under("zone"):
        times.read_zone(zone)
