"""What people write to each other. The same form sent twice is one message."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from onboarding import clock, config, tokens
from onboarding.actor import Actor, Kind
from onboarding.contacts.reach import Reach, reach
from onboarding.contractors import revisions
from onboarding.contractors.letterhead import letterhead
from onboarding.contractors.models import Contractor
from onboarding.database import transaction
from onboarding.estimates import notices
from onboarding.estimates.models import Estimate, LineItem
from onboarding.journey import actions as journey
from onboarding.journey.events import EventKind
from onboarding.journey.models import Onboarding
from onboarding.journey.permissions import Act
from onboarding.messages.models import Message
from onboarding.notifications import actions as outbox
from onboarding.notifications.models import Channel, NotificationKind
from onboarding.notifications.wording import (
    ChangesAskedMessage,
    MessageAnsweredMessage,
    QuestionAskedMessage,
    ToMember,
    render,
)

# Letters of a message that a notification repeats.
_QUOTED = 200


class MessageKind(StrEnum):
    QUESTION = "question"
    CHANGES = "changes"
    ANSWER = "answer"
    MESSAGE = "message"


class About(StrEnum):
    """What a customer wants changed."""

    LINE = "line"
    PRICE = "price"
    TIMING = "timing"
    OTHER = "other"


_TOPICS: dict[str, Literal["price", "timing"]] = {About.PRICE: "price", About.TIMING: "timing"}


@dataclass(frozen=True)
class Words:
    """What was typed. `once_key` was minted with the form; `line_key` is empty for the whole."""

    body: str
    once_key: str
    line_key: str = ""


def ask(onboarding_id: str, words: Words, by: Actor) -> Message:
    """The customer's question about the estimate or one of its lines. Raises journey.Refused."""
    with transaction(by.contractor_id) as db:
        onboarding = journey.lock(db, onboarding_id)
        journey.require(Act.ASK, onboarding, by)
        message, is_new = _say(db, onboarding, words, by, MessageKind.QUESTION)
        if is_new:
            event = EventKind.QUESTION_ASKED
            journey.record(db, onboarding, event, by, _said(message), has_question=True)
            _tell_question(db, onboarding, message)
        return message


def ask_for_changes(onboarding_id: str, about: About, words: Words, by: Actor) -> Message:
    """The customer's wish for another version. Raises journey.Refused."""
    with transaction(by.contractor_id) as db:
        onboarding = journey.lock(db, onboarding_id)
        journey.require(Act.ASK, onboarding, by)
        message, is_new = _say(db, onboarding, words, by, MessageKind.CHANGES, about)
        if is_new:
            event = EventKind.CHANGES_ASKED
            journey.record(db, onboarding, event, by, _said(message), has_change_request=True)
            _tell_changes(db, onboarding, message)
        return message


def write(onboarding_id: str, words: Words, by: Actor) -> Message:
    """A customer's message from the portal; like a question, it waits for an answer.

    Raises journey.Refused.
    """
    with transaction(by.contractor_id) as db:
        onboarding = journey.lock(db, onboarding_id)
        journey.require(Act.ASK, onboarding, by)
        message, is_new = _say(db, onboarding, words, by, MessageKind.MESSAGE)
        if is_new:
            event = EventKind.MESSAGE_SENT
            journey.record(db, onboarding, event, by, _said(message), has_question=True)
            _tell_question(db, onboarding, message)
        return message


def answer(onboarding_id: str, words: Words, by: Actor) -> Message:
    """A member's words to the customer: an answer where a question waits. Raises journey.Refused.

    A wish for changes is met by the next version, not by an answer.
    """
    with transaction(by.contractor_id) as db:
        onboarding = journey.lock(db, onboarding_id)
        journey.require(Act.ANSWER, onboarding, by)
        is_waited_for = onboarding.has_question or onboarding.has_change_request
        kind = MessageKind.ANSWER if is_waited_for else MessageKind.MESSAGE
        message, is_new = _say(db, onboarding, words, by, kind)
        if is_new:
            event = EventKind.MESSAGE_ANSWERED if is_waited_for else EventKind.MESSAGE_SENT
            journey.record(db, onboarding, event, by, _said(message), has_question=False)
            _see(db, onboarding.contact_id, by)
            _tell_customer(db, onboarding, message)
        return message


def mark_done(onboarding_id: str, by: Actor) -> None:
    """A member has settled what was asked or wished for without writing an answer. Harmless when
    repeated. Raises journey.Refused."""
    with transaction(by.contractor_id) as db:
        onboarding = journey.lock(db, onboarding_id)
        journey.require(Act.ANSWER, onboarding, by)
        if onboarding.has_question or onboarding.has_change_request:
            event, waits = EventKind.MESSAGE_DONE, False
            journey.record(db, onboarding, event, by, has_question=waits, has_change_request=waits)
        _see(db, onboarding.contact_id, by)


def see(contact_id: str, by: Actor) -> None:
    """Marks what the other side wrote as seen. Support looks without being seen to look."""
    if not by.is_visiting:
        with transaction(by.contractor_id) as db:
            _see(db, contact_id, by)


