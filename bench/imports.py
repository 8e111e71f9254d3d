"""Rows a second of an import, and how much memory it takes, in a process of its own."""

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sqlalchemy import select

from bench.figures import Figure
from bench.servers import ROOT
from onboarding import create_app, migrating, tokens
from onboarding.actor import Actor, Kind
from onboarding.config import Settings
from onboarding.contacts import actions_import, importing
from onboarding.contacts.models import ContactImport, Duplicates, ImportState
from onboarding.contractors.models import Member
from onboarding.database import Everyone, end_reads, read
from onboarding.sandbox import demo

_ROWS = 50_000
_MOST_SECONDS = 60
_MOST_MEGABYTES = 40


def figures(*, rows: int = _ROWS) -> list[Figure]:
    """A list of `rows` contacts, looked through and taken in by a worker that does nothing else."""
    told = subprocess.run(
        [sys.executable, "-m", "bench.imports", str(rows)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    seconds, megabytes = json.loads(told.stdout.splitlines()[-1])
    least = round(rows / (_MOST_SECONDS * rows / _ROWS))
    return [
        Figure(f"import of {rows:,} rows", round(seconds, 1), _MOST_SECONDS * rows / _ROWS, "s"),
        Figure("rows imported a second", round(rows / seconds), least, "1/s", is_least=True),
        Figure("memory that the import adds", round(megabytes), _MOST_MEGABYTES, "MB"),
    ]


def _measure(rows: int) -> tuple[float, float]:
    """Seconds, and megabytes more than the worker held after a list of a hundred rows."""
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{folder}/onboarding.db"
        create_app(Settings(data_dir=Path(folder), database_url=database))
        migrating.upgrade()
        by = _owner()
        _take_in(100, by)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        began = time.perf_counter()
        _take_in(rows, by)
        seconds = time.perf_counter() - began
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return seconds, (after - before) / 1024


def _owner() -> Actor:
    demo.load()
    everyone = read(Everyone("the benchmark acts for the demo's owner"))
    owner = everyone.scalars(select(Member).where(Member.email == demo.OWNER[1])).one()
    return Actor(Kind.MEMBER, owner.id, owner.name, owner.contractor_id)


def _take_in(rows: int, by: Actor) -> None:
    import_id = tokens.new_id()
    actions_import.hand_in(import_id, "list.csv", lambda path: _write(path, rows), by)
    _work_off(import_id, by, ImportState.CHECKING)
    actions_import.start(import_id, Duplicates.ADD, by)
    _work_off(import_id, by, ImportState.RUNNING)


def _work_off(import_id: str, by: Actor, state: ImportState) -> None:
    while read(by.contractor_id).get_one(ContactImport, import_id).state == state:
        end_reads()
        importing.go_on()
    end_reads()


def _write(path: Path, rows: int) -> None:
    with path.open("w") as file:
        file.write("Name,Email,Phone,City\n")
        for n in range(rows):
            number = f"(503) 2{n // 10_000:02d}-{n % 10_000:04d}"
            file.write(f"Person {n},p{n}@example.com,{number},Portland\n")


if __name__ == "__main__":
    print(json.dumps(_measure(int(sys.argv[1]))))
