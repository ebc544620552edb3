"""The lexical forms of numbers, as XSD has them and Python does not."""

import pytest
from rdflib import XSD, Literal, URIRef

from forumkg.rdf.lexical_forms import bind_numbers

bind_numbers()


@pytest.mark.parametrize(
    ("datatype", "text"),
    [
        *((XSD.integer, text) for text in ("0", "-7", "+007", "9" * 30)),
        *((XSD.decimal, text) for text in ("0", "-1.50", ".5", "5.", "+9999999999999999999999.9")),
        *((XSD.double, text) for text in ("0", "1e5", "-1.5E-3", "INF", "-INF", "1e400")),
        (XSD.byte, "-128"),
    ],
)
def test_number(datatype: URIRef, text: str) -> None:
    """A number is one, and keeps its spelling."""
    literal = Literal(text, datatype=datatype, normalize=False)

    assert (str(literal), literal.ill_typed) == (text, False)
    assert literal.value is not None


@pytest.mark.parametrize(
    ("datatype", "text"),
    [
        *((XSD.integer, text) for text in ("", "1_000", " 1", "1\n", "\u0663", "1.0", "0x10", "9" * 5000)),
        *((XSD.decimal, text) for text in ("NaN", "sNaN", "Infinity", "1e5", "1_0.0", ".", "\uff11")),
        *((XSD.double, text) for text in ("inf", "nan", "NaN", "infinity", "1_0", "1e", "e5")),
        *((XSD.byte, text) for text in ("1200", "1_0")),
        (XSD.nonNegativeInteger, "-1"),
    ],
)
def test_no_number(datatype: URIRef, text: str) -> None:
    """What Python reads as a number and XSD does not is ill-typed."""
    assert Literal(text, datatype=datatype, normalize=False).ill_typed
