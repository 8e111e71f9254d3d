"""The pipeline's revision: one number a contractor, moved on by whatever its pipeline shows."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from onboarding import clock, database, tokens
from onboarding.database import UTCDateTime

_MOVE_ON = text(
    "INSERT INTO revisions (contractor_id, number) VALUES (:contractor_id, 1) "
    "ON CONFLICT (contractor_id) DO UPDATE SET number = revisions.number + 1 RETURNING number"
)


def move_on(db: Session, contractor_id: str) -> int:
    """The next revision. Its row stays locked until the caller commits, so revisions commit in
    order and a poll can never pass over one."""
    return int(db.execute(_MOVE_ON, {"contractor_id": contractor_id}).scalar_one())


@dataclass(frozen=True)
class Pulse:
    """What a poll must know: whose board it is, and how often it has changed."""

    contractor_id: str
    revision: int


_PULSE = text(
    "SELECT s.contractor_id, coalesce(r.number, 0) FROM web_sessions s"
    " LEFT JOIN revisions r ON r.contractor_id = s.contractor_id"
    " LEFT JOIN members m ON m.id = s.subject_id"
    " LEFT JOIN support_visits v ON v.id = s.subject_id"
    " WHERE s.secret_hash = :hash AND s.ended_at IS NULL AND s.expires_at > :now"
    " AND s.seen_at > :idle"
    " AND (s.kind = 'crm' AND m.is_active OR s.kind = 'visit' AND v.target = 'member')"
).bindparams(bindparam("now", type_=UTCDateTime), bindparam("idle", type_=UTCDateTime))


def pulse(secret: str, idle: timedelta) -> Pulse | None:
    """Who polls and the revision of their board, in one statement; None for nobody."""
    now = clock.now()
    row = database.raw_row(
        _PULSE, {"hash": tokens.hash_secret(secret), "now": now, "idle": now - idle}
    )
    return Pulse(row[0], int(row[1])) if row else None
