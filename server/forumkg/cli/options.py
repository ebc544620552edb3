"""Options that several commands share, and the type of every option that is a number."""

import re
from pathlib import Path
from typing import Any, Final

import click
import platformdirs

__all__ = [
    "DAY",
    "FILE",
    "FOLDER",
    "GIB",
    "Number",
    "data_folder",
    "data_option",
    "root_option",
    "text_option",
]

DAY: Final = 86_400
GIB: Final = 1024  # in MiB, the unit of the options for memory and for lengths
FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER: Final = click.Path(exists=True, file_okay=False, path_type=Path)

_WHOLE: Final = re.compile(r"[+-]?[0-9]{1,18}")
_DECIMAL: Final = re.compile(r"[+-]?(?:[0-9]{1,18}(?:\.[0-9]{0,18})?|\.[0-9]{1,18})(?:[eE][+-]?[0-9]{1,3})?")


class Number(click.FloatRange):
    """A number between two bounds, both included, as every numeric option has them.

    `int` and `float` accept more than an option can mean: `nan` passes every comparison, `inf` and numbers of
    any length pass a lower bound and overflow a clock or a resource limit in the first request.
    """

    def __init__(self, least: float, most: float, *, whole: bool = False) -> None:
        super().__init__(min=least, max=most)
        self.name = "integer" if whole else "number"
        self._least = least
        self._most = most
        self._whole = whole

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401 (click's signature)
        """Return the number that a text is, an `int` where the option is whole."""
        text = str(value).strip()
        pattern = _WHOLE if self._whole else _DECIMAL
        number = (int if self._whole else float)(text) if pattern.fullmatch(text) else None
        if number is None or not self._least <= number <= self._most:
            kind = "a whole number" if self._whole else "a number"
            self.fail(f"{value!r} is not {kind} from {self._least:,} to {self._most:,}.", param, ctx)
        return number


def data_folder() -> Path:
    """Return the folder for the store of this user.

    Raises:
        click.UsageError: the user has no home folder.
    """
    try:
        folder = platformdirs.user_data_path("forumkg")
    except RuntimeError:
        folder = Path("~")  # what older versions of platformdirs return: a path below any current folder
    if not folder.is_absolute():
        raise click.UsageError("This user has no home folder: name a data directory with --data.")
    return folder


data_option = click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=data_folder,
    show_default="forumkg in your data folder",
    help="Data directory, where the store is kept between starts.",
)
root_option = click.option(
    "--root",
    type=FOLDER,
    metavar="DIR",
    help="Another dataset than the shipped one: a folder with ontology/, graph/ and shapes/.",
)
text_option = click.option(
    "--text",
    type=FILE,
    help="The article text; by default the file that the line `text` of the worksheet names, beside it.",
)
