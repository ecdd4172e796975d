"""When a message is posted again, and which secrets may be given."""

from __future__ import annotations

import random
from typing import Final

import pytest

from graph import errors, times
from server.webhooks import secrets
from server.webhooks.schedule import JITTER, pause, retry_after

NOW: Final = times.read_instant("2026-03-10T12:00:00Z")


@pytest.mark.parametrize(
    ("failures", "expected"),
    list(
        enumerate(["PT5S", "PT5M", "PT30M", "PT2H", "PT5H", "PT10H", "PT14H", "PT20H", "PT24H"], 1)
    ),
)
def test_pauses_are_the_standards(failures: int, expected: str) -> None:
    """Each is as long as it says, and by chance up to a tenth longer."""
    least = times.read_duration(expected)
    found = [pause(failures, None, random.Random(n)) or 0 for n in range(100)]  # noqa: S311 - no secret

    assert least <= min(found) < max(found) <= least * (1 + JITTER)
    assert max(found) > least * (1 + JITTER / 2)


def test_after_the_tenth_attempt_there_is_none() -> None:
    """Whatever the receiver asks for."""
    assert pause(10, 1000, random.Random(1)) is None  # noqa: S311 - no secret


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("0", 0),
        (" 90 ", 90_000),
        ("Tue, 10 Mar 2026 12:01:00 GMT", 60_000),
        ("Tue, 10 Mar 2026 11:00:00 GMT", 0),
        ("Tuesday, 10-Mar-26 12:01:00 GMT", 60_000),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("٣", None),
        ("9" * 4000, 999_999_999_999_000),
        (None, None),
    ],
)
def test_retry_after_is_read(header: str | None, expected: int | None) -> None:
    """In seconds or as a date; what is neither asks for nothing."""
    assert retry_after(header, NOW) == expected


def test_secrets_are_of_24_to_64_bytes() -> None:
    """Those that are made, and those that are given, in the standard's form."""
    made = {secrets.made() for _ in range(10)}
    assert len(made) == 10
    assert {secrets.read(each) for each in made} == made
    for raw in ("", "whsec_", "whsec_!!", "x" * 40, f"whsec_{'A' * 28}", f"whsec_{'A' * 88}"):
        with pytest.raises(errors.BadInput) as refused:
            secrets.read(raw)
        assert refused.value.path == ("secret",)
        assert "A" * 28 not in refused.value.message
