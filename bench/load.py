"""A small load generator: a few connections that are kept open, each asking again once answered.

Plain sockets, so that what asks costs far less than what answers.
"""

import selectors
import socket
import time
from dataclasses import dataclass

CONNECTIONS = 4


@dataclass(frozen=True)
class Target:
    """A request to repeat, and the status that each answer must have."""

    port: int
    path: str
    status: int
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def request(self) -> bytes:
        lines = [f"GET {self.path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()


class WrongAnswer(Exception):
    """What was measured was not the right answer."""


def requests_a_second(target: Target, seconds: float) -> float:
    """How many answers came a second, over connections that stay open."""
    with selectors.DefaultSelector() as waiting:
        for _ in range(CONNECTIONS):
            connection = socket.create_connection(("127.0.0.1", target.port), timeout=10)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.sendall(target.request)
            waiting.register(connection, selectors.EVENT_READ, bytearray())
        begun = time.perf_counter()
        count = _ask_until(waiting, target, begun + seconds)
        took = time.perf_counter() - begun
        for key in list(waiting.get_map().values()):
            key.fileobj.close()  # type: ignore[union-attr]
    return count / took


def _ask_until(waiting: selectors.BaseSelector, target: Target, end: float) -> int:
    count, request, expected = 0, target.request, f" {target.status} ".encode()
    while time.perf_counter() < end:
        for key, _ in waiting.select(1):
            connection, got = key.fileobj, key.data
            part = connection.recv(65_536)  # type: ignore[union-attr]
            if not part:
                raise WrongAnswer(f"{target.path}: the connection was closed")
            got += part
            if not _is_whole(got):
                continue
            if expected not in got[:20]:
                raise WrongAnswer(f"{target.path}: {bytes(got[:200])!r}")
            got.clear()
            count += 1
            connection.sendall(request)  # type: ignore[union-attr]
    return count


def _is_whole(got: bytearray) -> bool:
    head, ended, body = bytes(got).partition(b"\r\n\r\n")
    if not ended:
        return False
    lower = head.lower()
    if b"transfer-encoding: chunked" in lower:
        return body.endswith(b"0\r\n\r\n")
    _, named, rest = lower.partition(b"content-length:")
    return len(body) >= int(rest.split(b"\r\n", 1)[0]) if named else True
