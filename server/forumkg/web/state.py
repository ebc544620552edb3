"""The version of the dataset that an application answers from."""

from typing import Final

from flask import Flask, current_app

from forumkg.engine.versions import Version

__all__ = ["keep", "served"]

_KEY: Final = "forumkg"


def keep(app: Flask, version: Version) -> None:
    """Have an application answer from a version."""
    app.extensions[_KEY] = version


def served() -> Version:
    """Return the version that the application of this request answers from."""
    version = current_app.extensions[_KEY]
    if not isinstance(version, Version):
        raise TypeError(f"The application was made without a version: {version!r}.")
    return version
