"""What one tells of things, as a client sees it: what became of each row, and what null means."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.server.live import Live

pytestmark = pytest.mark.engine

INPUTS = {
    "contacts": "ContactInput",
    "accounts": "AccountInput",
    "contents": "ContentInput",
    "products": "ProductInput",
    "topics": "TopicInput",
    "categories": "TopicInput",
}
NODE = """query($id: ID!) { node(id: $id) { __typename id
  ... on Contact { key } ... on Account { key traits }
  ... on Content { key kind title url topics { key } properties }
  ... on Product { key name category { key } properties } } }"""


def upsert(live: Live, what: str, *rows: dict[str, Any]) -> tuple[list[int], list[list[Any]]]:
    """Tell of things; return how many were created, updated, unchanged, and what was not taken."""
    field = f"upsert{what.title()}"
    told = live.ask(
        f"""mutation($rows: [{INPUTS[what]}!]!) {{ {field}({what}: $rows) {{
          created updated unchanged rejected {{ index key code message path }} }} }}""",
        rows=rows,
    )[field]
    rejected = [list(each.values()) for each in told.pop("rejected")]
    return list(told.values()), rejected


def global_id(kind: str, key: str) -> str:
    """Return an id as the API gives it out."""
    return base64.urlsafe_b64encode(f"{kind}:{key}".encode()).decode().rstrip("=")


def node(live: Live, kind: str, key: str) -> Any:  # noqa: ANN401 - JSON
    """Return what an id stands for, but for its type and id, which are as asked for."""
    id_ = global_id(kind, key)
    found = live.ask(NODE, id=id_)["node"]
    assert (found.pop("__typename"), found.pop("id")) == (kind, id_)
    return found


def test_a_content(live: Live) -> None:
    """Absent is as it was, null takes back, properties merge, topics take the place of others."""
    whole = {
        "key": "/p",
        "kind": "page",
        "title": "P",
        "url": "https://x/p",
        "topics": ["b", "a"],
        "properties": {"words": 7, "draft": True},
    }
    first = upsert(live, "contents", whole, {"key": "/p"}, {"key": "/p", "topics": None}, whole)
    made = node(live, "Content", "/p")
    second = upsert(
        live,
        "contents",
        {"key": "/p", "title": None, "properties": {"draft": None, "by": "ann"}},
        {"key": "/p", "topics": ["c"]},
    )
    changed = node(live, "Content", "/p")
    third = upsert(live, "contents", {"key": "/p", "topics": []})

    assert (first, second, third) == (([1, 0, 3], []), ([0, 2, 0], []), ([0, 1, 0], []))
    assert made == whole | {"topics": [{"key": "a"}, {"key": "b"}]}
    assert changed == whole | {
        "title": None,
        "topics": [{"key": "c"}],
        "properties": {"words": 7, "by": "ann"},
    }
    assert node(live, "Content", "/p")["topics"] == []


def test_a_product(live: Live) -> None:
    """Null takes it out of its category, and takes back its name."""
    whole = {"key": "p1", "name": "P", "category": "shoes", "properties": {"price": 9.5}}
    first = upsert(live, "products", whole, {"key": "p1", "category": "shoes"})
    made = node(live, "Product", "p1")
    second = upsert(live, "products", {"key": "p1", "name": None, "category": None})

    assert (first, second) == (([1, 0, 1], []), ([0, 1, 0], []))
    assert made == whole | {"category": {"key": "shoes"}}
    assert node(live, "Product", "p1") == whole | {"name": None, "category": None}


def test_an_account(live: Live) -> None:
    """Traits merge, null removes one; null for all of them removes none."""
    first = upsert(live, "accounts", {"key": "acme", "traits": {"tier": "pro", "seats": 5}})
    second = upsert(
        live,
        "accounts",
        {"key": "acme", "traits": {"tier": None}},
        {"key": "acme", "traits": None},
        {"key": "acme"},
    )

    assert (first, second) == (([1, 0, 0], []), ([0, 1, 2], []))
    assert node(live, "Account", "acme") == {"key": "acme", "traits": {"seats": 5}}


def circle(*keys: str) -> str:
    """Return what is said of nodes that would be within themselves."""
    way = " in ".join(repr(key) for key in keys)
    return f"A node cannot be within itself: {way}; give one of them another parent"


@pytest.mark.parametrize("what", ["topics", "categories"])
def test_a_tree(live: Live, what: str) -> None:
    """Parents are made; null puts a node at the root; a circle and what is too deep are refused."""
    chain = [{"key": f"n{n}", "parent": f"n{n + 1}"} for n in range(1, 16)]
    places: list[dict[str, Any]] = [
        {"key": "sub", "name": "Sub", "parent": "top"},
        {"key": "sub"},
        {"key": "top", "parent": "sub"},
        {"key": "sub", "parent": "sub"},
    ]
    first = upsert(live, what, *places)
    second = upsert(live, what, {"key": "sub", "parent": None, "name": None}, places[2])
    deep = upsert(live, what, *chain, {"key": "n0", "parent": "n1"})
    tree = live.ask(f"{{ vocabulary {{ {what} {{ key name parent {{ key }} }} }} }}")

    assert first == (
        [1, 0, 1],
        [
            [2, "top", "CYCLE", circle("top", "sub", "top"), ["parent"]],
            [3, "sub", "CYCLE", circle("sub", "sub"), ["parent"]],
        ],
    )
    assert second == ([0, 2, 0], [])
    assert deep[1] == [
        [
            15,
            "n0",
            "TOO_DEEP",
            "'n0' would be more than 16 deep below 'n16': give it a parent that is higher up",
            ["parent"],
        ]
    ]
    assert {"key": "sub", "name": None, "parent": None} in tree["vocabulary"][what]
    assert {"key": "top", "name": None, "parent": {"key": "sub"}} in tree["vocabulary"][what]


EMPTY = "The key is empty: give at least one character"
BAD: dict[str, tuple[str, dict[str, Any], str, list[str]]] = {
    "no key": ("contents", {"key": ""}, EMPTY, ["key"]),
    "a key with NUL": (
        "topics",
        {"key": "a\0"},
        "The key 'a\\0' holds the character NUL: leave it out",
        ["key"],
    ),
    "a long key": (
        "products",
        {"key": "x" * 1001},
        f"The key '{'x' * 60}…' has 1001 characters; at most 1000 are taken: shorten it",
        ["key"],
    ),
    "no topic": ("contents", {"key": "a", "topics": ["t", ""]}, EMPTY, ["topics", "1"]),
    "no category": ("products", {"key": "a", "category": ""}, EMPTY, ["category"]),
    "no parent": ("categories", {"key": "a", "parent": ""}, EMPTY, ["parent"]),
    "no account": ("contacts", {"key": "a", "accounts": [""]}, EMPTY, ["accounts", "0"]),
    "a field as a property": (
        "contents",
        {"key": "a", "properties": {"kind": "x"}},
        "'kind' is a field of its own and no property: give it beside `properties`",
        ["properties", "kind"],
    ),
    "a name of the graph's": (
        "products",
        {"key": "a", "properties": {"__proto__": 1}},
        "Names that begin with _ are the graph's own: rename the property",
        ["properties", "__proto__"],
    ),
    "a map in a map": (
        "accounts",
        {"key": "a", "traits": {"x": {"y": 1}}},
        "A nested map cannot be kept: use flat names",
        ["traits", "x"],
    ),
    "a list with null": (
        "contacts",
        {"key": "a", "traits": {"x": [1, "x", None]}},
        "null cannot be kept in a list: leave it out",
        ["traits", "x"],
    ),
    "2^63": (
        "accounts",
        {"key": "a", "traits": {"x": 2**63}},
        "9223372036854775808 does not fit a whole number of 64 bits: give it as a text",
        ["traits", "x"],
    ),
    "a zone that is none": (
        "contacts",
        {"key": "a", "traits": {"zone": "Mars/Phobos"}},
        "'Mars/Phobos' is not a time zone: use an IANA name such as Europe/Berlin",
        ["traits", "zone"],
    ),
}


@pytest.mark.parametrize(("what", "row", "message", "path"), BAD.values(), ids=BAD)
def test_a_bad_row_stops_no_other(
    live: Live, what: str, row: dict[str, Any], message: str, path: list[str]
) -> None:
    """It comes back with its index, key, code, message and path; those around it are taken."""
    counts, rejected = upsert(live, what, {"key": "good"}, row, {"key": "good"})

    assert sum(counts) == 2
    assert rejected == [[1, row["key"], "BAD_USER_INPUT", message, path]]


def test_ids_stand_for_what_there_is(live: Live) -> None:
    """What is not there, and what has no id, is null."""
    upsert(live, "contacts", {"key": "a:b"})
    upsert(live, "topics", {"key": "t"})

    assert node(live, "Contact", "a:b") == {"key": "a:b"}
    for kind in ("Contact", "Account", "Content", "Product", "Topic", "Nothing"):
        key = "t" if kind == "Topic" else "nobody"
        assert live.ask(NODE, id=global_id(kind, key)) == {"node": None}


@pytest.mark.parametrize(
    "id_", ["", "!", "x", "é", "Contact:a", global_id("", "a"), "/w", "A" * 100_000]
)
def test_an_id_of_nobody_is_refused(live: Live, id_: str) -> None:
    """Garbage is no id."""
    (error,) = live.errors(NODE, id=id_)

    assert error == {
        "message": "The id was not given out by this API: pass an `id` of an answer",
        "path": ["node"],
        "extensions": {"code": "BAD_USER_INPUT", "path": ["id"]},
    }


def test_too_many_rows_at_once_are_refused(live: Live) -> None:
    """More than 5,000 are not taken at all; where they go is named."""
    (error,) = live.errors(
        "mutation($rows: [TopicInput!]!) { upsertTopics(topics: $rows) { created } }",
        rows=[{"key": "t"}] * 5001,
    )

    assert error == {
        "message": "5001 rows at once; at most 5000: send them in turns, or to POST /import",
        "path": ["upsertTopics"],
        "extensions": {"code": "BAD_USER_INPUT", "path": ["topics"]},
    }
