"""Documents that clients send to /validate: what they are checked for, and how that is answered."""

import io
import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
import small_dataset
from attackers import ask, head
from flask import Flask
from flask.testing import FlaskClient
from page_texts import texts_of, untagged_english
from pools import background
from processes import tree, until
from rdflib import RDF, SH, Graph, Literal, URIRef
from rdflib.compare import isomorphic
from servers import SCRIPTS, forumkg_server
from validating import ENDLESS, PATIENT, TURTLE, document, workers_of
from werkzeug.test import TestResponse

from forumkg.app.application import create_app
from forumkg.dataset.versions import Version
from forumkg.formats import DOCUMENT_FORMATS, GRAPH_FORMATS, Format
from forumkg.namespaces import ID, ZGC
from forumkg.pages.validate.examples import EXAMPLES
from forumkg.rdf.conversion import rdflib_graph
from forumkg.rdf.documents import read_document
from forumkg.validation.document_check import Shipped, check_document
from forumkg.validation.findings import CHECKS, as_text
from forumkg.web.http.limits import MAX_BODY
from forumkg.web.query_service import QueryService
from forumkg.web.rate_limits import NO_LIMIT, RateLimit, RateLimiter
from forumkg.web.state import validation_service
from forumkg.web.validation_service import ValidationService
from forumkg.workers.validation_workers import ValidationLimits, ValidationWorkers

HTML = "text/html,application/xhtml+xml,*/*;q=0.8"
GOOD = (
    "@prefix edition: <https://w3id.org/zgc-forum/id/edition/> .\n"
    "@prefix zgc: <https://w3id.org/zgc-forum/ontology/> .\n"
    "\n"
    "edition:2030\n"
    "    a zgc:Edition ;\n"
    ".\n"
)
BAD = GOOD.replace("a zgc:Edition", "a zgc:Editon")
FINDING = {
    "severity": "violation",
    "path": "pasted.ttl",
    "line": 5,
    "focus": f"{ID}edition/2030",
    "rule": "undeclared-term",
    "message": "zgc:Editon is not declared by its vocabulary.",
    "advice": "Use a term that it declares: did you mean zgc:Edition?",
    "column": None,
    "predicate": str(RDF.type),
    "value": f"<{ZGC}Editon>",
    "property_path": None,
}
WITHOUT_TEXTS = (
    "No passage was compared with its text: `forumkg check --texts DIR` does so where the texts are."
)


@pytest.fixture(scope="module")
def workers(small_version: Version) -> Iterator[ValidationWorkers]:
    """Return validation workers on the small dataset."""
    with ValidationWorkers(small_version.path, PATIENT) as made:
        yield made


def application(
    version: Version,
    answering: QueryService,
    workers: ValidationWorkers,
    limiter: RateLimiter | None = None,
    max_body: int = MAX_BODY,
) -> Flask:
    """Return an application that checks documents."""
    validation = ValidationService(workers, limiter or RateLimiter(NO_LIMIT, NO_LIMIT))
    return create_app(version, answering, validation=validation, max_body=max_body)


@pytest.fixture
def client(small_version: Version, small_service: QueryService, workers: ValidationWorkers) -> FlaskClient:
    """Return a client that asks from nowhere."""
    return application(small_version, small_service, workers).test_client()


def post(
    client: FlaskClient,
    text: str | bytes,
    accept: str = "*/*",
    content_type: str = "text/turtle",
    query: str = "",
) -> TestResponse:
    """Return the response to a document."""
    headers = {"Accept": accept, "Content-Type": content_type}
    return client.post(f"/validate{query}", data=text, headers=headers)


