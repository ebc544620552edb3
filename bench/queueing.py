"""Simulate replicas behind a balancer: who waits for which processor, and for how long.

A query passes through the balancer, the event loop of its client's replica, and, unless it is a small
look-up, a worker of the fast lane; one that has worked longer than a second goes on in the slow lane. Each of
these steps takes a processor of its machine. Clients stay with one replica, as in `deploy/haproxy.cfg`.
"""

import random
import statistics
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any, Final, TypeAlias

import simpy

__all__ = ["Costs", "Machine", "Outcome", "simulate_arrivals", "simulate_clients"]

# How long a step has a processor before others that wait for it have their turn, about as Linux schedules.
_SLICE: Final = 0.003
# After this time a query leaves the fast lane.
_FAST: Final = 1.0

_Steps: TypeAlias = Generator[Any, Any, None]


@dataclass(frozen=True, slots=True)
class Costs:
    """What a query of one kind costs: processor time in seconds.

    Attributes:
        share: Its share of the queries, 0 to 1.
        client: Of the client that sends it; 0 where clients have machines of their own.
        balancer: Of the balancer.
        server: Of the event loop of the replica.
        worker: Of a worker; 0 where the event loop evaluates it.
    """

    share: float
    client: float
    balancer: float
    server: float
    worker: float


@dataclass(frozen=True, slots=True)
class Machine:
    """What runs a replica.

    Attributes:
        processors: Their number.
        workers: Places of the fast lane.
        slow_workers: Places of the slow lane.
    """

    processors: int = 2
    workers: int = 2
    slow_workers: int = 2


@dataclass(slots=True)
class Outcome:
    """What clients notice.

    Attributes:
        seconds: Simulated time in which queries were answered.
        latencies: Of each answered query, in seconds.
    """

    seconds: float
    latencies: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """The queries that were answered in a second."""
        return len(self.latencies) / self.seconds

    @property
    def median(self) -> float:
        """The median of the latencies, in seconds."""
        return statistics.median(self.latencies)

    @property
    def p99(self) -> float:
        """The 99th percentile of the latencies, in seconds."""
        return statistics.quantiles(self.latencies, n=100)[98]


class _Replica:
    """The queues of one replica; replicas on one machine share its processors."""

    def __init__(self, env: simpy.Environment, machine: Machine, processors: simpy.Resource) -> None:
        self._env = env
        self._processors = processors
        self._loop = simpy.Resource(env)
        self._fast = simpy.Resource(env, machine.workers)
        self._slow = simpy.Resource(env, machine.slow_workers)

    def answer(self, costs: Costs) -> _Steps:
        """Let a query pass through the event loop and, where it needs one, a worker."""
        yield from _in(self._loop, _work(self._env, self._processors, costs.server))
        if costs.worker:
            fast = min(costs.worker, _FAST)
            yield from _in(self._fast, _work(self._env, self._processors, fast))
        if costs.worker > _FAST:
            yield from _in(self._slow, _work(self._env, self._processors, costs.worker - _FAST))


class _Site:
    """A balancer and its replicas.

    Args:
        is_shared: Whether one machine runs all: replicas, balancer and clients.
    """

    def __init__(self, env: simpy.Environment, machine: Machine, replicas: int, *, is_shared: bool) -> None:
        self.env = env
        one = simpy.Resource(env, machine.processors)
        self._here = one if is_shared else simpy.Resource(env, machine.processors)
        self._client = one if is_shared else None
        self._replicas = [
            _Replica(env, machine, one if is_shared else simpy.Resource(env, machine.processors))
            for _ in range(replicas)
        ]

    def query(self, client: int, costs: Costs, done: Callable[[float], None]) -> _Steps:
        """Let a client send a query, and report how long it took."""
        began = self.env.now
        if self._client is not None:
            yield from _work(self.env, self._client, costs.client)
        yield from _work(self.env, self._here, costs.balancer)
        yield from self._replicas[client % len(self._replicas)].answer(costs)
        done(self.env.now - began)


def simulate_clients(  # noqa: PLR0913 (a description of the whole)
    kinds: Sequence[Costs],
    machine: Machine,
    *,
    replicas: int,
    clients: Sequence[int],
    seconds: float,
    seed: int = 0,
) -> Outcome:
    """Simulate clients on the machine of the replicas, each of which sends a query after the other.

    Args:
        kinds: The kinds of queries.
        machine: What runs everything.
        replicas: How many of them.
        clients: For each client, the replica that the balancer gives it.
        seconds: Simulated time.
        seed: Of the choice of kinds.
    """
    env = simpy.Environment()
    site = _Site(env, machine, replicas, is_shared=True)
    outcome = Outcome(seconds)
    draw = _draw(kinds, random.Random(seed))  # noqa: S311 (reproducible)

    def client(number: int) -> _Steps:
        while True:
            yield from site.query(number, draw(), outcome.latencies.append)

    for number in clients:
        env.process(client(number))
    env.run(seconds)
    return outcome


def simulate_arrivals(  # noqa: PLR0913 (a description of the whole)
    kinds: Sequence[Costs],
    machine: Machine,
    *,
    replicas: int,
    rate: float,
    seconds: float,
    seed: int = 0,
) -> Outcome:
    """Simulate queries of many clients, which arrive independently, and replicas with a machine each.

    Args:
        kinds: The kinds of queries.
        machine: What runs one replica, and another one the balancer.
        replicas: How many of them.
        rate: Queries a second that arrive.
        seconds: Simulated time.
        seed: Of the arrivals and of the choice of kinds.
    """
    env = simpy.Environment()
    site = _Site(env, machine, replicas, is_shared=False)
    outcome = Outcome(seconds)
    chance = random.Random(seed)  # noqa: S311 (reproducible)
    draw = _draw(kinds, chance)

    def arrivals() -> _Steps:
        while True:
            yield env.timeout(chance.expovariate(rate))
            client = chance.randrange(replicas)
            env.process(site.query(client, draw(), outcome.latencies.append))

    env.process(arrivals())
    env.run(seconds)
    return outcome


def _draw(kinds: Sequence[Costs], chance: random.Random) -> Callable[[], Costs]:
    weights = list(accumulate(kind.share for kind in kinds))
    return lambda: chance.choices(kinds, cum_weights=weights)[0]


def _in(place: simpy.Resource, steps: _Steps) -> _Steps:
    """Take the steps while having a place."""
    with place.request() as request:
        yield request
        yield from steps


def _work(env: simpy.Environment, processors: simpy.Resource, seconds: float) -> _Steps:
    """Use a processor, slice by slice, in turns with all others."""
    while seconds > 0:
        with processors.request() as request:
            yield request
            yield env.timeout(min(seconds, _SLICE))
        seconds -= _SLICE
