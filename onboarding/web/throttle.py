"""Limits that hold across processes and restarts: uses are rows, counted in the database."""

from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from onboarding import clock, tokens
from onboarding.database import Everyone, transaction
from onboarding.web.models import Take


def take(db: Session, key: str, *, limit: int, within: timedelta) -> bool:
    """Counts one use of `key`; False, counting nothing, when `limit` were taken `within`.

    The key is hashed: it may hold an address or a phone number.
    """
    hashed = tokens.hash_secret(key)
    since = clock.now() - within
    taken = db.scalar(select(func.sum(Take.weight)).where(Take.key == hashed, Take.at > since))
    if (taken or 0) >= limit:
        return False
    db.add(Take(key=hashed))
    db.flush()
    return True


def forget(db: Session, key: str) -> None:
    """Every use of `key` so far counts no more: the person has shown who they are."""
    db.execute(delete(Take).where(Take.key == tokens.hash_secret(key)))


def forget_old(older_than: timedelta = timedelta(days=2)) -> None:
    """Removes uses that no limit looks at any more."""
    with transaction(Everyone("limits belong to no contractor")) as db:
        db.execute(delete(Take).where(Take.at < clock.now() - older_than))
