"""The articles' sentences stay out of the repository: no tracked file has seven words of one in a row.

Words are compared without case and punctuation. IRIs are exempt, since the address of an article may hold its
headline. A name in `long-names.txt` counts as one word, in the sources and in our files.
"""

import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).resolve().parents[2]
LONGEST: Final = 6
NAMES: Final = tuple(
    (ROOT / "tests" / "long-names.txt").read_text(encoding="utf-8").splitlines(),
)
WORD: Final = re.compile(r"[^\W_]+")
IRI: Final = re.compile(r"<[a-z]+:[^<>\s]*>|\bhttps?://[^\s\"'<>]+")

Run = tuple[str, ...]


def words(text: str, names: Iterable[str]) -> tuple[str, ...]:
    """Return the words of a text, each of the names as one word."""
    line = " ".join(WORD.findall(text.casefold()))
    for name in sorted(names, key=len, reverse=True):
        parts = WORD.findall(name.casefold())
        line = re.sub(rf"\b{' '.join(parts)}\b", "_".join(parts), line)
    return tuple(line.split())


def runs(text: str, names: Iterable[str]) -> Iterator[Run]:
    """Yield every run of one word more than is allowed."""
    sequence = words(text, names)
    for start in range(len(sequence) - LONGEST):
        yield sequence[start : start + LONGEST + 1]


def tracked(repository: Path) -> Iterator[Path]:
    """Yield the files that git tracks and that are there."""
    git = shutil.which("git")
    if git is None or not (repository / ".git").exists():
        pytest.skip(f"{repository} is no git repository, so nothing says which files are tracked")
    command = [git, "-C", str(repository), "ls-files", "-z"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    yield from (path for name in listed.split("\0") if name and (path := repository / name).is_file())


def contents(path: Path) -> str:
    """Return the text of a tracked file without IRIs; bytes that are not UTF-8 are no words of ours."""
    return IRI.sub(" ", path.read_bytes().decode("utf-8", errors="replace"))


def leaks(repository: Path, sources: Path, names: Iterable[str]) -> dict[str, list[str]]:
    """Return, for each tracked file that has any, the runs that it shares with a source."""
    names = tuple(names)
    theirs = {
        run for path in sorted(sources.glob("*.txt")) for run in runs(path.read_text(encoding="utf-8"), names)
    }
    found = {}
    for path in tracked(repository):
        shared = [" ".join(run) for run in runs(contents(path), names) if run in theirs]
        if shared:
            found[path.relative_to(repository).as_posix()] = shared
    return found


def test_no_source_sentence_in_a_tracked_file(sources: Path) -> None:
    """No tracked file has a run of seven words of a source."""
    assert leaks(ROOT, sources, NAMES) == {}


@pytest.mark.parametrize("name", NAMES)
def test_long_names_are_needed(sources: Path, name: str) -> None:
    """The list of names has none that hides nothing, and no sentence."""
    assert len(WORD.findall(name)) <= 8
    assert leaks(ROOT, sources, [other for other in NAMES if other != name]) != {}


SENTENCE = "Forty-one green robots danced in the rain until somebody pulled the plug."


@pytest.fixture
def invented(tmp_path: Path) -> Path:
    """Return a folder with an invented source in `sources`, and a git repository in `repository`."""
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "story.txt").write_text(f"Robot news.\n{SENTENCE}\n", encoding="utf-8")
    git = shutil.which("git")
    if git is None:
        pytest.skip("git is not installed")
    subprocess.run([git, "init", "--quiet", str(tmp_path / "repository")], check=True)
    return tmp_path


def leaks_of(invented: Path, planted: str, names: Iterable[str] = ()) -> dict[str, list[str]]:
    """Return the leaks of a repository that tracks one file with the planted text."""
    repository = invented / "repository"
    (repository / "note.md").write_text(planted, encoding="utf-8")
    git = shutil.which("git")
    assert git is not None
    subprocess.run([git, "-C", str(repository), "add", "note.md"], check=True)
    return leaks(repository, invented / "sources", names)


def test_planted_sentence_is_found(invented: Path) -> None:
    """A sentence of a source in a tracked file is found, whatever its case, line ends and marks."""
    planted = "# As they say:\n* GREEN robots\n* danced, in the\n* 'rain' until; ..."

    assert leaks_of(invented, planted) == {"note.md": ["green robots danced in the rain until"]}


@pytest.mark.parametrize(
    "allowed",
    [
        "robots danced in the rain until",
        "robots danced in the rain; it lasted until somebody pulled the plug",
        "<https://example.org/forty-one-green-robots-danced-in-the-rain>",
        'schema:url "https://example.org/forty-one-green-robots-danced-in-the-rain"',
    ],
)
def test_planted_words_that_are_allowed(invented: Path, allowed: str) -> None:
    """Six words in a row, two short runs, and IRIs are no sentence."""
    assert leaks_of(invented, allowed) == {}


def test_planted_sentence_around_a_long_name(invented: Path) -> None:
    """A long name counts as one word: alone it is allowed, with six words around it it is not."""
    names = ["Green Robots Danced in the Rain"]

    assert leaks_of(invented, "the forty-one green robots danced in the rain until dawn", names) == {}
    assert leaks_of(invented, f"They said: {SENTENCE}", names) != {}


def test_untracked_file_is_left_alone(invented: Path) -> None:
    """A file that git does not track is not looked at."""
    (invented / "repository" / "private.txt").write_text(SENTENCE, encoding="utf-8")

    assert leaks_of(invented, "nothing") == {}
