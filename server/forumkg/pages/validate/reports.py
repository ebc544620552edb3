"""Write the report on a document as a program wants it: JSON, text, or a SHACL validation report.

https://www.w3.org/TR/shacl/#validation-report
"""

import json
from typing import Final

from forumkg.formats import GRAPH_FORMATS, TURTLE, Format
from forumkg.sparql.negotiation import negotiate
from forumkg.sparql.result_writers import serialize_triples
from forumkg.validation.document import Document
from forumkg.validation.findings import as_graph, as_json, as_text, as_turtle
from forumkg.workers.validation_workers import ValidationOutcome

__all__ = ["JSON", "REPORT_FORMATS", "choose_report", "write_report"]

JSON: Final = Format("json", "JSON", "application/json", "json")
_TEXT: Final = Format("text", "text", "text/plain", "txt")
# In order of preference: JSON and text come before the graph formats that have them as other names.
REPORT_FORMATS: Final = (JSON, TURTLE, _TEXT, *GRAPH_FORMATS[1:])


def choose_report(accept: str) -> Format:
    """Return the format of the report that an Accept header likes best.

    Raises:
        NotAcceptable: the header excludes all of them.
    """
    return negotiate(REPORT_FORMATS, accept)


def write_report(checked: ValidationOutcome, document: Document, format_: Format) -> bytes:
    """Return the report on a document."""
    report = checked.report
    if format_ is JSON:
        return _json(checked, document)
    if format_ is _TEXT:
        return as_text(report).encode()
    if format_.name == "turtle":
        return as_turtle(report).encode()
    return serialize_triples(as_graph(report), format_)


def _json(checked: ValidationOutcome, document: Document) -> bytes:
    report = checked.report
    content = {
        "conforms": report.conforms,
        "violations": report.violations,
        "warnings": report.warnings,
        "infos": report.infos,
        "name": document.name,
        "syntax": document.format.name,
        "findings": json.loads(as_json(report)),
        "checked": {
            "files": report.files,
            "triples": report.triples,
            "statements": report.statements,
            "passages": report.passages,
        },
        "notes": list(report.notes),
        "seconds": round(checked.seconds, 3),
    }
    return f"{json.dumps(content, ensure_ascii=False, indent=2)}\n".encode()
