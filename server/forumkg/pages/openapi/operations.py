"""All operations of the HTTP interface, and the sections of its reference."""

from typing import Final

from forumkg.pages.openapi.data_operations import DATA
from forumkg.pages.openapi.operation import Operations
from forumkg.pages.openapi.page_operations import PAGES
from forumkg.pages.openapi.query_operations import QUERIES

__all__ = ["INTERNAL", "OPERATIONS", "TAGS"]

TAGS: Final = {
    "Queries": "The [SPARQL Protocol](https://www.w3.org/TR/sparql11-protocol/).",
    "Data": "A document for each IRI, files of the whole dataset, its description and its prefixes.",
    "Proofs": "Why a fact is in the graph: the statements, axioms and rules that it follows from.",
    "Validation": "Reports on documents of your own.",
    "Pages": "Pages for people, in HTML. The query behind each is shown at its end, with its answer as data.",
    "Operation": "For operators; a reverse proxy should keep these addresses from the public.",
}

# Rules that programs need not know: their addresses are in the pages, or in the habits of browsers.
INTERNAL: Final = frozenset({"/favicon.ico", "/static/<path:filename>"})

# The paths and their variables come from the URL map of the application, whose rules are the keys.
OPERATIONS: Final[Operations] = {**QUERIES, **DATA, **PAGES}
