"""A bounded queue in which clients take turns."""

from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Generic, TypeVar

__all__ = ["FairQueue"]

_T = TypeVar("_T")


class FairQueue(Generic[_T]):
    """Items of several clients: clients take turns, and the items of each come out in order.

    Not thread-safe.
    """

    def __init__(self, limit: int, share: int) -> None:
        """Make an empty queue.

        Args:
            limit: how many items it holds.
            share: how many of them may be of one client.
        """
        self._limit = limit
        self._share = share
        self._length = 0
        self._clients: OrderedDict[str, deque[_T]] = OrderedDict()

    def __len__(self) -> int:
        return self._length

    def __contains__(self, client: str) -> bool:
        return client in self._clients

    def put(self, client: str, item: _T) -> bool:
        """Add an item; return whether there was room for it."""
        items = self._clients.get(client)
        if self._length >= self._limit or (items is not None and len(items) >= self._share):
            return False
        if items is None:
            items = self._clients[client] = deque()
        items.append(item)
        self._length += 1
        return True

    def get(self, is_eligible: Callable[[str], bool] = lambda _: True) -> tuple[str, _T] | None:
        """Remove and return the next item with its client; None where there is none.

        Args:
            is_eligible: whether a client may have its turn now.
        """
        client = next(filter(is_eligible, self._clients), None)
        if client is None:
            return None
        items = self._clients[client]
        item = items.popleft()
        self._length -= 1
        if items:
            self._clients.move_to_end(client)
        else:
            del self._clients[client]
        return client, item

    def discard(self, client: str, item: _T) -> None:
        """Remove an item, if it is there."""
        items = self._clients.get(client)
        if items is None or item not in items:
            return
        items.remove(item)
        self._length -= 1
        if not items:
            del self._clients[client]
