"""The page's files: sent with their types, kept by browsers, and nothing else is sent."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from graphql import OperationDefinitionNode, build_schema, parse, validate
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from server import pages
from tests.house import tree

QUERIES = tree.ROOT / "web" / "src" / "queries"
NAMES = [path.name for path in (pages.FOLDER / "assets").iterdir()]


@pytest.fixture
def client() -> TestClient:
    """Return a client of the pages alone."""
    return TestClient(Starlette(routes=pages.routes()))


@pytest.mark.parametrize("prefix", ["", "/behind/a/proxy"])
def test_the_page_loads_only_what_is_beside_it(prefix: str) -> None:
    """The page names its files from where it is itself, under any prefix, and has no code in it."""
    client = TestClient(Starlette(routes=[Mount(prefix, routes=pages.routes())]))

    page = client.get(f"{prefix}/")

    named = re.findall(r'(?:src|href)="([^"]*)"', page.text)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert len(named) >= 3
    assert [name for name in named if not re.fullmatch(r"\./assets/[\w.-]+", name)] == []
    assert [client.get(f"{prefix}/{name}").status_code for name in named] == [200] * len(named)
    assert re.findall(r"<script(?![^>]*\ssrc=)", page.text) == []


def test_the_page_says_what_a_browser_may_do(client: TestClient) -> None:
    """Code and data come from this origin alone, and nobody frames the page."""
    headers = client.get("/").headers

    rules = dict(rule.split(" ", 1) for rule in headers["content-security-policy"].split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["connect-src"] == "'self'"
    assert rules["worker-src"] == "'self' blob:"
    assert rules["frame-ancestors"] == "'none'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_the_page_is_asked_for_anew_and_its_files_are_kept(client: TestClient) -> None:
    """A new version is seen at once; a file whose name tells its content is asked for once."""
    assert client.get("/").headers["cache-control"] == "no-cache"
    assert {client.get(f"/assets/{_sent(name)}").headers["cache-control"] for name in NAMES} == {
        "public, max-age=31536000, immutable"
    }


@pytest.mark.parametrize(
    ("ending", "kind"),
    [
        (".js", "text/javascript; charset=utf-8"),
        (".css", "text/css; charset=utf-8"),
        (".ttf", "font/ttf"),
        (".svg", "image/svg+xml"),
    ],
)
def test_files_have_their_types(client: TestClient, ending: str, kind: str) -> None:
    """Each file is sent as what it is."""
    found = [_sent(name) for name in NAMES if _sent(name).endswith(ending)]

    assert found
    assert {client.get(f"/assets/{name}").headers["content-type"] for name in found} == {kind}


@pytest.mark.parametrize("accepted", ["gzip, deflate, br", "identity", ""])
@pytest.mark.parametrize("name", ["/", *(f"/assets/{name.removesuffix('.gz')}" for name in NAMES)])
def test_every_client_gets_the_same_file(client: TestClient, name: str, accepted: str) -> None:
    """Who takes gzip gets it so, who does not gets the same bytes plain."""
    answer = client.get(name, headers={"accept-encoding": accepted})

    stored = pages.FOLDER / ("index.html" if name == "/" else name[1:])
    packed = Path(f"{stored}.gz")
    plain = gzip.decompress(packed.read_bytes()) if packed.exists() else stored.read_bytes()
    assert answer.content == plain
    assert ("content-encoding" in answer.headers) == (packed.exists() and "gzip" in accepted)
    assert answer.headers["vary"] == "accept-encoding"


@pytest.mark.parametrize("name", ["/", f"/assets/{NAMES[0].removesuffix('.gz')}"])
def test_what_a_browser_has_is_not_sent_again(client: TestClient, name: str) -> None:
    """A browser that has the file is told so; with another version of it, it gets the new one."""
    first = client.get(name)

    same = client.get(name, headers={"if-none-match": first.headers["etag"]})
    other = client.get(name, headers={"if-none-match": 'W/"other"'})
    assert (same.status_code, same.content) == (304, b"")
    assert same.headers["cache-control"] == first.headers["cache-control"]
    assert (other.status_code, other.content) == (200, first.content)


@pytest.mark.parametrize(
    "path",
    [
        "/assets/nothing.js",
        "/assets/",
        "/assets",
        "/index.html",
        "/licences.md",
        "/sources.sha256",
        f"/assets/{next(name for name in NAMES if name.endswith('.gz'))}",
        "/assets/../pages.py",
        "/assets/%2e%2e/%2e%2e/pages.py",
        "/assets/..%2f..%2fpages.py",
        "/assets/..%5c..%5cpages.py",
        "/assets/%2fetc%2fpasswd",
        "/assets/%00",
    ],
)
def test_no_other_file_is_sent(client: TestClient, path: str) -> None:
    """A name that is none of the page's is unknown, wherever it points."""
    assert client.get(path).status_code == 404


def test_the_page_is_only_read(client: TestClient) -> None:
    """Nothing is sent to the page."""
    assert client.post("/").status_code == 405
    assert client.head("/").content == b""


@pytest.mark.parametrize("path", sorted(QUERIES.iterdir()), ids=lambda path: path.stem)
def test_each_tab_is_valid(path: Path) -> None:
    """A tab holds named operations that the schema takes; a single one is named as its file is."""
    document = parse(path.read_text(encoding="utf-8"))

    operations = [
        each for each in document.definitions if isinstance(each, OperationDefinitionNode)
    ]
    names = [each.name.value for each in operations if each.name is not None]
    assert len(names) == len(operations) > 0
    assert len(names) > 1 or names == [path.stem.title().replace("-", "")]
    assert validate(build_schema(tree.text("schema/schema.graphql")), document) == []


def _sent(name: str) -> str:
    return name.removesuffix(".gz")
