"""Segments that make sense on the Complete Journey, in the shape of the GraphQL inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from server.demo.complete_journey import PURCHASED, RECEIVED, REDEEMED, ZONE

Json: TypeAlias = "str | int | float | bool | Sequence[Json] | Mapping[str, Json]"
Fields: TypeAlias = Mapping[str, Json]

_LAST_30_DAYS: Final[Fields] = {"last": "P30D"}
_LAST_60_DAYS: Final[Fields] = {"last": "P60D"}
_LAST_90_DAYS: Final[Fields] = {"last": "P90D"}
_LAST_180_DAYS: Final[Fields] = {"last": "P180D"}
_LAST_QUARTER: Final[Fields] = {
    "calendar": {"unit": "QUARTER", "count": 1, "zone": ZONE, "current": False}
}

_FROZEN: Final = (
    "GROCERY/FROZEN BREAD/DOUGH",
    "GROCERY/FROZEN CHICKEN",
    "GROCERY/FROZEN PIE/DESSERTS",
    "GROCERY/FROZEN PIZZA",
    "GROCERY/FRZN BREAKFAST FOODS",
    "GROCERY/FRZN FRUITS",
    "GROCERY/FRZN MEAT/MEAT DINNERS",
    "GROCERY/FRZN POTATOES",
    "GROCERY/FRZN SEAFOOD",
    "GROCERY/FRZN VEGETABLE/VEG DSH",
)
_BABY: Final = (
    "DRUG GM/BABY FOODS",
    "DRUG GM/BABY HBC",
    "DRUG GM/DIAPERS & DISPOSABLES",
    "DRUG GM/INFANT CARE PRODUCTS",
    "DRUG GM/INFANT FORMULA",
)
_WINE: Final = ("GROCERY/DOMESTIC WINE", "GROCERY/IMPORTED WINE", "GROCERY/MISC WINE")
_FROM_100K: Final = ("100-124K", "125-149K", "150-174K", "175-199K", "200-249K", "250K+")


@dataclass(frozen=True, slots=True)
class DemoSegment:
    """A segment to save: its fields are those of `SegmentInput`."""

    key: str
    name: str
    description: str
    where: Fields

    def line(self) -> dict[str, object]:
        """Return the line of an import that saves it."""
        return {
            "type": "segment",
            "key": self.key,
            "name": self.name,
            "description": self.description,
            "where": self.where,
        }


def _did(event: str, **more: Json) -> Fields:
    return {"did": {"event": event, **more}}


def _bought(category: str, within: Fields, **more: Json) -> Fields:
    about = {"product": {"category": category}}
    return _did(PURCHASED, about=about, within=within, **more)


def _never(condition: Fields) -> Fields:
    return {"not": condition}


def _campaign_type(kind: str) -> Json:
    return [{"property": "campaign_type", "is": {"eq": kind}}]


SEGMENTS: Final = (
    DemoSegment(
        "beef-without-frozen",
        "Fresh cooks",
        "Bought beef in the last 30 days, and nothing frozen.",
        {
            "all": [
                _bought("MEAT/BEEF", _LAST_30_DAYS),
                _never({"any": [_bought(category, _LAST_30_DAYS) for category in _FROZEN]}),
            ]
        },
    ),
    DemoSegment(
        "lapsed",
        "Lapsed households",
        "Bought before, but nothing for 60 days.",
        {"all": [_did(PURCHASED), _never(_did(PURCHASED, within=_LAST_60_DAYS))]},
    ),
    DemoSegment(
        "slipping-away",
        "Slipping away",
        "Shopped on at least 4 days between 90 and 30 days ago, and not since.",
        {
            "all": [
                _did(
                    PURCHASED,
                    within={"between": {"from": "P90D", "to": "P30D"}},
                    distinct={"day": ZONE},
                    atLeast=4,
                ),
                _did(PURCHASED, within=_LAST_30_DAYS, exactly=0),
            ]
        },
    ),
    DemoSegment(
        "coupon-users",
        "Coupon users",
        "Redeemed at least 2 coupons in the last 90 days.",
        _did(REDEEMED, within=_LAST_90_DAYS, atLeast=2),
    ),
    DemoSegment(
        "mailed-in-vain",
        "Mailed in vain",
        "Got a campaign of type A in the last 90 days and redeemed no coupon in them.",
        {
            "all": [
                _did(RECEIVED, where=_campaign_type("Type A"), within=_LAST_90_DAYS),
                _never(_did(REDEEMED, within=_LAST_90_DAYS)),
            ]
        },
    ),
    DemoSegment(
        "autumn-campaign",
        "Won by the autumn campaign",
        "Redeemed at least 3 different coupons of campaign 18.",
        _did(
            REDEEMED,
            about={"campaign": {"keys": ["18"]}},
            distinct={"property": "coupon_upc"},
            atLeast=3,
        ),
    ),
    DemoSegment(
        "young-families",
        "Families with a baby",
        "Have children, and made at least 5 purchases of one kind of baby product in 180 days.",
        {
            "all": [
                {"trait": {"name": "kids_count", "is": {"gte": 1}}},
                {"any": [_bought(category, _LAST_180_DAYS, atLeast=5) for category in _BABY]},
            ]
        },
    ),
    DemoSegment(
        "produce-explorers",
        "Explorers of the produce department",
        "Bought at least 20 different fruits and vegetables in the last 90 days.",
        _bought("PRODUCE", _LAST_90_DAYS, distinct={"thing": True}, atLeast=20),
    ),
    DemoSegment(
        "regulars",
        "Regulars",
        "Shopped on at least 8 different days of the last 30.",
        _did(PURCHASED, within=_LAST_30_DAYS, distinct={"day": ZONE}, atLeast=8),
    ),
    DemoSegment(
        "wine-cellar",
        "Wine cellar",
        "Earn 100,000 or more, and bought wine in the last whole quarter.",
        {
            "all": [
                {"trait": {"name": "income", "is": {"in": list(_FROM_100K)}}},
                {"any": [_bought(category, _LAST_QUARTER) for category in _WINE]},
            ]
        },
    ),
    DemoSegment(
        "own-brand",
        "Friends of the own brand",
        "Bought at least 50 times of the store's own brand in the last 90 days.",
        _did(
            PURCHASED,
            about={"product": {"where": [{"property": "brand", "is": {"eq": "Private"}}]}},
            within=_LAST_90_DAYS,
            atLeast=50,
        ),
    ),
    DemoSegment(
        "unknown-big-tickets",
        "Unknown with big tickets",
        "Of unknown age, and bought at least 2 lines of 20 or more in the last 30 days.",
        {
            "all": [
                {"trait": {"name": "age", "is": {"exists": False}}},
                _did(
                    PURCHASED,
                    where=[{"property": "sales_value", "is": {"gte": 20}}],
                    within=_LAST_30_DAYS,
                    atLeast=2,
                ),
            ]
        },
    ),
)
