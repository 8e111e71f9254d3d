"""Work that happens after the answer: a queue that only wakes, and workers that do what is due.

A room names its task with `jobs.task`; `jobs.wake` asks for a run of it soon. Everything that must
not be lost stands in a row: a wake that was lost, or a worker killed in the middle, is made good by
the same task's next tick. Tasks are therefore safe to run twice, at once, and for nothing.

`python app.py` runs the workers in threads of its own (`run_in_thread`), production in a process
of theirs (`run_forever`).
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from sqlite3 import Connection
from typing import TypeVar

from huey import Huey, PostgresHuey
from huey.consumer import Consumer, Scheduler
from huey.storage import SqliteStorage
from psycopg import OperationalError

from onboarding import clock, database
from onboarding.config import Misconfigured, Settings

Work = Callable[..., object]
_Work = TypeVar("_Work", bound=Work)

TICK_SECONDS = 5
# A queue in a file is looked at this often, so that a code is on its way before its page is drawn.
_LOOK_SECONDS = 0.05
_NAME = "onboarding"
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Task:
    run: Work
    every_seconds: int | None


@dataclass(frozen=True)
class _Queue:
    huey: Huey
    put: Callable[..., object]


_tasks: dict[str, _Task] = {}
_last_woken: dict[str, float] = {}
_queue: _Queue | None = None
_is_immediate = False
_hanging_up = threading.Lock()


def task(name: str, every_seconds: int | None = None) -> Callable[[_Work], _Work]:
    """Makes a function the work called `name`, to be run when woken.

    `every_seconds` runs it without arguments that often as well (to the tick), in each process of
    workers. What `wake` passes on are plain strings.
    """

    def register(work: _Work) -> _Work:
        _tasks[name] = _Task(work, every_seconds)
        return work

    return register


def configure(settings: Settings, *, immediate: bool = False) -> None:
    """Opens the queue: a file in the data directory, or tables in PostgreSQL where that is set.

    `immediate` is for tests: a wake does the work before it returns.
    """
    global _queue, _is_immediate
    _is_immediate = immediate
    _last_woken.clear()
    _queue = None if immediate else _opened(settings)


def wake(name: str, *arguments: str) -> None:
    """Asks for a run of the task soon. Never fails: the act that calls it is committed already.

    Before `configure` it does nothing: a command that needs no workers leaves the rows to them.
    """
    if _is_immediate:
        # A thread of its own: this one is still leaving the transaction that was just committed.
        thread = threading.Thread(target=run, args=(name, *arguments))
        thread.start()
        thread.join()
    elif _queue is not None:
        try:
            _queue.put(name, *arguments)
        except Exception:
            # Whatever is wrong with the queue, the row is safe and the next tick finds it.
            _log.exception("The queue could not be woken for %s", name)


def close() -> None:
    """Forgets the queue: a wake does nothing until `configure` is called again."""
    global _queue, _is_immediate
    if _queue is not None:
        _hang_up(_queue.huey)
    _queue, _is_immediate = None, False


def run(name: str, *arguments: str) -> None:
    """Does the task's work now, in this thread."""
    try:
        _tasks[name].run(*arguments)
    finally:
        database.end_reads()


def tick() -> None:
    """Wakes every task whose time has come round again."""
    now = clock.monotonic()
    for name, known in _tasks.items():
        if known.every_seconds and now - _last_woken.get(name, 0) >= known.every_seconds:
            _last_woken[name] = now
            wake(name)


def waiting() -> int:
    """How many wakes no worker has taken up yet."""
    return _queue.huey.pending_count() if _queue is not None else 0


def run_pending() -> None:
    """Does at once, in this thread, what workers would do by and by: for tests."""
    while _queue is not None and (waiting := _queue.huey.dequeue()) is not None:
        if waiting.args:
            run(*waiting.args)
    for name, known in list(_tasks.items()):
        if known.every_seconds:
            run(name)


def run_in_thread(workers: int = 2) -> Callable[[], None]:
    """Starts workers in daemon threads of this process; the answer stops them."""
    consumer = _Threads(_configured().huey, workers=workers, **_PACE)
    consumer.start()
    return lambda: consumer.stop(graceful=True)


def run_forever(workers: int = 4) -> None:
    """Is the worker process, until SIGTERM or SIGINT; what has begun is finished first."""
    _Consumer(_configured().huey, workers=workers, graceful_signal="TERM", **_PACE).run()


_PACE = {"initial_delay": _LOOK_SECONDS, "max_delay": 2 * _LOOK_SECONDS}


class _Ticker(Scheduler):
    periodic_task_seconds = TICK_SECONDS


class _Consumer(Consumer):
    scheduler_class = _Ticker


class _Threads(_Consumer):
    def _set_signal_handlers(self) -> None:
        """Signals belong to the web server that these threads live beside."""


class _FileStorage(SqliteStorage):
    def _create_connection(self) -> Connection:
        """Without waiting for the disk at each wake: a lost wake costs one tick."""
        connection: Connection = super()._create_connection()
        connection.execute("PRAGMA synchronous=NORMAL")
        return connection


def _opened(settings: Settings) -> _Queue:
    url = settings.jobs_url or settings.database_url
    if url.startswith("postgres"):
        dsn = "postgresql://" + url.partition("://")[2]
        huey = _in_postgresql(dsn)
    else:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        file = settings.data_dir / "jobs.db"
        huey = Huey(_NAME, storage_class=_FileStorage, filename=str(file), results=False)
    huey.on_shutdown("hang up")(lambda: _hang_up(huey))
    huey.periodic_task(lambda _: True, name="tick")(tick)
    return _Queue(huey, huey.task(name="run")(run))


def _in_postgresql(dsn: str) -> Huey:
    """Its tables are looked for at once. Raises Misconfigured where nobody answers."""
    try:
        return PostgresHuey(_NAME, dsn=dsn, results=False)
    except OperationalError as refusal:
        reason = str(refusal).strip().partition("\n")[0]
        raise Misconfigured([f"DATABASE_URL or JOBS_URL cannot be reached: {reason}"]) from refusal


def _hang_up(huey: Huey) -> None:
    """Closes this thread's connections; each worker does, and huey's own closing bears one only."""
    with _hanging_up:
        huey.storage.close()


def _configured() -> _Queue:
    if _queue is None:
        raise RuntimeError("No queue yet: call jobs.configure(settings) first.")
    return _queue
