"""Draw the lines of a timeline: an edition, an article with its statements, and the years of the axis."""

from math import sqrt
from typing import Final
from xml.etree import ElementTree as ET

from markupsafe import Markup

from forumkg.pages.chart_files import FileBand, FileChart, FileLine
from forumkg.pages.edition_list import Edition, Period
from forumkg.pages.plots import draw_disc
from forumkg.pages.stances import Stance
from forumkg.pages.svg import add, drawing_of, percent, written
from forumkg.pages.timeline.timeline import EditionArticle, Timeline, TimelineBand, when_words

__all__ = ["draw_article", "draw_edition", "draw_sample", "draw_years", "timeline_file_chart"]

# The shortest bar that can be seen, in per cent.
_SHORTEST: Final = 0.6
# The radius of one statement, and the largest that a line has room for.
_RADIUS: Final = 1.2
_LARGEST: Final = 9.0
# The radius in the legend, and the distance of circles from the line and from the day.
_SAMPLE: Final = 7.0
_GAP: Final = 1.0
_PLANNED: Final = "planned"
# How many years have a number at the axis.
_MOST_YEARS: Final = 6
_AXIS_LINE: Final = 18


def draw_edition(timeline: Timeline, edition: Edition) -> Markup:
    """Return the drawing of the days of an edition; open where one of them is unknown."""
    drawing = _line(timeline)
    for period in edition.periods:
        _bar(drawing, timeline, period, "period" if period.first and period.last else "period open")
    return written(drawing)


def draw_article(timeline: Timeline, article: EditionArticle, edition: Edition) -> Markup:
    """Return the drawing of the day of an article, tied to the days of its edition.

    Above the line a circle for the planned statements, below it one for each other stance. The area of a
    circle grows with the number of statements.
    """
    drawing = _line(timeline)
    for period in edition.periods:
        _bar(drawing, timeline, period, "period about")
    issued = article.article.issued
    if issued is None:
        return written(drawing)
    place = timeline.place(issued)
    for start, end in (_span(timeline, period) for period in edition.periods if period.first or period.last):
        nearest = min((start, end), key=lambda each: abs(each - place))
        add(drawing, "line", class_="tie", x1=percent(place), x2=percent(nearest), y1="50%", y2="50%")
    spot = add(drawing, "svg", x=percent(place), y="50%", overflow="visible")
    radii = {stance: min(_RADIUS * sqrt(number), _LARGEST) for stance, number in article.counts}
    below = [stance for stance in radii if stance.code != _PLANNED]
    # Two circles below the line lie left and right of the day.
    sides = dict(zip(below, (-1, 1) if len(below) > 1 else (0,), strict=False))
    for stance, radius in radii.items():
        distance = radius + _GAP
        center = (sides.get(stance, 0) * distance, distance if stance in below else -distance)
        _circle(spot, stance, center, radius)
    return written(drawing)


def draw_sample(stance: Stance) -> Markup:
    """Return a circle of a stance, for the legend."""
    drawing = drawing_of("plot")
    _circle(add(drawing, "svg", x="50%", y="50%", overflow="visible"), stance, (0.0, 0.0), _SAMPLE)
    return written(drawing)


def draw_years(timeline: Timeline) -> Markup:
    """Return the drawing of the years, for under the lines."""
    drawing = drawing_of("axis")
    step = -(-len(timeline.years) // _MOST_YEARS)
    width = 100 / len(timeline.years)
    for place, year in list(enumerate(timeline.years))[::step]:
        middle = percent(round((place + 0.5) * width, 2))
        add(drawing, "text", str(year), class_="tick", x=middle, y=str(_AXIS_LINE), anchor="middle")
    return written(drawing)


def timeline_file_chart(timeline: Timeline) -> FileChart:
    """Return the timeline for a file."""
    forums = {band.edition.forum for band in timeline.bands if band.edition}
    bands = (_file_band(timeline, band, is_one=len(forums) <= 1) for band in timeline.bands)
    return FileChart(tuple(bands), draw_years(timeline))


def _file_band(timeline: Timeline, band: TimelineBand, *, is_one: bool) -> FileBand:
    edition = band.edition
    if edition is None:
        return FileBand(str(band.year.year), (), "No source mentions an edition.")
    days = ", ".join(period.name for period in edition.periods) or "days not stated"
    plural = "s" if edition.articles != 1 else ""
    count = f"{edition.statements} statements in {edition.articles} article{plural}"
    lines = [FileLine(days, count, draw_edition(timeline, edition))]
    for each in band.articles:
        issued = each.article.issued
        day = f", {issued.day} {issued:%B %Y}" if issued else ""
        note = "; ".join(filter(None, (when_words(issued, edition), each.words)))
        name = each.article.publisher_name or each.article.name
        lines.append(FileLine(f"{name}{day}", note, draw_article(timeline, each, edition)))
    return FileBand(str(band.year.year) if is_one else edition.name, tuple(lines))


def _circle(parent: ET.Element, stance: Stance, center: tuple[float, float], radius: float) -> None:
    x, y = center
    group = add(parent, "g", class_=f"mark {stance.code}", transform=f"translate({x:.1f} {y:.1f})")
    draw_disc(group, stance.code, radius)


def _line(timeline: Timeline) -> ET.Element:
    """Return a drawing with a line where each year begins."""
    drawing = drawing_of("plot")
    count = len(timeline.years)
    for place in range(count + 1):
        at = percent(round(100 * place / count, 2))
        add(drawing, "line", class_="grid", x1=at, x2=at, y1="0", y2="100%")
    return drawing


def _bar(drawing: ET.Element, timeline: Timeline, period: Period, name: str) -> None:
    if period.first or period.last:
        start, end = _span(timeline, period)
        width = percent(max(round(end - start, 2), _SHORTEST))
        add(drawing, "rect", class_=name, x=percent(start), width=width, y="15%", height="70%")


def _span(timeline: Timeline, period: Period) -> tuple[float, float]:
    """Return where the known days of a period begin and end, in per cent."""
    first, last = period.first or period.last, period.last or period.first
    assert first is not None  # noqa: S101 (periods without a day are not drawn)
    assert last is not None  # noqa: S101
    return timeline.place(first), timeline.place(last, end=True)
