"""The export of a dataset to a folder: layout, formats, counts, and what happens to the folder."""

import gzip
import hashlib
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Final

import pyoxigraph as ox
import pytest
import rdflib
from click.testing import CliRunner
from processes import killed_at_the_end
from rdflib.compare import to_isomorphic
from servers import SCRIPTS
from strict_turtle import assert_plain_names

from forumkg.cli import main
from forumkg.dataset.build import build
from forumkg.dataset.export import ExportReport, export
from forumkg.dataset.files import source_files
from forumkg.errors import DataError
from forumkg.formats import DATASET_FORMATS, GRAPH_FORMATS, Format
from forumkg.namespaces import BASE, GRAPH, ID, PREFIXES, ZGC, prefix_lines

LICENCE: Final = "https://creativecommons.org/licenses/by/4.0/"
GRAPHS: Final = {
    "articles/a-2021": """article:a-2021 a zgc:Article ;
        skos:prefLabel "A"@en, "\u4e2d"@zh, "a\\"b\\r\\n\\tc<&>"@en .""",
    "curation": f"<{ID}statement/a-2021/1> zgc:isAcceptedFor edition:2021 .",
    "dataset": f"<{BASE}dataset> dcterms:license <{LICENCE}> .",
    "derived": "edition:2021 zgc:differsFrom edition:2020 .",
    "entailed": "edition:2021 a zgc:Event . edition:2020 a zgc:Event .",
    "entities": """edition:2021 zgc:year 2021 .
        article:a-2021 a zgc:Article ; dcterms:issued "2021-09-15"^^xsd:date .""",
    "ontology/core": """zgc:a owl:propertyChainAxiom ( zgc:b zgc:c ) .
        [] a owl:AllDisjointClasses ; owl:members () .""",
    "shapes/articles": "shapes:A sh:property [ sh:path zgc:year ; sh:maxCount 1 ] .",
}
TRIPLES: Final = {
    "articles/a-2021": 4,
    "curation": 1,
    "dataset": 1,
    "derived": 1,
    "entailed": 2,
    "entities": 3,
    "ontology/core": 7,
    "shapes/articles": 3,
}
# A triple of the article stands in the entities too; the shapes are in neither.
ASSERTED, FULL, FULL_QUADS = 15, 18, 19
VALIDATE: Final = {
    "validate/shapes": 3,
    "validate/shapes-core": 3,
    "validate/shapes-sparql": 0,
    "validate/background": 10,
}

# The parsers of rdflib still use what rdflib calls deprecated.
pytestmark = [
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Dataset.default_context is deprecated:DeprecationWarning"),
]

