"""Find the version of a data directory that was built from the files that are to be checked."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from forumkg.dataset.disk import MANIFEST, file_digest, listed_files
from forumkg.dataset.files import SourceFile, source_files
from forumkg.dataset.version_info import SOURCE
from forumkg.dataset.versions import open_current
from forumkg.errors import StoreError
from forumkg.namespaces import GRAPH
from forumkg.validation.stored_dataset import StoredDataset
from forumkg.validation.workspace import given_sources

__all__ = ["built_from"]


@contextmanager
def built_from(
    directory: Path | None, given: Iterable[Path], root: Path | None = None
) -> Iterator[StoredDataset | None]:
    """Open the dataset of a data directory if it was built from the same files.

    Args:
        directory: the data directory; None where there is no place for one.
        given: files to check, which may be others than those that it was built from.
        root: a folder with `ontology/`, `graph/` and `shapes/`; the shipped one by default.

    Yields:
        The dataset; None where there is no version, or one of other files.

    Raises:
        DataError: the files of the root are missing.
    """
    if directory is None:
        yield None
        return
    files = source_files(root)
    own = {source.graph for source in given_sources(given, files)}
    try:
        # Held until the end: it keeps the files of the version on disk.
        version = open_current(directory)
    except StoreError:
        yield None
        return
    if not _is_of(version.path, [file for file in files if file.graph not in own], own):
        yield None
        return
    dataset = StoredDataset.open(version.path)
    shown = {file.graph: file for file in files}
    yield replace(
        dataset, sources=tuple((shown.get(file.graph, file), path) for file, path in dataset.sources)
    )


def _is_of(version: Path, files: Sequence[SourceFile], given: Iterable[str]) -> bool:
    """Return whether a version was built from some files, and others for given graphs at most."""
    built = {
        name: digest
        for name, (_, digest) in listed_files((version / MANIFEST).read_bytes()).items()
        if name.startswith(f"{SOURCE}/") and name.endswith(".ttl")
    }
    wanted = {_name(file.graph): file.path for file in files}
    if not built.keys() - wanted.keys() <= {_name(graph) for graph in given}:
        return False
    return all(file_digest(path) == built.get(name) for name, path in wanted.items())


def _name(graph: str) -> str:
    return f"{SOURCE}/{graph.removeprefix(GRAPH)}.ttl"
