"""Random bytes for names."""

from concurrent.futures import ThreadPoolExecutor

from forumkg.web.random_ids import random_bytes


def test_no_two_are_the_same() -> None:
    """Thousands that many threads take at once all differ, and have 128 bits."""
    with ThreadPoolExecutor(8) as threads:
        found = [*threads.map(lambda _: random_bytes(), range(5000))]

    assert len({*found}) == 5000
    assert {len(each) for each in found} == {16}
