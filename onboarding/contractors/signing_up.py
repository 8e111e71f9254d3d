"""A company begins by itself, in the browser. It exists once its owner's mailbox is confirmed, so
nothing can be sent in the name of a mailbox that is somebody else's.

What is answered, and how long it takes, is the same for an address that signs in here already: its
owner is told by mail.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from onboarding import clock, config, tokens
from onboarding.contractors import actions
from onboarding.contractors.actions import NewContractor
from onboarding.contractors.models import Contractor, Member, SignUp
from onboarding.database import Everyone, read, transaction
from onboarding.notifications import wording
from onboarding.notifications.actions import Outgoing, queue
from onboarding.notifications.models import Channel, Purpose
from onboarding.notifications.typesetting import Message
from onboarding.password_rules import hash_of_good
from onboarding.web import throttle
from onboarding.web.guessing import TooManyTries, network

LIFE = timedelta(hours=24)
_HOUR = timedelta(hours=1)
# What was never confirmed is nobody's and is not kept.
_KEPT = timedelta(days=30)
_PRESSED_AGAIN = timedelta(seconds=30)
_MOST_TO_ADDRESS, _MOST_FROM_NETWORK = 3, 10
_BEGINNING = Everyone("a company that begins has no scope yet")


class LinkDead(Exception):
    """The link was used, is a day old, or never was one."""


@dataclass(frozen=True)
class Asked:
    """What the form asks. `phone` as in E.164."""

    company: str
    name: str
    email: str
    phone: str
    password: str
    language: str


def ask_sign_up(asked: Asked, ip: str) -> None:
    """Mails a link that begins the company, or, to an address that signs in here, the news that it
    does. Raises guessing.TooManyTries, password_rules.TooWeak."""
    hashed = hash_of_good(asked.password, (asked.name, asked.email, asked.company))
    secret = tokens.new_secret()
    with transaction(_BEGINNING) as db:
        _count(db, asked.email, ip)
        db.execute(delete(SignUp).where(SignUp.expires_at < clock.now() - _KEPT))
        present = db.scalar(select(Member).where(Member.email == asked.email.lower()))
        # Both are set, whichever goes out: how long the answer takes tells nothing.
        confirm, known = _confirm(asked, secret), _known(asked)
        if _was_just_asked(db, asked.email):
            return
        waiting = SignUp(
            id=tokens.new_id(),
            contractor_id=tokens.new_id(),
            company=asked.company,
            name=asked.name,
            email=asked.email.lower(),
            phone=asked.phone,
            language=asked.language,
            password_hash=hashed,
            secret_hash=tokens.hash_secret(secret),
            expires_at=clock.now() + (timedelta(0) if present else LIFE),
        )
        db.add(waiting)
        if present is None:
            queue(db, _letter(waiting.contractor_id, Purpose.SIGN_UP, asked.email, confirm))
        else:
            queue(db, _letter(present.contractor_id, Purpose.SIGN_UP_KNOWN, asked.email, known))


def asked_company(secret: str) -> str:
    """The name of the company that the link begins. Reads only. Raises LinkDead."""
    found = read(_BEGINNING).scalar(_living(secret))
    if found is None:
        raise LinkDead
    return found.company


def begin_company(secret: str) -> tuple[Contractor, Member]:
    """The company with its owner. Raises LinkDead; AddressTaken where the address came to sign in
    here since the link was mailed."""
    with transaction(_BEGINNING) as db:
        asked = db.scalar(_living(secret).with_for_update(key_share=True))
        if asked is None:
            raise LinkDead
        asked.used_at = clock.now()
        new = NewContractor(
            name=asked.company,
            owner_name=asked.name,
            owner_email=asked.email,
            password="",
            phone=asked.phone,
            language=asked.language,
        )
        return actions.begin_contractor(db, new, asked.password_hash, asked.contractor_id)


def _living(secret: str) -> Select[SignUp]:
    return select(SignUp).where(
        SignUp.secret_hash == tokens.hash_secret(secret),
        SignUp.used_at.is_(None),
        SignUp.expires_at > clock.now(),
    )


def _count(db: Session, email: str, ip: str) -> None:
    for key, limit in (
        (f"sign-up of {email.lower()}", _MOST_TO_ADDRESS),
        (f"sign-up from {network(ip)}", _MOST_FROM_NETWORK),
    ):
        if not throttle.take(db, key, limit=limit, within=_HOUR):
            raise TooManyTries(throttle.seconds_left(db, key, within=_HOUR))


def _was_just_asked(db: Session, email: str) -> bool:
    """A second press: the mail of the first is on its way."""
    statement = select(SignUp.id).where(
        SignUp.email == email.lower(), SignUp.created_at > clock.now() - _PRESSED_AGAIN
    )
    return db.scalar(statement.limit(1)) is not None


def _confirm(asked: Asked, secret: str) -> Message:
    letter = wording.SignUpMessage(
        url=f"{config.current().base_url}/crm/sign-up/{secret}",
        name=asked.name,
        company_name=asked.company,
        hours=int(LIFE.total_seconds()) // 3600,
    )
    return wording.render(letter, asked.language)


def _known(asked: Asked) -> Message:
    letter = wording.SignUpKnownMessage(url=f"{config.current().base_url}/crm/sign-in")
    return wording.render(letter, asked.language)


def _letter(contractor_id: str, purpose: Purpose, to: str, message: Message) -> Outgoing:
    return Outgoing(
        contractor_id=contractor_id,
        contact_id=None,
        onboarding_id=None,
        purpose=purpose,
        reference=None,
        channel=Channel.EMAIL,
        to=to,
        from_name=wording.PLATFORM.name,
        reply_to=None,
        message=message,
        is_secret=True,
        not_after=clock.now() + LIFE,
    )
