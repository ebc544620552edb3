"""A running server as its operator sees it: log, request ids, budgets, hosts, metrics, backup."""

import hashlib
import http.client
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
import small_dataset
from servers import SCRIPTS

ASK = "ASK { ?s ?p ?o }"
# Each has an answer of its own, so that none comes from the cache.
LOOKUPS = [f"ASK {{ ?s ?p {number} }}" for number in range(100)]
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"
OPTIONS = [
    *("--trusted-proxies", "127.0.0.1"),
    *("--allowed-hosts", "127.0.0.1,example.org"),
    *("--client-errors", "3"),
    *("--client-seconds", "2"),
    *("--slow-query", "0.3"),
]


@dataclass(frozen=True)
class Answer:
    """What a server answered."""

    status: int
    headers: http.client.HTTPMessage
    text: str


class Server:
    """A running server and its log."""

    def __init__(self, process: "subprocess.Popen[str]", log: Path) -> None:
        assert process.stdout is not None
        self.port = urlsplit(process.stdout.readline().strip()).port
        self.announced = process.stdout.readline()
        self._process = process
        self._log = log

    def get(self, path: str, client: str = "", **headers: str) -> Answer:
        """Ask as a client behind a proxy."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if client:
            sent["X-Forwarded-For"] = client
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as connection:
            connection.request("GET", path, headers=sent)
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read().decode())

    def ask(self, query: str, client: str = "", **parameters: str) -> Answer:
        """Send a query."""
        return self.get(f"/sparql?{urlencode({'query': query, **parameters})}", client)

    def stop(self) -> list[dict[str, Any]]:
        """Stop the server, and return all that it has logged."""
        self._process.terminate()
        assert self._process.wait(timeout=30) == 0
        return [json.loads(line) for line in self._log.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the small dataset."""
    return small_dataset.write(tmp_path_factory.mktemp("dataset") / "root").root


SERVE = (str(SCRIPTS / "forumkg"), "serve")


