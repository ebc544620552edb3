"""Every kind of attack at once, briefly, beside a client that does nothing wrong.

The bound on a stall of the event loop is one on processor time of its own thread: how much work it did in one
go while others waited. Elapsed time would fail on a busy machine, where the loop waits for the processor.
"""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from attackers import ask, connect, head, metric, query_target, read_response
from servers import Server

pytestmark = [pytest.mark.faults, pytest.mark.slow]

QUERY = "application/sparql-query"
FORM = "application/x-www-form-urlencoded"
TURTLE = "text/turtle"
GOOD = "127.0.0.1"
# Requests of each attacker.
MANY = 3
MOST_STALLED = 0.1

Attack = Callable[[int | None, str, int], None]


def post(target: str, body: str | bytes, media_type: str, method: str = "POST", **headers: str) -> bytes:
    """Return a request with a body."""
    data = body.encode() if isinstance(body, str) else body
    return head(method, target, len(data), Content_Type=media_type, **headers) + data


def sends(*requests: Callable[[int], bytes]) -> Attack:
    """Return the attack that sends these, one after the other, and reads what comes back."""

    def attack(port: int | None, address: str, number: int) -> None:
        for request in requests:
            ask(port, request(number), address)

    return attack


def hangs_up(request: Callable[[int], bytes]) -> Attack:
    """Return the attack that sends a request and resets the connection at once."""

    def attack(port: int | None, address: str, number: int) -> None:
        for step in range(20):
            with connect(port, address) as connection:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                connection.sendall(request(20 * number + step))

    return attack


def leaves_open(start: bytes, connections: int = 40) -> Attack:
    """Return the attack that opens connections, sends the start of a request on each, and waits."""

    def attack(port: int | None, address: str, number: int) -> None:
        opened = [connect(port, address) for _ in range(connections)]
        for connection in opened:
            with suppress(OSError):
                connection.sendall(start)
        opened[number % connections].settimeout(1)
        with suppress(OSError):
            opened[number % connections].recv(1)
        for connection in opened:
            connection.close()

    return attack


def reads_slowly(request: Callable[[int], bytes]) -> Attack:
    """Return the attack that asks for what is long, and reads a few bytes of it."""

    def attack(port: int | None, address: str, number: int) -> None:
        with connect(port, address) as connection:
            connection.sendall(request(number))
            for _ in range(3):
                connection.recv(2000)

    return attack


def pipelines(port: int | None, address: str, number: int) -> None:
    """Send many requests on one connection without reading a response."""
    with connect(port, address) as connection:
        connection.settimeout(2)
        connection.sendall(head("GET", query_target(f"ASK {{ ?s ?p {number} }}")) * 2000)
        read_response(connection)


CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"
LONG_ANSWER = 'SELECT ("{}" AS ?x) {{ ?a ?b ?c . ?d ?e ?f }} LIMIT 2000'
CHROME = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
PATTERN = "{ ?s ?p ?o }"
TOKENS = (
    *("a:b ", "<", "'", '"""', "_:", "@a", "1e", "#", "\\u0041", "?", "(", "{", "..", "%41", "<a> "),
    *(
        "a.",
        "a:a.",
        "a-",
        "\\",
        "'\\'",
        "<<",
        "[",
        ";",
        "SELECT ",
        "PREFIX a: <b> ",
        "BASE <a> ",
        "&",
        "^",
        "0",
    ),
)
PATHS = ("/id/%ff", "/id/[x]", "/graph/a%C2%9Bb.ttl", "/search%3Fq=", "/" + "%41" * 18_000, "/../" * 9000)
PERSON = "<https://w3id.org/zgc-forum/id/person/p{}> a <https://w3id.org/zgc-forum/ontology/Person> .\n"
DOCUMENT = "".join(PERSON.format(number) for number in range(9000))

