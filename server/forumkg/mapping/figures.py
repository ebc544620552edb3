"""The figures of a worksheet: reading and writing `>20,<30`, and the bounds that an operator gives."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from forumkg.mapping.worksheet import OPERATORS, Bound, WorksheetFigure

__all__ = ["Bounds", "bounds_of", "figure_of", "read_figure", "write_figure"]

_NUMBER: Final = r"[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?(?:[eE][0-9]{1,2})?"
_FIGURE: Final = re.compile(
    rf"(?P<indicator>[a-z0-9][a-z0-9-]*)(?P<operator>>=|<=|[=<>~])"
    rf"(?P<number>{_NUMBER})(?P<scale>[万亿]?)(?P<unit>%|[A-Za-z][A-Za-z0-9]*|)"
    rf"(?P<bounds>(?:,(?:>=|<=|[<>]){_NUMBER})*)(?:@(?P<day>[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}))?"
)
_BOUND: Final = re.compile(rf",(>=|<=|[<>])({_NUMBER})")
_MANY_ZEROS: Final = 6
_SCALES: Final = {"": 0, "万": 4, "亿": 8}


@dataclass(frozen=True, slots=True)
class Bounds:
    """The bounds that a figure entails; None for no bound."""

    lower: Decimal | None = None
    lower_open: bool = False
    upper: Decimal | None = None
    upper_open: bool = False


def read_figure(token: str) -> WorksheetFigure | None:
    """Return the figure that a token is, such as `activities>150`; None for something else."""
    match = _FIGURE.fullmatch(token)
    if match is None:
        return None
    return WorksheetFigure(
        match["indicator"],
        match["operator"],
        _decimal(match["number"]).scaleb(_SCALES[match["scale"]]),
        match["unit"],
        tuple(Bound(operator, _decimal(number)) for operator, number in _BOUND.findall(match["bounds"])),
        match["day"],
    )


def write_figure(figure: WorksheetFigure) -> str:
    """Return the token of a figure."""
    bounds = "".join(f",{bound.operator}{_shown(_short(bound.number))}" for bound in figure.bounds)
    day = f"@{figure.as_of}" if figure.as_of else ""
    number = figure.number if figure.operator == "~" else _short(figure.number)
    return f"{figure.indicator}{figure.operator}{_shown(number)}{figure.unit}{bounds}{day}"


def bounds_of(figure: WorksheetFigure) -> Bounds:
    """Return the bounds that operator, number and explicit bounds of a figure give."""
    number = figure.number
    operator = figure.operator
    if operator == "~":
        half = Decimal(5).scaleb(_exponent(number) - 1)
        found = Bounds(number - half, False, number + half, True)
    else:
        found = Bounds(
            number if operator in ("=", ">", ">=") else None,
            operator == ">",
            number if operator in ("=", "<", "<=") else None,
            operator == "<",
        )
    for bound in figure.bounds:
        is_open = "=" not in bound.operator
        if bound.operator.startswith(">"):
            found = Bounds(bound.number, is_open, found.upper, found.upper_open)
        else:
            found = Bounds(found.lower, found.lower_open, bound.number, is_open)
    return found


def figure_of(  # noqa: PLR0913, PLR0917 (the parts of a quantity)
    indicator: str, comparator: str, number: Decimal, unit: str, bounds: Bounds, as_of: str | None
) -> WorksheetFigure:
    """Return the shortest figure with these bounds, the inverse of `bounds_of`.

    Args:
        indicator: its name.
        comparator: the name of a comparator of the vocabulary.
        number: the stated number; trailing zeros may be significant or not.
        unit: as in `WorksheetFigure`.
        bounds: those of the quantity.
        as_of: the day for which it is attested.
    """
    operator = next(sign for sign, name in OPERATORS.items() if name == comparator)
    zeros = max(0, _exponent(number.normalize())) if operator == "~" else 0
    for exponent in range(zeros, 0, -1):
        rounded = number.quantize(Decimal(1).scaleb(exponent))
        candidate = WorksheetFigure(indicator, operator, rounded, unit, (), as_of)
        if bounds_of(candidate) == bounds:
            return candidate
    figure = WorksheetFigure(indicator, operator, number, unit, (), as_of)
    given = bounds_of(figure)
    extra = []
    if bounds.lower is not None and (bounds.lower, bounds.lower_open) != (given.lower, given.lower_open):
        extra.append(Bound(">" if bounds.lower_open else ">=", bounds.lower))
    if bounds.upper is not None and (bounds.upper, bounds.upper_open) != (given.upper, given.upper_open):
        extra.append(Bound("<" if bounds.upper_open else "<=", bounds.upper))
    return WorksheetFigure(indicator, operator, number, unit, tuple(extra), as_of)


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def _exponent(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def _short(number: Decimal) -> Decimal:
    """Return a number whose digits need not be kept, with an exponent where that is easier to read."""
    short = number.normalize()
    return (
        short
        if _exponent(short) >= _MANY_ZEROS
        else number.quantize(Decimal(1))
        if _exponent(number) > 0
        else number
    )


def _shown(number: Decimal) -> str:
    """Return a number with all digits that are known, and an exponent where digits are not."""
    exponent = _exponent(number)
    if exponent <= 0:
        return f"{number:f}"
    mantissa, _, power = f"{number:E}".partition("E")
    return f"{mantissa}e{int(power)}"
