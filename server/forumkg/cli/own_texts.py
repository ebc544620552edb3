"""Texts of articles that `forumkg serve --texts` shows: to its operator alone, as they are not public."""

import ipaddress
from dataclasses import replace
from pathlib import Path
from typing import Final

import click

from forumkg.texts.reading import Text, read_texts
from forumkg.web.policy import Policy

__all__ = ["for_own_machine", "read_own_texts"]

# What a browser calls its own machine: https://www.rfc-editor.org/rfc/rfc6761#section-6.3
_LOCAL_NAMES: Final = frozenset({"127.0.0.1", "[::1]", "localhost"})


def read_own_texts(folder: Path, host: str, policy: Policy) -> tuple[Text, ...]:
    """Return the texts of articles that the pages show.

    Args:
        folder: with the texts, `*.txt`.
        host: the address to listen on.
        policy: of the server.

    Raises:
        click.UsageError: others could reach the server.
        DataError: a text cannot be read, or is not UTF-8.
    """
    if not _is_own(host):
        raise click.UsageError(
            f"--texts shows texts that are not ours to publish, and --host {host} is an address that others "
            "reach: leave out one of the two, or listen on 127.0.0.1."
        )
    if policy.trusted_proxies:
        raise click.UsageError(
            "--texts shows texts that are not ours to publish, and with --trusted-proxies others reach them: "
            "leave out one of the two."
        )
    return read_texts(folder)


def for_own_machine(policy: Policy, host: str) -> Policy:
    """Return a policy that accepts only Host names of this machine, unless the policy names others.

    A foreign page could else make a name of its own point here, and read the texts as pages of its origin.
    """
    return replace(policy, allowed_hosts=policy.allowed_hosts or _LOCAL_NAMES | {host.lower()})


def _is_own(host: str) -> bool:
    """Whether only this machine can reach an address to listen on."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"
