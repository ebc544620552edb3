"""Small ontologies and facts of any kind, for tests that must hold on all of them."""

from collections.abc import Iterable
from typing import Final

from hypothesis import strategies as st

__all__ = ["AXIOMS", "DECLARATIONS", "FACTS"]

_OBJECT_PROPERTIES: Final = [f"ex:p{i}" for i in range(5)]
_DATA_PROPERTIES: Final = ["ex:d0", "ex:d1"]
_CLASSES: Final = [f"ex:C{i}" for i in range(4)]
_THINGS: Final = [f"ex:i{i}" for i in range(4)]


def _statements(*parts: Iterable[str]) -> st.SearchStrategy[str]:
    return st.tuples(*(st.sampled_from(list(part)) for part in parts)).map(
        lambda names: f"{' '.join(names)} ."
    )


def _chains() -> st.SearchStrategy[str]:
    steps = st.lists(st.sampled_from(_OBJECT_PROPERTIES), min_size=2, max_size=3)
    head = st.sampled_from(_OBJECT_PROPERTIES)
    return st.builds(
        lambda name, names: f"{name} owl:propertyChainAxiom ( {' '.join(names)} ) .", head, steps
    )


AXIOMS: Final = st.one_of(
    _statements(_CLASSES, ["rdfs:subClassOf"], [*_CLASSES, "owl:Thing"]),
    _statements(_CLASSES, ["owl:equivalentClass"], _CLASSES),
    _statements(
        _OBJECT_PROPERTIES,
        ["rdfs:subPropertyOf", "owl:inverseOf", "owl:equivalentProperty"],
        _OBJECT_PROPERTIES,
    ),
    _statements(_OBJECT_PROPERTIES, ["a"], ["owl:SymmetricProperty", "owl:TransitiveProperty"]),
    _statements(_OBJECT_PROPERTIES, ["rdfs:domain", "rdfs:range"], _CLASSES),
    _statements(_DATA_PROPERTIES, ["rdfs:subPropertyOf"], _DATA_PROPERTIES),
    _statements(_DATA_PROPERTIES, ["rdfs:domain"], _CLASSES),
    _statements(_DATA_PROPERTIES, ["rdfs:range"], ["xsd:integer"]),
    _chains(),
)
FACTS: Final = st.one_of(
    _statements(_THINGS, _OBJECT_PROPERTIES, _THINGS),
    _statements(_THINGS, _DATA_PROPERTIES, ["1", "2"]),
    _statements(_THINGS, ["a"], _CLASSES),
)
DECLARATIONS: Final = " ".join(
    f"{name} a owl:{kind} ."
    for kind, names in (
        ("ObjectProperty", _OBJECT_PROPERTIES),
        ("DatatypeProperty", _DATA_PROPERTIES),
        ("Class", _CLASSES),
    )
    for name in names
)