class TestChinese:
    """The page in Chinese: findings of shapes are translated, and what is not is tagged."""

    @pytest.mark.parametrize(
        "path", ["", "?example=valid", "?example=missing-passage", "?example=forgotten-semicolon"]
    )
    def test_get(self, client: FlaskClient, path: str) -> None:
        """The form and the findings in examples have no English without its tag."""
        response = client.get(f"/zh/validate{path}")

        assert response.status_code == 200
        assert untagged_english(texts_of(response.text)) == []

    def test_post(self, client: FlaskClient) -> None:
        """The verdict and the message of a check are in Chinese."""
        headers = {"Accept": HTML, "Content-Type": "text/turtle"}
        text = client.post("/zh/validate", data=BAD, headers=headers).text
        found = texts_of(text)

        assert untagged_english(found) == []
        assert ("zh", "1处违规") in found
        assert ("zh", "未在其词汇表中声明。") in found
        assert 'action="/zh/validate"' in text

    def test_refused(self, client: FlaskClient) -> None:
        """The reason why nothing was validated is in Chinese."""
        response = client.post("/zh/validate", data={"text": " "}, headers={"Accept": HTML})
        found = texts_of(response.text)

        assert response.status_code == 400
        assert untagged_english(found) == []
        assert ("zh", "没有可校验的内容：请粘贴文本，或选择文件。") in found


