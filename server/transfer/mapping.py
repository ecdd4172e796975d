"""Which column of a table becomes which field of a line."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from graph.errors import BadInput
from server.transfer.cells import Reading
from server.transfer.failures import WrongOption
from server.transfer.rows import REQUIRED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence


_ABOUT = ("content", "product", "feature", "ticket", "search", "campaign")

FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "event": (
        *("id", "contact", "event", "at", "source", "purpose"),
        *(f"about.{thing}" for thing in _ABOUT),
    ),
    "contact": ("key", "at", "createdAt", "accounts"),
    "account": ("key",),
    "content": ("key", "kind", "title", "url", "topics"),
    "product": ("key", "name", "category"),
    "topic": ("key", "name", "parent"),
    "category": ("key", "name", "parent"),
    "consent": ("contact", "purpose", "state", "at"),
}

# Where the columns go that are named as no field.
_FREE: Final[Mapping[str, str]] = {
    "event": "properties",
    "content": "properties",
    "product": "properties",
    "contact": "traits",
    "account": "traits",
}
_INSTANTS = frozenset({"at", "createdAt"})
_LISTS = frozenset({"accounts", "topics"})

_Read: TypeAlias = "Callable[[object], object]"


@dataclass(frozen=True, slots=True)
class Column:
    """A column and the field it becomes; without one it is left out."""

    name: str
    field: str


@dataclass(frozen=True, slots=True)
class _Cell:
    index: int
    outer: str
    inner: str
    read: _Read


@dataclass(frozen=True, slots=True)
class Mapped:
    """The columns of a table in their order, and how a row of cells becomes a line."""

    columns: tuple[Column, ...]
    cells: tuple[_Cell, ...]

    def line(self, row: Sequence[object]) -> dict[str, object]:
        """Return the line that a row of cells tells.

        Raises:
            BadInput: a cell has no value that can be told; its path leads to the field.
        """
        flat: dict[str, object] = {}
        nested: dict[str, dict[str, object]] = {}
        for cell in self.cells:
            raw = row[cell.index]
            if raw is None or raw == "":
                continue
            try:
                value = cell.read(raw)
            except (BadInput, ValueError) as wrong:
                raise BadInput(str(wrong), *filter(None, (cell.outer, cell.inner))) from wrong
            if value is None:
                continue
            if cell.inner:
                nested.setdefault(cell.outer, {})[cell.inner] = value
            else:
                flat[cell.outer] = value
        return flat | nested


@dataclass(frozen=True, slots=True)
class Wish:
    """What was said of the columns: the type of the rows, fields by column, the constant event."""

    kind: str
    fields: tuple[tuple[str, str], ...]
    event: str | None
    reading: Reading


def pairs(said: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return the columns and fields of `--map column=field` options.

    Raises:
        WrongOption: one is no such pair, or a column is mapped twice.
    """
    found: dict[str, str] = {}
    for each in said:
        column, equals, field = each.rpartition("=")
        if not equals or not column:
            raise WrongOption(
                f"--map is '{each}'; it must be COLUMN=FIELD, or COLUMN= to leave a column out"
            )
        if column in found:
            raise WrongOption(f"--map names the column '{column}' twice")
        found[column] = field.strip()
    return tuple(found.items())


def mapped(name: str, header: Sequence[str], wish: Wish) -> Mapped:
    """Return what becomes of a table's columns.

    Raises:
        WrongOption: a column or a field is not there, is given twice, or is missing.
    """
    _check_header(name, header)
    said = dict(wish.fields)
    for column in said:
        if column not in header:
            there = _near(column, header)
            raise WrongOption(
                f"--map names the column '{column}', which {name} does not have{there}"
            )
    columns = tuple(Column(each, _field(name, each, said.get(each), wish.kind)) for each in header)
    _check_fields(name, columns, wish)
    cells = tuple(
        _cell(index, column.field, wish.reading)
        for index, column in enumerate(columns)
        if column.field
    )
    return Mapped(columns, cells)


def _check_header(name: str, header: Sequence[str]) -> None:
    if not all(header):
        at = next(index for index, column in enumerate(header, 1) if not column)
        raise WrongOption(
            f"{name} has a column without a name, number {at}: its first line names all"
        )
    twice = next((each for each in header if header.count(each) > 1), None)
    if twice:
        raise WrongOption(f"{name} has two columns named '{twice}'; rename one")


def _field(name: str, column: str, said: str | None, kind: str) -> str:
    free = _FREE.get(kind)
    if said is None:
        if column in FIELDS[kind] or _is_free(column, free):
            return column
        if free is None:
            known = ", ".join(FIELDS[kind])
            raise WrongOption(
                f"{name} has a column '{column}', which is no field of type {kind}: there are "
                f"{known}; --map '{column}=FIELD' names one, --map '{column}=' leaves it out"
            )
        return f"{free}.{column}"
    if said and said not in FIELDS[kind] and not _is_free(said, free):
        known = (*FIELDS[kind], *([f"{free}.NAME"] if free else []))
        raise WrongOption(
            f"--map '{column}={said}': {said} is no field of type {kind}{_near(said, known)}"
        )
    return said


def _is_free(field: str, free: str | None) -> bool:
    return free is not None and field.startswith(f"{free}.") and field != f"{free}."


def _check_fields(name: str, columns: Sequence[Column], wish: Wish) -> None:
    fields = [column.field for column in columns if column.field]
    twice = next((each for each in fields if fields.count(each) > 1), None)
    if twice:
        both = " and ".join(f"'{each.name}'" for each in columns if each.field == twice)
        raise WrongOption(f"{name}: the columns {both} both become {twice}; --map one elsewhere")
    given = {*fields, *(["event"] if wish.event else [])}
    for field in REQUIRED[wish.kind]:
        if field not in given:
            way = ', or give --event "NAME" for all rows' if field == "event" else ""
            there = ", ".join(column.name for column in columns)
            raise WrongOption(
                f"{name} has no column for `{field}`, which type {wish.kind} must have: name one "
                f"with --map COLUMN={field}{way}; the columns are {there}"
            )


def _cell(index: int, field: str, reading: Reading) -> _Cell:
    outer, _, inner = field.partition(".")
    if inner:
        return _Cell(index, outer, inner, reading.name if outer == "about" else reading.free)
    if outer in _INSTANTS:
        return _Cell(index, outer, "", reading.instant)
    return _Cell(index, outer, "", reading.names if outer in _LISTS else reading.name)


def _near(name: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f"; did you mean {near[0]}?" if near else f"; there are {', '.join(known)}"
