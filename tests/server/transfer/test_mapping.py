"""Mapping: which column becomes which field, and what is refused before anything is sent."""

from __future__ import annotations

import pytest

from graph.errors import BadInput
from server.transfer.cells import Reading
from server.transfer.failures import WrongOption
from server.transfer.mapping import FIELDS, Mapped, Wish, mapped, pairs
from server.transfer.rows import REQUIRED, TYPES


def of(header: str, *said: str, kind: str = "event", event: str | None = None) -> Mapped:
    """Return the mapping of columns that are parted by spaces."""
    return mapped("x.csv", header.split(), Wish(kind, pairs(said), event, Reading()))


def test_columns_map_themselves() -> None:
    """A column named as a field is that field; another is a property."""
    found = of("contact event at about.content properties.plan price")

    assert [column.field for column in found.columns] == [
        "contact",
        "event",
        "at",
        "about.content",
        "properties.plan",
        "properties.price",
    ]


def test_a_row_becomes_a_line() -> None:
    """Cells go where their columns say; an empty cell is absent, and so is what is left out."""
    found = of(
        "who when page price note x",
        *("who=contact", "when=at", "page=about.content", "note=", "x=properties.a.b"),
        event="Seen",
    )

    line = found.line(["ada", "2026-11-01T10:00:00Z", "7", "", "secret", "1"])

    assert line == {
        "contact": "ada",
        "at": "2026-11-01T10:00:00Z",
        "about": {"content": "7"},
        "properties": {"a.b": 1},
    }


@pytest.mark.parametrize(
    ("kind", "header", "line"),
    [
        ("contact", "key accounts plan", {"key": "1", "accounts": ["2"], "traits": {"plan": 3}}),
        ("account", "key plan", {"key": "1", "traits": {"plan": 2}}),
        ("content", "key topics url", {"key": "1", "topics": ["2"], "url": "3"}),
        ("product", "key name weight", {"key": "1", "name": "2", "properties": {"weight": 3}}),
        ("topic", "key name parent", {"key": "1", "name": "2", "parent": "3"}),
        ("category", "key parent", {"key": "1", "parent": "2"}),
        ("consent", "contact purpose state", {"contact": "1", "purpose": "2", "state": "3"}),
    ],
)
def test_each_type_has_its_fields(kind: str, header: str, line: dict[str, object]) -> None:
    """What a column becomes depends on the type of the rows."""
    cells = [str(number) for number, _ in enumerate(header.split(), 1)]

    assert of(header, kind=kind).line(cells) == line


def test_each_type_is_known() -> None:
    """There are fields for each type of line, those that it must have among them."""
    assert set(FIELDS) == set(TYPES)
    assert all(set(REQUIRED[kind]) <= set(FIELDS[kind]) for kind in TYPES)


def test_a_cell_that_cannot_be_told_is_named() -> None:
    """The path leads to the field."""
    with pytest.raises(BadInput) as refused:
        of("contact event p").line(["ada", "Seen", b""])

    assert refused.value.path == ("properties", "p")


@pytest.mark.parametrize(
    ("header", "said", "kind", "message"),
    [
        (
            "customer event",
            ["customr=contact"],
            "event",
            "--map names the column 'customr', which x.csv does not have; did you mean customer?",
        ),
        (
            "customer event",
            ["customer=contakt"],
            "event",
            "--map 'customer=contakt': contakt is no field of type event; did you mean contact?",
        ),
        (
            "customer event",
            [],
            "event",
            (
                "x.csv has no column for `contact`, which type event must have: name one with "
                "--map COLUMN=contact; the columns are customer, event"
            ),
        ),
        (
            "contact",
            [],
            "event",
            (
                "x.csv has no column for `event`, which type event must have: name one with "
                '--map COLUMN=event, or give --event "NAME" for all rows; the columns are contact'
            ),
        ),
        (
            "contact event a b",
            ["a=at", "b=at"],
            "event",
            "x.csv: the columns 'a' and 'b' both become at; --map one elsewhere",
        ),
        ("contact event a a", [], "event", "x.csv has two columns named 'a'; rename one"),
        (
            "key colour",
            [],
            "topic",
            (
                "x.csv has a column 'colour', which is no field of type topic: there are "
                "key, name, parent; --map 'colour=FIELD' names one, --map 'colour=' leaves it out"
            ),
        ),
        (
            "key colour",
            ["colour=properties.colour"],
            "topic",
            (
                "--map 'colour=properties.colour': properties.colour is no field of type topic; "
                "there are key, name, parent"
            ),
        ),
        (
            "key x",
            ["x=traits."],
            "contact",
            "--map 'x=traits.': traits. is no field of type contact; did you mean traits.NAME?",
        ),
        (
            "key",
            ["key"],
            "contact",
            "--map is 'key'; it must be COLUMN=FIELD, or COLUMN= to leave a column out",
        ),
        ("key", ["key=key", "key="], "contact", "--map names the column 'key' twice"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused(
    header: str, said: list[str], kind: str, message: str
) -> None:
    """The column or the field is named, with what there is."""
    with pytest.raises(WrongOption) as refused:
        of(header, *said, kind=kind)

    assert refused.value.message == message


def test_a_column_needs_a_name() -> None:
    """A column without a name is told by its number."""
    with pytest.raises(WrongOption) as refused:
        mapped("x.csv", ["contact", ""], Wish("event", (), "Seen", Reading()))

    assert refused.value.message == (
        "x.csv has a column without a name, number 2: its first line names all"
    )
