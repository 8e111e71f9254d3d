"""Where the card sandbox keeps its state: a SQLite file of its own, never the product's tables.

A connection lives as long as one transaction, so that threads, forks and restarts share nothing but
the file.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Body = dict[str, Any]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS objects (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    customer TEXT,
    body TEXT NOT NULL,
    account TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS objects_by_kind ON objects (kind, customer, number);
CREATE TABLE IF NOT EXISTS answers (
    key TEXT PRIMARY KEY,
    request TEXT NOT NULL,
    status INTEGER NOT NULL,
    body TEXT NOT NULL,
    created INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS deliveries (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    event TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    due REAL NOT NULL,
    answer TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS deliveries_by_due ON deliveries (due);
"""


@dataclass(frozen=True)
class KeptAnswer:
    """What an idempotency key was answered. `request` tells whether it is the same request."""

    request: str
    status: int
    body: str


class Store:
    """The file. Every write goes through transaction(), one writer at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._connected() as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.executescript(_SCHEMA)
            columns = [row[1] for row in connection.execute("PRAGMA table_info(objects)")]
            if "account" not in columns:
                # A file of before there were connected accounts.
                connection.execute(
                    "ALTER TABLE objects ADD COLUMN account TEXT NOT NULL DEFAULT ''"
                )

    @contextmanager
    def transaction(self) -> Iterator["Shelf"]:
        """Commits at the end, rolls back on any exception."""
        with self._connected() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield Shelf(connection)
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self.path, timeout=30, isolation_level=None)
        # A killed process loses nothing; only a cut of power could, and a sandbox bears that.
        connection.execute("PRAGMA synchronous=NORMAL")
        try:
            yield connection
        finally:
            connection.close()


class Shelf:
    """What one transaction sees and writes of one account: the platform's own where it is empty."""

    def __init__(self, connection: sqlite3.Connection, account: str = "") -> None:
        self._connection = connection
        self.account = account

    def on(self, account: str) -> "Shelf":
        """The shelf of another account, in the same transaction."""
        return Shelf(self._connection, account)

    def account_of(self, identifier: str) -> str:
        """On whose shelf an object stands; the platform's where there is no such object."""
        row = self._connection.execute(
            "SELECT account FROM objects WHERE id = ?", (identifier,)
        ).fetchone()
        return str(row[0]) if row else ""

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Takes back what was written inside when it raises; what was written before it stays."""
        self._connection.execute("SAVEPOINT attempt")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK TO attempt")
            raise
        finally:
            self._connection.execute("RELEASE attempt")

    def find(self, kind: str, identifier: str) -> Body | None:
        row = self._connection.execute(
            "SELECT body FROM objects WHERE id = ? AND kind = ? AND account = ?",
            (identifier, kind, self.account),
        ).fetchone()
        return json.loads(row[0]) if row else None

    def keep(self, body: Body) -> None:
        """Writes the object, or writes over the one with its identifier; its place stays."""
        self._connection.execute(
            "INSERT INTO objects (id, kind, customer, body, account) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET customer = excluded.customer, body = excluded.body",
            (body["id"], body["object"], body.get("customer"), json.dumps(body), self.account),
        )

    def drop(self, identifier: str) -> None:
        """The object is not there any more, and what stood on its own shelf is out of reach."""
        self._connection.execute(
            "DELETE FROM objects WHERE id = ? AND account = ?", (identifier, self.account)
        )

    def newest_first(self, kind: str, customer: str | None) -> list[Body]:
        """All of a kind, of one customer where one is given."""
        rows = self._connection.execute(
            "SELECT body FROM objects WHERE kind = ? AND (? IS NULL OR customer = ?)"
            " AND account = ? ORDER BY number DESC",
            (kind, customer, customer, self.account),
        ).fetchall()
        return [json.loads(row[0]) for row in rows]

    def kept_answer(self, key: str, since: int) -> KeptAnswer | None:
        """The answer under an idempotency key, unless it was given before `since` (unix time).

        Each account has keys of its own.
        """
        self._connection.execute("DELETE FROM answers WHERE created < ?", (since,))
        row = self._connection.execute(
            "SELECT request, status, body FROM answers WHERE key = ?", (self._key(key),)
        ).fetchone()
        return KeptAnswer(*row) if row else None

    def keep_answer(self, key: str, answer: KeptAnswer, created: int) -> None:
        self._connection.execute(
            "INSERT INTO answers (key, request, status, body, created) VALUES (?, ?, ?, ?, ?)",
            (self._key(key), answer.request, answer.status, answer.body, created),
        )

    def _key(self, key: str) -> str:
        return f"{self.account}:{key}" if self.account else key

    def queue_delivery(self, event: str, due: float) -> None:
        self._connection.execute("INSERT INTO deliveries (event, due) VALUES (?, ?)", (event, due))

    def event_of_any(self, identifier: str) -> Body | None:
        """An event, whichever account it is about."""
        return self.on(self.account_of(identifier)).find("event", identifier)

    def claim_deliveries(self, now: float, until: float) -> list[tuple[int, str, int]]:
        """(number, event, attempts) of what is due; put off to `until`, so nobody else sends it."""
        rows = self._connection.execute(
            "SELECT number, event, attempts FROM deliveries WHERE due <= ? ORDER BY number", (now,)
        ).fetchall()
        self._connection.execute("UPDATE deliveries SET due = ? WHERE due <= ?", (until, now))
        return [(number, event, attempts) for number, event, attempts in rows]

    def put_off_delivery(self, number: int, due: float, answer: str) -> None:
        self._connection.execute(
            "UPDATE deliveries SET attempts = attempts + 1, due = ?, answer = ? WHERE number = ?",
            (due, answer, number),
        )

    def drop_delivery(self, number: int) -> None:
        self._connection.execute("DELETE FROM deliveries WHERE number = ?", (number,))

    def waiting_deliveries(self) -> int:
        row = self._connection.execute("SELECT count(*) FROM deliveries").fetchone()
        return int(row[0])
