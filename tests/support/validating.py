"""What the tests of validation share: documents, and how patient they are."""

import os
import sys
import threading
from pathlib import Path
from typing import Final

from processes import children, exists, tree, until

from forumkg.formats import DOCUMENT_FORMATS, Format, by_name
from forumkg.validation.document import Document
from forumkg.workers.validation_workers import ValidationLimits, ValidationWorkers

__all__ = ["ENDLESS", "PATIENT", "TURTLE", "document", "fork_server_of", "syntax", "workers_of"]

TURTLE: Final = DOCUMENT_FORMATS[0]
# As long as a machine with much else to do may take.
PATIENT: Final = ValidationLimits(timeout=300, seconds=300)
# Lists of lists of lists: each is a blank node that has to be looked for.
ENDLESS: Final = f"<urn:a> <urn:b> {'(' * 200_000}{')' * 200_000} ."


def document(text: str, name: str = "pasted.ttl", format_: Format = TURTLE) -> Document:
    """Return a document, by default in Turtle."""
    return Document(text, format_, name)


def syntax(name: str) -> Format:
    """Return a format by its name."""
    found = by_name(name, DOCUMENT_FORMATS)
    assert found
    return found


def fork_server_of(workers: ValidationWorkers) -> int:
    """Return the process that forks the workers of validation workers."""
    assert workers._fork_server
    return workers._fork_server._process.pid


def workers_of(workers: ValidationWorkers) -> list[int]:
    """Return the living processes."""
    return [pid for pid in children(fork_server_of(workers)) if exists(pid)]


def hold(folder: str) -> None:
    """Start an endless validation, print its processes, and wait to be killed."""
    workers = ValidationWorkers(Path(folder), PATIENT)
    workers.validate(document("<urn:a> a <urn:b> ."))
    threading.Thread(target=workers.validate, args=[document(ENDLESS)], daemon=True).start()
    until(lambda: workers_of(workers))
    sys.stdout.write(" ".join(map(str, tree(os.getpid()))) + "\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    hold(sys.argv[1])
