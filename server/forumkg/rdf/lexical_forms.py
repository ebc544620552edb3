"""Have rdflib read numbers as XSD writes them, and no others.

rdflib reads them as Python does: `1_000` and `٣` would be integers, `1e5` and `NaN` decimals.
https://www.w3.org/TR/xmlschema11-2/#built-in-primitive-datatypes
"""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Final

from rdflib import XSD
from rdflib.term import bind

__all__ = ["bind_numbers"]

_INTEGER: Final = r"[+-]?[0-9]+"
_DECIMAL: Final = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
# Not NaN: a comparison of it with a decimal raises an error in Python, and no figure has it.
_DOUBLE: Final = rf"{_DECIMAL}(?:[eE][+-]?[0-9]+)?|[+-]?INF"
_INTEGERS: Final = (
    *(XSD.integer, XSD.nonPositiveInteger, XSD.negativeInteger, XSD.nonNegativeInteger, XSD.positiveInteger),
    *(XSD.long, XSD.int, XSD.short, XSD.byte),
    *(XSD.unsignedLong, XSD.unsignedInt, XSD.unsignedShort, XSD.unsignedByte),
)


def bind_numbers() -> None:
    """Let literals of all later graphs be ill-typed whose lexical form is not one of their datatype."""
    for datatype in _INTEGERS:
        bind(datatype, int, _reader(_INTEGER, int), datatype_specific=True)
    for datatype in (XSD.double, XSD.float):
        bind(datatype, float, _reader(_DOUBLE, float), datatype_specific=True)
    bind(XSD.decimal, Decimal, _reader(_DECIMAL, Decimal), "{:f}".format, datatype_specific=True)


def _reader(pattern: str, read: Callable[[str], object]) -> Callable[[str], object]:
    lexical_form = re.compile(pattern)

    def read_number(text: str) -> object:
        if not lexical_form.fullmatch(text):
            raise ValueError(f"{text!r} is not a lexical form")
        return read(text)

    return read_number
