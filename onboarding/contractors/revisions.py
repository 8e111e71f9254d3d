"""The pipeline's revision: one number a contractor, moved on by whatever its pipeline shows."""

from sqlalchemy import text
from sqlalchemy.orm import Session

_MOVE_ON = text(
    "INSERT INTO revisions (contractor_id, number) VALUES (:contractor_id, 1) "
    "ON CONFLICT (contractor_id) DO UPDATE SET number = revisions.number + 1 RETURNING number"
)


def move_on(db: Session, contractor_id: str) -> int:
    """The next revision. Its row stays locked until the caller commits, so revisions commit in
    order and a poll can never pass over one."""
    return int(db.execute(_MOVE_ON, {"contractor_id": contractor_id}).scalar_one())
