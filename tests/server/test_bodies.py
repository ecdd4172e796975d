"""Bodies of imports: what cannot be read is refused, a bad line stops no other."""

from __future__ import annotations

import gzip
import io
import time
from typing import TYPE_CHECKING

import pytest

from tests.server.sending import NDJSON, NOTHING, event, ndjson, problem, send

if TYPE_CHECKING:
    from tests.server.live import Live

pytestmark = pytest.mark.engine

NO_MAP = "A line is a map of fields, not "
WRITTEN = ': write it as {"contact": "ann", "event": "Page Viewed"}'
INSTANT = "write it in RFC 3339 with an offset, such as 2026-11-23T10:00:00Z"
LINES: dict[str, tuple[bytes, str, str, list[str]]] = {
    "no JSON": (b"{", "NOT_JSON", "The line is not JSON: Input data was truncated", []),
    "no UTF-8": (
        b'{"contact": "\xff", "event": "x"}',
        "NOT_JSON",
        ("The line is not JSON: byte 0 is not UTF-8"),
        [],
    ),
    "null": (b"null", "BAD_USER_INPUT", NO_MAP + "null" + WRITTEN, []),
    "a list": (b"[]", "BAD_USER_INPUT", NO_MAP + "a list" + WRITTEN, []),
    "no contact": (
        b'{"event": "x"}',
        "BAD_USER_INPUT",
        "`contact` is missing; a line of type event needs it",
        ["contact"],
    ),
    "an unknown field": (
        b'{"contact": "a", "event": "x", "__proto__": 1}',
        "BAD_USER_INPUT",
        (
            "'__proto__' is not a field of a line of type event: it has contact, event, id, at, "
            "about, properties, source, purpose"
        ),
        ["__proto__"],
    ),
    "milliseconds since 1970": (
        b'{"contact": "a", "event": "x", "at": 1773144000000}',
        "BAD_USER_INPUT",
        f"`at` is a text, not a whole number: {INSTANT}",
        ["at"],
    ),
    "milliseconds since 1970 as a text": (
        b'{"contact": "a", "event": "x", "at": "1773144000000"}',
        "BAD_USER_INPUT",
        f"'1773144000000' is not an instant: {INSTANT}",
        ["at"],
    ),
    "NaN": (
        b'{"contact": "a", "event": "x", "properties": {"a": NaN}}',
        "NOT_JSON",
        "The line is not JSON: JSON is malformed: invalid character (byte 51)",
        [],
    ),
    "too long": (
        b'{"contact": "a", "event": "x", "properties": {"a": "' + b"x" * 2**20 + b'"}}',
        "TOO_LONG",
        "The line has more than 1048576 bytes; put fewer properties or products on it",
        [],
    ),
    "half a character": (
        b'{"contact": "\\ud800", "event": "x"}',
        "NOT_JSON",
        "The line is not JSON: JSON is malformed: unexpected end of hex escape (byte 19)",
        [],
    ),
    "nested too deep": (
        b'{"contact": "a", "event": "x", "properties": {"a": ' + b"[" * 5000 + b"]" * 5000 + b"}}",
        "NOT_JSON",
        "The line is not JSON: it is nested too deep",
        [],
    ),
}


@pytest.mark.parametrize(("line", "code", "message", "path"), LINES.values(), ids=LINES)
def test_a_bad_line_stops_no_other(
    live: Live, line: bytes, code: str, message: str, path: list[str]
) -> None:
    """It comes back with its index, what is wrong and where; those around it are taken."""
    around = [event(time.monotonic_ns(), "around") for _ in range(2)]

    answer = send(live, ndjson(around[0]) + line + b"\n" + ndjson(around[1])).json()

    assert answer == NOTHING | {
        "accepted": 2,
        "rejected": [{"index": 1, "key": None, "code": code, "message": message, "path": path}],
    }


