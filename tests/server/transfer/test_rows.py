"""Lines: what goes as it stands, what is added, what is refused before it is sent."""

from __future__ import annotations

import json

import msgspec
import pytest

from server.transfer.rows import Checker, Rejection, Row

WRITTEN = 1_793_527_200_000  # 2026-11-01T10:00:00Z
WHOLE = b'{"id":"1","contact":"ada","event":"Signed Up","at":"2026-11-01T10:00:00+01:00"}'


def sent(check: Checker, data: bytes) -> dict[str, object]:
    """Return a line as it is sent."""
    row = check.check(1, data)
    assert isinstance(row, Row)
    return msgspec.json.decode(row.data)


def test_a_whole_line_goes_as_it_stands() -> None:
    """Of a line that lacks nothing, not a byte changes."""
    assert Checker("event", None, WRITTEN).check(7, WHOLE) == Row(7, WHOLE)


def test_a_line_says_its_type() -> None:
    """The type that was said is for lines that do not say one."""
    check = Checker("contact", None, WRITTEN)

    assert sent(check, b'{"key":"ada"}') == {"key": "ada", "type": "contact"}
    assert sent(check, b'{"type":"topic","key":"ada"}') == {"type": "topic", "key": "ada"}


def test_the_event_is_for_lines_without_one() -> None:
    """The event that was said is for lines that do not name one."""
    check = Checker("event", "Seen", WRITTEN)

    assert sent(check, b'{"id":"1","contact":"ada"}')["event"] == "Seen"
    assert sent(check, WHOLE)["event"] == "Signed Up"


def test_an_event_without_an_instant_happened_when_the_file_was_written() -> None:
    """Importing a file again tells the same instants."""
    check = Checker("event", None, WRITTEN)

    told = sent(check, b'{"id":"1","contact":"ada","event":"Seen"}')

    assert told["at"] == "2026-11-01T10:00:00.000Z"


def test_an_id_is_made_of_the_line() -> None:
    """The same line has the same id in each run, another line another one."""
    ada, bob = b'{"contact":"ada","event":"Seen"}', b'{"contact":"bob","event":"Seen"}'

    first = sent(Checker("event", None, WRITTEN), ada)["id"]

    assert sent(Checker("event", None, WRITTEN + 1), ada)["id"] == first
    assert sent(Checker("event", None, WRITTEN), bob)["id"] != first


def test_equal_lines_are_events_of_their_own() -> None:
    """A line that stands twice is two events; in another order the ids are the same."""
    ada, bob = b'{"contact":"ada","event":"Seen"}', b'{"contact":"bob","event":"Seen"}'

    check, turned = Checker("event", None, 0), Checker("event", None, 0)
    ids = [sent(check, data)["id"] for data in (ada, ada, bob, ada)]
    again = [sent(turned, data)["id"] for data in (bob, ada, ada, ada)]

    assert ids[1:2] + ids[3:] == [f"{ids[0]}-1", f"{ids[0]}-2"]
    assert set(again) == set(ids)
    assert len(set(ids)) == 4


def test_an_id_depends_on_the_event_that_was_said() -> None:
    """The same line imported as two events is two events."""
    line = b'{"contact":"ada"}'

    told = {str(sent(Checker("event", name, 0), line)["id"]) for name in ("Seen", "Clicked")}

    assert len(told) == 2


def test_an_id_of_null_is_none() -> None:
    """The id that is made counts, although the name stands twice."""
    told = sent(Checker("event", None, 0), b'{"contact":"ada","event":"Seen","id":null}')

    assert isinstance(told["id"], str)


def test_a_segment_is_sent_as_it_is() -> None:
    """What an export holds of segments is imported again."""
    line = {"type": "segment", "key": "x", "name": "X", "where": {"did": {"event": "Seen"}}}

    assert sent(Checker("event", None, 0), json.dumps(line).encode()) == line


def test_the_end_of_an_export_is_no_line() -> None:
    """What an export ends with is passed over."""
    assert Checker("event", None, 0).check(9, b'{"type":"end","lines":8}') is None


@pytest.mark.parametrize(
    ("data", "message", "path"),
    [
        (b"[1]", "This is not a JSON object", ()),
        (b'"text"', "This is not a JSON object", ()),
        (b'{"contact":5,"event":"Seen"}', "`contact` must be text", ("contact",)),
        (
            b'{"contact":"a","event":"Seen","at":5}',
            "`at` must be text: write it in RFC 3339 with an offset, such as 2026-11-23T10:00:00Z",
            ("at",),
        ),
        (
            b'{"contact":"a","event":"Seen","at":"2026-11-01T10:00:00"}',
            (
                "'2026-11-01T10:00:00' is not an instant: write it in RFC 3339 with an offset, "
                "such as 2026-11-23T10:00:00Z"
            ),
            ("at",),
        ),
        (b'{"event":"Seen"}', "A line of type event must have `contact`", ("contact",)),
        (b'{"contact":"ada","event":""}', "A line of type event must have `event`", ("event",)),
        (b'{"type":"contact"}', "A line of type contact must have `key`", ("key",)),
        (
            b'{"type":"consent","contact":"ada","purpose":"mail"}',
            "A line of type consent must have `state`",
            ("state",),
        ),
        (
            b'{"type":"audience","key":"x"}',
            (
                "'audience' is not a type of line: there are event, contact, account, content, "
                "product, topic, category, consent, segment"
            ),
            ("type",),
        ),
    ],
)
def test_a_line_is_refused(data: bytes, message: str, path: tuple[str, ...]) -> None:
    """What cannot be right is told with the field, and not sent."""
    refused = Checker("event", None, 0).check(3, data)

    assert refused == Rejection(3, message, data, path, "BAD_USER_INPUT")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"x", "JSON is malformed: invalid character (byte 0)"),
        (b'{"contact":"ada"', "Input data was truncated"),
        (b'{"contact":"\xff"}', "'utf-8' codec can't decode byte 0xff in position 0"),
        (b'{"x":' + b"[" * 5000, "maximum recursion depth exceeded"),
        (b'{"key":"\\ud800"}', "Input data was truncated"),
    ],
    ids=["no JSON", "torn", "no UTF-8", "too deep", "half a character"],
)
def test_what_is_no_json_is_refused(data: bytes, reason: str) -> None:
    """What cannot be read at all is told with the reader's reason, and may be torn."""
    refused = Checker("event", None, 0).check(3, data)

    assert isinstance(refused, Rejection)
    assert refused.message.startswith(f"This is not a JSON object: {reason}")
    assert refused.torn


def test_an_instant_that_only_the_quick_reader_refuses_is_sent() -> None:
    """An instant that Segraph takes passes in each of its writings."""
    line = b'{"id":"1","contact":"ada","event":"Seen","at":"2026-11-01T10:00:00.1234567891+00:00"}'

    assert Checker("event", None, 0).check(1, line) == Row(1, line)
