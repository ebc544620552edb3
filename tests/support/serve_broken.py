"""Serve a dataset by code that divides by zero at every query: arguments as of `forumkg serve`."""

import sys
from typing import NoReturn

from forumkg.cli.serve import command
from forumkg.web.query_service import QueryService


def _answer(*_: object) -> NoReturn:
    raise ZeroDivisionError("a mistake of ours")


if __name__ == "__main__":
    QueryService.begin = _answer  # type: ignore[assignment, method-assign] # the mistake itself
    command(sys.argv[1:])
