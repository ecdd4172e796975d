"""JSON as a line of an import, or why it is none, in our words."""

from __future__ import annotations

import contextlib
import json
import math
import re
from typing import TYPE_CHECKING, Final, NoReturn, cast, get_args

import msgspec
from msgspec import Struct

from graph import errors, times
from graph.ingest.lines import EventLine, Line, ThingRef

if TYPE_CHECKING:
    from collections.abc import Callable


class Unreadable(errors.BadInput):
    """The line is not of the fields of its type; `key` is the one that it says, if it does."""

    key: str | None = None


class _Named(Struct):
    """What a line is called by, whatever else is wrong with it."""

    type: object = None
    id: object = None
    key: object = None


class _Untagged(EventLine, tag=False, forbid_unknown_fields=True):
    """An event that does not say that it is one."""


_LINE = msgspec.json.Decoder(Line)
_EVENT = msgspec.json.Decoder(_Untagged)
_UNTYPED = "Object missing required field `type`"
_TOO_GREAT = "out of range"
_KINDS: Final[dict[object, type[Struct]]] = {
    each.__struct_config__.tag: each
    for alias in get_args(Line)
    for each in cast("tuple[type[Struct], ...]", get_args(alias) or (alias,))
}


def decode(raw: bytes | memoryview) -> Line:
    """Return the line that JSON means.

    Raises:
        BadInput: it is no JSON, or not of the fields of its type.
    """
    try:
        return _typed(raw)
    except msgspec.ValidationError as error:
        if _TOO_GREAT in str(error):
            return _of_great_numbers(raw)
        raise _unreadable(str(error), msgspec.json.decode, raw) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _no_json(error) from None


def converted(kind: type[Line], fields: object) -> Line | errors.BadInput:
    """Return the line of a kind with these fields, or why there is none."""
    try:
        return msgspec.convert(fields, kind)
    except msgspec.ValidationError as error:
        return _unreadable(str(error), msgspec.convert, fields)


def _typed(raw: bytes | memoryview) -> Line:
    try:
        return _LINE.decode(raw)
    except msgspec.ValidationError as error:
        if str(error) != _UNTYPED:
            raise
    return _EVENT.decode(raw)


def _of_great_numbers(raw: bytes | memoryview) -> Line:
    """Return the line with infinity for what is too great, to be refused at its very place."""
    try:
        fields: dict[str, object] = json.loads(
            bytes(raw), parse_int=_whole, parse_constant=_no_number
        )
        return msgspec.convert({"type": "event", **fields}, cast("type[Line]", Line))
    except msgspec.ValidationError as error:
        raise _unreadable(str(error), msgspec.json.decode, raw) from None
    except (ValueError, RecursionError) as error:
        raise _no_json(error) from None


def _whole(digits: str) -> float:
    try:
        return int(digits)
    except ValueError:  # more digits than Python reads
        return math.inf


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")


def _no_json(error: Exception) -> errors.BadInput:
    return errors.BadInput(f"The line is not JSON: {why_no_json(error)}", code="NOT_JSON")


def why_no_json(error: Exception) -> str:
    """Return why something that was to be JSON is none."""
    match error:
        case RecursionError():
            return "it is nested too deep"
        case UnicodeDecodeError():
            return f"byte {error.start} is not UTF-8"
        case _:
            return str(error)


def _unreadable(message: str, read: Callable[..., _Named], given: object) -> Unreadable:
    """Return why a line is refused, under the key that it has all the same."""
    named = _Named()
    with contextlib.suppress(msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        named = read(given, type=_Named)
    kind = "event" if named.type is None else named.type
    key = named.id if kind == "event" else named.key
    refused = _refused(message, kind)
    refused.key = key if isinstance(key, str) else None
    return refused


_PLACE = re.compile(r"(.*?)(?: - at `\$?(.*)`)?", re.DOTALL)
_SAID = re.compile(
    r"Object contains unknown field `(?P<unknown>.*)`"
    r"|Object missing required field `(?P<missing>.*)`"
    r"|Expected `(?P<wanted>\w+)[^`]*`, got `(?P<got>\w+)`",
    re.DOTALL,
)
_KIND_OF_VALUE: Final = {
    "str": "a text",
    "int": "a whole number",
    "float": "a decimal number",
    "bool": "a boolean",
    "array": "a list",
    "object": "a map of fields",
}
_WRITTEN: Final = {
    "str": "write it in quotes",
    "int": "write it without quotes and decimals",
    "bool": "write true or false, without quotes",
    "array": 'write it as ["one", "two"]',
    "object": 'write it as {"name": "value"}',
}
_INSTANTS: Final = frozenset({"at", "createdAt"})


def _refused(message: str, kind: object) -> Unreadable:
    """Return in our words what msgspec says, at its place."""
    text, place = cast("re.Match[str]", _PLACE.fullmatch(message)).groups()
    path: list[str | int] = [
        int(part) if part.isdecimal() else part
        for part in re.split(r"[.\[\]]+", place or "")
        if part not in {"", "..."}
    ]
    said = _SAID.fullmatch(text)
    if path == ["type"]:
        return Unreadable(f"The type of a line is one of {', '.join(map(str, _KINDS))}", *path)
    if said is None:
        return Unreadable(text, *path)
    if name := said["unknown"]:
        known, what = (ThingRef, "`about`") if path else (_KINDS[kind], f"a line of type {kind}")
        return Unreadable(errors.no_field(name, known.__struct_fields__, what), *path, name)
    if name := said["missing"]:
        return Unreadable(f"`{name}` is missing; a line of type {kind} needs it", name)
    return Unreadable(_mistyped(path, said["wanted"], said["got"]), *path)


def _mistyped(path: list[str | int], wanted: str, got: str) -> str:
    given = _KIND_OF_VALUE.get(got, got)
    if not path:
        return (
            f"A line is a map of fields, not {given}: write it as "
            '{"contact": "ann", "event": "Page Viewed"}'
        )
    where = f"An element of `{path[-2]}`" if isinstance(path[-1], int) else f"`{path[-1]}`"
    way = times.HOW_TO_WRITE_AN_INSTANT if path[-1] in _INSTANTS else _WRITTEN[wanted]
    if got == "null":
        way = "it cannot be left out"
    return f"{where} is {_KIND_OF_VALUE[wanted]}, not {given}: {way}"
