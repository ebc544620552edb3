"""The paths of the server that several modules know, and the names under which requests are counted."""

from types import MappingProxyType
from typing import Final

__all__ = [
    "LANGUAGE_PREFIXES",
    "LIVE_PATH",
    "MAP_PATH",
    "METRICS_PATH",
    "OPERATOR_PATHS",
    "QUERIES_PATH",
    "READY_PATH",
    "SPARQL_PATH",
    "VALIDATE_PATH",
    "route",
    "without_language",
]

SPARQL_PATH: Final = "/sparql"
# The address of each query that runs begins with it, and ends with the id by which it can be cancelled.
QUERIES_PATH: Final = "/sparql/queries/"
VALIDATE_PATH: Final = "/validate"
MAP_PATH: Final = "/map"

# What stands before the path of a page in another language than English, by its tag.
LANGUAGE_PREFIXES: Final = MappingProxyType({"zh": "/zh"})

LIVE_PATH: Final = "/livez"
READY_PATH: Final = "/readyz"
METRICS_PATH: Final = "/metrics"
OPERATOR_PATHS: Final = frozenset({LIVE_PATH, READY_PATH, METRICS_PATH})

# The first parts of the paths that the server has, so that guessed paths do not add series.
_ROUTES: Final = frozenset(
    {
        "/",
        "/.well-known",
        "/about",
        "/cite",
        "/feed",
        "/articles",
        "/compare",
        "/contribute",
        "/data",
        "/dataset",
        "/disagreements",
        "/docs",
        "/editions",
        "/favicon",
        "/gaps",
        "/graph",
        "/id",
        "/livez",
        "/metrics",
        "/map",
        "/ontology",
        "/openapi",
        "/opensearch",
        "/organizations",
        "/people",
        "/prefixes",
        "/query",
        "/questions",
        "/readyz",
        "/robots",
        "/search",
        "/shapes",
        "/sitemap",
        "/sparql",
        "/statements",
        "/static",
        "/themes",
        "/timeline",
        "/validate",
        "/why",
    }
)
_OTHER: Final = "other"


def without_language(path: str) -> tuple[str, str]:
    """Return the tag of the language that a path begins with, empty for English, and its rest."""
    for tag, prefix in LANGUAGE_PREFIXES.items():
        if path == prefix or path.startswith(f"{prefix}/"):
            return tag, path[len(prefix) :] or "/"
    return "", path


def route(path: str) -> str:
    """Return the name under which the requests of a path are counted: its first part, without a suffix."""
    _, path = without_language(path)
    first = "/" + path.removeprefix("/").partition("/")[0]
    name = first if first in _ROUTES else first.partition(".")[0]
    return name if name in _ROUTES else _OTHER
