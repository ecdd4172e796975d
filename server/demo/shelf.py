"""What Lumen sells and offers: products in their categories, features, campaigns, searches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from server.demo.chance import ranked


@dataclass(frozen=True, slots=True)
class Product:
    """Something with a price."""

    key: str
    name: str
    category: str
    price: float


# Category, name, parent.
CATEGORIES: Final = (
    ("software", "Software", None),
    ("plans", "Plans", "software"),
    ("add-ons", "Add-ons", "software"),
    ("services", "Services", None),
    ("training", "Training", "services"),
    ("consulting", "Consulting", "services"),
    ("merch", "Merchandise", None),
    ("clothing", "Clothing", "merch"),
    ("shirts", "Shirts", "clothing"),
    ("hoodies", "Hoodies", "clothing"),
    ("drinkware", "Drinkware", "merch"),
    ("stationery", "Stationery", "merch"),
    ("prints", "Art prints", "merch"),
    ("books", "Books", None),
)

PRODUCTS: Final = tuple(
    Product(key, name, category, price)
    for key, name, category, price in (
        ("sticker-pack", "Sticker pack", "stationery", 6.0),
        ("mug-lantern", "Lantern mug", "drinkware", 14.5),
        ("shirt-logo", "Logo shirt", "shirts", 24.0),
        ("add-on-exports", "Scheduled exports", "add-ons", 29.0),
        ("hoodie-night", "Night hoodie", "hoodies", 59.0),
        ("notebook-grid", "Grid notebook", "stationery", 12.0),
        ("plan-pro-month", "Pro, a month", "plans", 49.0),
        ("bottle-steel", "Steel bottle", "drinkware", 22.0),
        ("book-metrics", "Metrics that matter", "books", 34.0),
        ("add-on-alerts", "Alerts", "add-ons", 19.0),
        ("shirt-funnel", "Funnel shirt", "shirts", 26.0),
        ("plan-pro-year", "Pro, a year", "plans", 490.0),
        ("socks-cohort", "Cohort socks", "clothing", 11.0),
        ("cap-lumen", "Lumen cap", "clothing", 18.0),
        ("pen-set", "Pen set", "stationery", 9.5),
        ("mug-enamel", "Enamel mug", "drinkware", 16.0),
        ("training-first-week", "The first week, live", "training", 120.0),
        ("add-on-seats-5", "Five more seats", "add-ons", 45.0),
        ("plan-business-month", "Business, a month", "plans", 149.0),
        ("hoodie-dawn", "Dawn hoodie", "hoodies", 59.0),
        ("shirt-long", "Long-sleeved shirt", "shirts", 32.0),
        ("book-retention", "The retention handbook", "books", 39.0),
        ("calendar-wall", "Wall calendar", "stationery", 17.0),
        ("tumbler", "Travel tumbler", "drinkware", 27.0),
        ("add-on-warehouse", "Warehouse sync", "add-ons", 79.0),
        ("beanie", "Beanie", "clothing", 19.0),
        ("training-dashboards", "Dashboards workshop", "training", 180.0),
        ("jacket-rain", "Rain jacket", "clothing", 95.0),
        ("plan-business-year", "Business, a year", "plans", 1490.0),
        ("carafe", "Glass carafe", "drinkware", 31.0),
        ("audit-tracking", "Tracking audit", "consulting", 950.0),
        ("cards-planning", "Planning cards", "stationery", 21.0),
        ("add-on-sso", "Single sign-on", "add-ons", 99.0),
        ("book-experiments", "Experiments that end", "books", 36.0),
        ("hoodie-kids", "Hoodie for kids", "hoodies", 39.0),
        ("training-admins", "Course for admins", "training", 240.0),
        ("migration", "Guided migration", "consulting", 1900.0),
        ("poster-clock", "Poster of hours", "stationery", 15.0),
        ("shirt-kids", "Shirt for kids", "shirts", 17.0),
        ("print-aurora", "Aurora, numbered print", "prints", 80.0),
        ("print-dusk", "Dusk, numbered print", "prints", 80.0),
        ("print-noon", "Noon, numbered print", "prints", 80.0),
    )
)

# Numbered prints are never come upon by chance: whom they interest is told, not diced.
ON_DISPLAY: Final = ranked([p for p in PRODUCTS if p.category != "prints"])

FEATURES: Final = ranked(
    (
        "dashboards",
        "exports",
        "alerts",
        "funnels",
        "advanced-reporting",
        "cohorts",
        "sharing",
        "query-editor",
        "annotations",
        "api-tokens",
        "mobile-app",
        "audit-log",
    ),
    0.7,
)

SEARCHES: Final = ranked(
    (
        "hoodie",
        "mug",
        "gift card",
        "yearly plan",
        "sso",
        "stickers",
        "warehouse sync",
        "training",
        "t-shirt black",
        "discount code",
        "book",
        "socks",
        "poster",
        "seats",
    )
)

# Campaign and its type; the newsletter's name holds its month.
SALES: Final = ranked(("sales-intro", "sales-follow-up", "sales-last-call"))
NEWS: Final = ranked(
    ("product-alerts", "product-advanced-reporting", "product-exports", "product-mobile-app")
)