ENDINGS: Final = [format_.extension for format_ in (*GRAPH_FORMATS, *DATASET_FORMATS)]
NAMES: Final = ["asserted", "full", *(f"graphs/{name}" for name in GRAPHS)]


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of an export of the small dataset; nothing may change it."""
    folder = tmp_path_factory.mktemp("export") / "made" / "for it"
    export(_store(GRAPHS), folder)
    return folder


def test_export_layout(tmp_path: Path) -> None:
    """Each part is there in six formats, plain and compressed, with an index and the sums."""
    report = export(_store(GRAPHS), tmp_path)

    files = _files(tmp_path)
    expected = {f"{name}.{ending}{packed}" for name in NAMES for ending in ENDINGS for packed in ("", ".gz")}
    counts = {
        "asserted": ASSERTED,
        "full": FULL,
        **{f"graphs/{name}": count for name, count in TRIPLES.items()},
    }
    assert set(files) == {*expected, *(f"{name}.ttl" for name in VALIDATE), "index.ttl", "SHA256SUMS"}
    assert report == ExportReport(
        {**counts, **VALIDATE},
        len(files),
        sum(map(len, files.values())),
    )


@pytest.mark.parametrize("name", GRAPHS)
@pytest.mark.parametrize("format_", [*GRAPH_FORMATS, *DATASET_FORMATS], ids=lambda format_: format_.name)
def test_export_named_graph(exported: Path, name: str, format_: Format) -> None:
    """A named graph is the same in each format; TriG and N-Quads keep its name."""
    graph = f"{GRAPH}{name}" if format_ in DATASET_FORMATS else None

    assert _read(exported / f"graphs/{name}.{format_.extension}") == _canonical(_quads(GRAPHS[name], graph))


@pytest.mark.parametrize("format_", GRAPH_FORMATS, ids=lambda format_: format_.name)
@pytest.mark.parametrize(("name", "left_out"), [("asserted", {"entailed", "derived"}), ("full", set())])
def test_export_merge(exported: Path, name: str, left_out: set[str], format_: Format) -> None:
    """The formats of triples hold the merge of the graphs, shapes left out, each triple once."""
    graphs = [graph for graph in GRAPHS if graph not in left_out and not graph.startswith("shapes/")]

    found = _read(exported / f"{name}.{format_.extension}")

    assert found == _canonical(quad for graph in graphs for quad in _quads(GRAPHS[graph], None))


@pytest.mark.parametrize("format_", DATASET_FORMATS, ids=lambda format_: format_.name)
@pytest.mark.parametrize(("name", "left_out"), [("asserted", {"entailed", "derived"}), ("full", set())])
def test_export_dataset(exported: Path, name: str, left_out: set[str], format_: Format) -> None:
    """The formats of quads hold the named graphs, shapes left out, and no default graph."""
    graphs = [graph for graph in GRAPHS if graph not in left_out and not graph.startswith("shapes/")]

    found = _read(exported / f"{name}.{format_.extension}")

    assert found == _canonical(quad for graph in graphs for quad in _quads(GRAPHS[graph], f"{GRAPH}{graph}"))


@pytest.mark.parametrize("format_", GRAPH_FORMATS, ids=lambda format_: format_.name)
def test_export_merge_rdflib(exported: Path, format_: Format) -> None:
    """A plain graph of rdflib reads the same from every format of triples."""
    found = rdflib.Graph().parse(exported / f"full.{format_.extension}", format=format_.media_type)
    expected = rdflib.Graph().parse(exported / "full.nt")

    assert len(found) == FULL
    assert to_isomorphic(found) == to_isomorphic(expected)


@pytest.mark.parametrize("format_", DATASET_FORMATS, ids=lambda format_: format_.name)
def test_export_dataset_rdflib(exported: Path, format_: Format) -> None:
    """A dataset of rdflib reads as many quads as there are in the named graphs."""
    found = rdflib.Dataset().parse(exported / f"full.{format_.extension}", format=format_.name)

    assert len(list(found.quads())) == FULL_QUADS


def test_export_compressed(exported: Path) -> None:
    """A compressed file holds the plain one, and its head has neither time nor name."""
    files = _files(exported)
    packed = {path: data for path, data in files.items() if path.endswith(".gz")}

    assert {path: gzip.decompress(data) for path, data in packed.items()} == {
        path: files[path.removesuffix(".gz")] for path in packed
    }
    assert {data[3:8] for data in packed.values()} == {bytes(5)}


def test_export_sums(exported: Path) -> None:
    """The sums are right, sorted, and there for every file but themselves."""
    files = _files(exported)
    sums = files.pop("SHA256SUMS").decode()

    assert sums == "".join(f"{hashlib.sha256(data).hexdigest()}  {path}\n" for path, data in files.items())


def test_export_twice(exported: Path, tmp_path: Path) -> None:
    """The same dataset gives the same bytes, whatever its order and its blank nodes' labels."""
    export(_store(dict(reversed(GRAPHS.items()))), tmp_path)

    assert _files(tmp_path) == _files(exported)