class TestReports:
    """What a program gets for a document that can be read."""

    def test_json(self, client: FlaskClient) -> None:
        """The report is JSON by default: the verdict, each finding with its place, what was checked."""
        response = post(client, BAD)
        report = response.get_json()

        assert (response.status_code, response.content_type) == (200, "application/json")
        assert report.pop("seconds") > 0
        assert report == {
            "conforms": False,
            "violations": 1,
            "warnings": 0,
            "infos": 0,
            "name": "pasted.ttl",
            "syntax": "turtle",
            "findings": [FINDING],
            "checked": {"files": 5, "triples": 10, "statements": 0, "passages": 0},
            "notes": [WITHOUT_TEXTS],
        }

    def test_conforms(self, client: FlaskClient) -> None:
        """A document that has nothing to fix conforms, and has no findings."""
        report = post(client, GOOD, "application/json").get_json()

        assert (report["conforms"], report["findings"]) == (True, [])

    def test_text(self, client: FlaskClient, small_version: Version) -> None:
        """As text the report is what `forumkg check` prints."""
        response = post(client, BAD, "text/plain")
        shipped = Shipped.read(small_version.path / "source")

        assert response.content_type == "text/plain; charset=utf-8"
        assert response.text == as_text(check_document(document(BAD), shipped))
        assert response.text.startswith("pasted.ttl:5: violation: edition:2030: zgc:Editon is not declared")

    def test_turtle(self, client: FlaskClient) -> None:
        """As Turtle the report is that of SHACL: https://www.w3.org/TR/shacl/#validation-report."""
        response = post(client, BAD, "text/turtle")
        graph = Graph().parse(data=response.text, format="turtle")
        report = graph.value(None, RDF.type, SH.ValidationReport)
        result = graph.value(report, SH.result)

        assert response.content_type == "text/turtle; charset=utf-8"
        assert graph.value(report, SH.conforms) == Literal(False)
        assert graph.value(result, SH.focusNode) == URIRef(f"{ID}edition/2030")
        assert graph.value(result, SH.resultPath) == RDF.type
        assert graph.value(result, SH.value) == URIRef(f"{ZGC}Editon")
        assert graph.value(result, SH.resultSeverity) == SH.Violation
        assert graph.value(result, SH.sourceConstraintComponent) == URIRef(f"{CHECKS}undeclared-term")

    @pytest.mark.parametrize(
        "format_", [each for each in GRAPH_FORMATS if each != TURTLE], ids=lambda format_: format_.name
    )
    def test_other_graph_formats(self, client: FlaskClient, format_: Format) -> None:
        """Each graph format has the same report."""
        response = post(client, BAD, format_.media_type)
        turtle = read_document(post(client, BAD, "text/turtle").text, TURTLE)

        assert response.content_type == format_.content_type
        assert isomorphic(rdflib_graph(read_document(response.text, format_)), rdflib_graph(turtle))

    @pytest.mark.parametrize("format_", DOCUMENT_FORMATS, ids=lambda format_: format_.name)
    def test_each_syntax(self, client: FlaskClient, format_: Format) -> None:
        """A document has the same findings in each syntax, and each time they have a line."""
        triples = read_document(BAD, TURTLE)
        sent = ox.serialize(triples, format=ox.RdfFormat.from_media_type(format_.media_type))
        assert sent
        report = post(client, sent, content_type=format_.content_type).get_json()

        (finding,) = report["findings"]
        assert report["syntax"] == format_.name
        assert finding.pop("path") == f"pasted.{format_.extension}"
        line = sent.decode().split("\n")[finding.pop("line") - 1]
        assert "Editon" in line or "edition/2030" in line
        assert finding == {key: value for key, value in FINDING.items() if key not in ("path", "line")}

    def test_name(self, client: FlaskClient) -> None:
        """A file may have a name; it stands in the place of the file of the graph that has the same name."""
        lacks_2021 = GOOD.replace("2030", "2023")
        causes = post(client, lacks_2021, query="?name=entities.ttl").get_json()["findings"]

        assert [(finding["path"], finding["line"], finding["rule"]) for finding in causes] == []
        assert post(client, BAD, query="?name=mine.ttl").get_json()["findings"] == [
            {**FINDING, "path": "mine.ttl"}
        ]

    def test_caused_in_another_file(self, client: FlaskClient) -> None:
        """What a document causes in a file of the graph is reported there, by its name in `graph/`."""
        text = GOOD.replace("zgc:Edition ;", 'zgc:Edition ;\n    zgc:year "x" ;')
        report = post(client, text.replace("edition:2030", "edition:2031"), query="?name=curation.ttl")

        assert {finding["path"] for finding in report.get_json()["findings"]} <= {
            "curation.ttl",
            "graph/entities.ttl",
        }

    def test_says_nothing(self, client: FlaskClient) -> None:
        """A document whose every IRI is relative says nothing, and the report says so."""
        report = post(client, '{"@id": "a", "b": 1}', content_type="application/ld+json").get_json()

        assert report["notes"][0].startswith("The document states nothing: there is no triple in it.")
        assert [(each["rule"], each["line"], each["column"]) for each in report["findings"]] == [
            ("json-ld", 1, 9),
            ("json-ld", 1, 14),
        ]

    @pytest.mark.parametrize(
        ("node", "wrong"),
        [
            ('"@id": "edition/2021", "@type": "zgc:Edition"', '"edition/2021"'),
            ('"@id": "urn:x", "@type": ["zgc:Edition", "Editoin"]', '"Editoin"'),
            ('"@id": "urn:x y", "@type": "zgc:Edition"', '"urn:x y"'),
            ('"@id": "urn:x", "@type": "zgc:Edition", "yaer": 2021', '"yaer"'),
        ],
    )
    def test_json_ld_loses_nothing_in_silence(self, client: FlaskClient, node: str, wrong: str) -> None:
        """What a processor of JSON-LD would ignore is a violation with its place."""
        text = f'{{"@context": {{"zgc": "{ZGC}"}}, "@graph": [\n{node.join("{}")}]}}'
        report = post(client, text, content_type="application/ld+json").get_json()
        places = [(each["rule"], each["line"], each["column"]) for each in report["findings"]]

        assert report["conforms"] is False
        assert ("json-ld", 2, text.split("\n")[1].index(wrong) + 1) in places

    def test_head_of_a_response(self, client: FlaskClient) -> None:
        """No cache keeps a report, and it depends on Accept."""
        response = post(client, BAD)

        assert response.headers["Cache-Control"] == "no-store"
        assert "Accept" in response.vary
        assert "ETag" not in response.headers


