"""Servers to measure, each started alike: gunicorn, one process, gthread."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
_FLAGS = (
    "--workers=1",
    "--threads=4",
    "--worker-class=gthread",
    "--keep-alive=60",
    "--no-control-socket",
    "--log-level=warning",
)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def served(application: str, port: int, **environment: str) -> Iterator[None]:
    """The application at 127.0.0.1:`port`, ready to answer."""
    command = [sys.executable, "-m", "gunicorn", *_FLAGS, f"--bind=127.0.0.1:{port}", application]
    server = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment})
    try:
        _wait_for(port, server)
        yield
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    """Until a request is answered: the port is open before the application is made."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        assert server.poll() is None, "the server did not start"
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=60) as asked:
                asked.sendall(f"GET / HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
                if asked.recv(12):
                    return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"nothing answers at {port}")
