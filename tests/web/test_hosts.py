"""The Host of a request."""

import pytest

from forumkg.errors import BadRequest, MisdirectedRequest
from forumkg.web.hosts import check_host

ANY: frozenset[str] = frozenset()
OURS = frozenset({"example.org", "127.0.0.1", "[::1]"})


@pytest.mark.parametrize(
    "host", ["example.org", "EXAMPLE.org:8000", "example.org.", "127.0.0.1:8000", "[::1]", "[::1]:8000"]
)
def test_host_is_ours(host: str) -> None:
    """A name of ours is let in with any port, in any case."""
    check_host(host, OURS)
    check_host(host, ANY)


@pytest.mark.parametrize(
    "host", [None, "", "a b", "example.org/", "a@example.org", "example.org:http", "a,b", "<script>", "[::1"]
)
def test_host_is_none(host: str | None) -> None:
    """A request without a host, or with something else in its place, is refused whatever names are ours."""
    for allowed in (OURS, ANY):
        with pytest.raises(BadRequest, match=r"^The Host header is .*: send the name of the server"):
            check_host(host, allowed)


@pytest.mark.parametrize("host", ["example.com", "evil.example.org", "127.0.0.2:8000"])
def test_host_is_another(host: str) -> None:
    """Another name is refused where ours are known, and let in where they are not."""
    check_host(host, ANY)
    with pytest.raises(MisdirectedRequest, match=r"ask 127\.0\.0\.1 or \[::1\] or example\.org\.$"):
        check_host(host, OURS)
