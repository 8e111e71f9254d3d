"""The PostgreSQL that tests run on: really there, unprivileged, shared, and gone afterwards."""

import os
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, text

from tests.databases import postgres
from tests.shared_server import ROOT, NotStarted, joined


def test_a_new_database_is_empty_and_keeps_what_is_written():
    with postgres.database() as url:
        engine = create_engine(url)
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE line (word text)"))
            connection.execute(text("INSERT INTO line VALUES ('äñ — $18,450.00')"))
        with engine.connect() as connection:
            assert connection.scalar(text("SELECT word FROM line")) == "äñ — $18,450.00"
            assert connection.scalar(text("SHOW timezone")) == "UTC"
        engine.dispose()


def test_two_databases_do_not_see_each_other():
    with postgres.database() as one, postgres.database() as other:
        with psycopg.connect(postgres._plain(one), autocommit=True) as connection:
            connection.execute("CREATE TABLE line ()")
        with psycopg.connect(postgres._plain(other)) as connection:
            assert connection.execute("SELECT to_regclass('line')").fetchone() == (None,)


def test_a_database_goes_although_somebody_is_still_connected():
    with postgres.database() as url:
        left_open = psycopg.connect(postgres._plain(url))
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(postgres._plain(url))
    left_open.close()


def test_the_server_never_runs_as_root():
    with psycopg.connect(postgres._plain(postgres.start())) as connection:
        (folder,) = connection.execute("SHOW data_directory").fetchone()
    assert Path(folder).stat().st_uid != 0
    pid = int((Path(folder) / "postmaster.pid").read_text().split()[0])
    assert f"Uid:\t{0}\t" not in Path(f"/proc/{pid}/status").read_text()


USER = """
import sys, time
from pathlib import Path
from tests.shared_server import joined
with joined(Path(sys.argv[1]), "tests.databases.postgres") as url:
    print(url, flush=True)
    sys.stdin.readline()
"""


def user_of(folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", USER, str(folder)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def answers(url: str) -> bool:
    try:
        psycopg.connect(postgres._plain(url)).close()
    except psycopg.OperationalError:
        return False
    else:
        return True


def test_workers_share_one_server_and_it_outlives_the_one_that_started_it(tmp_path):
    first, second = user_of(tmp_path), user_of(tmp_path)
    urls = {first.stdout.readline(), second.stdout.readline()}
    assert len(urls) == 1
    url = urls.pop().strip()
    first.kill()  # a crash, not a farewell
    first.communicate()
    assert answers(url)
    second.communicate("\n")
    deadline = time.monotonic() + 20
    while answers(url) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not answers(url), "the last one out left the server running"
    assert not (tmp_path / "postgres.address").exists()


def test_a_server_that_cannot_start_says_why(tmp_path):
    with pytest.raises(NotStarted, match="No module named"), joined(tmp_path, "tests.no_server"):
        pass


def test_without_postgresql_the_reason_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", os.fspath(tmp_path))
    monkeypatch.setattr(postgres.Path, "glob", lambda *_: [])
    with pytest.raises(postgres.NoPostgres, match="apt install postgresql"):
        postgres._programs()
