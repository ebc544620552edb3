"""The files in deploy/: systemd, a container, a reverse proxy."""

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import click
import pytest
from certificates import self_signed_certificate
from processes import until
from servers import SCRIPTS, forumkg_server
from small_dataset import Small

from forumkg.cli import main
from forumkg.cli.pull import command as pull
from forumkg.cli.serve import command
from forumkg.dataset.versions import open_version

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
UNIT = (DEPLOY / "forumkg.service").read_text(encoding="utf-8")
REPLICA = (DEPLOY / "forumkg-replica.conf").read_text(encoding="utf-8")
CONTAINERFILE = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
# 10 is "anything may be done", and below 2 are the units of systemd that parse what strangers send.
EXPOSURE = 1.6


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """Return the unit as a file that starts the command of this environment."""
    if not shutil.which("systemd-analyze"):
        pytest.skip("no systemd-analyze: install systemd")
    path = tmp_path / "forumkg.service"
    path.write_text(UNIT.replace("/opt/forumkg/bin", str(SCRIPTS)), encoding="utf-8")
    return path


def analyze(*arguments: str | Path) -> str:
    """Return what systemd says."""
    done = subprocess.run(
        ["systemd-analyze", *arguments],  # noqa: S607 (whichever systemd the machine has)
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def test_unit_is_valid(unit: Path) -> None:
    """Systemd knows every setting of the unit, and finds its command."""
    assert analyze("verify", unit) == ""


def test_reload_of_a_replica(small: Small, tmp_path: Path) -> None:
    """The commands of ExecReload, as they are in the drop-in, copy the next version and serve it."""
    source, copy = tmp_path / "source", tmp_path / "copy"
    open_version(source, small.files, ontology_dir=small.ontology_dir)
    variables = {"FORUMKG_SOURCE": str(source), "STATE_DIRECTORY": str(copy)}
    reload = [
        line.removeprefix("ExecReload=") for line in REPLICA.splitlines() if line.startswith("ExecReload=/")
    ]
    start = re.findall("^ExecStartPre=-(.*)", REPLICA, re.MULTILINE)

    def run(command: str) -> None:
        words = [
            os.path.expandvars(word)
            for word in shlex.split(command.replace("/opt/forumkg/bin", str(SCRIPTS)))
        ]
        subprocess.run(words, check=True, capture_output=True)

    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        run(*start)
        words = ["serve", "--no-build", "--port", "0", "--data", str(copy), "--processes", "1"]
        with forumkg_server([str(SCRIPTS / "forumkg"), *words]) as server:
            patch.setenv("MAINPID", str(server.process.pid))
            small.add_edition(1999)
            info = open_version(source, small.files, ontology_dir=small.ontology_dir).info
            for command in reload:
                run(command)
            until(lambda: f"version {info.number}," in server.request("GET", "/readyz")[2].decode())
            server.process.terminate()
            server.process.wait(60)

    assert [command.split()[0] for command in reload] == ["/opt/forumkg/bin/forumkg", "/bin/kill"]


def test_unit_is_hardened(unit: Path) -> None:
    """Systemd counts the unit among those that expose least."""
    report = analyze("security", "--offline=true", "--no-pager", unit)

    (exposure,) = re.findall(r"exposure level for forumkg\.service: ([0-9.]+)", report)
    assert float(exposure) <= EXPOSURE


@pytest.mark.parametrize("name", ["nginx.conf", "nginx-replicas.conf"])
def test_nginx_reads_its_configuration(name: str, tmp_path: Path) -> None:
    """A real nginx takes the file as it is, but for certificates and the address."""
    if not shutil.which("nginx"):
        pytest.skip("no nginx: install nginx-light")
    certificate, key = self_signed_certificate(tmp_path)
    text = (DEPLOY / name).read_text(encoding="utf-8")
    text = text.replace("/etc/ssl/example.org.pem", str(certificate))
    text = text.replace("/etc/ssl/example.org.key", str(key)).replace(
        "listen 443", f"listen unix:{tmp_path}/s"
    )
    main_file = tmp_path / "nginx.conf"
    main_file.write_text(
        f"pid {tmp_path}/pid;\nerror_log stderr;\nevents {{}}\nhttp {{\naccess_log off;\n{text}\n}}\n"
    )
    command = ["nginx", "-t", "-p", str(tmp_path), "-c", str(main_file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr


def test_drop_in_of_a_replica_is_valid(unit: Path) -> None:
    """Systemd knows every setting of the drop-in, which leaves the unit hardened."""
    folder = unit.parent / f"{unit.name}.d"
    folder.mkdir()
    text = (DEPLOY / "forumkg-replica.conf").read_text(encoding="utf-8")
    (folder / "replica.conf").write_text(text.replace("/opt/forumkg/bin", str(SCRIPTS)), encoding="utf-8")

    assert analyze("verify", unit) == ""


def test_drop_in_of_a_replica_calls_the_command() -> None:
    """Its options are options of `forumkg serve` and `forumkg pull`."""
    text = (DEPLOY / "forumkg-replica.conf").read_text(encoding="utf-8")
    (options,) = re.findall(r'^Environment="FORUMKG_OPTIONS=(.*)"$', text, re.MULTILINE)
    context = command.make_context("serve", shlex.split(options), parent=click.Context(main))
    pulls = re.findall(r"^Exec\w+=-?/opt/forumkg/bin/forumkg pull (.*)$", text, re.MULTILINE)

    assert (context.params["no_build"], context.params["processes"]) == (True, 1)
    assert pulls == ["${FORUMKG_SOURCE} --data ${STATE_DIRECTORY}"] * 2
    arguments = ["https://build.example.org/forumkg", "--data", "/var/lib/forumkg"]
    assert pull.make_context("pull", arguments, parent=click.Context(main))


def test_unit_calls_the_command() -> None:
    """The options in the unit are options of `forumkg serve`."""
    (line,) = re.findall(r"^ExecStart=(.*)$", UNIT, re.MULTILINE)
    program, name, *arguments = shlex.split(
        line.replace("${STATE_DIRECTORY}", "/var/lib/forumkg").replace("$FORUMKG_OPTIONS", "")
    )

    context = command.make_context(
        name, arguments, parent=click.Context(main, help_option_names=["-h", "--help"])
    )

    assert (Path(program).name, name) == ("forumkg", "serve")
    assert (context.params["host"], context.params["data"]) == ("127.0.0.1", Path("/var/lib/forumkg"))


def test_unit_waits_longer_than_the_server() -> None:
    """Systemd gives the server more time to end than a query may take."""
    (seconds,) = re.findall(r"^TimeoutStopSec=(\d+)$", UNIT, re.MULTILINE)
    timeout = next(option for option in command.params if option.name == "timeout")

    assert int(seconds) > float(str(timeout.default))


def test_container_calls_the_command() -> None:
    """The container runs `forumkg serve` with options that it has, as a user that is not root."""
    (entrypoint,) = re.findall(r"^ENTRYPOINT \[(.*)\]$", CONTAINERFILE, re.MULTILINE)
    program, name, *arguments = [word.strip().strip('"') for word in entrypoint.split(",")]

    context = command.make_context(
        name, arguments, parent=click.Context(main, help_option_names=["-h", "--help"])
    )

    assert (Path(program).name, name, context.params["data"]) == ("forumkg", "serve", Path("/data"))
    assert re.findall(r"^USER (\d+)$", CONTAINERFILE, re.MULTILINE) == ["10001"]


def test_container_installs_what_is_locked() -> None:
    """Each package that the image downloads is compared with a hash."""
    commands = re.sub(r"\\\n", " ", CONTAINERFILE)
    installs = re.findall(r"pip(?: --python \S+)? (?:install|wheel) [^&\n]*", commands)

    assert len(installs) == 4
    for install in installs:
        words = install.split()
        assert "--require-hashes" in words or "--no-deps" in words, install
        for index, word in enumerate(words):
            if word == "--requirement":
                assert (ROOT / words[index + 1].removeprefix("/source/")).is_file()


def test_base_image_can_be_named_by_digest() -> None:
    """Both stages have the image of one build argument, so that a digest takes the place of the tag."""
    assert re.findall(r"^FROM (\S+)", CONTAINERFILE, re.MULTILINE) == ["${PYTHON_IMAGE}"] * 2


def test_container_has_what_the_package_needs() -> None:
    """What goes into the image is all that the wheel and its environment are built from, and no more."""
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    taken = {line.removeprefix("!") for line in ignored if line.startswith("!")}

    assert ignored[0] == "*"
    assert taken == {
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "LICENSE",
        "LICENSE-DATA",
        "README.md",
        "SECURITY.md",
        "deploy/requirements",
        "docs",
        "graph",
        "ontology",
        "pyproject.toml",
        "server",
        "shapes",
    }
    assert all((ROOT / name).exists() for name in taken)
