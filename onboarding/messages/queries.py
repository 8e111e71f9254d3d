"""Reads of conversations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from onboarding.contacts.models import Contact
from onboarding.estimates.conversation import WHOLE, Said
from onboarding.estimates.models import Estimate, LineItem
from onboarding.journey.models import Onboarding
from onboarding.journey.queries import all_of_contact, current_among
from onboarding.messages.models import Message

PAGE = 50
# A number beyond what a database counts to is not a page.
LAST_PAGE = 100_000


@dataclass(frozen=True)
class Conversation:
    """One line of the member's list: who, about which job, what was said last."""

    contact_id: str
    name: str
    job_title: str
    last: str
    is_customers: bool
    at: datetime
    unread: int
    is_open: bool


def thread(db: Session, contact_id: str) -> Sequence[Message]:
    """All that was said, in order, whatever job it was about."""
    statement = select(Message).where(Message.contact_id == contact_id)
    return db.scalars(statement.order_by(Message.at, Message.id)).all()


def count(db: Session, contact_id: str) -> int:
    """How many messages there are: what a poll compares, for none is ever taken away."""
    statement = select(func.count()).select_from(Message).where(Message.contact_id == contact_id)
    return db.scalar(statement) or 0


def said(db: Session, onboarding_id: str) -> Sequence[Said]:
    """What stands on an estimate of this job, in order."""
    rows = db.scalars(
        select(Message)
        .where(Message.onboarding_id == onboarding_id)
        .order_by(Message.at, Message.id)
    )
    return [
        Said(
            id=row.id,
            line_key=row.line_key or WHOLE,
            line_name=row.line_name or "",
            kind=row.kind,
            about=row.about,
            body=row.body,
            by=row.sender_name,
            at=row.at,
            is_customers=row.sender == "customer",
            is_seen=row.seen_at is not None,
        )
        for row in rows
    ]


def conversations(db: Session, page: int = 1) -> Sequence[Conversation]:
    """Open questions first, then what is unread, then the latest; PAGE + 1 of them at most, so that
    the caller sees whether there are more."""
    is_unread = (Message.sender == "customer") & Message.seen_at.is_(None)
    summary = (
        select(
            Message.contact_id,
            func.max(Message.id).label("last_id"),
            func.sum(case((is_unread, 1), else_=0)).label("unread"),
        )
        .group_by(Message.contact_id)
        .subquery()
    )
    is_open = Onboarding.has_question | Onboarding.has_change_request
    rows = db.execute(
        select(
            Contact.id,
            Contact.name,
            Onboarding.title,
            Message.body,
            Message.sender,
            Message.at,
            summary.c.unread,
            is_open,
        )
        .join(summary, summary.c.last_id == Message.id)
        .join(Contact, Contact.id == Message.contact_id)
        .join(Onboarding, Onboarding.id == Message.onboarding_id)
        .order_by(is_open.desc(), (summary.c.unread > 0).desc(), Message.at.desc())
        .limit(PAGE + 1)
        .offset((page - 1) * PAGE)
    )
    return [
        Conversation(id_, name, title, body, sender == "customer", at, int(unread), bool(open_))
        for id_, name, title, body, sender, at, unread, open_ in rows
    ]


def unread(db: Session) -> int:
    """How many of the customers' messages no member has looked at."""
    statement = select(func.count()).where(Message.sender == "customer", Message.seen_at.is_(None))
    return db.scalar(statement) or 0


def unread_for_customer(db: Session, contact_id: str) -> int:
    """What the contractor wrote and the customer has not looked at."""
    return (
        db.scalar(
            select(func.count())
            .select_from(Message)
            .where(
                Message.contact_id == contact_id,
                Message.sender == "member",
                Message.seen_at.is_(None),
            )
        )
        or 0
    )


@dataclass(frozen=True)
class Topic:
    """A line that a customer asked about, waiting for an answer; the key of WHOLE is empty."""

    line_key: str
    line_name: str


def open_topics(messages: Sequence[Message]) -> list[Topic]:
    """What the customer's unanswered messages are about, the newest first."""
    waiting: dict[str, Topic] = {}
    for message in messages:
        key = message.line_key or WHOLE
        waiting.pop(key, None)
        if message.sender == "customer":
            waiting[key] = Topic(key, message.line_name or "")
    return list(reversed(waiting.values()))


def onboarding_to_answer(db: Session, contact_id: str) -> Onboarding | None:
    """The job that a member's words belong to: the one with the newest open question, else the one
    that the customer is busy with."""
    return job_to_answer(all_of_contact(db, contact_id))


def job_to_answer(jobs: Sequence[Onboarding]) -> Onboarding | None:
    """The same among all jobs of the contact, the newest first."""
    return next((job for job in jobs if job.has_question), None) or current_among(jobs)


def contact(db: Session, contact_id: str) -> Contact | None:
    return db.scalars(select(Contact).where(Contact.id == contact_id)).one_or_none()


def sent_lines(db: Session, estimate_id: str) -> list[tuple[str, str]]:
    """The key and name of each line of a version that was sent, in order."""
    rows = db.execute(
        select(LineItem.key, LineItem.name)
        .join(Estimate, Estimate.id == LineItem.estimate_id)
        .where(Estimate.id == estimate_id, Estimate.sent_at.is_not(None))
        .order_by(LineItem.position)
    )
    return [(key, name) for key, name in rows]
