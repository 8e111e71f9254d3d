"""A PostgreSQL of the tests' own: a fresh cluster in a temporary folder, thrown away after.

PostgreSQL refuses to run as root, so root hands it to `nobody`; anybody else runs it as themself.
"""

import atexit
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg

from tests.shared_server import joined, run_folder

OWNER = "onboarding"  # the database's superuser; no account of the machine
UNPRIVILEGED = "nobody"
ATTEMPTS = 5  # another process may take the port between our finding it free and using it
INITDB = ["-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"]
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "64MB",
    # Nothing here outlives the tests: what a crash of the machine would lose is not waited for.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    # Times come out as they went in, wherever the machine stands.
    "timezone": "UTC",
    "log_min_messages": "warning",
}

_opened = ExitStack()
_url: str | None = None


class NoPostgres(Exception):
    """PostgreSQL is not installed, or did not start; says which, and what to do."""


def start() -> str:
    """SQLAlchemy URL of the server that this test run shares; it stops when the run is over."""
    global _url
    if _url is None:
        atexit.register(_opened.close)
        _url = _opened.enter_context(joined(run_folder(), "tests.databases.postgres"))
    return _url


@contextmanager
def database() -> Iterator[str]:
    """URL of a new, empty database on that server; dropped at the end, open connections or not."""
    server = start()
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(_plain(server), autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    try:
        yield f"{server.rpartition('/')[0]}/{name}"
    finally:
        with psycopg.connect(_plain(server), autocommit=True) as admin:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """A new cluster in `folder`, running as long as the context."""
    programs = _programs()
    cluster = folder / "cluster"
    user = UNPRIVILEGED if os.geteuid() == 0 else ""
    if user:
        owner = pwd.getpwnam(user)
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    subprocess.run(
        [programs / "initdb", "-D", cluster, "-U", OWNER, *INITDB],
        check=True,
        cwd="/",
        stdout=subprocess.DEVNULL,
        **_user_arguments(user),
    )
    with _running(programs / "postgres", cluster, user) as port:
        yield f"postgresql+psycopg://{OWNER}@127.0.0.1:{port}/postgres"


@contextmanager
def _running(postgres: Path, cluster: Path, user: str) -> Iterator[int]:
    for _ in range(ATTEMPTS):
        port = _free_port()
        settings = [f"--{name}={value}" for name, value in SETTINGS.items()]
        server = subprocess.Popen(
            [postgres, "-D", cluster, f"--port={port}", *settings], cwd="/", **_user_arguments(user)
        )
        try:
            if _answers(server, port, cluster):
                yield port
                return
        finally:
            # SIGINT is PostgreSQL's "fast": it ends sessions itself instead of waiting for them.
            _stop(server)
    raise NoPostgres("PostgreSQL did not start; its own words stand above.")


def _stop(server: subprocess.Popen[bytes]) -> None:
    if server.poll() is None:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _answers(server: subprocess.Popen[bytes], port: int, cluster: Path) -> bool:
    """Waits for the server; False where it gave up, as it does when another has the port."""
    deadline = time.monotonic() + 30
    while server.poll() is None and time.monotonic() < deadline:
        try:
            with psycopg.connect(f"postgresql://{OWNER}@127.0.0.1:{port}/postgres") as session:
                if session.execute("SHOW data_directory").fetchone() == (str(cluster),):
                    return True
        except psycopg.OperationalError:
            pass
        time.sleep(0.05)
    return False


def _programs() -> Path:
    """The folder of initdb and postgres: on PATH, or where Debian keeps the newest version."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = sorted(versions, key=lambda path: float(path.parts[-3]))
    if not newest:
        raise NoPostgres("PostgreSQL is not installed. On Debian: apt install postgresql")
    return newest[-1].parent


def _user_arguments(user: str) -> dict:
    """What makes subprocess run a program as `user`; nothing for "", ourselves."""
    if not user:
        return {}
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _plain(url: str) -> str:
    """libpq knows the address without SQLAlchemy's word for the driver."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)
