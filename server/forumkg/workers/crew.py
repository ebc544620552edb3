"""Keep workers ready, so that no query waits until one is forked."""

import threading
from contextlib import suppress

from forumkg.errors import ForumKgError
from forumkg.workers.handles import Worker
from forumkg.workers.processes import Zygote

__all__ = ["Crew"]


class Crew:
    """The workers that wait for a query."""

    def __init__(self, zygote: Zygote, size: int, most: int) -> None:
        """Have `size` workers wait from the start, and up to `most` after there was more to do.

        A new worker has to read what one that has worked has in memory.
        """
        self._zygote = zygote
        self._size = size
        self._most = most
        self._lock = threading.Lock()
        self._idle: list[Worker] = []
        for _ in range(size):
            self.give_back(zygote.fork())

    @property
    def idle(self) -> int:
        """How many workers wait."""
        return len(self._idle)

    def take(self) -> Worker:
        """Return a worker that lives.

        Raises:
            PoolBusy: the system gives no more processes.
            StoreError: the zygote has died, and no new one can be started.
        """
        while True:
            worker = self.take_idle()
            if worker is None:
                return self._zygote.fork()
            worker.leave()
            if worker.alive():
                return worker
            self.dismiss(worker)

    def take_idle(self) -> Worker | None:
        """Return one of those who wait, if it still lives, or None: at once, whatever else is done."""
        with self._lock:
            return self._idle.pop() if self._idle else None

    def give_back(self, worker: Worker) -> None:
        """Have a worker wait that is as good as new, in the place of another one where enough do.

        The last to come is the first to be asked again: it has in memory what it has just read.
        """
        if surplus := self.exchange(worker):
            self.dismiss(surplus)

    def exchange(self, worker: Worker) -> Worker | None:
        """Have a worker wait, and return one that is too many, if one is: whoever takes it ends it."""
        with self._lock:
            self._idle.append(worker)
            return self._idle.pop(0) if len(self._idle) > self._most else None

    def dismiss(self, worker: Worker) -> tuple[int | None, str]:
        """End a worker; return its wait status, None where nobody knows, and its last words."""
        return self._zygote.end(worker)

    def replace(self) -> None:
        """Have one more worker wait, unless enough do; one that will not come is forked when it is needed."""
        if len(self._idle) < self._size:
            with suppress(ForumKgError):
                self._have_wait(self._zygote.fork())

    def _have_wait(self, worker: Worker) -> None:
        """Have a new worker wait behind those who have worked."""
        with self._lock:
            is_needed = len(self._idle) < self._size
            if is_needed:
                self._idle.insert(0, worker)
        if not is_needed:
            self.dismiss(worker)

    def close(self) -> None:
        """End all who wait."""
        while True:
            with self._lock:
                worker = self._idle.pop() if self._idle else None
            if worker is None:
                return
            self.dismiss(worker)
