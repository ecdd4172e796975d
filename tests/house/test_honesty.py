"""Tests run, all of them, and on the real thing."""

from __future__ import annotations

import ast

import pytest

from tests.house import tree

LEFT_OUT = {"skip", "skipif", "skipTest", "xfail", "importorskip"}
FAKED = {"mock", "unittest", "unittest.mock", "pytest_mock", "doctest"}


def left_out(code: ast.AST) -> list[str]:
    """Return the lines by which a test may be left out, or the real thing be replaced."""
    return [
        f"{node.lineno}: {ast.unparse(node)}"
        for node in ast.walk(code)
        if isinstance(node, ast.Attribute | ast.Import | ast.ImportFrom) and _is_banned(node)
    ]


def _is_banned(node: ast.Attribute | ast.Import | ast.ImportFrom) -> bool:
    match node:
        case ast.Attribute():
            owner = ast.unparse(node.value)
            return node.attr in LEFT_OUT and owner in {"pytest", "pytest.mark", "mark", "self"}
        case ast.Import():
            return any(name.name in FAKED for name in node.names)
        case ast.ImportFrom():
            names = {name.name for name in node.names}
            return node.module in FAKED or (node.module == "pytest" and bool(names & LEFT_OUT))


def test_no_test_is_left_out() -> None:
    """No test is skipped, expected to fail, or run on a mock."""
    found = {name: left_out(tree.parsed(name)) for name in tree.sources("tests")}

    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "line",
    [
        "pytest.skip('no graph')",
        "pytest.mark.xfail(strict=True)",
        "from pytest import importorskip",
        "from unittest.mock import patch",
        "import unittest",
    ],
)
def test_leaving_out_is_seen(line: str) -> None:
    """Each way to leave a test out, or to fake, is recognised."""
    assert left_out(ast.parse(line)) == [f"1: {line.partition('(')[0]}"]


def test_nothing_is_left_out_by_configuration() -> None:
    """The settings of pytest leave no test out, and a warning fails, but for the driver's one."""
    settings = tree.project()["tool"]["pytest"]

    assert settings["filterwarnings"] == ["error", "ignore:unclosed <socket:ResourceWarning"]
    assert settings["strict"] is True
    assert not {"-k", "-m", "--ignore", "--deselect"} & set(settings["addopts"])
