"""Write the table of figures as CSV, XLSX and Parquet, and its description for machines (CSVW).

The same rows give the same bytes. The libraries for XLSX and Parquet are imported when first needed: they
would slow down the start of every server and command.
"""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from forumkg.formats import Format
from forumkg.pages.figure_table import COLUMNS, CellType, FigureCell, FigureColumn, FigureRow
from forumkg.pages.languages import DEFAULT, N_, gettext, language, translate
from forumkg.pages.translated_text import width_in_letters

__all__ = [
    "CSV_FORMAT",
    "FIGURE_FILES",
    "METADATA",
    "METADATA_FORMAT",
    "FigureFile",
    "csv_metadata",
    "csv_text",
    "parquet",
    "xlsx",
]

CSV_FORMAT: Final = Format("csv", "CSV", "text/csv", "csv")
METADATA: Final = "figures.csv-metadata.json"
METADATA_FORMAT: Final = Format("csvw", "CSVW", "application/ld+json", "json")

# What a spreadsheet takes for the start of a formula: https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_LONGEST_CELL: Final = 32_767  # of XLSX
# The columns of web addresses that open with a click, and what XLSX allows of links: their length, and how
# many a sheet has.
_LINKED: Final = frozenset({"page", "article_url"})
_LONGEST_LINK: Final = 2_079
_MOST_LINKED_ROWS: Final = 65_530 // len(_LINKED)
_WEB: Final = ("http://", "https://")
# The widest column, in characters.
_WIDEST: Final = 60
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# The day that each workbook states as that of its creation: a clock would change the bytes.
_EPOCH: Final = date(1970, 1, 1)
_CREATED: Final = datetime(2000, 1, 1)  # noqa: DTZ001 (XLSX has no time zones)