ATTACKS: dict[str, Attack] = {
    "prologue of dots": sends(
        lambda _: head("GET", "/sparql?query=" + "BASE." * 11_500),
        lambda n: post("/sparql", "BASE." * 190_000 + str(n), QUERY),
        lambda n: post("/sparql", 'PREFIX\\"""' * 90_000 + str(n), QUERY),
    ),
    "tokens of one kind": sends(
        *(
            lambda n, token=token: post("/sparql", f"#{n}\n" + token * (900_000 // len(token)), QUERY)
            for token in TOKENS
        )
    ),
    "keys of the cache": sends(
        lambda n: post("/sparql", f"query=ASK{{}}&named-graph-uri=a:{n}\U0001f600{'x' * 900_000}", FORM),
        lambda n: post("/sparql", f"ASK {{}} # {n}\U0001f600{'x' * 900_000}", QUERY),
    ),
    "forms": sends(
        lambda n: post("/sparql", f"query=ASK{{}}#{n}" + "&a" * 500_000, FORM),
        lambda n: post("/sparql", f"query=ASK{{}}%23{n}" + "%41" * 300_000, FORM),
        lambda n: post("/sparql", "query=" + "+" * 900_000 + str(n), FORM),
    ),
    "idle connections": leaves_open(b""),
    "slow heads": leaves_open(b"GET / HTTP/1.1\r\nHost: a\r\nX: "),
    "slow bodies": leaves_open(head("POST", "/sparql", 1000, Content_Type=QUERY) + b"ASK"),
    "unfinished bodies": leaves_open(
        head("POST", "/sparql", 1_000_000, Content_Type=QUERY) + b"#" * 999_999, connections=20
    ),
    "long answers": reads_slowly(
        lambda n: head("GET", query_target(LONG_ANSWER.format("x" * 5000 + str(n)), format="csv"))
    ),
    "long compressed answers": reads_slowly(
        lambda n: head("GET", query_target(LONG_ANSWER.format("x" * 1500 + str(n))), Accept_Encoding="zstd")
    ),
    "slow queries": sends(lambda n: post("/sparql?timeout=2", f"{CROSS} #{n}", QUERY)),
    "slow queries, hung up": hangs_up(lambda n: post("/sparql", f"{CROSS} #{n}", QUERY)),
    "aggregates": sends(
        lambda n: post("/sparql", f"SELECT ?p (COUNT(DISTINCT ?o) AS ?n) {PATTERN} GROUP BY ?p #{n}", QUERY)
    ),
    "queries that crash": sends(
        lambda n: post("/sparql", "SELECT * " + "{" * 40_000 + "}" * 40_000 + f" #{n}", QUERY),
        lambda n: post("/sparql", "SELECT * { FILTER(" + "!" * 150_000 + f"true) }} #{n}", QUERY),
    ),
    "mistakes in long queries": sends(
        lambda n: post("/sparql", "SELECT * {" + "?s ?p ?o . " * 60_000 + f"}} #{n}", QUERY),
        lambda n: post("/sparql", "\n" * 900_000 + f"ASK #{n}", QUERY),
    ),
    "pages": sends(lambda n: head("GET", f"/search?q=z{n}+forum+of+the")),
    "pages, hung up": hangs_up(lambda n: head("GET", f"/search?q=z{n}+forum+of+the")),
    "documents, hung up": hangs_up(lambda n: head("GET", f"/.well-known/void?{n}")),
    "methods": sends(
        lambda n: post("/sparql", f"{CROSS} #{n}", QUERY, method="post"),
        lambda n: head("BREW", f"/{n}"),
    ),
    "two fields of one name": sends(
        lambda n: head("GET", f"/prefixes?{n}", Accept=CHROME + "\r\nAccept: text/turtle"),
        lambda n: head("GET", f"/?{n}", Host="example.org\r\nHost: x"),
        lambda n: head("GET", f"/?{n}", X="\r\n".join(["a"] + ["X: a"] * 90)),
    ),
    "long fields": sends(
        lambda n: head("GET", f"/?{n}", Accept="a/b," * 12_000),
        lambda n: head("GET", f"/?{n}", If_None_Match='"a",' * 12_000),
        lambda n: head("GET", f"/?{n}", Accept_Encoding="gzip;q=0.1," * 5000),
        lambda n: head("GET", f"/?{n}", X_Forwarded_For="1.1.1.1," * 6000),
        lambda n: head("GET", f"/?{n}", Cookie="a=b;" * 12_000),
    ),
    "addresses": sends(*(lambda n, path=path: head("GET", f"{path}{n}") for path in PATHS)),
    "documents": sends(
        lambda n: post("/validate", DOCUMENT + f"# {n}", TURTLE),
        lambda n: post("/validate", "[" * 200_000 + str(n), "application/ld+json"),
    ),
    "chunks": leaves_open(
        b"POST /sparql HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nASK{}\r\nZZ\r\n"
    ),
    "calls": sends(
        lambda n: post(
            "/sparql", f"SELECT * {{ FILTER(?x<?y)SERVICE#>\n<http://127.0.0.1:1/{n}> {PATTERN} }}", QUERY
        )
    ),
    "pipelining": pipelines,
}


def attack_again_and_again(attack: Attack, port: int | None, address: str) -> None:
    """Attack from an address, whatever the server ends."""
    for number in range(MANY):
        with suppress(OSError, IndexError, ValueError):
            attack(port, address, number)


def good_requests() -> Iterator[bytes]:
    """Return what a good client asks: look-ups, cached answers, pages, health."""
    number = 0
    while True:
        number += 1
        yield head("GET", query_target(f"ASK {{ ?s ?p {number} }}"))
        yield head("GET", query_target("SELECT * { ?s ?p ?o } LIMIT 1"))
        yield head("GET", f"/prefixes?{number}")
        yield head("GET", "/livez")
        yield head("GET", "/readyz")


def test_all_attacks_at_once(attacked: Server) -> None:
    """Through all attacks the event loop never works for 100 ms in one go; a good client is answered."""
    threads = [
        threading.Thread(target=attack_again_and_again, args=(attack, attacked.port, f"127.0.1.{place}"))
        for place, attack in enumerate(ATTACKS.values(), start=1)
    ]
    for thread in threads:
        thread.start()
    statuses: list[tuple[int, bytes]] = []
    requests = good_requests()
    while any(thread.is_alive() for thread in threads):
        request = next(requests)
        status = ask(attacked.port, request, GOOD).status
        statuses.append((status, request[:60]))
    for thread in threads:
        thread.join()

    assert [each for each in statuses if each[0] != 200] == []
    assert len(statuses) > 20
    stalled = metric(attacked.port, r'forumkg_event_loop_stall_seconds{clock="processor",since="start"}')
    assert stalled < MOST_STALLED
