"""Read the document that somebody sends to be checked: its text, its syntax, the name of its file.

It may be the body of the request, or a field or a file of a form: https://www.rfc-editor.org/rfc/rfc7578
"""

import re
from pathlib import PurePosixPath
from typing import Final

from werkzeug.http import parse_options_header

from forumkg.errors import BadRequest, UnsupportedMediaType
from forumkg.formats import DOCUMENT_FORMATS, Format, by_name
from forumkg.validation.document import Document

__all__ = ["FORM_TYPES", "from_body", "from_form", "from_upload", "media_type_of"]

FORM_TYPES: Final = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})

_TURTLE: Final = DOCUMENT_FORMATS[0]
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
        name: what the file is called.

    Raises:
        UnsupportedMediaType: nothing is read in this syntax, or in this coding of characters.
        BadRequest: the body is no UTF-8, or the name is none for a file.
    """
    media_type = media_type_of(content_type)
    format_ = next((each for each in DOCUMENT_FORMATS if media_type in each.media_types), None)
    charset = parse_options_header(content_type)[1].get("charset", "").lower()
    if format_ is None:
        known = ", ".join(each.media_type for each in DOCUMENT_FORMATS)
        raise UnsupportedMediaType(
            f"The Content-Type {content_type!r} is none of a document. Send one of: {known}; or a form "
            "with a field text or file."
        )
    if charset not in _UTF_8:
        raise UnsupportedMediaType(f"The charset {charset!r} is not read: send UTF-8.")
    return _document(_decoded(body), format_, name)


def from_form(text: str, syntax: str, name: str) -> Document:
    """Return the document that was pasted into a form.

    Args:
        text: as browsers send it, with the line ends of forms.
        syntax: the name of a format; empty where the name of the file tells it.
        name: what the file is called.

    Raises:
        BadRequest: there is no such syntax, or the name is none for a file.
    """
    # https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#constructing-the-form-data-set
    return _document(text.replace("\r\n", "\n"), _syntax(syntax, name), name)


def from_upload(data: bytes, syntax: str, name: str) -> Document:
    """Return the document that is a file of a form.

    Args:
        data: what is in it.
        syntax: the name of a format; empty where the name of the file tells it.
        name: what the file is called where it comes from.

    Raises:
        BadRequest: there is no such syntax, or the file is no UTF-8.
    """
    # People call files what they like.
    called = re.sub(r"[^\w.,=-]|^\W", "_", PurePosixPath(name).name)[:100]
    return _document(_decoded(data), _syntax(syntax, name), called)


def _document(text: str, format_: Format, name: str) -> Document:
    if name and not _NAME.fullmatch(name):
        raise BadRequest(f"{name!r} is no name for a file: send letters, digits and - _ . , = alone.")
    return Document(text, format_, name or f"{_DEFAULT_STEM}.{format_.extension}")


def _syntax(syntax: str, name: str) -> Format:
    if not syntax:
        return by_name(PurePosixPath(name).suffix.removeprefix("."), DOCUMENT_FORMATS) or _TURTLE
    found = by_name(syntax, DOCUMENT_FORMATS)
    if found is None:
        known = ", ".join(each.name for each in DOCUMENT_FORMATS)
        raise BadRequest(f"There is no syntax {syntax!r}. Send one of: {known}.")
    return found


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadRequest(
            f"The document is not UTF-8: byte {error.start:,}, on line {line}. Save it as UTF-8."
        ) from error