KEYS: dict[str, tuple[bytes, str | None]] = {
    "an event": (b'{"contact": "a", "event": 5, "id": "7"}', "7"),
    "an event that says so": (b'{"type": "event", "contact": 5, "event": "x", "id": "7"}', "7"),
    "a contact": (b'{"type": "contact", "key": "ann", "traits": 5}', "ann"),
    "an unknown field": (b'{"type": "topic", "key": "t", "colour": "red"}', "t"),
    "an unknown type": (b'{"type": "planet", "key": "mars"}', "mars"),
    "a type that is a list": (b'{"type": [], "key": "mars"}', "mars"),
    "a number out of range": (
        b'{"contact": "a", "event": "x", "id": "7", "properties": {"a": 1e400}}',
        "7",
    ),
    "a key that is no text": (b'{"type": "contact", "key": 5}', None),
    "no key": (b'{"contact": "a", "event": 5}', None),
    "no map": (b"[1]", None),
    "cut": (b'{"contact": "a", "event": 5, "id": "7"', None),
}


@pytest.mark.parametrize(("line", "key"), KEYS.values(), ids=KEYS)
def test_a_bad_line_is_named_by_its_key(live: Live, line: bytes, key: str | None) -> None:
    """Where the key can be read it comes back, else the index of the line says which it is."""
    (rejected,) = send(live, line).json()["rejected"]

    assert (rejected["index"], rejected["key"]) == (0, key)


BROKEN = {
    "of another media type": (b"{}", {"content-type": "text/plain"}, 415, "BAD_USER_INPUT"),
    "of no media type": (b"{}", {"content-type": ""}, 415, "BAD_USER_INPUT"),
    "of another encoding": (b"{}", {"content-encoding": "br"}, 415, "BAD_USER_INPUT"),
    "no gzip": (b"{}", {"content-encoding": "gzip"}, 400, "BAD_USER_INPUT"),
    "a cut gzip": (
        gzip.compress(b"{}" * 99)[:-9],
        {"content-encoding": "gzip"},
        400,
        "BAD_USER_INPUT",
    ),
    "no list": (b"{}", {"content-type": "application/json"}, 400, "BAD_USER_INPUT"),
    "a cut list": (b'[{"event"', {"content-type": "application/json"}, 400, "BAD_USER_INPUT"),
    "1,001 members": (
        gzip.compress(b"") * 1001,
        {"content-encoding": "gzip"},
        413,
        "BAD_USER_INPUT",
    ),
}
REASONS = {
    "of another media type": "text/plain is not taken: send lines as application/x-ndjson, or a "
    "list as application/json",
    "of no media type": "No media type is not taken: send lines as application/x-ndjson, or a "
    "list as application/json",
    "of another encoding": "The encoding br is not taken: send gzip, or none",
    "no gzip": "The body is no gzip: Error -3 while decompressing data: incorrect header check",
    "a cut gzip": "The gzip body is cut: send it again as a whole",
    "no list": "The body is no list: put its lines in [ ], or send them as application/x-ndjson",
    "a cut list": "The body is not a JSON list: Input data was truncated",
    "1,001 members": "A gzip body has at most 1000 members; pack it in one",
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_body_that_is_no_import_is_refused(live: Live, name: str) -> None:
    """It is refused as a problem, with nothing taken."""
    body, headers, status, code = BROKEN[name]

    response = live.http.post("/import", content=body, headers={**NDJSON, **headers})

    assert problem(response) == (status, code, REASONS[name], 0)
    assert response.json()["told"] == NOTHING


def test_a_gzip_bomb_fills_neither_memory_nor_time(live: Live) -> None:
    """A body of 256 KB that unpacks to 256 MiB is refused once 64 MiB of it are seen."""
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=9) as file:
        for _ in range(64):
            file.write(bytes(4 * 2**20))

    begun = time.perf_counter()
    response = send(live, packed.getvalue(), content_encoding="gzip")

    assert problem(response) == (
        413,
        "BAD_USER_INPUT",
        f"A request has at most {64 * 2**20} bytes unpacked; send fewer lines at once",
        0,
    )
    assert time.perf_counter() - begun < 10
