"""The options of all commands: every number has two bounds, and what is outside of them is refused."""

import math
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from references import commands

from forumkg.cli import main
from forumkg.cli.options import Number

OPTIONS = [
    pytest.param(name, option, id=f"{name} {option.opts[0]}")
    for name, command in commands()
    for option in command.params
    if isinstance(option, click.Option)
]
NUMBERS = [option for option in OPTIONS if isinstance(option.values[1].type, Number)]  # type: ignore[union-attr]

NO_NUMBERS = ("", "inf", "-inf", "nan", "-1", "1e400", "-0.5", "9" * 400, "9" * 5000, "1_0", "0x10", "٣", "x")


@pytest.mark.parametrize(("name", "option"), OPTIONS)
def test_numbers_are_bounded(name: str, option: click.Option) -> None:  # noqa: ARG001 (names the case)
    """No option has one of click's own types for numbers: `nan` passes them, and an open bound is none."""
    if not isinstance(option.type, Number):
        assert not isinstance(
            option.type, click.IntRange | click.FloatRange | type(click.INT) | type(click.FLOAT)
        )


@pytest.mark.parametrize(("name", "command"), list(commands()))
def test_help_has_no_escapes(name: str, command: click.Command) -> None:
    """Examples stand on lines of their own: click reads the character BS, not a backslash and a letter."""
    shown = CliRunner().invoke(main, [*name.split(), "--help"]).output

    assert "\\b" not in shown
    assert command.help is not None


@pytest.mark.parametrize("text", NO_NUMBERS)
@pytest.mark.parametrize(("name", "option"), NUMBERS)
def test_no_number(name: str, option: click.Option, text: str) -> None:
    """What is not a number of the range is wrong usage, with the value and the range; nothing is started."""
    result = CliRunner().invoke(main, [*name.split(), f"{option.opts[0]}={text}"])

    assert result.exit_code == 2
    assert f"Invalid value for '{option.opts[0]}': {text!r} is not a" in result.stderr


@pytest.mark.parametrize(("name", "option"), NUMBERS)
def test_bounds(name: str, option: click.Option) -> None:  # noqa: ARG001
    """Both bounds can be given, and what is just outside cannot."""
    kind = option.type
    assert isinstance(kind, Number)
    assert kind.min is not None
    assert kind.max is not None

    assert kind.convert(str(kind.min), option, None) == kind.min
    assert kind.convert(str(kind.max), option, None) == kind.max
    for outside in (kind.min - 1, kind.max + 1):
        with pytest.raises(click.BadParameter):
            kind.convert(str(outside), option, None)


@given(st.one_of(st.text(), st.floats().map(str), st.integers().map(str)))
def test_any_text(text: str) -> None:
    """Whatever is typed is a number of the range, or refused."""
    for kind in (Number(0, 10), Number(1, 1000, whole=True)):
        try:
            number = kind.convert(text, None, None)
        except click.BadParameter:
            continue
        assert math.isfinite(number)
        assert kind.min is not None
        assert kind.max is not None
        assert kind.min <= number <= kind.max


def test_data_without_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without a home folder no folder named `~` is made wherever the command is called."""

    def unknown_user(uid: int) -> None:
        raise KeyError(uid)

    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.setattr("pwd.getpwuid", unknown_user)

    result = CliRunner().invoke(main, ["query", "ASK {}"])

    assert result.exit_code == 2
    assert "This user has no home folder: name a data directory with --data." in result.stderr
    assert [*tmp_path.iterdir()] == []
