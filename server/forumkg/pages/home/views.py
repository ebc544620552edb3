"""The first page: what this is, one striking comparison, and where to start."""

from typing import Final

from flask import Blueprint, Response, request

from forumkg.namespaces import BASE
from forumkg.pages.charts import samples
from forumkg.pages.home.home import read_home_page
from forumkg.pages.languages import N_, gettext, root_of_site
from forumkg.pages.linked_data import LICENCE, NAME, Described
from forumkg.pages.paging import current_lists
from forumkg.pages.rendering import page
from forumkg.pages.worker_graph import current_graph
from forumkg.web.documents import see_other
from forumkg.web.static_files import static_url

__all__ = ["blueprint"]

_DESCRIPTION: Final = N_(
    "A knowledge graph built from news articles on the Zhongguancun Forum: every figure and every fact "
    "with the passage that supports it, and the sources that disagree."
)

# How many articles the first page lists.
_ARTICLES: Final = 10

blueprint = Blueprint("home", __name__)


@blueprint.get("/favicon.ico")
def favicon() -> Response:
    """Lead clients that look for the icon at its customary address to the icon."""
    return see_other(static_url("icon.svg"))


@blueprint.get("/")
def home() -> Response:
    """Show the first page."""
    lists = current_lists()
    shown = None if lists.count("articles") <= _ARTICLES else lists.things("articles", number=_ARTICLES)
    front = read_home_page(current_graph(), shown)
    return page(
        "home/home.html",
        title=gettext("Zhongguancun Forum graph"),
        description=gettext(_DESCRIPTION),
        is_home=True,
        queries=front.queries,
        json_ld=_json_ld(gettext(_DESCRIPTION)),
        heading=gettext("What the press says about the Zhongguancun Forum, and who said it"),
        front=front,
        samples=samples(
            entry for chart in (front.striking.charts if front.striking else ()) for entry in chart.entries
        ),
    )


def _json_ld(description: str) -> Described:
    """Return the description of the site, of its search, and of the dataset."""
    home = f"{request.host_url.rstrip('/')}{root_of_site()}/"
    return {
        "@graph": [
            {
                "@type": "WebSite",
                "name": NAME,
                "url": home,
                "description": description,
                "potentialAction": {
                    "@type": "SearchAction",
                    "target": {
                        "@type": "EntryPoint",
                        "urlTemplate": f"{home}search?q={{search_term_string}}",
                    },
                    "query-input": "required name=search_term_string",
                },
            },
            {
                "@type": "Dataset",
                "@id": f"{BASE}dataset",
                "name": NAME,
                "description": description,
                "url": f"{home}data",
                "license": LICENCE,
                "isAccessibleForFree": True,
            },
        ],
    }
