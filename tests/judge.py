"""The corpus: worlds of a few contacts, and of each condition at an instant who must be found."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from graph import times
from graph.conditions import Condition, read

if TYPE_CHECKING:
    from collections.abc import Iterator

    Json = Mapping[str, object]

FOLDER: Final = Path(__file__).parent / "corpus"
LATER: Final = 500 * times.DAY
"""How long after a file's instant its lines arrive, so that they can tell of what comes then."""


@dataclass(frozen=True, slots=True)
class Case:
    """A condition, as JSON, at an instant, and the keys of all who meet it."""

    name: str
    where: Json
    at: int
    members: list[str]

    @property
    def condition(self) -> Condition:
        """The condition, read."""
        return read(self.where)


@dataclass(frozen=True, slots=True)
class World:
    """A file of the corpus: what is told, when that arrives, and the cases judged on it.

    `segments` are the saved definitions that its cases name.
    """

    name: str
    now: int
    lines: Sequence[Json]
    cases: Sequence[Case]
    segments: Mapping[str, Condition]


@cache
def worlds() -> tuple[World, ...]:
    """Return every file of the corpus."""
    return tuple(_world(path) for path in sorted(FOLDER.glob("*.toml")))


def _world(path: Path) -> World:
    told = cast("dict[str, object]", _json(tomllib.loads(path.read_text())))
    at = times.read_instant(str(told["at"]))
    cases = [
        Case(
            f"{path.stem}/{each['id']}",
            cast("Json", each["where"]),
            times.read_instant(str(each.get("at", told["at"]))),
            sorted(cast("list[str]", each["members"])),
        )
        for each in cast("list[Json]", told["case"])
    ]
    lines = [*_places(told), *_nodes(told), *_contacts(told)]
    saved = cast("dict[str, Json]", told.get("segments", {}))
    segments = {key: read(where).canonical() for key, where in saved.items()}
    return World(path.stem, at + LATER, lines, cases, segments)


def _places(told: Json) -> Iterator[Json]:
    """Yield the trees, which stand as `key = "parent"`, roots under an empty one."""
    for field, kind in (("topics", "topic"), ("categories", "category")):
        for key, parent in cast("dict[str, str]", told.get(field, {})).items():
            yield {"type": kind, "key": key} | ({"parent": parent} if parent else {})


def _nodes(told: Json) -> Iterator[Json]:
    """Yield contents, products and accounts, which stand as `key = {…fields of the line}`."""
    for field, kind in (("contents", "content"), ("products", "product"), ("accounts", "account")):
        for key, fields in cast("dict[str, dict[str, object]]", told.get(field, {})).items():
            yield {"type": kind, "key": key, **fields}


def _contacts(told: Json) -> Iterator[Json]:
    """Yield what is told of contacts: lines without their key, at the file's `past` if not given.

    A line with an `event` is one, with a `state` a decision on a purpose, any other tells of
    traits; `gone` names traits taken back.
    """
    for key, given in cast("dict[str, Json | list[Json]]", told["contacts"]).items():
        for line in given if isinstance(given, list) else [given]:
            fields = {"at": told["past"], **line}
            if "event" in fields:
                yield {"contact": key, **fields}
                continue
            if "state" in fields:
                yield {"type": "consent", "contact": key, **fields}
                continue
            traits = {**cast("Json", fields.get("traits", {}))}
            traits |= dict.fromkeys(cast("list[str]", fields.pop("gone", [])))
            yield {"type": "contact", "key": key, **fields, "traits": traits}


def _json(value: object) -> object:
    """Return what TOML says as JSON says it: instants and dates are texts."""
    match value:
        case dict():
            return {key: _json(each) for key, each in cast("Json", value).items()}
        case list():
            return [_json(each) for each in cast("list[object]", value)]
        case dt.date():
            return value.isoformat()
        case _:
            return value
