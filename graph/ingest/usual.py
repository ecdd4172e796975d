"""The usual names of events: for each what it is about, and which property names the thing.

The names are those of the Segment specification, and a few beside it. An event may also say what
it is about by itself; then nothing is looked up here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from graph.model import ThingKind


@dataclass(frozen=True, slots=True)
class Usual:
    """What an event of a usual name is about: the first of these properties that it has."""

    about: ThingKind
    named_by: tuple[str, ...]


_PAGE = Usual(ThingKind.CONTENT, ("content_id", "path", "url"))
_CONTENT = Usual(ThingKind.CONTENT, ("content_id", "content", "url"))
_EMAIL = Usual(ThingKind.CAMPAIGN, ("campaign_id", "campaign_name", "email_id"))
_PRODUCT = Usual(ThingKind.PRODUCT, ("product_id", "sku"))
_TICKET = Usual(ThingKind.TICKET, ("ticket_id", "ticket"))
_SEARCH = Usual(ThingKind.SEARCH, ("query",))

USUAL: Final[dict[str, Usual]] = {
    "Page Viewed": _PAGE,
    "Content Viewed": _CONTENT,
    "Content Clicked": _CONTENT,
    "Content Downloaded": _CONTENT,
    "Email Delivered": _EMAIL,
    "Email Opened": _EMAIL,
    "Email Link Clicked": _EMAIL,
    "Email Bounced": _EMAIL,
    "Email Marked as Spam": _EMAIL,
    "Unsubscribed": _EMAIL,
    "Product Clicked": _PRODUCT,
    "Product Viewed": _PRODUCT,
    "Product Added": _PRODUCT,
    "Product Removed": _PRODUCT,
    "Product Added to Wishlist": _PRODUCT,
    "Product Removed from Wishlist": _PRODUCT,
    "Product Shared": _PRODUCT,
    "Product Reviewed": _PRODUCT,
    "Product Purchased": _PRODUCT,
    "Products Searched": _SEARCH,
    "Feature Used": Usual(ThingKind.FEATURE, ("feature", "feature_name")),
    "Ticket Opened": _TICKET,
    "Ticket Closed": _TICKET,
    "Promotion Viewed": Usual(ThingKind.CAMPAIGN, ("promotion_id", "name")),
    "Promotion Clicked": Usual(ThingKind.CAMPAIGN, ("promotion_id", "name")),
}
"""Names that are not here, such as Signed Up, Logged In, Cart Created or Order Completed, are about
nothing but the source that tells of them."""

ORDER: Final = "Order Completed"
"""The event whose `products` are each an event of their own."""

PURCHASE: Final = "Product Purchased"
"""The event that a line of an order is."""

PRODUCTS: Final = "products"
"""The property that lists the products of an order or a cart, as maps."""