def test_export_other_process(exported: Path, tmp_path: Path) -> None:
    """Another process, whose hashes are others, writes the same bytes."""
    quads = tmp_path / "dataset.nq"
    ox.serialize(_store(GRAPHS), quads, format=ox.RdfFormat.N_QUADS)
    program = (
        "import sys, pyoxigraph as ox; from pathlib import Path; from forumkg.dataset.export import export\n"
        "store = ox.Store(); store.load(path=sys.argv[1]); export(store, Path(sys.argv[2]))"
    )

    subprocess.run(
        [sys.executable, "-c", program, quads, tmp_path / "out"],
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "7"},
    )

    assert _files(tmp_path / "out") == _files(exported)


def test_export_index(exported: Path) -> None:
    """The index has part, media type, compression and size of each file, and the count of each part."""
    files = _files(exported)
    query = f"""{prefix_lines("dcat", "dcterms", "void")}
        SELECT ?path ?type ?size ?packing ?count WHERE {{
            <{BASE}export/> dcat:dataset ?part .
            ?part void:triples ?count ; dcat:distribution ?file ;
                dcterms:license <{LICENCE}> .
            ?file dcterms:identifier ?path ; dcat:mediaType ?type ; dcat:byteSize ?size .
            OPTIONAL {{ ?file dcat:compressFormat ?packing }}
        }}"""
    rows = rdflib.Graph().parse(exported / "index.ttl").query(query).bindings
    names = ("path", "type", "size", "packing", "count")
    found = {
        tuple(str(row[name]).rpartition("media-types/")[2] if name in row else None for name in names)
        for row in ({str(name): value for name, value in row.items()} for row in rows)
    }

    counts = {
        "asserted": ASSERTED,
        "full": FULL,
        **{f"graphs/{name}": count for name, count in TRIPLES.items()},
    }
    assert found == {
        (path, format_.media_type, str(len(files[path])), "application/gzip" if packed else None, str(count))
        for name, count in counts.items()
        for format_ in (*GRAPH_FORMATS, *DATASET_FORMATS)
        for packed in ("", ".gz")
        for path in [f"{name}.{format_.extension}{packed}"]
    } | {
        (f"{name}.ttl", "text/turtle", str(len(files[f"{name}.ttl"])), None, str(count))
        for name, count in VALIDATE.items()
    }


def test_export_foreign_files(tmp_path: Path) -> None:
    """A folder with files of someone else is refused and stays as it is."""
    (tmp_path / "notes.txt").write_text("mine")

    with pytest.raises(DataError) as caught:
        export(_store(GRAPHS), tmp_path)

    assert str(caught.value) == (
        f"{tmp_path} has files that are not of an earlier export (notes.txt): name another folder, "
        "or write beside them with --force."
    )
    assert _files(tmp_path) == {"notes.txt": b"mine"}


def test_export_foreign_files_force(exported: Path, tmp_path: Path) -> None:
    """With force the export is written beside the files of someone else."""
    (tmp_path / "notes.txt").write_text("mine")

    export(_store(GRAPHS), tmp_path, force=True)

    assert _files(tmp_path) == {**_files(exported), "notes.txt": b"mine"}


def test_export_foreign_sums(tmp_path: Path) -> None:
    """Sums that no export wrote do not make a folder an earlier export."""
    files = {"SHA256SUMS": b"0  disk.iso\n", "disk.iso": b"", "index.ttl": b""}
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)

    with pytest.raises(DataError, match=r"not of an earlier export \(SHA256SUMS\)"):
        export(_store(GRAPHS), tmp_path)

    assert _files(tmp_path) == files


def test_export_earlier_export(exported: Path, tmp_path: Path) -> None:
    """An earlier export is replaced: what the new one does not have is gone, folders too."""
    export(_store({**GRAPHS, "old/graph": "zgc:old zgc:is zgc:gone ."}), tmp_path)

    export(_store(GRAPHS), tmp_path)

    assert _files(tmp_path) == _files(exported)
    assert not (tmp_path / "graphs" / "old").exists()