class TestRefusals:
    """What a program gets that sends what cannot be checked."""

    def test_unreadable(self, client: FlaskClient) -> None:
        """What cannot be read is answered 400 with line and column, and what to write instead."""
        detail = (
            "line 2, column 1: Not Turtle: The prefix zgc: has not been declared. "
            "Add at the top: @prefix zgc: <https://w3id.org/zgc-forum/ontology/> ."
        )
        as_json = post(client, "\nzgc:a zgc:b 1 .")
        as_text_ = post(client, "\nzgc:a zgc:b 1 .", "text/plain")

        assert (as_json.status_code, as_json.content_type) == (400, "application/problem+json")
        assert json.loads(as_json.text) == {
            "title": "Bad Request",
            "status": 400,
            "detail": detail,
            "line": 2,
            "column": 1,
        }
        assert (as_text_.status_code, as_text_.text) == (400, f"{detail}\n")

    def test_place_in_rdf_xml(self, client: FlaskClient) -> None:
        """The place of an error in RDF/XML is reported too, though its parser does not know it."""
        rdf = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:li/></rdf:RDF>'
        response = post(client, rdf, content_type="application/rdf+xml")

        assert response.status_code == 400
        problem = json.loads(response.text)
        assert (problem["line"], problem["column"]) == (1, rdf.index("<rdf:li") + 1)

    @pytest.mark.parametrize("content_type", ["", "text/html", "application/sparql-query", "text/csv"])
    def test_unknown_syntax(self, client: FlaskClient, content_type: str) -> None:
        """Another Content-Type is answered 415 with those that there are."""
        response = post(client, BAD, content_type=content_type)

        assert response.status_code == 415
        for format_ in DOCUMENT_FORMATS:
            assert format_.media_type in response.text

    def test_charset(self, client: FlaskClient) -> None:
        """Another charset than UTF-8 is answered 415."""
        response = post(client, BAD, content_type="text/turtle; charset=latin-1")

        assert (response.status_code, response.text) == (
            415,
            "Unsupported charset 'latin-1': send UTF-8.\n",
        )

    def test_not_utf8(self, client: FlaskClient) -> None:
        """What is no UTF-8 is answered 400 with its place."""
        response = post(client, b"# fine\n# caf\xe9\n")

        assert (response.status_code, response.text) == (
            400,
            "The document is not UTF-8: byte 12, on line 2. Save it as UTF-8.\n",
        )

    def test_not_acceptable(self, client: FlaskClient) -> None:
        """An unknown format of report is answered 406 with the list of formats."""
        response = post(client, "nonsense", "image/png")

        assert response.status_code == 406
        assert "application/json, text/turtle, text/plain, application/n-triples" in response.text

    def test_too_long(
        self, small_version: Version, small_service: QueryService, workers: ValidationWorkers
    ) -> None:
        """A document that is too long is answered 413, also in a form."""
        client = application(small_version, small_service, workers, max_body=2000).test_client()

        assert post(client, " " * 2001).status_code == 413
        assert client.post("/validate", data={"text": " " * 2001}).status_code == 413

    @pytest.mark.parametrize("name", ["../../etc/passwd", "a/b.ttl", ".hidden", "x" * 101, "a b", "<b>"])
    def test_odd_name(self, client: FlaskClient, name: str) -> None:
        """A name that is none for a file is answered 400."""
        response = client.post(
            "/validate", data=GOOD, content_type="text/turtle", query_string={"name": name}
        )

        assert response.status_code == 400
        assert "is not a file name: use letters, digits and - _ . , = only." in response.text

    def test_busy(self, small_version: Version, small_service: QueryService) -> None:
        """While a document of a client is validated one more waits, and a third is answered 503."""
        limits = ValidationLimits(timeout=300, seconds=300)
        with ValidationWorkers(small_version.path, limits) as workers, background() as threads:
            client = application(small_version, small_service, workers).test_client()
            waiting = [threads.submit(post, client, ENDLESS)]
            until(lambda: workers._fork_server and workers_of(workers))
            waiting.append(threads.submit(post, client, ENDLESS))
            until(lambda: _waiting(client) == 1)
            program, reader = post(client, BAD), post(client, BAD, HTML)
            workers.close()
            ended = [each.result().status_code for each in waiting]

        assert (program.status_code, reader.status_code) == (503, 503)
        assert 300 < int(program.headers["Retry-After"]) <= 600
        assert "Another document from your address is being validated: wait for its report." in reader.text
        assert ended == [500, 503]

    def test_given_up(self, small_version: Version, small_service: QueryService) -> None:
        """A check that takes too long is answered 503, with what to do about it."""
        with ValidationWorkers(small_version.path, ValidationLimits(timeout=1)) as workers:
            response = post(application(small_version, small_service, workers).test_client(), ENDLESS)

        assert (response.status_code, response.text) == (
            503,
            "The validation was ended after 1 seconds: validate it in parts, or with `forumkg check` on your "
            "own machine.\n",
        )

    def test_budget(
        self, small_version: Version, small_service: QueryService, workers: ValidationWorkers
    ) -> None:
        """The seconds of a check are taken from the budget of its client alone."""
        limiter = RateLimiter(RateLimit(0.000_001, 0.000_001), NO_LIMIT)
        client = application(small_version, small_service, workers, limiter).test_client()

        assert post(client, GOOD).status_code == 200
        refused = post(client, GOOD)
        other = client.post(
            "/validate",
            data=GOOD,
            content_type="text/turtle",
            environ_overrides={"REMOTE_ADDR": "192.0.2.7"},
        )

        assert refused.status_code == 429
        assert int(refused.headers["Retry-After"]) > 0
        assert other.status_code == 200


