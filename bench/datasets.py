"""The datasets of the benchmark: the packaged graph, and synthetic ones of several sizes.

Our server is given the Turtle and builds the store itself; the peers are given the default graph of that
store, what is entailed and derived included, as N-Triples: all answer from the same triples.
"""

import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path

import click
import pyoxigraph as ox

from bench import synthetic
from bench.peers import CACHE
from forumkg import resources
from forumkg.dataset.files import digest, source_files
from forumkg.dataset.versions import open_version

__all__ = ["Dataset", "shipped", "synthetic_of"]


@dataclass(frozen=True, slots=True)
class Dataset:
    """Data that all servers have.

    Attributes:
        name: As the report calls it.
        root: The folder of `ontology/`, `graph/` and `shapes/` that we serve.
        store: The store that a build made of it, to choose the things that are asked for.
        ntriples: Its default graph.
        triples: The number of them.
    """

    name: str
    root: Path
    store: Path
    ntriples: Path
    triples: int

    @property
    def versions(self) -> Path:
        """The data directory of the build."""
        return self.store.parent.parent.parent


def shipped() -> Dataset:
    """Return the packaged graph."""
    return _dataset("shipped", resources.root())


def synthetic_of(triples: int) -> Dataset:
    """Return a synthetic graph of about so many triples."""
    forums = synthetic.forums_for(triples)
    root = CACHE / "synthetic" / f"{forums}-{_generation()}"
    if not root.exists():
        for old in root.parent.glob(f"{forums}-*"):
            shutil.rmtree(old)
        draft = root.with_name("draft")
        shutil.rmtree(draft, ignore_errors=True)
        synthetic.write(draft, forums)
        draft.rename(root)
    return _dataset(f"synthetic-{triples}", root)


def _generation() -> str:
    """Return a word that changes with the generator, the ontology and the shapes."""
    terms = [file for file in source_files() if file.is_ontology or file.is_shapes]
    texts = (Path(synthetic.__file__).read_bytes(), digest(terms).encode())
    return hashlib.sha256(b"".join(texts)).hexdigest()[:12]


def _dataset(name: str, root: Path) -> Dataset:
    files = source_files(root)
    folder = CACHE / "data" / name
    ntriples = folder / f"{digest(files, ontology_dir=root / 'ontology')}.nt"
    if not ntriples.exists():
        click.echo(f"… building {name}", err=True)
        shutil.rmtree(folder, ignore_errors=True)
    version = open_version(folder / "versions-of-forumkg", files, ontology_dir=root / "ontology")
    if not ntriples.exists():
        with ntriples.open("wb") as output:
            version.store.dump(output, ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
    return Dataset(name, root, version.path / "store", ntriples, version.info.triples)
