"""Charts as files of their own: SVG that carries its style, its title and its source.

Texts are broken into lines of a fixed number of letters, since a file cannot know the width of the letters.
https://svgwg.org/svg2-draft/struct.html#SVGElement
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Final
from xml.etree import ElementTree as ET

from markupsafe import Markup

from forumkg.pages.chart_renderer import FONTS
from forumkg.pages.charts import QuantityChart
from forumkg.pages.quantity_groups import ReportedQuantity
from forumkg.pages.svg import add

__all__ = ["ChartFile", "FileBand", "FileChart", "FileLine", "quantity_file_chart", "write_svg"]

_WIDTH: Final = 960
_MARGIN: Final = 24
# Where the names of bands, the words of lines and the drawings begin, and how wide the drawings are.
_BAND: Final = _MARGIN
_WORDS: Final = 120
_PLOT: Final = 470
_PLOT_WIDTH: Final = 440
# Where bands have long names, these stand in a line of their own.
_LONGEST_NAME: Final = 8
# How many letters fit into the words of a line, and into the width of the file.
_LETTERS: Final = 44
_TITLE_LETTERS: Final = 70
_FOOT_LETTERS: Final = 130
_LINE: Final = 18
_LEAST_HEIGHT: Final = 30
_AXIS_HEIGHT: Final = 44
_STYLE: Final = """
text { fill: #1d2327; font-size: 14px; }
.title { font-size: 22px; font-weight: bold; }
.heading { font-size: 16px; font-weight: bold; }
.name { font-size: 16px; font-weight: bold; }
.words { font-weight: bold; }
.wrong { fill: #a63a1e; text-decoration: line-through; }
.note, .tick, text.limit { fill: #58636b; font-size: 13px; }
.grid, line.limit { stroke: #dcd8ce; stroke-width: 1; }
.zero { stroke: #58636b; stroke-width: 1; }
line.limit { stroke: #1d2327; stroke-dasharray: 4 3; }
.beyond { fill: #fdf0d0; }
.rule { stroke: #dcd8ce; stroke-width: 1; }
.mark { stroke: #0b5a8a; stroke-width: 2; fill: none; }
.mark .head { fill: #0b5a8a; }
.mark .stretch { stroke-width: 4; }
.planned .head, .ongoing .head { fill: #fff; }
.mark .half { fill: #0b5a8a; stroke: none; }
.disputed { stroke: #a63a1e; }
.disputed .head { fill: none; }
.disputed .half, .disputed.accomplished .head { fill: #a63a1e; }
.mark .strike { stroke-width: 1.5; }
.period { fill: #0b5a8a; }
.open { fill: #fff; stroke: #0b5a8a; stroke-width: 2; }
.period.about { fill: #dcd8ce; stroke: none; }
.tie { stroke: #58636b; stroke-dasharray: 2 3; }
"""


@dataclass(frozen=True, slots=True)
class FileLine:
    """A line of a chart: its words, what qualifies them, and its drawing."""

    words: str
    note: str
    plot: Markup
    is_wrong: bool = False


@dataclass(frozen=True, slots=True)
class FileBand:
    """A subject and its lines; without lines it says why."""

    name: str
    lines: tuple[FileLine, ...]
    missing: str = "no figure in the sources"


@dataclass(frozen=True, slots=True)
class FileChart:
    """Lines on one axis, under a heading where a file has several charts."""

    bands: tuple[FileBand, ...]
    axis: Markup
    heading: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class ChartFile:
    """A file with charts.

    Attributes:
        name: of the file, without its ending.
        title: of the charts.
        charts: one below the other.
        legend: what the marks mean.
        source: where the charts come from: the site, the version, the address, the licence.
    """

    name: str
    title: str
    charts: tuple[FileChart, ...]
    legend: str
    source: str


def quantity_file_chart(chart: QuantityChart, heading: str = "") -> FileChart:
    """Return a chart of figures for a file."""
    is_one = len({entry.quantity.indicator for entry in chart.entries}) == 1
    bands = (
        FileBand(
            band.name,
            tuple(
                FileLine(
                    lane.entry.quantity.words,
                    _note(lane.entry, is_off=lane.is_off, counted=not is_one),
                    lane.plot,
                    lane.entry.is_disputed,
                )
                for lane in band.lanes
            ),
        )
        for band in chart.bands
    )
    return FileChart(tuple(bands), chart.axis, heading, chart.unit)


def write_svg(file: ChartFile) -> bytes:
    """Return the file: XML in UTF-8, without scripts, links or other files."""
    paper = _Paper()
    paper.title(file.title)
    for chart in file.charts:
        paper.chart(chart)
    paper.foot((file.legend, file.source))
    return paper.written(file.title, file.source)


def _note(entry: ReportedQuantity, *, is_off: bool, counted: bool) -> str:
    statement = entry.statement
    words = (
        entry.quantity.indicator_name if counted else "",
        entry.judgement,
        statement.stance_words,
        f"said by {', '.join(dict.fromkeys(each.name for each in statement.speakers))}"
        if statement.speakers
        else "",
        " via ".join(filter(None, (statement.publisher_name, ", ".join(statement.republishers)))),
        statement.passages[0].part if statement.passages else "",
        f"{statement.issued.day} {statement.issued:%B %Y}" if statement.issued else "undated",
        "beyond the axis" if is_off else "",
    )
    return ", ".join(filter(None, words))


class _Paper:
    """A drawing that grows downwards."""

    def __init__(self) -> None:
        self._svg = ET.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "font-family": FONTS})
        self._head = add(self._svg, "title"), add(self._svg, "desc")
        add(self._svg, "style", _STYLE)
        add(self._svg, "rect", width="100%", height="100%", fill="#fff")
        self._y = _MARGIN

    def title(self, text: str) -> None:
        """Write the title."""
        self._y += 8
        self._y = _write(self._svg, "title", wrap(text, _TITLE_LETTERS), (_MARGIN, self._y), 28) + 4

    def chart(self, chart: FileChart) -> None:
        """Draw a chart with its axis."""
        if chart.heading:
            self._y += 12
            self._y = _write(
                self._svg, "heading", wrap(chart.heading, _TITLE_LETTERS), (_MARGIN, self._y), 22
            )
        for band in chart.bands:
            self._band(band)
        self._place(chart.axis, _AXIS_HEIGHT)
        if chart.unit:
            add(self._svg, "text", f"in {chart.unit}", class_="note", x=str(_WORDS), y=str(self._y + _LINE))
        self._y += _AXIS_HEIGHT

    def foot(self, texts: Iterable[str]) -> None:
        """Write what stands below the charts."""
        for text in texts:
            self._y = _write(self._svg, "note", wrap(text, _FOOT_LETTERS), (_MARGIN, self._y + 4), _LINE)

    def written(self, title: str, description: str) -> bytes:
        """Return the document."""
        self._head[0].text, self._head[1].text = title, description
        height = self._y + _MARGIN
        self._svg.set("width", str(_WIDTH))
        self._svg.set("height", str(height))
        self._svg.set("viewBox", f"0 0 {_WIDTH} {height}")
        self._svg.set("role", "img")
        data: bytes = ET.tostring(self._svg, encoding="utf-8", xml_declaration=True)
        return data

    def _band(self, band: FileBand) -> None:
        top = self._y
        add(
            self._svg,
            "line",
            class_="rule",
            x1=str(_MARGIN),
            x2=str(_WIDTH - _MARGIN),
            y1=str(top),
            y2=str(top),
        )
        self._y += 6
        if len(band.name) > _LONGEST_NAME:
            self._y = _write(self._svg, "name", wrap(band.name, _TITLE_LETTERS), (_BAND, self._y), 22)
        elif band.name:
            _write(self._svg, "name", [band.name], (_BAND, self._y), 20)
        for line in band.lines:
            self._line(line)
        if not band.lines:
            self._y = _write(self._svg, "note", [band.missing], (_WORDS, self._y), 20) + 4
        self._y += 6

    def _line(self, line: FileLine) -> None:
        name = "words wrong" if line.is_wrong else "words"
        end = _write(self._svg, name, wrap(line.words, _LETTERS), (_WORDS, self._y), _LINE)
        end = _write(self._svg, "note", wrap(line.note, _LETTERS), (_WORDS, end), _LINE)
        height = max(end - self._y + 6, _LEAST_HEIGHT)
        self._place(line.plot, height)
        self._y += height

    def _place(self, drawing: Markup, height: int) -> None:
        """Put the drawing of a page at its place: what is in per cent in it is of that place."""
        placed = ET.fromstring(drawing)  # noqa: S314 (one of our drawings)
        for name in ("aria-hidden", "focusable"):
            placed.attrib.pop(name, None)
        placed.attrib.update(
            {
                "x": str(_PLOT),
                "y": str(self._y),
                "width": str(_PLOT_WIDTH),
                "height": str(height),
                "overflow": "visible",
            }
        )
        self._svg.append(placed)


def _write(parent: ET.Element, name: str, lines: Sequence[str], start: tuple[int, int], step: int) -> int:
    """Write lines of text that begin at a place, and return the height below them."""
    x, y = start
    for number, line in enumerate(lines, 1):
        add(parent, "text", line, class_=name, x=str(x), y=str(y + number * step - 4))
    return y + len(lines) * step
