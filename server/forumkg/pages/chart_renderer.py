"""Draw an SVG file as PNG, in a process of its own.

`python -m forumkg.pages.chart_renderer < chart.svg > chart.png`. The library holds the interpreter while it
draws: in the server's own process no other request would be answered for up to a second on a busy machine.
"""

import resource
import subprocess
import sys
import time
from typing import Final

from forumkg.errors import LimitError

__all__ = ["FONTS", "render_png"]

# The families of a chart: the first that a machine has is used. Without one of them nothing is written.
FONTS: Final = "'Noto Sans', 'DejaVu Sans', 'Liberation Sans', Arial, Helvetica, sans-serif"

_SECONDS: Final = 10
_MEMORY: Final = 1024 * 1024 * 1024
# Twice as many dots as the file has units: sharp on the screens of today, and in print.
_ZOOM: Final = 2
_NO_FONT: Final = 3
_PROBE: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20" font-family="{fonts}">'
    '<text y="16">{text}</text></svg>'
)


def render_png(svg: bytes) -> tuple[bytes, float]:
    """Return an SVG file as PNG, and the seconds that this took.

    Raises:
        LimitError: it takes too long, or the machine has no font to write its texts with.
    """
    begun = time.monotonic()
    try:
        done = subprocess.run(  # noqa: S603 (this module, with a chart of our own)
            [sys.executable, "-m", __name__], input=svg, capture_output=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise LimitError(
            f"The chart took longer than {_SECONDS} s to draw: take the SVG file.", retry_after=_SECONDS
        ) from error
    if done.returncode == _NO_FONT:
        raise LimitError(
            "This server has no font to write the texts of a PNG file with: take the SVG file, "
            "or have its operator install one, such as fonts-dejavu-core."
        )
    if done.returncode:
        raise LimitError(f"The chart was not drawn: {done.stderr.decode(errors='replace')[-200:]!r}.")
    return done.stdout, time.monotonic() - begun


def _main() -> None:
    import resvg_py  # noqa: PLC0415 (in the process that draws, alone)

    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    probe = _PROBE.format(fonts=FONTS, text="x")
    if resvg_py.svg_to_bytes(svg_string=probe) == resvg_py.svg_to_bytes(
        svg_string=probe.replace(">x<", "><")
    ):
        sys.exit(_NO_FONT)
    sys.stdout.buffer.write(resvg_py.svg_to_bytes(svg_string=sys.stdin.read(), zoom=_ZOOM))


if __name__ == "__main__":
    _main()
