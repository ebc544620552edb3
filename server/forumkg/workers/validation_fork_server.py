"""Read a dataset once, fork a worker for each document, and validate it there: a program of its own.

`python -m forumkg.workers.validation_fork_server`
"""

import os
import socket
import sys
from dataclasses import asdict
from functools import partial
from typing import Any, Final

from forumkg.errors import DocumentError, ForumKgError
from forumkg.formats import DOCUMENT_FORMATS, WORKSHEET
from forumkg.mapping.mapped import MappingDataset
from forumkg.mapping.preview_document import preview_document, warm_up
from forumkg.reasoning.derivation import load_rules
from forumkg.validation.document import Document
from forumkg.validation.document_check import Shipped, check_document, unreadable
from forumkg.workers import sandbox
from forumkg.workers.fork_server_process import obey, outlive_signals, try_to_confine
from forumkg.workers.messages import Decoder, receive, send
from forumkg.workers.validation_workers import ValidationForkSettings

__all__ = ["MAX_DOCUMENT", "main"]

# Bytes of a document: the server takes fewer from its clients.
MAX_DOCUMENT: Final = 64 * 1024 * 1024

_FORMATS: Final = {format_.name: format_ for format_ in (*DOCUMENT_FORMATS, WORKSHEET)}


def main(settings: ValidationForkSettings, descriptor: int) -> None:
    """Read the dataset, then fork workers until the control socket is closed."""
    outlive_signals()
    control = socket.socket(fileno=descriptor)
    confine = partial(_confine, settings=settings)
    try:
        shipped = Shipped.read(settings.folder)
        _warm(shipped)
        dataset = MappingDataset(shipped.files, load_rules())
        warm_up(dataset)
        try_to_confine(confine)
    except (OSError, ForumKgError) as error:
        send(control, {"error": str(error)})
        return
    obey(control, confine, partial(_serve, shipped=shipped, dataset=dataset))


def _confine(parent: int, settings: ValidationForkSettings) -> None:
    """Confine a worker, and limit its processor time."""
    sandbox.limit_time(settings.seconds)
    sandbox.confine(parent, settings.folder, settings.memory, confined=settings.confined)


def _warm(shipped: Shipped) -> None:
    """Validate samples, so that workers share the loaded modules: a confined worker cannot load any."""
    if not shipped.findings:
        _check(Document("[] a [] .", _FORMATS["turtle"], "odd"), shipped)
    for format_ in DOCUMENT_FORMATS:
        _check(Document("?", format_, "odd"), shipped)
    # An unreadable document does not reach the check for what JSON-LD processors ignore.
    _check(Document('{"@id": "urn:a", "b": [1, null]}', _FORMATS["jsonld"], "odd"), shipped)


def _serve(connection: socket.socket, errors: int, shipped: Shipped, dataset: MappingDataset) -> None:
    """Validate one document, or preview one worksheet; `errors` becomes the standard error stream."""
    os.dup2(errors, sys.stderr.fileno())
    os.close(errors)
    received = receive(connection, Decoder(MAX_DOCUMENT))
    if received:
        order, _ = received
        document = Document(order.body.decode(), _FORMATS[order.head["format"]], order.head["name"])
        if document.format is WORKSHEET:
            send(connection, {"preview": preview_document(document.text, dataset)})
        else:
            send(connection, _check(document, shipped))


def _check(document: Document, shipped: Shipped) -> dict[str, Any]:
    try:
        return {"readable": True, "report": asdict(check_document(document, shipped))}
    except DocumentError as error:
        return {"readable": False, "report": asdict(unreadable(document, shipped, error))}
    except RecursionError:
        return {"failure": "The document is nested too deeply, or a hierarchy in it is too deep."}


if __name__ == "__main__":
    main(*ValidationForkSettings.read(sys.argv[1:]))
