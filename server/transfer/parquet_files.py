"""Parquet files, read by pyarrow where it is installed."""

from __future__ import annotations

import importlib
from typing import IO, TYPE_CHECKING, Any, Final, Protocol, cast

from server.transfer import tables
from server.transfer.cells import Beyond
from server.transfer.failures import BrokenFile, WrongOption
from server.transfer.mapping import Mapped, Wish, mapped
from server.transfer.source import StreamBroken
from server.transfer.tables import Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from server.transfer.rows import Checker, Item
    from server.transfer.source import Source

_ROWS: Final = 5000


class _Scalar(Protocol):
    type: Any

    def as_py(self) -> object: ...


class _Column(Protocol):
    type: Any

    def cast(self, target_type: object, *, safe: bool) -> _Column: ...
    def to_pylist(self) -> list[object]: ...
    def __iter__(self) -> Iterator[_Scalar]: ...


class _Batch(Protocol):
    columns: Sequence[_Column]


def table(opened: Source, blocks: Iterator[bytes], wish: Wish, check: Checker) -> Table:
    """Read a Parquet file; one that is packed or comes by standard input is copied first.

    Raises:
        BrokenFile: it is no Parquet file, or a damaged one.
        WrongOption: its columns do not fit, or pyarrow is not installed.
    """
    try:
        parquet = importlib.import_module("pyarrow.parquet")
    except ModuleNotFoundError as missing:
        raise WrongOption(
            f"{opened.name} is a Parquet file, which needs pyarrow: pip install 'segraph[parquet]'"
        ) from missing
    whole = opened.path if opened.plain else _whole(opened, blocks)
    try:
        file = opened.held.enter_context(parquet.ParquetFile(whole))
        header, rows = cast("list[str]", file.schema_arrow.names), int(file.metadata.num_rows)
    except (OSError, ValueError) as broken:
        raise BrokenFile(f"{opened.name} is not a whole Parquet file: {broken}") from broken
    plan = mapped(opened.name, header, wish)
    batches = cast("Iterator[_Batch]", file.iter_batches(batch_size=_ROWS))
    return Table(plan, _items(opened.name, batches, plan, check), rows)


def _whole(opened: Source, blocks: Iterator[bytes]) -> IO[bytes]:
    try:
        return opened.copy(blocks)
    except StreamBroken as broken:
        raise BrokenFile(f"{opened.name} cannot be read: {broken}") from broken


def _items(name: str, batches: Iterator[_Batch], plan: Mapped, check: Checker) -> Iterator[Item]:
    line = 0
    try:
        for batch in batches:
            columns = [_values(column) for column in batch.columns]
            for row in zip(*columns, strict=True):
                line += 1
                item = tables.item(line, row, plan, check)
                if item is not None:
                    yield item
    except (OSError, ValueError) as broken:
        raise BrokenFile(f"{name} is damaged after row {line}: {broken}") from broken


def _values(column: _Column) -> list[object]:
    arrow = importlib.import_module("pyarrow")
    kind = column.type
    if arrow.types.is_timestamp(kind):
        # Nanoseconds have no Python value, and not every zone is known here; an instant needs none.
        unit = "us" if kind.unit == "ns" else kind.unit
        column = column.cast(arrow.timestamp(unit, tz=kind.tz and "UTC"), safe=False)
    try:
        return column.to_pylist()
    except OverflowError:
        return [_value(scalar) for scalar in column]


def _value(scalar: _Scalar) -> object:
    try:
        return scalar.as_py()
    except OverflowError:
        number = getattr(scalar, "value", None)
        said = f"{number} " if isinstance(number, int) else "A value "
        return Beyond(f"{said}of type {scalar.type}")
