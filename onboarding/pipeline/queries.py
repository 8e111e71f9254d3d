"""Reads of the board: columns, never objects, one or two statements each."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from onboarding import clock
from onboarding.contacts.models import Contact
from onboarding.contacts.queries import matches
from onboarding.contractors.models import Contractor, Revision
from onboarding.journey.models import Onboarding
from onboarding.journey.status import STUCK, Action, Detail, Status

# No board is as long; a number beyond what a database counts to is not an offset.
FARTHEST = 1_000_000
CARDS_A_COLUMN = 40
MOST_CHANGES = 60
_EXPIRES_SOON = timedelta(hours=12)


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
    invite_expires_at: datetime | None
    started_at: datetime | None
    completed_at: datetime | None
    revision: int
    is_gone: bool

    @property
    def is_stuck(self) -> bool:
        """Something waits for the contractor, or a link is about to run out."""
        return not STUCK.isdisjoint(self.details) or self.expires_soon

    @property
    def expires_soon(self) -> bool:
        if self.status is not Status.INVITED or self.invite_expires_at is None:
            return False
        return self.invite_expires_at - clock.now() < _EXPIRES_SOON

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
    def count_open(self) -> int:
        return sum(c.count for c in self.columns if c.status is not Status.ONBOARDING_COMPLETE)

    @property
    def sum_open_cents(self) -> int:
        return sum(c.sum_cents for c in self.columns if c.status is not Status.ONBOARDING_COMPLETE)


def board(db: Session, *, search: str = "") -> Board:
    """The whole board: counts and sums by column, and the first cards of each, stuck ones first."""
    revision = db.scalar(select(Revision.number).where(Revision.contractor_id == _scope(db))) or 0
    found = {
        status: (count, cents) for status, count, cents in db.execute(_totals(search))
    }
    cards = [_card(row) for row in db.execute(_first_of_each(search))]
    return Board(
        columns=tuple(
            Column(
                status,
                *found.get(status.value, (0, 0)),
                cards=_stuck_first([card for card in cards if card.status is status]),
            )
            for status in Status
        ),
        revision=revision,
    )


def column_page(
    db: Session, status: Status, *, offset: int = 0, search: str = ""
) -> Sequence[Card]:
    """More cards of one column, newest change first."""
    statement = _cards().where(
        Onboarding.status == status.value, Contact.archived_at.is_(None), *_found_by(search)
    )
    statement = statement.order_by(Onboarding.status_since.desc(), Onboarding.id)
    rows = db.execute(statement.limit(CARDS_A_COLUMN).offset(offset))
    return [_card(row) for row in rows]


def changed_since(db: Session, revision: int, *, search: str = "") -> Sequence[Card]:
    """The cards that changed after `revision`, oldest change first; MOST_CHANGES + 1 at most.

    On a board that shows what was searched for, a card that does not fit is gone.
    """
    statement = _cards().where(
        or_(Onboarding.revision > revision, Contact.revision > revision)
    )
    rows = db.execute(statement.order_by(Onboarding.revision).limit(MOST_CHANGES + 1))
    cards = [_card(row) for row in rows]
    if not search or not cards:
        return cards
    ids = select(Onboarding.id).join(Contact, Contact.id == Onboarding.contact_id)
    fitting = set(
        db.scalars(ids.where(Onboarding.id.in_([card.id for card in cards]), *_found_by(search)))
    )
    return [replace(card, is_gone=card.is_gone or card.id not in fitting) for card in cards]


def totals(db: Session, revision: int, *, search: str = "") -> Board:
    """Count and sum of each column, without cards."""
    found = {status: (count, cents) for status, count, cents in db.execute(_totals(search))}
    columns = (Column(status, *found.get(status.value, (0, 0)), cards=()) for status in Status)
    return Board(tuple(columns), revision)


def currency(db: Session) -> str:
    """The currency that the contractor counts in: what column sums are shown in."""
    return db.get_one(Contractor, _scope(db)).currency


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
        Onboarding.invite_expires_at,
        Onboarding.started_at,
        Onboarding.completed_at,
        Onboarding.revision,
        Contact.archived_at,
    ).join(Contact, Contact.id == Onboarding.contact_id)


def _totals(search: str) -> Select:  # type: ignore[type-arg]
    return (
        select(Onboarding.status, func.count(), func.sum(Onboarding.amount_cents))
        .join(Contact, Contact.id == Onboarding.contact_id)
        .where(Contact.archived_at.is_(None), *_found_by(search))
        .group_by(Onboarding.status)
    )


def _first_of_each(search: str) -> Select:  # type: ignore[type-arg]
    place = func.row_number().over(
        partition_by=Onboarding.status, order_by=Onboarding.status_since.desc()
    )
    ranked = (
        select(Onboarding.id.label("id"), place.label("place"))
        .join(Contact, Contact.id == Onboarding.contact_id)
        .where(Contact.archived_at.is_(None), *_found_by(search))
    )
    first = ranked.subquery()
    statement = _cards().join(first, first.c.id == Onboarding.id)
    return statement.where(first.c.place <= CARDS_A_COLUMN).order_by(first.c.place)


def _found_by(search: str) -> list[ColumnElement[bool]]:
    """By a part of a name, an address, a number, or of what the job is called."""
    if not search:
        return []
    return [or_(matches(search), Onboarding.title.icontains(search, autoescape=True))]


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
        invite_expires_at=row[10],
        started_at=row[11],
        completed_at=row[12],
        revision=row[13],
        is_gone=row[14] is not None,
    )


def _stuck_first(cards: list[Card]) -> list[Card]:
    return sorted(cards, key=lambda card: not card.is_stuck)
