"""The usual names are about what they say, and are named by the usual properties."""

from __future__ import annotations

import pytest

from graph import errors
from graph.ingest import usual
from graph.ingest.events import NewEvent, new_event
from graph.ingest.lines import EventLine
from graph.model import ThingKind

NOW = 1_773_144_000_000
PRODUCT: dict[str, object] = {
    "product_id": "p1",
    "sku": "s1",
    "name": "Shirt",
    "price": 9.5,
    "quantity": 2,
}

ABOUT: dict[str, tuple[ThingKind, dict[str, object], str]] = {
    "Page Viewed": (
        ThingKind.CONTENT,
        {"path": "/pricing", "url": "https://x/pricing"},
        "/pricing",
    ),
    "Content Viewed": (ThingKind.CONTENT, {"content_id": "c1"}, "c1"),
    "Content Clicked": (ThingKind.CONTENT, {"content": "c1"}, "c1"),
    "Content Downloaded": (ThingKind.CONTENT, {"url": "https://x/a.pdf"}, "https://x/a.pdf"),
    "Email Delivered": (ThingKind.CAMPAIGN, {"campaign_id": "m1"}, "m1"),
    "Email Opened": (ThingKind.CAMPAIGN, {"campaign_name": "May", "email_id": "e"}, "May"),
    "Email Link Clicked": (ThingKind.CAMPAIGN, {"email_id": "e1"}, "e1"),
    "Email Bounced": (ThingKind.CAMPAIGN, {"campaign_id": "m1"}, "m1"),
    "Email Marked as Spam": (ThingKind.CAMPAIGN, {"campaign_id": "m1"}, "m1"),
    "Unsubscribed": (ThingKind.CAMPAIGN, {"campaign_id": "m1"}, "m1"),
    "Product Clicked": (ThingKind.PRODUCT, PRODUCT, "p1"),
    "Product Viewed": (ThingKind.PRODUCT, PRODUCT, "p1"),
    "Product Added": (ThingKind.PRODUCT, {"sku": "s1"}, "s1"),
    "Product Removed": (ThingKind.PRODUCT, PRODUCT, "p1"),
    "Product Added to Wishlist": (ThingKind.PRODUCT, PRODUCT, "p1"),
    "Product Removed from Wishlist": (ThingKind.PRODUCT, PRODUCT, "p1"),
    "Product Shared": (ThingKind.PRODUCT, PRODUCT, "p1"),
    "Product Reviewed": (ThingKind.PRODUCT, {"product_id": 7}, "7"),
    "Product Purchased": (ThingKind.PRODUCT, PRODUCT, "p1"),
    "Products Searched": (ThingKind.SEARCH, {"query": "blue shirt"}, "blue shirt"),
    "Feature Used": (ThingKind.FEATURE, {"feature": "reports"}, "reports"),
    "Ticket Opened": (ThingKind.TICKET, {"ticket_id": "t1"}, "t1"),
    "Ticket Closed": (ThingKind.TICKET, {"ticket": "t1"}, "t1"),
    "Promotion Viewed": (ThingKind.CAMPAIGN, {"promotion_id": "promo"}, "promo"),
    "Promotion Clicked": (ThingKind.CAMPAIGN, {"name": "promo"}, "promo"),
}
ABOUT_NOTHING = (
    "Product List Viewed",
    "Product List Filtered",
    "Cart Viewed",
    "Cart Created",
    "Checkout Started",
    "Checkout Step Viewed",
    "Checkout Step Completed",
    "Payment Info Entered",
    "Order Updated",
    "Order Refunded",
    "Order Cancelled",
    "Coupon Entered",
    "Coupon Applied",
    "Coupon Denied",
    "Coupon Removed",
    "Signed Up",
    "Logged In",
)


def told(event: str, **properties: object) -> NewEvent:
    """Return an event as it is stored."""
    line = EventLine("ann", event, id="1", properties=properties, source="web")
    return new_event(line, NOW, 0)


def test_every_usual_name_has_a_row() -> None:
    """A name that is added is tried here."""
    assert ABOUT.keys() == usual.USUAL.keys()


@pytest.mark.parametrize("name", ABOUT)
def test_a_usual_name_is_about_its_thing(name: str) -> None:
    """The first property that names it wins; all of them stay properties too."""
    kind, properties, key = ABOUT[name]
    event = told(name, **properties)

    assert event.thing == (kind, key)
    assert event.properties == properties


@pytest.mark.parametrize("name", ABOUT)
def test_without_the_property_it_is_about_its_source(name: str) -> None:
    """What names nothing is about whoever reported it; an empty name is none."""
    empty: dict[str, object] = dict.fromkeys(usual.USUAL[name].named_by, "")

    assert told(name, other=True).thing == (ThingKind.SOURCE, "web")
    assert told(name, **empty).thing == (ThingKind.SOURCE, "web")


@pytest.mark.parametrize("name", ABOUT_NOTHING)
def test_other_names_are_about_their_source(name: str) -> None:
    """A cart of products keeps their keys."""
    event = told(name, order_id="o", products=[PRODUCT, {"sku": "s2"}])

    assert event.thing == (ThingKind.SOURCE, "web")
    assert event.properties == {"order_id": "o", "products": ("p1", "s2")}
    assert event.lines == ()


def test_an_order_has_a_line_for_each_product() -> None:
    """Each line is a purchase of its own, with the order's id and a number."""
    order = told("Order Completed", order_id="o7", total=28.5, products=[PRODUCT, {"sku": "s2"}])

    assert order.properties == {"order_id": "o7", "total": 28.5, "products": ("p1", "s2")}
    assert [(line.id, line.name, line.thing) for line in order.lines] == [
        ("1#1", "Product Purchased", (ThingKind.PRODUCT, "p1")),
        ("1#2", "Product Purchased", (ThingKind.PRODUCT, "s2")),
    ]
    assert order.lines[0].properties == {"order_id": "o7", **PRODUCT}
    assert {line.at for line in order.lines} == {order.at}


def test_a_mixed_list_of_products_is_refused() -> None:
    """Maps beside keys are neither lines nor a value."""
    with pytest.raises(errors.BadInput) as caught:
        told("Order Completed", products=[{"sku": "s"}, "p1"])

    assert caught.value.path[:2] == ("properties", "products")


@pytest.mark.parametrize(
    ("products", "kept"), [([], ()), (["p1", "s2"], ("p1", "s2")), ("p1", "p1")], ids=repr
)
def test_what_is_no_list_of_products_is_a_value(products: object, kept: object) -> None:
    """Only maps are lines."""
    order = told("Order Completed", products=products)

    assert order.lines == ()
    assert order.properties == {"products": kept}
