"""The queue and its workers: a wake is taken up at once, a lost one by the next tick."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from onboarding import database, jobs
from onboarding.config import Settings
from tests.databases import postgres

done: list[tuple[str, ...]] = []


@jobs.task("test: note")
def note(*words: str) -> None:
    done.append(words)


@jobs.task("test: note every tick", every_seconds=1)
def note_tick() -> None:
    done.append(("tick",))


@jobs.task("test: fail")
def fail() -> None:
    raise ZeroDivisionError


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(
    request: pytest.FixtureRequest, tmp_path: Path, blank_database: Path
) -> Iterator[Settings]:
    """A queue of either kind. The rooms' own tasks find their tables, and nothing in them."""
    done.clear()
    shutil.copy(blank_database, tmp_path / "test.db")
    with ExitStack() as opened:
        plain = Settings(mode="test", data_dir=tmp_path)
        if request.param == "postgresql":
            plain = replace(plain, jobs_url=opened.enter_context(postgres.database()))
        database.configure(f"sqlite:///{tmp_path}/test.db")
        yield plain
        jobs.close()


def seen(words: tuple[str, ...], within: float = 5) -> bool:
    end = time.monotonic() + within
    while words not in done and time.monotonic() < end:
        time.sleep(0.005)
    return words in done


@pytest.fixture
def workers(settings: Settings) -> Iterator[Callable[[], None]]:
    jobs.configure(settings)
    stop = jobs.run_in_thread()
    yield stop
    stop()


def test_a_wake_is_taken_up_at_once(workers: object) -> None:
    assert seen(("tick",))
    begun = time.monotonic()
    jobs.wake("test: note", "a", "b")
    assert seen(("a", "b"))
    assert time.monotonic() - begun < 0.4


def test_the_first_tick_comes_at_once_after_a_start(workers: object) -> None:
    assert seen(("tick",), within=3)


def test_work_that_fails_does_not_stop_the_worker(workers: object) -> None:
    jobs.wake("test: fail")
    jobs.wake("test: note", "after")
    assert seen(("after",))


def test_a_wake_outlives_a_worker_that_is_not_there(settings: Settings) -> None:
    jobs.configure(settings)
    jobs.wake("test: note", "waiting")
    assert jobs.waiting() == 1
    jobs.close()
    jobs.configure(settings)
    stop = jobs.run_in_thread()
    assert seen(("waiting",))
    stop()


def test_a_queue_that_is_broken_does_not_fail_the_act(settings: Settings) -> None:
    jobs.configure(replace(settings, jobs_url=""))
    for file in settings.data_dir.glob("jobs.db*"):
        file.unlink()
        file.mkdir()
    jobs.wake("test: note", "nowhere")
    assert done == []


def test_without_a_queue_a_wake_waits_for_the_next_tick() -> None:
    jobs.close()
    jobs.wake("test: note", "nobody")
    assert done == []


def test_pending_work_can_be_done_at_once(settings: Settings) -> None:
    jobs.configure(settings)
    jobs.wake("test: note", "now")
    jobs.run_pending()
    assert ("now",) in done
    assert ("tick",) in done


def test_a_worker_that_is_asked_to_stop_finishes_first(settings: Settings, tmp_path: Path) -> None:
    program = f"""
import sys, time
from pathlib import Path
from onboarding import jobs
from onboarding.config import Settings
@jobs.task("slow")
def slow():
    Path({str(tmp_path / "begun")!r}).touch()
    time.sleep(1)
    Path({str(tmp_path / "finished")!r}).touch()
folder = Path({str(tmp_path)!r})
jobs.configure(Settings(mode="test", data_dir=folder, jobs_url={settings.jobs_url!r}))
jobs.wake("slow")
jobs.run_forever(1)
"""
    worker = subprocess.Popen([sys.executable, "-c", program], cwd=Path(__file__).parents[1])
    while not (tmp_path / "begun").exists():
        assert worker.poll() is None
        time.sleep(0.01)
    os.kill(worker.pid, signal.SIGTERM)
    assert worker.wait(20) == 0
    assert (tmp_path / "finished").exists()