def _waiting(client: FlaskClient) -> int:
    """Return how many documents wait for a place."""
    with client.application.app_context():
        return validation_service().waiting


class TestServer:
    """What needs a server on the network."""

    def test_hang_up(self, tmp_path: Path) -> None:
        """A check ends when its client goes away, and pages are answered all the while."""
        dataset = small_dataset.write(tmp_path / "root")
        places = ["--port", "0", "--data", str(tmp_path / "data"), "--root", str(dataset.root)]
        with forumkg_server([str(SCRIPTS / "forumkg"), "serve", *places]) as server:
            checked = server.request("POST", "/validate", BAD, Content_Type="text/turtle")
            before = set(tree(server.process.pid))
            with socket.create_connection(("127.0.0.1", server.port)) as connection:
                head = f"POST /validate HTTP/1.1\r\nHost: x\r\nContent-Length: {len(ENDLESS)}\r\n"
                connection.sendall(f"{head}Content-Type: text/turtle\r\n\r\n{ENDLESS}".encode())
                until(lambda: set(tree(server.process.pid)) - before)
                page = server.request("GET", "/validate", Accept=HTML)
                assert set(tree(server.process.pid)) - before
            until(lambda: set(tree(server.process.pid)) <= before)

        assert (checked[0], page[0]) == (200, 200)

    @pytest.mark.faults
    @pytest.mark.slow
    def test_one_client_cannot_hold_all_places(self, tmp_path: Path) -> None:
        """While one client validates without end, three documents at a time, another has its reports."""
        dataset = small_dataset.write(tmp_path / "root")
        places = ["--port", "0", "--data", str(tmp_path / "data"), "--root", str(dataset.root)]
        stopped = threading.Event()
        with (
            forumkg_server([str(SCRIPTS / "forumkg"), "serve", *places]) as server,
            background() as threads,
        ):

            def attack() -> set[int]:
                sent = head("POST", "/validate", len(ENDLESS), Content_Type="text/turtle") + ENDLESS.encode()
                statuses = set()
                while not stopped.is_set():
                    statuses.add(ask(server.port, sent).status)
                return statuses

            attacks = [threads.submit(attack) for _ in range(3)]
            until(lambda: len(tree(server.process.pid)) > 3)
            good = [server.request("POST", "/validate", BAD, Content_Type="text/turtle")[0] for _ in range(5)]
            stopped.set()
            server.process.kill()
            for each in attacks:
                each.exception()

        assert good == [200] * 5


