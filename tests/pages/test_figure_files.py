"""The table of figures is the same in CSV, XLSX and Parquet, with types, for the programs that people use."""

import csv
import io
import json
import re
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import openpyxl
import pandas
import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from page_texts import HAN
from shipped import shipped_store

from forumkg.pages.figure_files import FIGURE_FILES, FigureFile, csv_metadata, csv_text, parquet, xlsx
from forumkg.pages.figure_table import COLUMNS, CellType, FigureCell, FigureRow, read_figure_rows
from forumkg.pages.graph import StoreGraph

if TYPE_CHECKING:
    from collections.abc import Callable

NAMES = [column.name for column in COLUMNS]
# Columns that are compared with words in Chinese, and all that differ between the languages.
WORDS = {
    "subject", "figure", "hedge", "stance", "stance_code", "rank", "judgement", "publisher",
    "language_quality",
}  # fmt: skip
PER_LANGUAGE = WORDS - {"stance_code"} | {
    "indicator", "unit_label", "carrier", "article", "speakers", "speech", "paraphrase", "notes",
    "passages", "page",
}  # fmt: skip
ROWS = read_figure_rows(StoreGraph(shipped_store()), lambda iri: f"http://localhost/{iri}.html")


def plain(cell: FigureCell, kind: CellType) -> object:
    """Return a cell as it is compared: numbers as floats, which XLSX and Parquet hold."""
    return float(cell) if kind is CellType.NUMBER and isinstance(cell, Decimal) else cell


def expected(rows: tuple[FigureRow, ...]) -> list[tuple[object, ...]]:
    """Return the rows as each file gives them back."""
    return [
        tuple(plain(cell, column.kind) for cell, column in zip(row, COLUMNS, strict=True)) for row in rows
    ]


def from_csv(data: bytes) -> list[tuple[object, ...]]:
    """Read CSV by the types of the columns."""
    readers: dict[CellType, Callable[[str], object]] = {
        CellType.INTEGER: int,
        CellType.NUMBER: float,
        CellType.BOOLEAN: "true".__eq__,
        CellType.DATE: date.fromisoformat,
    }
    head, *lines = csv.reader(io.StringIO(data.decode(), newline=""))
    assert head == NAMES
    return [
        tuple(
            (readers.get(column.kind, str)(cell) if cell else None)
            for cell, column in zip(line, COLUMNS, strict=True)
        )
        for line in lines
    ]


def from_xlsx(data: bytes) -> list[tuple[object, ...]]:
    """Read the first sheet with openpyxl; no cell is a formula, and links are the web addresses alone."""
    sheet = openpyxl.load_workbook(io.BytesIO(data))["figures"]
    head, *lines = sheet.iter_rows()
    assert [cell.value for cell in head] == NAMES
    assert {cell.data_type for line in lines for cell in line} <= {"s", "n", "b", "d"}
    for line in lines:
        for name, cell in zip(NAMES, line, strict=True):
            is_linked = name in {"page", "article_url"} and cell.value is not None
            assert (cell.hyperlink.target if cell.hyperlink else None) == (cell.value if is_linked else None)
    return [
        tuple(cell.value.date() if isinstance(cell.value, datetime) else cell.value for cell in line)
        for line in lines
    ]


def from_parquet(data: bytes, folder: Path) -> list[tuple[object, ...]]:
    """Read Parquet with DuckDB."""
    path = folder / "figures.parquet"
    path.write_bytes(data)
    with duckdb.connect() as connection:
        found = connection.execute("SELECT * FROM read_parquet(?)", [str(path)])
        assert [column[0] for column in found.description or ()] == NAMES
        return found.fetchall()


def test_formats_have_the_same_rows(tmp_path: Path) -> None:
    """Each format gives back the rows of the shipped graph, with numbers, days and truth values as such."""
    assert len(ROWS) > 40
    assert from_csv(csv_text(ROWS)) == expected(ROWS)
    assert from_xlsx(xlsx(ROWS)) == expected(ROWS)
    assert from_parquet(parquet(ROWS), tmp_path) == expected(ROWS)