def _say(
    db: Session,
    onboarding: Onboarding,
    words: Words,
    by: Actor,
    kind: MessageKind,
    about: str = "",
) -> tuple[Message, bool]:
    """The message, and whether it is new. The key is bound to who wrote in which conversation, so
    that no one's key can collide with another's."""
    once_key = tokens.hash_secret(f"{onboarding.contact_id}:{by.kind}:{words.once_key}")[:26]
    already = db.scalars(select(Message).where(Message.once_key == once_key)).one_or_none()
    if already is not None:
        return already, False
    line_name = _line_name(db, onboarding.id, words.line_key) if words.line_key else None
    message = Message(
        contractor_id=onboarding.contractor_id,
        contact_id=onboarding.contact_id,
        onboarding_id=onboarding.id,
        estimate_version=onboarding.latest_version,
        line_key=words.line_key if line_name else None,
        line_name=line_name,
        sender=Kind.CUSTOMER.value if by.kind is Kind.CUSTOMER else Kind.MEMBER.value,
        sender_name=by.name,
        kind=kind.value,
        about=about,
        body=words.body,
        once_key=once_key,
    )
    db.add(message)
    db.flush()
    return message, True


def _line_name(db: Session, onboarding_id: str, line_key: str) -> str | None:
    """As the newest version that was sent with this line calls it; None if none was."""
    return db.scalars(
        select(LineItem.name)
        .join(Estimate, Estimate.id == LineItem.estimate_id)
        .where(
            Estimate.onboarding_id == onboarding_id,
            Estimate.sent_at.is_not(None),
            LineItem.key == line_key,
        )
        .order_by(Estimate.version.desc())
        .limit(1)
    ).one_or_none()


def _see(db: Session, contact_id: str, by: Actor) -> None:
    """Where a member looked, every open board's count of the unread goes down."""
    others = Kind.CUSTOMER if by.kind is Kind.MEMBER else Kind.MEMBER
    seen = db.execute(
        update(Message)
        .where(
            Message.contractor_id == by.contractor_id,
            Message.contact_id == contact_id,
            Message.sender == others.value,
            Message.seen_at.is_(None),
        )
        .values(seen_at=clock.now())
        .returning(Message.id)
    ).all()
    if seen and by.kind is Kind.MEMBER:
        revisions.move_on(db, by.contractor_id)


def _said(message: Message) -> dict[str, Any]:
    """What the audit trail keeps of it."""
    told = {"message_id": message.id, "text": message.body[:500]}
    return {**told, "line": message.line_name} if message.line_name else told


def _tell_question(db: Session, onboarding: Onboarding, message: Message) -> None:
    about = message.line_name or ""
    name, company = _both_sides(db, onboarding)
    letter = QuestionAskedMessage(
        company=letterhead(company),
        url=notices.record_url(onboarding.contact_id) + "#messages",
        customer_name=name,
        job_title=onboarding.title,
        question=message.body,
        about=about,
    )
    _tell(db, onboarding, NotificationKind.QUESTION_ASKED, letter, message)


def _tell_changes(db: Session, onboarding: Onboarding, message: Message) -> None:
    name, company = _both_sides(db, onboarding)
    letter = ChangesAskedMessage(
        company=letterhead(company),
        url=notices.record_url(onboarding.contact_id) + "#messages",
        customer_name=name,
        job_title=onboarding.title,
        wish=message.body,
        about=message.line_name or "",
        topic=_TOPICS.get(message.about, ""),
    )
    _tell(db, onboarding, NotificationKind.CHANGES_ASKED, letter, message)


def _tell(
    db: Session,
    onboarding: Onboarding,
    kind: NotificationKind,
    letter: ToMember,
    message: Message,
) -> None:
    told = {
        "customer": letter.customer_name,
        "line": message.line_name or "",
        "about": message.about,
        "as": message.kind,
        "words": message.body[:_QUOTED],
    }
    notices.tell_contractor(db, onboarding, kind, told, letter, reference=message.id)


def _both_sides(db: Session, onboarding: Onboarding) -> tuple[str, Contractor]:
    """The customer's name and the contractor."""
    contractor = db.get_one(Contractor, onboarding.contractor_id)
    return notices.customer_name(db, onboarding), contractor


def _tell_customer(db: Session, onboarding: Onboarding, message: Message) -> None:
    """By the channel that they prefer; a contact without any address reads it in the portal."""
    to = reach(db, onboarding.contact_id)
    if to is not None:
        outbox.queue(db, _outgoing(db, onboarding, message, to))


def _outgoing(db: Session, onboarding: Onboarding, message: Message, to: Reach) -> outbox.Outgoing:
    contractor = db.get_one(Contractor, onboarding.contractor_id)
    letter = MessageAnsweredMessage(
        company=letterhead(contractor),
        url=f"{config.current().base_url}/portal/{contractor.slug}/sign-in",
        first_name=to.name.split(" ", 1)[0],
        answer=message.body,
    )
    return outbox.Outgoing(
        contractor_id=onboarding.contractor_id,
        contact_id=onboarding.contact_id,
        onboarding_id=onboarding.id,
        purpose=letter.purpose,
        reference=message.id,
        channel=Channel(to.channel),
        to=to.address,
        from_name=contractor.name,
        reply_to=contractor.reply_to,
        message=render(letter, to.language),
    )
