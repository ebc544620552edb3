"""The snippets of pages: a query and an address come out of the code as they went in."""

import ast
import shlex

from hypothesis import given
from hypothesis import strategies as st

from forumkg.pages.snippets import snippets

ENDPOINT = "http://127.0.0.1:8000/sparql"
# Nothing that ends a line elsewhere than in a text file.
QUERIES = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"], include_characters="\n\t")
)


def strings(code: str) -> list[str]:
    """Return the strings of a program in Python."""
    return [
        node.value
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]


@given(QUERIES)
def test_snippets_python(query: str) -> None:
    """Both snippets in Python are programs, which have the query as it is."""
    written = dict(snippets(ENDPOINT, query))

    for name in ("Python, SPARQLWrapper", "Python, pandas"):
        assert query.strip() + "\n" in strings(written[name])


@given(QUERIES)
def test_snippets_curl(query: str) -> None:
    """The shell gives curl the query as one word, whatever quotes it has."""
    words = shlex.split(dict(snippets(ENDPOINT, query))["curl"])

    assert words == [
        "curl",
        "-H",
        "Accept: text/csv",
        ENDPOINT,
        "--data-urlencode",
        f"query={query.strip()}\n",
    ]


def test_snippets_r() -> None:
    """The snippet in R keeps lines apart and escapes what would end the string."""
    code = dict(snippets(ENDPOINT, 'SELECT * {\n  ?s ?p "a\\n" }'))["R"]

    assert code == (
        'query <- "SELECT * {\n  ?s ?p \\"a\\\\n\\" }\n"\n'
        'rows <- read.csv(paste0("http://127.0.0.1:8000/sparql", "?format=csv&query=",\n'
        "    URLencode(query, reserved = TRUE)))\n"
    )
