"""The page at `/`: GraphiQL with all that it loads, from files of our own."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

if TYPE_CHECKING:
    from starlette.requests import Request

FOLDER: Final = Path(__file__).parent / "web"
"""The built page; what compresses is kept compressed alone."""

_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
}

# Nothing from elsewhere, and nothing inline but styles, which the editor writes as it goes.
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; worker-src 'self' blob:; connect-src 'self'; "
    "style-src 'self' 'unsafe-inline'; font-src 'self' data:; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS: Final = {
    "content-security-policy": _POLICY,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "vary": "accept-encoding",
    "x-content-type-options": "nosniff",
}


@dataclass(frozen=True, slots=True)
class _File:
    """A file as it is sent."""

    content: bytes
    compressed: bool
    headers: Mapping[str, str]

    def answer(self, request: Request) -> Response:
        """Return it in a form that the client takes, or that the client has it."""
        if self.headers["etag"] in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=self.headers)
        if not self.compressed:
            return Response(self.content, headers=self.headers)
        if "gzip" in request.headers.get("accept-encoding", ""):
            return Response(self.content, headers={**self.headers, "content-encoding": "gzip"})
        return Response(gzip.decompress(self.content), headers=self.headers)


def routes() -> list[Route]:
    """Return the page and what it loads."""
    return [Route("/", _page), Route("/assets/{name}", _asset)]


# Neither is async: files are read and unpacked in a thread.
def _page(request: Request) -> Response:
    return _files()["index.html"].answer(request)


def _asset(request: Request) -> Response:
    file = _files().get(f"assets/{request.path_params['name']}")
    return file.answer(request) if file else PlainTextResponse("Not Found", 404)


@cache
def _files() -> Mapping[str, _File]:
    """Return by its name all that is sent; no other file of the folder is."""
    sent = [FOLDER / "index.html.gz", *(FOLDER / "assets").iterdir()]
    return dict(_read(path) for path in sent)


def _read(path: Path) -> tuple[str, _File]:
    content, compressed = path.read_bytes(), path.suffix == ".gz"
    name = path.relative_to(FOLDER).as_posix().removesuffix(".gz")
    # A name in assets/ tells what is in the file: another content has another name.
    lasting = "public, max-age=31536000, immutable" if name.startswith("assets/") else "no-cache"
    headers = {
        **_HEADERS,
        "cache-control": lasting,
        "content-type": _TYPES[Path(name).suffix],
        "etag": f'W/"{hashlib.sha256(content).hexdigest()[:32]}"',
    }
    return name, _File(content, compressed, headers)