def test_formats_without_rows(tmp_path: Path) -> None:
    """A dataset without figures gives files with the columns alone."""
    assert from_csv(csv_text(())) == []
    assert from_xlsx(xlsx(())) == []
    assert from_parquet(parquet(()), tmp_path) == []


@pytest.mark.parametrize("file", FIGURE_FILES.values(), ids=lambda file: file.name)
def test_same_rows_same_bytes(file: FigureFile) -> None:
    """No clock and no order of a set is in a file."""
    assert file.write(ROWS) == file.write(ROWS)


def test_cells_of_a_known_figure() -> None:
    """The impossible figure has each of the columns that a reader needs to quote it right."""
    (row,) = (
        dict(zip(NAMES, row, strict=True)) for row in ROWS if row[NAMES.index("judgement")] == "judged wrong"
    )

    assert row == {
        "edition": 2021,
        "subject": "2021 Zhongguancun Forum",
        "indicator": "countries of representatives",
        "figure": "more than 500",
        "number": Decimal(500),
        "unit": None,
        "unit_label": None,
        "hedge": "more than",
        "lower_bound": Decimal(500),
        "lower_bound_is_open": True,
        "upper_bound": None,
        "upper_bound_is_open": None,
        "share": None,
        "maximum_possible": Decimal(249),
        "as_of": None,
        "stance": "planned",
        "stance_code": "planned",
        "rank": "deprecated",
        "judgement": "judged wrong",
        "publisher": "China Daily",
        "carrier": "exbulletin.com",
        "published": None,
        "article": row["article"],
        "article_url": "https://exbulletin.com/tech/1197892/",
        "language_quality": "back-translated",
        "speakers": None,
        "speech": None,
        "paraphrase": "Judged wrong: The representatives invited to the 2021 forum come from over 500 "
        "countries and territories.",
        "notes": row["notes"],
        "passages": row["passages"],
        "page": "http://localhost/https://w3id.org/zgc-forum/id/statement/china-daily-2021/8.html",
        "statement": "https://w3id.org/zgc-forum/id/statement/china-daily-2021/8",
        "quantity": "https://w3id.org/zgc-forum/id/quantity/china-daily-2021/8",
        "subject_iri": "https://w3id.org/zgc-forum/id/edition/2021",
        "indicator_iri": "https://w3id.org/zgc-forum/id/indicator/countries-of-representatives",
        "article_iri": "https://w3id.org/zgc-forum/id/article/china-daily-2021",
        "passage_iris": row["passage_iris"],
    }
    assert str(row["passages"]).startswith("caption ")
    assert str(row["passage_iris"]).startswith(f"{row['article_iri']}/char=")


def test_rows_are_identified() -> None:
    """Statement, quantity and subject are a key, as the columns say; speakers have their posts."""
    key = [NAMES.index(name) for name in ("statement", "quantity", "subject_iri")]

    assert len({tuple(row[index] for index in key) for row in ROWS}) == len(ROWS)
    assert any(", " in str(row[NAMES.index("speakers")]) for row in ROWS)


def test_units_have_words() -> None:
    """Each code of a unit has a label beside it: `years` for `a`."""
    unit, label = NAMES.index("unit"), NAMES.index("unit_label")

    assert {row[unit]: row[label] for row in ROWS if row[unit]} == {
        "CNY": "CNY",
        "USD": "USD",
        "a": "years",
        "d": "days",
        "m2": "m²",
    }


def test_columns_of_the_workbook_are_wide_enough() -> None:
    """Headings and short cells are read without widening a column, and long texts do not fill the screen."""
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx(ROWS)))["figures"]

    # Neighbours of one width are one entry.
    widths = {
        index: each.width
        for each in sheet.column_dimensions.values()
        for index in range(each.min, each.max + 1)
    }
    assert len(widths) == len(NAMES)
    assert all(len(name) < widths[index] <= 61 for index, name in enumerate(NAMES, 1))


