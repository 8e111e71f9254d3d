"""Codes and links that prove a mailbox or phone: sent, checked, used once (R35).

Asking and proving run in the caller's transaction; a wrong try is counted by committing it, so
nothing here raises once a try was counted.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding import clock, config, tokens
from onboarding.accounts.models import Challenge
from onboarding.contacts.models import Contact
from onboarding.database import Everyone, read, transaction
from onboarding.notifications import caps
from onboarding.web import throttle
from onboarding.web.guessing import network

LIFE = timedelta(minutes=10)
MOST_TRIES = 5
WAIT = timedelta(seconds=30)
_HOUR = timedelta(hours=1)
_ANYONE = Everyone("a code or mailed link is found by itself, before anybody is known")


class Purpose(StrEnum):
    """What a challenge is for; a code of one is refused for another."""

    ACCOUNT = "account"
    IN_PERSON = "in_person"  # for the account as well, asked for behind a contractor's QR
    SIGN_IN = "sign_in"
    DEVICE = "device"  # after a password, on a device not seen before
    CONFIRM = "confirm"  # signed in a while ago: say again that it is you
    CHANGE = "change"  # a new sign-in address


class Verdict(StrEnum):
    """What came of a try."""

    RIGHT = "right"
    WRONG = "wrong"
    OLD = "old"
    USED = "used"
    REPLACED = "replaced"
    TOO_MANY = "too many"
    NOT_YET = "not yet"  # the link was not confirmed yet


class TooOften(Exception):
    """Too many messages were asked for: to this address, from this place, or for this company.
    `seconds` is when to ask again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


@dataclass(frozen=True, kw_only=True)
class Asking:
    """Who asks for a challenge, from where, for which address."""

    contractor_id: str
    purpose: Purpose
    channel: str
    address: str
    browser_hash: str
    ip: str = ""
    asked_from: str = ""
    contact_id: str | None = None
    account_id: str | None = None
    is_on_file: bool = False
    known_device: str = ""

    @property
    def asker(self) -> str:
        """Who asks, as the limits tell askers apart: nobody uses up another's messages or tries."""
        if self.known_device:
            return f"on {self.known_device}"
        return asker_of(self.purpose, self.contact_id, self.ip)

    @property
    def is_stranger(self) -> bool:
        return self.purpose is Purpose.SIGN_IN and not self.known_device


@dataclass(frozen=True)
class Issued:
    """A challenge with what goes into its message; without, where the last one is seconds old."""

    challenge: Challenge
    code: str = ""
    secret: str = ""


@dataclass(frozen=True)
class Proof:
    """What a browser brings: the digits that were typed, or none where a link was confirmed."""

    challenge_id: str
    browser_hash: str
    code: str | None
    ip: str = ""


def issue(db: Session, asking: Asking) -> Issued:
    """A new challenge; the ones before it from this browser for this address end. Asked again
    within 30 seconds, it is the one that is on its way. Raises TooOften."""
    before = _alive(db, asking)
    now = clock.now()
    for earlier in before:
        if earlier.purpose == asking.purpose and now - earlier.created_at < WAIT:
            return Issued(earlier)
        earlier.ended_at = now
    _limit(db, asking)
    code, secret = tokens.new_code(), tokens.new_secret()
    challenge = Challenge(
        id=tokens.new_id(),
        contractor_id=asking.contractor_id,
        purpose=asking.purpose.value,
        channel=asking.channel,
        address=asking.address,
        contact_id=asking.contact_id,
        account_id=asking.account_id,
        is_on_file=asking.is_on_file,
        asked_from=asking.asked_from,
        browser_hash=asking.browser_hash,
        link_hash=tokens.hash_secret(secret) if asking.channel == "email" else None,
        created_at=now,
        expires_at=now + LIFE,
    )
    challenge.code_hash = _code_hash(challenge.id, code)
    db.add(challenge)
    db.flush()
    return Issued(challenge, code, secret)


def prove(db: Session, proof: Proof) -> tuple[Verdict, Challenge | None]:
    """Counts and judges one try; RIGHT uses the challenge up, once, whoever else tries now."""
    challenge = lock(db, proof.challenge_id)
    if challenge is None or not tokens.same(challenge.browser_hash, proof.browser_hash):
        return Verdict.OLD, None
    dead = _dead(db, challenge)
    if dead is not None:
        return dead, challenge
    elif proof.code is None:
        verdict = Verdict.RIGHT if challenge.approved_at else Verdict.NOT_YET
    else:
        verdict = _judge_code(db, challenge, proof.code, proof.ip)
    if verdict is Verdict.RIGHT:
        challenge.used_at = clock.now()
    return verdict, challenge


def approve_link(seen: Challenge) -> Verdict:
    """The mailed link was opened and *Confirm* pressed. Harmless when repeated."""
    with transaction(seen.contractor_id) as db:
        challenge = lock(db, seen.id)
        if challenge is None:
            return Verdict.OLD
        dead = _dead(db, challenge)
        if dead is not None:
            return dead
        challenge.approved_at = challenge.approved_at or clock.now()
        return Verdict.RIGHT


