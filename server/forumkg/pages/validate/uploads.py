"""Read the document to validate from a request: its text, its syntax and its file name.

It is the body of the request, or a field or a file of a form: https://www.rfc-editor.org/rfc/rfc7578
"""

import re
from pathlib import PurePosixPath
from typing import Any, Final

from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser
from werkzeug.http import parse_options_header
from werkzeug.wrappers import Request

from forumkg.errors import BadRequest, ContentTooLarge, UnsupportedMediaType
from forumkg.formats import DOCUMENT_FORMATS, TURTLE, Format, by_name
from forumkg.validation.document import Document

__all__ = ["FORM_TYPES", "from_body", "from_form", "from_upload", "media_type_of", "read_form"]

FORM_TYPES: Final = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})

_DEFAULT_STEM: Final = "pasted"
_NAME: Final = re.compile(r"[\w][\w.,=-]{0,99}")
_UTF_8: Final = frozenset({"", "utf-8", "utf8", "us-ascii"})


def media_type_of(content_type: str) -> str:
    """Return the media type of a Content-Type header, in lower case and without parameters."""
    return parse_options_header(content_type)[0].strip().lower()


def from_body(content_type: str, body: bytes, name: str = "") -> Document:
    """Return the document that is the body of a request.

    Args:
        content_type: the header, which names the syntax.
        body: the text.
        name: the file name.

    Raises:
        UnsupportedMediaType: the syntax or the charset is not supported.
        BadRequest: the body is not UTF-8, or the name is not a file name.
    """
    media_type = media_type_of(content_type)
    format_ = next((each for each in DOCUMENT_FORMATS if media_type in each.media_types), None)
    charset = parse_options_header(content_type)[1].get("charset", "").lower()
    if format_ is None:
        known = ", ".join(each.media_type for each in DOCUMENT_FORMATS)
        raise UnsupportedMediaType(
            f"Unsupported Content-Type {content_type!r}. Send one of: {known}; or a form with a field text "
            "or file."
        )
    if charset not in _UTF_8:
        raise UnsupportedMediaType(f"Unsupported charset {charset!r}: send UTF-8.")
    return _document(_decoded(body), format_, name)


def read_form(request: Request) -> tuple[MultiDict[str, str], MultiDict[str, FileStorage]]:
    """Return the fields and the files of a form; a second call for a form that cannot be read has none.

    Args:
        request: with a body of one of the `FORM_TYPES`.

    Raises:
        BadRequest: the form cannot be read.
        ContentTooLarge: the form has too many parts.
    """
    # Flask's own bound for fields is lower than that for bodies.
    request.max_form_memory_size = request.max_content_length
    request.form_data_parser_class = _FormParser
    try:
        return request.form, request.files
    except RequestEntityTooLarge as error:
        raise ContentTooLarge(
            f"The form has more than {request.max_form_parts:,} parts: send one field text, or one file."
        ) from error
    except ValueError as error:
        is_text = isinstance(error, UnicodeDecodeError)
        reason = "it is not UTF-8" if is_text else "its parts are not separated as RFC 7578 says"
        raise BadRequest(
            f"The form cannot be read ({reason}): send it in UTF-8, also the name of its file, or "
            "send the document itself as the body, with its Content-Type."
        ) from error
    finally:
        request.form_data_parser_class = FormDataParser


class _FormParser(FormDataParser):
    """Raises what is wrong with a form: the parser of Flask returns an empty form instead."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 (those of the parser)
        super().__init__(*args, **kwargs)
        self.silent = False


def from_form(text: str, syntax: str, name: str) -> Document:
    """Return the document that was pasted into a form.

    Args:
        text: as browsers send it, with the line ends of forms.
        syntax: the name of a format; empty to take it from the file name.
        name: the file name.

    Raises:
        BadRequest: the syntax is unknown, or the name is not a file name.
    """
    # https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#constructing-the-form-data-set
    return _document(text.replace("\r\n", "\n"), _syntax(syntax, name), name)


def from_upload(data: bytes, syntax: str, name: str) -> Document:
    """Return the document that is a file of a form.

    Args:
        data: the content.
        syntax: the name of a format; empty to take it from the file name.
        name: the file name on the machine of the client.

    Raises:
        BadRequest: the syntax is unknown, or the file is not UTF-8.
    """
    # A file name may have any characters.
    called = re.sub(r"[^\w.,=-]|^\W", "_", PurePosixPath(name).name)[:100]
    return _document(_decoded(data), _syntax(syntax, name), called)


def _document(text: str, format_: Format, name: str) -> Document:
    if name and not _NAME.fullmatch(name):
        raise BadRequest(f"{name!r} is not a file name: use letters, digits and - _ . , = only.")
    return Document(text, format_, name or f"{_DEFAULT_STEM}.{format_.extension}")


def _syntax(syntax: str, name: str) -> Format:
    if not syntax:
        return by_name(PurePosixPath(name).suffix.removeprefix("."), DOCUMENT_FORMATS) or TURTLE
    found = by_name(syntax, DOCUMENT_FORMATS)
    if found is None:
        known = ", ".join(each.name for each in DOCUMENT_FORMATS)
        raise BadRequest(f"Unknown syntax {syntax!r}. Send one of: {known}.")
    return found


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadRequest(
            f"The document is not UTF-8: byte {error.start:,}, on line {line}. Save it as UTF-8."
        ) from error
