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
from processes import exists, killed_at_the_end, sockets, state, tree, until
from validating import ENDLESS, PATIENT, TURTLE, document, fork_server_of, syntax, workers_of

from forumkg.dataset.versions import Version
from forumkg.errors import CheckGivenUp, LimitError, PoolBusy, QueryCancelled, StoreError, WorkerLost
from forumkg.formats import DOCUMENT_FORMATS, Format
from forumkg.namespaces import GRAPH
from forumkg.validation.document_check import Shipped, check_document
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
    return small_version.path


@pytest.fixture(scope="module")
def workers(folder: Path) -> Iterator[ValidationWorkers]:
    """Return a workers for all tests that break nothing."""
    with ValidationWorkers(folder, PATIENT) as made:
        yield made


def messages(checked: ValidationOutcome) -> list[tuple[str, int | None, str]]:
    """Return the findings of a report: path, line, message."""
    return [(finding.path, finding.line, finding.message) for finding in checked.report.findings]


class TestChecking:
    """What a workers finds."""

    def test_as_in_this_process(self, workers: ValidationWorkers, folder: Path) -> None:
        """A process reports what a check in this one does, in each detail."""
        checked = workers.validate(document(EDITION))

        assert checked.report == check_document(document(EDITION), Shipped.read(folder / "source"))
        assert messages(checked) == [("pasted.ttl", 5, MISSPELT)]
        assert checked.readable
        assert checked.seconds > 0

    def test_nothing_to_fix(self, workers: ValidationWorkers) -> None:
        """A document may be good."""
        checked = workers.validate(document(EDITION.replace("Editon", "Edition")))

        assert (checked.report.findings, checked.report.conforms) == ((), True)

    def test_unreadable(self, workers: ValidationWorkers) -> None:
        """What cannot be read is one finding with its place, and the note that nothing else was checked."""
        checked = workers.validate(document("\n  x", "mine.ttl"))

        assert not checked.readable
        assert checked.report.notes == ("Nothing else was checked: fix what cannot be read first.",)
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
    def test_unreadable_in_each_syntax(self, workers: ValidationWorkers, format_: Format) -> None:
        """No syntax breaks a process by what is none."""
        assert not workers.validate(document("<a", "a", format_)).readable

    def test_one_after_the_other(self, workers: ValidationWorkers) -> None:
        """A document leaves nothing behind for the next one."""
        other = EDITION.replace("2030", "2031").replace("Editon", "Forum")

        assert messages(workers.validate(document(EDITION))) == [("pasted.ttl", 5, MISSPELT)]
        assert messages(workers.validate(document(other))) == [
            ("pasted.ttl", 5, "zgc:Forum is not declared by its vocabulary.")
        ]


class TestBounds:
    """What a check may take."""

    def test_time(self, folder: Path) -> None:
        """A check that takes too long is given up, and its process is gone."""
        with ValidationWorkers(folder, ValidationLimits(timeout=1)) as workers:
            with pytest.raises(CheckGivenUp, match="ended after 1 seconds: validate it in parts, or with"):
                workers.validate(document(ENDLESS))

            assert workers_of(workers) == []

    def test_work(self, folder: Path) -> None:
        """A check that computes for too long is given up, however little the machine lets it."""
        with ValidationWorkers(folder, ValidationLimits(timeout=300, seconds=1)) as workers:
            with pytest.raises(CheckGivenUp, match="after 1 seconds of work: validate it in parts, or with"):
                workers.validate(document(ENDLESS))

            assert workers_of(workers) == []
            assert messages(workers.validate(document(EDITION))) == [("pasted.ttl", 5, MISSPELT)]

    def test_memory(self, folder: Path) -> None:
        """A check that needs too much memory is given up, and the next one is done."""
        with ValidationWorkers(
            folder, ValidationLimits(timeout=300, seconds=300, memory=64 * 1024 * 1024)
        ) as workers:
            with pytest.raises(CheckGivenUp, match="more memory than one may have"):
                workers.validate(document(ENDLESS))

            assert messages(workers.validate(document(EDITION))) == [("pasted.ttl", 5, MISSPELT)]

    def test_killed_and_broken_processes_are_distinguished(self, folder: Path) -> None:
        """A process that was killed is worth another try; one that a document breaks is not."""
        with ValidationWorkers(folder, PATIENT) as workers, background() as threads:
            workers.validate(document(EDITION))
            for number, message in (
                (signal.SIGKILL, "was killed: try again"),
                (signal.SIGSEGV, "broke the process"),
            ):
                running = threads.submit(workers.validate, document(ENDLESS))
                until(lambda: workers_of(workers))
                os.kill(workers_of(workers)[0], number)
                error = running.exception()

                assert isinstance(error, WorkerLost)
                assert message in str(error)
                assert error.retry_after == (1 if number == signal.SIGKILL else None)

    def test_deep_hierarchy(self, workers: ValidationWorkers) -> None:
        """A chain of classes that is too deep is refused with the reason, and loses no process."""
        chain = "".join(f"<urn:c{n}> rdfs:subClassOf <urn:c{(n + 1) % 3000}> .\n" for n in range(3000))
        prefix = "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        zgc = "zgc:Edition rdfs:subClassOf <urn:c0> . <urn:c0> rdfs:subClassOf zgc:Edition .\n"

        with pytest.raises(CheckGivenUp, match=r"hierarchy in it is too deep\. Validate it in parts"):
            workers.validate(document(EDITION + prefix + zgc + chain))

    def test_findings_that_are_too_long(self, workers: ValidationWorkers) -> None:
        """A document whose findings repeat a long name too often is refused with the reason."""
        name = "x" * 6_000_000
        text = f"{EDITION}<urn:{name}> a zgc:Editon, zgc:Persn, zgc:Statment ."

        with pytest.raises(CheckGivenUp, match="findings take more than 16,777,216 bytes: shorten the IRIs"):
            workers.validate(document(text))

    def test_no_client_waits(self, folder: Path) -> None:
        """A validation and its process end when its client has gone away."""
        gone = threading.Event()
        with ValidationWorkers(folder, PATIENT) as workers, background() as threads:
            workers.validate(document(EDITION))
            running = threads.submit(workers.validate, document(ENDLESS), gone.is_set)
            until(lambda: workers_of(workers))
            gone.set()

            assert isinstance(running.exception(), QueryCancelled)
            assert workers_of(workers) == []


