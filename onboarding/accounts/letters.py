"""The messages that carry a code or a sign-in link, and the one that tells of a change."""

from typing import Literal

from sqlalchemy.orm import Session

from onboarding import config
from onboarding.accounts.challenges import LIFE, Issued, Purpose
from onboarding.accounts.models import Account, Challenge
from onboarding.contractors.letterhead import letterhead
from onboarding.contractors.models import Contractor
from onboarding.invites.letters import first_name
from onboarding.notifications import actions as notifications
from onboarding.notifications import wording
from onboarding.notifications.actions import Outgoing
from onboarding.notifications.models import Channel
from onboarding.notifications.queries import trouble_of, why_closed

_MINUTES = int(LIFE.total_seconds() // 60)
What = Literal["email", "phone", "password"]
_LINKED = (Purpose.ACCOUNT, Purpose.SIGN_IN)


def send_challenge(
    db: Session, issued: Issued, language: str, *, name: str = "", is_decoy: bool = False
) -> None:
    """Queues the code, and by e-mail the link beside it. For a decoy the same work is done and
    undone, so that an unknown address takes as long as a known one."""
    challenge = issued.challenge
    if not issued.code:
        return
    contractor = db.get_one(Contractor, challenge.contractor_id)
    outgoing = _outgoing(contractor, issued, language, name)
    with db.begin_nested() as savepoint:
        delivery = notifications.queue(db, outgoing)
        if is_decoy:
            savepoint.rollback()
        else:
            challenge.delivery_id = delivery.id


def tell_sign_in_changed(
    db: Session, contractor: Contractor, account: Account, what: What, channel: str, to: str
) -> None:
    """To the address as it was before: `what` changed, and whom to call if it was somebody else."""
    letter = wording.SignInChangedMessage(
        company=letterhead(contractor), first_name=first_name(account.name), what=what
    )
    notifications.queue(
        db,
        Outgoing(
            contractor_id=contractor.id,
            contact_id=account.contact_id,
            onboarding_id=None,
            purpose=letter.purpose,
            reference=account.id,
            channel=Channel(channel),
            to=to,
            from_name=contractor.name,
            reply_to=contractor.reply_to,
            message=wording.render(letter, account.language),
        ),
    )


def _outgoing(contractor: Contractor, issued: Issued, language: str, name: str) -> Outgoing:
    challenge = issued.challenge
    letter = _letter(contractor, issued, name)
    return Outgoing(
        contractor_id=contractor.id,
        contact_id=challenge.contact_id,
        onboarding_id=None,
        purpose=letter.purpose,
        reference=challenge.id,
        channel=Channel(challenge.channel),
        to=challenge.address,
        from_name=contractor.name,
        reply_to=contractor.reply_to,
        message=wording.render(letter, language),
        is_secret=True,
        is_code=True,
        not_after=challenge.expires_at,
    )


def _letter(contractor: Contractor, issued: Issued, name: str) -> wording.Letter:
    settings = config.current()
    if has_link(issued.challenge):
        return wording.MagicLinkMessage(
            company=letterhead(contractor),
            url=f"{settings.base_url}/portal/link/{issued.secret}",
            first_name=first_name(name),
            code=issued.code,
            minutes=_MINUTES,
        )
    return wording.CodeMessage(
        company=letterhead(contractor), code=issued.code, minutes=_MINUTES, host=settings.host
    )


def trouble(db: Session, challenge: Challenge) -> str:
    """'late', 'failed' or 'stopped' where its message is known not to have gone out. Of a sign-in
    nothing is said: it would tell whether anybody has the address."""
    if challenge.purpose == Purpose.SIGN_IN or challenge.delivery_id is None:
        return ""
    if is_stopped(db, challenge.contractor_id, challenge.channel, challenge.address):
        return "stopped"
    return trouble_of(db, challenge.delivery_id)


def is_stopped(db: Session, contractor_id: str, channel: str, address: str) -> bool:
    """STOP came from the number: no code goes there by text."""
    return channel == "sms" and why_closed(db, contractor_id, channel, address) is not None


def has_link(challenge: Challenge) -> bool:
    """Its message carries a link beside the code: e-mail, where it is the way in."""
    return challenge.channel == "email" and challenge.purpose in _LINKED
