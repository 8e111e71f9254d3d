"""Limits that hold across processes and restarts: uses are rows, counted in the database."""

import math
from datetime import timedelta

from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from onboarding import clock, jobs, tokens
from onboarding.database import Everyone, transaction
from onboarding.web.models import Take


def take(db: Session, key: str, *, limit: int, within: timedelta) -> bool:
    """Counts one use of `key`; False, counting nothing, when `limit` were taken `within`."""
    return room_left(db, key, limit=limit, within=within) is not None


def room_left(db: Session, key: str, *, limit: int, within: timedelta) -> int | None:
    """Counts one use of `key` and says how many more have room; None, counting nothing, when
    `limit` were taken `within`.

    The key is hashed: it may hold an address or a phone number.
    """
    hashed = tokens.hash_secret(key)
    _one_at_a_time(db, hashed)
    since = clock.now() - within
    uses = select(func.sum(Take.weight)).where(Take.key == hashed, Take.at > since)
    taken = db.scalar(uses) or 0
    if taken >= limit:
        return None
    db.add(Take(key=hashed))
    db.flush()
    return int(limit - taken - 1)


def is_full(db: Session, key: str, *, limit: int, within: timedelta) -> bool:
    """Whether `limit` uses of `key` were taken `within`; counts nothing."""
    since = clock.now() - within
    hashed = tokens.hash_secret(key)
    taken = db.scalar(select(func.sum(Take.weight)).where(Take.key == hashed, Take.at > since))
    return (taken or 0) >= limit


def seconds_left(db: Session, key: str, *, within: timedelta) -> int:
    """How long until the oldest use of `key` counts no more: when a full one has room again."""
    now = clock.now()
    uses = select(func.min(Take.at)).where(
        Take.key == tokens.hash_secret(key), Take.at > now - within
    )
    oldest = db.scalar(uses)
    return 0 if oldest is None else math.ceil((oldest + within - now).total_seconds())


def forget(db: Session, key: str) -> None:
    """Every use of `key` so far counts no more: the person has shown who they are."""
    db.execute(delete(Take).where(Take.key == tokens.hash_secret(key)))


def give_back(db: Session, key: str) -> None:
    """The last use of `key` does not count."""
    uses = select(Take.id).where(Take.key == tokens.hash_secret(key))
    newest = uses.order_by(Take.at.desc(), Take.id.desc()).limit(1).scalar_subquery()
    db.execute(delete(Take).where(Take.id == newest))


@jobs.task("uses that no limit looks at any more", every_seconds=3600)
def forget_old(older_than: timedelta = timedelta(days=2)) -> None:
    """Removes uses that no limit looks at any more."""
    with transaction(Everyone("limits belong to no contractor")) as db:
        db.execute(delete(Take).where(Take.at < clock.now() - older_than))


def _one_at_a_time(db: Session, hashed: str) -> None:
    """Whoever counts the same key waits until this transaction is over. SQLite's write lock does
    that already; PostgreSQL would let all count at once and each find room."""
    if db.get_bind().dialect.name == "postgresql":
        number = int(hashed[:16], 16) - 2**63  # a signed 64-bit integer
        db.execute(text("select pg_advisory_xact_lock(:number)"), {"number": number})
