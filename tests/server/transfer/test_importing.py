"""Importing: files become lines at the server, once each, and what is not taken is told."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from tests.server.transfer.command import here
from tests.server.transfer.fake_server import Status
from tests.server.transfer.files import event, events, lines_of, ndjson, written

if TYPE_CHECKING:
    from pathlib import Path

    from tests.server.transfer.fake_server import FakeServer


def test_a_file_is_imported(server: FakeServer, tmp_path: Path) -> None:
    """Each line is taken, in requests of so many; nothing stays beside the file."""
    path = written(tmp_path / "x.ndjson", ndjson(events(25)))

    ended = here("import", path, "--url", server.url, "--lines", 10)

    assert (ended.code, ended.out) == (0, f"{path}: 25 lines: 25 accepted\n")
    assert server.requests == [10, 10, 5]
    assert sorted(line["properties"]["n"] for line in server.events.values()) == list(range(25))
    assert list(tmp_path.iterdir()) == [path]


def test_importing_again_doubles_nothing(server: FakeServer, tmp_path: Path) -> None:
    """The same file, packed, in another order or as a list, tells the same events."""
    lines = [*events(25), event(3)]
    for name, content in {
        "a.ndjson": ndjson(lines),
        "b.ndjson.gz": ndjson(reversed(lines)),
        "c.json": b"[" + ndjson(lines).strip().replace(b"\n", b",\n ") + b"]",
    }.items():
        here("import", written(tmp_path / name, content), "--url", server.url)

    assert len(server.events) == 26


def test_all_types_of_line_are_imported(server: FakeServer, tmp_path: Path) -> None:
    """A file may hold all that an export holds, its end included."""
    lines = [
        {"type": "topic", "key": "pricing"},
        {"type": "content", "key": "/p", "topics": ["pricing"]},
        {"type": "contact", "key": "ada", "traits": {"plan": "pro"}},
        {"type": "consent", "contact": "ada", "purpose": "mail", "state": "GRANTED"},
        event(1),
        {"type": "end", "lines": 5},
    ]
    path = written(tmp_path / "x.ndjson", ndjson(lines))

    ended = here("import", path, "--url", server.url)

    assert (ended.code, ended.out) == (0, f"{path}: 5 lines: 1 accepted, 4 created\n")
    assert len(server.things) == 4


def test_a_table_is_imported(server: FakeServer, tmp_path: Path) -> None:
    """Columns become what is said of them."""
    path = written(tmp_path / "x.csv", b"who,when,page,price\nada,2026-11-01,/p,2.5\n")
    said = ["who=contact", "when=at", "page=about.content"]

    ended = here(
        *("import", path, "--url", server.url, "--event", "Seen", "--zone", "UTC"),
        *(word for each in said for word in ("--map", each)),
    )

    (told,) = server.events.values()
    assert ended.code == 0
    assert told == {
        "contact": "ada",
        "at": "2026-11-01T00:00:00.000Z",
        "about": {"content": "/p"},
        "properties": {"price": 2.5},
        "event": "Seen",
        "id": told["id"],
    }


def test_rejected_lines_are_told(server: FakeServer, tmp_path: Path) -> None:
    """What is refused here and there stands in one file, in order; the rest is taken."""
    lines = ndjson(events(4)) + b"nonsense\n" + ndjson([event(5), {"event": "Seen"}])
    path = written(tmp_path / "x.ndjson", lines)
    server.reject = lambda line: (
        ("CONFLICT", "it was another", ["id"]) if line["properties"]["n"] in {1, 5} else None
    )

    ended = here("import", path, "--url", server.url, "--json")

    rejects = tmp_path / "x.ndjson.rejects.ndjson"
    assert ended.code == 1
    assert ended.result["files"] == [
        {
            "file": str(path),
            "resumedAfter": 0,
            "rejects": str(rejects),
            "lines": 7,
            "accepted": 3,
            "duplicates": 0,
            "created": 0,
            "updated": 0,
            "unchanged": 0,
            "rejected": 4,
        }
    ]
    assert [(line["line"], line["code"], line["path"]) for line in lines_of(rejects)] == [
        (2, "CONFLICT", ["id"]),
        (5, "BAD_USER_INPUT", []),
        (6, "CONFLICT", ["id"]),
        (7, "BAD_USER_INPUT", ["contact"]),
    ]


def test_rejects_of_an_earlier_import_are_gone(server: FakeServer, tmp_path: Path) -> None:
    """The file tells of this import; where all is taken there is none."""
    path = written(tmp_path / "x.ndjson", ndjson(events(3)))
    written(tmp_path / "x.ndjson.rejects.ndjson", b"{}\n")

    here("import", path, "--url", server.url)

    assert list(tmp_path.iterdir()) == [path]


def test_an_import_goes_on_where_it_stood(server: FakeServer, tmp_path: Path) -> None:
    """What was settled is not sent again, and what was rejected is told once."""
    path = written(tmp_path / "x.ndjson", ndjson([*events(25), event(3)]))
    arguments = ("import", path, "--url", server.url, "--lines", 10, "--json")
    server.reject = lambda line: ("NO", "no", []) if line["properties"]["n"] == 3 else None
    server.answers.extend([None, Status(400, "broken")])

    first = here(*arguments)
    again = here(*arguments)

    assert (first.code, again.code) == (2, 1)
    assert (first.result["lines"], first.result["error"]["code"]) == (10, "REFUSED")
    assert again.err == f"{path}: going on after line 10; --restart begins anew\n"
    assert [again.result[name] for name in ("lines", "accepted", "rejected")] == [26, 24, 2]
    assert again.result["files"][0]["resumedAfter"] == 10
    assert server.requests == [10, 10, 6]
    rejected = lines_of(tmp_path / "x.ndjson.rejects.ndjson")
    assert [line["line"] for line in rejected] == [4, 26]
    assert rejected[1]["row"]["id"] == rejected[0]["row"]["id"] + "-1"
    assert not (tmp_path / "x.ndjson.segraph-import").exists()


def test_files_that_are_done_are_not_sent_again(server: FakeServer, tmp_path: Path) -> None:
    """Of several files the one that broke goes on; the states go when all are done."""
    one = written(tmp_path / "one.ndjson", ndjson(events(5)))
    two = written(tmp_path / "two.ndjson", ndjson([event(n) for n in range(5, 30)]))
    state = tmp_path / "state"
    state.mkdir()
    arguments = ("import", one, two, "--url", server.url, "--lines", 10, "--state", state)
    server.reject = lambda line: ("NO", "no", []) if line["properties"]["n"] in {4, 8} else None
    server.answers.extend([None, None, Status(400)])
    rejects = tmp_path / "rejects"

    first = here(*arguments, "--rejects", rejects)
    kept = len(list(state.iterdir()))
    again = here(*arguments, "--rejects", rejects)

    assert (first.code, kept, again.code) == (2, 2, 1)
    assert server.requests == [5, 10, 10, 5]
    assert [line["line"] for line in lines_of(rejects)] == [5, 4]
    assert list(state.iterdir()) == []


def test_an_import_may_begin_anew(server: FakeServer, tmp_path: Path) -> None:
    """With --restart all lines are sent again; none is doubled."""
    path = written(tmp_path / "x.ndjson", ndjson(events(25)))
    arguments = ("import", path, "--url", server.url, "--lines", 10)
    server.answers.extend([None, Status(400)])
    here(*arguments)

    ended = here(*arguments, "--restart")

    assert (ended.code, ended.out) == (0, f"{path}: 25 lines: 15 accepted, 10 duplicates\n")


def test_another_import_of_a_file_that_stands_is_refused(
    server: FakeServer, tmp_path: Path
) -> None:
    """Other options would make other events of the same lines; nothing is sent."""
    path = written(tmp_path / "x.ndjson", ndjson(events(25)))
    server.answers.extend([None, Status(400)])
    here("import", path, "--url", server.url, "--lines", 10)

    ended = here("import", path, "--url", server.url, "--event", "Seen")

    assert ended.code == 2
    assert f"The import of {path} was begun with other options" in ended.err
    assert server.requests == [10]


@pytest.mark.parametrize("keep", [0.4, 0.9])
def test_a_cut_file_gives_its_whole_lines_and_goes_on(
    server: FakeServer, tmp_path: Path, keep: float
) -> None:
    """Of a packed file that is cut all whole lines are taken; made whole, the rest follows."""
    plain = ndjson(events(20_000))
    packed = gzip.compress(plain)
    path = tmp_path / "x.ndjson.gz"
    path.write_bytes(packed[: int(len(packed) * keep)])
    arguments = ("import", path, "--url", server.url, "--lines", 1000)

    cut = here(*arguments, "--json")
    taken = len(server.events)
    path.write_bytes(packed)
    whole = here(*arguments, "--json")

    assert cut.code == 2
    assert cut.result["error"]["code"] == "BROKEN_FILE"
    assert cut.err.startswith(
        f"segraph: {path} breaks off in line {taken + 1}: the gzip file is cut; "
    )
    assert taken > 20_000 * (keep - 0.2)
    assert (whole.code, whole.result["accepted"], whole.result["duplicates"]) == (0, 20_000, 0)
    assert whole.result["files"][0]["resumedAfter"] == taken
    assert len(server.events) == 20_000


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["gone.ndjson"], "gone.ndjson cannot be opened: No such file or directory"),
        (["x.ndjson", "./x.ndjson"], "x.ndjson is named twice"),
        (
            ["x.ndjson", "--rejects", "x.ndjson"],
            "--rejects is 'x.ndjson', which is to be imported; name another file",
        ),
        (
            ["x.ndjson", "--type", "contact", "--event", "Seen"],
            "--event is for rows of type event, and --type is 'contact'",
        ),
        (
            ["x.ndjson", "--delimiter", "ab"],
            "--delimiter is 'ab'; it must be a single character",
        ),
        (
            ["x.ndjson", "--zone", "Mars/Phobos"],
            "--zone: 'Mars/Phobos' is not a time zone: use an IANA name such as Europe/Berlin",
        ),
        (["x.ndjson", "--url", "x"], "--url is 'x'; it must be an address such as"),
        (["x.ndjson", "--state", "gone"], "--state names another folder"),
    ],
)
def test_what_cannot_be_done_is_named(
    server: FakeServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    message: str,
) -> None:
    """The exit code is 2, and the message has the thing and the way out."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SEGRAPH_URL", server.url)
    written(tmp_path / "x.ndjson", ndjson(events(3)))

    ended = here("import", *arguments)

    assert ended.code == 2
    assert message in ended.err
    assert (tmp_path / "x.ndjson").read_bytes() == ndjson(events(3))


