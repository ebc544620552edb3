"""Queries that take long, many at once: they cost their sender, and leave room for others."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from attackers import ask, connect, head, metric, query_target
from pools import ENDLESS
from processes import until
from servers import Server

pytestmark = pytest.mark.faults

# Some seconds of work, by the number of steps and not by the clock.
_VALUES = " ".join(map(str, range(45)))
AGGREGATE = f"SELECT (COUNT(*) AS ?n) {{ {' '.join(f'VALUES ?v{n} {{ {_VALUES} }}' for n in range(4))} }}"


def test_eight_aggregates_at_once(attacked: Server) -> None:
    """Eight clients, each with an aggregate that takes seconds, have eight answers."""

    def send(number: int) -> tuple[int, bytes]:
        response = ask(attacked.port, head("GET", query_target(AGGREGATE)), f"127.0.0.{100 + number}")
        return response.status, response.body

    with ThreadPoolExecutor(8) as threads:
        answers = [*threads.map(send, range(8))]

    assert [status for status, _ in answers] == [200] * 8
    assert all(f'"{45**4}"'.encode() in body for _, body in answers)


def test_endless_queries_of_others_leave_room(attacked: Server) -> None:
    """While endless queries of many clients fill both lanes, another client's queries are all answered."""
    endless = [connect(attacked.port, f"127.0.0.{150 + number}") for number in range(12)]
    try:
        for number, connection in enumerate(endless):
            connection.sendall(head("GET", query_target(f"{ENDLESS} #{number}")))
        until(lambda: metric(attacked.port, 'forumkg_workers{state="slow"}') == 4)
        for number in range(50):
            target = query_target(f"SELECT ({number} AS ?n) {{}}")
            assert ask(attacked.port, head("GET", target), "127.0.0.1").status == 200
    finally:
        for connection in endless:
            connection.close()
    # What is no longer awaited ends.
    until(lambda: metric(attacked.port, "forumkg_workers") - metric_of_idle(attacked.port) == 0)


def metric_of_idle(port: int | None) -> float:
    """Return how many workers wait."""
    return metric(port, 'forumkg_workers{state="idle"}')
