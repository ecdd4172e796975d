"""No body that anybody may send ends in a 5xx."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from tests.server.live import Live

pytestmark = pytest.mark.engine

leaves = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
names = st.sampled_from(
    ["query", "variables", "where", "all", "did", "event", "contact", "type", "key", "at", "about"]
)
values = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=4)
)
QUERY = "query($where: Condition!) { audience(where: $where) { count text warnings { code } } }"


def _fits(value: object) -> bool:
    try:
        msgspec.json.encode(value)
    except (OverflowError, UnicodeEncodeError, msgspec.MsgspecError):
        return False
    return True


def _body(value: object) -> bytes:
    body = {"query": QUERY, "variables": {"where": value}}
    return msgspec.json.encode(body) if _fits(body) else b"[]"


bodies = (
    st.binary(max_size=100)
    | values.map(lambda value: msgspec.json.encode(value) if _fits(value) else b"{")
    | values.map(_body)
)


@given(body=bodies)
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
def test_no_body_is_a_fault(live: Live, body: bytes) -> None:
    """Neither GraphQL nor an import answers 5xx, nor an internal error."""
    headers = {"content-type": "application/json"}
    for path in ("/graphql", "/import"):
        response = live.http.post(path, content=body, headers=headers)

        assert response.status_code < 500, response.text
        assert '"INTERNAL"' not in response.text
