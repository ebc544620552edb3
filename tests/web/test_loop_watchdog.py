"""The watchdog of the event loop."""

import asyncio
import time
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from forumkg.web.loop_watchdog import LoopWatchdog, Stall


class Clock:
    """A clock that stands still until it is moved."""

    now = 1000.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


def work(seconds: float) -> None:
    """Use the processor for some time of this thread."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


def stall_of(block: Callable[[float], None]) -> Stall:
    """Return the longest stall of a loop that one callback blocks for 0.3 seconds."""
    watchdog = LoopWatchdog()

    async def main() -> None:
        loop = asyncio.get_running_loop()
        with watchdog.watching(loop):
            loop.call_later(0.01, block, 0.3)
            while not watchdog.longest.elapsed > 0.2:
                await asyncio.sleep(0.01)

    asyncio.run(asyncio.wait_for(main(), 20))
    return watchdog.longest


def test_watching_a_callback_that_works() -> None:
    """A callback that computes is a stall by both clocks."""
    assert stall_of(work).processor > 0.2


def test_watching_a_callback_that_waits() -> None:
    """A callback that waits, as a busy machine makes each wait, is none by the clock of the processor."""
    assert stall_of(time.sleep).processor < 0.2


def test_watching_ends_with_its_context() -> None:
    """Nothing is left on the loop."""
    watchdog = LoopWatchdog()

    async def main() -> None:
        with watchdog.watching(asyncio.get_running_loop()):
            await asyncio.sleep(0.1)
        work(0.3)
        await asyncio.sleep(0.1)

    asyncio.run(main())
    assert watchdog.longest.processor < 0.2


STALLS = st.lists(st.tuples(st.floats(0, 90), st.floats(0, 10), st.floats(0, 10)), max_size=30)


@given(STALLS)
def test_record_longest_of_all_and_of_the_minute(stalls: list[tuple[float, float, float]]) -> None:
    """Both figures are the longest by each clock: of all stalls, and of those of the last sixty seconds."""
    clock = Clock()
    watchdog = LoopWatchdog(clock)
    seen: list[tuple[int, Stall]] = []

    for pause, elapsed, processor in stalls:
        clock.now += pause
        watchdog.record(Stall(elapsed, processor))
        seen.append((int(clock.now), Stall(elapsed, processor)))
        recent = [stall for second, stall in seen if int(clock.now) - second < 60]
        assert watchdog.longest_of_minute == longest(recent)
        assert watchdog.longest == longest([stall for _, stall in seen])

    clock.now += 61
    assert watchdog.longest_of_minute == Stall(0, 0)


def longest(stalls: list[Stall]) -> Stall:
    """Return the longest by each clock."""
    return Stall(max(stall.elapsed for stall in stalls), max(stall.processor for stall in stalls))
