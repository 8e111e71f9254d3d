"""Reads of the board: columns, never objects, one or two statements each.

What waits for the contractor stands first, and the database says what that is: from `stuck_from`
on. So the first page of a column is the right one however long the column is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, case, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from onboarding import clock
from onboarding.contacts.models import Contact
from onboarding.contractors.models import Contractor, Member, Revision
from onboarding.journey.models import Onboarding
from onboarding.journey.status import EXPIRES_SOON, Action, Detail, Status
from onboarding.pipeline.filtering import EVERYTHING, Filter

# No board is as long; a number beyond what a database counts to is not an offset.
FARTHEST = 1_000_000
CARDS_A_COLUMN = 40
MOST_CHANGES = 60


@dataclass(frozen=True)
class Card:
    """One onboarding as the board shows it. `is_gone`: its contact was archived."""

    id: str
    contact_id: str
    name: str
    title: str
    amount_cents: int
    currency: str
    status: Status
    details: tuple[Detail, ...]
    action: Action | None
    since: datetime
    stuck_from: datetime | None
    invite_expires_at: datetime | None
    started_at: datetime | None
    completed_at: datetime | None
    revision: int
    is_gone: bool
    cancel_until: datetime | None
    site_time_zone: str

    @property
    def start_after(self) -> datetime | None:
        """Until then the signed contract can be cancelled, and no work should begin."""
        is_over = self.cancel_until is None or self.cancel_until <= clock.now()
        return None if is_over or Detail.CANCELLED in self.details else self.cancel_until

    @property
    def is_stuck(self) -> bool:
        """Something waits for the contractor, or a link is about to run out."""
        return self.stuck_from is not None and self.stuck_from <= clock.now()

    @property
    def expires_soon(self) -> bool:
        if self.status is not Status.INVITED or self.invite_expires_at is None:
            return False
        return self.invite_expires_at - clock.now() < EXPIRES_SOON

    @property
    def took(self) -> timedelta | None:
        """From *Get started* to complete."""
        if self.started_at is None or self.completed_at is None:
            return None
        return self.completed_at - self.started_at


@dataclass(frozen=True)
class Column:
    status: Status
    count: int
    sum_cents: int
    cards: Sequence[Card]


@dataclass(frozen=True)
class Board:
    columns: tuple[Column, ...]
    revision: int

    @property
    def is_empty(self) -> bool:
        return not any(column.count for column in self.columns)

    @property
    def is_beginning(self) -> bool:
        """Nobody on it has an invite."""
        return not any(c.count for c in self.columns if c.status is not Status.PENDING_INVITE)

    @property
    def count_open(self) -> int:
        return sum(c.count for c in self.columns if c.status is not Status.ONBOARDING_COMPLETE)

    @property
    def sum_open_cents(self) -> int:
        return sum(c.sum_cents for c in self.columns if c.status is not Status.ONBOARDING_COMPLETE)


def board(db: Session, wanted: Filter = EVERYTHING) -> Board:
    """The whole board: counts and sums by column, and the first cards of each, stuck ones first."""
    revision = db.scalar(select(Revision.number).where(Revision.contractor_id == _scope(db))) or 0
    counted = totals(db, revision, wanted)
    cards = [_card(row) for row in db.execute(_first_of_each(_scope(db), wanted))]
    columns = (
        replace(column, cards=[card for card in cards if card.status is column.status])
        for column in counted.columns
    )
    return replace(counted, columns=tuple(columns))


def column_page(
    db: Session, status: Status, *, offset: int = 0, wanted: Filter = EVERYTHING
) -> Sequence[Card]:
    """More cards of one column, in the order of the first ones."""
    statement = _cards().where(
        Onboarding.status == status.value, Contact.archived_at.is_(None), *wanted.conditions()
    )
    statement = statement.order_by(
        case((_is_stuck(), 0), else_=1), Onboarding.status_since.desc(), Onboarding.id
    )
    rows = db.execute(statement.limit(CARDS_A_COLUMN).offset(offset))
    return [_card(row) for row in rows]


def changed_since(db: Session, revision: int, wanted: Filter = EVERYTHING) -> Sequence[Card]:
    """The cards that changed after `revision`, oldest change first; MOST_CHANGES + 1 at most.

    On a board that shows a part of everything, a card that does not fit is gone.
    """
    statement = _cards().where(or_(Onboarding.revision > revision, Contact.revision > revision))
    rows = db.execute(statement.order_by(Onboarding.revision).limit(MOST_CHANGES + 1))
    cards = [_card(row) for row in rows]
    if not wanted or not cards:
        return cards
    ids = select(Onboarding.id).join(Contact, Contact.id == Onboarding.contact_id)
    fits = ids.where(Onboarding.id.in_([card.id for card in cards]), *wanted.conditions())
    fitting = set(db.scalars(fits))
    return [replace(card, is_gone=card.is_gone or card.id not in fitting) for card in cards]


def totals(db: Session, revision: int, wanted: Filter = EVERYTHING) -> Board:
    """Count and sum of each column, without cards."""
    rows = db.execute(_totals(_scope(db), wanted))
    found = {status: (count, int(cents)) for status, count, cents in rows}
    columns = (Column(status, *found.get(status.value, (0, 0)), cards=()) for status in Status)
    return Board(tuple(columns), revision)


def currency(db: Session) -> str:
    """The currency that the contractor counts in: what column sums are shown in."""
    return db.get_one(Contractor, _scope(db)).currency


def members(db: Session) -> list[tuple[str, str]]:
    """Id and name of everybody whose jobs can be looked at, those who left the firm too."""
    rows = db.execute(select(Member.id, Member.name).order_by(Member.name, Member.id))
    return [(id_, name) for id_, name in rows]


def _scope(db: Session) -> str:
    return str(db.info["scope"])


def _cards() -> Select:  # type: ignore[type-arg]
    return select(
        Onboarding.id,
        Onboarding.contact_id,
        Contact.name,
        Onboarding.title,
        Onboarding.amount_cents,
        Onboarding.currency,
        Onboarding.status,
        Onboarding.details,
        Onboarding.action,
        Onboarding.status_since,
        Onboarding.stuck_from,
        Onboarding.invite_expires_at,
        Onboarding.started_at,
        Onboarding.completed_at,
        Onboarding.revision,
        Contact.archived_at,
        Onboarding.cancel_until,
        Onboarding.site_time_zone,
    ).join(Contact, Contact.id == Onboarding.contact_id)


def _totals(scope: str, wanted: Filter) -> Select:  # type: ignore[type-arg]
    """What was agreed in another currency than the company's present one is counted, not added."""
    own = select(Contractor.currency).where(Contractor.id == scope).scalar_subquery()
    cents = case((Onboarding.currency == own, Onboarding.amount_cents), else_=0)
    return (
        select(Onboarding.status, func.count(), func.sum(cents))
        .join(Contact, Contact.id == Onboarding.contact_id)
        .where(Contact.archived_at.is_(None), *wanted.conditions())
        .group_by(Onboarding.status)
    )


