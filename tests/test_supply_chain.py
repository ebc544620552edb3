"""The locks: each dependency is pinned with hashes, and what pyproject.toml asks for is among them."""

import json
import re
import tomllib
from pathlib import Path
from typing import Final

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "deploy" / "requirements"
LOCKS: Final = ("build", "release", "serve", "test")
# A pinned version, the environments that it is for, and its hashes.
ENTRY: Final = re.compile(
    r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^]]*\])?==(?P<version>\S+)(?: ; (?P<marker>[^\\]+?))? \\\n"
    r"(?P<hashes>(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)",
    re.MULTILINE,
)


def project() -> dict[str, list[Requirement]]:
    """Return the requirements of pyproject.toml, by the lock that has to hold them."""
    described = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = described["project"]["optional-dependencies"]
    serve = described["project"]["dependencies"]
    lines = {
        "build": described["build-system"]["requires"],
        "release": serve + extras["release"],
        "serve": serve,
        "test": serve + extras["test"],
    }
    return {name: [Requirement(line) for line in each] for name, each in lines.items()}


def lock(name: str) -> dict[str, list[Version]]:
    """Return the versions that a lock pins; several where environments differ."""
    found: dict[str, list[Version]] = {}
    for entry in ENTRY.finditer((FOLDER / f"{name}.lock").read_text(encoding="utf-8")):
        found.setdefault(canonicalize_name(entry["name"]), []).append(Version(entry["version"]))
    return found


@pytest.mark.parametrize("name", LOCKS)
def test_each_entry_has_hashes(name: str) -> None:
    """A lock has nothing but comments and versions with hashes: no address, no option, no range."""
    text = (FOLDER / f"{name}.lock").read_text(encoding="utf-8")

    rest = ENTRY.sub("", text)

    assert lock(name)
    assert [line for line in rest.splitlines() if not line.lstrip().startswith("#")] == []


@pytest.mark.parametrize("name", LOCKS)
def test_lock_satisfies_the_project(name: str) -> None:
    """Each dependency in pyproject.toml is pinned to a version that it allows; if not, run `make lock`."""
    pinned = lock(name)

    missing = [
        str(requirement)
        for requirement in project()[name]
        if not all(
            requirement.specifier.contains(version)
            for version in pinned.get(canonicalize_name(requirement.name), [Version("0")])
        )
    ]

    assert missing == []


@pytest.mark.parametrize("name", ["release", "test"])
def test_locks_agree(name: str) -> None:
    """What is tested and released is what serves: the same versions."""
    other = lock(name)

    assert {package: other.get(package) for package in lock("serve")} == lock("serve")


def test_build_requirements_are_those_of_the_project() -> None:
    """What deploy/requirements/build.in asks for includes the build backend of pyproject.toml."""
    lines = (FOLDER / "build.in").read_text(encoding="utf-8").splitlines()
    asked = {Requirement(line).name for line in lines if not line.startswith("#")}

    assert {requirement.name for requirement in project()["build"]} | {"pip"} == asked


def test_editor_lock_has_hashes() -> None:
    """Each package that the editor is built from has a hash, and runs no script when it is installed."""
    locked = json.loads((ROOT / "server" / "editor" / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: package for name, package in locked["packages"].items() if name}

    assert packages
    assert [n for n, package in packages.items() if not package["integrity"].startswith("sha512-")] == []
    assert "npm ci --ignore-scripts" in (ROOT / "Makefile").read_text(encoding="utf-8")
