"""Versions in a data directory: made once, opened after, whole whatever happens."""

import gc
import hashlib
import json
import re
import shlex
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest
from killed_builders import builders
from plain import number, plain_rows
from servers import SCRIPTS
from small_dataset import PREFIXES, Small

from forumkg.dataset.files import LAYOUT, digest
from forumkg.dataset.list_queries import list_query_texts
from forumkg.dataset.page_lists import PAGE_LISTS
from forumkg.dataset.pulling import pull
from forumkg.dataset.search_index import SEARCH_INDEX
from forumkg.dataset.versions import (
    KEPT_VERSIONS,
    Version,
    current,
    in_memory,
    open_current,
    open_version,
    verify,
)
from forumkg.errors import DataError, StoreError
from forumkg.rdf.terms import count_triples
from forumkg.reasoning.derivation import load_rules, rules_of
from forumkg.sparql.evaluation import evaluate

EDITIONS: Final = PREFIXES + "SELECT ?edition { ?edition a zgc:Edition } ORDER BY ?edition"

# A process that opens a version; before it locks the data directory, another version is published there.
OVERTAKEN: Final = """
import sys
from pathlib import Path
from forumkg.dataset.files import source_files
from forumkg.dataset.pulling import pull
from forumkg.dataset.versions import open_version

root, data, newer = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
is_published = False

def publish(event, arguments):
    global is_published
    if event == "open" and arguments[0] == str(data / "forumkg.lock") and not is_published:
        is_published = True
        pull(newer, data)

sys.addaudithook(publish)
print(open_version(data, source_files(root), ontology_dir=root / "ontology").info.number, is_published)
"""


def years(version: Version) -> list[str]:
    """Return the editions that a version has."""
    return [row[0].rpartition("/")[2] for row in plain_rows(evaluate(version.store, EDITIONS))]


def opened(small: Small, data: Path) -> Version:
    """Open the version of a dataset in a data directory."""
    return open_version(data, small.files, ontology_dir=small.ontology_dir)


def listing(data: Path) -> list[str]:
    """Return what lies in a data directory and in its folder of versions."""
    return sorted(
        [path.name for path in data.iterdir()] + [path.name for path in (data / "versions").iterdir()]
    )


def snapshot(data: Path) -> dict[str, int]:
    """Return when each file of a data directory was last changed."""
    return {str(path): path.stat().st_mtime_ns for path in data.rglob("*")}


def test_open_first_time(small: Small, tmp_path: Path) -> None:
    """The first start builds version 1 with its sources and a description, and serves it."""
    data = tmp_path / "deep" / "data"

    version = opened(small, data)

    assert years(version) == ["2021", "2023"]
    assert listing(data) == ["1", "CURRENT", "forumkg.lock", "versions"]
    assert (data / "CURRENT").read_text() == "1\n"
    described = json.loads((version.path / "version.json").read_text())
    assert {key: described[key] for key in ("number", "parent", "digest", "message")} == {
        "number": 1,
        "parent": None,
        "digest": digest(small.files, ontology_dir=small.ontology_dir),
        "message": "Built from the packaged Turtle",
    }
    assert described["triples"] == number(version.store, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    sources = {
        path.relative_to(version.path / "source").as_posix()
        for path in (version.path / "source").rglob("*.ttl")
    }
    assert sources == {"ontology/core.ttl", "entities.ttl", "curation.ttl", "shapes/editions.ttl"}


def test_version_keeps_its_rules(small: Small, tmp_path: Path) -> None:
    """A preview derives with the rules of the dataset that is served, and none where it has none."""
    bare = opened(small, tmp_path / "bare")
    text = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }\n"
    (small.ontology_dir / "rules" / "01-same.rq").write_text(text, encoding="utf-8")
    version = opened(small, tmp_path / "data")

    assert [(rule.path.name, rule.query) for rule in rules_of(version.path / "source")] == [
        ("01-same.rq", text)
    ]
    assert rules_of(bare.path / "source") == ()
    assert rules_of(tmp_path) == load_rules()


