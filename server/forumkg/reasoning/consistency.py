"""Find instances of two classes that the ontology declares disjoint.

After entailment this is what the rules cax-dw and cax-adc of OWL 2 RL find:
https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
"""

from typing import Final

import pyoxigraph as ox

from forumkg.errors import InconsistentError
from forumkg.namespaces import prefix_lines, shorten

__all__ = ["check_consistency"]

# The most contradictions that a message lists.
_SHOWN: Final = 5

_CLASHES: Final = (
    prefix_lines("owl", "rdf")
    + """
SELECT DISTINCT ?thing ?one ?other
WHERE {
    {
        ?one owl:disjointWith ?other .
    }
    UNION
    {
        ?axiom a owl:AllDisjointClasses ;
            owl:members ?classes .
        ?classes rdf:rest*/rdf:first ?one .
        ?classes rdf:rest*/rdf:first ?other .
        FILTER (STR(?one) < STR(?other))
    }
    ?thing a ?one , ?other .
}
ORDER BY ?thing ?one ?other
"""
)


def check_consistency(store: ox.Store) -> None:
    """Refuse a store in which a thing is an instance of two disjoint classes.

    Args:
        store: Its default graph holds the ontology, the data and what is entailed.

    Raises:
        InconsistentError: the message names the things, their classes and what to do.
    """
    clashes = [
        f"{shorten(thing)} is both {shorten(one)} and {shorten(other)}."
        for thing, one, other in _names(store)
    ]
    if clashes:
        more = f" And {len(clashes) - _SHOWN} more." if len(clashes) > _SHOWN else ""
        raise InconsistentError(
            f"The data contradict the ontology. {' '.join(clashes[:_SHOWN])}{more} "
            "The classes are disjoint: remove one of them, or the property that entails it."
        )


def _names(store: ox.Store) -> list[tuple[str, ...]]:
    rows = store.query(_CLASHES)
    assert isinstance(rows, ox.QuerySolutions)  # noqa: S101 (a SELECT has solutions)
    return [tuple(str(getattr(term, "value", term)) for term in row) for row in rows]
