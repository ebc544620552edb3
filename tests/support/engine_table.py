"""Write the table of profiles into docs/engines.md: it is made of the profiles themselves."""

from pathlib import Path
from typing import Final

from forumkg.engine.profiles import PROFILES, Profile

__all__ = ["engine_page"]

_PAGE: Final = Path(__file__).resolve().parents[2] / "docs" / "engines.md"
_START: Final = "<!-- profiles: written by `make docs` -->"
_END: Final = "<!-- end of profiles -->"


def engine_page() -> str:
    """Return docs/engines.md with the table of the profiles as they are."""
    before, _, rest = _PAGE.read_text(encoding="utf-8").partition(_START)
    _, _, after = rest.partition(_END)
    return "".join((before, _START, "\n\n", *_table(), "\n", *_deviations(), _END, after))


def _table() -> list[str]:
    names = (
        "`--profile`",
        "engine",
        "tried",
        "`--engine`, for example",
        "asked at",
        "time of a query",
        "graphs as",
    )
    return [f"| {' | '.join(names)} |\n", "|---|---|---|---|---|---|---|\n", *map(_row, PROFILES.values())]


def _row(profile: Profile) -> str:
    cells = (
        f"`{profile.name}`",
        profile.label,
        profile.tried or "not tried: from its documentation",
        f"`{profile.example}`",
        f"`{profile.query or '/'}`, {'form' if profile.is_form else 'body'}",
        f"`{profile.timeout.parameter}={profile.timeout.value(32)}`" if profile.timeout else "of the server",
        profile.graphs.label,
    )
    return f"| {' | '.join(cells)} |\n"


def _deviations() -> list[str]:
    lines = []
    for profile in PROFILES.values():
        notes = [profile.remark] if profile.remark else []
        if profile.default_graph:
            notes.append(
                f"Queries without a graph are asked with `default-graph-uri={profile.default_graph}`."
            )
        if profile.failures:
            notes.append(
                f"A response with {' or '.join(f'`{name}`' for name in profile.failures)} is a failure."
            )
        notes += [f"Known to differ: `{test}`: {reason}." for test, reason in profile.deviations.items()]
        if notes:
            lines.append(f"- **{profile.label}.** {' '.join(notes)}\n")
    return [*lines, "\n"]