def test_open_again_writes_nothing(small: Small, tmp_path: Path) -> None:
    """A later start with the same input opens the same version and leaves each file as it is."""
    data = tmp_path / "data"
    first = opened(small, data)
    before = snapshot(data)

    second = opened(small, data)

    assert second.info == first.info
    assert years(second) == years(first)
    assert snapshot(data) == before


def test_open_after_a_change(small: Small, tmp_path: Path) -> None:
    """Another input makes another version; who has the old one open goes on reading it."""
    data = tmp_path / "data"
    old = opened(small, data)
    small.add_edition(2024)

    new = opened(small, data)

    assert (new.info.number, new.info.parent) == (2, 1)
    assert years(new) == ["2021", "2023", "2024"]
    assert years(old) == ["2021", "2023"]


def test_change_is_followed_in_a_copy(small: Small, tmp_path: Path) -> None:
    """A later version shares the files of the store that stay, answers as a whole build, and is verified."""
    data, steps = tmp_path / "data", list[str]()
    old = opened(small, data)
    small.add_edition(2024)
    new = open_version(data, small.files, ontology_dir=small.ontology_dir, progress=steps.append)
    whole = opened(small, tmp_path / "whole")

    assert "Following the change of 1 files" in steps
    assert new.info.triples == whole.info.triples == count_triples(new.store)
    assert new.info.digest == whole.info.digest
    assert set(new.store) == set(whole.store)
    for each in whole.path.glob("downloads/*"):
        assert (new.path / "downloads" / each.name).read_bytes() == each.read_bytes()
    assert any(path.stat().st_nlink > 1 for path in (old.path / "store").glob("*.sst"))
    assert verify(data) == new.info
    assert years(old) == ["2021", "2023"]


def test_changes_are_followed_in_one_process(small: Small, tmp_path: Path) -> None:
    """A build leaves no store open, not even as garbage: the next one locks its own in the same place."""
    (small.ontology_dir / "rules" / "10-noted.rq").write_text(
        f"{PREFIXES}CONSTRUCT {{ ?one zgc:says ?note }} WHERE {{ ?one zgc:editorialNote ?note }}"
    )
    gc.collect()
    gc.disable()
    try:
        opened(small, tmp_path / "data")
        for year in (2024, 2025):
            small.add_edition(year)
            assert str(year) in years(opened(small, tmp_path / "data"))
    finally:
        gc.enable()


def test_change_of_the_ontology_is_built_from_nothing(small: Small, tmp_path: Path) -> None:
    """Where a change cannot be followed, the build begins anew and says why."""
    data, steps = tmp_path / "data", list[str]()
    opened(small, data)
    path = small.root / "ontology" / "core.ttl"
    path.write_text(path.read_text() + "zgc:Fair a owl:Class .\n")

    new = open_version(data, small.files, ontology_dir=small.ontology_dir, progress=steps.append)

    assert any(step.startswith("Building from nothing, because ") for step in steps)
    assert set(new.store) == set(opened(small, tmp_path / "whole").store)


def test_change_of_a_damaged_version_is_built_from_nothing(small: Small, tmp_path: Path) -> None:
    """A version that is not what was built is not copied."""
    data, steps = tmp_path / "data", list[str]()
    old = opened(small, data).path
    (old / "lists.sqlite").write_bytes(b"damaged")
    small.add_edition(2024)

    new = open_version(data, small.files, ontology_dir=small.ontology_dir, progress=steps.append)

    assert "Loading the files" in steps
    assert years(new) == ["2021", "2023", "2024"]


def test_old_versions_are_removed_unless_open(small: Small, tmp_path: Path) -> None:
    """The newest versions are kept, and an older one as long as a process has it open."""
    data = tmp_path / "data"
    held = opened(small, data)
    for year in range(2024, 2024 + KEPT_VERSIONS + 1):
        small.add_edition(year)
        opened(small, data)

    kept = sorted(int(path.name) for path in (data / "versions").iterdir())
    assert kept == [1, *range(3, KEPT_VERSIONS + 3)]
    assert years(held) == ["2021", "2023"]