def test_a_dry_run_sends_nothing(tmp_path: Path) -> None:
    """Mapping, first line and problems are shown; no server is needed, no file is made."""
    path = written(tmp_path / "x.csv", b"contact,page,note\nada,/p,x\n,/q,y\n")
    said = ("--map", "page=about.content", "--map", "note=", "--event", "Seen")

    ended = here("import", path, "--dry-run", *said)

    head, *rest = ended.out.splitlines()
    assert (ended.code, ended.err) == (1, "")
    assert head == f"{path}: 2 lines, 1 would be rejected here"
    assert rest[:3] == ["  contact → contact", "  page → about.content", "  note → (left out)"]
    assert rest[3].startswith('  first line: {"contact":"ada","about":{"content":"/p"}')
    assert rest[4:] == ["  line 3: A line of type event must have `contact`"]
    assert list(tmp_path.iterdir()) == [path]


def test_a_dry_run_tells_as_json(tmp_path: Path) -> None:
    """The same for programs; of many problems the first ten."""
    path = written(tmp_path / "x.ndjson", b"{}\n" * 6000 + ndjson([event(1, id="1")]))

    ended = here("import", path, "--dry-run", "--json")

    (told,) = ended.result["files"]
    assert ended.code == 1
    assert (ended.result["lines"], ended.result["rejected"]) == (6001, 6000)
    assert (told["columns"], told["first"]) == (None, event(1, id="1"))
    assert [each["line"] for each in told["problems"]] == list(range(1, 11))


def test_a_dry_run_of_a_broken_file_is_told(tmp_path: Path) -> None:
    """What cannot be read cannot be imported."""
    path = written(tmp_path / "x.json", b"[")

    ended = here("import", path, "--dry-run")

    assert (ended.code, ended.out) == (2, "")
    assert ended.err == f"segraph: {path} is not a whole JSON list: Input data was truncated\n"
