"""Checks of documents in processes that can be killed, on the small dataset."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pools import background
from processes import exists, sockets, state, tree, until
from validating import ENDLESS, PATIENT, TURTLE, document, syntax, workers_of, zygote_of

from forumkg.dataset.versions import Version
from forumkg.errors import CheckGivenUp, LimitError, PoolBusy, QueryCancelled, StoreError, WorkerLost
from forumkg.formats import DOCUMENT_FORMATS, Format
from forumkg.namespaces import GRAPH
from forumkg.validation.document import Shipped, check_document
from forumkg.validation.findings import Finding
from forumkg.workers.validation_workers import ValidationLimits, ValidationOutcome, ValidationWorkers

EDITION = (
    "@prefix edition: <https://w3id.org/zgc-forum/id/edition/> .\n"
    "@prefix zgc: <https://w3id.org/zgc-forum/ontology/> .\n"
    "\n"
    "edition:2030\n"
    "    a zgc:Editon ;\n"
    ".\n"
)
MISSPELT = "zgc:Editon is not declared by its vocabulary."


@pytest.fixture(scope="module")
def folder(small_version: Version) -> Path:
    """Return the files of a dataset that no test changes."""
    return small_version.path / "source"


@pytest.fixture(scope="module")
def checker(folder: Path) -> Iterator[ValidationWorkers]:
    """Return a checker for all tests that break nothing."""
    with ValidationWorkers(folder, PATIENT) as made:
        yield made


def messages(checked: ValidationOutcome) -> list[tuple[str, int | None, str]]:
    """Return the findings of a report: path, line, message."""
    return [(finding.path, finding.line, finding.message) for finding in checked.report.findings]


class TestChecking:
    """What a checker finds."""

    def test_as_in_this_process(self, checker: ValidationWorkers, folder: Path) -> None:
        """A process reports what a check in this one does, in each detail."""
        checked = checker.check(document(EDITION))

        assert checked.report == check_document(document(EDITION), Shipped.read(folder))
        assert messages(checked) == [("pasted.ttl", 5, MISSPELT)]
        assert checked.readable
        assert checked.seconds > 0

    def test_nothing_to_mend(self, checker: ValidationWorkers) -> None:
        """A document may be good."""
        checked = checker.check(document(EDITION.replace("Editon", "Edition")))

        assert (checked.report.findings, checked.report.conforms) == ((), True)

    def test_unreadable(self, checker: ValidationWorkers) -> None:
        """What cannot be read is one finding with its place, and the note that nothing else was checked."""
        checked = checker.check(document("\n  x", "mine.ttl"))

        assert not checked.readable
        assert checked.report.notes == ("Nothing else was checked: mend what cannot be read first.",)
        assert checked.report.findings == (
            Finding(
                "violation",
                "mine.ttl",
                2,
                f"{GRAPH}mine",
                "turtle",
                "Not Turtle: x is not a valid subject or graph name.",
                "Write Turtle: https://www.w3.org/TR/turtle/.",
                column=3,
            ),
        )
        assert checked.report.findings[0].column == 3

    @pytest.mark.parametrize("format_", DOCUMENT_FORMATS, ids=lambda format_: format_.name)
    def test_unreadable_in_each_syntax(self, checker: ValidationWorkers, format_: Format) -> None:
        """No syntax breaks a process by what is none."""
        assert not checker.check(document("<a", "a", format_)).readable

    def test_one_after_the_other(self, checker: ValidationWorkers) -> None:
        """A document leaves nothing behind for the next one."""
        other = EDITION.replace("2030", "2031").replace("Editon", "Forum")

        assert messages(checker.check(document(EDITION))) == [("pasted.ttl", 5, MISSPELT)]
        assert messages(checker.check(document(other))) == [
            ("pasted.ttl", 5, "zgc:Forum is not declared by its vocabulary.")
        ]


class TestBounds:
    """What a check may take."""

    def test_time(self, folder: Path) -> None:
        """A check that takes too long is given up, and its process is gone."""
        with ValidationWorkers(folder, ValidationLimits(timeout=1)) as checker:
            with pytest.raises(CheckGivenUp, match="given up after 1 seconds: check it in parts, or with"):
                checker.check(document(ENDLESS))

            assert workers_of(checker) == []

    def test_work(self, folder: Path) -> None:
        """A check that computes for too long is given up, however little the machine lets it."""
        with ValidationWorkers(folder, ValidationLimits(timeout=300, seconds=1)) as checker:
            with pytest.raises(CheckGivenUp, match="after 1 seconds of work: check it in parts, or with"):
                checker.check(document(ENDLESS))

            assert workers_of(checker) == []
            assert messages(checker.check(document(EDITION))) == [("pasted.ttl", 5, MISSPELT)]

    def test_memory(self, folder: Path) -> None:
        """A check that needs too much memory is given up, and the next one is done."""
        with ValidationWorkers(
            folder, ValidationLimits(timeout=300, seconds=300, memory=64 * 1024 * 1024)
        ) as checker:
            with pytest.raises(CheckGivenUp, match="more memory than one may have"):
                checker.check(document(ENDLESS))

            assert messages(checker.check(document(EDITION))) == [("pasted.ttl", 5, MISSPELT)]

    def test_jobs(self, folder: Path) -> None:
        """A check more than may run is refused at once, with the seconds to wait; later there is a place."""
        with (
            ValidationWorkers(folder, ValidationLimits(timeout=300, seconds=300, jobs=1)) as checker,
            background() as threads,
        ):
            checker.check(document(EDITION))
            running = threads.submit(checker.check, document(ENDLESS))
            until(lambda: workers_of(checker))
            with pytest.raises(PoolBusy, match=r"are being checked as may be \(1\): try again") as caught:
                checker.check(document(EDITION))
            assert caught.value.retry_after == 75

            os.kill(workers_of(checker)[0], signal.SIGKILL)
            assert isinstance(running.exception(), WorkerLost)
            assert checker.check(document(EDITION)).readable

    def test_nobody_waits(self, folder: Path) -> None:
        """A check ends when nobody waits for its result, and so does its process."""
        gone = threading.Event()
        with ValidationWorkers(folder, PATIENT) as checker, background() as threads:
            checker.check(document(EDITION))
            running = threads.submit(checker.check, document(ENDLESS), gone.is_set)
            until(lambda: workers_of(checker))
            gone.set()

            assert isinstance(running.exception(), QueryCancelled)
            assert workers_of(checker) == []


class TestConfinement:
    """What a worker cannot do."""

    def test_taken_from_it(self, folder: Path) -> None:
        """A worker has one socket, makes no other, gains no privileges, and lets queries go first."""
        with ValidationWorkers(folder, PATIENT) as checker, background() as threads:
            checker.check(document(EDITION))
            running = threads.submit(checker.check, document(ENDLESS))
            until(lambda: workers_of(checker))
            (worker,) = workers_of(checker)
            until(lambda: state(worker)["Seccomp"] == "2")

            assert len(sockets(worker)) == 1
            assert state(worker)["NoNewPrivs"] == "1"
            until(lambda: os.getpriority(os.PRIO_PROCESS, worker) == 5)
            os.kill(worker, signal.SIGKILL)
            assert isinstance(running.exception(), WorkerLost)

    def test_nothing_is_fetched(self, checker: ValidationWorkers) -> None:
        """No context, import or entity makes a process ask for anything, be the document read or refused."""
        with socket.create_server(("127.0.0.1", 0)) as listener:
            listener.settimeout(0)
            address = f"http://127.0.0.1:{listener.getsockname()[1]}/x"
            imported = "http://www.w3.org/2002/07/owl#imports"
            rdf = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:owl="http://www.w3.org/2002/07/owl#"'
            imports = f"<urn:a> <{imported}> <{address}> ."
            sent = [
                ("turtle", imports),
                ("turtle", f"@base <{address}> . <> a <> ; <#b> <file:///etc/passwd> ."),
                ("turtle", f"<urn:a> <http://www.w3.org/ns/shacl#shapesGraph> <{address}> ."),
                ("trig", f"<{address}> {{ {imports} }}"),
                ("nquads", imports.replace(" .", f" <{address}> .")),
                ("jsonld", f'{{"@context": "{address}", "@id": "urn:a", "b": 1}}'),
                ("jsonld", f'{{"@context": {{"@import": "{address}"}}, "@id": "urn:a", "b": 1}}'),
                (
                    "jsonld",
                    f'{{"@id": "{address}", "{imported}": {{"@id": "{address}"}}}}',
                ),
                ("rdfxml", f'<!DOCTYPE r SYSTEM "{address}"><rdf:RDF {rdf}/>'),
                ("rdfxml", f'<!DOCTYPE r [<!ENTITY x SYSTEM "{address}">]><rdf:RDF {rdf}>&x;</rdf:RDF>'),
                (
                    "rdfxml",
                    f'<?xml-stylesheet href="{address}"?><rdf:RDF {rdf} xml:base="{address}">'
                    f'<owl:Ontology rdf:about=""><owl:imports rdf:resource="{address}"/></owl:Ontology>'
                    "</rdf:RDF>",
                ),
            ]
            readable = [checker.check(document(text, "a", syntax(name))).readable for name, text in sent]

            assert readable == [True] * 5 + [False] * 2 + [True] + [False] * 2 + [True]
            with pytest.raises(BlockingIOError):
                listener.accept()

    def test_billion_laughs(self, checker: ValidationWorkers) -> None:
        """A document that would grow to gigabytes is refused before it does."""
        entities = "".join(f'<!ENTITY {chr(98 + i)} "{("&" + chr(97 + i) + ";") * 10}">' for i in range(20))
        text = f'<!DOCTYPE r [<!ENTITY a "ha">{entities}]><r>&t;</r>'

        (finding,) = checker.check(document(text, "a.rdf", syntax("rdfxml"))).report.findings

        assert finding.message == "A document type (<!DOCTYPE …>) is not read, nor any entity of it."


class TestProcesses:
    """What starts and what ends."""

    def test_no_process_before_it_is_needed(self, folder: Path) -> None:
        """Who checks nothing pays for nothing."""
        before = tree(os.getpid())
        with ValidationWorkers(folder):
            assert tree(os.getpid()) == before

    def test_close(self, folder: Path) -> None:
        """At the end no process is left, also of a check that runs; no later check begins."""
        with background() as threads:
            with ValidationWorkers(folder, PATIENT) as checker:
                checker.check(document(EDITION))
                running = threads.submit(checker.check, document(ENDLESS))
                until(lambda: workers_of(checker))
                pids = [zygote_of(checker), *workers_of(checker)]
            assert isinstance(running.exception(), LimitError)
        until(lambda: not any(map(exists, pids)))
        with pytest.raises(PoolBusy, match="The server is stopping"):
            checker.check(document(EDITION))

    def test_zygote_killed(self, folder: Path) -> None:
        """A process that was killed is replaced for the next document."""
        with ValidationWorkers(folder, PATIENT) as checker:
            checker.check(document(EDITION))
            old = zygote_of(checker)
            os.kill(old, signal.SIGKILL)
            until(lambda: not exists(old))

            assert messages(checker.check(document(EDITION))) == [("pasted.ttl", 5, MISSPELT)]

    def test_server_killed(self, folder: Path) -> None:
        """A server that is killed takes a check along that runs."""
        command = [sys.executable, "-m", "validating", str(folder)]
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1] / "support")}
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
        ) as server:
            assert server.stdout
            pids = [int(word) for word in server.stdout.readline().split()]
            server.kill()

        assert len(pids) == 2
        until(lambda: not any(map(exists, pids)))

    def test_no_dataset(self, tmp_path: Path) -> None:
        """A folder without Turtle is told when the first document comes, and again with the next."""
        with ValidationWorkers(tmp_path) as checker:
            for _ in range(2):
                with pytest.raises(StoreError, match=f"No Turtle file in {tmp_path}"):
                    checker.check(document(EDITION))


def test_formats() -> None:
    """Every syntax of a document is one that the table of formats has."""
    assert TURTLE.name == "turtle"
    assert {format_.name for format_ in DOCUMENT_FORMATS} == {
        "turtle",
        "ntriples",
        "jsonld",
        "rdfxml",
        "trig",
        "nquads",
    }
