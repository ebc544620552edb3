"""Show the ontology: all its terms, each term on a page of its own, and the shapes that check them."""

from itertools import groupby
from typing import Any, Final

from flask import Blueprint, Response, current_app, request

from forumkg.namespaces import GRAPH, ONTOLOGY, SHAPES, ZGC
from forumkg.pages.class_views import page_of
from forumkg.pages.languages import N_, gettext, language, ngettext
from forumkg.pages.names import Name
from forumkg.pages.ontology.diagram import draw_diagram
from forumkg.pages.ontology.diagram_layout import lay_out
from forumkg.pages.ontology.ontology import Ontology, Shape, read_ontology, read_term_page
from forumkg.pages.ontology.terms import OntologyTerm
from forumkg.pages.page_queries import page_query
from forumkg.pages.rendering import address, page
from forumkg.pages.translated_text import catalogued, plain, tag_of
from forumkg.pages.worker_graph import current_graph
from forumkg.rdf.reading import read_text
from forumkg.rdf.turtle.outline import outline
from forumkg.web.state import served

__all__ = ["SHAPE_FILES", "blueprint"]

# The addresses are those of the terms, which `ids` answers for; here are their pages.
blueprint = Blueprint("ontology", __name__)

_KEY: Final = "forumkg.ontology"
_SHAPES_GRAPH: Final = f"{GRAPH}shapes/"
# The names of the shipped files of shapes, for the catalogue.
SHAPE_FILES: Final = (
    N_("Agents"), N_("Dataset rules"), N_("Evidence"), N_("Labels"), N_("Ontology"), N_("Quantities"),
    N_("Statements"), N_("Subjects"), N_("Vocabulary"),
)  # fmt: skip


@page_of("owl:Class", "owl:DatatypeProperty", "owl:ObjectProperty")
def term(iri: str) -> Response:
    """Show a term."""
    ontology = _ontology()
    section, shown = next(
        (section.title, each) for section in ontology.sections for each in section.terms if each.iri == iri
    )
    found = read_term_page(current_graph(), shown)
    properties = [each for each in ontology.terms if not each.is_class]
    return page(
        "ontology/term.html",
        about=iri,
        title=gettext("%(term)s (%(kind)s)") % {"term": plain(shown.label), "kind": gettext(shown.kind)},
        description=plain(shown.definition),
        json_ld=_defined_term(shown),
        queries=found.queries,
        term=shown,
        section=section,
        found=found,
        has=[_named(each) for each in properties if _is_among(iri, each.domain)],
        leads=[_named(each) for each in properties if _is_among(iri, each.range)],
    )


@page_of("owl:Ontology")
def ontology(iri: str) -> Response:
    """Show all terms, or all shapes."""
    if iri != ONTOLOGY:
        return _shapes(iri)
    shown = _ontology()
    classes = sum(each.is_class for each in shown.terms)
    return page(
        "ontology/ontology.html",
        about=iri,
        title=gettext("Ontology"),
        description=gettext(
            "The %(classes)s classes and %(properties)s properties of the Zhongguancun Forum graph, with "
            "definitions, examples, axioms in words, and a diagram."
        )
        % {"classes": classes, "properties": len(shown.terms) - classes},
        json_ld={
            "@type": "DefinedTermSet",
            "@id": ONTOLOGY,
            "name": "The forumkg ontology",
            "url": request.url,
        },
        queries=[page_query("ontology/ontology-triples"), page_query("ontology/term-uses")],
        ontology=shown,
        classes=classes,
        properties=len(shown.terms) - classes,
        diagram=draw_diagram(lay_out(shown), address),
        namespace=ZGC,
    )


def _shapes(iri: str) -> Response:
    query = page_query("ontology/shapes")
    rows = current_graph().select(query.text)
    groups = [
        (
            catalogued(graph.removeprefix(_SHAPES_GRAPH).replace("-", " ").capitalize()),
            [
                Shape(
                    row.iri("shape"),
                    row.iri("shape").removeprefix(SHAPES),
                    catalogued(str(row.text("message"))),
                )
                for row in members
            ],
        )
        for graph, members in groupby(rows, key=lambda row: row.iri("graph"))
    ]
    return page(
        "ontology/shapes.html",
        about=iri,
        title=gettext("Shapes"),
        description=gettext("The %(count)s SHACL shapes that check the Zhongguancun Forum graph, in words.")
        % {"count": len(rows)},
        queries=[query],
        groups=groups,
        count=len(rows),
    )


def _ontology() -> Ontology:
    """Return the ontology in the language of the page, read once: an application answers from one version."""
    kept: dict[str, Ontology] = current_app.extensions.setdefault(_KEY, {})
    if language() not in kept:
        path = served().path / "source" / "ontology" / "core.ttl"
        kept[language()] = read_ontology(current_graph(), outline(read_text(path)))
    return kept[language()]


def _named(term: OntologyTerm) -> Name:
    return Name(term.iri, plain(term.label), tag_of(term.label))


def _is_among(iri: str, names: tuple[Name, ...]) -> bool:
    return any(name.iri == iri for name in names)


@blueprint.app_template_filter("uses")
def _uses(shown: OntologyTerm) -> str:
    """Say how often a term is used."""
    if not shown.uses:
        return gettext("not used yet")
    words = ngettext("%(num)s use", "%(num)s uses", shown.uses)
    if shown.is_class:
        words = ngettext("%(num)s instance", "%(num)s instances", shown.uses)
    return words % {"num": f"{shown.uses:,}"}


def _defined_term(shown: OntologyTerm) -> dict[str, Any]:
    return {
        "@type": "DefinedTerm",
        "@id": shown.iri,
        "name": plain(shown.label),
        "termCode": f"zgc:{shown.name}",
        "description": plain(shown.definition),
        "inDefinedTermSet": ONTOLOGY,
    }
