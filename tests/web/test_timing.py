"""The Server-Timing header."""

from forumkg.web.timing import server_timing


def test_server_timing() -> None:
    """Durations are named and told in milliseconds, in the order in which they are given."""
    assert (
        server_timing(queue=0.0004, query=0.0123, total=1)
        == "queue;dur=0.4, query;dur=12.3, total;dur=1000.0"
    )
    assert server_timing() == ""
