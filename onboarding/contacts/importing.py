"""The worker's part of an import: looks a file through, then takes its rows in.

A few hundred rows at a time: they are read and checked outside any transaction, then settled in
one, which moves the cursor with them. Whoever takes over after a crash goes on behind the cursor,
and whoever was frozen past the lease settles nothing, for the fence has moved on. No row is lost or
taken in twice. One turn is short, so that messages to people never wait for a list.
"""

from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

from sqlalchemy import ColumnElement, or_, select

from onboarding import clock, jobs
from onboarding.contacts import checking, csv_files, rows, taking_in
from onboarding.contacts.actions_import import KEPT, TASK, lock, path_of, throw_away
from onboarding.contacts.models import ContactImport, ImportState
from onboarding.contacts.rows import Reading
from onboarding.database import Everyone, end_reads, read, transaction

CHUNK = 500
LEASE = timedelta(seconds=30)
_TURN_SECONDS = 2.0
_DAY = 24 * 3600
_EVERYONE = Everyone("the worker takes in files of every contractor")
_AT_WORK = (ImportState.CHECKING.value, ImportState.RUNNING.value)


@dataclass(frozen=True)
class Claim:
    """An import leased to the caller, as it was then."""

    id: str
    contractor_id: str
    fence: int
    state: ImportState
    cursor: int
    columns: tuple[str, ...]
    shape: csv_files.Shape


@jobs.task(TASK, every_seconds=jobs.TICK_SECONDS)
def go_on(turn_seconds: float = _TURN_SECONDS) -> None:
    """One turn with an import that waits, if there is any."""
    claim = take_up()
    if claim is None:
        _throw_away_forgotten()
    elif work(claim, clock.monotonic() + turn_seconds):
        jobs.wake(TASK)


def take_up() -> Claim | None:
    """The oldest import that nobody is at work on, leased to the caller."""
    if not _is_any_waiting():
        return None
    with transaction(_EVERYONE) as db:
        waiting = select(ContactImport).where(_waits()).order_by(ContactImport.id).limit(1)
        held = db.scalars(waiting.with_for_update(skip_locked=True)).one_or_none()
        if held is None:
            return None
        held.fence += 1
        held.lease_until = clock.now() + LEASE
        return Claim(
            held.id,
            held.contractor_id,
            held.fence,
            ImportState(held.state),
            held.cursor,
            tuple(held.columns),
            csv_files.Shape(held.encoding, held.separator),
        )


def work(claim: Claim, until: float) -> bool:
    """Goes through the rows behind the cursor until the time is up; whether more is to be done."""
    path, ruled, seen = path_of(claim.id), rows.rules(), checking.Seen()
    if not path.is_file():
        return _give_up(claim)
    lines = csv_files.lines_of(path, claim.shape)
    for line in islice(lines, claim.cursor):
        if claim.state is ImportState.CHECKING:
            seen.note(rows.raw_keys(line, claim.columns))
    while True:
        some = list(islice(lines, CHUNK))
        read_rows = [rows.read_row(line, claim.columns, ruled) for line in some]
        is_last = len(some) < CHUNK
        is_ours = _settle(claim, seen, read_rows, is_last=is_last)
        if is_last or not is_ours:
            return False
        if clock.monotonic() > until:
            return _give_back(claim)


def _settle(claim: Claim, seen: checking.Seen, readings: list[Reading], *, is_last: bool) -> bool:
    """The rows' effect and the cursor, together; False where the lease was lost meanwhile."""
    with transaction(claim.contractor_id) as db:
        held = lock(db, claim.id)
        if held.fence != claim.fence:
            return False
        if claim.state is ImportState.CHECKING:
            checking.look_at(db, held, seen, readings)
        else:
            taking_in.take_in(db, held, readings)
        held.cursor += len(readings)
        held.lease_until = clock.now() + LEASE
        if is_last:
            _finish(held)
    if is_last and claim.state is ImportState.RUNNING:
        path_of(claim.id).unlink(missing_ok=True)
    return True


def _finish(held: ContactImport) -> None:
    is_running = held.state == ImportState.RUNNING
    held.state = ImportState.DONE if is_running else ImportState.CHECKED
    held.row_count = held.cursor
    held.lease_until = None
    held.ended_at = clock.now() if is_running else None


def _give_back(claim: Claim) -> bool:
    """The turn is over: anybody may go on at once."""
    with transaction(claim.contractor_id) as db:
        held = lock(db, claim.id)
        if held.fence == claim.fence:
            held.lease_until = None
    return True


def _give_up(claim: Claim) -> bool:
    """The file is gone. What was taken in before stays, and the page says so."""
    with transaction(claim.contractor_id) as db:
        held = lock(db, claim.id)
        if held.fence == claim.fence:
            held.state, held.lease_until, held.ended_at = ImportState.LOST, None, clock.now()
    return False


def _is_any_waiting() -> bool:
    """Asked first, so that a tick with nothing to do takes no lock."""
    try:
        return read(_EVERYONE).scalar(select(ContactImport.id).where(_waits()).limit(1)) is not None
    finally:
        end_reads()


def _waits() -> ColumnElement[bool]:
    is_free = or_(ContactImport.lease_until.is_(None), ContactImport.lease_until < clock.now())
    return ContactImport.state.in_(_AT_WORK) & is_free


def _throw_away_forgotten() -> None:
    """Files that nobody decided about, or that a crash left behind: the people in them are not
    ours to keep."""
    for path in path_of("any").parent.glob("*"):
        if path.stat().st_mtime < clock.unix() - _DAY and not _is_wanted(path.stem):
            path.unlink(missing_ok=True)


def _is_wanted(import_id: str) -> bool:
    try:
        held = read(_EVERYONE).get(ContactImport, import_id)
    finally:
        end_reads()
    if held is None or held.ended_at is not None:
        return False
    if held.state != ImportState.CHECKED or held.created_at > clock.now() - KEPT:
        return True
    with transaction(_EVERYONE) as db:
        held = lock(db, import_id)
        if held.state == ImportState.CHECKED:
            throw_away(held)
        return held.ended_at is None
