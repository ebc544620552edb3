"""The queue in which clients take turns."""

from collections import deque

from hypothesis import given
from hypothesis import strategies as st

from forumkg.workers.fair_queue import FairQueue


def test_clients_take_turns() -> None:
    """A client that comes last with one item waits for one of each other client."""
    queue: FairQueue[int] = FairQueue(10, 5)
    for item in range(4):
        queue.put("many", item)
    queue.put("one", 10)

    assert [queue.get() for _ in range(6)] == [
        ("many", 0),
        ("one", 10),
        *(("many", n) for n in (1, 2, 3)),
        None,
    ]


def test_bounds() -> None:
    """No client has more than its share, and all together have no more than there is room for."""
    queue: FairQueue[int] = FairQueue(3, 2)

    assert [queue.put(client, 0) for client in ("a", "a", "a", "b", "c")] == [True, True, False, True, False]
    assert len(queue) == 3


def test_client_that_may_not_have_its_turn() -> None:
    """A client that may not go on is passed over, and keeps its place."""
    queue: FairQueue[int] = FairQueue(3, 2)
    queue.put("a", 1)
    queue.put("b", 2)

    assert queue.get(lambda client: client != "a") == ("b", 2)
    assert queue.get(lambda client: client != "a") is None
    assert queue.get() == ("a", 1)


STEPS = st.lists(st.tuples(st.sampled_from(["put", "get", "discard"]), st.sampled_from("abc")), max_size=60)


@given(STEPS)
def test_any_steps(steps: list[tuple[str, str]]) -> None:
    """Whatever comes and goes, each client's items come in their order, and none is lost or doubled."""
    queue: FairQueue[int] = FairQueue(8, 4)
    expected: dict[str, deque[int]] = {client: deque() for client in "abc"}
    for number, (step, client) in enumerate(steps):
        waiting = sum(map(len, expected.values()))
        if step == "put":
            has_room = waiting < 8 and len(expected[client]) < 4
            assert queue.put(client, number) is has_room
            if has_room:
                expected[client].append(number)
        elif step == "discard":
            queue.discard(client, expected[client].pop() if expected[client] else -1)
        else:
            found = queue.get()
            assert (found is None) is (waiting == 0)
            if found:
                assert found[1] == expected[found[0]].popleft()
        assert len(queue) == sum(map(len, expected.values()))
