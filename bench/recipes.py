"""Run the shell commands of a page of docs/, so that what it shows is what was measured.

A recipe is a section of the page with blocks of `sh`: the first fetches the software, each other one uses it.
"""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

from bench.processes import free_port

__all__ = ["ENVIRONMENT", "ROOT", "Recipe", "fetch", "read", "running", "with_free_ports", "workshop"]

ROOT: Final = Path(__file__).resolve().parent.parent
# Halves what a short run of Java costs, and changes nothing that is found.
ENVIRONMENT: Final = os.environ | {"JAVA_TOOL_OPTIONS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"}
_SECTION: Final = re.compile(r"^## (?P<name>.+)\n(?P<text>(?:(?!## ).*\n)*)", re.MULTILINE)
_BLOCK: Final = re.compile(r"^```sh\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)
_PORT: Final = re.compile(r"(?:127\.0\.0\.1[:/]|--port |export/full\.\w+ )(\d{4})\b")
# Seconds that a recipe may take, and between two looks at it.
_LIMIT: Final = 300.0
_STEP: Final = 0.2
_TITLE: Final = re.compile(r"^### (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Recipe:
    """The commands of a section.

    Attributes:
        name: The heading of the section.
        fetch: The commands that install the software in `engines/`.
        uses: The commands of each other block, by the `###` heading above it; "" where there is none.
    """

    name: str
    fetch: str
    uses: dict[str, str]


def read(page: Path) -> list[Recipe]:
    """Return the recipes of a page; sections without commands are left out."""
    found = _SECTION.finditer(page.read_text(encoding="utf-8"))
    return [recipe for match in found if (recipe := _recipe(match["name"], match["text"]))]


def _recipe(name: str, text: str) -> Recipe | None:
    blocks = [*_titled(text)]
    if not blocks:
        return None
    (_, first), *others = blocks
    return Recipe(name, first, dict(others))


def _titled(text: str) -> Iterator[tuple[str, str]]:
    for match in _BLOCK.finditer(text):
        titles = _TITLE.findall(text[: match.start()])
        yield titles[-1] if titles else "", match["code"]


def workshop(folder: Path, cache: Path) -> Path:
    """Prepare a folder that looks like the root of the repository, with the `engines/` of a cache.

    Args:
        folder: An empty folder.
        cache: Where the software is, or will be.
    """
    _link(folder)
    (cache / "engines").mkdir(parents=True, exist_ok=True)
    (folder / "engines").symlink_to(cache / "engines")
    return folder


def _link(folder: Path) -> None:
    for name in ("bench", "graph", "ontology", "shapes", "tests"):
        (folder / name).unlink(missing_ok=True)
        (folder / name).symlink_to(ROOT / name)


def fetch(recipe: Recipe, cache: Path) -> None:
    """Install the software of a recipe in a cache, unless these very commands have been run before.

    The commands run in the cache itself, because a virtual environment has its own path in its scripts.

    Raises:
        click.ClickException: a command fails.
    """
    _link(cache)
    slug = re.sub(r"\W+", "-", recipe.name.lower())
    mark = cache / "engines" / f"{slug}.fetched"
    if mark.exists() and mark.read_text(encoding="utf-8") == recipe.fetch:
        return
    click.echo(f"… fetching {recipe.name}", err=True)
    command = ["bash", "-euo", "pipefail", "-c", recipe.fetch]
    done = subprocess.run(command, cwd=cache, capture_output=True, text=True, check=False)
    if done.returncode:
        raise click.ClickException(f"{recipe.name} cannot be fetched: {done.stdout}{done.stderr}".strip())
    mark.write_text(recipe.fetch, encoding="utf-8")


def with_free_ports(commands: str) -> str:
    """Put free ports in the place of those that the commands name."""
    for port in sorted(set(_PORT.findall(commands))):
        commands = re.sub(rf"\b{port}\b", str(free_port()), commands)
    return commands


@contextmanager
def running(commands: str, folder: Path, data: Path | None = None) -> Iterator[None]:
    """Run commands in a folder; end what they started in the background afterwards.

    Args:
        commands: Lines of bash; `forumkg` is that of this environment.
        folder: Where they run.
        data: The parent of the data directory of `forumkg`.

    Raises:
        click.ClickException: a command fails or takes too long.
    """
    log = folder / "log.txt"
    # The shell stays, so that what it started in the background can be ended with it.
    script = f"{commands}\ntouch ready\nwait"
    with log.open("wb") as output:
        shell = subprocess.Popen(
            ["bash", "-euo", "pipefail", "-c", script],  # noqa: S607 (the shell of the machine)
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            env=ENVIRONMENT | _own(data),
        )
    try:
        _await(folder / "ready", shell, log)
        yield
    finally:
        with suppress(ProcessLookupError):
            os.killpg(shell.pid, signal.SIGKILL)
        shell.wait()


def _own(data: Path | None) -> dict[str, str]:
    """Return the variables by which commands find this environment, and the data."""
    path = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    return path if data is None else path | {"XDG_DATA_HOME": str(data)}


def _await(ready: Path, shell: "subprocess.Popen[bytes]", log: Path) -> None:
    waited = 0.0
    while not ready.exists():
        with suppress(subprocess.TimeoutExpired):
            shell.wait(_STEP)
        waited += _STEP
        if shell.returncode is not None or waited > _LIMIT:
            raise click.ClickException(log.read_text(encoding="utf-8", errors="replace")[-2000:])
