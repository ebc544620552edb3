"""The command `forumkg`: each command is options, a call and an echo."""

import errno
import importlib
import io
import os
import signal
import sys
from typing import Any, Final

import click

from forumkg import __version__
from forumkg.errors import ForumKgError

__all__ = ["main"]

COMMANDS: Final = (
    *("check", "coverage", "engine", "export", "format", "locate", "map", "new", "pull", "query", "serve"),
    *("terms", "unmap", "verify"),
)

# What writing to a standard stream fails with when a disk is full or a descriptor cannot be written. A broken
# pipe is left to click: the reader has seen enough.
_UNWRITABLE: Final = frozenset({errno.EBADF, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.ENOSPC})

# The status of a command that Ctrl-C has ended: 128, and the number of the signal.
_INTERRUPTED: Final = 130


class _Commands(click.Group):
    """Imports a command when it is called, and reports all our errors in one way."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(f"forumkg.cli.{cmd_name}").command
        return command if isinstance(command, click.Command) else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        found = super().resolve_command(ctx, args)
        # From here on, there may be something to clean up: until now, `forumkg.__main__` ends the process.
        if callable(signal.getsignal(signal.SIGINT)):
            signal.signal(signal.SIGINT, signal.default_int_handler)
        return found

    def main(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 (click's signature)
        _open_standard_streams()
        return super().main(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 (click's signature)
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as error:
            raise click.exceptions.Exit(_INTERRUPTED) from error
        except ForumKgError as error:
            raise click.ClickException(str(error)) from error
        except OSError as error:
            if error.errno not in _UNWRITABLE or error.filename is not None:
                raise
            _discard_output()
            raise click.ClickException(f"Cannot write the output: {error.strerror}.") from error


def _open_standard_streams() -> None:
    """Open closed standard streams on /dev/null, and escape what an encoding does not have.

    A descriptor below 3 that stays free would be given to the next file or socket, into which messages would
    then be written.
    """
    for name, descriptor, mode in (("stdin", 0, "r"), ("stdout", 1, "w"), ("stderr", 2, "w")):
        if getattr(sys, name) is None:
            _open_null(descriptor)
            setattr(sys, name, open(descriptor, mode, encoding="utf-8", closefd=False))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _open_null(descriptor: int) -> None:
    """Open /dev/null as a descriptor that was closed at the start of the process."""
    try:
        os.fstat(descriptor)
    except OSError:
        opened = os.open(os.devnull, os.O_RDWR)
        if opened != descriptor:
            os.dup2(opened, descriptor)
            os.close(opened)
        os.set_inheritable(descriptor, True)  # the processes that a command starts need it as well


def _discard_output() -> None:
    """Discard what standard output still buffers: to write it at exit would fail once more."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.close(null)


@click.group(
    cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, prog_name="forumkg")
def main() -> None:
    """Query, check and serve the knowledge graph of the Zhongguancun Forum.

    Each fact cites the passage of the article that states it.
    Start with `forumkg serve`, or `forumkg query --question` for a list of questions.
    """
