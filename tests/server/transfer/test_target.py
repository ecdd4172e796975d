"""Target: the option wins over the variable, and a wrong address is refused."""

from __future__ import annotations

import pytest

from server.transfer import target
from server.transfer.failures import WrongOption


@pytest.fixture(autouse=True)
def _no_variable(monkeypatch: pytest.MonkeyPatch) -> None:  # pyright: ignore[reportUnusedFunction]
    monkeypatch.delenv(target.VARIABLE, raising=False)


def test_without_a_word_it_is_this_machine() -> None:
    """A server that runs with no setting is found with none."""
    with target.server(None) as url:
        assert url == "http://127.0.0.1:8000"


def test_the_option_wins_over_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable is for when nothing is said; a slash at the end is none."""
    monkeypatch.setenv(target.VARIABLE, "https://segraph.example.com/")

    assert target.server_url(None) == "https://segraph.example.com"
    assert target.server_url("http://[::1]:9000") == "http://[::1]:9000"


@pytest.mark.parametrize("url", ["127.0.0.1:8000", "bolt://localhost", "http://", "http://a:x"])
def test_a_wrong_address_is_refused(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names where it came from, and what it may be."""
    monkeypatch.setenv(target.VARIABLE, url)
    tail = f"is '{url}'; it must be an address such as http://127.0.0.1:8000"

    with pytest.raises(WrongOption) as by_option:
        target.server_url(url)
    with pytest.raises(WrongOption) as by_variable:
        target.server_url(None)

    assert by_option.value.message == f"--url {tail}"
    assert by_variable.value.message == f"SEGRAPH_URL {tail}"
