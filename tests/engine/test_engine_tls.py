"""An engine behind TLS that wants credentials: what is sent, and what is said where something is wrong."""

import base64
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from certificates import self_signed_certificate
from servers import SCRIPTS, Server, forumkg_server, oxigraph_server
from tls_proxy import tls_proxy

from forumkg.dataset.versions import Version
from forumkg.engine.authorization import (
    AUTHORIZATION,
    AUTHORIZATION_FILE,
    CERTIFICATE_FILE,
    read_authorization,
)
from forumkg.errors import StoreError

FORUMKG = str(SCRIPTS / "forumkg")
SECRET = base64.b64encode(b"reader:open sesame").decode()
BASIC = f"Basic {SECRET}"
QUERY = f"/sparql?format=csv&query={quote('ASK { ?s ?p ?o } # ')}"
PROFILE = ("--profile", "oxigraph")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Make a certificate for this machine, which is its own authority."""
    return self_signed_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def engine() -> Iterator[Server]:
    """Run an engine without TLS."""
    with oxigraph_server() as server:
        yield server


@pytest.fixture
def data(small_version: Version) -> Path:
    """Return the data directory of the small dataset."""
    return small_version.path.parent.parent


def run(*words: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run our command with further variables of the environment."""
    environment = {**os.environ, **variables}
    return subprocess.run([FORUMKG, *words], capture_output=True, text=True, check=False, env=environment)


@pytest.mark.faults
def test_front_over_tls_with_a_password(
    engine: Server,
    data: Path,
    certificate: tuple[Path, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An engine is loaded and asked over TLS, with a password from a file; workers keep their connections."""
    secret = tmp_path / "authorization"
    secret.write_text(f"{BASIC}\n", encoding="utf-8")
    monkeypatch.setenv(AUTHORIZATION_FILE, str(secret))
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    with tls_proxy(engine.port or 0, certificate, BASIC) as port:
        url = f"https://localhost:{port}"
        loaded = run("engine", "load", url, *PROFILE, "--data", str(data))
        assert loaded.returncode == 0, loaded.stderr
        words = ["serve", "--no-build", "--port", "0", "--data", str(data), "--engine", url, *PROFILE]
        with forumkg_server([FORUMKG, *words]) as front:
            answers = [front.request("GET", f"{QUERY}{number}")[::2] for number in range(5)]
            _, _, metrics = front.request("GET", "/metrics")

    assert answers == [(200, b"true")] * 5
    # Two workers, and one in the place of each that has answered a query: none ended by a ticket of TLS 1.3.
    (forks,) = re.findall(r"^forumkg_worker_forks_total (.*)$", metrics.decode(), re.MULTILINE)
    assert float(forks) <= 8


@pytest.mark.faults
@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({}, "The certificate of the engine of this endpoint is not accepted (self-signed certificate)"),
        ({"SSL_CERT_FILE": "own"}, f"refuses our credentials (401): its operator sets {AUTHORIZATION}"),
        ({"SSL_CERT_FILE": "own", AUTHORIZATION: "Basic d3Jvbmc="}, "refuses our credentials (401)"),
        ({"SSL_CERT_FILE": "own", AUTHORIZATION: SECRET}, "is not the value of an Authorization header"),
    ],
    ids=["unknown-authority", "no-credentials", "other-credentials", "no-scheme"],
)
def test_what_is_wrong_is_said(
    engine: Server, data: Path, certificate: tuple[Path, Path], variables: dict[str, str], message: str
) -> None:
    """Certificate and credentials have messages of their own, which name no secret."""
    given = {name: str(certificate[0]) if value == "own" else value for name, value in variables.items()}
    with tls_proxy(engine.port or 0, certificate, BASIC) as port:
        words = ("engine", "load", f"https://localhost:{port}", *PROFILE, "--data", str(data))
        done = run(*words, **given)

    assert done.returncode == 1
    assert message in done.stderr
    assert given.get(AUTHORIZATION, BASIC).rpartition(" ")[2] not in done.stderr


@pytest.mark.faults
def test_engine_that_asks_for_a_certificate(
    engine: Server, data: Path, certificate: tuple[Path, Path], tmp_path: Path
) -> None:
    """Our certificate comes from a file with its key; without one the engine refuses the connection."""
    own, key = self_signed_certificate(tmp_path, "front.example")
    both = tmp_path / "both.pem"
    both.write_bytes(own.read_bytes() + key.read_bytes())
    with tls_proxy(engine.port or 0, certificate, client_authority=own) as port:
        url = f"https://localhost:{port}"
        words = ("engine", "load", url, *PROFILE, "--data", str(data))
        variables = {"SSL_CERT_FILE": str(certificate[0])}
        without = run(*words, **variables)
        no_key = run(*words, **variables, **{CERTIFICATE_FILE: str(own)})
        loaded = run(*words, **variables, **{CERTIFICATE_FILE: str(both)})
        serving = ["serve", "--no-build", "--port", "0", "--data", str(data), "--engine", url, *PROFILE]
        environment = {**os.environ, **variables, CERTIFICATE_FILE: str(both)}
        with forumkg_server([FORUMKG, *serving], environment) as front:
            answer = front.request("GET", QUERY)[::2]

    assert (without.returncode, no_key.returncode, loaded.returncode) == (1, 1, 0), loaded.stderr
    assert "The connection to the engine of this endpoint ended" in without.stderr
    assert f"The file of {CERTIFICATE_FILE} cannot be used" in no_key.stderr
    assert answer == (200, b"true")


@pytest.mark.faults
def test_certificate_for_another_name(engine: Server, data: Path, tmp_path: Path) -> None:
    """A certificate that is trusted but for another name is refused."""
    certificate = self_signed_certificate(tmp_path, "engine.example")
    with tls_proxy(engine.port or 0, certificate) as port:
        words = ("engine", "load", f"https://localhost:{port}", *PROFILE, "--data", str(data))
        done = run(*words, SSL_CERT_FILE=str(certificate[0]))

    assert done.returncode == 1
    assert "is not accepted (Hostname mismatch, certificate is not valid for 'localhost'.)" in done.stderr


@pytest.mark.faults
@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"Bearer one\nBearer two\n", "is not the value of an Authorization header"),
        (b"\n", "is not the value of an Authorization header"),
        ("Bearer é".encode(), "is not the value of an Authorization header"),
        (b"Bearer \xff", "it is not UTF-8"),
        (None, "No such file or directory"),
    ],
)
def test_file_without_credentials(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None, message: str
) -> None:
    """A file that has none is an error at the start, which does not repeat what is in it."""
    path = tmp_path / "authorization"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setenv(AUTHORIZATION_FILE, str(path))

    with pytest.raises(StoreError, match=message) as raised:
        read_authorization()

    assert "one" not in str(raised.value).replace("in one line", "")


def test_credentials_of_both_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two sources would leave open which one counts."""
    monkeypatch.setenv(AUTHORIZATION, "Bearer one")
    assert read_authorization() == "Bearer one"

    monkeypatch.setenv(AUTHORIZATION_FILE, "/dev/null")
    with pytest.raises(StoreError, match="are both set: leave out one"):
        read_authorization()