@contextmanager
def running(root: Path, folder: Path, *options: str, command: tuple[str, ...] = SERVE) -> Iterator[Server]:
    """Run a server for the time of a test."""
    log = folder / "log"
    with (
        log.open("w", encoding="utf-8") as errors,
        subprocess.Popen(
            [*command, "--port", "0", "--root", str(root), "--data", str(folder / "data"), *options],
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as process,
    ):
        try:
            yield Server(process, log)
        finally:
            process.kill()


@pytest.fixture
def server(dataset: Path, tmp_path: Path) -> Iterator[Server]:
    """Run a server with narrow bounds."""
    with running(dataset, tmp_path, *OPTIONS) as started:
        yield started


def test_log_of_a_request(server: Server) -> None:
    """A request has one line in the log, under the id in its answer."""
    answer = server.ask(ASK, client="203.0.113.7")

    (line,) = server.stop()
    assert line["id"] == answer.headers["X-Request-Id"]
    assert line["query_id"] == answer.headers["X-Query-Id"]
    assert line["bytes"] == len(answer.text)
    assert {
        name: line[name] for name in ("level", "event", "client", "method", "path", "status", "outcome")
    } == {
        "level": "info",
        "event": "request",
        "client": "203.0.113.7",
        "method": "GET",
        "path": "/sparql",
        "status": 200,
        "outcome": "answered",
    }
    assert line["query"] == hashlib.sha256(ASK.encode()).hexdigest()


def test_request_ids(server: Server) -> None:
    """The id that a proxy sends is kept in answer and log, whatever is answered; an odd one is not."""
    paths = ["/", "/livez", "/no", f"/sparql?{urlencode({'query': ASK})}", "/sparql?query=ASK"]

    kept = [server.get(path, X_Request_Id=f"id-{path[:4]}").headers["X-Request-Id"] for path in paths]
    odd = server.get("/", X_Request_Id="a b").headers["X-Request-Id"]

    assert kept == [f"id-{path[:4]}" for path in paths]
    assert re.fullmatch("[0-9a-f]{32}", odd)
    # A health check that succeeds is not logged at level info.
    assert [line["id"] for line in server.stop()] == [*kept[:1], *kept[2:], odd]


def test_slow_query(server: Server) -> None:
    """A query that takes long is logged as a slow one, with what became of it, and no text of it anywhere."""
    answer = server.ask(ENDLESS, timeout="0.5")

    request, slow = server.stop()
    assert answer.status == 503
    assert (slow["event"], slow["level"], slow["outcome"]) == ("slow query", "warning", "QueryTimeout")
    assert slow["query_ms"] >= 500
    assert slow["id"] == request["id"] == answer.headers["X-Request-Id"]
    assert "COUNT" not in json.dumps([request, slow])


def test_log_level(dataset: Path, tmp_path: Path) -> None:
    """At level warning requests are not logged; what the server serves is on standard output."""
    with running(dataset, tmp_path, "--log-level", "warning") as server:
        assert server.ask(ASK).status == 200
        assert re.fullmatch(r"[\d,]+ triples, version 1, in .*/data\n", server.announced)
        assert server.stop() == []


def test_mistake_of_ours(dataset: Path, tmp_path: Path) -> None:
    """An unforeseen error is 500 with an id, and has its traceback in the log under that id."""
    broken = (sys.executable, str(Path(__file__).parents[1].joinpath("support", "serve_broken.py")))
    with running(dataset, tmp_path, command=broken) as server:
        answer = server.ask(ASK)
        error, request = server.stop()

    identifier = answer.headers["X-Request-Id"]
    assert (answer.status, answer.text) == (
        500,
        f"This is a fault of the server. Report it with the id {identifier}.\n",
    )
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert (error["level"], error["id"], request["id"]) == ("error", identifier, identifier)
    assert error["traceback"].splitlines()[-1].startswith("ZeroDivisionError: ")
    assert (request["status"], request["outcome"]) == (500, "ZeroDivisionError")


def test_server_timing(server: Server) -> None:
    """An answer says how long it waited and took, one from the cache that it came from there."""
    first, second, failed = server.ask(ASK), server.ask(ASK), server.ask("ASK")

    assert re.fullmatch(r"queue;dur=[\d.]+, query;dur=[\d.]+", first.headers["Server-Timing"])
    assert second.headers["Server-Timing"] == "cache;desc=hit"
    assert re.fullmatch(r"total;dur=[\d.]+", failed.headers["Server-Timing"])


def test_errors_use_up_a_budget(server: Server) -> None:
    """A client that errs too often has to wait; others, pages and known answers are not affected."""
    assert server.ask(ASK, client="203.0.113.7").status == 200
    statuses = [server.ask("ASK", client="203.0.113.7").status for _ in range(6)]
    refused = server.ask(LOOKUPS[0], client="203.0.113.7")

    assert statuses[:3] == [400, 400, 400]
    assert statuses[-1] == refused.status == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert refused.text.startswith(
        "You have used up your failed requests (3 at once, and 0.05 more each second)"
    )
    assert server.ask(ASK, client="203.0.113.7").status == 200
    assert server.get("/", client="203.0.113.7").status == 200
    assert server.ask(LOOKUPS[0], client="203.0.113.8").status == 200


def test_seconds_use_up_a_budget(server: Server) -> None:
    """A client that has used its seconds has to wait; others are answered."""
    spent = [server.ask(ENDLESS, client="2001:db8::1", timeout="1.2").status for _ in range(2)]

    assert spent == [503, 503]
    assert server.ask(LOOKUPS[0], client="2001:db8::2").status == 429
    assert server.ask(LOOKUPS[0], client="2001:db8:0:1::1").status == 200


def test_forwarded_for_of_strangers(dataset: Path, tmp_path: Path) -> None:
    """Without --trusted-proxies, another X-Forwarded-For is not another client."""
    with running(dataset, tmp_path, "--client-errors", "3") as server:
        statuses = [server.ask("ASK", client=f"203.0.113.{number}").status for number in range(6)]

        assert statuses[-1] == 429
        assert {line["client"] for line in server.stop()} == {"127.0.0.1"}


def test_address_that_a_page_shows(server: Server) -> None:
    """A page names the endpoint by the scheme and the host that the client of a proxy used."""
    page = server.get("/", Host="example.org", X_Forwarded_Proto="https").text

    assert "https://example.org/sparql" in page


def test_hosts(server: Server) -> None:
    """A request for another host is 421, one without 400; the addresses for operators answer to any name."""
    assert server.get("/", Host="example.org:8000").status == 200
    assert server.get("/", Host="127.0.0.1").status == 200
    for path in ("/", f"/sparql?{urlencode({'query': ASK})}"):
        foreign = server.get(path, Host="evil.example")
        assert (foreign.status, foreign.text) == (
            421,
            "This server is not 'evil.example': ask 127.0.0.1 or example.org.\n",
        )
        assert foreign.headers["X-Content-Type-Options"] == "nosniff"
        assert server.get(path, Host="").status == 400
    assert [server.get(path, Host="10.0.0.1").status for path in ("/livez", "/readyz", "/metrics")] == [
        200
    ] * 3


def test_metrics(server: Server) -> None:
    """What a server did is in its metrics."""
    for query in (ASK, ASK, "ASK"):
        server.ask(query)
    server.get("/prefixes.html")

    text = server.get("/metrics").text

    for sample in (
        'forumkg_requests_total{method="GET",route="/sparql",status="200"} 2.0',
        'forumkg_requests_total{method="GET",route="/sparql",status="400"} 1.0',
        'forumkg_requests_total{method="GET",route="/prefixes",status="200"} 1.0',
        'forumkg_queries_total{outcome="answered"} 1.0',
        'forumkg_queries_total{outcome="cached"} 1.0',
        'forumkg_queries_total{outcome="QueryError"} 1.0',
        "forumkg_cache_entries 1.0",
        "forumkg_budget_clients 1.0",
        "forumkg_log_lines_dropped_total 0.0",
    ):
        assert f"\n{sample}\n" in text
    # Those of the fast lane, and a spare one from the first query on.
    assert re.search(r'\nforumkg_workers\{state="idle"\} [23]\.0\n', text)


def test_live_while_all_workers_are_busy(dataset: Path, tmp_path: Path) -> None:
    """/livez and /readyz answer while endless queries take all that there is."""
    with running(dataset, tmp_path, "--workers", "1", "--timeout", "20", "--queue", "2") as server:
        path = f"/sparql?{urlencode({'query': ENDLESS})}"
        busy = [http.client.HTTPConnection("127.0.0.1", server.port, timeout=60) for _ in range(3)]
        for connection in busy:
            connection.request("GET", path)

        assert server.get("/livez").status == 200
        assert server.get("/readyz").status == 200
        for connection in busy:
            connection.close()


def test_backup_and_restore(dataset: Path, tmp_path: Path) -> None:
    """A copy of the version's directory, taken while the server runs, is served from elsewhere."""
    restored = tmp_path / "elsewhere"
    (restored / "data" / "versions").mkdir(parents=True)
    with running(dataset, tmp_path) as server:
        number = (tmp_path / "data" / "CURRENT").read_text().strip()
        for name in ("CURRENT", f"versions/{number}"):
            source = tmp_path / "data" / name
            (shutil.copytree if source.is_dir() else shutil.copy)(source, restored / "data" / name)
        info = (tmp_path / "data" / "versions" / number / "version.json").read_text()
        answers = [server.ask(query).text for query in (ASK, "SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o")]

    with running(dataset, restored) as server:
        again = [server.ask(query).text for query in (ASK, "SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o")]

    assert again == answers
    assert (restored / "data" / "versions" / number / "version.json").read_text() == info


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--trusted-proxies", "example.org", "'example.org' does not appear to be an IPv4 or IPv6 network"),
        ("--log-level", "loud", "'loud' is not one of 'debug', 'info', 'warning', 'error'"),
        ("--client-seconds", "-1", "'-1' is not a number from 0 to 86,400"),
    ],
)
def test_wrong_option(option: str, value: str, message: str) -> None:
    """An option that makes no sense is refused before anything starts, with what to write instead."""
    command = [str(SCRIPTS / "forumkg"), "serve", option, value]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