def test_pandas_reads_types() -> None:
    """In pandas a column of numbers is one of numbers, from each format that it reads without an extra."""
    from_text = pandas.read_csv(io.BytesIO(csv_text(ROWS)), parse_dates=["published"])
    from_book = pandas.read_excel(io.BytesIO(xlsx(ROWS)))

    for frame in (from_text, from_book):
        assert pandas.api.types.is_numeric_dtype(frame["number"])
        assert pandas.api.types.is_datetime64_any_dtype(frame["published"])
        assert frame["number"].sum() == from_text["number"].sum()


CELLS = {
    CellType.TEXT: st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1),
    CellType.INTEGER: st.integers(-(2**31), 2**31 - 1),
    CellType.NUMBER: st.decimals(
        allow_nan=False, allow_infinity=False, places=3, min_value=-1e12, max_value=1e12
    ),
    CellType.BOOLEAN: st.booleans(),
    CellType.DATE: st.dates(date(1900, 3, 1)),
    CellType.IRI: st.just("https://example.org/a=b"),
}


@settings(max_examples=20, deadline=None)
@given(
    row=st.tuples(
        *(
            CELLS[column.kind] if column.kind is CellType.IRI else st.none() | CELLS[column.kind]
            for column in COLUMNS
        )
    )
)
def test_hostile_rows(row: FigureRow, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Any text comes back as that text: never as a formula, a link, a number or another day."""
    folder = tmp_path_factory.mktemp("rows")

    assert from_xlsx(xlsx((row,))) == expected((row,))
    assert from_parquet(parquet((row,)), folder) == expected((row,))


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://example.org")'])
def test_formula_is_text(text: str, tmp_path: Path) -> None:
    """A text that a spreadsheet would evaluate stays a text, in CSV behind an apostrophe."""
    row = tuple(text if column.name == "paraphrase" else None for column in COLUMNS)
    index = NAMES.index("paraphrase")

    assert from_csv(csv_text((row,)))[0][index] == f"'{text}"
    assert from_xlsx(xlsx((row,)))[0][index] == text
    assert from_parquet(parquet((row,)), tmp_path)[0][index] == text


def test_metadata_describes_the_columns() -> None:
    """The description in CSVW has each column in its place, with type, text and separator."""
    described = json.loads(csv_metadata("https://creativecommons.org/licenses/by/4.0/"))

    assert described["@context"][0] == "http://www.w3.org/ns/csvw"
    assert described["url"] == "figures.csv"
    assert described["dc:license"] == {"@id": "https://creativecommons.org/licenses/by/4.0/"}
    assert described["tableSchema"]["columns"] == [
        {
            "name": column.name,
            "titles": column.name,
            "dc:description": column.description,
            "datatype": column.kind.value,
            **({"separator": column.separator} if column.separator else {}),
        }
        for column in COLUMNS
    ]


@pytest.mark.parametrize("file", FIGURE_FILES.values(), ids=lambda file: file.name)
def test_get_figures(shipped_client: FlaskClient, file: FigureFile) -> None:
    """The server sends each file, with links to its own pages, to pages of any origin; 304 the next time."""
    response = shipped_client.get(f"/data/{file.name}")
    again = shipped_client.get(f"/data/{file.name}", headers={"If-None-Match": response.headers["ETag"]})

    rows = read_figure_rows(
        StoreGraph(shipped_store()),
        lambda iri: f"http://localhost/{iri.removeprefix('https://w3id.org/zgc-forum/')}.html",
    )
    assert response.data == file.write(rows)
    assert response.headers["Content-Type"] == file.format.content_type
    assert response.headers["Content-Disposition"] == f'attachment; filename="forumkg-{file.name}"'
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert again.status_code == 304


def test_get_workbook_in_chinese(shipped_client: FlaskClient) -> None:
    """The workbook of `/zh/` has headings, words and descriptions in Chinese; codes and IRIs are the same."""
    book = openpyxl.load_workbook(io.BytesIO(shipped_client.get("/zh/data/figures.xlsx").data))
    headings, *lines = book["数字"].iter_rows(values_only=True)
    head, *described = book["列说明"].iter_rows(values_only=True)
    figures = [dict(zip(NAMES, line, strict=True)) for line in lines]
    (judged,) = (figure for figure in figures if figure["judgement"])

    assert head == ("列", "CSV 中的列名", "类型", "内容")
    assert [line[:2] for line in described] == list(zip(headings, NAMES, strict=True))
    assert len(set(headings)) == len(NAMES)
    assert all(HAN.search(str(line[0])) and HAN.search(str(line[3])) for line in described)
    assert {name: judged[name] for name in judged if name in WORDS} == {
        "subject": "2021中关村论坛",
        "figure": "超过500",
        "hedge": "超过",
        "stance": "计划",
        "stance_code": "planned",
        "rank": "弃用",
        "judgement": "判定有误",
        "publisher": "中国日报",
        "language_quality": "回译",
    }
    assert "Wu Zhaohui，科学技术部副部长" in {figure["speakers"] for figure in figures}
    assert judged["page"] == "http://localhost/zh/id/statement/china-daily-2021/8.html"
    codes = [index for index, name in enumerate(NAMES) if name not in PER_LANGUAGE]
    assert [[figure[NAMES[index]] for index in codes] for figure in figures] == [
        [line[index] for index in codes]
        for line in openpyxl.load_workbook(io.BytesIO(shipped_client.get("/data/figures.xlsx").data))[
            "figures"
        ].iter_rows(min_row=2, values_only=True)
    ]


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_get_figures_for_programs_in_chinese(shipped_client: FlaskClient, ending: str) -> None:
    """The files for programs have one form, to which their addresses under `/zh/` redirect."""
    response = shipped_client.get(f"/zh/data/figures.{ending}?page=1")

    assert (response.status_code, response.headers["Location"]) == (302, f"/data/figures.{ending}?page=1")


@pytest.mark.parametrize("path", ["/data", "/compare"])
def test_page_leads_to_the_workbook_in_its_language(shipped_client: FlaskClient, path: str) -> None:
    """A page in Chinese links to the workbook in Chinese, and to the files for programs."""
    files = re.compile(r'href="([^"]*/figures\.(?:csv|xlsx|parquet))"')
    names = ["figures.xlsx", "figures.csv", "figures.parquet"]

    assert files.findall(shipped_client.get(path).text) == [f"/data/{name}" for name in names]
    assert files.findall(shipped_client.get(f"/zh{path}").text) == [
        f"/zh/data/{name}" if name == "figures.xlsx" else f"/data/{name}" for name in names
    ]


def test_get_figures_described(shipped_client: FlaskClient) -> None:
    """CSV leads to its description, where CSVW looks for it without a link, too."""
    link = shipped_client.get("/data/figures.csv").headers["Link"]
    described = shipped_client.get("/data/figures.csv-metadata.json")

    assert link == (
        '<http://localhost/data/figures.csv-metadata.json>; rel="describedby"; type="application/ld+json"'
    )
    assert described.headers["Content-Type"] == "application/ld+json"
    assert described.data == csv_metadata("https://creativecommons.org/licenses/by/4.0/")


def test_carrier_is_empty_where_the_publisher_carries_the_text() -> None:
    """The column has only who republished a text, as its description says."""
    publisher, carrier = NAMES.index("publisher"), NAMES.index("carrier")
    pairs = {(row[publisher], row[carrier]) for row in ROWS}

    assert ("Xinhua News Agency", None) in pairs
    assert [pair for pair in pairs if pair[0] == pair[1]] == []
