"""The shares of connections and of memory for bodies."""

from forumkg.web.http.admission import Admission
from forumkg.web.http.limits import ServerLimits

LIMITS = ServerLimits(client_connections=2, bodies_bytes=100, client_bodies_bytes=60)


class Peer:
    """A connection: idle, receiving or being answered, and closed or not."""

    def __init__(self, state: str = "idle") -> None:
        self.is_idle = state == "idle"
        self.is_receiving = state == "receiving"
        self.is_closed = False

    def close(self) -> None:
        """Note that it was closed."""
        self.is_closed = True


def test_share_of_a_client() -> None:
    """A client that opens more than its share loses its oldest idle connection, and others lose none."""
    admission = Admission(LIMITS, 10)
    other, receiving, first, second = Peer(), Peer("receiving"), Peer(), Peer()
    admission.enter("b", other)
    admission.enter("a", receiving)
    admission.enter("a", first)

    assert admission.enter("a", second)
    assert [peer.is_closed for peer in (other, receiving, first, second)] == [False, False, True, False]
    assert admission.connections == 3


def test_client_without_idle_connections() -> None:
    """Where none is idle, one that still receives a request is closed; where all are answered, none."""
    admission = Admission(LIMITS, 10)
    answered, receiving = Peer("answered"), Peer("receiving")
    admission.enter("a", answered)
    admission.enter("a", receiving)

    assert admission.enter("a", Peer("answered"))
    assert (answered.is_closed, receiving.is_closed) == (False, True)
    assert not admission.enter("a", Peer())
    assert admission.enter("b", Peer())


def test_full() -> None:
    """When all places are taken, the client that has the most gives one up."""
    admission = Admission(ServerLimits(client_connections=10), 4)
    many = [Peer(), Peer()]
    for peer in many:
        admission.enter("many", peer)
    for client in "ab":
        admission.enter(client, Peer())

    assert admission.enter("c", Peer())
    assert [peer.is_closed for peer in many] == [True, False]
    assert admission.connections == 4


def test_proxy_has_no_share() -> None:
    """A proxy that is trusted speaks for many clients."""
    admission = Admission(LIMITS, 10)
    peers = [Peer() for _ in range(5)]

    assert all(admission.enter("proxy", peer, has_share=False) for peer in peers)
    assert not any(peer.is_closed for peer in peers)


def test_leave() -> None:
    """A connection that has left frees its place, once."""
    admission = Admission(LIMITS, 10)
    peer = Peer()
    admission.enter("a", peer)
    admission.leave("a", peer)
    admission.leave("a", peer)

    assert admission.connections == 0


def test_bodies() -> None:
    """Bodies have a bound in all and for each client, until they are released."""
    admission = Admission(LIMITS, 10)

    assert admission.hold("a", 60)
    assert not admission.hold("a", 1)
    assert admission.hold("b", 40)
    assert not admission.hold("c", 1)
    admission.release("a", 60)
    assert admission.hold("c", 1)
    assert admission.bodies_bytes == 41
