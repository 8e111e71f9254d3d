"""Reads of accounts: who they are, what is confirmed, who signs in with an address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.accounts.models import Account
from onboarding.actor import Kind
from onboarding.contacts.models import Contact
from onboarding.database import Everyone, read
from onboarding.journey.models import Onboarding
from onboarding.notifications.queries import why_closed
from onboarding.web.person import Person

_SESSION = Everyone("a session names its account before the contractor is known")


@dataclass(frozen=True)
class Confirmed:
    """A mailbox or phone proved to be the customer's own, and when."""

    channel: str
    address: str
    at: datetime


@dataclass(frozen=True)
class Jobs:
    """An account with the titles of its jobs, newest first: what it is told apart by."""

    account_id: str
    name: str
    titles: tuple[str, ...]


def load_account(account_id: str) -> Person | None:
    """The person behind a portal session."""
    found = read(_SESSION).get(Account, account_id)
    return as_person(found) if found else None


def as_person(account: Account) -> Person:
    return Person(
        Kind.CUSTOMER,
        account.id,
        account.name,
        contractor_id=account.contractor_id,
        contact_id=account.contact_id,
        language=account.language,
    )


def account(db: Session, account_id: str) -> Account:
    """The account with this id, which must exist."""
    return db.scalars(select(Account).where(Account.id == account_id)).one()


def account_of_contact(db: Session, contact_id: str) -> Account | None:
    return db.scalars(select(Account).where(Account.contact_id == contact_id)).one_or_none()


def contact_of(db: Session, contact_id: str) -> Contact:
    return db.scalars(select(Contact).where(Contact.id == contact_id)).one()


def confirmed_channels(held: Account) -> tuple[Confirmed, ...]:
    """Every mailbox or phone of the customer's own, the one confirmed last first."""
    pairs = (
        ("email", held.email, held.email_confirmed_at),
        ("sms", held.phone, held.phone_confirmed_at),
    )
    found = [Confirmed(channel, address, at) for channel, address, at in pairs if address and at]
    return tuple(sorted(found, key=lambda confirmed: confirmed.at, reverse=True))


def confirmed_channel(held: Account) -> Confirmed | None:
    """The one confirmed last. Without one, nothing may be signed."""
    return next(iter(confirmed_channels(held)), None)


def open_channel(db: Session, held: Account) -> Confirmed | None:
    """The one confirmed last that still takes messages of this contractor; where none does, the one
    confirmed last all the same, and its page says why nothing comes."""
    own = confirmed_channels(held)
    still = (one for one in own if not why_closed(db, held.contractor_id, one.channel, one.address))
    return next(still, next(iter(own), None))


def reached_at(db: Session, held: Account) -> dict[str, str | None]:
    """Where messages go by each channel: to the account's own address once it is confirmed, before
    that to what the contractor has on file, which the profile page shows."""
    contact = contact_of(db, held.contact_id)
    return {
        "email": held.email if held.email_confirmed_at else contact.email,
        "sms": held.phone if held.phone_confirmed_at else contact.mobile,
    }


def is_confirmed(held: Account, channel: str, address: str) -> bool:
    """The address is this account's own and was proved to be."""
    wanted = plain(channel, address)
    return any(
        one.channel == channel and plain(channel, one.address) == wanted
        for one in confirmed_channels(held)
    )


def accounts_at(db: Session, channel: str, address: str) -> Sequence[Account]:
    """The accounts that have proved this address to be theirs; several where people share it."""
    wanted = plain(channel, address)
    if channel == "email":
        statement = select(Account).where(
            Account.email == wanted, Account.email_confirmed_at.is_not(None)
        )
    else:
        statement = select(Account).where(
            Account.phone == wanted, Account.phone_confirmed_at.is_not(None)
        )
    return db.scalars(statement.order_by(Account.id)).all()


def accounts_with_password(db: Session, email: str) -> Sequence[Account]:
    statement = select(Account).where(
        Account.email == plain("email", email), Account.password_hash.is_not(None)
    )
    return db.scalars(statement.order_by(Account.id)).all()


def jobs_of(db: Session, account_ids: Sequence[str]) -> list[Jobs]:
    """What each account is told apart by, for *Which job?*"""
    rows = db.execute(
        select(Account.id, Account.name, Onboarding.title)
        .join(Onboarding, Onboarding.contact_id == Account.contact_id)
        .where(Account.id.in_(account_ids))
        .order_by(Account.id, Onboarding.id.desc())
    ).all()
    titles: dict[tuple[str, str], list[str]] = {}
    for id_, name, title in rows:
        titles.setdefault((id_, name), []).append(title)
    return [Jobs(id_, name, tuple(found)) for (id_, name), found in titles.items()]


def confirmed_of(kept: Mapping[str, Any]) -> Confirmed:
    """What was confirmed, as a session keeps it."""
    return Confirmed(
        kept["confirmed_channel"],
        kept["confirmed_address"],
        datetime.fromisoformat(kept["confirmed_at"]),
    )


def plain(channel: str, address: str) -> str:
    """An address as it is kept and compared: e-mail in lower case."""
    return address.lower() if channel == "email" else address