@pytest.mark.parametrize(
    ("name", "turtle", "message"),
    [
        (
            "entities",
            "<urn:a> <http://example.org/1> 1 .",
            "RDF/XML cannot write the predicate <http://example.org/1>: "
            "let it end in a name that starts with a letter.",
        ),
        (
            "entities",
            '<urn:a> zgc:b "\\u0001" .',
            f"RDF/XML cannot write the character U+0001, which <{ZGC}b> of <urn:a> has: leave it out.",
        ),
        (
            "../../entities",
            "zgc:a zgc:b zgc:c .",
            f"Cannot name a file after the graph <{GRAPH}../../entities>: "
            f"call it <{GRAPH}…> with letters, digits, hyphens and slashes.",
        ),
    ],
    ids=["predicate", "character", "graph"],
)
def test_export_impossible(tmp_path: Path, exported: Path, name: str, turtle: str, message: str) -> None:
    """What a format or a file name cannot hold is an error, and the earlier export stays as it was."""
    export(_store(GRAPHS), tmp_path)

    with pytest.raises(DataError) as caught:
        export(_store({**GRAPHS, name: turtle}), tmp_path)

    assert str(caught.value) == message
    assert _files(tmp_path) == _files(exported)
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in exported.iterdir()}


def test_export_onto_file(tmp_path: Path) -> None:
    """A file in place of a folder is reported as such."""
    path = tmp_path / "file"
    path.touch()

    with pytest.raises(DataError) as caught:
        export(_store(GRAPHS), path)

    assert str(caught.value) == f"{path} is a file: name a folder."


@pytest.fixture(scope="module")
def shipped() -> ox.Store:
    """Give the store of the shipped dataset; nothing may change it."""
    store = ox.Store()
    build(store, source_files())
    return store


@pytest.fixture(scope="module")
def shipped_export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder that the command writes for the shipped dataset."""
    folder = tmp_path_factory.mktemp("shipped")
    result = CliRunner().invoke(main, ["export", str(folder)])
    assert (result.exit_code, result.stdout) == (0, ""), result.stderr
    return folder


def test_export_shipped_merge(shipped: ox.Store, shipped_export: Path) -> None:
    """The full export of the shipped dataset is the default graph of its store."""
    merge = (quad for quad in shipped if isinstance(quad.graph_name, ox.DefaultGraph))

    assert _read(shipped_export / "full.nt") == _canonical(merge)


def test_export_shipped_plain_names(shipped_export: Path) -> None:
    """No Turtle or TriG of an export has a prefixed name with an escape, which some stores misread."""
    texts = [path for ending in ("ttl", "trig") for path in shipped_export.rglob(f"*.{ending}")]

    for path in texts:
        assert_plain_names(path.read_text(encoding="utf-8"))
        if path.with_suffix(".nt").exists():
            plain = path.with_suffix(".nt" if path.suffix == ".ttl" else ".nq")
            assert _read(path) == _read(plain)


def test_export_shipped_description(shipped_export: Path) -> None:
    """The dataset's own description, which is part of the full export, counts what the index counts."""
    described = rdflib.Graph().parse(shipped_export / "graphs/description.nt")

    count = described.value(rdflib.URIRef(f"{BASE}dataset"), rdflib.VOID.triples)

    assert int(str(count)) == _counts(shipped_export)[f"{BASE}export/full"]


def test_export_help() -> None:
    """The help shows the layout of the folder, a line for each part."""
    lines = CliRunner().invoke(main, ["export", "--help"]).stdout.splitlines()

    first_words = {line.split()[0] for line in lines if line.strip()}
    assert first_words >= {
        "asserted.*",
        "full.*",
        "graphs/<name>.*",
        "index.ttl",
        "SHA256SUMS",
        ".ttl",
        ".trig",
    }


@pytest.mark.slow
@pytest.mark.parametrize("name", ["asserted", "full"])
@pytest.mark.parametrize("format_", GRAPH_FORMATS, ids=lambda format_: format_.name)
def test_export_shipped_rdflib(shipped_export: Path, name: str, format_: Format) -> None:
    """A plain graph of rdflib holds as many triples of the shipped dataset as the index says."""
    found = rdflib.Graph().parse(shipped_export / f"{name}.{format_.extension}", format=format_.media_type)

    assert len(found) == _counts(shipped_export)[f"{BASE}export/{name}"]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["asserted", "full"])
