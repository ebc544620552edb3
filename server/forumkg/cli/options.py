"""Options that several commands share."""

from pathlib import Path

import click
import platformdirs

__all__ = ["data_option"]

data_option = click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=lambda: platformdirs.user_data_path("forumkg"),
    show_default="forumkg in your data folder",
    help="Data directory, where the store is kept between starts.",
)
