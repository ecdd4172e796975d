"""What is no line is told so in words of the language, at its very place."""

from __future__ import annotations

import pytest

from graph import errors
from graph.ingest.decoding import converted, decode
from graph.ingest.lines import EventLine

A_MAP = 'write it as {"name": "value"}'
A_LINE = 'write it as {"contact": "ann", "event": "Page Viewed"}'
AN_INSTANT = "write it in RFC 3339 with an offset, such as 2026-11-23T10:00:00Z"
TYPES = (
    "The type of a line is one of event, contact, consent, account, content, product, topic, "
    "category, segment"
)

REFUSED: list[tuple[str, str, tuple[str | int, ...]]] = [
    ("null", f"A line is a map of fields, not null: {A_LINE}", ()),
    ("5", f"A line is a map of fields, not a whole number: {A_LINE}", ()),
    ("{}", "`contact` is missing; a line of type event needs it", ("contact",)),
    ('{"type": "topic"}', "`key` is missing; a line of type topic needs it", ("key",)),
    ('{"type": "planet"}', TYPES, ("type",)),
    ('{"type": 5}', TYPES, ("type",)),
    ('{"type": []}', TYPES, ("type",)),
    (
        '{"contact": "a", "event": "x", "property": {}}',
        "'property' is not a field of a line of type event; did you mean properties?",
        ("property",),
    ),
    (
        '{"type": "account", "key": "a", "colour": "red"}',
        "'colour' is not a field of a line of type account: it has key, traits",
        ("colour",),
    ),
    (
        '{"contact": "a", "event": "x", "about": {"planet": "mars"}}',
        (
            "'planet' is not a field of `about`: it has content, product, feature, ticket, "
            "search, campaign"
        ),
        ("about", "planet"),
    ),
    (
        '{"contact": 5, "event": "x"}',
        "`contact` is a text, not a whole number: write it in quotes",
        ("contact",),
    ),
    (
        '{"contact": null, "event": "x"}',
        "`contact` is a text, not null: it cannot be left out",
        ("contact",),
    ),
    (
        '{"contact": "a", "event": "x", "at": 1773144000000}',
        f"`at` is a text, not a whole number: {AN_INSTANT}",
        ("at",),
    ),
    (
        '{"type": "contact", "key": "a", "createdAt": 1.5}',
        f"`createdAt` is a text, not a decimal number: {AN_INSTANT}",
        ("createdAt",),
    ),
    (
        '{"contact": "a", "event": "x", "properties": []}',
        f"`properties` is a map of fields, not a list: {A_MAP}",
        ("properties",),
    ),
    (
        '{"contact": "a", "event": "x", "about": {"content": true}}',
        "`content` is a text, not a boolean: write it in quotes",
        ("about", "content"),
    ),
    (
        '{"type": "contact", "key": "a", "accounts": ["b", 5]}',
        "An element of `accounts` is a text, not a whole number: write it in quotes",
        ("accounts", 1),
    ),
    (
        '{"type": "contact", "key": "a", "accounts": "b"}',
        '`accounts` is a list, not a text: write it as ["one", "two"]',
        ("accounts",),
    ),
    (
        '{"type": "segment", "key": "a", "name": "b", "where": {}, "archived": "yes"}',
        "`archived` is a boolean, not a text: write true or false, without quotes",
        ("archived",),
    ),
    (
        '{"type": "segment", "key": "a", "name": "b", "where": {}, "expectedRevision": 1e400}',
        (
            "`expectedRevision` is a whole number, not a decimal number: write it without quotes "
            "and decimals"
        ),
        ("expectedRevision",),
    ),
]


@pytest.mark.parametrize(("line", "message", "path"), REFUSED, ids=[line for line, *_ in REFUSED])
def test_what_is_no_line_is_refused(line: str, message: str, path: tuple[str | int, ...]) -> None:
    """The message names the field, what it takes, and how to write it; the path leads there."""
    with pytest.raises(errors.BadInput) as refused:
        decode(line.encode())

    assert (refused.value.message, refused.value.path) == (message, path)
    assert refused.value.reason == "BAD_USER_INPUT"


NO_JSON = {
    "cut": (b"{", "Input data was truncated"),
    "of other bytes": (b'{"contact": "\xff", "event": "x"}', "byte 0 is not UTF-8"),
    "nested": (b'{"properties": ' + b"[" * 5000 + b"]" * 5000 + b"}", "it is nested too deep"),
    "cut after a great number": (
        b'{"type": "event", "properties": {"a": 1e400}',
        "Expecting ',' delimiter: line 1 column 45 (char 44)",
    ),
    "NaN after a great number": (
        b'{"type": "event", "properties": {"a": 1e400, "b": NaN}}',
        "NaN is not a number",
    ),
}


@pytest.mark.parametrize(("line", "why"), NO_JSON.values(), ids=NO_JSON)
def test_what_is_no_json_is_refused(line: bytes, why: str) -> None:
    """It has a code of its own."""
    with pytest.raises(errors.BadInput) as refused:
        decode(line)

    assert (refused.value.message, refused.value.reason) == (
        f"The line is not JSON: {why}",
        "NOT_JSON",
    )


@pytest.mark.parametrize("number", ["1e400", "1" + "0" * 5000])
def test_a_number_that_is_too_great_stops_no_decoding(number: str) -> None:
    """What refuses a value by its place refuses it; here it is infinite."""
    line = decode(b'{"contact": "a", "event": "x", "properties": {"a": %s}}' % number.encode())

    assert line == EventLine("a", "x", properties={"a": float("inf")})


def test_fields_become_a_line_or_a_refusal() -> None:
    """Input of GraphQL takes the same way."""
    good = converted(EventLine, {"contact": "a", "event": "x"})
    bad = converted(EventLine, {"contact": "a", "event": 1})

    assert good == EventLine("a", "x")
    assert isinstance(bad, errors.BadInput)
    assert bad.path == ("event",)
