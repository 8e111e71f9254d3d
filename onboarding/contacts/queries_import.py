"""Reads of imports."""

from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.contacts.models import ContactImport, ImportRefusal, ImportState

_LISTED = 20
_AT_A_TIME = 500


def latest_imports(db: Session) -> Sequence[ContactImport]:
    """The newest first; what was thrown away is not listed."""
    statement = select(ContactImport).where(ContactImport.state != ImportState.DISCARDED.value)
    return db.scalars(statement.order_by(ContactImport.id.desc()).limit(_LISTED)).all()


def refusals(db: Session, import_id: str) -> Iterator[Sequence[ImportRefusal]]:
    """All rows that were not taken, in the order of the file, a handful at a time."""
    after = -1
    while True:
        some = db.scalars(
            select(ImportRefusal)
            .where(ImportRefusal.import_id == import_id, ImportRefusal.line > after)
            .order_by(ImportRefusal.line)
            .limit(_AT_A_TIME)
        ).all()
        yield some
        if len(some) < _AT_A_TIME:
            return
        after = some[-1].line
        db.expunge_all()
