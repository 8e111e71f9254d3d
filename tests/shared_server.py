"""One server for all processes of a test run: PostgreSQL, the HTML checker.

The first process that asks starts it, the others join, and it goes when the last of them has gone,
however that one ended: a keeper process waits for a file lock that the kernel takes from the dead.
"""

import fcntl
import importlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 60.0  # seconds; a cold Java or initdb on a busy machine


class NotStarted(Exception):
    """The server did not come up; the words of its keeper are in the message."""


@contextmanager
def joined(folder: Path, module: str) -> Iterator[str]:
    """The address of the server that `module` serves, shared by all who name the same folder.

    `module` has a context manager `served(folder)` that starts the server in an empty folder and
    yields its address. Raises NotStarted.
    """
    folder.mkdir(parents=True, exist_ok=True)
    name = module.rpartition(".")[2]
    with (folder / f"{name}.users").open("w") as users:
        with (folder / f"{name}.starting").open("w") as starting:
            fcntl.flock(starting, fcntl.LOCK_EX)
            # Waits here while the keeper of an earlier server, left by all, is putting it away.
            fcntl.flock(users, fcntl.LOCK_SH)
            address = folder / f"{name}.address"
            if not address.exists():
                _start_keeper(folder, module, address)
        yield address.read_text()


def run_folder() -> Path:
    """A folder that all workers of one pytest run share, and no other run."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or f"alone-{os.getpid()}"
    return ROOT / ".cache" / "test-servers" / run


def _start_keeper(folder: Path, module: str, address: Path) -> None:
    words = folder / f"{address.stem}.words"
    with words.open("wb") as out:
        keeper = subprocess.Popen(
            [sys.executable, "-m", "tests.shared_server", str(folder), module],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,  # Ctrl-C stops the tests; the keeper then sees them go
        )
    deadline = time.monotonic() + PATIENCE
    while not address.exists():
        if keeper.poll() is not None or time.monotonic() > deadline:
            keeper.terminate()
            raise NotStarted(f"{module} did not start:\n{words.read_text(errors='replace')}")
        time.sleep(0.02)
    # It outlives this process when others still use the server, so nobody here waits for its end.
    keeper.returncode = 0


def _keep(folder: Path, module: str) -> None:
    # So that a keeper told to go takes its server along.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    name = module.rpartition(".")[2]
    address = folder / f"{name}.address"
    served = importlib.import_module(module).served
    with (
        (folder / f"{name}.users").open("w") as users,
        tempfile.TemporaryDirectory(prefix=f"{name}-") as place,
        served(Path(place)) as where,
    ):
        written = address.with_suffix(".part")
        written.write_text(where)
        written.rename(address)
        fcntl.flock(users, fcntl.LOCK_EX)  # held by every user: comes when all have gone
        address.unlink()


if __name__ == "__main__":
    _keep(Path(sys.argv[1]), sys.argv[2])