def test_broken_input_leaves_the_old_version(small: Small, tmp_path: Path) -> None:
    """Turtle that cannot be read is an error that names the file, and the data directory stays as it was."""
    data = tmp_path / "data"
    opened(small, data)
    path = small.root / "graph" / "entities.ttl"
    good = path.read_text()
    path.write_text(good + "edition:2024 a")

    with pytest.raises(DataError, match=r"entities\.ttl"):
        opened(small, data)

    assert current(data) is not None
    path.write_text(good)
    assert opened(small, data).info.number == 1
    assert listing(data) == ["1", "CURRENT", "forumkg.lock", "versions"]


def test_in_memory(small: Small) -> None:
    """A store in memory answers as one on disk does."""
    store = in_memory(small.files, ontology_dir=small.ontology_dir)

    assert [*plain_rows(evaluate(store, EDITIONS))] == [
        ("https://w3id.org/zgc-forum/id/edition/2021",),
        ("https://w3id.org/zgc-forum/id/edition/2023",),
    ]


def test_merge_counts_once(small_version: Version) -> None:
    """A triple that two files hold is one triple of the default graph."""
    query = PREFIXES + "SELECT (COUNT(*) AS ?n) {0} {{ edition:2021 a ?class FILTER (?class = zgc:Edition) }}"

    for dataset in ("", "FROM graph:entities FROM graph:curation"):
        assert number(small_version.store, query.format(dataset)) == 1