def _is_stuck() -> ColumnElement[bool]:
    return Onboarding.stuck_from <= clock.now()


def _first_of_each(scope: str, wanted: Filter) -> Select:  # type: ignore[type-arg]
    """Twelve short walks along two indexes, in one statement: of each column what is stuck and what
    is not, the newest of either. Sorting all there is would cost more with each contact."""
    is_stuck = _is_stuck()
    rest = or_(Onboarding.stuck_from.is_(None), Onboarding.stuck_from > clock.now())
    walks = [
        _walk(scope, status, rank, condition, wanted)
        for status in Status
        for rank, condition in enumerate((is_stuck, rest))
    ]
    first = union_all(*walks).subquery()
    place = func.row_number().over(
        partition_by=first.c.status, order_by=(first.c.rank, first.c.since.desc(), first.c.id)
    )
    placed = select(first.c.id, place.label("place")).subquery()
    statement = _cards().join(placed, placed.c.id == Onboarding.id)
    return statement.where(placed.c.place <= CARDS_A_COLUMN).order_by(placed.c.place)


def _walk(
    scope: str, status: Status, rank: int, condition: ColumnElement[bool], wanted: Filter
) -> Select:  # type: ignore[type-arg]
    walked = (
        select(
            Onboarding.id.label("id"),
            Onboarding.status.label("status"),
            Onboarding.status_since.label("since"),
            literal(rank).label("rank"),
        )
        .join(Contact, Contact.id == Onboarding.contact_id)
        .where(
            Onboarding.contractor_id == scope,
            Onboarding.status == status.value,
            condition,
            Contact.archived_at.is_(None),
            *wanted.conditions(),
        )
        .order_by(Onboarding.status_since.desc(), Onboarding.id)
        .limit(CARDS_A_COLUMN)
        .subquery()
    )
    return select(walked)


def _card(row: tuple) -> Card:  # type: ignore[type-arg]
    return Card(
        id=row[0],
        contact_id=row[1],
        name=row[2],
        title=row[3],
        amount_cents=row[4],
        currency=row[5],
        status=Status(row[6]),
        details=tuple(Detail(detail) for detail in row[7]),
        action=Action(row[8]) if row[8] else None,
        since=row[9],
        stuck_from=row[10],
        invite_expires_at=row[11],
        started_at=row[12],
        completed_at=row[13],
        revision=row[14],
        is_gone=row[15] is not None,
        cancel_until=row[16],
        site_time_zone=row[17],
    )
