"""The wheel: what it ships, and that it installs and runs where nothing else is."""

from __future__ import annotations

import os
import shutil
import venv
import zipfile
from typing import TYPE_CHECKING

import pytest

from tests.house import image, tree

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

pytestmark = pytest.mark.process

# Variables by which a Python would see more than its own environment.
STRANGE = ("PYTHON", "COVERAGE_", "SEGRAPH_")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the wheel, built from the tree."""
    folder = tmp_path_factory.mktemp("dist")
    tree.run("pyproject-build", "--wheel", "--no-isolation", "--outdir", str(folder))
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """Return the variables of an environment in which the Dockerfile's installs have run."""
    folder = tmp_path_factory.mktemp("machine")
    venv.create(folder / "python", with_pip=True)
    commands = folder / "python" / "bin"
    environ = {
        **{name: text for name, text in os.environ.items() if not name.startswith(STRANGE)},
        "VIRTUAL_ENV": str(folder / "python"),
        "PATH": f"{commands}{os.pathsep}{os.environ['PATH']}",
        "COLUMNS": "200",
    }
    for step in image.instructions():
        match step.name, step.items:
            case "COPY", (*names, _):
                for name in names:
                    _copy(name, folder / "src")
            case "RUN", ("pip", *arguments):
                tree.run(str(commands / "pip"), *arguments, folder=folder / "src", environ=environ)
            case _:
                pass
    return environ


def _copy(name: str, folder: Path) -> None:
    for each in tree.files():
        if each == name or each.startswith(f"{name}/"):
            (folder / each).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(tree.ROOT / each, folder / each)


def test_the_wheel_ships_the_packages_and_nothing_else(wheel: Path) -> None:
    """The wheel holds each file of the four packages, its own metadata, and nothing besides."""
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    ours = {name for name in tree.files() if name.partition("/")[0] in tree.PACKAGES}
    metadata = {name for name in names if name.partition("/")[0].endswith(".dist-info")}

    assert names - metadata == ours
    assert len({name.partition("/")[0] for name in metadata}) == 1


def test_the_wheel_has_a_command_and_a_licence(wheel: Path) -> None:
    """The wheel brings the command `segraph` and the licence's text."""
    with zipfile.ZipFile(wheel) as archive:
        texts = {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}

    assert texts["entry_points.txt"].decode().split() == [
        "[console_scripts]",
        "segraph",
        "=",
        "server.cli:main",
    ]
    assert texts["licenses/LICENSE"] == (tree.ROOT / "LICENSE").read_bytes()


@pytest.fixture(scope="module")
def told_by_the_image(
    machine: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, str]:
    """Return the help that the image's entry point gives, and the help of its command."""
    (entry,) = image.instructions("ENTRYPOINT")
    command, subcommand, *_ = entry.items
    folder = tmp_path_factory.mktemp("empty")
    program = f"{machine['VIRTUAL_ENV']}/bin/{command}"
    return (
        tree.run(program, "--help", folder=folder, environ=machine),
        tree.run(program, subcommand, "--help", folder=folder, environ=machine),
    )


def test_the_image_runs_its_command(told_by_the_image: tuple[str, str]) -> None:
    """What the Dockerfile installs knows the options that its entry point gives."""
    (entry,) = image.instructions("ENTRYPOINT")
    options = [word for word in entry.items if word.startswith("--")]

    assert options
    assert [option for option in options if option not in told_by_the_image[1]] == []


def test_the_wheel_works_from_an_empty_folder(
    wheel: Path, machine: Mapping[str, str], told_by_the_image: tuple[str, str], tmp_path: Path
) -> None:
    """Installed over what the image had, the wheel says the same where none of its sources are."""
    commands = f"{machine['VIRTUAL_ENV']}/bin"
    tree.run(
        *(f"{commands}/pip", "install", "--no-deps", "--force-reinstall", str(wheel)),
        folder=tmp_path,
        environ=machine,
    )

    told = tree.run(f"{commands}/segraph", "--help", folder=tmp_path, environ=machine)
    place = tree.run(
        *(f"{commands}/python", "-c", "import server.cli; print(server.cli.__file__)"),
        folder=tmp_path,
        environ=machine,
    )

    assert told == told_by_the_image[0]
    assert place.startswith(machine["VIRTUAL_ENV"])
