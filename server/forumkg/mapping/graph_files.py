"""The files of the graph with a worksheet's article in them, and their replacement on disk as a whole."""

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from forumkg.dataset.files import SourceFile
from forumkg.errors import DataError
from forumkg.mapping.compiler import Compiled
from forumkg.namespaces import GRAPH, ID, PREFIXES, ZGC
from forumkg.rdf.conversion import oxigraph_triples
from forumkg.rdf.turtle.writer import canonical_turtle
from forumkg.validation.workspace import CheckedFile

__all__ = ["changed_files", "replace_files"]

_TYPE: Final = ox.NamedNode(f"{PREFIXES['rdf']}type")
_SOURCE: Final = ox.NamedNode(f"{PREFIXES['prov']}hadPrimarySource")


def changed_files(files: Sequence[CheckedFile], compiled: Compiled) -> tuple[CheckedFile, ...]:
    """Return the files of the graph that a worksheet changes, in canonical form.

    They are the article's own, the judgements (without those on statements that the worksheet has dropped),
    the entities where it brings in new ones, and the description of the dataset where it lists the articles.

    Args:
        files: the files of the dataset.
        compiled: the worksheet's triples.

    Raises:
        DataError: the dataset has no file of judgements or of entities.
    """
    by_name = {file.source.name: file for file in files}
    article = by_name.get(f"articles/{compiled.name}")
    curation = _file(by_name, "curation")
    before = _triples(article) if article else frozenset()
    judged = _roles(before) | _roles(compiled.article)
    kept = {triple for triple in _triples(curation) if not _is_judgement(triple, compiled.name, judged)}
    path = curation.source.path.parent / "articles" / f"{compiled.name}.ttl"
    source = article.source if article else SourceFile(path, f"{GRAPH}articles/{compiled.name}")
    changed = [_given(source, compiled.article), _given(curation.source, kept | compiled.curation)]
    if compiled.entities:
        entities = _file(by_name, "entities")
        changed.append(_given(entities.source, _triples(entities) | compiled.entities))
    if (dataset := by_name.get("dataset")) and (listed := _listed(dataset, compiled.name)):
        changed.append(_given(dataset.source, _triples(dataset) | listed))
    return tuple(changed)


def replace_files(texts: Mapping[Path, str]) -> None:
    """Replace files by these texts: all of them, or none where one cannot be written.

    Raises:
        DataError: a file or its folder cannot be written; every file has its old content.
    """
    before = {path: path.read_bytes() if path.is_file() else None for path in texts}
    done: list[Path] = []
    with ExitStack() as drafts:
        try:
            written = {path: _draft(path, text, drafts) for path, text in texts.items()}
            for path, draft in written.items():
                if before[path] is not None:
                    draft.chmod(path.stat().st_mode)
                draft.replace(path)
                done.append(path)
        except OSError as error:
            for path in done:
                _restore(path, before[path])
            raise DataError(
                f"Cannot write {error.filename or ''}: {error.strerror}. No file is changed."
            ) from error


def _draft(path: Path, text: str, drafts: ExitStack) -> Path:
    path.parent.mkdir(exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        draft = Path(file.name)
        drafts.callback(draft.unlink, missing_ok=True)
        file.write(text.encode())
    draft.chmod(0o644)
    return draft


def _restore(path: Path, content: bytes | None) -> None:
    if content is None:
        path.unlink(missing_ok=True)
    elif path.read_bytes() != content:
        path.write_bytes(content)


def _file(by_name: Mapping[str, CheckedFile], name: str) -> CheckedFile:
    if name not in by_name:
        raise DataError(f"The dataset has no graph/{name}.ttl.")
    return by_name[name]


def _triples(file: CheckedFile) -> frozenset[ox.Triple]:
    return frozenset(oxigraph_triples(file.graph))


def _given(source: SourceFile, triples: Iterable[ox.Triple]) -> CheckedFile:
    return CheckedFile.read(source, canonical_turtle(triples), is_given=True)


def _roles(triples: Iterable[ox.Triple]) -> frozenset[str]:
    holding = ox.NamedNode(f"{ZGC}RoleHolding")
    return frozenset(str(one.subject) for one in triples if one.predicate == _TYPE and one.object == holding)


def _is_judgement(triple: ox.Triple, article: str, roles: frozenset[str]) -> bool:
    return str(triple.subject).startswith(f"<{ID}statement/{article}/") or str(triple.subject) in roles


def _listed(dataset: CheckedFile, article: str) -> frozenset[ox.Triple]:
    """Return what lists the article among the sources, where the description of the dataset lists any."""
    node = ox.NamedNode(f"{ID}article/{article}")
    owners = {one.subject for one in _triples(dataset) if one.predicate == _SOURCE}
    return frozenset(ox.Triple(owner, _SOURCE, node) for owner in owners) - _triples(dataset)
