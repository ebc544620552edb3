"""Versions that are copied from another data directory, and compared with their digests."""

import hashlib
import json
import shutil
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner
from processes import descriptors, killed_at_the_end, until
from servers import SCRIPTS
from small_dataset import Small

from forumkg.cli import main
from forumkg.dataset.pulling import pull
from forumkg.dataset.versions import Version, current, open_current, open_version, verify
from forumkg.errors import StoreError


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Do not log."""


@contextmanager
def serving(handler: Callable[..., BaseHTTPRequestHandler]) -> Iterator[str]:
    """Serve with a handler in a thread, and give the address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def web_server(folder: Path, *, before: Callable[[str], None] | None = None) -> Iterator[str]:
    """Serve the files of a folder, and give their address; call `before` with the path of each request."""

    class Serving(_Quiet):
        def do_GET(self) -> None:
            if before:
                before(self.path)
            super().do_GET()

    with serving(partial(Serving, directory=str(folder))) as address:
        yield address


@contextmanager
def redirecting_server(target: str) -> Iterator[str]:
    """Redirect each request to the same path of another address."""

    class Redirecting(_Quiet):
        def do_GET(self) -> None:
            self.send_response(302)
            self.send_header("Location", f"{target}{self.path}")
            self.end_headers()

    with serving(Redirecting) as address:
        yield address


