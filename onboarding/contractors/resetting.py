"""A member who has lost the password chooses a new one by a link to their mailbox (R38).

What is answered, and how long it takes, is the same for an address of nobody.
"""

from datetime import timedelta

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from onboarding import clock, config, tokens
from onboarding.contractors import queries
from onboarding.contractors.letterhead import letterhead
from onboarding.contractors.models import Contractor, Member, MemberReset
from onboarding.database import Everyone, read, transaction
from onboarding.notifications import wording
from onboarding.notifications.actions import Outgoing, queue
from onboarding.notifications.models import Channel, Purpose
from onboarding.notifications.typesetting import Message
from onboarding.password_rules import hash_of_good
from onboarding.web import throttle
from onboarding.web.endings import end_of
from onboarding.web.guessing import TooManyTries, network

LIFE = timedelta(hours=1)
_HOUR = timedelta(hours=1)
_PRESSED_AGAIN = timedelta(seconds=30)
_MOST_TO_ADDRESS, _MOST_FROM_NETWORK = 3, 20
_BEFORE_SIGN_IN = Everyone("a member who cannot sign in is in no scope yet")


class LinkDead(Exception):
    """The link was used, is older than an hour, was replaced, or never was one."""


def ask_reset(email: str, ip: str) -> None:
    """Mails the link, where the address is a member's. Raises guessing.TooManyTries."""
    secret = tokens.new_secret()
    with transaction(_BEFORE_SIGN_IN) as db:
        _count(db, email, ip)
        member = queries.member_by_email(email)
        company = db.get_one(Contractor, member.contractor_id) if member else None
        # Set for nobody as well: how long the answer takes tells nothing.
        message = _message(member, company, secret)
        if member is None or company is None or _was_just_sent(db, member.id):
            return
        _forget_links(db, member.id)
        row = MemberReset(
            contractor_id=member.contractor_id,
            member_id=member.id,
            secret_hash=tokens.hash_secret(secret),
            expires_at=clock.now() + LIFE,
        )
        db.add(row)
        queue(db, _letter(member, company, message))


def is_alive(secret: str) -> bool:
    """Whether the link still opens the form. Reads only: mail scanners follow links."""
    return read(_BEFORE_SIGN_IN).scalar(_living(secret)) is not None


def choose(secret: str, password: str) -> Member:
    """The new password holds, the link is used, and whoever was signed in as this member is not
    any more. Raises LinkDead, password_rules.TooWeak."""
    hashed = hash_of_good(password, _about_member(secret))
    with transaction(_BEFORE_SIGN_IN) as db:
        reset = db.scalar(_living(secret).with_for_update(key_share=True))
        if reset is None:
            raise LinkDead
        reset.used_at = clock.now()
        member = db.get_one(Member, reset.member_id)
        member.password_hash = hashed
        end_of(db, "crm", member.id)
        return member


def _about_member(secret: str) -> tuple[str, ...]:
    """What anybody would guess the password from. Raises LinkDead."""
    db = read(_BEFORE_SIGN_IN)
    reset = db.scalar(_living(secret))
    if reset is None:
        raise LinkDead
    member = db.get_one(Member, reset.member_id)
    return member.name, member.email, db.get_one(Contractor, member.contractor_id).name


def _living(secret: str) -> Select[MemberReset]:
    return select(MemberReset).where(
        MemberReset.secret_hash == tokens.hash_secret(secret),
        MemberReset.used_at.is_(None),
        MemberReset.expires_at > clock.now(),
    )


def _count(db: Session, email: str, ip: str) -> None:
    for key, limit in (
        (f"member reset to {email.lower()}", _MOST_TO_ADDRESS),
        (f"member reset from {network(ip)}", _MOST_FROM_NETWORK),
    ):
        if not throttle.take(db, key, limit=limit, within=_HOUR):
            raise TooManyTries(throttle.seconds_left(db, key, within=_HOUR))


def _was_just_sent(db: Session, member_id: str) -> bool:
    """A second press: the link of the first is on its way."""
    statement = select(MemberReset.id).where(
        MemberReset.member_id == member_id,
        MemberReset.used_at.is_(None),
        MemberReset.created_at > clock.now() - _PRESSED_AGAIN,
    )
    return db.scalar(statement.limit(1)) is not None


def _forget_links(db: Session, member_id: str) -> None:
    """One link lives at a time: the newest."""
    db.execute(
        update(MemberReset)
        .where(MemberReset.member_id == member_id, MemberReset.used_at.is_(None))
        .values(expires_at=clock.now())
    )


def _message(member: Member | None, company: Contractor | None, secret: str) -> Message:
    letter = wording.MemberResetMessage(
        company=letterhead(company) if company else wording.PLATFORM,
        url=f"{config.current().base_url}/crm/new-password/{secret}",
        name=member.name if member else "",
        minutes=int(LIFE.total_seconds()) // 60,
    )
    return wording.render(letter, company.language if company else "en")


def _letter(member: Member, company: Contractor, message: Message) -> Outgoing:
    return Outgoing(
        contractor_id=member.contractor_id,
        contact_id=None,
        onboarding_id=None,
        purpose=Purpose.MEMBER_RESET,
        reference=member.id,
        channel=Channel.EMAIL,
        to=member.email,
        from_name=company.name,
        reply_to=None,
        message=message,
        is_secret=True,
        not_after=clock.now() + LIFE,
    )
