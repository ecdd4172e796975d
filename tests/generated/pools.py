"""The names and values that generated worlds and definitions share, so that they meet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

EVENTS: Final = (
    "Page Viewed",
    "Content Clicked",
    "Email Opened",
    "Feature Used",
    "Order Completed",
    "Product Purchased",
    "page-viewed",
    "`) DETACH DELETE n //",
    "__proto__",
    "дело №1",
)
"""Kinds that happen; two make one relationship type, one has no letter that a type may have."""
NEVER: Final = "It Never Happened"

PROPERTIES: Final = ("amount", "tags", "id", "at", "source", "`x`", "$t", "value", "key")
TRAITS: Final = ("plan", "score", "tags", "birthday", "at", "e", "`) //", "constructor")

CONTENTS: Final = ("c1", "c2", "c3", "c4", "/`'$", "c6")
PRODUCTS: Final = ("p1", "p2", "p3", "c1")
OTHERS: Final = ("c1", "x", "$keys")
SOURCES: Final = ("api", "shop", "c1")
KINDS: Final = ("page", "case-study")
TOPICS: Final = ("t0", "t1", "t2", "t3", "t4", "$topic")
CATEGORIES: Final = ("t0", "k1", "k2", "k3")
ACCOUNTS: Final = ("acme", "zeta", "a'b")
PURPOSES: Final = ("email", "`'$t")
UNKNOWN: Final = "nowhere"

SEGMENTS: Final[Mapping[str, object]] = {
    "viewers": {"did": {"event": "Page Viewed", "within": {"last": "P7D"}}},
    "silent": {"not": {"did": {"within": {"ofFirst": {"event": "Email Opened", "within": "P1D"}}}}},
    "`'$t": {
        "any": [
            {"segment": {"key": "viewers", "at": "2024-03-10T07:00:00Z"}},
            {"trait": {"name": "birthday", "is": {"anniversaryInNext": "P30D"}}},
        ]
    },
}
"""Saved definitions, one of which uses another."""

ZONES: Final = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kathmandu",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
    "Africa/Casablanca",
    "EST",
)

NUMBERS: Final[tuple[object, ...]] = (
    0,
    1,
    -1,
    2,
    3,
    1.0,
    0.5,
    -0.0,
    0.1,
    2**53,
    2**53 + 1,
    float(2**53),
    2**63 - 1,
    -(2**63),
    float(2**63),
    1e308,
    5e-324,
)
TEXTS: Final[tuple[str, ...]] = (
    "",
    "a",
    "A",
    "pro",
    "Pro",
    "free",
    "ab",
    "a\nb",
    "Straße",
    "STRASSE",
    "İ",
    "i",
    "ΑΣ",
    "ας",
    "\U0001f600",
    "\uffff",
    "\0",
    "1",
    "true",
    "2023-02-29",
    "2024-03-10T24:00:00Z",
    "' OR 1=1 //",
    "$value",
)
INSTANTS: Final[tuple[str, ...]] = (
    "2024-02-29T00:00:00Z",
    "2024-02-28T23:59:59.999Z",
    "2024-03-10T06:59:59.999Z",
    "2024-03-10T07:00:00Z",
    "2024-03-10T12:00:00+02:00",
    "2024-03-30T23:00:00Z",
    "2024-03-31T00:00:00Z",
    "2024-03-31T01:00:00.001Z",
    "2024-04-01T00:00:00Z",
    "2023-12-31T23:59:59.999Z",
    "2024-01-01T00:00:00Z",
    "1969-12-31T23:59:59.999Z",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999Z",
)
DATES: Final[tuple[str, ...]] = (
    "2024-02-29",
    "2024-03-10",
    "2024-03-31",
    "2024-04-01",
    "2024-01-01",
    "2023-02-28",
    "1988-02-29",
    "1990-03-31",
    "1990-12-31",
    "0001-01-01",
    "9999-12-31",
)
BOOLEANS: Final[tuple[object, ...]] = (True, False)
OF_ONE_TYPE: Final = (NUMBERS, TEXTS, INSTANTS, DATES, BOOLEANS)
"""The pools of values that a list may hold together."""

DURATIONS: Final = ("P1D", "PT1H", "P7D", "PT0.001S", "P14D", "P30D", "PT36H", "P366D", "P36525D")
DAYS: Final = ("P1D", "P7D", "P30D", "P365D", "P366D", "P36525D")
PATTERNS: Final = (
    "a.*",
    ".*",
    "[a-z]+",
    r"\d+|pro",
    "(?:a|b)*",
    "",
    r".\n?b?",
    "[^a]+",
    r"\S{2,4}?",
)
