"""What is counted, by two statements whatever the number of jobs: how many came how far, and the
minutes of each. A job counts in the month in which its first invite was sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any

from sqlalchemy import ColumnElement, Numeric, case, func, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute, Session

from onboarding.contractors.models import Member
from onboarding.journey.models import Onboarding


class Stage(IntEnum):
    """How far a customer came, in the order of the flow."""

    SENT = 0
    STARTED = 1
    ACCOUNT = 2
    OPENED = 3
    APPROVED = 4
    SIGNED = 5
    COMPLETE = 6


Moment = InstrumentedAttribute[datetime | None]

# When each stage was reached first.
_AT: dict[Stage, Moment] = {
    Stage.SENT: Onboarding.sent_at,
    Stage.STARTED: Onboarding.started_at,
    Stage.ACCOUNT: Onboarding.account_at,
    Stage.OPENED: Onboarding.opened_at,
    Stage.APPROVED: Onboarding.approved_at,
    Stage.SIGNED: Onboarding.signed_at,
    Stage.COMPLETE: Onboarding.first_completed_at,
}


class minutes_between(ColumnElement[float]):  # noqa: N801  it is written like a function of SQL
    """Minutes from one moment to another; null where either is."""

    inherit_cache = False
    type = Numeric(asdecimal=False)

    def __init__(self, begun: Moment, ended: Moment) -> None:
        self.begun, self.ended = begun, ended


@compiles(minutes_between, "sqlite")
def _on_sqlite(element: minutes_between, compiler: Any, **how: Any) -> str:
    begun = compiler.process(element.begun, **how)
    ended = compiler.process(element.ended, **how)
    return f"((julianday({ended}) - julianday({begun})) * 1440.0)"


@compiles(minutes_between)
def _on_postgresql(element: minutes_between, compiler: Any, **how: Any) -> str:
    begun = compiler.process(element.begun, **how)
    ended = compiler.process(element.ended, **how)
    return f"CAST(EXTRACT(EPOCH FROM ({ended} - {begun})) / 60.0 AS DOUBLE PRECISION)"


@dataclass(frozen=True)
class Span:
    """What is looked at: jobs sent from `start` on, and where its months begin. What was sent
    before the first of them, where `start` allows, is month -1."""

    start: datetime | None
    months: Sequence[datetime]


@dataclass(frozen=True)
class Count:
    """How many jobs of a member's, sent in a month, came just as far as `stage`."""

    month: int
    member_id: str
    stage: Stage
    jobs: int


@dataclass(frozen=True)
class Took:
    """One job's minutes: of each step to a Stage, and from *Get started* to complete."""

    month: int
    member_id: str
    steps: tuple[float | None, ...]
    whole: float | None


def counts(db: Session, span: Span) -> list[Count]:
    month, stage = _month(span), _furthest()
    rows = db.execute(
        select(month, Onboarding.member_id, stage, func.count())
        .where(*_within(db, span))
        .group_by(month, Onboarding.member_id, stage)
    )
    return [Count(month, member, Stage(stage), jobs) for month, member, stage, jobs in rows]


def minutes(db: Session, span: Span) -> list[Took]:
    """Of the jobs where somebody started; narrow columns, for there may be many rows."""
    pairs = [(_AT[Stage(stage - 1)], _AT[stage]) for stage in Stage if stage is not Stage.SENT]
    rows = db.execute(
        select(
            _month(span),
            Onboarding.member_id,
            minutes_between(_AT[Stage.STARTED], _AT[Stage.COMPLETE]),
            *(minutes_between(begun, ended) for begun, ended in pairs),
        ).where(*_within(db, span), _furthest() > Stage.SENT.value)
    )
    return [Took(row[0], row[1], tuple(row[3:]), row[2]) for row in rows]


def names_of_members(db: Session) -> dict[str, str]:
    return {row.id: row.name for row in db.execute(select(Member.id, Member.name))}


def _within(db: Session, span: Span) -> list[ColumnElement[bool]]:
    """Scoped once more by hand: the index begins with the contractor."""
    own = [Onboarding.contractor_id == db.info["scope"], Onboarding.sent_at.is_not(None)]
    return own if span.start is None else [*own, Onboarding.sent_at >= span.start]


def _furthest() -> ColumnElement[int]:
    """Who reached a stage has reached those before it, whichever way they came."""
    reached = [(_AT[stage].is_not(None), stage.value) for stage in reversed(Stage)]
    return case(*reached, else_=Stage.SENT.value)


def _month(span: Span) -> ColumnElement[int]:
    """Its place among the span's months: they begin at the contractor's midnight, which no
    database's own months do."""
    begun = list(enumerate(span.months))
    begins = [(Onboarding.sent_at >= begin, place) for place, begin in reversed(begun)]
    return case(*begins, else_=-1)