def test_export_shipped_oxigraph(shipped_export: Path, name: str) -> None:
    """Oxigraph's own server holds as many triples as the index says, from every format."""
    counts = {}
    with _oxigraph() as server:
        for format_ in (*GRAPH_FORMATS, *DATASET_FORMATS):
            path, pattern = "/store?default", "?s ?p ?o"
            if format_ in DATASET_FORMATS:
                path, pattern = "/store", "GRAPH ?g { ?s ?p ?o }"
            data = (shipped_export / f"{name}.{format_.extension}").read_bytes()
            _send(server, "POST", path, data, format_.media_type)
            query = f"SELECT (COUNT(*) AS ?n) {{ SELECT DISTINCT ?s ?p ?o {{ {pattern} }} }}"
            answer = _send(server, "POST", "/query", query.encode(), "application/sparql-query")
            counts[format_.name] = int(answer.splitlines()[1])
            _send(server, "DELETE", "/store")

    assert set(counts.values()) == {_counts(shipped_export)[f"{BASE}export/{name}"]}, counts


def _quads(turtle: str, graph: str | None) -> Iterator[ox.Quad]:
    target = ox.DefaultGraph() if graph is None else ox.NamedNode(graph)
    for quad in ox.parse(
        prefix_lines(*PREFIXES) + turtle, format=ox.RdfFormat.TURTLE, rename_blank_nodes=True
    ):
        yield ox.Quad(quad.subject, quad.predicate, quad.object, target)


def _store(graphs: dict[str, str]) -> ox.Store:
    """Return a store of named graphs, with the merge of all but the shapes as its default graph."""
    store = ox.Store()
    for name, turtle in graphs.items():
        for quad in _quads(turtle, GRAPH + name):
            store.add(quad)
            if not name.startswith("shapes/"):
                store.add(ox.Quad(quad.subject, quad.predicate, quad.object))
    return store


def _files(folder: Path) -> dict[str, bytes]:
    """Return the files under a folder by their path in it, sorted as their names are."""
    paths = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in sorted(paths.items())}


def _read(path: Path) -> ox.Dataset:
    return _canonical(ox.parse(path=path))


def _canonical(quads: Iterable[ox.Quad]) -> ox.Dataset:
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


def _counts(folder: Path) -> dict[str, int]:
    index = rdflib.Graph().parse(folder / "index.ttl")
    return {str(part): int(str(count)) for part, count in index.subject_objects(rdflib.VOID.triples)}


@contextmanager
def _oxigraph() -> Iterator[str]:
    """Run Oxigraph's server in memory and give its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    command = [str(Path(sys.executable).parent / "oxigraph"), "serve", "--bind", address]
    started = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    with killed_at_the_end(started) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("Listening")
        yield f"http://{address}"


def _send(server: str, method: str, path: str, body: bytes = b"", media_type: str = "text/plain") -> bytes:
    connection = HTTPConnection(server.removeprefix("http://"), timeout=60)
    headers = {"Content-Type": media_type, "Accept": "text/csv"}
    with closing(connection):
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        answer = response.read()
    assert response.status < 300, answer
    return answer


def test_full_disk(tmp_path: Path) -> None:
    """An export that runs out of space is an error and leaves the earlier export as it is."""
    folder = tmp_path / "out"
    export(_store(GRAPHS), folder)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    # `ulimit -f` stands in for a disk without space; the unit of sh is 512 bytes.
    done = subprocess.run(
        ["/bin/sh", "-c", f'ulimit -f 100; exec "{SCRIPTS / "forumkg"}" export "{folder}"'],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (1, "")
    assert re.fullmatch(rf"Error: Cannot write to {folder}\S*: File too large\.\n", done.stderr)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
