"""Answer why a fact is so: its proof as a page, as JSON and as Turtle."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Final

import pyoxigraph as ox
from flask import Blueprint, Response, request

from forumkg.dataset.description import DATASET
from forumkg.dataset.version_info import SOURCE
from forumkg.errors import BadRequest, NotFound
from forumkg.formats import TURTLE, Format, by_name
from forumkg.namespaces import PREFIXES
from forumkg.pages.languages import gettext, root_of_site
from forumkg.pages.rendering import page
from forumkg.pages.why.proof_documents import address_of_proof, as_json, as_triples
from forumkg.pages.why.proof_words import plain, spaced
from forumkg.pages.why.why import Why, read_examples, read_unknown, read_why
from forumkg.pages.why_addresses import WHY_PATH, read_fact
from forumkg.pages.worker_graph import current_graph
from forumkg.rdf.terms import name_of
from forumkg.reasoning.derivation import DerivationRule, rules_of
from forumkg.sparql.identifiers import HTML
from forumkg.sparql.negotiation import negotiate, prefers_html
from forumkg.sparql.result_writers import serialize_triples
from forumkg.web.documents import document, open_to_all
from forumkg.web.state import served

__all__ = ["blueprint"]

_JSON: Final = Format("json", "JSON", "application/json", "json")
# In order of preference: the address is that of a page.
_FORMATS: Final = (HTML, _JSON, TURTLE)

blueprint = Blueprint("why", __name__)
blueprint.after_request(open_to_all)
blueprint.add_app_template_filter(spaced)


@blueprint.get(WHY_PATH)
@blueprint.get(f"{WHY_PATH}.<ending>")
def why(ending: str = "") -> Response:
    """Prove the fact that the parameters name."""
    format_ = _format(ending)
    is_empty = not any(request.args.get(name) for name in ("s", "p", "o"))
    if is_empty and prefers_html(request.headers.get("Accept", "")):
        return _introduction()
    fact = read_fact(*(request.args.get(name, "") for name in ("s", "p", "o")))
    found = read_why(current_graph(), fact, _rules(served().path / SOURCE))
    if found is None:
        return _unknown(fact, format_)
    if format_ == HTML:
        return _page(found)
    if format_ == _JSON:
        return document(f"{json.dumps(as_json(found), ensure_ascii=False, indent=2)}\n", format_)
    prefixes = {**PREFIXES, "": f"{address_of_proof(found)}#"}
    return document(serialize_triples(as_triples(found), format_, prefixes), format_)


# A server that follows new versions answers from two for a moment.
@lru_cache(maxsize=2)
def _rules(source: Path) -> tuple[DerivationRule, ...]:
    return rules_of(source)


def _introduction() -> Response:
    """Explain what this address is for, with facts to start from."""
    return page(
        "why/introduction.html",
        title=gettext("Why is a fact in the graph?"),
        description=gettext(
            "Each fact of the graph has a proof: who asserts it, or which axiom or rule derives it."
        ),
        status=400,
        examples=read_examples(current_graph()),
    )


def _format(ending: str) -> Format:
    """Return the format that the ending of the path, the parameter `format` or the Accept header asks for."""
    wish = ending or request.args.get("format", "")
    if not wish:
        return negotiate(_FORMATS, request.headers.get("Accept", ""))
    format_ = by_name(wish, _FORMATS)
    if format_ is None:
        offered = ", ".join(each.name for each in _FORMATS)
        raise BadRequest(f"There is no format {wish!r} of a proof. Write one of: {offered}.")
    return format_


def _page(found: Why) -> Response:
    address, title, description = (
        found.line.address,
        gettext("Why: %(fact)s") % {"fact": plain(found.line.words)},
        plain(found.words),
    )
    return page(
        "why/why.html",
        title=title,
        description=description,
        json_ld={
            "@type": "WebPage",
            "@id": address_of_proof(found),
            "name": title,
            "description": description,
            "about": {"@id": name_of(found.line.triple.subject)},
            "isPartOf": {"@type": "Dataset", "@id": DATASET},
        },
        queries=found.queries,
        path=address,
        why=found,
        proofs=[
            (each.label, root_of_site() + address.replace(WHY_PATH, f"{WHY_PATH}.{each.extension}", 1))
            for each in (_JSON, TURTLE)
        ],
    )


def _unknown(fact: ox.Triple, format_: Format) -> Response:
    """Say that no graph holds a fact: to people with what the graphs hold instead."""
    if format_ != HTML:
        terms = " ".join(str(term) for term in (fact.subject, fact.predicate, fact.object))
        raise NotFound(f"No graph contains {terms}: there is nothing to prove.")
    return page(
        "why/why_unknown.html",
        title=gettext("Not in the graph"),
        description=gettext("No graph contains this fact."),
        status=404,
        unknown=read_unknown(current_graph(), fact),
    )
