"""Events as they come in: what is kept of them, and what is refused at which place."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from graph import errors
from graph.ingest.events import NewEvent, new_event, on_edge
from graph.ingest.lines import EventLine, ThingRef
from graph.model import ThingKind
from graph.times import MINUTE, read_instant

if TYPE_CHECKING:
    from graph.values import Stored

NOW = read_instant("2026-03-10T12:00:00Z")


def told(**fields: Any) -> NewEvent:  # noqa: ANN401 - a row of a table
    """Return an event as it is stored."""
    given: dict[str, Any] = {"contact": "ann", "event": "Seen", **fields}
    return new_event(EventLine(**given), NOW, 5 * MINUTE)


def refused(**fields: Any) -> tuple[str, errors.Path]:  # noqa: ANN401 - as above
    """Return the code and the path of a refusal."""
    with pytest.raises(errors.BadInput) as caught:
        told(**fields)
    return caught.value.reason, caught.value.path


def test_what_is_left_out() -> None:
    """An event happens when it arrives, has an id of its own, and is the API's."""
    first, second = told(), told()

    assert (first.at, first.source, first.purpose) == (NOW, "api", None)
    assert first.thing == (ThingKind.SOURCE, "api")
    assert first.id != second.id
    assert first.told == {"event"}


def test_what_was_said_is_remembered() -> None:
    """Only what the sender said is compared when the id comes again."""
    event = told(
        at="2026-03-10T11:00:00Z", properties={}, source="web", purpose="ads", about=ThingRef("c")
    )

    assert event.told == {"event", "at", "properties", "source", "purpose", "about"}


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        (1, 1),
        (1.0, 1.0),
        (True, True),
        ("x", "x"),
        ("2026-03-10T11:00:00+01:00", dt.datetime(2026, 3, 10, 10, tzinfo=dt.UTC)),
        ("2026-03-10", dt.date(2026, 3, 10)),
        ("2026-02-30", "2026-02-30"),
        (["a", "b"], ("a", "b")),
        ([1, 2.5], (1, 2.5)),
        ([], ()),
        (2**63 - 1, 2**63 - 1),
    ],
    ids=repr,
)
def test_values_keep_their_type(raw: object, kept: Stored) -> None:
    """Whole and decimal numbers differ; texts that are instants or dates become that."""
    value = told(properties={"p": raw}).properties["p"]

    assert value == kept
    assert type(value) is type(kept)


def test_null_is_none() -> None:
    """A property that is null is not there."""
    assert told(properties={"p": None}).properties == {}


@pytest.mark.parametrize(
    ("fields", "code", "path"),
    [
        ({"contact": ""}, "BAD_USER_INPUT", ("contact",)),
        ({"contact": "x" * 1001}, "BAD_USER_INPUT", ("contact",)),
        ({"event": ""}, "BAD_USER_INPUT", ("event",)),
        ({"event": "x" * 201}, "BAD_USER_INPUT", ("event",)),
        ({"event": "\ud800"}, "BAD_USER_INPUT", ("event",)),
        ({"event": "a\0b"}, "BAD_USER_INPUT", ("event",)),
        ({"id": ""}, "BAD_USER_INPUT", ("id",)),
        ({"source": ""}, "BAD_USER_INPUT", ("source",)),
        ({"purpose": ""}, "BAD_USER_INPUT", ("purpose",)),
        ({"at": "2026-03-10T11:00:00"}, "BAD_USER_INPUT", ("at",)),
        ({"at": "2026-03-10T12:05:00.001Z"}, "IN_THE_FUTURE", ("at",)),
        ({"properties": {"p": {"q": 1}}}, "BAD_USER_INPUT", ("properties", "p")),
        ({"properties": {"p": [1, "x", None]}}, "BAD_USER_INPUT", ("properties", "p")),
        ({"properties": {"p": 2**63}}, "BAD_USER_INPUT", ("properties", "p")),
        ({"properties": {"p": float("nan")}}, "BAD_USER_INPUT", ("properties", "p")),
        ({"properties": {"_p": 1}}, "BAD_USER_INPUT", ("properties", "_p")),
        ({"properties": {"": 1}}, "BAD_USER_INPUT", ("properties", "")),
        ({"properties": {str(n): n for n in range(251)}}, "BAD_USER_INPUT", ("properties",)),
        ({"about": ThingRef()}, "BAD_USER_INPUT", ("about",)),
        ({"about": ThingRef(content="a", product="b")}, "BAD_USER_INPUT", ("about",)),
        ({"about": ThingRef(ticket="")}, "BAD_USER_INPUT", ("about", "ticket")),
    ],
    ids=repr,
)
def test_what_is_refused(fields: dict[str, Any], code: str, path: errors.Path) -> None:
    """Each at its own place."""
    assert refused(**fields) == (code, path)


def test_the_allowed_skew_is_within() -> None:
    """An event may lie as far ahead as that, to the millisecond."""
    assert told(at="2026-03-10T12:05:00Z").at == NOW + 5 * MINUTE


@pytest.mark.parametrize(
    ("product", "path"),
    [
        ({"name": "nameless"}, ("properties", "products", 0)),
        ({"sku": "s", "price": {}}, ("properties", "products", 0, "price")),
        ({"sku": "s"} | {f"p{n}": n for n in range(249)}, ("properties", "products", 0)),
    ],
)
def test_a_bad_line_of_an_order(product: object, path: errors.Path) -> None:
    """An order is taken whole or not at all."""
    properties = {"order_id": "o", "products": [product]}

    code, found = refused(event="Order Completed", properties=properties)

    assert code == "BAD_USER_INPUT"
    assert found == path


@pytest.mark.parametrize("name", ["Order Completed", "Cart Viewed"])
def test_products_are_as_many_as_a_list_holds(name: str) -> None:
    """One more is refused at its place, with the limit and the way out."""
    products = [{"sku": f"s{n}"} for n in range(1001)]
    most = told(event=name, properties={"products": products[:1000]})
    with pytest.raises(errors.BadInput) as caught:
        told(event=name, properties={"products": products})

    assert most.properties["products"] == tuple(f"s{n}" for n in range(1000))
    assert caught.value.path == ("properties", "products")
    assert caught.value.message == (
        "1001 products are too many: an event names at most 1000; tell the rest in another event"
    )


def test_products_count_among_the_names_of_an_order() -> None:
    """What an order keeps is no more than it may say when it is told again."""
    names = {f"p{n}": n for n in range(249)}
    products = {"products": [{"sku": "s"}]}

    assert len(told(event="Order Completed", properties=names | products).properties) == 250
    code, path = refused(event="Order Completed", properties=names | products | {"one": 1})
    assert (code, path) == ("BAD_USER_INPUT", ("properties",))


def test_names_on_the_edge() -> None:
    """What is ours keeps its name; a property of that name moves aside."""
    event = told(id="1", properties={"id": "x", "at": 1, "tags": ["a"]}, purpose="ads")

    assert on_edge(event, NOW + 1) == {
        "id": "1",
        "at": NOW,
        "source": "api",
        "purpose": "ads",
        "_received": NOW + 1,
        "_id": "x",
        "_at": 1,
        "tags": ["a"],
    }
