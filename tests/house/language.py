"""The tables of docs/language.md, written from the dataclasses that are the language.

`python -m tests.house.language` writes them: a table stands between a comment that says what of,
`<!-- fields: did -->`, and `<!-- / -->`. What a condition means is written by hand around them.
"""

from __future__ import annotations

import dataclasses
import re
from enum import StrEnum
from typing import TYPE_CHECKING, Final, cast

from graph import times
from graph.conditions import Comparison, Condition, shape
from graph.conditions import window as windows
from tests.house import tree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from typing_extensions import TypeIs

DOCUMENT: Final = "docs/language.md"
_TABLE = re.compile(r"(<!-- (\w+)(?:: (\w+))? -->\n).*?(<!-- / -->)", re.DOTALL)
_NAMES: Final[dict[object, str]] = {
    str: "String",
    int: "Int",
    float: "Float",
    bool: "Boolean",
    shape.Duration: "Duration",
    shape.Instant: "DateTime",
    shape.Value: "Value",
}


def written(text: str) -> str:
    """Return a document with each table as the language is now."""
    return _TABLE.sub(
        lambda found: f"{found[1]}\n{_table(found[2], found[3])}\n\n{found[4]}",
        text,
    )


def _table(what: str, of: str | None) -> str:
    match what:
        case "fields":
            return _fields(Condition.choices[cast("str", of)])
        case "windows":
            return _choices(windows.Window)
        case "comparisons":
            return _choices(Comparison)
        case "parts":
            named = {shape.outside_name(cls): cls for cls in _reached()}
            return "\n\n".join(_part(name, cls) for name, cls in sorted(named.items()))
        case _:
            raise ValueError(what)


def _fields(cls: type[shape.OneOf]) -> str:
    if not cls.inline:
        return _rows(cls)
    (field,) = shape.fields(cls)
    return f"Directly under the word stands `{_type(field)}`: {field.doc}"


def _rows(cls: type[object]) -> str:
    head = "| field | type | default | what |\n|---|---|---|---|"
    return "\n".join((head, *map(_row, shape.fields(cls))))


def _row(field: shape.Field) -> str:
    return _cells(f"`{field.outside}`", f"`{_type(field)}`", _default(field), field.doc)


def _choices(cls: type[shape.OneOf]) -> str:
    head = "Exactly one of\n\n| word | type | what |\n|---|---|---|"
    rows = (_choice(word, choice) for word, choice in cls.choices.items())
    return "\n".join((head, *rows))


def _choice(word: str, choice: type[shape.OneOf]) -> str:
    inline = shape.fields(choice)[0] if choice.inline else None
    kind = _type(inline) if inline else shape.outside_name(choice)
    return _cells(
        f"`{word}`", f"`{kind.removesuffix('!')}`", " ".join(shape.summary(choice).split())
    )


def _part(name: str, cls: type[object]) -> str:
    body = _choices(cls) if _chooses(cls) else _rows(cls)
    told = "" if _shared(name) else f"{' '.join(shape.summary(cls).split())}\n\n"
    return f"### {name}\n\n{told}{body}"


def _shared(name: str) -> bool:
    """Tell whether several choices have one input, so that the summary of one tells too little."""
    return sum(shape.outside_name(cls) == name for cls in _reached()) > 1


def _chooses(cls: type[object]) -> TypeIs[type[shape.OneOf]]:
    return issubclass(cls, shape.OneOf) and shape.is_choice(cls)


def _cells(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _type(field: shape.Field) -> str:
    name = _NAMES.get(field.hint) or shape.outside_name(cast("type[object]", field.hint))
    needed = "!" if field.default is dataclasses.MISSING else ""
    return f"{f'[{name}!]' if field.listed else name}{needed}"


def _default(field: shape.Field) -> str:
    if field.default is dataclasses.MISSING:
        return "required"
    return "" if field.default is None else f"`{_shown(field)}`"


def _shown(field: shape.Field) -> object:
    match field.default:
        case bool() as flag:
            return str(flag).lower()
        case StrEnum() as member:
            return member.name
        case int() as length if field.hint is shape.Duration:
            return times.duration_text(length)
        case tuple() as several:  # pyright: ignore[reportUnknownVariableType]
            return "`, `".join(map(str, cast("tuple[object, ...]", several)))
        case value:
            return value


def _reached() -> set[type[object]]:
    """Return the inputs that conditions are made of, beside those that have a table elsewhere."""
    found: set[type[object]] = set()
    waiting = [*Condition.choices.values()]
    seen: set[type[object]] = {Condition, *waiting}
    open_: list[type[object]] = [*waiting]
    while open_:
        for cls in _inside(open_.pop()):
            if cls not in seen:
                seen.add(cls)
                open_.append(cls)
                found |= set() if _is_inline(cls) else {cls}
    return found - {windows.Window, Comparison}


def _inside(cls: type[object]) -> Iterator[type[object]]:
    if issubclass(cls, shape.OneOf) and _chooses(cls):
        yield from cls.choices.values()
        return
    for field in shape.fields(cls):
        hint = field.hint
        if isinstance(hint, type) and (
            dataclasses.is_dataclass(hint) or issubclass(hint, shape.OneOf)
        ):
            yield hint


def _is_inline(cls: type[object]) -> bool:
    return issubclass(cls, shape.OneOf) and cls.inline


def main() -> None:
    """Write the tables anew."""
    path = tree.ROOT / DOCUMENT
    path.write_text(written(path.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
