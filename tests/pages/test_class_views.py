"""The choice of the page of a thing by its classes."""

import pyoxigraph as ox
import pytest
from flask import Response

from forumkg.dataset.versions import Version
from forumkg.namespaces import ID, SHAPES
from forumkg.pages import class_views
from forumkg.pages.class_views import page_of, view_of
from forumkg.pages.graph import StoreGraph
from forumkg.rdf.terms import named


@pytest.fixture(autouse=True)
def _no_views(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget the views that the application has, as long as a test runs."""
    monkeypatch.setattr(class_views, "_VIEWS", {})


def edition(iri: str) -> Response:
    """Show an edition."""
    return Response(f"edition {iri}")


def shape(iri: str) -> Response:
    """Show a shape, which no graph holds that queries see by themselves."""
    return Response(f"shape {iri}")


@pytest.mark.parametrize(
    ("iri", "view"),
    [(f"{ID}edition/2021", edition), (f"{SHAPES}Edition", shape), (f"{ID}edition/1900", None)],
)
def test_view_class_views(small_version: Version, iri: str, view: class_views.View | None) -> None:
    """A thing is shown by the view that is registered for its class, in whichever graph that stands."""
    page_of("zgc:Edition")(edition)
    page_of("sh:NodeShape", "sh:PropertyShape")(shape)

    assert view_of(StoreGraph(small_version.store), iri) is view


def test_view_of_several_classes(small_version: Version) -> None:
    """Of several views, the one that was registered first shows a thing."""
    page_of("owl:Class")(shape)
    page_of("zgc:Edition")(edition)
    store = ox.Store()
    store.bulk_extend(small_version.store)
    store.add(ox.Quad(ox.NamedNode(f"{ID}edition/2021"), named("rdf:type"), named("owl:Class")))

    assert view_of(StoreGraph(store), f"{ID}edition/2021") is shape


def test_register_class_again() -> None:
    """A class has one view: a second one is a mistake, the same again is none."""
    page_of("zgc:Edition")(edition)
    page_of("zgc:Edition")(edition)

    with pytest.raises(ValueError, match="zgc:Edition has a view: edition"):
        page_of("zgc:Edition")(shape)
