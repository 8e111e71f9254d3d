"""A copy of everything that an installation holds, taken while it runs, and put back.

A backup is a folder:

    manifest.json   when, of which database, at which migration, each file's SHA-256
    database        SQLite: the file; PostgreSQL: pg_dump's custom format
    documents/      every document, named by its own SHA-256
    seal/           the keys that seal documents

The settings are not in it, nor is the secret key: whoever holds the backup opens no delivery that
waits in it.
"""

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from sqlalchemy import inspect

from onboarding import clock, gateways, migrating
from onboarding.config import Settings
from onboarding.database import Base, engine
from onboarding.gateways.documents import DocumentAltered
from onboarding.keeping import dumping

DATABASE, DOCUMENTS, SEAL, MANIFEST = "database", "documents", "seal", "manifest.json"


class CannotBackUp(Exception):
    """Nothing was written, or not all of it; the message says why and what to do."""


class CannotRestore(Exception):
    """Nothing was changed; the message says why and what to do."""


@dataclass(frozen=True)
class Copied:
    """How many documents a backup holds, and those that were left out because they are damaged."""

    documents: int
    damaged: tuple[str, ...]


def back_up(settings: Settings, folder: Path) -> Copied:
    """Copies everything into `folder`, which must be empty or not there. Raises CannotBackUp.

    The database comes first: a document is kept before a row names it, so whatever the copied rows
    name is there when the documents are copied.
    """
    if folder.exists() and any(folder.iterdir()):
        raise CannotBackUp(f"{folder} is not empty: name a new folder.")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _copy_database(folder / DATABASE)
    copied = _copy_documents(folder / DOCUMENTS)
    if settings.seal_dir.is_dir():
        shutil.copytree(settings.seal_dir, folder / SEAL)
    _write_manifest(folder, copied)
    return copied


def _copy_database(target: Path) -> None:
    if engine().dialect.name == "sqlite":
        _copy_sqlite(target)
    else:
        try:
            dumping.dump(engine().url, target)
        except dumping.Refused as refusal:
            raise CannotBackUp(str(refusal)) from refusal


def _copy_sqlite(target: Path) -> None:
    """One consistent moment of the file, while others read and write it."""
    with closing(engine().raw_connection()) as source, closing(sqlite3.connect(target)) as copy:
        cast(sqlite3.Connection, source.driver_connection).backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")


def _copy_documents(folder: Path) -> Copied:
    store = gateways.current().documents
    folder.mkdir()
    damaged, count = [], 0
    for sha256 in store.names():
        try:
            (folder / sha256).write_bytes(store.get(sha256))
            count += 1
        except DocumentAltered:
            damaged.append(sha256)
    return Copied(count, tuple(damaged))


def _write_manifest(folder: Path, copied: Copied) -> None:
    files = (path for path in folder.rglob("*") if path.is_file() and DOCUMENTS not in path.parts)
    told = {
        "made_at": clock.now().isoformat(),
        "database": engine().dialect.name,
        "migration": migrating.present(),
        "documents": copied.documents,
        "files": {str(path.relative_to(folder)): _sha256(path) for path in sorted(files)},
    }
    (folder / MANIFEST).write_text(json.dumps(told, indent=1) + "\n")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def restore(settings: Settings, folder: Path) -> None:
    """Puts the backup in `folder` into this installation, which must be empty, and brings it up to
    the present migration. Raises CannotRestore. `settling.settle` comes next."""
    for objection in (*_faults_of(folder), *_hindrances(settings)):
        raise CannotRestore(objection)
    if engine().dialect.name == "sqlite":
        _restore_sqlite(folder / DATABASE)
    else:
        try:
            dumping.load(engine().url, folder / DATABASE)
        except dumping.Refused as refusal:
            raise CannotRestore(str(refusal)) from refusal
    store = gateways.current().documents
    for document in sorted((folder / DOCUMENTS).iterdir()):
        store.put(document.read_bytes())
    if (folder / SEAL).is_dir():
        shutil.copytree(folder / SEAL, settings.seal_dir, dirs_exist_ok=True)
    migrating.upgrade()


def _faults_of(folder: Path) -> Iterator[str]:
    """Why this backup cannot be used."""
    told = _manifest(folder)
    if told is None:
        yield f"{folder} holds no backup: there is no {MANIFEST} that can be read."
        return
    dialect = engine().dialect.name
    if told["database"] != dialect:
        yield f"The backup is of {told['database']}, DATABASE_URL names {dialect}."
    if told["migration"] not in migrating.known():
        yield f"The backup is at {told['migration']}, which this release does not know: update it."
    documents = list((folder / DOCUMENTS).glob("*"))
    if len(documents) != told["documents"]:
        yield f"Of {told['documents']} documents {len(documents)} are left. Use another backup."
    expected = {folder / name: sha256 for name, sha256 in told["files"].items()}
    for path, sha256 in (expected | {path: path.name for path in documents}).items():
        if not path.is_file() or _sha256(path) != sha256:
            yield f"{path} is missing or damaged. Use another backup."


def _hindrances(settings: Settings) -> Iterator[str]:
    """Why nothing can be put back here."""
    present = set(inspect(engine()).get_table_names())
    if present & {"alembic_version", *Base.metadata.tables}:
        yield "The database is not empty. Restore into a new one: set DATABASE_URL or DATA_DIR."
    if any(settings.seal_dir.glob("*")):
        yield f"{settings.seal_dir} holds keys already. Restore into a new DATA_DIR."


def _manifest(folder: Path) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
    except (OSError, ValueError):
        return None
    return found if {"database", "migration", "documents", "files"} <= found.keys() else None


def _restore_sqlite(copy: Path) -> None:
    with closing(sqlite3.connect(copy)) as source, closing(engine().raw_connection()) as target:
        source.backup(cast(sqlite3.Connection, target.driver_connection))
