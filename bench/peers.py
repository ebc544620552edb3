"""Fetch the peers that are not among our own dependencies into a folder that git ignores.

rdflib-endpoint comes from PyPI into an environment of its own, Apache Jena Fuseki from Maven Central:
https://github.com/vemonet/rdflib-endpoint, https://jena.apache.org/documentation/fuseki2/
"""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import click

__all__ = ["CACHE", "FUSEKI", "REQUIREMENTS", "fuseki", "java", "python"]

CACHE: Final = Path(__file__).with_name(".cache")
# The newest line of Jena that runs on Java 17.
FUSEKI: Final = "5.6.0"
# The peers, and the candidates of `bench.http_servers`.
REQUIREMENTS: Final = (
    "granian==2.8.7",
    "gunicorn==27.0.1",
    "rdflib-endpoint==0.6.3",
    "uvicorn==0.54.0",
    "waitress==3.0.2",
)


def python() -> Path:
    """Return the `bin` folder of an environment with the peers of PyPI, which is made where there is none."""
    folder = CACHE / "peers"
    mark = folder / "installed.txt"
    wanted = "\n".join(REQUIREMENTS)
    if not mark.exists() or mark.read_text(encoding="utf-8") != wanted:
        click.echo("… installing rdflib-endpoint and HTTP servers", err=True)
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet"]
        subprocess.run([*pip, "--disable-pip-version-check", *REQUIREMENTS], check=True)
        mark.write_text(wanted, encoding="utf-8")
    return folder / "bin"


def java() -> str | None:
    """Return the Java launcher, if this machine has one."""
    return shutil.which("java")


def fuseki() -> Path | None:
    """Return Fuseki's jar, fetched by Maven where it is missing; None on a machine without Java and Maven."""
    jar = CACHE / "fuseki" / f"jena-fuseki-server-{FUSEKI}.jar"
    maven = shutil.which("mvn")
    if java() is None or not (jar.exists() or maven):
        return None
    if not jar.exists() and maven:
        click.echo("… fetching Fuseki", err=True)
        artifact = f"-Dartifact=org.apache.jena:jena-fuseki-server:{FUSEKI}"
        target = f"-DoutputDirectory={jar.parent}"
        subprocess.run([maven, "--quiet", "--batch-mode", "dependency:copy", artifact, target], check=True)
    return jar