class TestForm:
    """What a browser gets."""

    def test_empty(self, client: FlaskClient) -> None:
        """The page has a form for a text or a file, and all examples, and is kept by caches that ask."""
        response = client.get("/validate", headers={"Accept": HTML})

        assert response.status_code == 200
        assert '<form class="submission" method="post" action="/validate" enctype="multipart/form-data">' in (
            response.text
        )
        for example in EXAMPLES.values():
            assert f'href="/validate?example={example.name}"' in response.text
        assert response.headers["ETag"]

    def test_paste(self, client: FlaskClient) -> None:
        """A pasted text comes back with its line marked, each finding beside it, and can be corrected."""
        response = client.post(
            "/validate", data={"text": BAD.replace("\n", "\r\n")}, headers={"Accept": HTML}
        )

        assert (response.status_code, response.headers["Cache-Control"]) == (200, "no-store")
        assert "ETag" not in response.headers
        assert 'autofocus class="verdict bad">1 violation</h2>' in response.text
        assert "<title>1 violation in pasted.ttl – Validate" in response.text
        assert '<a href="#line-5">Line 5</a>' in response.text
        assert (
            '<li id="line-5" class="marked"><span class="at">5</span><code>    a zgc:Editon ;</code>'
            '<span class="to"><a href="#finding-1" aria-label="Finding 1">1</a></span></li>'
        ) in response.text
        assert "did you mean <code>zgc:Edition</code>?</p>" in response.text
        assert "Fix it and validate again</h2>" in response.text
        assert f">\n{BAD}</textarea>" in response.text.replace("&lt;", "<").replace("&gt;", ">")

    def test_paste_good(self, client: FlaskClient) -> None:
        """A text with the line ends of forms has its canonical form."""
        response = client.post(
            "/validate", data={"text": GOOD.replace("\n", "\r\n")}, headers={"Accept": HTML}
        )

        assert "No problems found</h2>" in response.text
        assert "Change it and validate again</h2>" in response.text

    def test_unreadable(self, client: FlaskClient) -> None:
        """A text that cannot be read is a page with its line marked, too."""
        response = client.post("/validate", data={"text": "\nzgc:a zgc:b 1 ."}, headers={"Accept": HTML})

        assert response.status_code == 200
        assert '<li id="line-2" class="marked">' in response.text
        assert "Column 1" in response.text

    def test_upload(self, client: FlaskClient) -> None:
        """A file goes before the text; its name says the syntax, and is the name in the report."""
        data = {"file": (io.BytesIO(BAD.encode()), "my article.ttl"), "text": "nonsense"}
        report = client.post("/validate", data=data, headers={"Accept": "application/json"}).get_json()

        assert (report["name"], report["syntax"]) == ("my_article.ttl", "turtle")
        assert report["findings"] == [{**FINDING, "path": "my_article.ttl"}]

    @pytest.mark.parametrize(
        ("fields", "expected"),
        [
            ({"name": "a.jsonld", "text": "{}"}, ("a.jsonld", "jsonld")),
            ({"syntax": "trig", "text": GOOD}, ("pasted.trig", "trig")),
            ({"syntax": "turtle", "name": "a.nt", "text": GOOD}, ("a.nt", "turtle")),
            ({"text": GOOD}, ("pasted.ttl", "turtle")),
        ],
    )
    def test_syntax(self, client: FlaskClient, fields: dict[str, str], expected: tuple[str, str]) -> None:
        """The syntax is the one that was chosen, else that of the name, else Turtle."""
        report = client.post("/validate", data=fields, headers={"Accept": "application/json"}).get_json()

        assert (report["name"], report["syntax"]) == expected

    @pytest.mark.parametrize(
        ("fields", "expected"),
        [
            (
                {"text": ""},
                "Nothing to validate: paste a text (field <code>text</code>), "
                "or choose a file (field <code>file</code>).",
            ),
            ({"text": " \r\n"}, "Nothing to validate"),
            ({"text": GOOD, "syntax": "yaml"}, "Unknown syntax &#39;yaml&#39;. Send one of: turtle,"),
            ({"text": GOOD, "name": "../x"}, "is not a file name"),
        ],
    )
    def test_refused(self, client: FlaskClient, fields: dict[str, str], expected: str) -> None:
        """What cannot be checked is reported above the form, with the text still in it."""
        response = client.post("/validate", data=fields, headers={"Accept": HTML})

        assert response.status_code == 400
        assert expected in response.text
        assert ("edition:2030" in response.text) == ("2030" in fields.get("text", ""))

    @pytest.mark.parametrize("accept", ["text/plain", HTML])
    @pytest.mark.parametrize(
        ("part", "reason"),
        [
            (b'name="file"; filename="\xd6\xd0.ttl"\r\n\r\n.\r\n--b--', "it is not UTF-8"),
            (b'name="text"\r\n\r\n<urn:a> <urn:b> 1', "its parts are not separated as RFC 7578 says"),
        ],
    )
    def test_malformed_parts(self, client: FlaskClient, part: bytes, reason: str, accept: str) -> None:
        """A form of parts that cannot be read is refused with the reason, and not taken for an empty one."""
        response = client.post(
            "/validate",
            data=b"--b\r\nContent-Disposition: form-data; " + part,
            headers={"Content-Type": "multipart/form-data; boundary=b", "Accept": accept},
        )

        assert response.status_code == 400
        assert (
            f"The form cannot be read ({reason}): send it in UTF-8, also the name of its file,"
            in response.text
        )

    @pytest.mark.parametrize(
        ("media_type", "body", "reason"),
        [
            ("multipart/form-data", b"--b--", "its parts are not separated as RFC 7578 says"),
            ("application/x-www-form-urlencoded", b"text=\xff", "it is not UTF-8"),
        ],
    )
    def test_malformed(self, client: FlaskClient, media_type: str, body: bytes, reason: str) -> None:
        """A form that cannot be read is refused with the reason, and not taken for an empty one."""
        response = client.post("/validate", data=body, content_type=media_type)

        assert (response.status_code, response.text) == (
            400,
            f"The form cannot be read ({reason}): send it in UTF-8, also the name of its file, or send the "
            "document itself as the body, with its Content-Type.\n",
        )

    def test_many_parts(self, client: FlaskClient) -> None:
        """A form has at most a thousand parts."""
        part = b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
        response = client.post(
            "/validate", data=part * 1_001 + b"--b--\r\n", content_type="multipart/form-data; boundary=b"
        )

        assert (response.status_code, response.text) == (
            413,
            "The form has more than 1,000 parts: send one field text, or one file.\n",
        )

    def test_long_field(self, client: FlaskClient) -> None:
        """A field may be as long as a body."""
        text = GOOD + "# " + "x" * 900_000
        response = client.post("/validate", data={"text": text}, headers={"Accept": "application/json"})

        assert [finding["rule"] for finding in response.get_json()["findings"]] == ["comment"]

    def test_hostile(self, client: FlaskClient) -> None:
        """Markup and addresses in a document are shown as they are written, and do nothing."""
        text = (
            '<javascript:alert(1)> a <urn:x"><script>alert(1)</script> .'.replace('"', "%22")
            + '\n<urn:a> <urn:b> "</textarea></code><script>alert(2)</script>" .'
        )
        good = client.post(
            "/validate",
            data={
                "text": '<javascript:alert(1)> a <urn:x> ; <urn:b> "</textarea><script>alert(2)</script>" .'
            },
            headers={"Accept": HTML},
        )
        bad = client.post("/validate", data={"text": text}, headers={"Accept": HTML})

        for response in (good, bad):
            assert response.status_code == 200
            assert "<script>alert" not in response.text
            assert 'href="javascript:' not in response.text


class TestExamples:
    """The examples that come with the page."""

    def test_download(self, client: FlaskClient) -> None:
        """An example is a Turtle file to download."""
        response = client.get("/validate/examples/two-ranks.ttl")

        assert response.status_code == 200
        assert response.content_type == "text/turtle; charset=utf-8"
        assert response.headers["Content-Disposition"] == 'attachment; filename="two-ranks.ttl"'
        assert response.text == EXAMPLES["two-ranks"].text

    def test_try(self, client: FlaskClient) -> None:
        """An example is shown with what is found in it, on a page that caches keep."""
        response = client.get("/validate?example=misspelt-property", headers={"Accept": HTML})

        assert response.status_code == 200
        assert "<h1>A misspelt property</h1>" in response.text
        assert '<a href="#line-44">Line 44</a>' in response.text
        assert response.headers["ETag"]

    @pytest.mark.parametrize("path", ["/validate?example=none", "/validate/examples/none.ttl"])
    def test_unknown(self, client: FlaskClient, path: str) -> None:
        """There is no other example."""
        response = client.get(path)

        assert response.status_code == 404
        assert "There is no example 'none'. Ask for one of: valid, missing-passage," in response.text