class TestConfinement:
    """What a worker cannot do."""

    def test_taken_from_it(self, folder: Path) -> None:
        """A worker has one socket, makes no other, gains no privileges, and lets queries go first."""
        with ValidationWorkers(folder, PATIENT) as workers, background() as threads:
            workers.validate(document(EDITION))
            running = threads.submit(workers.validate, document(ENDLESS))
            until(lambda: workers_of(workers))
            (worker,) = workers_of(workers)
            until(lambda: state(worker)["Seccomp"] == "2")

            assert len(sockets(worker)) == 1
            assert state(worker)["NoNewPrivs"] == "1"
            until(lambda: os.getpriority(os.PRIO_PROCESS, worker) == 5)
            os.kill(worker, signal.SIGKILL)
            assert isinstance(running.exception(), WorkerLost)

    def test_nothing_is_fetched(self, workers: ValidationWorkers) -> None:
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
            readable = [workers.validate(document(text, "a", syntax(name))).readable for name, text in sent]

            assert readable == [True] * 5 + [False] * 2 + [True] + [False] * 2 + [True]
            with pytest.raises(BlockingIOError):
                listener.accept()

    def test_billion_laughs(self, workers: ValidationWorkers) -> None:
        """A document that would grow to gigabytes is refused before it does."""
        entities = "".join(f'<!ENTITY {chr(98 + i)} "{("&" + chr(97 + i) + ";") * 10}">' for i in range(20))
        text = f'<!DOCTYPE r [<!ENTITY a "ha">{entities}]><r>&t;</r>'

        (finding,) = workers.validate(document(text, "a.rdf", syntax("rdfxml"))).report.findings

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
            with ValidationWorkers(folder, PATIENT) as workers:
                workers.validate(document(EDITION))
                running = threads.submit(workers.validate, document(ENDLESS))
                until(lambda: workers_of(workers))
                pids = [fork_server_of(workers), *workers_of(workers)]
            assert isinstance(running.exception(), LimitError)
        until(lambda: not any(map(exists, pids)))
        with pytest.raises(PoolBusy, match="The server is stopping"):
            workers.validate(document(EDITION))

    def test_fork_server_killed(self, folder: Path) -> None:
        """A process that was killed is replaced for the next document."""
        with ValidationWorkers(folder, PATIENT) as workers:
            workers.validate(document(EDITION))
            old = fork_server_of(workers)
            os.kill(old, signal.SIGKILL)
            until(lambda: not exists(old))

            assert messages(workers.validate(document(EDITION))) == [("pasted.ttl", 5, MISSPELT)]

    def test_server_killed(self, folder: Path) -> None:
        """A server that is killed takes a check along that runs."""
        command = [sys.executable, "-m", "validating", str(folder)]
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1] / "support")}
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
        with killed_at_the_end(process) as server:
            assert server.stdout
            pids = [int(word) for word in server.stdout.readline().split()]
            server.kill()

        assert len(pids) == 2
        until(lambda: not any(map(exists, pids)))

    def test_no_dataset(self, tmp_path: Path) -> None:
        """A folder without a store is reported with the first document, and again with the next."""
        with ValidationWorkers(tmp_path) as workers:
            for _ in range(2):
                with pytest.raises(StoreError, match=f"no store in {tmp_path}"):
                    workers.validate(document(EDITION))


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
