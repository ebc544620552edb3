"""Write how a program asks a query: in the shell, in Python and in R."""

import shlex
from collections.abc import Callable
from typing import Final

from forumkg.pages.languages import N_

__all__ = ["snippets"]


def snippets(endpoint: str, query: str) -> list[tuple[str, str]]:
    """Return, for each language, its name and the code that asks a query and has the rows.

    Args:
        endpoint: the address of the endpoint.
        query: a SELECT or an ASK.
    """
    return [(name, write(endpoint, query.strip() + "\n")) for name, write in _LANGUAGES.items()]


def _curl(endpoint: str, query: str) -> str:
    words = ("curl", "-H", "Accept: text/csv", endpoint, "--data-urlencode", f"query={query}")
    return shlex.join(words) + "\n"


def _sparqlwrapper(endpoint: str, query: str) -> str:
    return (
        "from SPARQLWrapper import JSON, SPARQLWrapper\n\n"
        f"endpoint = SPARQLWrapper({_python(endpoint)}, returnFormat=JSON)\n"
        f"endpoint.setQuery({_python(query)})\n"
        'rows = endpoint.queryAndConvert()["results"]["bindings"]\n'
    )


def _pandas(endpoint: str, query: str) -> str:
    return (
        "from urllib.parse import urlencode\n\nimport pandas\n\n"
        f"query = {_python(query)}\n"
        f"rows = pandas.read_csv({_python(endpoint + '?')}\n"
        '    + urlencode({"query": query, "format": "csv"}))\n'
    )


def _r(endpoint: str, query: str) -> str:
    return (
        f"query <- {_r_string(query)}\n"
        f'rows <- read.csv(paste0({_r_string(endpoint)}, "?format=csv&query=",\n'
        "    URLencode(query, reserved = TRUE)))\n"
    )


def _python(text: str) -> str:
    """Return a literal of Python: one line after the other where there are several."""
    if "\n" not in text or '"""' in text or "\\" in text or text.endswith('"'):
        return repr(text)
    return f'"""{text}"""'


def _r_string(text: str) -> str:
    """Return a literal of R, which may have several lines."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


_LANGUAGES: Final[dict[str, Callable[[str, str], str]]] = {
    "curl": _curl,
    N_("Python, SPARQLWrapper"): _sparqlwrapper,
    N_("Python, pandas"): _pandas,
    "R": _r,
}
