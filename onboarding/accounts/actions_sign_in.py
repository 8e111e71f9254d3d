"""Coming back: by a code or link to a confirmed address, or by e-mail and password.

Nothing here lets on whether somebody has an account: the same rows are written, the same message is
made, the same time is taken, and for an address that nobody has proved nothing goes out.
"""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from onboarding import clock, passwords
from onboarding.accounts import challenges, letters
from onboarding.accounts.actions import Entry, confirm
from onboarding.accounts.challenges import Asking, Proof, Verdict
from onboarding.accounts.models import Account
from onboarding.accounts.queries import (
    Confirmed,
    account,
    account_of_contact,
    accounts_at,
    accounts_with_password,
    is_confirmed,
    open_channel,
    plain,
)
from onboarding.actor import Actor, Kind
from onboarding.database import read, transaction
from onboarding.invites.actions_link import Started
from onboarding.journey import actions as journey
from onboarding.journey import queries as journeys
from onboarding.journey.events import EventKind
from onboarding.web import guessing
from onboarding.web.guessing import Guess

# Where two people share an e-mail address, their passwords are told apart by trying both; so that
# this cannot be seen from outside, two are always tried.
_LEAST_TRIED = 2


@dataclass(frozen=True)
class Visitor:
    """A browser at a contractor's sign-in page."""

    contractor_id: str
    browser_hash: str
    ip: str
    user_agent: str
    device: str
    language: str
    known_device: str = ""

    def guess(self, email: str) -> Guess:
        """A password of theirs for an address."""
        return Guess(f"portal:{self.contractor_id}", email, self.ip, self.known_device)


@dataclass(frozen=True)
class Known:
    """An address was proved: the accounts whose own it is, one or several."""

    accounts: tuple[Account, ...]
    confirmed: Confirmed


def ask_sign_in(visitor: Visitor, channel: str, address: str) -> str:
    """Sends a code, by e-mail with a link beside it, if the address is an account's own; the id of
    the challenge in any case. Raises TooOften."""
    with transaction(visitor.contractor_id) as db:
        known = accounts_at(db, channel, address)
        asking = Asking(
            contractor_id=visitor.contractor_id,
            purpose=challenges.Purpose.SIGN_IN,
            channel=channel,
            address=plain(channel, address),
            browser_hash=visitor.browser_hash,
            ip=visitor.ip,
            asked_from=visitor.device,
            known_device=visitor.known_device,
        )
        issued = challenges.issue(db, asking)
        letters.send_challenge(db, issued, visitor.language, is_decoy=not known)
        return issued.challenge.id


def enter_with_challenge(contractor_id: str, proof: Proof) -> Known | Verdict:
    """Whose the address is that the code or the mailed link proved."""
    with transaction(contractor_id) as db:
        verdict, challenge = challenges.prove(db, proof)
        if verdict is not Verdict.RIGHT or challenge is None:
            return verdict
        known = accounts_at(db, challenge.channel, challenge.address)
        if not known:
            return Verdict.OLD
        proved = Confirmed(challenge.channel, challenge.address, clock.now())
        return Known(tuple(known), proved)


def check_password(visitor: Visitor, email: str, password: str) -> Account | None:
    """The account whose e-mail and password these are. Raises guessing.TooManyTries."""
    guess = visitor.guess(plain("email", email))
    guessing.count(guess)
    candidates = accounts_with_password(read(visitor.contractor_id), email)
    right = [each for each in candidates if passwords.is_right(password, each.password_hash)]
    for _ in range(_LEAST_TRIED - len(candidates)):
        passwords.is_right(password, None)
    if not right:
        return None
    guessing.was_right(guess)
    return right[0]


def ask_device_code(visitor: Visitor, account_id: str) -> str:
    """After the password, on a device not seen before: a code to a channel of the customer's own;
    where none is confirmed yet, to the e-mail address, which the code confirms. Raises TooOften."""
    with transaction(visitor.contractor_id) as db:
        held = account(db, account_id)
        own = open_channel(db, held)
        channel, address = (own.channel, own.address) if own else ("email", held.email or "")
        asking = Asking(
            contractor_id=visitor.contractor_id,
            purpose=challenges.Purpose.DEVICE,
            channel=channel,
            address=address,
            browser_hash=visitor.browser_hash,
            ip=visitor.ip,
            asked_from=visitor.device,
            contact_id=held.contact_id,
            account_id=held.id,
        )
        issued = challenges.issue(db, asking)
        letters.send_challenge(db, issued, held.language, name=held.name)
        return issued.challenge.id


def note_signed_in(account_id: str, way: str, visitor: Visitor) -> Account:
    """Writes the sign-in into the trail of the job the customer is busy with."""
    with transaction(visitor.contractor_id) as db:
        held = account(db, account_id)
        _record(db, held, way, visitor)
        return held


def enter_with_device_code(visitor: Visitor, proof: Proof) -> Entry | Verdict:
    """The code after the password was typed: this device is known from now on."""
    with transaction(visitor.contractor_id) as db:
        verdict, challenge = challenges.prove(db, proof)
        if verdict is not Verdict.RIGHT or challenge is None or challenge.account_id is None:
            return verdict
        held = account(db, challenge.account_id)
        proved = Confirmed(challenge.channel, challenge.address, clock.now())
        if challenge.channel == "email" and held.email_confirmed_at is None:
            confirm(held, proved)
        _record(db, held, "password", visitor)
        return Entry(held, proved)


def enter_with_link(started: Started, ip: str, user_agent: str) -> Entry | None:
    """Somebody with an account pressed *Get started*: they come in where the link went to an
    address that they have proved to be theirs; otherwise they sign in as anybody."""
    with transaction(started.contractor_id) as db:
        held = account_of_contact(db, started.contact_id)
        if held is None or not is_confirmed(held, started.channel, started.address):
            return None
        here = Visitor(started.contractor_id, "", ip, user_agent, "", held.language)
        _record(db, held, "invite link", here)
        return Entry(held, Confirmed(started.channel, started.address, started.at))


def _record(db: Session, held: Account, way: str, visitor: Visitor) -> None:
    busy = journeys.current_of_contact(db, held.contact_id)
    if busy is None:
        return
    onboarding = journey.lock(db, busy.id)
    by = Actor(
        Kind.CUSTOMER, held.id, held.name, held.contractor_id, visitor.ip, visitor.user_agent
    )
    journey.record(db, onboarding, EventKind.ACCOUNT_SIGNED_IN, by, {"way": way})
