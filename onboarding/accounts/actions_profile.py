"""What a signed-in customer changes about themself: profile, sign-in addresses, password."""

from dataclasses import asdict, dataclass

from sqlalchemy.orm import Session

from onboarding import clock, passwords
from onboarding.accounts import challenges, letters
from onboarding.accounts.actions import confirm, keep_address, speak
from onboarding.accounts.challenges import Asking, Proof, Verdict
from onboarding.accounts.models import Account
from onboarding.accounts.queries import (
    Confirmed,
    account,
    confirmed_channels,
    contact_of,
    open_channel,
    plain,
)
from onboarding.actor import Actor
from onboarding.contractors.models import Contractor
from onboarding.database import read, transaction
from onboarding.journey import actions as journey
from onboarding.journey import queries as journeys
from onboarding.journey.events import EventKind
from onboarding.journey.permissions import Act
from onboarding.password_rules import hash_of_good
from onboarding.web.endings import end_of


@dataclass(frozen=True)
class Profile:
    """Name, address, preferred contact method: 'email' or 'sms'."""

    name: str
    address_line1: str
    address_line2: str
    city: str
    state: str
    postal_code: str
    preferred_channel: str


class NothingConfirmed(Exception):
    """The account has no mailbox or phone of its own to send a code to."""


def save_profile(account_id: str, profile: Profile, by: Actor) -> None:
    """Keeps the profile; the job site stays where it is. Saving what is saved changes nothing.

    Raises journey.Refused.
    """
    with transaction(by.contractor_id) as db:
        held = account(db, account_id)
        _require(db, held, by)
        is_first = held.profile_saved_at is None
        changed = [name for name, value in asdict(profile).items() if getattr(held, name) != value]
        if not changed and not is_first:
            return
        for name in changed:
            setattr(held, name, getattr(profile, name))
        held.version += 1
        held.profile_saved_at = clock.now()
        _prefer(db, held)
        for onboarding in journey.lock_all_of_contact(db, held.contact_id):
            journey.record(
                db,
                onboarding,
                EventKind.PROFILE_SAVED,
                by,
                {"changed": changed},
                has_profile=True,
            )


def choose_language(account_id: str, language: str, by: Actor) -> None:
    """Pages, messages and documents speak `language` to this customer from now on. It moves nothing
    of the job, so it may be chosen at every step."""
    with transaction(by.contractor_id) as db:
        held = account(db, account_id)
        if held.language != language:
            held.language = language
            held.version += 1
        speak(contact_of(db, held.contact_id), language)


def ask_confirmation(account_id: str, by: Actor, browser: str, device: str) -> str:
    """Sends a code to a channel of the customer's own, before something that must not be done by
    whoever finds the phone lying open. Raises NothingConfirmed, TooOften, journey.Refused."""
    with transaction(by.contractor_id) as db:
        held = account(db, account_id)
        _require(db, held, by)
        own = open_channel(db, held)
        if own is None:
            raise NothingConfirmed
        purpose = challenges.Purpose.CONFIRM
        return _issue(db, held, purpose, own.channel, own.address, by, (browser, device))


def confirm_again(account_id: str, proof: Proof, by: Actor) -> Confirmed | Verdict:
    """The code was typed: a channel of the customer's own, confirmed just now."""
    with transaction(by.contractor_id) as db:
        verdict, challenge = challenges.prove(db, proof)
        if verdict is not Verdict.RIGHT or challenge is None:
            return verdict
        elif challenge.account_id != account_id:
            return Verdict.OLD
        held = account(db, account_id)
        proved = Confirmed(challenge.channel, challenge.address, clock.now())
        if not any(one.channel == proved.channel for one in confirmed_channels(held)):
            confirm(held, proved)
        return proved


def ask_change(
    account_id: str, channel: str, address: str, by: Actor, browser: str, device: str
) -> str:
    """Sends a code to the new address; nothing changes before it is typed.

    Raises TooOften, journey.Refused.
    """
    with transaction(by.contractor_id) as db:
        held = account(db, account_id)
        _require(db, held, by)
        new = plain(channel, address)
        return _issue(db, held, challenges.Purpose.CHANGE, channel, new, by, (browser, device))


