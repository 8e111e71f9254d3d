"""Where a contact is written to, and in which language.

Once there is an account, its own addresses and preference count. Accounts lean on contacts, so
theirs come through a door: `use_accounts` is called once, when the application is put together.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.contacts.models import Contact
from onboarding.notifications.queries import closed_among

Channel = Literal["email", "sms"]


@dataclass(frozen=True)
class Reach:
    """One way to one person. `channel` is 'email' or 'sms', `address` fits it."""

    channel: Channel
    address: str
    language: str
    name: str


Accounts = Callable[[Session, str], Reach | None]
_accounts: Accounts | None = None


def use_accounts(accounts: Accounts) -> None:
    """`accounts(db, contact_id)`: how its account is reached, None before there is one."""
    global _accounts
    _accounts = accounts


def reach(db: Session, contact_id: str) -> Reach | None:
    """By the channel the person prefers where it can be used, else by the other; None where neither
    can."""
    account = _accounts(db, contact_id) if _accounts is not None else None
    if account is not None:
        return account
    contact = db.scalars(select(Contact).where(Contact.id == contact_id)).one()
    email, mobile = still_open(db, contact.contractor_id, contact.email, contact.mobile)
    return chosen(contact.preferred_channel, email, mobile, contact.language, contact.name)


def still_open(
    db: Session, contractor_id: str, email: str | None, mobile: str | None
) -> tuple[str | None, str | None]:
    """The addresses without one that STOP or a bounce has closed, as long as another is left."""
    closed = {row.address for row in closed_among(db, contractor_id, (email, mobile))}
    kept = (
        None if email and email.lower() in closed else email,
        None if mobile in closed else mobile,
    )
    return kept if any(kept) else (email, mobile)


def chosen(
    preferred: str, email: str | None, mobile: str | None, language: str, name: str
) -> Reach | None:
    """The preferred channel if it has an address, else the other if that has one."""
    by_text = Reach("sms", mobile, language, name) if mobile else None
    by_mail = Reach("email", email, language, name) if email else None
    return (by_text or by_mail) if preferred == "sms" else (by_mail or by_text)
