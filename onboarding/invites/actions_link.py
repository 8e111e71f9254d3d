"""What happens to a link on the customer's side: fetched, pressed, asked for anew when dead."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from onboarding import clock
from onboarding.actor import Actor, Kind
from onboarding.contacts.models import Contact
from onboarding.database import transaction
from onboarding.invites import letters
from onboarding.invites.actions import add_link, invite
from onboarding.invites.models import InviteLink
from onboarding.invites.queries import (
    Found,
    LinkState,
    Parties,
    address_for,
    channels_of,
    latest_invite,
    links_of,
    look_up,
    parties,
    state_of,
)
from onboarding.journey import actions as journey
from onboarding.journey.events import EventKind
from onboarding.journey.models import Onboarding
from onboarding.journey.permissions import Act
from onboarding.journey.status import Invite as InviteFact
from onboarding.notifications import actions as notifications
from onboarding.notifications.models import Channel, NotificationKind
from onboarding.web import throttle

MOST_NEW_LINKS_A_DAY = 3
_SAME_PRESS = timedelta(minutes=1)
_DAY = timedelta(days=1)

# How far an invite has come: its fact never goes back.
_BEFORE_FETCHED = (InviteFact.SENT, InviteFact.DELIVERED, InviteFact.UNDELIVERED)


class LinkDead(Exception):
    """*Get started* does nothing any more; `found` is None for a link that was never ours."""

    def __init__(self, found: Found | None) -> None:
        self.found = found
        super().__init__(found.state if found else LinkState.UNKNOWN)


class Asked(StrEnum):
    """What came of *Ask for a new link*."""

    SENT = "sent"
    ENOUGH = "enough"  # three were sent today
    CONTRACTOR_TOLD = "told"
    STILL_WORKS = "works"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Started:
    """What the session that begins must remember. `channel` and `address` are confirmed: the link
    went there, and a person who reads there pressed the button."""

    contractor_id: str
    contact_id: str
    onboarding_id: str
    invite_id: str
    has_account: bool
    channel: str
    address: str
    at: datetime


def note_fetched(secret: str, ip: str, user_agent: str) -> None:
    """Somebody or something fetched the link: an observation, once a link, and nothing else."""
    seen = look_up(secret)
    if seen is None or not seen.is_live or seen.link.fetched_at is not None:
        return
    with transaction(seen.contractor.id) as db:
        onboarding = journey.lock(db, seen.onboarding.id)
        link = db.get_one(InviteLink, seen.link.id)
        if link.fetched_at is not None:
            return
        link.fetched_at = clock.now()
        is_news = onboarding.invite in _BEFORE_FETCHED
        journey.record(
            db,
            onboarding,
            EventKind.INVITE_FETCHED,
            Actor(Kind.SYSTEM, "link", "Somebody or something with the link", "", ip, user_agent),
            {"channel": link.channel},
            **({"invite": InviteFact.FETCHED.value} if is_news else {}),
        )


def start(secret: str, ip: str, user_agent: str) -> Started:
    """*Get started* was pressed. Raises LinkDead once revoked, replaced, or 72 hours old.

    A link may be pressed again until then, by the same person on another device; only the first
    press is news.
    """
    seen = look_up(secret)
    if seen is None:
        raise LinkDead(None)
    with transaction(seen.contractor.id) as db:
        journey.lock(db, seen.onboarding.id)
        found = look_up(secret, db)
        started = _press(db, found, ip, user_agent) if found and found.is_live else None
    # Raised outside: what a transaction rolls back can no longer be read, and the page needs it.
    if started is None:
        raise LinkDead(found)
    return started


def ask_new_link(secret: str, ip: str, user_agent: str) -> Asked:
    """*Ask for a new link*, pressed on the page of a dead one.

    Expired: a fresh invite goes to the channel that the old one went to, three a day at most.
    Replaced: the live invite gets one more link, and nothing dies. Revoked: the contractor is told.
    What is sent goes to the address that the contractor holds now, never to one that was corrected.
    """
    seen = look_up(secret)
    if seen is None:
        return Asked.NOTHING
    with transaction(seen.contractor.id) as db:
        onboarding = journey.lock(db, seen.onboarding.id)
        found = look_up(secret, db)
        if found is None:
            return Asked.NOTHING
        elif found.is_live:
            return Asked.STILL_WORKS
        by = Actor(Kind.CUSTOMER, found.contact.id, "Somebody with the link", "", ip, user_agent)
        if found.state is LinkState.REVOKED:
            return _tell_contractor(db, found, by)
        elif _was_just_asked(found.link):
            return Asked.SENT
        return _send_again(db, found, onboarding, by)


def _press(db: Session, found: Found, ip: str, user_agent: str) -> Started:
    by = _customer(found.contact, ip, user_agent)
    journey.require(Act.START, found.onboarding, by)
    if found.link.started_at is None:
        _note_pressed(db, found, by)
    return Started(
        contractor_id=found.contractor.id,
        contact_id=found.contact.id,
        onboarding_id=found.onboarding.id,
        invite_id=found.invite.id,
        has_account=found.onboarding.has_account,
        channel=found.link.channel,
        address=found.link.address,
        at=clock.now(),
    )


def _note_pressed(db: Session, found: Found, by: Actor) -> None:
    now = clock.now()
    found.link.started_at = now
    found.invite.started_at = found.invite.started_at or now
    channel = {"channel": found.link.channel}
    journey.record(
        db,
        found.onboarding,
        EventKind.INVITE_OPENED,
        by,
        channel,
        invite=InviteFact.OPENED.value,
        started_at=found.onboarding.started_at or now,
    )
    confirmed = {**channel, "address": found.link.address, "by": "invite link"}
    journey.record(db, found.onboarding, EventKind.CHANNEL_CONFIRMED, by, confirmed)


def _tell_contractor(db: Session, found: Found, by: Actor) -> Asked:
    if throttle.take(db, f"new link wanted:{found.onboarding.id}", limit=1, within=_DAY):
        journey.record(
            db, found.onboarding, EventKind.INVITE_NEW_LINK_ASKED, by, {"state": found.state.value}
        )
        notifications.notify(
            db,
            contractor_id=found.contractor.id,
            contact_id=found.contact.id,
            onboarding_id=found.onboarding.id,
            kind=NotificationKind.NEW_LINK_WANTED,
            told={"customer": found.contact.name, "state": found.state.value},
        )
        notifications.queue(db, letters.new_link_wanted(found))
    return Asked.CONTRACTOR_TOLD


def _was_just_asked(link: InviteLink) -> bool:
    return link.asked_new_at is not None and clock.now() - link.asked_new_at < _SAME_PRESS


def _send_again(db: Session, found: Found, onboarding: Onboarding, by: Actor) -> Asked:
    key = f"new link:{onboarding.id}"
    if not throttle.take(db, key, limit=MOST_NEW_LINKS_A_DAY, within=_DAY):
        return Asked.ENOUGH
    found.link.asked_new_at = clock.now()
    last = latest_invite(db, onboarding.id)
    if last is not None and state_of(last, onboarding) is LinkState.LIVE:
        who = parties(db, onboarding, last.member_id)
        channel, address = _live_address(db, last.id, Channel(found.link.channel))
        add_link(db, who, last, channel, address)
        _note_asked(db, onboarding, by, found.state, channel)
    else:
        who = parties(db, onboarding, last.member_id if last else found.invite.member_id)
        addresses = _same_channel(who, Channel(found.link.channel))
        if not addresses:
            return _tell_contractor(db, found, by)
        _note_asked(db, onboarding, by, found.state, next(iter(addresses)))
        invite(db, who, addresses, by, EventKind.INVITE_RESENT)
    return Asked.SENT


def _live_address(db: Session, invite_id: str, wanted: Channel) -> tuple[Channel, str]:
    """Where the live invite went, by the same channel if it used that one."""
    links = links_of(db, invite_id)
    chosen = next((link for link in links if link.channel == wanted.value), links[0])
    return Channel(chosen.channel), chosen.address


def _same_channel(who: Parties, wanted: Channel) -> dict[Channel, str]:
    """The contact's present address by the same channel, or by one that they still have."""
    reachable = channels_of(who.contact)
    chosen = wanted if wanted in reachable else next(iter(reachable), None)
    return {chosen: address_for(who.contact, chosen) or ""} if chosen else {}


def _note_asked(
    db: Session, onboarding: Onboarding, by: Actor, state: LinkState, channel: Channel
) -> None:
    data = {"state": state.value, "channel": channel.value}
    journey.record(db, onboarding, EventKind.INVITE_NEW_LINK_ASKED, by, data)


def _customer(contact: Contact, ip: str, user_agent: str) -> Actor:
    return Actor(Kind.CUSTOMER, contact.id, contact.name, contact.contractor_id, ip, user_agent)
