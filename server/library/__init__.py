"""The library of ready segments: definitions with parameters, by their key."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TypeAlias, cast

from graph.errors import BadInput

Value: TypeAlias = str | int | float


@dataclass(frozen=True, slots=True)
class Ready:
    """A segment that is ready to use: `$name` in its definition stands for a parameter."""

    key: str
    name: str
    description: str
    where: Mapping[str, object]
    parameters: Mapping[str, Value]

    def definition(self, given: Mapping[str, Value] | None = None) -> Mapping[str, object]:
        """Return its definition with the values given, and the defaults of the others.

        Raises:
            BadInput: it has no such parameter, or one of another type.
        """
        checked = {name: self._checked(name, value) for name, value in (given or {}).items()}
        values = {**self.parameters, **checked}
        return cast("Mapping[str, object]", _filled(self.where, values))

    def read(self, texts: Mapping[str, str]) -> Mapping[str, Value]:
        """Return values that were written as texts, each of the type of its default.

        Raises:
            BadInput: it has no such parameter, or the text is none of its type.
        """
        return {name: self._read(name, text) for name, text in texts.items()}

    def _read(self, name: str, text: str) -> Value:
        default = self._default(name)
        try:
            return type(default)(text)
        except ValueError:
            raise self._wrong(name, text) from None

    def _checked(self, name: str, value: Value) -> Value:
        default = self._default(name)
        if isinstance(default, float) and type(value) is int:
            return float(value)
        if type(value) is not type(default):
            raise self._wrong(name, value)
        return value

    def _default(self, name: str) -> Value:
        if name not in self.parameters:
            there = ", ".join(self.parameters)
            raise BadInput(f"{self.key} has no parameter {name!r}; it has: {there}", name)
        return self.parameters[name]

    def _wrong(self, name: str, value: Value) -> BadInput:
        kind = _KINDS[type(self.parameters[name])]
        return BadInput(f"{name} of {self.key} is {value!r}; it must be {kind}", name)


_KINDS: Mapping[type[Value], str] = {str: "a text", int: "a whole number", float: "a number"}


@cache
def library() -> Mapping[str, Ready]:
    """Return all ready segments by their key."""
    text = (files("server.library") / "segments.toml").read_text("utf-8")
    return {key: Ready(key=key, **entry) for key, entry in tomllib.loads(text).items()}


def ready(key: str) -> Ready:
    """Return a ready segment.

    Raises:
        BadInput: there is none of this key.
    """
    if key not in library():
        raise BadInput(f"No ready segment is called {key!r}; there are: {', '.join(library())}")
    return library()[key]


def _filled(value: object, values: Mapping[str, Value]) -> object:
    match value:
        case dict():
            fields = cast("dict[str, object]", value)
            return {name: _filled(inner, values) for name, inner in fields.items()}
        case list():
            return [_filled(inner, values) for inner in cast("list[object]", value)]
        case str() if value.startswith("$"):
            return values[value[1:]]
        case _:
            return value
