"""The command `forumkg`: each command is options, a call and an echo."""

import importlib
from typing import Any, Final

import click

from forumkg import __version__
from forumkg.errors import ForumKgError

__all__ = ["main"]

COMMANDS: Final = ("check", "export", "format", "locate", "query", "serve")


class _Commands(click.Group):
    """Commands that are imported when they are called, and one answer to every error of ours."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(f"forumkg.cli.{cmd_name}").command
        return command if isinstance(command, click.Command) else None

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 (click's signature)
        try:
            return super().invoke(ctx)
        except ForumKgError as error:
            raise click.ClickException(str(error)) from error


@click.group(
    cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, prog_name="forumkg")
def main() -> None:
    """Query, check and serve the knowledge graph of the Zhongguancun Forum.

    No fact in it stands without the passage of the article that says so.
    Start with `forumkg serve`, or `forumkg query --question` for a list of questions.
    """
