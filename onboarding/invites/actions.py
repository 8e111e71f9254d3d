"""The contractor's side: Send Portal Invite, Resend, Revoke."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding import clock, tokens
from onboarding.actor import Actor
from onboarding.contacts.models import Contact
from onboarding.contracts import actions as contracts
from onboarding.database import transaction
from onboarding.estimates import actions as estimates
from onboarding.estimates import pricing
from onboarding.estimates.models import Estimate
from onboarding.invites import letters
from onboarding.invites.models import Invite, InviteLink
from onboarding.invites.presses import is_second_click, was_just_sent
from onboarding.invites.queries import (
    Lack,
    Missing,
    Parties,
    address_for,
    channels_of,
    lacks,
    latest_invite,
    links_of,
    parties,
)
from onboarding.invites.quiet import night_of, not_before
from onboarding.journey import actions as journey
from onboarding.journey.events import EventKind
from onboarding.journey.models import Onboarding
from onboarding.journey.permissions import Act
from onboarding.journey.status import Invite as InviteFact
from onboarding.notifications import actions as notifications
from onboarding.notifications.models import Channel, Purpose
from onboarding.web.endings import end_born_of

LIFE = timedelta(hours=72)


class Incomplete(Exception):
    """Not sent: `lacks` says what is missing."""

    def __init__(self, missing: tuple[Lack, ...]) -> None:
        self.lacks = missing
        super().__init__(", ".join(lack.what for lack in missing))


def send_invite(
    onboarding_id: str, channels: Sequence[Channel], by: Actor, *, at_once: bool = False
) -> None:
    """Send Portal Invite: fixes a draft that waits, and sends a link by each of the channels.

    Older links die. Somebody with an account is told of a revised estimate instead, or invited to
    sign in; after a revocation this restores access. Raises Incomplete, journey.Refused,
    journey.OnboardingMissing.
    """
    with transaction(by.contractor_id) as db:
        onboarding = journey.lock(db, onboarding_id)
        journey.require(Act.SEND, onboarding, by)
        if was_just_sent(db, onboarding, EventKind.INVITE_SENT):
            return
        who = parties(db, onboarding, by.id)
        addresses = _addresses(who.contact, channels)
        missing = lacks(db, onboarding)
        if missing:
            raise Incomplete(missing)
        is_inside = onboarding.has_account and not onboarding.facts.is_revoked
        revised = _fix_draft(db, onboarding, by)
        if revised is not None and revised.version > 1 and is_inside:
            _tell_of_revision(db, who, revised, addresses, by, at_once=at_once)
        else:
            invite(db, who, addresses, by, EventKind.INVITE_SENT, at_once=at_once)


def resend_invite(
    onboarding_id: str,
    by: Actor,
    channels: Sequence[Channel] | None = None,
    *,
    at_once: bool = False,
) -> None:
    """A new invite, by the channels of the last one unless told otherwise; the old links die.

    Raises Incomplete when the contact has no address left, journey.Refused.
    """
    with transaction(by.contractor_id) as db:
        onboarding = journey.lock(db, onboarding_id)
        journey.require(Act.RESEND, onboarding, by)
        is_repeated = was_just_sent(db, onboarding, EventKind.INVITE_RESENT)
        if is_repeated or is_second_click(db, onboarding, channels):
            return
        who = parties(db, onboarding, by.id)
        again = _channels_again(db, who) if channels is None else channels
        addresses = _addresses(who.contact, again)
        invite(db, who, addresses, by, EventKind.INVITE_RESENT, at_once=at_once)


def revoke_invite(onboarding_id: str, by: Actor) -> None:
    """Ends every link, every session born of one, and all that can be done, at once.

    Harmless when repeated. Raises journey.Refused.
    """
    with transaction(by.contractor_id) as db:
        onboarding = journey.lock(db, onboarding_id)
        if onboarding.facts.is_revoked:
            return
        journey.require(Act.REVOKE, onboarding, by)
        for ended in _living(db, onboarding.id):
            ended.revoked_at = clock.now()
        for every in db.scalars(select(Invite.id).where(Invite.onboarding_id == onboarding.id)):
            _withdraw_messages(db, every)
            end_born_of(db, every)
        journey.record(
            db,
            onboarding,
            EventKind.INVITE_REVOKED,
            by,
            invite=InviteFact.REVOKED.value,
            invite_expires_at=None,
        )


def invite(
    db: Session,
    who: Parties,
    addresses: dict[Channel, str],
    by: Actor,
    kind: EventKind,
    *,
    at_once: bool = False,
) -> Invite:
    """A new invite with a link for each address, in the caller's transaction; older links die.

    A text waits for the morning where it is night there, unless it is to go `at_once`.
    """
    onboarding = who.onboarding
    older = _living(db, onboarding.id)
    fresh = Invite(
        contractor_id=onboarding.contractor_id,
        contact_id=onboarding.contact_id,
        onboarding_id=onboarding.id,
        member_id=who.sender.id,
        created_at=(now := clock.now()),
        expires_at=now + LIFE,
    )
    db.add(fresh)
    db.flush()
    for channel, address in addresses.items():
        waits = _waits(who, channel, by, at_once=at_once)
        add_link(db, who, fresh, channel, address, waits)
    for replaced in older:
        _replace(db, replaced, addresses, has_account=onboarding.has_account)
    journey.record(
        db,
        onboarding,
        kind,
        by,
        {
            "invite": fresh.id,
            "to": {channel.value: address for channel, address in addresses.items()},
            "expires_at": fresh.expires_at.isoformat(),
        },
        invite=InviteFact.SENT.value,
        invite_expires_at=None if onboarding.has_account else fresh.expires_at,
    )
    return fresh


def add_link(
    db: Session,
    who: Parties,
    to_invite: Invite,
    channel: Channel,
    address: str,
    not_before: datetime | None = None,
) -> InviteLink:
    """One more link of a living invite, and its message. Its secret is nowhere but in that."""
    link, secret = new_link(db, to_invite, channel, address)
    letter = letters.invitation(who, to_invite, link, secret, not_before)
    delivery = notifications.queue(db, letter)
    link.delivery_id = delivery.id
    return link


def new_link(
    db: Session, to_invite: Invite, channel: Channel, address: str
) -> tuple[InviteLink, str]:
    """One more link of a living invite, with its secret for the one message that carries it."""
    secret = tokens.new_secret()
    link = InviteLink(
        contractor_id=to_invite.contractor_id,
        invite_id=to_invite.id,
        channel=channel.value,
        address=address,
        secret_hash=tokens.hash_secret(secret),
    )
    db.add(link)
    db.flush()
    return link, secret


def _addresses(contact: Contact, channels: Sequence[Channel]) -> dict[Channel, str]:
    missing = [_NO_ADDRESS[channel] for channel in channels if not address_for(contact, channel)]
    if not channels:
        missing = [Missing.CHANNEL]
    if missing:
        raise Incomplete(tuple(Lack(what) for what in missing))
    return {channel: address_for(contact, channel) or "" for channel in dict.fromkeys(channels)}


_NO_ADDRESS = {Channel.EMAIL: Missing.EMAIL, Channel.SMS: Missing.MOBILE}


def _fix_draft(db: Session, onboarding: Onboarding, by: Actor) -> Estimate | None:
    """The draft that waits, now sent with its contract; None where there is none."""
    draft = estimates.draft_of(db, onboarding.id)
    if draft is None:
        return None
    sent = estimates.send_version(db, onboarding, by)
    contracts.send_draft(db, sent, by)
    return sent


def _tell_of_revision(
    db: Session,
    who: Parties,
    revised: Estimate,
    addresses: dict[Channel, str],
    by: Actor,
    *,
    at_once: bool,
) -> None:
    total = pricing.totals(revised).total
    for channel, address in addresses.items():
        letter = letters.revision(who, revised, total, channel, address)
        waits = _waits(who, channel, by, at_once=at_once)
        notifications.queue(db, replace(letter, not_before=waits))


def _waits(who: Parties, channel: Channel, by: Actor, *, at_once: bool) -> datetime | None:
    night = night_of(who.contractor)
    return not_before(channel, who.onboarding.site_time_zone, night, by, at_once=at_once)


def _channels_again(db: Session, who: Parties) -> Sequence[Channel]:
    """The last invite's channels that still reach the contact; where none does, all that do."""
    last = latest_invite(db, who.onboarding.id)
    used = {link.channel for link in links_of(db, last.id)} if last else set()
    reachable = channels_of(who.contact)
    return [channel for channel in reachable if channel.value in used] or reachable


def _living(db: Session, onboarding_id: str) -> list[Invite]:
    """Invites that neither a newer one nor a revocation has ended; expired ones too."""
    return list(
        db.scalars(
            select(Invite).where(
                Invite.onboarding_id == onboarding_id,
                Invite.replaced_at.is_(None),
                Invite.revoked_at.is_(None),
            )
        )
    )


def _replace(
    db: Session, older: Invite, addresses: dict[Channel, str], *, has_account: bool
) -> None:
    """Its links die. A session that began by an address which is no longer the contact's ends too:
    a mistyped one belongs to a stranger."""
    older.replaced_at = clock.now()
    _withdraw_messages(db, older.id)
    went_to = {link.address for link in links_of(db, older.id)}
    if not has_account and not went_to <= set(addresses.values()):
        end_born_of(db, older.id)


def _withdraw_messages(db: Session, invite_id: str) -> None:
    for link in links_of(db, invite_id):
        for purpose in (Purpose.INVITE, Purpose.INVITE_SIGN_IN):
            notifications.withdraw(db, purpose=purpose, reference=link.id)
