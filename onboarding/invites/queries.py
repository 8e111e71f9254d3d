"""Reads of invites: what a link leads to, what is still missing before one can be sent."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from onboarding import clock, tokens
from onboarding.braces import Complaint
from onboarding.contacts.models import Contact
from onboarding.contractors.models import Contractor, Member
from onboarding.contracts import e_signing
from onboarding.contracts import queries as contracts
from onboarding.database import Everyone, read
from onboarding.estimates import completeness
from onboarding.estimates.models import Estimate
from onboarding.invites.models import Invite, InviteLink
from onboarding.journey.models import Onboarding
from onboarding.notifications.models import Channel

ANYONE = Everyone("an invite link is found by its secret, before anybody is known")


class LinkState(StrEnum):
    LIVE = "live"
    EXPIRED = "expired"
    REPLACED = "replaced"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Parties:
    """Who invites whom to what."""

    onboarding: Onboarding
    contact: Contact
    contractor: Contractor
    sender: Member


@dataclass(frozen=True)
class Found(Parties):
    """A link that was ours, and all that it hangs on."""

    state: LinkState
    link: InviteLink
    invite: Invite

    @property
    def is_live(self) -> bool:
        return self.state is LinkState.LIVE

    @property
    def replaced_at(self) -> datetime | None:
        """When this link was put out of use by a newer one, or by a revocation before one."""
        return self.invite.replaced_at or self.invite.revoked_at


class Missing(StrEnum):
    """What has to be there before an invite can be sent."""

    ESTIMATE = "estimate"
    CONTRACT = "contract"
    SIGNING = "signing"
    CHANNEL = "channel"
    EMAIL = "email"
    MOBILE = "mobile"


@dataclass(frozen=True)
class Lack:
    """Something missing; where it is there but not whole, what it still needs."""

    what: Missing
    in_estimate: tuple[completeness.Missing, ...] = ()
    in_contract: tuple[Complaint, ...] = ()


def look_up(secret: str, db: Session | None = None) -> Found | None:
    """What the link with this secret leads to, dead or alive; None for one that was never ours."""
    statement = _LINKS.where(InviteLink.secret_hash == tokens.hash_secret(secret))
    return _found(db or read(ANYONE), statement)


def found_by_invite(invite_id: str) -> Found | None:
    """The same for an invite whose link is not at hand: a session remembers only the invite."""
    statement = _LINKS.where(Invite.id == invite_id).order_by(InviteLink.id).limit(1)
    return _found(read(ANYONE), statement)


_LINKS = (
    select(InviteLink, Invite, Onboarding, Contact, Contractor, Member)
    .join(Invite, Invite.id == InviteLink.invite_id)
    .join(Onboarding, Onboarding.id == Invite.onboarding_id)
    .join(Contact, Contact.id == Invite.contact_id)
    .join(Contractor, Contractor.id == Invite.contractor_id)
    .join(Member, Member.id == Invite.member_id)
    .execution_options(populate_existing=True)
)


def _found(db: Session, statement: Select[*tuple[Any, ...]]) -> Found | None:
    row = db.execute(statement).one_or_none()
    if row is None:
        return None
    link, invite, onboarding, contact, contractor, sender = row
    return Found(
        state=state_of(invite, onboarding),
        link=link,
        invite=invite,
        onboarding=onboarding,
        contact=contact,
        contractor=contractor,
        sender=sender,
    )


def state_of(invite: Invite, onboarding: Onboarding) -> LinkState:
    """Whether pressing *Get started* would do anything now, and why not. 72 hours are over at the
    very second."""
    if onboarding.facts.is_revoked and not onboarding.facts.is_complete:
        return LinkState.REVOKED
    elif invite.revoked_at is not None or invite.replaced_at is not None:
        return LinkState.REPLACED
    elif clock.now() >= invite.expires_at:
        return LinkState.EXPIRED
    else:
        return LinkState.LIVE


def latest_invite(db: Session, onboarding_id: str) -> Invite | None:
    return db.scalars(
        select(Invite)
        .where(Invite.onboarding_id == onboarding_id)
        .order_by(Invite.id.desc())
        .limit(1)
    ).one_or_none()


def links_of(db: Session, invite_id: str) -> list[InviteLink]:
    """The links of an invite, oldest first."""
    statement = select(InviteLink).where(InviteLink.invite_id == invite_id)
    return list(db.scalars(statement.order_by(InviteLink.id)))


def parties(db: Session, onboarding: Onboarding, member_id: str) -> Parties:
    """Everybody that a message about this onboarding names; `member_id` is who sends it."""
    return Parties(
        onboarding=onboarding,
        contact=db.get_one(Contact, onboarding.contact_id),
        contractor=db.get_one(Contractor, onboarding.contractor_id),
        sender=db.get_one(Member, member_id),
    )


def newest_version(db: Session, onboarding_id: str) -> Estimate | None:
    return db.scalars(
        select(Estimate)
        .where(Estimate.onboarding_id == onboarding_id)
        .order_by(Estimate.version.desc())
        .limit(1)
    ).one_or_none()


def lacks(db: Session, onboarding: Onboarding) -> tuple[Lack, ...]:
    """What estimate and contract still need; empty when an invite can be sent."""
    estimate = newest_version(db, onboarding.id)
    if estimate is None:
        return (Lack(Missing.ESTIMATE), Lack(Missing.CONTRACT))
    elif estimate.sent_at is not None:
        return ()
    in_estimate = completeness.missing(estimate, clock.today(onboarding.site_time_zone))
    in_contract = contracts.open_in_draft(db, estimate.id)
    found = []
    if in_estimate:
        found.append(Lack(Missing.ESTIMATE, in_estimate=in_estimate))
    if in_contract is None or in_contract:
        found.append(Lack(Missing.CONTRACT, in_contract=tuple(in_contract or ())))
    if e_signing.awaits_decision(db, onboarding, estimate.id):
        found.append(Lack(Missing.SIGNING))
    return tuple(found)


def address_for(contact: Contact, channel: Channel) -> str | None:
    """Where the contact is reached by a channel: an e-mail address, or a number as in E.164."""
    return contact.email if channel is Channel.EMAIL else contact.mobile


def channels_of(contact: Contact) -> tuple[Channel, ...]:
    """The channels that reach the contact, the preferred one first."""
    known = [channel for channel in Channel if address_for(contact, channel)]
    return tuple(sorted(known, key=lambda channel: channel.value != contact.preferred_channel))
