"""Long keys: each request has another one, and each answer is a few bytes."""

import pytest
from attackers import ask, head, resident_mib
from servers import Server

pytestmark = pytest.mark.faults

FORM = "application/x-www-form-urlencoded"
# One such character makes Python hold four bytes for each character of the string.
WIDE = "\U0001f600"
LONG = "x" * 1_000_000


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        (FORM, f"query=ASK{{}}&named-graph-uri=a:%d{WIDE}{LONG}"),
        (FORM, f"query=ASK{{}}&default-graph-uri=a:%d{WIDE}{LONG}"),
        ("application/sparql-query", f"ASK {{}} # %d{WIDE}{LONG}"),
        ("application/sparql-query", f"ASK {{}} # %d{WIDE}{LONG[:10_000]}"),
        ("application/sparql-query", f"ASK {{}} }} # %d{WIDE}{LONG}"),
        ("application/sparql-query", f"ASK {{ SERVICE <urn:a> {{}} }} # %d{WIDE}{LONG}"),
        (FORM, f"query=ASK{{}}&format=%d{WIDE}{LONG}"),
    ],
    ids=["named graphs", "default graphs", "long query", "query", "wrong query", "refused query", "format"],
)
def test_post_long_keys_again_and_again(attacked: Server, media_type: str, body: str) -> None:
    """60 MB of requests leave the memory of the server as it was, but for what caches may hold."""
    for number in range(60):
        data = (body % number).encode()
        response = ask(attacked.port, head("POST", "/sparql", len(data), Content_Type=media_type) + data)
        assert response.status in {200, 400, 413, 429}
        if number == 9:
            before = resident_mib(attacked.process.pid)

    assert resident_mib(attacked.process.pid) - before < 60
