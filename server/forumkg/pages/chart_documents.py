"""Send a chart as a file: `.svg` or `.png`."""

from typing import Final

from flask import Response, request

from forumkg.formats import Format
from forumkg.pages.chart_files import ChartFile, FileChart, write_svg
from forumkg.pages.chart_renderer import render_png
from forumkg.pages.linked_data import NAME
from forumkg.pages.stances import STANCES
from forumkg.web.documents import document
from forumkg.web.rate_limits import charge_page
from forumkg.web.state import served

__all__ = ["chart_document"]

_SVG: Final = Format("svg", "SVG", "image/svg+xml", "svg")
_PNG: Final = Format("png", "PNG", "image/png", "png")
_LEGEND: Final = (
    f"Marks: {'; '.join(stance.legend for stance in STANCES)}. "
    "Arrows: more than, or less than, the printed number. Red and struck through: judged wrong or impossible."
)


def chart_document(  # noqa: PLR0913 (what a file of charts has)
    ending: str, name: str, title: str, charts: tuple[FileChart, ...], *, page: str, legend: str = _LEGEND
) -> Response:
    """Return a chart as a file.

    Args:
        ending: `svg` or `png`.
        name: of the file, without its ending.
        title: of the chart.
        charts: one below the other.
        page: the path and the query string of the page that shows them.
        legend: what the marks mean.
    """
    info = served().info
    source = (
        f"{NAME}, version {info.number} of {info.time[:10]}, {request.url_root.rstrip('/')}{page}. "
        "CC BY 4.0. Paraphrases and figures with their sources: see the page."
    )
    svg = write_svg(ChartFile(name, title, charts, legend, source))
    if ending == _PNG.extension:
        data, seconds = render_png(svg)
        charge_page(seconds)
        response = document(data, _PNG)
    else:
        response = document(svg, _SVG)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return response
