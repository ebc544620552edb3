"""The installed package finds its data: in a wheel from another directory, and in an editable install."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from servers import forumkg_server

from forumkg import resources

ROOT = Path(__file__).resolve().parent.parent

REPORT = """
import json
from forumkg import resources
root = resources.root()
print(json.dumps([str(root), sorted(p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_file())]))
"""


def data_files(root: Path) -> list[str]:
    """Return the files of the data folders below a root, and the documents beside them."""
    folders = ("docs", "graph", "ontology", "shapes")
    documents = ["CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"]
    return sorted(
        documents
        + [
            path.relative_to(root).as_posix()
            for folder in folders
            for path in (root / folder).rglob("*")
            if path.is_file()
        ]
    )


def run(*arguments: str | Path, cwd: Path, **environment: str) -> str:
    """Run a command and return what it prints."""
    done = subprocess.run(
        [str(argument) for argument in arguments],
        cwd=cwd,
        env={"PATH": "/usr/bin:/bin", **environment},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel of the repository."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    (path,) = folder.glob("*.whl")
    return path


@pytest.mark.slow
def test_wheel_installed_elsewhere(wheel: Path, tmp_path: Path) -> None:
    """A wheel that is installed elsewhere brings every data file, and finds it from any directory."""
    site = tmp_path / "site"
    run(sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", site, wheel, cwd=tmp_path)

    root, files = json.loads(run(sys.executable, "-c", REPORT, cwd=tmp_path, PYTHONPATH=str(site)))

    assert root == str(site / "forumkg" / "data")
    assert files == data_files(ROOT)


@pytest.mark.slow
def test_wheel_serves(wheel: Path, tmp_path: Path) -> None:
    """A wheel without a checkout serves pages and queries, as after `pipx run`."""
    site = tmp_path / "site"
    run(sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", site, wheel, cwd=tmp_path)
    main = "from forumkg.cli import main; main()"
    arguments = ["serve", "--port", "0", "--data", str(tmp_path / "data")]

    command = ["/usr/bin/env", f"PYTHONPATH={site}", sys.executable, "-c", main, *arguments]
    with forumkg_server(command) as server:
        status, kind, page = server.request("GET", "/", accept="text/html")
        assert (status, kind, b"Zhongguancun" in page) == (200, "text/html; charset=utf-8", True)
        assert server.request("GET", "/sparql?query=ASK%7B%7D", accept="text/csv")[2] == b"true"


@pytest.mark.slow
def test_wheel_contents(wheel: Path) -> None:
    """The wheel holds the package, its data, its type marker and all licences, and no tests."""
    names = zipfile.ZipFile(wheel).namelist()

    assert {name.split("/")[0] for name in names} == {"forumkg", "forumkg-0.1.0.dist-info"}
    assert "forumkg/py.typed" in names
    licences = {name.rsplit("/", 1)[-1] for name in names if "/licenses/" in name}
    assert licences == {"LICENSE", "LICENSE-DATA", "editor.LICENSES.txt"}


@pytest.mark.slow
def test_wheel_has_what_was_built(wheel: Path) -> None:
    """The wheel holds every file that pages use, also the built ones: to install it takes no Node.js."""
    names = zipfile.ZipFile(wheel).namelist()
    static = ROOT / "server" / "forumkg" / "web" / "static"
    used = {f"forumkg/web/static/{path.name}" for path in static.iterdir()}

    assert {"forumkg/web/static/editor.js", "forumkg/web/static/editor.LICENSES.txt"} <= used <= set(names)
    assert [name for name in names if "node_modules" in name or name.endswith("package.json")] == []


def test_editable_install(tmp_path: Path) -> None:
    """An editable install reads the files of the repository themselves, so that an edit counts at once."""
    root, files = json.loads(run(sys.executable, "-c", REPORT, cwd=tmp_path))

    assert root == str(ROOT) == str(resources.root())
    assert set(data_files(ROOT)) <= set(files)
