"""The lists of derived relations in queries and in the worksheet page name the same ones as the modules."""

import re
from importlib.resources import files

import pytest

from forumkg.mapping.effects import RELATIONS
from forumkg.pages.relations import DISAGREEMENTS, KINDS

SERVER = files("forumkg")
_NAME = re.compile(r"zgc:(\w+)")
_LABEL = re.compile(r'N_\("([^"]+)"\)')


def relations_in(query: str) -> set[str]:
    """Return the relations that a query of pages lists."""
    text = SERVER.joinpath("pages", query).read_text()
    listed = re.search(r"VALUES \?\w+ \{([^}]*zgc:contradicts[^}]*)\}", text)
    assert listed, query
    return set(_NAME.findall(listed[1]))


@pytest.mark.parametrize(
    "query",
    [
        "about/queries/agreement.rq",
        "queries/derived-relations.rq",
        "queries/relations-of-each.rq",
        "things/queries/statement-relations.rq",
    ],
)
def test_query_lists_every_relation(query: str) -> None:
    """A relation that pages know and a query does not list would be missing on its page."""
    assert relations_in(query) == set(KINDS)


def test_query_of_disagreements_lists_every_disagreement() -> None:
    """The page of disagreements has those relations that are one."""
    assert relations_in("disagreements/queries/disagreements.rq") == DISAGREEMENTS


def test_preview_of_worksheets_translates_every_relation() -> None:
    """The page names the effects that a preview reports, and the other direction of a fulfilment."""
    script = SERVER.joinpath("web", "static", "map.js").read_text()

    assert set(RELATIONS) == {*KINDS, "fulfils"}
    named = script[script.index("The effects") :].partition("];")[0]
    assert set(_LABEL.findall(named)) == set(RELATIONS.values())
