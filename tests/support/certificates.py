"""Certificates for servers on 127.0.0.1 that tests start, made by OpenSSL."""

import subprocess
from pathlib import Path

__all__ = ["self_signed_certificate"]


def self_signed_certificate(folder: Path, name: str = "localhost") -> tuple[Path, Path]:
    """Write a certificate for a name and for 127.0.0.1, which is its own authority, and its key."""
    certificate, key = folder / f"{name}.pem", folder / f"{name}.key"
    names = f"subjectAltName=DNS:{name}" + (",IP:127.0.0.1" if name == "localhost" else "")
    request = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    files = ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run(
        ["openssl", *request, *files, "-days", "2", "-subj", f"/CN={name}", "-addext", names],  # noqa: S607
        check=True,
        capture_output=True,
    )
    return certificate, key