def test_foreign_directory(small: Small, tmp_path: Path) -> None:
    """A directory with other files in it is refused and left alone."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "letter.txt").write_text("Dear Ada")

    with pytest.raises(StoreError) as raised:
        opened(small, tmp_path / "data")

    assert str(raised.value) == (
        f"{tmp_path / 'data'} is not a data directory, it holds letter.txt: name an empty or a new one."
    )
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["letter.txt"]


@pytest.mark.parametrize("name", ["file", "file/below"])
def test_directory_that_cannot_be_written(small: Small, tmp_path: Path, name: str) -> None:
    """A path that cannot be a directory is refused with the reason."""
    (tmp_path / "file").write_text("")

    with pytest.raises(
        StoreError, match=f"^Cannot use the data directory {tmp_path / name}: Not a directory"
    ):
        opened(small, tmp_path / name)


def test_version_of_other_files_that_cannot_be_built(small: Small, tmp_path: Path) -> None:
    """Where the directory has a version, and the next one cannot be written, the error names --no-build."""
    data = tmp_path / "data"
    opened(small, data)
    (data / "forumkg.lock").unlink()
    (data / "forumkg.lock").mkdir()
    entities = small.root / "graph" / "entities.ttl"
    entities.write_text(f"{entities.read_text(encoding='utf-8')}\n# changed\n", encoding="utf-8")

    with pytest.raises(StoreError) as raised:
        opened(small, data)

    assert str(raised.value) == (
        f"Cannot use the data directory {data}: Is a directory. Its version was built from other files: name "
        "another one, or serve that version with `--no-build`."
    )


@pytest.mark.parametrize("content", [b"one\n", b"", b"\xff\xfe", b"0\n", b"../1\n", b"9" * 5000, b"1\x002\n"])
def test_damaged_current(small: Small, tmp_path: Path, content: bytes) -> None:
    """A CURRENT without the number of a version is an error that says how to go on."""
    data = tmp_path / "data"
    opened(small, data)
    (data / "CURRENT").write_bytes(content)

    with pytest.raises(StoreError) as raised:
        opened(small, data)

    assert str(raised.value).startswith(f"The data directory {data} is damaged (CURRENT has ")
    assert str(raised.value).endswith(f": restore it, or delete {data} and build or pull it anew.")


DAMAGES: Final[dict[str, Callable[[bytes], bytes] | None]] = {
    "missing": None,
    "empty": lambda _: b"",
    "cut": lambda content: content[: len(content) // 2],
    "longer": lambda content: content + b"\x00",
    "turned": lambda content: content[:-1] + bytes([content[-1] ^ 1]),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_damaged_file(small: Small, tmp_path: Path, damage: Callable[[bytes], bytes] | None) -> None:
    """A file that is missing or not what was built is named, and nothing of the version is served."""
    data = tmp_path / "data"
    folder = opened(small, data).path
    paths = [
        path
        for path in folder.rglob("*")
        if path.is_file() and path.name not in {"LOG", "LOCK"} and (path.stat().st_size or damage is None)
    ]
    assert {path.suffix for path in paths} >= {".sst", ".ttl", ".gz", ".json"}
    for path in paths:
        whole = path.read_bytes()
        path.unlink() if damage is None else path.write_bytes(damage(whole))

        with pytest.raises(StoreError) as raised:
            opened(small, data)

        message = str(raised.value)
        assert message.startswith(f"The version 1 in {data} is damaged (versions/1/")
        assert message.endswith(f": restore it, or delete {data} and build or pull it anew.")
        if path.name != "manifest.json":
            assert f"versions/1/{path.relative_to(folder)} is " in message
        path.write_bytes(whole)
    assert years(opened(small, data)) == ["2021", "2023"]


@pytest.mark.parametrize("name", ["1", "1/store", "1/source"])
def test_missing_folder(small: Small, tmp_path: Path, name: str) -> None:
    """A folder that is gone is damage too."""
    data = tmp_path / "data"
    opened(small, data)
    shutil.rmtree(data / "versions" / name)

    with pytest.raises(StoreError, match=f"^The version 1 in {data} is damaged .* is missing"):
        opened(small, data)


def test_layout_of_another_forumkg(small: Small, tmp_path: Path) -> None:
    """A version whose files are laid out in another way is neither served as it is nor pulled."""
    opened(small, tmp_path / "data")
    file = tmp_path / "data" / "versions" / "1" / "version.json"
    file.write_text(json.dumps(json.loads(file.read_bytes()) | {"layout": LAYOUT - 1}), encoding="utf-8")
    reason = (
        f"has layout {LAYOUT - 1}, and this forumkg reads layout {LAYOUT}: build it anew with this one, or "
    )

    with pytest.raises(StoreError, match=f"^The version 1 in {tmp_path}/data {reason}"):
        open_current(tmp_path / "data")
    with pytest.raises(StoreError, match=f"^Version 1 in {tmp_path}/data {reason}"):
        pull(str(tmp_path / "data"), tmp_path / "copy")


def test_number_of_the_layout(small_version: Version) -> None:
    """Where the tables or the lists of a version change, raise `LAYOUT`, and write the new digest here."""
    tables = []
    for name in (PAGE_LISTS, SEARCH_INDEX):
        with closing(sqlite3.connect(small_version.path / name)) as file:
            tables += file.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()
    ours = [table for table in tables if not table[0].startswith("word_")]  # Those are of SQLite's version.
    laid_out = json.dumps([ours, sorted(list_query_texts())])

    assert (LAYOUT, hashlib.sha256(laid_out.encode()).hexdigest()[:16]) == (12, "b0f1c7fd45ea1aae")


def test_version_without_manifest_is_built_anew(small: Small, tmp_path: Path) -> None:
    """A version from before there were manifests has another digest: a new one takes its place."""
    data = tmp_path / "data"
    info = opened(small, data).path / "version.json"
    described = json.loads(info.read_text()) | {"digest": "0" * 64}
    info.write_text(json.dumps(described))
    (info.parent / "manifest.json").unlink()

    assert opened(small, data).info.number == 2


# `ulimit -f` stands in for a disk without space; the unit of sh is 512 bytes.
@pytest.mark.parametrize("kilobytes", [0, 1, 8, 40, 64, 120])
def test_full_disk_while_building(tmp_path: Path, kilobytes: int) -> None:
    """A build that runs out of space is an error, leaves no half of a version, and can be tried again."""
    data = tmp_path / "data"
    arguments = [str(SCRIPTS / "forumkg"), "query", "--data", str(data), "ASK {}"]

    limited = shlex.join(arguments)
    done = subprocess.run(
        ["/bin/sh", "-c", f"ulimit -f {kilobytes}; exec {limited}"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (0, "answer\n------\ntrue\n")
    assert re.match(f"Cannot (use the data directory|build in) {data}: ", done.stderr), done.stderr
    assert "Building in memory instead." in done.stderr
    assert "Traceback" not in done.stderr
    assert [path.name for path in data.iterdir()] == ["forumkg.lock"]
    assert subprocess.run(arguments, capture_output=True, check=False).stderr == b""


def test_leftovers_are_removed(small: Small, tmp_path: Path) -> None:
    """What a crash left is removed at the next start: a version half made, and one never named as current."""
    data = tmp_path / "data"
    opened(small, data)
    (data / "staging" / "store").mkdir(parents=True)
    (data / "versions" / "2").mkdir()

    opened(small, data)

    assert listing(data) == ["1", "CURRENT", "forumkg.lock", "versions"]


def test_two_builders_at_once(small: Small, tmp_path: Path) -> None:
    """Of two processes that start at once, one builds and the other waits for it."""
    data = tmp_path / "data"
    with builders() as one, builders() as other:
        one.start(small, data)
        other.start(small, data)
        statuses = [one.end()[0], other.end()[0]]

    assert statuses == [0, 0]
    assert listing(data) == ["1", "CURRENT", "forumkg.lock", "versions"]


def test_version_published_before_leftovers_are_removed(small: Small, tmp_path: Path) -> None:
    """A start that removes leftovers keeps a version that became current after it looked."""
    data, newer = tmp_path / "data", tmp_path / "newer"
    opened(small, data)
    shutil.copytree(data, newer)
    older = shutil.copytree(small.root, tmp_path / "older")
    small.add_edition(2024)
    opened(small, newer)
    (data / "staging").mkdir()

    arguments = [sys.executable, "-c", OVERTAKEN, str(older), str(data), str(newer)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)

    assert (done.stdout, done.stderr) == ("1 True\n", "")
    assert years(open_current(data)) == ["2021", "2023", "2024"]


def test_build_while_the_store_of_an_interrupted_one_is_open(small: Small, tmp_path: Path) -> None:
    """An interrupted build has no part in the next one: its store removes its old files when it is closed."""

    def interrupt(step: str) -> None:
        if step == "Listing and indexing what pages show":
            raise KeyboardInterrupt

    data = tmp_path / "data"
    with pytest.raises(KeyboardInterrupt) as interrupted:
        open_version(data, small.files, ontology_dir=small.ontology_dir, progress=interrupt)
    opened(small, data)
    del interrupted
    gc.collect()

    assert years(open_current(data)) == ["2021", "2023"]


@pytest.mark.slow
def test_kill_at_any_point_of_the_first_build(small: Small, tmp_path: Path) -> None:
    """Killed at whatever point, a builder leaves a directory that the next start makes whole."""
    with builders() as forked:
        forked.start(small, tmp_path / "whole")
        status, points = forked.end()
        assert status == 0
        assert points > 50

        for last in range(1, points + 1):
            data = tmp_path / str(last)
            forked.start(small, data, last)
            assert forked.end() == (-signal.SIGKILL, 0)

            assert years(opened(small, data)) == ["2021", "2023"]
            assert listing(data) == ["1", "CURRENT", "forumkg.lock", "versions"]


@pytest.mark.slow
def test_kill_at_any_point_of_a_later_build(small: Small, tmp_path: Path) -> None:
    """Killed at whatever point, a builder leaves the old version or the new one, whole and current.

    A build has more than a hundred points; each fifth is tried.
    """
    data = tmp_path / "data"
    opened(small, data)
    last = status = 0
    with builders() as forked:
        while last == 0 or status == -signal.SIGKILL:
            last += 5
            before = current(data)
            assert before is not None
            small.add_edition(2024 + last)
            forked.start(small, data, last)
            status, _ = forked.end()

            after = current(data)
            assert after is not None
            assert after.number in {before.number, before.number + 1}
            version = opened(small, data)
            assert years(version)[-1] == str(2024 + last)
            assert not (data / "staging").exists()
    assert status == 0


@pytest.mark.slow
def test_kill_at_any_time(small: Small, tmp_path: Path) -> None:
    """Killed from outside at any time, a builder leaves a directory that the next start makes whole."""
    with builders() as forked:
        for milliseconds in range(0, 180, 20):
            data = tmp_path / str(milliseconds)
            forked.start(small, data)
            forked.kill(milliseconds / 1000)
            assert forked.end()[0] in {0, -signal.SIGKILL}

            assert years(opened(small, data)) == ["2021", "2023"]
            assert listing(data) == ["1", "CURRENT", "forumkg.lock", "versions"]