@contextmanager
def stalling_server(folder: Path, suffix: str) -> Iterator[tuple[str, threading.Event]]:
    """Serve the files of a folder, but of those with a suffix the first half alone, and then nothing."""
    has_stalled, end = threading.Event(), threading.Event()

    class Stalling(_Quiet):
        def do_GET(self) -> None:
            data = (folder / self.path.lstrip("/")).read_bytes()
            is_stalled = self.path.endswith(suffix)
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data[: len(data) // 2] if is_stalled else data)
            if is_stalled:
                has_stalled.set()
                end.wait()

    with serving(Stalling) as address:
        try:
            yield address, has_stalled
        finally:
            end.set()


@pytest.fixture
def source(small: Small, tmp_path: Path) -> Path:
    """Build a version, and return its data directory."""
    open_version(tmp_path / "source", small.files, ontology_dir=small.ontology_dir)
    return tmp_path / "source"


def change(small: Small, source: Path) -> Version:
    """Build the next version."""
    entities = small.root / "graph" / "entities.ttl"
    entities.write_text(entities.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    return open_version(source, small.files, ontology_dir=small.ontology_dir)


def files(data: Path) -> dict[str, bytes]:
    """Return the files of a data directory, less what RocksDB writes for itself and our lock."""
    return {
        path.relative_to(data).as_posix(): path.read_bytes()
        for path in data.rglob("*")
        if path.is_file() and path.name not in {"LOCK", "LOG", "forumkg.lock"}
    }


def test_from_folder_and_web_server(source: Path, tmp_path: Path) -> None:
    """The copy has the same bytes as its source, opens, and is not copied again."""
    with web_server(source) as address:
        for place, name in ((str(source), "by-folder"), (f"{address}/", "by-web")):
            assert pull(place, tmp_path / name)
            assert files(tmp_path / name) == files(source)
            assert not pull(place, tmp_path / name)
            assert open_current(tmp_path / name).info == current(source)


def test_next_version(small: Small, source: Path, tmp_path: Path) -> None:
    """The next version is copied beside the one that is open."""
    pull(str(source), tmp_path / "copy")
    with_first = open_current(tmp_path / "copy")
    second = change(small, source).info

    assert pull(str(source), tmp_path / "copy")
    assert current(tmp_path / "copy") == second
    assert with_first.path.exists()


def test_directory_with_versions_of_its_own(small: Small, source: Path, tmp_path: Path) -> None:
    """A version is not pulled over one of the same number that was built here."""
    other = tmp_path / "other"
    change(small, other)
    before = files(other)

    with pytest.raises(StoreError) as error:
        pull(str(source), other)
    assert str(error.value) == (
        f"The data directory has version 1 already, and {source} has version 1: "
        "pull into a directory of its own."
    )
    assert files(other) == before


def spoil(path: Path) -> None:
    """Change one byte of a file."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


DEEP = b'{"a":' * 100_000


def describe(version: Path, **changed: object) -> None:
    """Let a description state something else."""
    description = version / "version.json"
    described = json.loads(description.read_bytes())
    description.write_text(json.dumps({**described, **changed}), encoding="utf-8")


def relist(version: Path, name: str) -> None:
    """Let a manifest list another file."""
    manifest = version / "manifest.json"
    listed = json.loads(manifest.read_bytes())
    manifest.write_text(json.dumps({**listed, name: [1, "0" * 64]}), encoding="utf-8")


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda v: spoil(next(v.glob("store/*.sst"))), "is not what was built): nothing was changed here."),
        (lambda v: next(v.glob("store/*.sst")).unlink(), "No such file or directory."),
        (lambda v: (v / "manifest.json").write_bytes(b"[1]"), "versions/1/manifest.json: not a manifest)."),
        (lambda v: (v / "version.json").write_bytes(b"{}"), "not the description of a version)."),
        (lambda v: describe(v, digest=5), "not the description of a version)."),
        (lambda v: describe(v, digest="a\r\nX: y"), "not the description of a version)."),
        (lambda v: describe(v, time=5), "not the description of a version)."),
        (lambda v: describe(v, number=-1), "not the description of a version)."),
        (lambda v: (v / "version.json").write_bytes(DEEP), "not the description of a version)."),
        (lambda v: (v / "manifest.json").write_bytes(DEEP), "versions/1/manifest.json: not a manifest)."),
        (
            lambda v: (v / "manifest.json").write_bytes(b'{"a":[1e999,"x"]}'),
            "manifest.json: not a manifest).",
        ),
        (lambda v: relist(v, "../../outside"), "a manifest cannot list '../../outside')."),
        (lambda v: relist(v, "/etc/outside"), "a manifest cannot list '/etc/outside')."),
        (lambda v: (v.parent.parent / "CURRENT").write_bytes(b"x"), "its CURRENT has 'x'."),
        (lambda v: (v.parent.parent / "CURRENT").unlink(), "No such file or directory."),
        (shutil.rmtree, "No such file or directory."),
    ],
    ids=[
        *("changed-byte", "missing-file", "manifest", "description"),
        *("digest-number", "digest-lines", "time-number", "number-below-one", "deep-description"),
        *("deep-manifest", "endless-size", "path-above", "path-from-root"),
        *("current", "no-current", "no-version"),
    ],
)
def test_damaged_source(source: Path, tmp_path: Path, damage: Callable[[Path], None], message: str) -> None:
    """A source that is not whole is refused, and nothing is left of it."""
    damage(source / "versions" / "1")

    with pytest.raises(StoreError) as error:
        pull(str(source), tmp_path / "copy")
    assert str(error.value).endswith(message)
    assert files(tmp_path / "copy") == {}
    assert not (tmp_path / "outside").exists()


def test_unreachable_source(tmp_path: Path) -> None:
    """An address without a data directory, or without a server, is reported."""
    with web_server(tmp_path) as address, pytest.raises(StoreError) as missing:
        pull(address, tmp_path / "copy")
    with pytest.raises(StoreError) as refused:
        pull(address, tmp_path / "copy")

    assert str(missing.value) == f"{address} answers 404 File not found for CURRENT: is it a data directory?"
    assert str(refused.value).startswith(f"Cannot read CURRENT from {address}: ")


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("http://[::1", "http://[::1 is not an address: Invalid IPv6 URL."),
        ("ftp://x/y", "ftp://x/y has the scheme 'ftp': name a folder, or begin with http:// or https://."),
        ("file:///x", "file:///x has the scheme 'file': name a folder, or begin with http:// or https://."),
    ],
)
def test_source_that_is_none(tmp_path: Path, source: str, message: str) -> None:
    """An address that cannot be one, or of another scheme, is refused."""
    with pytest.raises(StoreError) as error:
        pull(source, tmp_path / "copy")
    assert str(error.value) == message


def test_manifest_digest(source: Path, tmp_path: Path) -> None:
    """With the digest of its manifest, no other version is accepted."""
    manifest = (source / "versions" / "1" / "manifest.json").read_bytes()
    digest = hashlib.sha256(manifest).hexdigest()

    with pytest.raises(StoreError) as refused:
        pull(str(source), tmp_path / "copy", manifest_digest="0" * 64)
    assert str(refused.value) == (
        f"The manifest.json of version 1 in {source} has the SHA-256 {digest}, and {'0' * 64} was asked for: "
        "run `forumkg verify` where the version was built, and give what it prints after manifest.json."
    )
    assert pull(str(source), tmp_path / "copy", manifest_digest=digest)


@pytest.mark.faults
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_command_that_is_ended_in_the_middle_of_a_file(
    small: Small, source: Path, tmp_path: Path, number: signal.Signals
) -> None:
    """The version before is served as it was, and the next pull has the new one, with nothing left behind."""
    copy = tmp_path / "copy"
    pull(str(source), copy)
    before = current(copy)
    second = change(small, source).info
    with stalling_server(source, ".sst") as (address, has_stalled):
        # A runner of tests may ignore SIGHUP, and what it starts does too.
        command = ["env", "--default-signal", str(SCRIPTS / "forumkg"), "pull", address, "--data", str(copy)]
        with killed_at_the_end(subprocess.Popen(command, stderr=subprocess.DEVNULL)) as process:
            assert has_stalled.wait(60)
            process.send_signal(number)
            process.wait(60)

    assert current(copy) == before
    assert open_current(copy).info == before
    assert pull(str(source), copy)
    assert current(copy) == second
    assert {path.name for path in (copy / "versions").iterdir()} == {"1", "2"}
    assert verify(copy) == second


@pytest.mark.faults
def test_two_pulls_at_once(source: Path, tmp_path: Path) -> None:
    """The second one waits until the first has ended, however that ends, and then copies the version."""
    copy = tmp_path / "copy"
    command = [str(SCRIPTS / "forumkg"), "pull"]
    with stalling_server(source, ".sst") as (address, has_stalled):
        first = subprocess.Popen([*command, address, "--data", str(copy)], stderr=subprocess.DEVNULL)
        with killed_at_the_end(first):
            assert has_stalled.wait(60)
            words = [*command, str(source), "--data", str(copy)]
            second = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
            with killed_at_the_end(second):
                until(lambda: str(copy / "forumkg.lock") in descriptors(second.pid))
                assert second.poll() is None
                assert current(copy) is None
                first.kill()
                output, _ = second.communicate(timeout=60)

    assert second.returncode == 0
    assert output.startswith("Copied version 1: ")
    assert verify(copy) == current(source)


@pytest.mark.faults
@pytest.mark.parametrize("suffix", ["manifest.json", ".sst"])
def test_other_version_of_the_same_number(small: Small, source: Path, tmp_path: Path, suffix: str) -> None:
    """Where two publishers write a version of one number to one place, no copy has parts of both."""
    small.add_edition(1999)
    other = tmp_path / "other"
    open_version(other, small.files, ontology_dir=small.ontology_dir)
    has_changed = False

    def exchange(path: str) -> None:
        nonlocal has_changed
        if path.endswith(suffix) and not has_changed:
            has_changed = True
            shutil.rmtree(source)
            shutil.copytree(other, source)

    with web_server(source, before=exchange) as address:
        with pytest.raises(StoreError, match=r"changed while it was read|is not what was built|answers 404"):
            pull(address, tmp_path / "copy")
        assert has_changed
        assert files(tmp_path / "copy") == {}
        assert pull(address, tmp_path / "copy")

    assert files(tmp_path / "copy") == files(other)


@pytest.mark.faults
def test_redirects(source: Path, tmp_path: Path) -> None:
    """A redirect to another web server is followed; one to another scheme is refused."""
    with web_server(source) as address, redirecting_server(address) as good:
        assert pull(good, tmp_path / "copy")
    with redirecting_server("ftp://127.0.0.1:1") as bad, pytest.raises(StoreError) as refused:
        pull(bad, tmp_path / "other")

    assert str(refused.value) == f"Cannot read CURRENT from {bad}: unknown url type: ftp."


def test_verify(source: Path) -> None:
    """A version as it was built passes; one with a changed byte does not, and is named."""
    assert verify(source) == current(source)
    path = next((source / "versions" / "1" / "store").glob("*.sst"))
    spoil(path)

    with pytest.raises(StoreError, match=path.name):
        verify(source)


def test_commands(source: Path, tmp_path: Path) -> None:
    """`pull` and `verify` report what is there afterwards."""
    info = current(source)
    assert info is not None
    manifest = hashlib.sha256((source / "versions" / "1" / "manifest.json").read_bytes()).hexdigest()
    copy = tmp_path / "copy"
    described = f"version 1: {info.triples:,} triples, digest {info.digest}.\n"

    def run(*arguments: str) -> str:
        result = CliRunner().invoke(main, [*arguments, "--data", str(copy)])
        assert result.exit_code == 0, result.output
        return result.stdout

    assert run("pull", str(source), "--manifest-sha256", manifest) == f"Copied {described}"
    assert run("pull", str(source)) == f"Nothing to copy, the data directory has {described}"
    assert run("verify") == (
        f"Version 1 in {copy} is as it was built: {info.triples:,} triples.\n"
        f"digest           {info.digest}\n"
        f"manifest.json    {manifest}\n"
    )


def test_command_on_damaged_copy(source: Path, tmp_path: Path) -> None:
    """`pull` does not call a damaged version the same one, and says what to do."""
    copy = tmp_path / "copy"
    pull(str(source), copy)
    damaged = next(path for path in sorted((copy / "versions" / "1" / "store").glob("*.sst")))
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"?")

    result = CliRunner().invoke(main, ["pull", str(source), "--data", str(copy)])

    assert result.exit_code == 1
    assert damaged.name in result.stderr
    assert f"restore it, or delete {copy} and build or pull it anew." in result.stderr


def test_digest_that_is_none(source: Path) -> None:
    """A digest of another form is refused with what to write."""
    result = CliRunner().invoke(main, ["pull", str(source), "--manifest-sha256", "abc"])

    assert result.exit_code == 2
    assert "'abc' is not a SHA-256: write its 64 hexadecimal digits." in result.stderr
