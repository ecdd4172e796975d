"""Parquet files: the values of their columns, packed or not, and what is none."""

from __future__ import annotations

import datetime as dt
import gzip
import sys
from decimal import Decimal
from importlib import import_module
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from server.transfer.failures import BrokenFile, WrongOption
from server.transfer.reading import Options, read
from server.transfer.rows import Rejection, Row
from server.transfer.source import opened

if TYPE_CHECKING:
    from pathlib import Path

arrow: Any = import_module("pyarrow")
parquet: Any = import_module("pyarrow.parquet")

WHEN = dt.datetime(2026, 11, 1, 10, tzinfo=dt.UTC)


def test_values_keep_their_types(tmp_path: Path) -> None:
    """Numbers, booleans, instants, dates and lists come as they are; null is absent."""
    columns = {
        "contact": arrow.array([1, 2], arrow.int64()),
        "at": arrow.array([WHEN, WHEN], arrow.timestamp("ns", tz="Europe/Berlin")),
        "price": arrow.array([1.5, None]),
        "cost": arrow.array([Decimal("2.50"), Decimal("3.00")]),
        "gift": arrow.array([True, False]),
        "day": arrow.array([dt.date(2026, 11, 1), None]),
        "tags": arrow.array([["a", "b"], []]),
        "label": arrow.array(["5", "6"]).dictionary_encode(),
        "about.product": arrow.array([7, 8]),
    }
    parquet.write_table(arrow.table(columns), tmp_path / "x.parquet")

    with opened(str(tmp_path / "x.parquet")) as source:
        lines = read(source, Options(event="Bought"), 0)
        first, second = [msgspec.json.decode(item.data) for item in lines.items]

    assert lines.rows == 2
    assert (first.pop("id"), second.pop("id")) != (None, None)
    assert first == {
        "contact": "1",
        "at": "2026-11-01T10:00:00.000Z",
        "about": {"product": "7"},
        "event": "Bought",
        "properties": {
            "price": 1.5,
            "cost": 2.5,
            "gift": True,
            "day": "2026-11-01",
            "tags": ["a", "b"],
            "label": 5,
        },
    }
    assert second["properties"] == {"cost": 3, "gift": False, "tags": [], "label": 6}


def test_an_instant_without_zone_needs_one(tmp_path: Path) -> None:
    """A timestamp without a zone is in the one that is said, and else rejected."""
    told = arrow.table({"key": ["a"], "at": arrow.array([WHEN], arrow.timestamp("us"))})
    parquet.write_table(told, tmp_path / "x.parquet")

    with opened(str(tmp_path / "x.parquet")) as source:
        (refused,) = read(source, Options("contact"), 0).items
    with opened(str(tmp_path / "x.parquet")) as source:
        (row,) = read(source, Options("contact", zone="Europe/Berlin"), 0).items

    assert isinstance(refused, Rejection)
    assert (refused.line, refused.path) == (1, ("at",))
    assert isinstance(row, Row)
    assert msgspec.json.decode(row.data)["at"] == "2026-11-01T09:00:00.000Z"


FAR = {
    "a zone": (10**17, arrow.int64(), arrow.timestamp("ms", tz="UTC"), "timestamp[ms, tz=UTC]"),
    "milliseconds": (-(10**17), arrow.int64(), arrow.timestamp("ms"), "timestamp[ms]"),
    "microseconds": (2**62, arrow.int64(), arrow.timestamp("us"), "timestamp[us]"),
    "days": (2**31 - 1, arrow.int32(), arrow.date32(), "date32[day]"),
}


@pytest.mark.parametrize(("number", "stored", "kind", "said"), FAR.values(), ids=FAR)
@pytest.mark.parametrize("field", ["at", "properties.due"])
def test_a_row_beyond_the_calendar_is_rejected(
    tmp_path: Path, number: int, stored: object, kind: object, said: str, field: str
) -> None:
    """Its neighbours are taken; the message has the number as the file has it."""
    instants = arrow.array([0, number, 0], stored).cast(kind)
    told = arrow.table({"contact": ["a", "b", "c"], field: instants})
    parquet.write_table(told, tmp_path / "x.parquet")

    with opened(str(tmp_path / "x.parquet")) as source:
        items = list(read(source, Options(event="Seen", zone="UTC"), 0).items)

    first, refused, last = items
    assert isinstance(first, Row)
    assert isinstance(last, Row)
    assert isinstance(refused, Rejection)
    assert (refused.line, refused.path) == (2, tuple(field.split(".")))
    assert refused.message == (
        f"{number} of type {said} is beyond the calendar: instants and dates are of the years 1 "
        "to 9999"
    )


def test_a_zone_that_is_not_known_here_is_of_no_matter(tmp_path: Path) -> None:
    """An instant is an instant in every zone."""
    instants = arrow.array([WHEN], arrow.timestamp("us", tz="Mars/Phobos"))
    parquet.write_table(arrow.table({"key": ["a"], "at": instants}), tmp_path / "x.parquet")

    with opened(str(tmp_path / "x.parquet")) as source:
        (row,) = read(source, Options("contact"), 0).items

    assert isinstance(row, Row)
    assert msgspec.json.decode(row.data)["at"] == "2026-11-01T10:00:00.000Z"


def test_a_packed_file_is_read(tmp_path: Path) -> None:
    """A Parquet file may be packed once more."""
    parquet.write_table(arrow.table({"key": ["a", "b"]}), tmp_path / "x.parquet")
    packed = tmp_path / "y.gz"
    packed.write_bytes(gzip.compress((tmp_path / "x.parquet").read_bytes()))

    with opened(str(packed)) as source:
        assert [item.line for item in read(source, Options("contact"), 0).items] == [1, 2]


@pytest.mark.parametrize("name", ["x.parquet", "x.parquet.gz"])
def test_a_cut_file_is_refused(tmp_path: Path, name: str) -> None:
    """What a Parquet file holds stands at its end; without it nothing can be read."""
    parquet.write_table(arrow.table({"key": ["a", "b"]}), tmp_path / "whole")
    whole = (tmp_path / "whole").read_bytes()
    if name.endswith(".gz"):
        whole = gzip.compress(whole)
    path = tmp_path / name
    path.write_bytes(whole[:-20])

    with opened(str(path)) as source, pytest.raises(BrokenFile) as refused:
        read(source, Options("contact"), 0)

    assert refused.value.message.startswith(str(path))


def test_without_pyarrow_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says what to install."""
    parquet.write_table(arrow.table({"key": ["a"]}), tmp_path / "x.parquet")
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)

    with opened(str(tmp_path / "x.parquet")) as source, pytest.raises(WrongOption) as refused:
        read(source, Options("contact"), 0)

    assert refused.value.message == (
        f"{tmp_path / 'x.parquet'} is a Parquet file, which needs pyarrow: "
        "pip install 'segraph[parquet]'"
    )
