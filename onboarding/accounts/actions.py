"""Setting up an account: three ways in, one account a contact, and the profile."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from onboarding import clock
from onboarding.accounts import challenges, letters
from onboarding.accounts.challenges import Asking, Proof, Verdict
from onboarding.accounts.models import Account
from onboarding.accounts.queries import (
    Confirmed,
    account_of_contact,
    contact_of,
    is_confirmed,
    plain,
)
from onboarding.actor import Actor, Kind
from onboarding.contacts.models import Contact
from onboarding.contractors.models import Contractor
from onboarding.database import read, transaction
from onboarding.journey import actions as journey
from onboarding.journey.events import EventKind
from onboarding.journey.permissions import Act
from onboarding.password_rules import hash_of_good

_BY_CHALLENGE = ("code", "magic link")


@dataclass(frozen=True)
class Starter:
    """Somebody who pressed *Get started*: what their session remembers until there is an account.
    `channel` and `address` are what the link confirmed, at `at`. `language` is that of the page,
    empty for the contact's."""

    contractor_id: str
    contact_id: str
    onboarding_id: str
    invite_id: str
    channel: str
    address: str
    at: datetime
    ip: str = ""
    user_agent: str = ""
    language: str = ""

    @property
    def confirmed(self) -> Confirmed:
        return Confirmed(self.channel, self.address, self.at)


@dataclass(frozen=True)
class Entry:
    """Somebody may come in: to which account, and what was confirmed by coming."""

    account: Account
    confirmed: Confirmed
    is_new: bool = False


class AccountExists(Exception):
    """Another way was quicker, and what was confirmed here is not that account's: sign in."""


def ask_challenge(starter: Starter, channel: str, address: str, browser: str, device: str) -> str:
    """Sends a code, by e-mail with a link beside it; the id of its challenge. An address of the
    customer's own choosing will do: using the code confirms it.

    Raises TooOften, journey.Refused.
    """
    with transaction(starter.contractor_id) as db:
        onboarding = journey.lock(db, starter.onboarding_id)
        contact = contact_of(db, starter.contact_id)
        journey.require(Act.CREATE_ACCOUNT, onboarding, _customer(contact, starter))
        asking = Asking(
            contractor_id=starter.contractor_id,
            purpose=challenges.Purpose.ACCOUNT,
            channel=channel,
            address=address,
            browser_hash=browser,
            ip=starter.ip,
            asked_from=device,
            contact_id=contact.id,
            is_on_file=address in (contact.email, contact.mobile),
        )
        issued = challenges.issue(db, asking)
        letters.send_challenge(db, issued, starter.language or contact.language, name=contact.name)
        return issued.challenge.id


def create_with_link(starter: Starter) -> Entry:
    """One press: the link itself has confirmed the mailbox or phone it went to.

    Raises journey.Refused, AccountExists.
    """
    with transaction(starter.contractor_id) as db:
        return enter(db, starter, "invite link", (starter.confirmed,))


def create_with_challenge(starter: Starter, proof: Proof) -> Entry | Verdict:
    """By a code, or by a mailed link confirmed anywhere. The try is counted whatever comes of it.

    Raises journey.Refused, AccountExists.
    """
    with transaction(starter.contractor_id) as db:
        journey.lock(db, starter.onboarding_id)
        verdict, challenge = challenges.prove(db, proof)
        if verdict is not Verdict.RIGHT or challenge is None:
            return verdict
        elif challenge.contact_id != starter.contact_id:
            return Verdict.OLD
        way = "magic link" if proof.code is None else "code"
        own = Confirmed(challenge.channel, challenge.address, clock.now())
        return enter(db, starter, way, (own, starter.confirmed))


def create_with_password(starter: Starter, email: str, password: str) -> Entry:
    """By e-mail and password; the mailbox counts as confirmed only if the invite's link went there.

    Raises TooWeak, journey.Refused, AccountExists.
    """
    db = read(starter.contractor_id)
    contact = contact_of(db, starter.contact_id)
    contractor = db.get_one(Contractor, starter.contractor_id)
    hashed = hash_of_good(password, (contact.name, contractor.name, email))
    with transaction(starter.contractor_id) as db:
        entry = enter(db, starter, "password", (starter.confirmed,))
        if entry.is_new:
            entry.account.password_hash = hashed
            entry.account.email = entry.account.email or plain("email", email)
        return entry


def enter(db: Session, starter: Starter, way: str, confirmed: tuple[Confirmed, ...]) -> Entry:
    """The account, made now or a moment ago by another way of the same person; `confirmed` has what
    was confirmed last first."""
    onboardings = journey.lock_all_of_contact(db, starter.contact_id)
    contact = contact_of(db, starter.contact_id)
    by = _customer(contact, starter)
    here = next(each for each in onboardings if each.id == starter.onboarding_id)
    held = account_of_contact(db, contact.id)
    if held is not None:
        return _join(held, confirmed)
    journey.require(Act.CREATE_ACCOUNT, here, by)
    speak(contact, starter.language)
    made = _account(contact)
    db.add(made)
    for one in reversed(confirmed):
        confirm(made, one)
        keep_address(contact, one.channel, one.address)
    db.flush()
    by = replace(by, id=made.id)
    if way in _BY_CHALLENGE:
        proved = {"channel": confirmed[0].channel, "address": confirmed[0].address, "by": way}
        journey.record(db, here, EventKind.CHANNEL_CONFIRMED, by, proved)
    for each in onboardings:
        if not each.has_account:
            journey.record(db, each, EventKind.ACCOUNT_CREATED, by, {"way": way}, has_account=True)
    return Entry(made, confirmed[0], is_new=True)


def _join(held: Account, confirmed: tuple[Confirmed, ...]) -> Entry:
    own = next((one for one in confirmed if is_confirmed(held, one.channel, one.address)), None)
    if own is None:
        raise AccountExists
    return Entry(held, own)


def _account(contact: Contact) -> Account:
    """What the contractor already knew is filled in."""
    return Account(
        contractor_id=contact.contractor_id,
        contact_id=contact.id,
        name=contact.name,
        address_line1=contact.address_line1,
        address_line2=contact.address_line2,
        city=contact.city,
        state=contact.state,
        postal_code=contact.postal_code,
        preferred_channel=contact.preferred_channel,
        language=contact.language,
    )


def confirm(held: Account, one: Confirmed) -> None:
    """The mailbox or phone is the account's own from now on."""
    if one.channel == "email":
        held.email, held.email_confirmed_at = plain("email", one.address), one.at
    else:
        held.phone, held.phone_confirmed_at = one.address, one.at


def keep_address(contact: Contact, channel: str, address: str, before: str | None = None) -> None:
    """The contact learns an address it lacked, and follows one that it shared with the account;
    what the contractor wrote otherwise stays."""
    held = contact.email if channel == "email" else contact.mobile
    follows = held is None or (before is not None and plain(channel, held) == before)
    if not follows or held == address:
        return
    if channel == "email":
        contact.email = address
    else:
        contact.mobile = address
    contact.version += 1


def speak(contact: Contact, language: str) -> None:
    """The contact learns which language the customer reads: every room writes to the contact."""
    if language and contact.language != language:
        contact.language = language
        contact.version += 1


def _customer(contact: Contact, starter: Starter) -> Actor:
    return Actor(
        Kind.CUSTOMER,
        contact.id,
        contact.name,
        contact.contractor_id,
        starter.ip,
        starter.user_agent,
    )