def by_link(secret: str) -> Challenge | None:
    """The challenge whose mailed link this is; None if it was never ours."""
    hashed = tokens.hash_secret(secret)
    statement = select(Challenge).where(Challenge.link_hash == hashed)
    return read(_ANYONE).scalars(statement).first()


def state(challenge: Challenge) -> Verdict:
    """How it stands, for a page that only looks: NOT_YET while it can still be used."""
    if challenge.used_at is not None:
        return Verdict.USED
    elif challenge.ended_at is not None:
        return Verdict.REPLACED
    elif clock.now() >= challenge.expires_at:
        return Verdict.OLD
    else:
        return Verdict.TOO_MANY if challenge.tries >= MOST_TRIES else Verdict.NOT_YET


def may_ask_again_at(challenge: Challenge) -> datetime:
    return challenge.created_at + WAIT


def find(challenge_id: str) -> Challenge | None:
    """As it stands now; which browser may use it is for `prove` to say."""
    statement = select(Challenge).where(Challenge.id == challenge_id)
    fresh = statement.execution_options(populate_existing=True)
    return read(_ANYONE).scalars(fresh).one_or_none()


def lock(db: Session, challenge_id: str) -> Challenge | None:
    statement = select(Challenge).where(Challenge.id == challenge_id).with_for_update()
    return db.scalars(statement.execution_options(populate_existing=True)).one_or_none()


def _alive(db: Session, asking: Asking) -> list[Challenge]:
    statement = select(Challenge).where(
        Challenge.browser_hash == asking.browser_hash,
        Challenge.address == asking.address,
        Challenge.ended_at.is_(None),
        Challenge.used_at.is_(None),
    )
    return list(db.scalars(statement.order_by(Challenge.id.desc()).with_for_update()))


def asker_of(purpose: str, contact_id: str | None, ip: str) -> str:
    """Somebody at the sign-in page is whoever is on their network; anybody else came in before."""
    is_unknown = purpose == Purpose.SIGN_IN or contact_id is None
    return f"from {network(ip)}" if is_unknown else f"{purpose} {contact_id}"


def _limit(db: Session, asking: Asking) -> None:
    """Whoever pumps messages through us runs into one of these; honest customers do not, and what
    strangers ask for at the sign-in page leaves the customer's own count alone."""
    for key, limit in _limits(asking):
        if not throttle.take(db, key, limit=limit, within=_HOUR):
            raise TooOften(throttle.seconds_left(db, key, within=_HOUR))
    if asking.channel != "sms":
        return
    try:
        caps.count(db, _text(asking))
    except caps.Full as full:
        raise TooOften(full.seconds) from full


def _limits(asking: Asking) -> list[tuple[str, int]]:
    company, address = asking.contractor_id, asking.address
    own = (f"code:{company}:{address}:{asking.asker}", 6)
    if not asking.is_stranger:
        return [own]
    here = (f"code ip:{company}:{network(asking.ip)}", 30)
    return [own, (f"code:{company}:{address}", 20), here]


def _text(asking: Asking) -> caps.Text:
    """Texts cost money: their ceilings hold for everybody, but that a number which is known to be
    its owner's is not held up by its neighbors (R36)."""
    return caps.Text(
        cause=caps.Cause.STRANGER if asking.is_stranger else caps.Cause.CUSTOMER,
        contractor_id=asking.contractor_id,
        number=asking.address,
        ip=asking.ip,
        contact_id=asking.contact_id or "",
        is_known=bool(asking.known_device) or asking.purpose in (Purpose.CONFIRM, Purpose.DEVICE),
    )


def _dead(db: Session, challenge: Challenge) -> Verdict | None:
    verdict = state(challenge)
    if verdict is not Verdict.NOT_YET:
        return verdict
    return None if _is_still_on_file(db, challenge) else Verdict.REPLACED


def _is_still_on_file(db: Session, challenge: Challenge) -> bool:
    """What was on its way to a number that the contractor has corrected since opens nothing."""
    if not challenge.is_on_file or challenge.contact_id is None:
        return True
    contact = db.get_one(Contact, challenge.contact_id)
    return challenge.address in (contact.email, contact.mobile)


def _judge_code(db: Session, challenge: Challenge, code: str, ip: str) -> Verdict:
    asker = asker_of(challenge.purpose, challenge.contact_id, ip)
    address = f"tries:{challenge.contractor_id}:{challenge.address}"
    tries = [(f"{address}:{asker}", 30), (address, 150), (f"tries ip:{network(ip)}", 100)]
    if not all(throttle.take(db, key, limit=limit, within=_HOUR) for key, limit in tries):
        return Verdict.TOO_MANY
    challenge.tries += 1
    if tokens.same(challenge.code_hash, _code_hash(challenge.id, code)):
        return Verdict.RIGHT
    return Verdict.TOO_MANY if challenge.tries >= MOST_TRIES else Verdict.WRONG


def _code_hash(challenge_id: str, code: str) -> str:
    return tokens.keyed_hash(config.current().secret_key, "code", f"{challenge_id}:{code}")
