"""The script of the editor is built from its sources, always the same, and its parts work."""

import hashlib
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
EDITOR = ROOT / "server" / "editor"
STATIC = ROOT / "server" / "forumkg" / "web" / "static"
BUILT = ("editor-answers.js", "editor-chart.js", "editor-graph.js", "editor.LICENSES.txt", "editor.js")
STAMP = re.compile(r"sources (?P<digest>[0-9a-f]{64});")
# What a site may use without asking, as long as it hands the licence on.
FREE = {"ISC", "MIT"}


def sources() -> list[str]:
    """Return the files that decide the bundle, by their paths in the editor's folder."""
    paths = [path.relative_to(EDITOR).as_posix() for path in (EDITOR / "src").rglob("*") if path.is_file()]
    return sorted([*paths, "build.js", "package-lock.json"])


@pytest.fixture(scope="module")
def node() -> str:
    """Return the path of Node.js."""
    path = shutil.which("node")
    if path is None or not shutil.which("npm"):
        pytest.skip("no node or no npm: install Node.js 20 or later, as in apt-get install nodejs npm")
    return path


@pytest.fixture(scope="module")
def clean_copy(node: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the editor elsewhere, and install what its lock names."""
    assert node
    folder = tmp_path_factory.mktemp("clean") / "server" / "editor"
    shutil.copytree(EDITOR, folder, ignore=shutil.ignore_patterns("node_modules"))
    install = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(install, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


def run(node: str, *arguments: str, cwd: Path) -> str:
    """Run a program of Node.js, and return what it prints."""
    done = subprocess.run([node, *arguments], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_script_is_built_from_the_sources() -> None:
    """The shipped script names the digest of the sources that are here; `make editor` builds it anew."""
    digest = hashlib.sha256()
    for path in sources():
        digest.update(f"{path}\0".encode() + (EDITOR / path).read_bytes() + b"\0")

    for name in BUILT:
        if name.endswith(".js"):
            with (STATIC / name).open(encoding="utf-8") as script:
                stamp = STAMP.search(script.readline())
            assert stamp is not None
            assert stamp["digest"] == digest.hexdigest()


def test_licences_are_free_and_handed_on() -> None:
    """Each package in the bundle has its licence beside it, and all of them allow what we do."""
    texts = (STATIC / "editor.LICENSES.txt").read_text(encoding="utf-8").split(f"\n{'-' * 72}\n\n")
    heads = [re.match(r"(\S+) \S+ \((\S+)\)\n\n", text) for text in texts]

    assert [text for text, head in zip(texts, heads, strict=True) if head is None or len(text) < 500] == []
    assert {head[2] for head in heads if head} <= FREE
    assert {"@codemirror/view", "codemirror-lang-sparql", "d3-force"} <= {head[1] for head in heads if head}


@pytest.mark.slow
def test_parts_do_what_they_shall(node: str, clean_copy: Path) -> None:
    """The tests of the editor's parts pass, with the packages that the lock names."""
    root = clean_copy.parents[1]
    shutil.copytree(ROOT / "tests" / "editor", root / "tests" / "editor")
    report = run(node, "--test", "tests/editor/", cwd=root)

    assert re.search(r"^. fail 0$", report, re.MULTILINE)


@pytest.mark.slow
def test_clean_build_gives_the_same_bytes(node: str, clean_copy: Path, tmp_path: Path) -> None:
    """A build elsewhere, from the lock alone, gives the files that are shipped, to the byte."""
    run(node, "build.js", str(tmp_path), cwd=clean_copy)

    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(BUILT)
    assert [name for name in BUILT if (tmp_path / name).read_bytes() != (STATIC / name).read_bytes()] == []


@pytest.mark.slow
def test_types(node: str, clean_copy: Path) -> None:
    """The code of the editor has the types that its comments declare."""
    assert run(node, "node_modules/typescript/bin/tsc", "--project", ".", cwd=clean_copy) == ""
