"""Check documents: a page with a form for people, reports for programs, on one address.

A document goes to a process of its own, and nothing of it is kept.
"""

import threading
from typing import Final

from flask import Blueprint, Flask, Response, request

from forumkg.errors import BadRequest, LimitError, NotFound, RequestError
from forumkg.formats import DOCUMENT_FORMATS, GRAPH_FORMATS, Format
from forumkg.pages.rendering import page
from forumkg.pages.validate.examples import LESSONS, Lesson
from forumkg.pages.validate.reports import JSON, choose_report, write_report
from forumkg.pages.validate.submissions import FORM_TYPES, from_body, from_form, from_upload, media_type_of
from forumkg.pages.validate.validation import validation
from forumkg.sparql.negotiation import prefers_html
from forumkg.sparql.problem import PROBLEM, Problem
from forumkg.validation.document import Document
from forumkg.web.documents import document as cacheable
from forumkg.web.documents import open_to_all
from forumkg.web.validation_service import ValidationService, keep_validation_service, validation_service
from forumkg.web.wsgi_bridge import GONE
from forumkg.workers.validation_workers import ValidationOutcome

__all__ = ["VALIDATE_PATH", "blueprint", "keep"]

VALIDATE_PATH: Final = "/validate"

_TITLE: Final = "Validate"
_DESCRIPTION: Final = (
    "Check RDF against the ontology and the shapes of the Zhongguancun Forum graph: each finding has its "
    "line, what is wrong and what to write instead."
)

blueprint = Blueprint("validate", __name__)
# It is for programs, so a page of any origin may send a document and read what is found.
blueprint.after_request(open_to_all)


def keep(app: Flask, checks: ValidationService) -> None:
    """Have an application check documents."""
    keep_validation_service(app, checks)
    app.register_blueprint(blueprint)


@blueprint.get(VALIDATE_PATH)
def form() -> Response:
    """Show the form, and what is found in an example where one is asked for."""
    name = request.args.get("example", "")
    if not name:
        return _page(None, None)
    lesson = _lesson(name)
    example = Document(lesson.text, GRAPH_FORMATS[0], lesson.file_name)
    # A failure is not cacheable, so the same page later shows the findings.
    return _page(example, _check(example), lesson)


@blueprint.get(f"{VALIDATE_PATH}/examples/<name>.ttl")
def example(name: str) -> Response:
    """Send an example as a file."""
    lesson = _lesson(name)
    response = cacheable(lesson.text, GRAPH_FORMATS[0])
    response.headers["Content-Disposition"] = f'attachment; filename="{lesson.file_name}"'
    return response


@blueprint.post(VALIDATE_PATH)
def validate() -> Response:
    """Check the document that is sent."""
    accept = request.headers.get("Accept", "")
    wants_page = prefers_html(accept)
    format_ = JSON if wants_page else choose_report(accept)
    try:
        sent = _sent()
        checked = _check(sent)
    except RequestError as error:
        if wants_page:
            return _refusal(error)
        raise
    if wants_page:
        return _unkept(_page(sent, checked))
    return _unkept(_reply(sent, checked, format_))


def _check(sent: Document) -> ValidationOutcome:
    gone = request.environ.get(GONE) or threading.Event()
    return validation_service().validate(sent, request.remote_addr or "", gone.is_set)


def _sent() -> Document:
    if media_type_of(request.content_type or "") not in FORM_TYPES:
        return from_body(request.content_type or "", request.get_data(), request.args.get("name", ""))
    # Flask's own bound for fields is lower than that for bodies.
    request.max_form_memory_size = request.max_content_length
    fields, uploaded = request.form, request.files.get("file")
    syntax, name = fields.get("syntax", ""), fields.get("name", "")
    if uploaded and uploaded.filename:
        return from_upload(uploaded.read(), syntax, name or uploaded.filename)
    if not fields.get("text", "").strip():
        raise BadRequest("There is nothing to check: paste a text (the field text), or choose a file (file).")
    return from_form(fields["text"], syntax, name)


def _reply(sent: Document, checked: ValidationOutcome, format_: Format) -> Response:
    if checked.readable:
        response = Response(write_report(checked, sent, format_), content_type=format_.content_type)
    else:
        response = _unreadable(checked, format_)
    response.vary.add("Accept")
    return response


def _unreadable(checked: ValidationOutcome, format_: Format) -> Response:
    """Answer that a document cannot be read: its syntax is the business of whoever sent it."""
    (finding,) = checked.report.findings
    places = {"line": finding.line, "column": finding.column}
    members = {name: at for name, at in places.items() if at is not None}
    where = "".join(f"{name} {at}, " for name, at in members.items()).rstrip(", ")
    detail = f"{where}: {finding.message}" if where else finding.message
    problem = Problem(400, f"{detail} {finding.advice}", members)
    content_type, body = problem.write(PROBLEM if format_ is JSON else request.headers.get("Accept", ""))
    return Response(body, problem.status, content_type=content_type)


def _page(
    sent: Document | None,
    checked: ValidationOutcome | None,
    lesson: Lesson | None = None,
    *,
    status: int = 200,
    refused: str = "",
) -> Response:
    shown = validation(checked.report, sent.name, sent.text) if sent and checked else None
    return page(
        "validate/validate.html",
        title=f"{_TITLE}: {lesson.title[:1].lower()}{lesson.title[1:]}" if lesson else _TITLE,
        description=lesson.teaches if lesson else _DESCRIPTION,
        status=status,
        path=VALIDATE_PATH if lesson is None else None,
        sent=sent,
        shown=shown,
        seconds=checked.seconds if checked else None,
        lesson=lesson,
        lessons=LESSONS.values(),
        formats=DOCUMENT_FORMATS,
        refused=refused,
        endpoint_of_checks=request.url_root.rstrip("/") + VALIDATE_PATH,
        most=f"{(request.max_content_length or 0) // 1024:,}",
    )


def _refusal(error: RequestError) -> Response:
    """Say above the form why there is no report, with what was pasted still in it."""
    kept = None
    if "text" in request.form:
        kept = Document(request.form["text"].replace("\r\n", "\n"), GRAPH_FORMATS[0], "")
    response = _page(kept, None, status=error.status, refused=str(error))
    if isinstance(error, LimitError) and error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _unkept(response: Response) -> Response:
    """Have nobody keep an answer to what only its sender has."""
    response.headers.pop("ETag", None)
    response.headers["Cache-Control"] = "no-store"
    return response


def _lesson(name: str) -> Lesson:
    if name not in LESSONS:
        raise NotFound(f"There is no example {name!r}. Ask for one of: {', '.join(LESSONS)}.")
    return LESSONS[name]
