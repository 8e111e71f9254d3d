"""How each contact's job stands, for the list: the journey knows it, this room is handed it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session


@dataclass(frozen=True)
class ListedJob:
    """The newest job of a contact; `status` and `details` are the journey's own words."""

    title: str
    status: str
    details: tuple[str, ...]
    amount_cents: int
    currency: str
    is_complete: bool
    is_stuck: bool


_Jobs = Callable[[Session, Sequence[str]], Mapping[str, ListedJob]]


def _nobody_has_one(db: Session, contact_ids: Sequence[str]) -> Mapping[str, ListedJob]:
    return {}


_jobs: _Jobs = _nobody_has_one
_statuses: tuple[str, ...] = ()


def use_jobs(jobs: _Jobs, statuses: Sequence[str] = ()) -> None:
    """`jobs` answers for the whole page by one statement; `statuses` are all that a job can have,
    in their order."""
    global _jobs, _statuses
    _jobs, _statuses = jobs, tuple(statuses)


def statuses() -> tuple[str, ...]:
    """What the list can be filtered by."""
    return _statuses


def jobs_of(db: Session, contact_ids: Sequence[str]) -> Mapping[str, ListedJob]:
    """The newest job of each contact that has one, by the contact's id."""
    return _jobs(db, contact_ids) if contact_ids else {}
