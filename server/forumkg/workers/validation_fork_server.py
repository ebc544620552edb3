"""Open a dataset, fork a worker for each document, and validate it there: a separate program.

`python -m forumkg.workers.validation_fork_server`
"""

import os
import socket
import sys
from dataclasses import asdict
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Final

from forumkg.dataset.version_info import SOURCE
from forumkg.errors import DocumentError, ForumKgError
from forumkg.formats import DOCUMENT_FORMATS, WORKSHEET
from forumkg.mapping.mapped import MappingDataset
from forumkg.mapping.mapping_report import preview_document, warm_up
from forumkg.namespaces import ID, ZGC
from forumkg.rdf.jsonld import losses
from forumkg.reasoning.derivation import rules_of
from forumkg.validation.document import Document
from forumkg.validation.document_check import check_document, require_shapes, unreadable
from forumkg.validation.stored_dataset import StoredDataset
from forumkg.workers import sandbox
from forumkg.workers.fork_server_process import obey, outlive_signals, try_to_confine
from forumkg.workers.messages import MAX_HEAD, Decoder, encode, receive, send
from forumkg.workers.validation_workers import ValidationForkSettings

__all__ = ["MAX_DOCUMENT", "main"]

# Bytes of a document: the server takes fewer from its clients.
MAX_DOCUMENT: Final = 64 * 1024 * 1024

# It points to a thing that no file describes, so that the checks of references look for similar ones.
_SAMPLE: Final = f"[] a [] . <{ID}person/1> <{ZGC}isPostIn> <{ID}person/2> ."
# Triples of the largest dataset that is read at the start for previews; a larger one is read for each.
_HELD: Final = 100_000

# Each finding repeats the names and values that it is about.
_TOO_LONG: Final = f"The findings take more than {MAX_HEAD:,} bytes: shorten the IRIs and values."

_FORMATS: Final = {format_.name: format_ for format_ in (*DOCUMENT_FORMATS, WORKSHEET)}


def main(settings: ValidationForkSettings, descriptor: int) -> None:
    """Open the dataset, then fork workers until the control socket is closed."""
    outlive_signals()
    control = socket.socket(fileno=descriptor)
    confine = partial(_confine, settings=settings)
    try:
        dataset = StoredDataset.open(settings.folder)
        require_shapes(dataset)
        _warm(dataset)
        mapping = _Mapping(dataset, settings.folder)
        mapping.warm_up()
        try_to_confine(confine)
    except (OSError, ForumKgError) as error:
        send(control, {"error": str(error)})
        return
    obey(control, confine, partial(_serve, dataset=dataset, mapping=mapping))


def _confine(parent: int, settings: ValidationForkSettings) -> None:
    """Confine a worker, and limit its processor time."""
    sandbox.limit_time(settings.seconds)
    sandbox.confine(parent, settings.folder, settings.memory, confined=True)


def _warm(dataset: StoredDataset) -> None:
    """Validate samples, so that workers share the loaded modules: a confined worker cannot load any."""
    _check(Document(_SAMPLE, _FORMATS["turtle"], "odd"), dataset)
    for format_ in DOCUMENT_FORMATS:
        _check(Document("?", format_, "odd"), dataset)
    # An unreadable document does not reach the check for what JSON-LD processors ignore.
    losses('{"@id": "urn:a", "b": [1, null]}')


class _Mapping:
    """The dataset for previews of worksheets; a small one is read at the start."""

    def __init__(self, dataset: StoredDataset, version: Path) -> None:
        self._dataset = dataset
        self._rules = rules_of(version / SOURCE)

    @cached_property
    def whole(self) -> MappingDataset:
        """All of its files."""
        return MappingDataset(self._dataset.whole(), self._rules)

    def warm_up(self) -> None:
        """Preview a sample."""
        is_small = self._dataset.counts.triples <= _HELD
        warm_up(self.whole if is_small else MappingDataset(self._dataset.terms, self._rules))


def _serve(connection: socket.socket, errors: int, dataset: StoredDataset, mapping: _Mapping) -> None:
    """Validate one document, or preview one worksheet; `errors` becomes the standard error stream."""
    os.dup2(errors, sys.stderr.fileno())
    os.close(errors)
    received = receive(connection, Decoder(MAX_DOCUMENT))
    if received:
        order, _ = received
        document = Document(order.body.decode(), _FORMATS[order.head["format"]], order.head["name"])
        if document.format is WORKSHEET:
            connection.sendall(_encoded({"preview": preview_document(document.text, mapping.whole)}))
        else:
            connection.sendall(_encoded(_check(document, dataset)))


def _encoded(answer: dict[str, Any]) -> bytes:
    """Return an answer as the bytes of a message, or a failure where its reader would refuse its length."""
    encoded = encode(answer)
    return encoded if len(encoded) <= MAX_HEAD else encode({"failure": _TOO_LONG})


def _check(document: Document, dataset: StoredDataset) -> dict[str, Any]:
    try:
        return {"readable": True, "report": asdict(check_document(document, dataset))}
    except DocumentError as error:
        return {"readable": False, "report": asdict(unreadable(document, dataset, error))}
    except RecursionError:
        return {"failure": "The document is nested too deeply, or a hierarchy in it is too deep."}


if __name__ == "__main__":
    main(*ValidationForkSettings.read(sys.argv[1:]))
