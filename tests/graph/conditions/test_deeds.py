"""What kinds of events are called in sentences."""

from __future__ import annotations

from typing import Final

import pytest

from graph.conditions.deeds import deed

CALLED: Final = {
    "Page Viewed": ("viewed a page", "view a page"),
    "Order Completed": ("completed an order", "complete an order"),
    "Email Link Clicked": ("clicked an email link", "click an email link"),
    "Products Searched": ("searched products", "search products"),
    "Content Clicked": ("clicked content", "click content"),
    "Payment Info Entered": ("entered payment info", "enter payment info"),
    "API Key Created": ("created an API key", "create an API key"),
    "User Invited": ("invited a user", "invite a user"),
    "Video Skipped": ("skipped a video", "skip a video"),
    "Link Copied": ("copied a link", "copy a link"),
    "Video Played": ("played a video", "play a video"),
    "Address Added": ("added an address", "add an address"),
    "Logged In": ("logged in", "log in"),
    "Unsubscribed": ("unsubscribed", "unsubscribe"),
}


@pytest.mark.parametrize(("name", "said"), CALLED.items(), ids=CALLED)
def test_a_noun_and_what_was_done_to_it_are_a_deed(name: str, said: tuple[str, str]) -> None:
    """The verb comes first, and the noun gets the article that it has."""
    found = deed(name)

    assert found is not None
    assert f"{found.past} {found.object}".rstrip() == said[0]
    assert f"{found.verb} {found.object}".rstrip() == said[1]


@pytest.mark.parametrize(
    "name",
    [
        "Viewed",
        "page viewed",
        "Page  Viewed",
        "Page viewed",
        "Email Bounced",
        "Order Refunded",
        "“Page Viewed”",
        "Page Viewed ",
        "Seite Besucht",
        "Red",
        "Page 2 Viewed",
        "Été Viewed",
    ],
)
def test_any_other_name_is_none(name: str) -> None:
    """What is not in capitals, has no noun, or happens to a contact is said by its name."""
    assert deed(name) is None