def csv_text(rows: Sequence[FigureRow]) -> bytes:
    """Return the table as CSV in UTF-8 (https://www.rfc-editor.org/rfc/rfc4180).

    A text that a spreadsheet would evaluate begins with an apostrophe.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(column.name for column in COLUMNS)
    writer.writerows([_as_text(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def _as_text(cell: FigureCell) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return str(cell).lower()
        case Decimal():
            return f"{cell.normalize():f}"
        case date():
            return cell.isoformat()
        case str():
            return f"'{cell}" if cell.startswith(_FORMULA) else cell
    return str(cell)


def xlsx(rows: Sequence[FigureRow]) -> bytes:
    """Return the table as a workbook: a sheet with the figures, and one that describes the columns.

    Headings, descriptions and names of sheets are in the language of the page. In English the headings are
    the names of the columns; in another language these stand in the sheet that describes them.

    Numbers, days and truth values have their types; texts are texts and never a formula. Of the IRIs, the web
    addresses of pages and articles are links.
    """
    import xlsxwriter  # noqa: PLC0415 (see the module)

    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as workbook:
        workbook.set_properties(
            {"title": gettext("Figures of the Zhongguancun Forum graph"), "created": _CREATED}
        )
        head = workbook.add_format({"bold": True})
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        sheet = workbook.add_worksheet("figures" if language() == DEFAULT else gettext("Figures"))
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, len(rows), len(COLUMNS) - 1)
        for index, column in enumerate(COLUMNS):
            sheet.write_string(0, index, _heading(column), head)
            longest = max((width_in_letters(_as_text(row[index])) for row in rows), default=0)
            sheet.set_column(index, index, _width(width_in_letters(_heading(column)) + 3, longest))
        for line, row in enumerate(rows, 1):
            for index, cell in enumerate(row):
                if line <= _MOST_LINKED_ROWS and _is_link(COLUMNS[index], cell):
                    sheet.write_url(line, index, cell, string=cell)
                else:
                    _write_cell(sheet, line, index, cell, day)
        columns = workbook.add_worksheet(gettext("columns"))
        described = (_described_by(), *map(_described, COLUMNS))
        for index, texts in enumerate(zip(*described, strict=True)):
            columns.set_column(index, index, max(map(width_in_letters, texts)) + 1)
        for line, texts in enumerate(described):
            for index, text in enumerate(texts):
                columns.write_string(line, index, text, None if line else head)
    return target.getvalue()


def _heading(column: FigureColumn) -> str:
    return column.name if language() == DEFAULT else translate(column.heading)


def _width(*lengths: int) -> int:
    """Return the width of a column for texts of some lengths, in characters."""
    return min(_WIDEST, max(lengths) + 1)


def _is_link(column: FigureColumn, cell: FigureCell) -> bool:
    return (
        column.name in _LINKED
        and isinstance(cell, str)
        and cell.startswith(_WEB)
        and len(cell) <= _LONGEST_LINK
    )


def _described_by() -> tuple[str, ...]:
    """Return the headings of the sheet that describes the columns."""
    if language() == DEFAULT:
        return "column", "type", "description"
    return gettext("Column"), gettext("Name in CSV"), gettext("Type"), gettext("What it holds")


def _described(column: FigureColumn) -> tuple[str, ...]:
    described = column.name, translate(column.kind.value), translate(column.description)
    return described if language() == DEFAULT else (_heading(column), *described)


def _write_cell(sheet: Any, line: int, index: int, cell: FigureCell, day: Any) -> None:  # noqa: ANN401 (no types)
    match cell:
        case None:
            return
        case bool():
            sheet.write_boolean(line, index, cell)
        case int() | Decimal():
            sheet.write_number(line, index, float(cell))
        case date():
            sheet.write_datetime(line, index, cell, day)
        case str():
            sheet.write_string(line, index, cell[:_LONGEST_CELL])


def parquet(rows: Sequence[FigureRow]) -> bytes:
    """Return the table as Parquet; an empty cell is null, a number a double."""
    from arro3.core import Array, DataType, Field, Schema, Table  # noqa: PLC0415 (see the module)
    from arro3.io import write_parquet  # noqa: PLC0415

    types = {
        CellType.INTEGER: DataType.int32(),
        CellType.NUMBER: DataType.float64(),
        CellType.BOOLEAN: DataType.bool(),
        CellType.DATE: DataType.date32(),
    }
    fields = [
        Field(
            column.name,
            types.get(column.kind, DataType.utf8()),
            nullable=True,
            metadata={"description": column.description},
        )
        for column in COLUMNS
    ]
    cells = zip(*rows, strict=True) if rows else ((),) * len(fields)
    arrays = [
        # An array of days is made of their numbers: the library takes no `date`.
        Array([_as_number(cell) for cell in column], DataType.int32()).cast(field.type)
        if field.type == DataType.date32()
        else Array([_as_number(cell) for cell in column], field.type)
        for field, column in zip(fields, cells, strict=True)
    ]
    target = io.BytesIO()
    write_parquet(Table.from_arrays(arrays, schema=Schema(fields)), target)
    return target.getvalue()


def csv_metadata(licence: str) -> bytes:
    """Return the description of the CSV in CSVW.

    https://www.w3.org/TR/tabular-metadata/

    Args:
        licence: the IRI of the licence of the data.
    """
    described: dict[str, Any] = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": "figures.csv",
        "dc:title": "Figures of the Zhongguancun Forum graph",
        "dc:description": "A row for each figure that a statement gives of a subject, with its source.",
        **({"dc:license": {"@id": licence}} if licence else {}),
        "dialect": {"header": True, "lineTerminators": ["\r\n"]},
        "tableSchema": {
            "primaryKey": ["statement", "quantity", "subject_iri"],
            "columns": [_column_metadata(column) for column in COLUMNS],
        },
    }
    return (json.dumps(described, indent=2, ensure_ascii=False) + "\n").encode()


def _column_metadata(column: FigureColumn) -> dict[str, Any]:
    return {
        "name": column.name,
        "titles": column.name,
        "dc:description": column.description,
        "datatype": column.kind.value,
        **({"separator": column.separator} if column.separator else {}),
    }


def _as_number(cell: FigureCell) -> str | float | None:
    match cell:
        case Decimal():
            return float(cell)
        case date():
            return (cell - _EPOCH).days
    return cell


@dataclass(frozen=True, slots=True)
class FigureFile:
    """A file of the table: its name, its format, what it is good for, and the function that writes it."""

    name: str
    format: Format
    purpose: str
    write: Callable[[Sequence[FigureRow]], bytes]


FIGURE_FILES: Final[Mapping[str, FigureFile]] = MappingProxyType(
    {
        each.name: each
        for each in (
            FigureFile("figures.csv", CSV_FORMAT, N_("for any program"), csv_text),
            FigureFile(
                "figures.xlsx",
                Format("xlsx", "XLSX", _XLSX, "xlsx"),
                N_("for Excel, LibreOffice and Numbers, with a sheet that explains the columns"),
                xlsx,
            ),
            FigureFile(
                "figures.parquet",
                Format("parquet", "Parquet", "application/vnd.apache.parquet", "parquet"),
                N_("with types, for pandas, polars, DuckDB, R and Spark"),
                parquet,
            ),
        )
    }
)
