"""The queries behind the pages: files in which terms of a page take the place of names."""

import re
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

import forumkg.pages
from forumkg.pages.page_queries import iris, page_query, text_literal

# A query within another, on lines of its own, to the brace below its beginning.
SUBQUERY = re.compile(
    r"^(?P<space> +)SELECT (?P<columns>[^\n]*)\n(?P<pattern>.*?)\n(?P=space)\}", re.MULTILINE | re.DOTALL
)
PAGES = Path(forumkg.pages.__file__).parent
NAMES = sorted(
    "/".join((*path.relative_to(PAGES).parts[:-2], path.stem)) for path in PAGES.rglob("queries/*.rq")
)


@pytest.mark.parametrize("name", NAMES)
def test_page_queries_are_questions(name: str) -> None:
    """Each file is headed by its question, and the parser takes it once `$names` in VALUES have terms."""
    query = page_query(name)

    assert query.title.endswith("?")
    assert query.text.startswith(f"# {query.title}\n")
    ox.Store().query(re.sub(r"\{ \$\w+ \}", "{ <urn:a> }", query.text))


@pytest.mark.parametrize("name", NAMES)
def test_page_queries_select_variables_that_they_have(name: str) -> None:
    """A subquery has no column of which its pattern says nothing, where the query is not narrowed.

    RDF4J 4.1 and Virtuoso 7.2 do not join such a column with one that has a value.
    """
    lacking = [
        variable
        for select in SUBQUERY.finditer(page_query(name).text)
        for variable in re.findall(r"\?\w+", re.sub(r"\(.*\)", "", select["columns"]))
        if not re.search(rf"\{variable}\b", select["pattern"])
    ]

    assert lacking == []


def test_each_page_query_is_asked() -> None:
    """Code names each file, so that no query outlives its page."""
    code = "".join(path.read_text(encoding="utf-8") for path in PAGES.rglob("*.py"))

    assert [name for name in NAMES if f'"{name}"' not in code] == []


def test_page_query_with_terms() -> None:
    """IRIs take the place of the name, wherever it stands."""
    query = page_query("statement-passages", statements=iris(["urn:a", "urn:b"]))

    assert "VALUES ?statement { <urn:a> <urn:b> }" in query.text
    assert "$" not in query.text


def test_page_query_of_wrong_terms() -> None:
    """A name that the query has not, and a term that is no IRI, are mistakes of ours."""
    with pytest.raises(ValueError, match=r"The query statements has no \$other\."):
        page_query("statements", other="urn:a")
    with pytest.raises(ValueError, match="IRI"):
        page_query("statements", statements="> } DROP ALL #")


@given(st.text(st.characters(codec="utf-8")))
def test_text_literal(text: str) -> None:
    """Any text comes through a literal as it went in, and ends nothing."""
    answer = ox.Store().query(f"SELECT ({text_literal(text)} AS ?text) {{}}")

    assert isinstance(answer, ox.QuerySolutions)
    assert [row["text"] for row in answer] == [ox.Literal(text)]
