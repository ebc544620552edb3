"""Draw the diagram of the classes as SVG, with a link on each class and each property.

https://www.w3.org/TR/SVG2/
"""

from collections.abc import Callable
from typing import Final
from xml.etree import ElementTree as ET

from markupsafe import Markup

from forumkg.pages.ontology.diagram_layout import HEADER, ROW, Box, Connector, Diagram
from forumkg.pages.translated_text import plain, tag_of

__all__ = ["draw_diagram"]

_MARGIN: Final = 8
_BASELINE: Final = 22
# How far a line goes before it bends.
_REACH: Final = 40
_ARROW: Final = 7


def draw_diagram(diagram: Diagram, link: Callable[[str], str | None]) -> Markup:
    """Return the drawing.

    Args:
        diagram: what is drawn, and where.
        link: gives the address of a term.
    """
    width, height = diagram.width + 2 * _MARGIN, diagram.height + 2 * _MARGIN
    drawing = ET.Element("svg", {"class": "classes", "width": str(width), "height": str(height)})
    drawing.set("viewBox", f"{-_MARGIN} {-_MARGIN} {width} {height}")
    for parent, child in diagram.kinds:
        _kind(drawing, parent, child)
    for line in diagram.lines:
        _line(drawing, line)
    for box in diagram.boxes:
        _box(drawing, box, link)
    # Serialized as XML: what the graph says is text or the value of an attribute, and nothing else.
    return Markup(ET.tostring(drawing, encoding="unicode"))  # noqa: S704


def _kind(drawing: ET.Element, parent: Box, child: Box) -> None:
    x, y = parent.x + 8, child.y + HEADER // 2
    top = parent.y + parent.height
    ET.SubElement(drawing, "path", {"class": "kind", "d": f"M{x} {top + 9}V{y}H{child.x}"})
    ET.SubElement(drawing, "path", {"class": "is", "d": f"M{x} {top}l-5 9h10z"})


def _line(drawing: ET.Element, line: Connector) -> None:
    (x1, y1), (x2, y2) = line.start, line.end
    out = _REACH if line.leaves_right else -_REACH
    back = _REACH if line.arrives_right else -_REACH
    tip = x2 + (_ARROW if line.arrives_right else -_ARROW)
    curve = f"M{x1} {y1}"
    x, y = x1, y1
    for before, after, height in line.passes:
        curve += f"C{x + out} {y} {before - out} {height} {before} {height}H{after}"
        x, y = after, height
    curve += f"C{x + out} {y} {tip + back} {y2} {tip} {y2}"
    ET.SubElement(drawing, "path", {"class": "line", "d": curve})
    ET.SubElement(drawing, "path", {"class": "arrow", "d": f"M{x2} {y2}L{tip} {y2 - 4}V{y2 + 4}Z"})


def _box(drawing: ET.Element, box: Box, link: Callable[[str], str | None]) -> None:
    size = {"x": str(box.x), "y": str(box.y), "width": str(box.width), "height": str(box.height)}
    ET.SubElement(drawing, "rect", {"class": "box", "rx": "6", **size})
    _label(drawing, link(box.term.iri), box.term.label, class_="name", x=box.x + 11, y=box.y + _BASELINE)
    for place, row in enumerate(box.rows):
        y = box.y + HEADER + place * ROW + ROW // 2 + 4
        _label(drawing, link(row.iri), row.label, class_="row", x=box.x + 11, y=y)


def _label(  # noqa: PLR0913 (a text and its place)
    drawing: ET.Element, href: str | None, text: str, *, class_: str, x: int, y: int
) -> None:
    parent = ET.SubElement(drawing, "a", {"href": href}) if href else drawing
    label = ET.SubElement(parent, "text", {"class": class_, "x": str(x), "y": str(y)})
    label.text = plain(text)
    if tag := tag_of(text):
        label.set("lang", tag)