def change_address(
    account_id: str, proof: Proof, by: Actor, session_id: str | None
) -> Confirmed | Verdict:
    """The code from the new address was typed: from now on it is the one to sign in with. The old
    one is told, other browsers are signed out. Raises journey.Refused."""
    with transaction(by.contractor_id) as db:
        held = account(db, account_id)
        _require(db, held, by)
        verdict, challenge = challenges.prove(db, proof)
        if verdict is not Verdict.RIGHT or challenge is None:
            return verdict
        elif challenge.account_id != account_id:
            return Verdict.OLD
        proved = Confirmed(challenge.channel, challenge.address, clock.now())
        before = held.email if proved.channel == "email" else held.phone
        confirm(held, proved)
        if before != proved.address:
            keep_address(contact_of(db, held.contact_id), proved.channel, proved.address, before)
            what: letters.What = "email" if proved.channel == "email" else "phone"
            told = [(proved.channel, before)] if before else _others(held, proved)
            _note_changed(db, held, what, told, by, session_id)
        return proved


def change_password(account_id: str, password: str, by: Actor, session_id: str | None) -> None:
    """Sets or changes the password; other browsers are signed out. The same one again changes
    nothing.

    Raises TooWeak, journey.Refused.
    """
    db = read(by.contractor_id)
    held = account(db, account_id)
    contractor = db.get_one(Contractor, by.contractor_id)
    hashed = hash_of_good(password, (held.name, contractor.name, held.email or ""))
    with transaction(by.contractor_id) as db:
        held = account(db, account_id)
        db.refresh(held, with_for_update=True)
        _require(db, held, by)
        if passwords.is_right(password, held.password_hash):
            return
        held.password_hash = hashed
        told = [(one.channel, one.address) for one in confirmed_channels(held)[:1]]
        _note_changed(db, held, "password", told, by, session_id)


def _require(db: Session, held: Account, by: Actor) -> None:
    busy = journeys.current_of_contact(db, held.contact_id)
    if busy is not None:
        journey.require(Act.EDIT_PROFILE, busy, by)


def _prefer(db: Session, held: Account) -> None:
    """The contact learns how the customer likes to be reached: every room writes to the contact."""
    contact = contact_of(db, held.contact_id)
    if contact.preferred_channel != held.preferred_channel:
        contact.preferred_channel = held.preferred_channel
        contact.version += 1


def _issue(
    db: Session,
    held: Account,
    purpose: challenges.Purpose,
    channel: str,
    address: str,
    by: Actor,
    asked: tuple[str, str],
) -> str:
    asking = Asking(
        contractor_id=held.contractor_id,
        purpose=purpose,
        channel=channel,
        address=address,
        browser_hash=asked[0],
        ip=by.ip,
        asked_from=asked[1],
        contact_id=held.contact_id,
        account_id=held.id,
    )
    issued = challenges.issue(db, asking)
    letters.send_challenge(db, issued, held.language, name=held.name)
    return issued.challenge.id


def _others(held: Account, proved: Confirmed) -> list[tuple[str, str]]:
    return [
        (one.channel, one.address)
        for one in confirmed_channels(held)
        if one.channel != proved.channel
    ]


def _note_changed(
    db: Session,
    held: Account,
    what: letters.What,
    told: list[tuple[str, str]],
    by: Actor,
    session_id: str | None,
) -> None:
    contractor = db.get_one(Contractor, held.contractor_id)
    for channel, address in told:
        letters.tell_sign_in_changed(db, contractor, held, what, channel, address)
    end_of(db, "portal", held.id, keep=session_id)
    busy = journeys.current_of_contact(db, held.contact_id)
    if busy is not None:
        onboarding = journey.lock(db, busy.id)
        journey.record(db, onboarding, EventKind.SIGN_IN_CHANGED, by, {"what": what})
