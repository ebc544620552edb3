"""Run the command `forumkg`, which Ctrl-C ends without a traceback from its first line on."""

import os
import signal
from types import FrameType

__all__ = ["main"]

# The status of a command that Ctrl-C has ended: 128, and the number of the signal.
INTERRUPTED = 130


def _exit(_number: int, _frame: FrameType | None) -> None:
    os._exit(INTERRUPTED)


def main() -> None:
    """Run the command; until it begins, and after its end, there is nothing to clean up at Ctrl-C."""
    is_interruptible = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if is_interruptible:
        signal.signal(signal.SIGINT, _exit)
    from forumkg.cli import main as run  # noqa: PLC0415 (takes most of the time until the command begins)

    try:
        run()
    finally:
        if is_interruptible:
            signal.signal(signal.SIGINT, _exit)


if __name__ == "__main__":
    main()
