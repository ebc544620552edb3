"""Bodies that never end, and long answers that are not read."""

from contextlib import ExitStack, suppress

import pytest
from attackers import ask, connect, head, metric, query_target, resident_mib
from processes import until
from servers import Server

pytestmark = pytest.mark.faults

MIB = 1024 * 1024


def test_bodies_that_are_not_sent_to_their_end(attacked: Server) -> None:
    """The bodies of one client take their share of memory and no more; another client is answered."""
    start = head("POST", "/sparql", MIB, Content_Type="application/sparql-query")
    ask(attacked.port, head("GET", "/"), "127.0.0.1")
    before = resident_mib(attacked.process.pid)

    with ExitStack() as stack:
        for _ in range(120):
            connection = stack.enter_context(connect(attacked.port))
            with suppress(OSError):  # What has no room is refused before it has come.
                connection.sendall(start + b"#" * (MIB - 1))

        assert MIB < metric(attacked.port, "forumkg_body_bytes") <= 16 * MIB
        assert resident_mib(attacked.process.pid) - before < 64
        assert ask(attacked.port, head("GET", query_target("ASK { ?s ?p 1 }")), "127.0.0.1").status == 200

    until(lambda: metric(attacked.port, "forumkg_body_bytes") == 0)


def test_long_answers_that_are_not_read(attacked: Server) -> None:
    """A long answer counts as spooled until its connection ends, however slowly it is read."""
    cells = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"
    with ExitStack() as stack:
        for number in range(2):
            query = f'SELECT ("{"x" * 5000}{number}" AS ?x) {{ {cells} }} LIMIT 4000'
            connection = stack.enter_context(connect(attacked.port))
            connection.sendall(head("GET", query_target(query, format="csv")))
            assert connection.recv(12) == b"HTTP/1.1 200"

        assert metric(attacked.port, "forumkg_spooled_bytes") >= 40_000_000
        # Longer than the timers that let go of it, in steps in which the client reads a little.
        for _ in range(20):
            assert connection.recv(1000)
        assert metric(attacked.port, "forumkg_spooled_bytes") >= 40_000_000

    until(lambda: metric(attacked.port, "forumkg_spooled_bytes") == 0)
