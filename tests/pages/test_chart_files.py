"""Charts as files: complete in themselves, named, and drawn in a process of their own."""

import re
import struct
import sys
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient

from forumkg.pages.chart_renderer import render_png

SVG = "{http://www.w3.org/2000/svg}"
PATHS = ["/compare/exhibitors", "/compare/activities", "/timeline", "/editions/compare"]
QUERY = {"/editions/compare": "?a=2021&b=2023"}


@pytest.mark.parametrize("path", PATHS)
def test_svg_is_complete_in_itself(path: str, shipped_client: FlaskClient) -> None:
    """It has its style, title, source and version, and needs no script and no other file."""
    response = shipped_client.get(f"{path}.svg{QUERY.get(path, '')}")
    tree = ET.fromstring(response.data)  # noqa: S314 (a file of our own)
    texts = [element.text or "" for element in tree.iter(f"{SVG}text")]

    assert response.content_type == "image/svg+xml"
    assert tree.findtext(f"{SVG}title")
    assert tree.find(f"{SVG}style") is not None
    assert "Zhongguancun Forum graph, version " in " ".join(texts)
    assert f"http://localhost{path}{QUERY.get(path, '')}" in " ".join(texts)
    assert "CC BY 4.0" in " ".join(texts)
    assert not re.search(r"href|<script|url\(|@import|var\(", response.text)


def test_every_class_of_a_drawing_has_a_style(shipped_client: FlaskClient) -> None:
    """What a page colours by its style sheet, the file colours by its own."""
    for path in PATHS:
        tree = ET.fromstring(shipped_client.get(f"{path}.svg{QUERY.get(path, '')}").data)  # noqa: S314
        style = tree.findtext(f"{SVG}style") or ""
        names = {name for element in tree.iter() for name in element.get("class", "").split()}
        plain = {"plot", "axis", "limited", "shaft", "tick", "head"}
        assert {name for name in names - plain if f".{name}" not in style} == set(), path


def test_svg_has_each_figure_of_the_page(shipped_client: FlaskClient) -> None:
    """A figure keeps its hedge and its judgement in words."""
    texts = [
        element.text or ""
        for element in ET.fromstring(  # noqa: S314
            shipped_client.get("/compare/countries-of-representatives.svg").data
        ).iter(f"{SVG}text")
    ]

    assert texts[: texts.index("2023")] == [
        "Countries of representatives, by edition",
        "2020",
        "no figure in the sources",
        "2021",
        "more than 50",
        "reported, said by organizers of the 2021",
        "forum, China Daily via exbulletin.com, body,",
        "undated",
        "more than 500",
        "judged wrong, planned, China Daily via",
        "exbulletin.com, caption, undated",
    ]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("ending", ["svg", "png"])
def test_file_has_a_name(path: str, ending: str, shipped_client: FlaskClient) -> None:
    """A browser saves it under a name that says what it is; the page links to it."""
    query = QUERY.get(path, "")
    response = shipped_client.get(f"{path}.{ending}{query}")
    name = re.fullmatch(
        r'attachment; filename="(zgc-forum-[a-z0-9-]+)\.(svg|png)"', response.headers["Content-Disposition"]
    )

    assert name
    assert name[2] == ending
    page = shipped_client.get(f"{path}{query}", headers={"Accept": "text/html"}).text
    assert f'href="{path}.{ending}{query.replace("&", "&amp;")}"' in page


def test_png_is_drawn_in_another_process(shipped_client: FlaskClient) -> None:
    """The library, which holds the interpreter while it draws, is never in this process."""
    response = shipped_client.get("/timeline.png")
    width, height = struct.unpack(">II", response.data[16:24])

    assert response.data[:8] == b"\x89PNG\r\n\x1a\n"
    assert width == 2 * 960
    assert height > 500
    assert "resvg_py" not in sys.modules


def test_png_has_its_texts(shipped_client: FlaskClient) -> None:
    """Letters are drawn, not left out: the same file without its texts is another picture."""
    svg = shipped_client.get("/compare/exhibitors.svg").data

    assert render_png(svg)[0] != render_png(re.sub(rb">[^<>]*</text>", b"></text>", svg))[0]


@pytest.mark.parametrize(
    ("path", "status"),
    [("/compare/nothing.svg", 404), ("/editions/compare.svg", 400), ("/editions/compare.png?a=2021", 400)],
)
def test_file_of_nothing(path: str, status: int, shipped_client: FlaskClient) -> None:
    """There is no chart without figures or editions."""
    assert shipped_client.get(path).status_code == status
