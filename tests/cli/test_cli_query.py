"""`forumkg query`: where the query comes from, how the answer is written, and how it fails."""

import json
import signal
import subprocess
import sys
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from listening import listening
from processes import exists, killed_at_the_end, tree, until
from small_dataset import PREFIXES

from forumkg.cli import main
from forumkg.cli.query import draw_table
from forumkg.dataset.questions import load_questions

QUERY = PREFIXES + (
    "SELECT ?class ?name ?number {\n"
    "    VALUES (?class ?name ?number) { (zgc:Edition '论坛'@zh 7) (zgc:Place 'x' 12) }\n"
    "} ORDER BY ?number"
)
TABLE = (
    "class        name  number\n"
    "-----------  ----  ------\n"
    "zgc:Edition  论坛       7\n"
    "zgc:Place    x         12\n"
)
CSV = (
    "class,name,number\r\nhttps://w3id.org/zgc-forum/ontology/Edition,论坛,7\r\n"
    "https://w3id.org/zgc-forum/ontology/Place,x,12\r\n"
)
COMMAND = str(Path(sys.executable).with_name("forumkg"))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data directory in which all tests of this module find the packaged graph."""
    return tmp_path_factory.mktemp("query") / "data"


def query(data: Path, *arguments: str, stdin: str | None = None) -> Result:
    """Run the command."""
    return CliRunner().invoke(main, ["query", *arguments, "--data", str(data)], input=stdin)


def test_query_as_table(data: Path) -> None:
    """The answer is a table: wide characters aligned, numbers to the right, IRIs shortened."""
    result = query(data, QUERY)

    assert (result.exit_code, result.stdout, result.stderr) == (0, TABLE, "")


def test_query_from_file_and_standard_input(data: Path, tmp_path: Path) -> None:
    """A query in a file, or on standard input, is answered like one in the arguments."""
    path = tmp_path / "my question.rq"
    path.write_text(QUERY, encoding="utf-8")

    assert query(data, str(path)).stdout == TABLE
    assert query(data, "-", stdin=QUERY).stdout == TABLE


def test_query_with_a_byte_order_mark(data: Path, tmp_path: Path) -> None:
    """A byte order mark, as editors on Windows write it, is not a part of the query."""
    path = tmp_path / "marked.rq"
    path.write_text(QUERY, encoding="utf-8-sig")

    assert query(data, str(path)).stdout == TABLE
    assert query(data, "-", stdin=f"\ufeff{QUERY}").stdout == TABLE


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("csv", CSV),
        ("TSV", "?class\t?name\t?number\n<https://w3id.org/zgc-forum/ontology/Edition>\t"),
        ("xml", '<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#"><head>'),
        ("json", '{"head":{"vars":["class","name","number"]},"results":{"bindings":[{'),
    ],
)
def test_query_formats(data: Path, name: str, start: str) -> None:
    """Each format of results can be asked for, and ends with a line end."""
    result = query(data, QUERY, "--format", name)

    assert result.exit_code == 0
    assert result.stdout_bytes.decode().startswith(start)
    assert result.stdout.endswith("\n")


def test_query_graph(data: Path) -> None:
    """A graph is written in Turtle where no format is named, and in each format of graphs."""
    construct = PREFIXES + "CONSTRUCT { edition:2021 zgc:year 2021 } WHERE {}"
    turtle = query(data, construct).stdout

    assert turtle.endswith("edition:2021 zgc:year 2021 .\n")
    assert query(data, construct, "--format", "turtle").stdout == turtle
    assert json.loads(query(data, construct, "--format", "jsonld").stdout)[0]["@id"].endswith("edition/2021")
    assert query(data, construct, "--format", "ntriples").stdout.startswith("<https://w3id.org/zgc-forum/id/")
    assert "<rdf:RDF" in query(data, construct, "--format", "rdfxml").stdout


def test_query_ask(data: Path) -> None:
    """A truth value is a table of one cell, and there are statements in the packaged graph."""
    assert query(data, PREFIXES + "ASK { ?s a zgc:Statement }").stdout == "answer\n------\ntrue\n"


def test_questions_are_listed(data: Path) -> None:
    """`--question` without a name lists all questions of the package."""
    result = query(data, "--question")

    assert result.exit_code == 0
    assert result.stdout == draw_table(("slug", "question"), [(q.slug, q.title) for q in load_questions()])


def test_question(data: Path) -> None:
    """A question is asked by its name, with the same answer as its text."""
    for question in load_questions()[:1]:
        by_name = query(data, "--question", question.slug, "--format", "tsv")

        assert by_name.exit_code == 0
        assert by_name.stdout == query(data, question.text, "--format", "tsv").stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "Give a QUERY, a file, - for standard input, or --question for a list of questions."),
        (("ASK {}", "--question", "themes"), "Give a QUERY or a --question, not both."),
        (("nowhere.rq",), "Cannot read nowhere.rq: No such file or directory."),
        (
            ("ASK {}", "--format", "turtle"),
            "This query cannot be answered in turtle. Write --format with one of: json,",
        ),
        (("ASK {}", "--format", "nonsense"), "Invalid value for '--format': 'nonsense' is not one of"),
        (("--question", "nothing-so-named"), "There is no question 'nothing-so-named'. The questions are:"),
    ],
)
def test_wrong_usage(data: Path, arguments: tuple[str, ...], message: str) -> None:
    """Wrong usage ends with exit code 2, a message on stderr and nothing on stdout."""
    result = query(data, *arguments)

    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr


def test_file_that_is_not_utf8(data: Path, tmp_path: Path) -> None:
    """A file in another encoding is refused."""
    path = tmp_path / "latin.rq"
    path.write_bytes("ASK { ?s ?p 'é' }".encode("latin-1"))

    result = query(data, str(path))

    assert result.exit_code == 2
    assert f"Cannot read {path}: not UTF-8." in result.stderr


def test_failed_query(data: Path) -> None:
    """A wrong query ends with exit code 1, one line with its place on stderr and nothing on stdout."""
    result = query(data, "ASK { ?s a zgc:Edition }")

    assert (result.exit_code, result.stdout, result.stderr) == (
        1,
        "",
        "Error: line 1, column 12: The prefix 'zgc' is not declared. Add this line at the top of the query: "
        "PREFIX zgc: <https://w3id.org/zgc-forum/ontology/>\n",
    )


def test_data_directory_that_cannot_be_used(tmp_path: Path) -> None:
    """Where no store can be kept, the graph is built in memory, and stderr says so."""
    (tmp_path / "letter.txt").write_text("Dear Ada")

    result = query(tmp_path, PREFIXES + "ASK { ?s a zgc:Statement }")

    assert (result.exit_code, result.stdout) == (0, "answer\n------\ntrue\n")
    assert result.stderr == (
        f"{tmp_path} is not a data directory, it holds letter.txt: name an empty or a new one. "
        "Building in memory instead.\n"
    )


def test_command_in_a_pipe(data: Path) -> None:
    """The installed command writes bytes to a pipe as they are, CSV with its line ends."""
    done = subprocess.run(
        [COMMAND, "query", QUERY, "--format", "csv", "--data", str(data)], capture_output=True, check=True
    )

    assert (done.stdout.decode(), done.stderr) == (CSV, b"")


def test_draw_harmless() -> None:
    """Line ends and escape sequences in a cell break no table; a table without rows is its head."""
    assert (
        draw_table(("a", "b"), [("1\n2", "\x1b[31mred"), ("", "é")])
        == "a    b\n---  --------\n1 2   [31mred\n     é\n"
    )
    assert draw_table(("only",), []) == "only\n----\n"


PRODUCT = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf", "1e9", "0.0000001", "ten", "9" * 400, "1_0"])
def test_timeout_out_of_range(data: Path, seconds: str) -> None:
    """A timeout that no clock could keep is refused before anything is done."""
    result = query(data, PRODUCT, f"--timeout={seconds}")

    assert (result.exit_code, result.stdout) == (2, "")
    assert "is not a number from 0.01 to 86,400." in result.stderr


def test_timeout(data: Path) -> None:
    """A query that takes longer than its user gives it is given up."""
    result = query(data, PRODUCT, "--timeout", "0.5")

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("Error: The query was given up after 0.5 seconds: ask for less")


def endless(data: Path) -> AbstractContextManager["subprocess.Popen[bytes]"]:
    """Start the command with a query that does not end."""
    command = [COMMAND, "query", PRODUCT, "--data", str(data)]
    return killed_at_the_end(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE))


def test_interrupt(data: Path) -> None:
    """Ctrl-C ends a query at once: status 130, no traceback, and no process is left."""
    with endless(data) as process:
        until(lambda: len(tree(process.pid)) >= 2)  # The fork server and a worker.
        started = tree(process.pid)
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=60)

    assert (process.returncode, stdout, stderr) == (130, b"", b"")
    until(lambda: not any(map(exists, started)))


def test_interrupt_before_the_pool(tmp_path: Path) -> None:
    """Ctrl-C while the data directory is being built ends the command in the same way."""
    data = tmp_path / "data"
    with endless(data) as process:
        until(data.exists)
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=60)

    assert (process.returncode, stdout, stderr) == (130, b"", b"")


def test_interrupt_at_the_start(data: Path) -> None:
    """Ctrl-C before the query has begun leaves no process either."""
    with endless(data) as process:
        until(lambda: tree(process.pid))  # The fork server that starts.
        started = tree(process.pid)
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=60)

    assert (process.returncode, stdout, stderr) == (130, b"", b"")
    until(lambda: not any(map(exists, started)))


SERVICES = [
    "SELECT * {{ SERVICE <http://{0}/> {{ ?s ?p ?o }} }}",
    "SELECT * {{ VALUES (?x ?y) {{ (1 2) }} FILTER(?x<?y)SERVICE#>\n<http://{0}/leak> {{ ?s ?p ?o }} }}",
    "SELECT * {{ VALUES (?x ?y) {{ (1 2) }} FILTER(?x<?y)SERVICE SILENT#>\n<http://{0}/l> {{ ?s ?p ?o }} }}",
    "SELECT * {{ BIND (1<2 AS ?x) SERVICE#>\n<http://{0}/> {{ ?s ?p ?o }} }}",
    "ASK {{ BIND (<http://{0}/> AS ?x) SERVICE ?x {{ ?s ?p ?o }} }}",
]


@pytest.mark.faults
@pytest.mark.parametrize("template", SERVICES)
def test_no_way_to_the_network(data: Path, template: str) -> None:
    """Whatever a query says, no server that listens is called."""
    with listening() as (address, callers):
        result = query(data, template.format(address), "--timeout", "60")

    assert callers == []
    assert result.exit_code in {0, 1}
