"""`forumkg export`: write the dataset to a folder in every format."""

from pathlib import Path

import click

from forumkg.dataset.export import INDEX, ExportTable, export
from forumkg.dataset.files import source_files
from forumkg.dataset.versions import in_memory
from forumkg.pages.dataset_facts import read_dataset
from forumkg.pages.figure_files import FIGURE_FILES, METADATA, METADATA_FORMAT, csv_metadata
from forumkg.pages.figure_table import read_figure_rows
from forumkg.pages.graph import StoreGraph
from forumkg.sparql.identifiers import HTML

__all__ = ["command"]


@click.command("export")
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Write into a folder that has files of other origin.")
def command(directory: Path, *, force: bool) -> None:
    """Write the dataset to the folder DIR in every format.

    \b
    asserted.*           the triples of the files of the dataset
    full.*               these, what is entailed and derived from them, description and questions
    graphs/<name>.*      one named graph: graphs/articles/…, graphs/entailed, graphs/shapes/…
    validate/*.ttl       for any SHACL engine: shapes, shapes-core, shapes-sparql, background
    figures.*            all figures as a table: .csv, .xlsx, .parquet; .csv-metadata.json describes it
    index.ttl            description of the files, with counts (VoID and DCAT)
    SHA256SUMS           for: sha256sum --check SHA256SUMS

    \b
    .ttl Turtle, .nt N-Triples, .jsonld JSON-LD, .rdf RDF/XML: each triple once
    .trig TriG, .nq N-Quads: with the named graphs
    Each of them also compressed: full.ttl.gz

    The SHACL shapes are under graphs/shapes and validate only. The same dataset gives the same bytes. DIR is
    made where it does not exist; an earlier export in it is replaced when the new one is complete.
    """  # noqa: D301 (click wants the character, not its escape)
    store = in_memory(source_files())
    report = export(store, directory, force=force, tables=_tables(StoreGraph(store)))
    click.echo(
        f"Wrote {report.files} files, {report.bytes / 1e6:.1f} MB: {report.triples['asserted']} asserted "
        f"triples, {report.triples['full']} in full. See {directory / INDEX}.",
        err=True,
    )


def _tables(graph: StoreGraph) -> tuple[ExportTable, ...]:
    """Return the table of figures in each format, and its description; its links are IRIs of pages."""
    rows = read_figure_rows(graph, lambda iri: f"{iri}.{HTML.extension}")
    files = (ExportTable(each.name, each.format, each.write(rows)) for each in FIGURE_FILES.values())
    described = csv_metadata(read_dataset(graph).licence)
    return (*files, ExportTable(METADATA, METADATA_FORMAT, described))
