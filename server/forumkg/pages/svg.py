"""Write drawings in SVG whose lengths along a line are in per cent of the place that they get.

https://svgwg.org/svg2-draft/coords.html#Units
"""

from xml.etree import ElementTree as ET

from markupsafe import Markup

__all__ = ["add", "drawing_of", "percent", "written"]


def drawing_of(name: str) -> ET.Element:
    """Return an empty drawing of a class, as wide as its place, hidden from screen readers."""
    return ET.Element("svg", {"class": name, "width": "100%", "aria-hidden": "true", "focusable": "false"})


def add(
    parent: ET.Element, tag: str, text: str = "", *, class_: str = "", anchor: str = "", **sizes: str
) -> ET.Element:
    """Add an element to a drawing, and return it.

    Args:
        parent: the drawing, or a group in it.
        tag: of the element.
        text: inside the element.
        class_: its class.
        anchor: its `text-anchor`.
        sizes: its other attributes.
    """
    named = {"class": class_, "text-anchor": anchor}
    element = ET.SubElement(parent, tag, {name: value for name, value in named.items() if value} | sizes)
    element.text = text or None
    return element


def percent(place: float) -> str:
    """Return a length in per cent."""
    return f"{place:g}%"


def written(drawing: ET.Element) -> Markup:
    """Return a drawing as a part of a page."""
    return Markup(ET.tostring(drawing, encoding="unicode"))  # noqa: S704 (an XML writer has escaped it)
