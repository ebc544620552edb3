"""The credentials for an engine, from the environment: others can read the arguments of a process."""

import os
import re
import ssl
from pathlib import Path
from typing import Final

from forumkg.errors import StoreError

__all__ = [
    "AUTHORIZATION",
    "AUTHORIZATION_FILE",
    "CERTIFICATE_FILE",
    "load_client_certificate",
    "read_authorization",
]

# The value of the Authorization header, and the name of a file that has it.
AUTHORIZATION: Final = "FORUMKG_ENGINE_AUTHORIZATION"
AUTHORIZATION_FILE: Final = "FORUMKG_ENGINE_AUTHORIZATION_FILE"
# The name of a PEM file with our certificate and its key, for engines that ask clients for one.
CERTIFICATE_FILE: Final = "FORUMKG_ENGINE_CERTIFICATE_FILE"
# A scheme and what follows it: https://www.rfc-editor.org/rfc/rfc9110#section-11.4
_VALUE: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]* [\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?")


def read_authorization() -> str:
    """Return the value of the Authorization header; empty where none is set.

    Raises:
        StoreError: the file cannot be read, or the value is not one. The message never has the value.
    """
    value, path = os.environ.get(AUTHORIZATION, ""), os.environ.get(AUTHORIZATION_FILE, "")
    if value and path:
        raise StoreError(f"{AUTHORIZATION} and {AUTHORIZATION_FILE} are both set: leave out one.")
    source = AUTHORIZATION
    if path:
        source = f"The file of {AUTHORIZATION_FILE}"
        try:
            value = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is not UTF-8"
            raise StoreError(f"{source} cannot be read ({reason}): {path}.") from error
    if not (value or path) or _VALUE.fullmatch(value):
        return value
    # Without the cause: nothing of the value belongs in a log.
    raise StoreError(
        f"{source} is not the value of an Authorization header: write 'Bearer TOKEN', or 'Basic ' and the "
        "Base64 of user:password, in one line of ASCII."
    )


def load_client_certificate(context: ssl.SSLContext) -> None:
    """Load our certificate for TLS connections, where one is set.

    Raises:
        StoreError: the file has none with its key, or cannot be read.
    """
    path = os.environ.get(CERTIFICATE_FILE, "")
    if not path:
        return
    try:
        # An empty password, in place of a question at a terminal.
        context.load_cert_chain(path, password=str)
    except OSError as error:
        raise StoreError(
            f"The file of {CERTIFICATE_FILE} cannot be used ({error.strerror or error}): {path}. Write a "
            "certificate and its private key, without a password, into it, in PEM."
        ) from error
