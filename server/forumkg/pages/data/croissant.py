"""Describe the files and the table of figures in Croissant, which tools for machine learning load.

https://docs.mlcommons.org/croissant/docs/croissant-spec-1.0.html
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any, Final

from forumkg import __version__
from forumkg.dataset.catalog import CatalogFile
from forumkg.pages.dataset_facts import DatasetFacts
from forumkg.pages.figure_files import CSV_FORMAT, csv_text
from forumkg.pages.figure_table import COLUMNS, CellType, FigureColumn, FigureRow

__all__ = ["CROISSANT", "croissant"]

CROISSANT: Final = "croissant.json"

_VOCABULARY: Final = "http://mlcommons.org/croissant/"
# The context of the reference implementation: another one is a warning.
_CONTEXT: Final[dict[str, Any]] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": _VOCABULARY,
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
_TYPES: Final = {
    CellType.TEXT: "sc:Text",
    CellType.INTEGER: "sc:Integer",
    CellType.NUMBER: "sc:Float",
    CellType.BOOLEAN: "sc:Boolean",
    CellType.DATE: "sc:Date",
    CellType.IRI: "sc:URL",
}
_KEY: Final = ("statement", "quantity", "subject_iri")
_FIGURES: Final = f"figures.{CSV_FORMAT.extension}"


def croissant(
    facts: DatasetFacts, files: Iterable[CatalogFile], rows: Sequence[FigureRow], root: str
) -> dict[str, Any]:
    """Return the description, a JSON object.

    Args:
        facts: the description of the dataset.
        files: the files of the dataset; those without a digest are left out, but for the figures in CSV.
        rows: of the table of figures.
        root: the address of the server, without a slash at its end.
    """
    table = csv_text(rows)
    digest = hashlib.sha256(table).hexdigest()
    figures = CatalogFile(_FIGURES, CSV_FORMAT, "All printed figures as a table.", len(table), digest)
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": f"{_VOCABULARY}1.0",
        "name": "zhongguancun-forum-graph",
        "alternateName": facts.title,
        "description": facts.description,
        "url": f"{root}/data",
        "version": __version__,
        "inLanguage": ["en", "zh"],
        **({"license": facts.licence} if facts.licence else {}),
        **({"creator": {"@type": "sc:Organization", "name": facts.creator}} if facts.creator else {}),
        **({"datePublished": facts.issued.isoformat()} if facts.issued else {}),
        "citeAs": f"{facts.creator}: {facts.title}, version {__version__}. {root}/",
        "distribution": [_file(each, root) for each in (figures, *files) if each.sha256],
        "recordSet": [
            {
                "@type": "cr:RecordSet",
                "@id": "figures",
                "name": "figures",
                "description": "A row for each figure that a statement gives of a subject.",
                "key": [{"@id": f"figures/{name}"} for name in _KEY],
                "field": [_field(column) for column in COLUMNS],
            }
        ],
    }


def _file(file: CatalogFile, root: str) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": file.name,
        "name": file.name,
        "description": file.description,
        "contentUrl": f"{root}/data/{file.name}",
        "contentSize": f"{file.size} B",
        "encodingFormat": file.format.media_type,
        "sha256": file.sha256,
    }


def _field(column: FigureColumn) -> dict[str, Any]:
    return {
        "@type": "cr:Field",
        "@id": f"figures/{column.name}",
        "name": column.name,
        "description": column.description,
        "dataType": _TYPES[column.kind],
        "source": {"fileObject": {"@id": _FIGURES}, "extract": {"column": column.name}},
    }
