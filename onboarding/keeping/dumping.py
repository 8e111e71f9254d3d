"""PostgreSQL's own programs, pg_dump and pg_restore, pointed at the database in use."""

import os
import subprocess
from pathlib import Path

from sqlalchemy import URL


class Refused(Exception):
    """The program is not there or ended badly; the message holds its last words."""


# The queue wakes workers; what is to be done stands in the rows themselves.
_QUEUE = "--exclude-table=huey_*"


def dump(url: URL, target: Path) -> None:
    """One consistent moment of the database, in pg_dump's custom format. Raises Refused."""
    _run(["pg_dump", "--format=custom", "--no-owner", _QUEUE, f"--file={target}"], url)


def load(url: URL, source: Path) -> None:
    """All of it or nothing, into an empty database. Raises Refused."""
    words = ["pg_restore", "--no-owner", "--exit-on-error", "--single-transaction"]
    _run([*words, f"--dbname={url.database}", str(source)], url)


def _run(command: list[str], url: URL) -> None:
    try:
        done = subprocess.run(  # noqa: S603 (our own words; the secret goes by the environment)
            command, env={**os.environ, **_surroundings(url)}, capture_output=True, text=True
        )
    except FileNotFoundError as missing:
        raise Refused(f"{command[0]} is not there: install PostgreSQL's client.") from missing
    if done.returncode:
        last = done.stderr.strip().splitlines() or ["no reason given"]
        raise Refused(f"{command[0]} ended with {done.returncode}: {last[-1]}")


def _surroundings(url: URL) -> dict[str, str]:
    """What libpq reads; a socket's folder stands in the address's query."""
    asked = url.query.get("host")
    told = {
        "PGHOST": url.host or (asked if isinstance(asked, str) else None),
        "PGPORT": str(url.port) if url.port else None,
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
    }
    return {name: value for name, value in told.items() if value}
