"""The server as a process of its own, over the network."""

import json
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pytest
import small_dataset
from processes import until
from servers import SCRIPTS, Server, forumkg_server
from small_dataset import PREFIXES

from forumkg.dataset.disk import Lock
from forumkg.formats import GRAPH_FORMATS, RESULT_FORMATS, Format
from forumkg.sparql.parameters import FORM, SPARQL_QUERY

COMMAND = [str(SCRIPTS / "forumkg"), "serve"]
SELECT = PREFIXES + "SELECT ?year { ?edition zgc:year ?year } ORDER BY ?year"
CSV = b"year\r\n2021\r\n2023\r\n"
CONSTRUCT = PREFIXES + "CONSTRUCT WHERE { edition:2021 zgc:year ?year }"


@contextmanager
def heard(arguments: list[str]) -> Iterator[Server]:
    """Run a server for the time of a test that reads its log."""
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield Server(process, process.stdout.readline().strip())
        finally:
            process.kill()


@pytest.fixture(scope="module")
def arguments(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Return the command that serves the small dataset on a free port."""
    folder = tmp_path_factory.mktemp("serve")
    dataset = small_dataset.write(folder / "root")
    return [*COMMAND, "--data", str(folder / "data"), "--root", str(dataset.root), "--port", "0"]


@pytest.fixture(scope="module")
def server(arguments: list[str]) -> Iterator[Server]:
    """Run a server of the small dataset for all tests that only ask it."""
    with forumkg_server(arguments) as started:
        yield started


@pytest.mark.parametrize(
    ("query", "format_"),
    [
        *((SELECT, format_) for format_ in RESULT_FORMATS),
        *((CONSTRUCT, format_) for format_ in GRAPH_FORMATS),
    ],
    ids=lambda value: value.name if isinstance(value, Format) else "",
)
def test_get_each_format(server: Server, query: str, format_: Format) -> None:
    """Each format is served by Accept and by `format`, with its Content-Type and the same bytes."""
    path = f"/sparql?{urlencode({'query': query})}"

    by_accept = server.request("GET", path, Accept=format_.media_type)
    by_format = server.request("GET", f"{path}&format={format_.name}", Accept="*/*")

    assert by_accept[:2] == (200, format_.content_type)
    assert b"2021" in by_accept[2]
    assert by_format == by_accept


def test_post_as_curl_does(server: Server) -> None:
    """The POSTs of `curl --data-urlencode` and `curl --data-binary` are answered."""
    form = urlencode({"query": SELECT})

    by_form = server.request("POST", "/sparql", form, Content_Type=FORM, Accept="text/csv")
    direct = server.request("POST", "/sparql?format=csv", SELECT, Content_Type=SPARQL_QUERY, Accept="*/*")

    assert by_form == (200, "text/csv; charset=utf-8", CSV)
    assert direct == (200, "text/csv; charset=utf-8", CSV)


def test_get_without_accept(server: Server) -> None:
    """A client that sends no Accept gets JSON."""
    status, media_type, body = server.request("GET", f"/sparql?{urlencode({'query': SELECT})}")

    assert (status, media_type) == (200, "application/sparql-results+json")
    assert [row["year"]["value"] for row in json.loads(body)["results"]["bindings"]] == ["2021", "2023"]


def test_get_chinese(server: Server) -> None:
    """Chinese in an address arrives as it was meant."""
    query = PREFIXES + 'SELECT ?edition { ?edition skos:prefLabel "2021年"@zh }'

    status, _, body = server.request("GET", f"/sparql?{urlencode({'query': query, 'format': 'tsv'})}")

    assert (status, body) == (200, b"?edition\n<https://w3id.org/zgc-forum/id/edition/2021>\n")


def test_error_with_place(server: Server) -> None:
    """A wrong query comes back with line and column."""
    assert server.request("GET", f"/sparql?{urlencode({'query': 'SELECT'})}") == (
        400,
        "text/plain; charset=utf-8",
        b"line 1, column 7: The query ends too early: a part is missing, or a bracket is not closed.\n",
    )


def test_head(server: Server) -> None:
    """HEAD sends the length of the answer, and not the answer."""
    path = f"/sparql?{urlencode({'query': SELECT, 'format': 'csv'})}"

    assert server.request("HEAD", path) == (200, "text/csv; charset=utf-8", b"")


def test_home_over_http(server: Server) -> None:
    """The first page is served."""
    status, media_type, body = server.request("GET", "/", Accept="text/html")

    assert (status, media_type) == (200, "text/html; charset=utf-8")
    assert server.url.encode() + b"sparql" in body


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_stop(arguments: list[str], stop: signal.Signals) -> None:
    """A signal ends the server with exit code 0 and without a traceback; it had printed what it serves."""
    with heard(arguments) as server:
        assert server.request("GET", "/")[0] == 200
        # `communicate` would not find what came together with the line before it.
        assert server.process.stdout is not None
        output = server.process.stdout.readline()
        server.process.send_signal(stop)
        _, errors = server.process.communicate(timeout=20)

        assert server.process.returncode == 0
        assert output == f"{output.split(' ')[0]} triples, version 1, in {arguments[3]}\n"
        assert [json.loads(line)["path"] for line in errors.splitlines()] == ["/"]


@pytest.mark.faults
def test_sighup_without_a_supervisor(arguments: list[str]) -> None:
    """A server that cannot reload says so in its log, with what to start instead, and goes on."""
    with heard(arguments) as server:
        assert server.request("GET", "/")[0] == 200
        server.process.send_signal(signal.SIGHUP)
        assert server.process.stderr is not None
        lines = [json.loads(server.process.stderr.readline()) for _ in range(2)]

        assert [line["event"] for line in lines] == ["request", "SIGHUP ignored"]
        assert lines[1]["advice"].startswith("start the server with --processes")
        assert server.request("GET", "/")[0] == 200


@pytest.mark.faults
@pytest.mark.parametrize(
    ("options", "event"),
    [([], "SIGHUP ignored"), (["--processes", "1"], "server processes replaced")],
    ids=["one process", "supervisor"],
)
def test_sighup_during_the_start(
    arguments: list[str], tmp_path: Path, options: list[str], event: str
) -> None:
    """A reload while the server starts does not end it, and is handled once it is ready."""
    data = tmp_path / "data"
    data.mkdir()
    command = [*COMMAND, "--data", str(data), *arguments[4:], *options]
    lock = Lock.exclusive(data / "forumkg.lock")
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            until(lambda: handles_sighup(process.pid))
            process.send_signal(signal.SIGHUP)
            lock.release()
            assert process.stderr is not None

            assert json.loads(process.stderr.readline())["event"] == event
        finally:
            process.terminate()
    assert process.returncode == 0


def handles_sighup(pid: int) -> bool:
    """Whether a process blocks or catches SIGHUP, whose bit is the lowest one."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    masks = dict(line.split(":\t") for line in lines if line.startswith(("SigBlk", "SigCgt")))
    return any(int(mask, 16) & 1 for mask in masks.values())


def test_port_in_use(arguments: list[str], server: Server) -> None:
    """A port that is in use is one line that names --port, and exit code 1."""
    done = subprocess.run([*arguments[:-1], str(server.port)], capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert f"Port {server.port} of 127.0.0.1 is in use: choose another one with --port" in done.stderr


def test_command_serves_the_packaged_graph(tmp_path: Path) -> None:
    """`forumkg serve` builds the packaged graph at its first start, opens it at the next, and answers."""
    query = PREFIXES + "ASK { ?statement zgc:isSupportedBy ?passage }"
    for _ in range(2):
        with forumkg_server([*COMMAND, "--port", "0", "--data", str(tmp_path / "data")]) as server:
            answered = server.request("GET", f"/sparql?{urlencode({'query': query, 'format': 'csv'})}")

        assert answered == (200, "text/csv; charset=utf-8", b"true")
    assert (tmp_path / "data" / "CURRENT").read_text() == "1\n"


def test_command_port_in_use(tmp_path: Path, server: Server) -> None:
    """`forumkg serve` on a port in use says so in one line and ends with exit code 1."""
    done = subprocess.run(
        [*COMMAND, "--port", str(server.port), "--data", str(tmp_path / "data")],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout, done.stderr) == (
        1,
        "",
        f"Error: Port {server.port} of 127.0.0.1 is in use: "
        "choose another one with --port, or --port 0 for a free one.\n",
    )


def test_command_foreign_directory(tmp_path: Path) -> None:
    """`forumkg serve` with a folder of other files as data directory refuses in one line."""
    (tmp_path / "letter.txt").write_text("Dear Ada")

    command = [*COMMAND, "--port", "0", "--data", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (
        1,
        "",
        f"Error: {tmp_path} is not a data directory, it holds letter.txt: name an empty or a new one.\n",
    )
