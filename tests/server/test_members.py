"""Members as a file: stable order, of one instant, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any, cast

import httpx2
import pytest

from graph import snapshot
from graph.times import instant_text
from server.app import application
from server.settings import Settings
from tests.resolvers.saving import EVENTS, ORDERED, archive, built, save
from tests.server.live import listening

if TYPE_CHECKING:
    from graph.clock import FixedClock
    from tests.server.live import Live

pytestmark = pytest.mark.engine

STARTED = "2026-03-10T12:00:00.000Z"
ORDER = {"contact": "zoe", "event": "Order Completed", "id": "9", "at": "2026-03-01T00:00:00Z"}
BOUGHT = {"event": "Bought", "id": "9", "at": "2026-03-01T00:00:00Z"}
NO_FORMAT = (
    "'/export/segments/ordered.xlsx' ends in no format that members are written in: .csv or .ndjson"
)


@pytest.fixture(autouse=True, scope="module")
def told(live: Live) -> None:
    """Tell of contacts whose traits a spreadsheet would run, and save who ordered."""
    traits = {
        "email": "=cmd|'/c calc'!A0",
        "name": 'Ann "the, one"\nof us',
        "since": "+49 30 1",
        "vip": True,
        "score": -1.5,
        "tags": ["a", "b"],
        "seen": "2026-03-01",
    }
    live.load(
        *EVENTS,
        {"type": "contact", "key": "ann", "traits": traits, "at": "2026-03-01T00:00:00Z"},
        {"type": "contact", "key": "@bob", "traits": {"-x": 1}, "at": "2026-03-01T00:00:00Z"},
        {**ORDER, "contact": "@bob"},
    )
    save(live, "ordered", ORDERED)
    built(live, "ordered")


def get(live: Live, file: str, **headers: str) -> httpx2.Response:
    """Return the answer to who asks for a file of members."""
    return live.http.get(f"/export/segments/{file}", headers=headers)


def later(live: Live, key: str, response: httpx2.Response) -> list[str]:
    """Return whom the log tells of after what a file holds."""
    query = """query($key: String!, $after: String) {
      segment(key: $key) { changes(after: $after) { nodes { contactKey } } } }"""
    found = live.ask(query, key=key, after=response.headers["segraph-cursor"])
    nodes: list[dict[str, Any]] = found["segment"]["changes"]["nodes"]
    return [each["contactKey"] for each in nodes]


def problem(response: httpx2.Response) -> tuple[int, str, str]:
    """Return the status, code and message of a problem."""
    body = response.json()
    return response.status_code, body["code"], body["message"]


def test_lines_have_key_since_and_traits(live: Live) -> None:
    """They come in the order of keys, each trait as it was told."""
    response = get(live, "ordered.ndjson")
    found = [json.loads(line) for line in response.text.splitlines()]

    assert response.headers["content-type"] == "application/x-ndjson"
    assert response.headers["segraph-as-of"] == instant_text(live.segmentation.clock.now())
    assert found == [
        {"key": "@bob", "since": STARTED, "traits": {"-x": 1}},
        {
            "key": "ann",
            "since": STARTED,
            "traits": {
                "email": "=cmd|'/c calc'!A0",
                "since": "+49 30 1",
                "name": 'Ann "the, one"\nof us',
                "score": -1.5,
                "seen": "2026-03-01",
                "tags": ["a", "b"],
                "vip": True,
            },
        },
        {"key": "bob", "since": STARTED, "traits": {}},
    ]


def test_no_cell_of_a_table_is_run(live: Live) -> None:
    """A text that begins as a formula is quoted, a header too; a number stays a number."""
    response = get(live, "ordered.csv")
    found = list(csv.reader(io.StringIO(response.text)))

    assert response.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    assert found == [
        ["key", "since", "'-x", "email", "name", "score", "seen", "traits.since", "tags", "vip"],
        ["'@bob", STARTED, "1", *[""] * 7],
        [
            *("ann", STARTED, "", "'=cmd|'/c calc'!A0", 'Ann "the, one"\nof us', "-1.5"),
            *("2026-03-01", "'+49 30 1", '["a","b"]', "true"),
        ],
        ["bob", STARTED, *[""] * 8],
    ]


def test_a_file_is_packed_for_who_takes_it(live: Live) -> None:
    """The same text comes with gzip and without."""
    plain = get(live, "ordered.csv", **{"accept-encoding": "identity"})
    with live.http.stream(
        "GET", "/export/segments/ordered.csv", headers={"accept-encoding": "gzip"}
    ) as packed:
        packed.read()

    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.text == plain.text


def test_a_file_has_its_name(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the segment is called; `HEAD` gives the headers alone, and reads no member."""
    save(live, "ünder one/two", ORDERED)
    built(live, "ünder one/two")
    there = "/export/segments/%C3%BCnder%20one%2Ftwo.csv"
    given = live.http.get(there)
    monkeypatch.setattr(snapshot, "PAGE", "no statement")
    head = live.http.head(there)

    assert given.headers["content-disposition"] == (
        "attachment; filename*=UTF-8''%C3%BCnder%20one%2Ftwo.csv"
    )
    assert (head.status_code, head.content) == (200, b"")
    assert "content-length" not in head.headers
    assert {**head.headers, "date": ""}.items() <= {**given.headers, "date": ""}.items()


def test_a_page_of_another_origin_reads_the_cursor(live: Live) -> None:
    """Headers that are not exposed are hidden from it."""
    app = "https://app.example.com"
    settings = Settings(allowed_origins=(app,))
    asked = {"origin": app}
    with listening(application(live.segmentation, settings)) as url:
        given = httpx2.get(f"{url}/livez", headers=asked)

    exposed = given.headers["access-control-expose-headers"].split(", ")
    assert exposed == ["Segraph-As-Of", "Segraph-Cursor", "Content-Disposition"]


def test_a_file_that_cannot_be_written_says_why(live: Live) -> None:
    """Unknown segments and formats, archived ones and those being built are told apart."""
    save(live, "gone", ORDERED)
    built(live, "gone")
    archive(live, "gone")
    near = problem(get(live, "order.csv"))

    assert near[:2] == (404, "SEGMENT_NOT_FOUND")
    assert near[2].startswith("There is no segment 'order'; did you mean 'ordered'")
    assert problem(get(live, "gone.ndjson")) == (
        409,
        "SEGMENT_NOT_LIVE",
        "The segment 'gone' is archived; save it again to use it",
    )
    assert problem(get(live, "ordered.xlsx")) == (400, "BAD_USER_INPUT", NO_FORMAT)
    assert problem(get(live, "ordered"))[0] == 400


def test_a_file_is_of_one_instant(live: Live) -> None:
    """Who comes or goes while it is read is not in it, and is found after its cursor."""
    live.load(*({**BOUGHT, "contact": f"many-{n:03}"} for n in range(600)))
    save(live, "many", {"did": {"event": "Bought", "atMost": 1}})
    built(live, "many")

    with live.http.stream("GET", "/export/segments/many.ndjson") as response:
        first = response.iter_lines()
        lines = [next(first)]
        cast("FixedClock", live.segmentation.clock).advance(1)
        late = {"at": "2026-03-10T12:00:00.001Z", "id": "late"}
        live.load({**BOUGHT, **late, "contact": "many-599"})
        live.load({**BOUGHT, **late, "contact": "zzz"})
        lines += first
    keys = [json.loads(line)["key"] for line in lines]

    assert keys == sorted(keys)
    assert keys[-1] == "many-599"
    assert later(live, "many", response) == ["many-599", "zzz"]
