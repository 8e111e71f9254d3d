"""Texts that come in: STOP, START, HELP, and words for the contractor.

The provider posts a text again until it is answered: each of these is done once for one text. What
a number belongs to other rooms know, so they come through doors that `use_doors` opens.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from onboarding import clock, tokens
from onboarding.database import Everyone, read, transaction
from onboarding.notifications import actions, addresses, caps, wording
from onboarding.notifications.actions import Outgoing
from onboarding.notifications.models import Channel, Delivery, DeliveryState, NotificationKind
from onboarding.notifications.models_addresses import ClosedAddress, InboundText, Why
from onboarding.notifications.wishes import Wish, wish_of

_EVERYONE = Everyone("a text that comes in names a number and no contractor")
_QUOTED = 200
_log = logging.getLogger(__name__)
# A reply is taken to belong to what was texted within this time.
_LATELY = timedelta(days=60)
_HANDED_OVER = (DeliveryState.SENT, DeliveryState.DELIVERED)


@dataclass(frozen=True)
class Sender:
    """Who a text seems to come from: the contractor that texted the number last, and the contacts
    it texted there."""

    contractor_id: str
    contact_ids: tuple[str, ...]
    language: str


@dataclass(frozen=True)
class Doors:
    """`company(db, contractor_id)`: its letterhead. `language(db, contact_id)`: what they read.
    `converse(contact_id, contractor_id, words, key)`: whether the words are in the conversation
    now; asked twice with one key they are there once."""

    company: Callable[[Session, str], wording.Company]
    language: Callable[[Session, str], str]
    converse: Callable[[str, str, str, str], bool]


_doors: Doors | None = None


def use_doors(doors: Doors) -> None:
    global _doors
    _doors = doors


def receive_text(
    provider_id: str, number: str, body: str, *, wish: Wish | None = None, is_answered: bool = False
) -> Wish:
    """Does what somebody who texted us wants. Harmless when repeated.

    `wish` is what the provider took the text for, where it says so; `is_answered`: it has sent the
    confirmation itself.
    """
    wanted = wish or wish_of(body)
    if _is_known(provider_id):
        return wanted
    sender = _sender(number)
    is_kept = wanted is Wish.TELL and sender is not None and _converse(sender, provider_id, body)
    text = InboundText(
        id=tokens.new_id(), provider_id=provider_id, number=number, body=body, wish=wanted
    )
    try:
        with transaction(_EVERYONE) as db:
            db.add(text)
            db.flush()
            is_news = _obey(db, number, wanted)
            if sender is not None and is_news and not is_answered:
                _answer(db, sender, number, text.id, wanted)
            if sender is not None and wanted is Wish.TELL and not is_kept:
                _tell_contractor(db, sender, number, body)
    except IntegrityError:
        # The same text, posted twice at once: the other one is doing it.
        _log.info("A text was posted twice at once")
    return wanted


def _obey(db: Session, number: str, wish: Wish) -> bool:
    """Says whether there is something to confirm."""
    if wish is Wish.STOP:
        return _stop(db, number)
    elif wish is Wish.START:
        return _start(db, number)
    else:
        return wish is Wish.HELP


def _is_known(provider_id: str) -> bool:
    known = select(InboundText.id).where(InboundText.provider_id == provider_id)
    return read(_EVERYONE).scalar(known) is not None


def _sender(number: str) -> Sender | None:
    """None for a number that nobody of ours ever texted."""
    db = read(_EVERYONE)
    texted = db.execute(
        select(Delivery.contractor_id, Delivery.contact_id, Delivery.created_at)
        .where(Delivery.channel == Channel.SMS, Delivery.to == number)
        .order_by(Delivery.state.in_(_HANDED_OVER).desc(), Delivery.id.desc())
        .limit(200)
    ).all()
    if not texted:
        return None
    contractor_id = texted[0].contractor_id
    since = clock.now() - _LATELY
    contact_ids = dict.fromkeys(
        row.contact_id
        for row in texted
        if row.contractor_id == contractor_id and row.contact_id and row.created_at > since
    )
    first = next(iter(contact_ids), None)
    language = _opened().language(db, first) if first else "en"
    return Sender(contractor_id, tuple(contact_ids), language)


def _converse(sender: Sender, provider_id: str, body: str) -> bool:
    """Into the conversation, where there is no doubt whose it is."""
    if len(sender.contact_ids) != 1 or not body.strip():
        return False
    return _opened().converse(sender.contact_ids[0], sender.contractor_id, body, provider_id)


def _stop(db: Session, number: str) -> bool:
    """STOP ends the texts of every contractor that ever texted the number, at once: whoever writes
    it does not know how many of them there are."""
    texting = db.scalars(
        select(Delivery.contractor_id)
        .where(Delivery.channel == Channel.SMS, Delivery.to == number)
        .distinct()
        .order_by(Delivery.contractor_id)
    ).all()
    closed = [
        addresses.close(db, contractor_id, Channel.SMS, number, Why.STOPPED)
        for contractor_id in texting
    ]
    return any(closed)


def _start(db: Session, number: str) -> bool:
    stopped = db.scalars(
        select(ClosedAddress)
        .where(
            ClosedAddress.channel == Channel.SMS,
            ClosedAddress.address == number,
            ClosedAddress.why == Why.STOPPED,
        )
        .order_by(ClosedAddress.id)
        .with_for_update()
    ).all()
    opened = [addresses.open_again(db, closed) for closed in stopped]
    return any(opened)


def _answer(db: Session, sender: Sender, number: str, text_id: str, wish: Wish) -> None:
    """One text back, within five minutes: it is worth nothing later."""
    asked = caps.Text(cause=caps.Cause.REPLY, contractor_id=sender.contractor_id, number=number)
    try:
        with db.begin_nested():
            caps.count(db, asked)
    except caps.Full:
        # What was wanted is done all the same.
        return
    company = _opened().company(db, sender.contractor_id)
    letter = _LETTERS[wish](company=company)
    outgoing = Outgoing(
        contractor_id=sender.contractor_id,
        contact_id=sender.contact_ids[0] if len(sender.contact_ids) == 1 else None,
        onboarding_id=None,
        purpose=letter.purpose,
        reference=text_id,
        channel=Channel.SMS,
        to=number,
        from_name=company.name,
        reply_to=None,
        message=wording.render(letter, sender.language),
        not_after=clock.now() + wording.ANSWER_WITHIN,
    )
    actions.queue(db, outgoing)


_LETTERS: dict[Wish, type[wording.Letter]] = {
    Wish.STOP: wording.TextsStoppedMessage,
    Wish.START: wording.TextsStartedMessage,
    Wish.HELP: wording.TextHelpMessage,
}


def _tell_contractor(db: Session, sender: Sender, number: str, body: str) -> None:
    is_one = len(sender.contact_ids) == 1
    actions.notify(
        db,
        contractor_id=sender.contractor_id,
        contact_id=sender.contact_ids[0] if is_one else None,
        onboarding_id=None,
        kind=NotificationKind.TEXT_RECEIVED,
        told={"number": number, "words": body[:_QUOTED]},
    )


def _opened() -> Doors:
    if _doors is None:
        raise RuntimeError("The doors of inbound texts are not open: call joins.open_doors().")
    return _doors
