"""Ending sessions from outside a request: the actions and the worker do it without Flask."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from onboarding import clock
from onboarding.web.models import WebSession


def end_of(db: Session, kind: str, subject_id: str, keep: str | None = None) -> None:
    """Ends every session of a person, but for the one with the id `keep`."""
    statement = select(WebSession.id).where(
        WebSession.kind == kind, WebSession.subject_id == subject_id, WebSession.ended_at.is_(None)
    )
    end(db, [id_ for id_ in db.scalars(statement) if id_ != keep])


def end_born_of(db: Session, origin: str) -> None:
    """Ends every session that began with `origin`, such as a revoked invite."""
    statement = select(WebSession.id).where(
        WebSession.origin == origin, WebSession.ended_at.is_(None)
    )
    end(db, list(db.scalars(statement)))


def end(db: Session, ids: list[str]) -> None:
    """Ends these sessions; one that was ended never lives again."""
    db.execute(
        update(WebSession)
        .where(WebSession.id.in_(ids), WebSession.ended_at.is_(None))
        .values(ended_at=clock.now())
    )
