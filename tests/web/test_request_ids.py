"""The ids of requests and queries."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumkg.web.request_ids import choose_request_id, new_id


@pytest.mark.parametrize(
    "sent",
    [
        "1",
        "01ARZ3NDEKTSV4RRFFQ69G5FAV",
        "0e8c5a1c-4b42-4a7c-8f8e-2d9a0f0c5d11",
        "Root=1-67891233-abcdef012345678912345678",
        "a" * 128,
    ],
)
def test_sane_id_is_kept(sent: str) -> None:
    """An id in one of the forms that proxies send stays as it is."""
    assert choose_request_id(sent) == sent


@given(st.one_of(st.none(), st.text(), st.from_regex(r"\A[ -~]*[\s\"'<>\\;,{}][ -~]*\Z"), st.just("a" * 129)))
def test_any_other_id_is_replaced(sent: str | None) -> None:
    """Whatever is sent, an id is 1 to 128 letters, digits and a few signs that are safe everywhere."""
    chosen = choose_request_id(sent)

    assert 1 <= len(chosen) <= 128
    assert chosen.isascii()
    assert not set(chosen) - set("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ._:/+=@-")


@pytest.mark.parametrize("sent", [None, "", "a b", "a\r\nSet-Cookie: b=c", "é", "\x1b[31m", "-a", "a" * 129])
def test_id_that_is_not_sane(sent: str | None) -> None:
    """An id that could do harm gives way to a new one."""
    chosen = choose_request_id(sent)

    assert chosen != sent
    assert len(chosen) == 32


def test_new_ids_differ() -> None:
    """Thousands of ids that many threads take at once all differ, and have 128 bits."""
    with ThreadPoolExecutor(8) as threads:
        found = [*threads.map(lambda _: new_id(), range(5000))]

    assert len({*found}) == 5000
    assert {len(bytes.fromhex(each)) for each in found} == {16}
