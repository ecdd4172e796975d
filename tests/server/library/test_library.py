"""The ready segments: whole, checked, and true of those who play them in the demo."""

from __future__ import annotations

import json
import re

import pytest
from typer.testing import CliRunner

from graph import conditions
from graph.errors import BadInput
from graph.times import DAY, instant_text, read_instant
from server.cli import app
from server.demo import story
from server.library import library, ready
from tests.worlds import members, subjects

NOW = read_instant("2026-11-24T02:00:00Z")
# Who plays a ready segment in the demo, where the names differ.
PLAYED = {
    "lapsed": "silence-login-14",
    "silent-buyers": "silence-purchase-90",
    "silent-subscribers": "silence-open-60",
    "recent-buyers": "recent-spenders",
    "favourite-category": "favourite-clothing",
    "near-a-place": "near-berlin",
}
# An instant is the one thing that no default can know: here 30 days before the present.
GIVEN = {"was-active": {"at": instant_text(NOW - 30 * DAY)}}


@pytest.mark.parametrize("key", library())
def test_each_is_a_definition(key: str) -> None:
    """Each ready segment is a definition with its defaults, and uses each of its parameters."""
    segment = ready(key)

    assert conditions.read(segment.definition()).text()
    assert set(re.findall(r'"\$(\w+)"', json.dumps(segment.where))) == set(segment.parameters)


def test_a_value_takes_the_place_of_a_default() -> None:
    """A value that is given stands where the parameter does, in the type of its default."""
    segment = ready("abandoned-cart")

    given = json.dumps(segment.definition(segment.read({"orders": "7", "ordered": "Order Placed"})))

    assert '"atLeast": 7' in given
    assert given.count('"Order Placed"') == 2
    assert "Order Completed" not in given
    assert '"last": "PT24H"' in given


@pytest.mark.parametrize("key", library())
def test_each_name_is_a_parameter(key: str) -> None:
    """No event, trait or property is named but by a parameter."""
    where = json.dumps(ready(key).where)

    named = re.findall(r'"(?:event|property|of|name)": "([^"]*)"', where)
    kinds = re.findall(r'"(?:events|with)": (\[[^]]*\])', where)
    names = [*named, *(name for each in kinds for name in json.loads(each))]
    assert [name for name in names if not name.startswith("$")] == []


@pytest.mark.parametrize(
    ("key", "given", "message"),
    [
        (
            "abandoned-cart",
            {"order": "7"},
            "abandoned-cart has no parameter 'order'; it has: recent, orders, created, ordered",
        ),
        (
            "abandoned-cart",
            {"orders": "many"},
            "orders of abandoned-cart is 'many'; it must be a whole number",
        ),
        (
            "near-a-place",
            {"km": "far"},
            "km of near-a-place is 'far'; it must be a number",
        ),
    ],
    ids=["unknown", "whole", "number"],
)
def test_a_wrong_parameter_is_told(key: str, given: dict[str, str], message: str) -> None:
    """A parameter that is not there, or of another type, is refused with what there is."""
    with pytest.raises(BadInput, match=f"^{re.escape(message)}$"):
        ready(key).read(given)


def test_those_who_play_it_are_members() -> None:
    """A ready segment takes the demo's members, and none who nearly are."""
    planted = story.planted(NOW)
    everybody = subjects(
        (
            line
            for line in story.lines(NOW)
            if str(line.get("contact", line.get("key"))).endswith("@example.com")
            or line["type"] not in {"contact", "event"}
        ),
        NOW,
        {key: conditions.read(each.definition()) for key, each in library().items()},
    )
    wrong: dict[str, list[str]] = {}
    for key, segment in library().items():
        played = planted[PLAYED.get(key, key)]
        claimed = {*played.members, *played.near_misses}
        playing = [each for each in everybody if each.key in claimed]
        found = members(conditions.read(segment.definition(GIVEN.get(key))), playing, NOW)
        if others := set(found) ^ set(played.members):
            wrong[key] = [played.why[each] for each in sorted(others)]

    assert wrong == {}


def test_they_are_listed_and_shown() -> None:
    """The command lists all, shows one with a value given, and refuses what is not there."""
    listed = CliRunner().invoke(app, ["segments", "list", "--json"])
    shown = CliRunner().invoke(app, ["segments", "show", "lapsed", "--set", "silent=P7D", "--json"])
    missing = CliRunner().invoke(app, ["segments", "show", "lapse"])

    assert [each["key"] for each in json.loads(listed.stdout)] == list(library())
    assert "7 days" in json.loads(shown.stdout)["text"]
    assert (missing.exit_code, missing.stdout) == (2, "")
    assert "No ready segment is called 'lapse'; there are: high-intent-prospect" in missing.stderr
