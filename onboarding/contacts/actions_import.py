"""What members do with a file of contacts: hand it in, match its columns, start it, throw it away.

The file lies in the data directory, under the import's id, until it is through or thrown away; the
row is the truth about it. What is slow is the worker's (`importing.py`).
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding import clock, config, jobs, tokens
from onboarding.actor import Actor, Kind
from onboarding.contacts import columns, csv_files
from onboarding.contacts.actions import NotForVisitors
from onboarding.contacts.models import ContactImport, Duplicates, ImportState
from onboarding.database import insert_once, read, transaction

TASK = "import contacts"
# A list of customers is thrown away when nobody has come back to it for so long.
KEPT = timedelta(days=14)
_SHOWN_ROWS = 5
_MOST_COLUMNS = 100


class ImportMissing(Exception):
    """No import with this id for this contractor."""


class UnusableColumns(Exception):
    """A field that is not known, or one that stands twice."""


def hand_in(import_id: str, file_name: str, save: Callable[[Path], object], by: Actor) -> None:
    """Keeps the file and begins to look through it. `save` writes it to a path. Under the same id
    it is one import. Raises csv_files.Unreadable."""
    _refuse_visitors(by)
    if read(by.contractor_id).get(ContactImport, import_id) is not None:
        return
    path = path_of(import_id)
    coming = path.with_suffix(f".{tokens.new_id()}")
    path.parent.mkdir(parents=True, exist_ok=True)
    save(coming)
    coming.replace(path)
    try:
        shape = csv_files.shape_of(path)
        header = csv_files.header_of(path, shape)[:_MOST_COLUMNS]
        first, count = _looked_at(path, shape)
    except csv_files.Unreadable:
        path.unlink(missing_ok=True)
        raise
    with transaction(by.contractor_id) as db:
        coming_in = ContactImport(
            id=import_id,
            contractor_id=by.contractor_id,
            member_id=by.id,
            file_name=file_name[:200],
            encoding=shape.encoding,
            separator=shape.separator,
            columns=columns.guessed(header),
            row_count=count,
            found={"header": header, "first": first},
        )
        insert_once(db, coming_in)
    jobs.wake(TASK)


def match_columns(import_id: str, chosen: Sequence[str], by: Actor) -> None:
    """Which field each column is; the file is looked through again where that changed.
    Raises ImportMissing, UnusableColumns."""
    _refuse_visitors(by)
    with transaction(by.contractor_id) as db:
        coming_in = lock(db, import_id)
        is_open = coming_in.state in (ImportState.CHECKING, ImportState.CHECKED)
        if not is_open or list(chosen) == coming_in.columns:
            return
        if len(chosen) != len(coming_in.columns) or not columns.is_usable(chosen):
            raise UnusableColumns
        coming_in.columns = list(chosen)
        _from_the_top(coming_in, ImportState.CHECKING)
    jobs.wake(TASK)


def start(import_id: str, duplicates: Duplicates, by: Actor) -> None:
    """Takes the rows in, once: pressed again it is under way or done. Raises ImportMissing."""
    _refuse_visitors(by)
    with transaction(by.contractor_id) as db:
        coming_in = lock(db, import_id)
        if coming_in.state != ImportState.CHECKED or columns.missing(coming_in.columns):
            return
        coming_in.duplicates = duplicates
        coming_in.started_at = clock.now()
        _from_the_top(coming_in, ImportState.RUNNING)
    jobs.wake(TASK)


def discard(import_id: str, by: Actor) -> None:
    """The file is deleted, and nothing of it was taken in. Raises ImportMissing."""
    _refuse_visitors(by)
    with transaction(by.contractor_id) as db:
        coming_in = lock(db, import_id)
        if coming_in.state not in (ImportState.CHECKING, ImportState.CHECKED):
            return
        throw_away(coming_in)
    path_of(import_id).unlink(missing_ok=True)


def throw_away(coming_in: ContactImport) -> None:
    """Nothing is kept of the people in it."""
    _from_the_top(coming_in, ImportState.DISCARDED)
    coming_in.found = {}
    coming_in.ended_at = clock.now()


def path_of(import_id: str) -> Path:
    return config.current().data_dir / "imports" / f"{import_id}.csv"


def lock(db: Session, import_id: str) -> ContactImport:
    """The import's row, held until the transaction ends. Raises ImportMissing."""
    found = db.scalars(
        select(ContactImport).where(ContactImport.id == import_id).with_for_update()
    ).one_or_none()
    if found is None:
        raise ImportMissing(import_id)
    return found


def _from_the_top(coming_in: ContactImport, state: ImportState) -> None:
    """Whoever was at work on it has lost it."""
    coming_in.state = state
    coming_in.fence += 1
    coming_in.lease_until = None
    coming_in.cursor = 0
    coming_in.good_count = coming_in.duplicate_count = coming_in.refused_count = 0
    kept = ("header", "first")
    coming_in.found = {name: coming_in.found[name] for name in kept if name in coming_in.found}


def _looked_at(path: Path, shape: csv_files.Shape) -> tuple[list[list[str]], int]:
    """The first rows, and how many there are."""
    first: list[list[str]] = []
    count = 0
    for count, line in enumerate(csv_files.lines_of(path, shape), 1):
        if count <= _SHOWN_ROWS:
            first.append([cell[:80] for cell in line.cells[:_MOST_COLUMNS]])
    return first, count


def _refuse_visitors(by: Actor) -> None:
    if by.kind is not Kind.MEMBER:
        raise NotForVisitors
