"""The page of the data: downloads with checksums, named graphs, and commands that load them elsewhere."""

import json
import shlex
import threading
from typing import Any, Final

from flask import Blueprint, Response, current_app, request
from flask.blueprints import BlueprintSetupState

from forumkg import __version__
from forumkg.dataset.catalog import CatalogFile
from forumkg.dataset.description import DATASET
from forumkg.dataset.downloads import (
    DOWNLOADS,
    MAX_TRIPLES,
    SUMS,
    Download,
    make_downloads,
    read_downloads,
    sums,
)
from forumkg.errors import NotFound
from forumkg.pages.data.croissant import CROISSANT, croissant
from forumkg.pages.dataset_facts import DatasetFacts, dataset_queries, graph_groups, read_dataset, read_graphs
from forumkg.pages.figure_files import CSV_FORMAT, FIGURE_FILES, METADATA, METADATA_FORMAT, csv_metadata
from forumkg.pages.figure_table import COLUMNS, read_figure_rows
from forumkg.pages.languages import N_, gettext, root_of_site
from forumkg.pages.paging import Scope, current_lists, page_number, read_page, read_scope
from forumkg.pages.rendering import page
from forumkg.pages.worker_graph import current_graph
from forumkg.sparql.identifiers import HTML, path_of
from forumkg.web.documents import document
from forumkg.web.headers import CORS
from forumkg.web.http.responses import body_of
from forumkg.web.paths import SPARQL_PATH
from forumkg.web.state import served

__all__ = ["blueprint", "catalog_files"]

# How many named graphs the page lists.
_GRAPHS: Final = 100
_KEY: Final = "forumkg.downloads"


