"""The page that validates documents: a form for people, and reports for programs, at one address.

A document goes to a process of its own, and nothing of it is kept.
"""

import threading
from typing import Final

from flask import Blueprint, Response, request

from forumkg.errors import BadRequest, LimitError, NotFound, RequestError
from forumkg.formats import DOCUMENT_FORMATS, TURTLE, Format
from forumkg.pages.languages import DEFAULT, N_, gettext, language, root_of_site
from forumkg.pages.rendering import page
from forumkg.pages.validate.examples import EXAMPLES, DocumentExample
from forumkg.pages.validate.reports import JSON, choose_report, write_report
from forumkg.pages.validate.shape_messages import read_shape_messages
from forumkg.pages.validate.uploads import (
    FORM_TYPES,
    from_body,
    from_form,
    from_upload,
    media_type_of,
    read_form,
)
from forumkg.pages.validate.validation import Validation, validation
from forumkg.pages.worker_graph import current_graph
from forumkg.sparql.negotiation import prefers_html
from forumkg.sparql.problem import PROBLEM, Problem
from forumkg.validation.document import Document
from forumkg.web.documents import document as cacheable
from forumkg.web.documents import open_to_all
from forumkg.web.paths import VALIDATE_PATH
from forumkg.web.rate_limits import current_client
from forumkg.web.state import validation_service
from forumkg.web.wsgi_bridge import GONE
from forumkg.workers.validation_workers import ValidationOutcome

__all__ = ["blueprint"]


_TITLE: Final = N_("Validate")
_DESCRIPTION: Final = N_(
    "Validate RDF against the ontology and the shapes of the Zhongguancun Forum graph: each finding has its "
    "line, what is wrong and what to write instead."
)

blueprint = Blueprint("validate", __name__)
# It is for programs, so a page of any origin may send a document and read what is found.
blueprint.after_request(open_to_all)


@blueprint.get(VALIDATE_PATH)
def form() -> Response:
    """Show the form, with the findings in the example that is named."""
    name = request.args.get("example", "")
    if not name:
        return _page(None, None)
    example = _example(name)
    document = Document(example.text, TURTLE, example.file_name)
    # A failure is not cacheable, so the same page later shows the findings.
    return _page(document, _validate(document), example)


@blueprint.get(f"{VALIDATE_PATH}/examples/<name>.ttl")
def download_example(name: str) -> Response:
    """Send an example as a file."""
    example = _example(name)
    response = cacheable(example.text, TURTLE)
    response.headers["Content-Disposition"] = f'attachment; filename="{example.file_name}"'
    return response


@blueprint.post(VALIDATE_PATH)
def validate() -> Response:
    """Validate the document in the request."""
    accept = request.headers.get("Accept", "")
    wants_page = prefers_html(accept)
    format_ = JSON if wants_page else choose_report(accept)
    try:
        sent = _sent()
        outcome = _validate(sent)
    except RequestError as error:
        if wants_page:
            return _refusal(error)
        raise
    if wants_page:
        return _no_store(_page(sent, outcome))
    return _no_store(_reply(sent, outcome, format_))


def _validate(sent: Document) -> ValidationOutcome:
    gone = request.environ.get(GONE) or threading.Event()
    return validation_service().validate(sent, current_client(), gone.is_set)


def _sent() -> Document:
    if media_type_of(request.content_type or "") not in FORM_TYPES:
        return from_body(request.content_type or "", request.get_data(), request.args.get("name", ""))
    fields, files = read_form(request)
    uploaded = files.get("file")
    syntax, name = fields.get("syntax", ""), fields.get("name", "")
    if uploaded and uploaded.filename:
        return from_upload(uploaded.read(), syntax, name or uploaded.filename)
    if not fields.get("text", "").strip():
        raise BadRequest(
            gettext("Nothing to validate: paste a text (field `text`), or choose a file (field `file`).")
        )
    return from_form(fields["text"], syntax, name)


def _reply(sent: Document, outcome: ValidationOutcome, format_: Format) -> Response:
    if outcome.readable:
        response = Response(write_report(outcome, sent, format_), content_type=format_.content_type)
    else:
        response = _unreadable(outcome, format_)
    response.vary.add("Accept")
    return response


def _unreadable(outcome: ValidationOutcome, format_: Format) -> Response:
    """Answer 400 for a document that cannot be read, with its place."""
    (finding,) = outcome.report.findings
    places = {"line": finding.line, "column": finding.column}
    members = {name: at for name, at in places.items() if at is not None}
    where = "".join(f"{name} {at}, " for name, at in members.items()).rstrip(", ")
    detail = f"{where}: {finding.message}" if where else finding.message
    problem = Problem(400, f"{detail} {finding.advice}", members)
    content_type, body = problem.write(PROBLEM if format_ is JSON else request.headers.get("Accept", ""))
    return Response(body, problem.status, content_type=content_type)


def _page(
    sent: Document | None,
    outcome: ValidationOutcome | None,
    example: DocumentExample | None = None,
    *,
    status: int = 200,
    refused: str = "",
) -> Response:
    shown = None
    if sent and outcome:
        messages = {} if language() == DEFAULT else read_shape_messages(current_graph())
        shown = validation(outcome.report, sent.name, sent.text, messages)
    return page(
        "validate/validate.html",
        title=_title(sent, shown, example, refused),
        description=gettext(example.teaches if example else _DESCRIPTION),
        status=status,
        path=VALIDATE_PATH if example is None else None,
        sent=sent,
        shown=shown,
        seconds=outcome.seconds if outcome else None,
        example=example,
        examples=EXAMPLES.values(),
        formats=DOCUMENT_FORMATS,
        refused=refused,
        endpoint_of_checks=request.host_url.rstrip("/") + root_of_site() + VALIDATE_PATH,
        most=f"{(request.max_content_length or 0) // 1024:,}",
    )


def _title(
    sent: Document | None, shown: Validation | None, example: DocumentExample | None, refused: str
) -> str:
    """Return the title of the page, the result first: it is what a screen reader reads first."""
    here = gettext(_TITLE)
    if example:
        return gettext("%(page)s: %(title)s") % {"page": here, "title": _inside(gettext(example.title))}
    if refused:
        return gettext("Not validated – %(page)s") % {"page": here}
    if sent and shown:
        parts = {"verdict": shown.verdict, "name": sent.name, "page": here}
        return gettext("%(verdict)s in %(name)s – %(page)s") % parts
    return here


def _inside(title: str) -> str:
    """Return a title as it is written after a colon."""
    return title[:1].lower() + title[1:]


def _refusal(error: RequestError) -> Response:
    """Answer with the form, the reason why there is no report above it, and the pasted text in it."""
    kept = None
    if "text" in request.form:
        kept = Document(request.form["text"].replace("\r\n", "\n"), TURTLE, "")
    response = _page(kept, None, status=error.status, refused=str(error))
    if isinstance(error, LimitError) and error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _no_store(response: Response) -> Response:
    """Mark the response `no-store`: the document is its sender's alone."""
    response.headers.pop("ETag", None)
    response.headers["Cache-Control"] = "no-store"
    return response


def _example(name: str) -> DocumentExample:
    if name not in EXAMPLES:
        raise NotFound(f"There is no example {name!r}. Ask for one of: {', '.join(EXAMPLES)}.")
    return EXAMPLES[name]
