"""The project's tree as the house tests see it."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).parents[2]
PACKAGES = ("graph", "resolvers", "schema", "server")
BUILT = ("server/web/",)


@cache
def files() -> tuple[str, ...]:
    """Return the paths of all files that are kept, or would be at the next commit."""
    listed = run("git", "ls-files", "--cached", "--others", "--exclude-standard")
    return tuple(sorted(name for name in listed.splitlines() if (ROOT / name).is_file()))


def sources(*under: str) -> tuple[str, ...]:
    """Return the paths of all Python files in these top-level folders, or in all."""
    return tuple(
        name
        for name in files()
        if name.endswith(".py") and (not under or name.partition("/")[0] in under)
    )


def text(name: str) -> str:
    """Return what stands in a file; what is no text in it is replaced."""
    return (ROOT / name).read_text(encoding="utf-8", errors="replace")


def parsed(name: str) -> ast.Module:
    """Return a Python file as a tree."""
    return ast.parse(text(name))


def imported(name: str) -> set[str]:
    """Return the top-level packages that a Python file imports."""
    found: set[str] = set()
    for node in ast.walk(parsed(name)):
        match node:
            case ast.Import():
                found |= {alias.name.partition(".")[0] for alias in node.names}
            case ast.ImportFrom(module=str(module)):
                found.add(module.partition(".")[0])
            case _:
                pass
    return found


@cache
def project() -> Mapping[str, Any]:
    """Return pyproject.toml."""
    return tomllib.loads(text("pyproject.toml"))


def run(
    command: str, *arguments: str, folder: Path = ROOT, environ: Mapping[str, str] | None = None
) -> str:
    """Run a command of the machine or of this Python's environment; return its standard output."""
    path = shutil.which(command, path=str(Path(sys.executable).parent)) or shutil.which(command)
    assert path is not None, f"{command} is not installed"
    ended = subprocess.run(  # noqa: S603 - commands of the tests themselves
        [path, *arguments],
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert ended.returncode == 0, f"{command} {arguments}: {ended.stdout}\n{ended.stderr}"
    return ended.stdout
