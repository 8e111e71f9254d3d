"""The QR that a contractor shows on the doorstep leads here: to a door, not through it.

Whoever scans it can ask for a code, and the code goes to the customer's own phone or mailbox as it
stands on file. Only with that does anything begin, so the contractor's own hand opens nothing.
"""

from sqlalchemy.orm import Session

from onboarding import clock
from onboarding.accounts import challenges, letters
from onboarding.accounts.actions import Entry, Starter, enter
from onboarding.accounts.challenges import Asking, Proof, Verdict
from onboarding.accounts.models import Challenge
from onboarding.accounts.queries import Confirmed, contact_of
from onboarding.actor import Actor, Kind
from onboarding.contacts.models import Contact
from onboarding.database import read, transaction
from onboarding.invites.models import Invite
from onboarding.invites.queries import Found, LinkState, address_for, latest_invite, state_of
from onboarding.journey import actions as journey
from onboarding.journey.events import EventKind
from onboarding.journey.models import Onboarding
from onboarding.journey.permissions import Act
from onboarding.journey.queries import current_of_contact
from onboarding.journey.status import Invite as InviteFact
from onboarding.notifications.models import Channel


class DoorClosed(Exception):
    """The invite is over, or the contact has no address by this channel: no code is sent."""


def ask_in_person(found: Found, channel: Channel, browser: str, device: str, ip: str) -> str:
    """Sends a code to the address on file; the id of its challenge. Expires with the invite.

    Raises DoorClosed, challenges.TooOften, journey.Refused.
    """
    with transaction(found.contractor.id) as db:
        onboarding = journey.lock(db, found.onboarding.id)
        contact = contact_of(db, found.contact.id)
        invite = db.get_one(Invite, found.invite.id)
        address = address_for(contact, channel)
        if address is None or state_of(invite, onboarding) is not LinkState.LIVE:
            raise DoorClosed
        journey.require(Act.CREATE_ACCOUNT, onboarding, _customer(contact, ip))
        asking = Asking(
            contractor_id=found.contractor.id,
            purpose=challenges.Purpose.IN_PERSON,
            channel=channel.value,
            address=address,
            browser_hash=browser,
            ip=ip,
            asked_from=device,
            contact_id=contact.id,
            is_on_file=True,
        )
        issued = challenges.issue(db, asking)
        letters.send_challenge(db, issued, contact.language, name=contact.name)
        if issued.code:
            by = Actor(Kind.CUSTOMER, contact.id, "Somebody with the QR code", "", ip)
            asked = {"channel": channel.value, "address": address}
            journey.record(db, onboarding, EventKind.INVITE_IN_PERSON, by, asked)
        return issued.challenge.id


def invite_of(challenge: Challenge) -> Invite | None:
    """The invite that the customer of this challenge was handed; the newest there is."""
    db = read(challenge.contractor_id)
    job = current_of_contact(db, challenge.contact_id or "")
    return latest_invite(db, job.id) if job else None


def create_in_person(challenge: Challenge, proof: Proof, who: Actor) -> Entry | Verdict:
    """The code was typed: it proves the address, and the account is made with it. `who` is the
    phone that typed it. The try is counted whatever comes of it.

    Raises journey.Refused, AccountExists.
    """
    invite = invite_of(challenge)
    if invite is None:
        return Verdict.OLD
    with transaction(challenge.contractor_id) as db:
        onboarding = journey.lock(db, invite.onboarding_id)
        verdict, proved = challenges.prove(db, proof)
        if verdict is not Verdict.RIGHT or proved is None:
            return verdict
        own = Confirmed(proved.channel, proved.address, clock.now())
        # First of all: what is noted below would undo a revocation.
        journey.require(Act.START, onboarding, who)
        if onboarding.started_at is None:
            _note_opened(db, onboarding, invite.id, own, who)
        return enter(db, _starter(onboarding, invite.id, own, who), "code", (own,))


def _note_opened(
    db: Session, onboarding: Onboarding, invite_id: str, own: Confirmed, who: Actor
) -> None:
    """The person at whom the invite was aimed has opened it, by another way than its link."""
    now = clock.now()
    db.get_one(Invite, invite_id).started_at = now
    contact = contact_of(db, onboarding.contact_id)
    journey.record(
        db,
        onboarding,
        EventKind.INVITE_OPENED,
        _customer(contact, who.ip, who.user_agent),
        {"channel": own.channel, "by": "in person"},
        invite=InviteFact.OPENED.value,
        started_at=now,
    )


def _starter(onboarding: Onboarding, invite_id: str, own: Confirmed, who: Actor) -> Starter:
    return Starter(
        contractor_id=onboarding.contractor_id,
        contact_id=onboarding.contact_id,
        onboarding_id=onboarding.id,
        invite_id=invite_id,
        channel=own.channel,
        address=own.address,
        at=own.at,
        ip=who.ip,
        user_agent=who.user_agent,
    )


def _customer(contact: Contact, ip: str, user_agent: str = "") -> Actor:
    return Actor(Kind.CUSTOMER, contact.id, contact.name, contact.contractor_id, ip, user_agent)
