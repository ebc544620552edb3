"""Tell how the graph is made and served: method, limits, promises, figures, licence and how to cite it."""

from typing import Final

from flask import Blueprint, Response, request

from forumkg import resources
from forumkg.pages.about.extent import about_queries, read_agreement, read_example, read_extent
from forumkg.pages.dataset_facts import read_dataset
from forumkg.pages.markdown import Section, runs, sections
from forumkg.pages.rendering import page
from forumkg.pages.worker_graph import asking
from forumkg.rdf.reading import read_text
from forumkg.web.state import served

__all__ = ["blueprint"]

blueprint = Blueprint("about", __name__)

_LIMITS: Final = "What it does not promise"
_SPEED: Final = "Answers a second, eight connections"
_MEASURED: Final = "Results"
_FAST: Final = "How it is measured"


@blueprint.get("/about")
def about() -> Response:
    """Show the page."""
    promises = _document("promises.md")
    benchmarks = {section.title: section for section in _document("benchmarks.md")}
    return page(
        "about/about.html",
        title="About",
        description="How the Zhongguancun Forum graph is made: from article to passage to statement, how "
        "disagreement is derived, what the server promises, and how to cite it.",
        queries=about_queries(),
        extent=read_extent(asking()),
        agreement=read_agreement(asking()),
        example=read_example(asking()),
        facts=read_dataset(asking()),
        promises=[section for section in promises if section.title != _LIMITS],
        limits=[section for section in promises if section.title == _LIMITS],
        measured=benchmarks.get(_MEASURED, Section("")).text,
        how=benchmarks.get(_FAST, Section("")).points,
        speed=benchmarks.get(_SPEED, Section("")).tables,
        runs=runs,
        year=served().info.time[:4],
        home=request.url_root,
    )


def _document(name: str) -> tuple[Section, ...]:
    return sections(read_text(resources.docs_dir() / name))