class _Kept:
    """The downloads of the served version, packed at the first request where an earlier release made it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.files: tuple[Download, ...] | None = None


def downloads() -> tuple[Download, ...]:
    """Return the downloads of the served version; none if it is too large to be packed."""
    kept: _Kept = current_app.extensions[_KEY]
    with kept.lock:
        if kept.files is None:
            kept.files = _find()
        return kept.files


def _find() -> tuple[Download, ...]:
    version = served()
    if version.info.triples > MAX_TRIPLES:
        return ()
    found = read_downloads(version.path / DOWNLOADS)
    return make_downloads(version.store) if found is None else found


def _load_snippets(folder: str) -> list[tuple[str, str]]:
    """Return the commands that load all triples, for each program with its name.

    Args:
        folder: the address of the folder of the downloads, with `/` at its end.
    """
    turtle = f"{folder}full.ttl"
    fetch = f"curl --compressed -O {shlex.quote(turtle)}\n"
    return [
        ("rdflib", f"import rdflib\n\ngraph = rdflib.Graph().parse({turtle!r})\nprint(len(graph))\n"),
        (
            "Oxigraph",
            f"{fetch}oxigraph load --location store --file full.ttl\n"
            "oxigraph serve-read-only --location store\n",
        ),
        (
            "Apache Jena Fuseki",
            f"{fetch}tdb2.tdbloader --loc=store full.ttl\nfuseki-server --loc=store /zgc-forum\n",
        ),
        (
            "GraphDB",
            f"{fetch}# into a repository with the ID zgc-forum\n"
            "curl -H 'Content-Type: text/turtle' --data-binary @full.ttl \\\n"
            "    http://localhost:7200/repositories/zgc-forum/statements\n",
        ),
        (
            gettext("The checksums"),
            f"curl -O {shlex.quote(folder + 'SHA256SUMS')}\nsha256sum --check --ignore-missing SHA256SUMS\n",
        ),
    ]


# How many a table of figures has: more come in parts.
_ROWS: Final = 400

blueprint = Blueprint("data", __name__)

_PARTS: Final = {
    "full": (
        N_("Everything"),
        N_("What the files of the dataset say, and all that is entailed and derived from it."),
    ),
    "asserted": (
        N_("Asserted only"),
        N_("What the files of the dataset say, and nothing that follows from it."),
    ),
}
_PLAIN: Final = "text/plain; charset=utf-8"


@blueprint.record_once
def _prepare(state: BlueprintSetupState) -> None:
    state.app.extensions[_KEY] = _Kept()


@blueprint.get("/data")
def data() -> Response:
    """Show what there is to download."""
    files = downloads()
    facts = read_dataset(current_graph())
    folder = _folder()
    listed = read_page(current_lists(), "graphs", Scope(number=page_number()), _GRAPHS)
    wanted = None if listed.is_whole else listed.things
    return page(
        "data/data.html",
        title=gettext("Data"),
        description=gettext(
            "The Zhongguancun Forum graph for download in Turtle, TriG, N-Quads and JSON-LD, with "
            "checksums, licence and what has changed."
        ),
        json_ld=_json_ld(facts, files),
        queries=dataset_queries(wanted),
        path=listed.path,
        links=listed.links,
        listed=listed,
        facts=facts,
        parts=[
            (name, gettext(title), gettext(text), [each for each in files if each.part == name])
            for name, (title, text) in _PARTS.items()
        ],
        files=files,
        max_triples=MAX_TRIPLES,
        # The workbook first, which readers without programs of their own can open.
        figure_files=sorted(FIGURE_FILES.values(), key=lambda each: each.format.extension != "xlsx"),
        columns=COLUMNS,
        metadata=METADATA,
        groups=graph_groups(read_graphs(current_graph(), wanted)),
        sums=SUMS,
        folder=folder,
        codes=_load_snippets(folder),
    )


@blueprint.get("/data/figures.<any(csv, xlsx, parquet):ending>")
def figures(ending: str) -> Response:
    """Send the table of the printed figures, of all forums or of one: a long one in parts."""
    file = FIGURE_FILES[f"figures.{ending}"]
    lists = current_lists()
    listed = read_page(lists, "figures", read_scope(lists), _ROWS)
    quantities = None if listed.is_whole else [quantity for _, quantity, _ in listed.items]
    rows = read_figure_rows(current_graph(), _page_of, quantities)
    described = f'<{_folder()}{METADATA}>; rel="describedby"; type="{METADATA_FORMAT.media_type}"'
    links = filter(None, (described if file.format == CSV_FORMAT else "", listed.links))
    response = document(file.write(rows), file.format, links=", ".join(links))
    part = f"-{listed.scope.number}-of-{listed.pages}" if listed.pages > 1 else ""
    response.headers["Content-Disposition"] = f'attachment; filename="forumkg-figures{part}.{ending}"'
    return response


@blueprint.get(f"/data/{METADATA}")
def figures_metadata() -> Response:
    """Send the description of the table of figures."""
    return document(csv_metadata(read_dataset(current_graph()).licence), METADATA_FORMAT)


@blueprint.get(f"/data/{CROISSANT}")
def croissant_description() -> Response:
    """Send the description of files and figures in Croissant."""
    graph = current_graph()
    described = croissant(
        read_dataset(graph),
        catalog_files(),
        read_figure_rows(graph, _page_of),
        request.url_root.rstrip("/"),
    )
    return document(json.dumps(described, indent=2, ensure_ascii=False) + "\n", METADATA_FORMAT)


@blueprint.after_request
def _open_files(response: Response) -> Response:
    """Let pages of any origin read the files."""
    if request.endpoint != f"{blueprint.name}.{data.__name__}":
        response.headers.extend(CORS)
    return response


@blueprint.get("/data/<name>")
def download(name: str) -> Response:
    """Send a file."""
    if name == SUMS:
        return _file(sums(downloads()).encode(), _PLAIN, "")
    found = next((each for each in downloads() if each.name == name), None)
    if found is None:
        raise NotFound(f"There is no download {name!r}: {request.script_root}/data lists all.")
    return _file(found.data, found.format.content_type, found.sha256)


def _file(content: bytes, content_type: str, digest: str) -> Response:
    # From a file where it is long, so that many slow readers share one copy.
    response = Response(body_of(content), content_type=content_type, direct_passthrough=True)
    response.content_length = len(content)
    if digest:
        response.set_etag(digest)
    else:
        response.add_etag()
    response.cache_control.no_cache = True
    response.make_conditional(request)
    return response


def catalog_files() -> tuple[CatalogFile, ...]:
    """Return the files as a catalogue lists them: the dumps, and the table of figures."""
    dumps = (
        CatalogFile(each.name, each.format, _PARTS[each.part][1], each.size, each.sha256)
        for each in downloads()
    )
    # The table has addresses of this host, so that its bytes are not the same everywhere.
    tables = (
        CatalogFile(each.name, each.format, f"All printed figures as a table, {each.purpose}.")
        for each in FIGURE_FILES.values()
    )
    return (*dumps, *tables)


def _page_of(iri: str) -> str:
    return request.root_url.rstrip("/") + path_of(iri, HTML)


def _folder() -> str:
    return f"{_site()}/data/"


def _site() -> str:
    return request.host_url.rstrip("/") + root_of_site()


def _json_ld(facts: DatasetFacts, files: tuple[Download, ...]) -> dict[str, Any]:
    """Return the description of the dataset for search engines: https://schema.org/Dataset."""
    root = _site()
    return {
        "@type": "Dataset",
        "@id": DATASET,
        "name": facts.title,
        "description": facts.description,
        "url": f"{root}/data",
        "license": facts.licence,
        "creator": {"@type": "Organization", "name": facts.creator},
        "isAccessibleForFree": True,
        "inLanguage": ["en", "zh"],
        "version": __version__,
        "keywords": ["Zhongguancun Forum", "knowledge graph", "provenance", "disagreement", "SPARQL"],
        **({"datePublished": facts.issued.isoformat()} if facts.issued else {}),
        "distribution": [
            {
                "@type": "DataDownload",
                "contentUrl": _folder() + each.name,
                "encodingFormat": each.format.media_type,
                "contentSize": str(each.size),
                "sha256": each.sha256,
            }
            for each in files
        ]
        + [
            {
                "@type": "DataDownload",
                "name": "SPARQL endpoint",
                "contentUrl": root + SPARQL_PATH,
                "encodingFormat": "application/sparql-results+json",
            }
        ],
    }
