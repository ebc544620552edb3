"""Build a version in a folder: by changing a copy of the previous one if that is possible, else from nothing.

The files of the copy are links to those of the previous version, which never change: RocksDB writes
new files and removes its links to old ones. https://github.com/facebook/rocksdb/wiki/Checkpoints
"""

import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from forumkg import resources
from forumkg.dataset.build import build
from forumkg.dataset.disk import MANIFEST, damaged_file, file_digest, listed_files
from forumkg.dataset.downloads import DOWNLOADS, write_downloads
from forumkg.dataset.files import SourceFile
from forumkg.dataset.following import FileChange, follow
from forumkg.dataset.page_list_update import update_page_lists
from forumkg.dataset.page_list_writer import write_page_lists
from forumkg.dataset.page_lists import PAGE_LISTS
from forumkg.dataset.search_index import SEARCH_INDEX, update_search_index, write_search_index
from forumkg.dataset.version_info import SOURCE, STORE, Before, Inputs
from forumkg.errors import StoreError, WholeBuildError
from forumkg.namespaces import GRAPH
from forumkg.reasoning.derivation import RULES, DerivationRule, load_rules
from forumkg.reasoning.rule_patterns import RulePatterns

__all__ = ["build_files"]

# What RocksDB never writes to again.
_LINKED: Final = frozenset({".sst", ".blob"})
# Where more files than one in so many have changed, a build from nothing is the quicker way.
_MOST_CHANGED: Final = 4


def build_files(inputs: Inputs, before: Before | None, staging: Path, progress: Callable[[str], None]) -> int:
    """Write the store, the lists, the index and the downloads of a version; return its number of triples.

    Args:
        inputs: what is built.
        before: the previous version, if it was built from the same rules, questions and lists.
        staging: an empty folder in the same file system.
        progress: called with the name of each step.

    Raises:
        DataError: the files cannot be built.
        StoreError: the folder cannot be written.
    """
    try:
        triples = _follow(inputs, before, _rules(inputs), staging, progress) if before else None
        if triples is None:
            triples = _build(inputs, staging, progress)
    except RuntimeError as error:  # what pyoxigraph raises for most errors of RocksDB
        raise StoreError(
            f"Cannot build in {inputs.directory}: {error}. Name another data directory."
        ) from error
    for file in inputs.files:
        copy = _source(staging, file)
        if not copy.exists():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file.path, copy)
    _copy_rules(_rules_folder(inputs), staging / SOURCE)
    return triples


def _build(inputs: Inputs, staging: Path, progress: Callable[[str], None]) -> int:
    store = ox.Store(staging / STORE)
    report = build(
        store, inputs.files, ontology_dir=inputs.ontology_dir, version=inputs.digest, progress=progress
    )
    store.flush()
    progress("Listing and indexing what pages show")
    write_page_lists(store, staging / PAGE_LISTS)
    write_search_index(store, staging / SEARCH_INDEX)
    progress("Writing the downloads")
    write_downloads(store, staging / DOWNLOADS, report.merged)
    return report.merged


def _rules(inputs: Inputs) -> Mapping[DerivationRule, RulePatterns]:
    """Read the derivation rules, which a caller must do before it has a store.

    The parser keeps its exceptions, and these the frames above it, in cycles. A store among their variables
    would stay open, with its lock, until the garbage collector runs.
    """
    rules = load_rules(_rules_folder(inputs))
    if not rules:
        return {}
    from forumkg.reasoning.rule_reader import read_rule  # noqa: PLC0415 (see there)

    return {rule: read_rule(rule.query) for rule in rules}


def _rules_folder(inputs: Inputs) -> Path:
    return (inputs.ontology_dir or resources.ontology_dir()) / RULES


def _follow(
    inputs: Inputs,
    before: Before,
    rules: Mapping[DerivationRule, RulePatterns],
    staging: Path,
    progress: Callable[[str], None],
) -> int | None:
    """Build in a copy of the previous version; return None, and leave nothing, where that cannot be done."""
    progress("Comparing the version before, and the files, with their digests")
    if damaged_file(before.path) is not None:
        return None
    changed = _changed(inputs.files, before.path)
    if len(changed) * _MOST_CHANGED > len(inputs.files):
        return None
    progress(f"Following the change of {len(changed)} files")
    _copy_store(before.path / STORE, staging / STORE)
    for name in (PAGE_LISTS, SEARCH_INDEX):
        shutil.copyfile(before.path / name, staging / name)
    try:
        old, store = ox.Store.read_only(str(before.path / STORE)), ox.Store(staging / STORE)
        changes = follow(old, store, changed, rules, version=inputs.digest)
        store.flush()
        progress("Listing and indexing what pages show")
        update_page_lists(old, store, staging / PAGE_LISTS, changes)
        update_search_index(store, staging / SEARCH_INDEX, changes)
    except WholeBuildError as reason:
        progress(f"Building from nothing, because {reason}")
        shutil.rmtree(staging / STORE)
        for name in (PAGE_LISTS, SEARCH_INDEX):
            (staging / name).unlink()
        return None
    _link_sources(inputs.files, {each.graph for each in changed}, before.path, staging)
    triples = before.triples + len(changes.added) - len(changes.removed)
    progress("Writing the downloads")
    write_downloads(store, staging / DOWNLOADS, triples)
    return triples


def _changed(files: tuple[SourceFile, ...], before: Path) -> list[FileChange]:
    """Return the graphs whose file is not the one that the previous version was built from."""
    known = listed_files((before / MANIFEST).read_bytes())
    sources = {
        name: digest
        for name, (_, digest) in known.items()
        if name.startswith(f"{SOURCE}/") and name.endswith(".ttl")
    }
    current = {f"{SOURCE}/{file.name}.ttl": file for file in files}
    changed = [
        FileChange(file.graph, file)
        for name, file in current.items()
        if sources.get(name) != file_digest(file.path)
    ]
    gone = [name.removeprefix(f"{SOURCE}/").removesuffix(".ttl") for name in sources if name not in current]
    return [*changed, *(FileChange(GRAPH + name, None) for name in gone)]


def _copy_store(source: Path, target: Path) -> None:
    target.mkdir()
    for path in source.iterdir():
        if path.suffix in _LINKED:
            _link(path, target / path.name)
        elif path.name != "LOCK":
            shutil.copyfile(path, target / path.name)


def _source(folder: Path, file: SourceFile) -> Path:
    return folder / SOURCE / f"{file.name}.ttl"


def _copy_rules(rules: Path, source: Path) -> None:
    """Keep the derivation rules beside the files to which they were applied."""
    folder = source / "ontology" / RULES
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(rules.glob("*.rq")):
        shutil.copyfile(path, folder / path.name)


def _link_sources(files: tuple[SourceFile, ...], changed: set[str], before: Path, staging: Path) -> None:
    for file in files:
        if file.graph not in changed:
            copy = _source(staging, file)
            copy.parent.mkdir(parents=True, exist_ok=True)
            _link(_source(before, file), copy)


def _link(path: Path, target: Path) -> None:
    try:
        os.link(path, target)
    except OSError:  # a file system without links, or too many of them
        shutil.copyfile(path, target)
