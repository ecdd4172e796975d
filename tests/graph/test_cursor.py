"""Cursors: a position in one list, worth nothing in another."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import msgspec
import pytest

from graph import errors
from graph.cursor import cursor, position

if TYPE_CHECKING:
    from collections.abc import Sequence

LIST = ["members", {"a": 1, "b": [2]}]


@pytest.mark.parametrize("place", [["ann"], [5, "é"], [""], ["x" * 1000]])
def test_a_cursor_leads_back_to_its_position(place: Sequence[str | int]) -> None:
    """The list is the same however its parts are ordered."""
    same = ["members", {"b": [2], "a": 1}]

    assert position(same, cursor(LIST, place), [type(each) for each in place]) == place


FOREIGN = {
    "another-list": cursor(["members"], ["ann"]),
    "another-shape": cursor(LIST, [5]),
    "longer": cursor(LIST, ["ann", 5]),
    "empty": "",
    "no-base64": "not a cursor!",
    "not-ascii": "é",
    "cut": cursor(LIST, ["ann"])[:-3],
    "no-json": base64.urlsafe_b64encode(b"{").decode(),
    "no-list": base64.urlsafe_b64encode(b"5").decode(),
    "empty-list": base64.urlsafe_b64encode(b"[]").decode(),
    "made-up": base64.urlsafe_b64encode(msgspec.json.encode(["0" * 16, "ann"])).decode(),
}


@pytest.mark.parametrize("text", FOREIGN.values(), ids=FOREIGN)
def test_a_foreign_cursor_is_refused(text: str) -> None:
    """A cursor of another list, or made by nobody, is refused with the way out."""
    with pytest.raises(errors.InvalidCursor) as caught:
        position(LIST, text, [str])

    assert caught.value.message == (
        "The cursor was not made by this list: pass an endCursor of the same list, or none"
    )
