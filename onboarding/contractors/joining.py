"""Somebody is invited to a contractor's team by a link to their mailbox: once, for seven days.

Whether the address signs in at another company is told to nobody but the mailbox's own reader.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from onboarding import clock, config, tokens
from onboarding.actor import Actor
from onboarding.contractors import actions
from onboarding.contractors.letterhead import letterhead
from onboarding.contractors.models import Contractor, Member, MemberInvite
from onboarding.contractors.team import Role
from onboarding.database import Everyone, read, transaction
from onboarding.notifications import wording
from onboarding.notifications.actions import Outgoing, queue, withdraw
from onboarding.notifications.models import Channel, Purpose
from onboarding.password_rules import hash_of_good
from onboarding.web import throttle
from onboarding.web.guessing import TooManyTries

LIFE = timedelta(days=7)
_PRESSED_AGAIN = timedelta(seconds=30)
_HOUR = timedelta(hours=1)
_MOST_AN_HOUR = 30
_BEFORE_SIGN_IN = Everyone("somebody who joins is in no scope yet")


class AlreadyHere(Exception):
    """The address is a member's of this contractor, called `name`; not active, where they left."""

    def __init__(self, member: Member) -> None:
        super().__init__(member.id)
        self.name, self.is_active = member.name, member.is_active


class InviteDead(Exception):
    """It was used, revoked, sent anew, is older than seven days, or never was one."""


class NoSuchInvite(Exception):
    """Nobody waits under this id."""


@dataclass(frozen=True)
class Invited:
    """What the page behind the link says."""

    email: str
    company: Contractor
    invited_by: str
    is_taken: bool


def waiting(db: Session) -> Sequence[MemberInvite]:
    """Those who were invited and have not joined, those whose link is over among them."""
    statement = select(MemberInvite).where(
        MemberInvite.used_at.is_(None), MemberInvite.revoked_at.is_(None)
    )
    return db.scalars(statement.order_by(MemberInvite.id)).all()


def invite_member(email: str, role: Role, by: Actor) -> MemberInvite:
    """Mails the link. Whoever waits already is not written to again. Raises AlreadyHere,
    TooManyTries."""
    with transaction(by.contractor_id) as db:
        company = db.get_one(Contractor, by.contractor_id, with_for_update={"key_share": True})
        here = db.scalar(select(Member).where(Member.email == email.lower()))
        if here is not None:
            raise AlreadyHere(here)
        present = next((one for one in waiting(db) if one.email == email.lower()), None)
        if present is not None:
            return present
        invite = MemberInvite(
            id=tokens.new_id(),
            contractor_id=company.id,
            email=email.lower(),
            role=role,
            invited_by=by.name,
        )
        _send(db, invite, company, by)
        db.add(invite)
        return invite


def resend_invite(invite_id: str, by: Actor) -> MemberInvite:
    """A new link; the one before is dead. Pressed twice, it is sent once. Raises NoSuchInvite,
    TooManyTries."""
    with transaction(by.contractor_id) as db:
        invite = _locked(db, invite_id)
        if invite.used_at is None and clock.now() - invite.sent_at > _PRESSED_AGAIN:
            withdraw(db, purpose=Purpose.MEMBER_INVITE, reference=invite.id)
            _send(db, invite, db.get_one(Contractor, by.contractor_id), by)
        return invite


def revoke_invite(invite_id: str, by: Actor) -> MemberInvite:
    """The link opens nothing from now on. Raises NoSuchInvite."""
    with transaction(by.contractor_id) as db:
        invite = _locked(db, invite_id)
        invite.revoked_at = invite.revoked_at or clock.now()
        withdraw(db, purpose=Purpose.MEMBER_INVITE, reference=invite.id)
        return invite


def invited(secret: str) -> Invited:
    """Reads only: mail scanners follow links. Raises InviteDead."""
    db = read(_BEFORE_SIGN_IN)
    invite = db.scalar(_living(secret))
    if invite is None:
        raise InviteDead
    taken = db.scalar(select(Member.id).where(Member.email == invite.email))
    company = db.get_one(Contractor, invite.contractor_id)
    return Invited(invite.email, company, invite.invited_by, taken is not None)


def join(secret: str, name: str, password: str) -> Member:
    """The invited is a member, and the link is used. Raises InviteDead, actions.AddressTaken,
    password_rules.TooWeak."""
    about = invited(secret)
    hashed = hash_of_good(password, (name, about.email, about.company.name))
    with transaction(_BEFORE_SIGN_IN) as db:
        invite = db.scalar(_living(secret).with_for_update(key_share=True))
        if invite is None:
            raise InviteDead
        actions.refuse_taken(db, invite.email)
        invite.used_at = clock.now()
        member = Member(
            contractor_id=invite.contractor_id,
            name=name,
            email=invite.email,
            password_hash=hashed,
            role=invite.role,
        )
        db.add(member)
        return member


def _living(secret: str) -> Select[MemberInvite]:
    return select(MemberInvite).where(
        MemberInvite.secret_hash == tokens.hash_secret(secret),
        MemberInvite.used_at.is_(None),
        MemberInvite.revoked_at.is_(None),
        MemberInvite.expires_at > clock.now(),
    )


def _locked(db: Session, invite_id: str) -> MemberInvite:
    statement = select(MemberInvite).where(MemberInvite.id == invite_id)
    invite = db.scalar(statement.with_for_update(key_share=True))
    if invite is None:
        raise NoSuchInvite
    return invite


def _send(db: Session, invite: MemberInvite, company: Contractor, by: Actor) -> None:
    """Gives the invite a new secret and seven days, and queues the mail with it."""
    key = f"member invites of {company.id}"
    if not throttle.take(db, key, limit=_MOST_AN_HOUR, within=_HOUR):
        raise TooManyTries(throttle.seconds_left(db, key, within=_HOUR))
    secret, now = tokens.new_secret(), clock.now()
    invite.secret_hash, invite.sent_at = tokens.hash_secret(secret), now
    invite.expires_at = now + LIFE
    letter = wording.MemberInviteMessage(
        company=letterhead(company),
        url=f"{config.current().base_url}/crm/join/{secret}",
        sender_name=by.name,
        days=LIFE.days,
    )
    outgoing = Outgoing(
        contractor_id=company.id,
        contact_id=None,
        onboarding_id=None,
        purpose=Purpose.MEMBER_INVITE,
        reference=invite.id,
        channel=Channel.EMAIL,
        to=invite.email,
        from_name=company.name,
        reply_to=company.reply_to,
        message=wording.render(letter, company.language),
        is_secret=True,
        not_after=invite.expires_at,
    )
    queue(db, outgoing)
