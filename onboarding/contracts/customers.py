"""Whom a contract is with, as their own account says: name, address, confirmed channels.

Accounts and contracts stand side by side, so what is known of an account comes through a door:
`use_customers` is called once, when the application is put together.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import phonenumbers
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.contacts.models import Contact


@dataclass(frozen=True)
class ConfirmedChannel:
    """A mailbox or phone proved to be the customer's own. `channel` is 'email' or 'sms'."""

    channel: str
    address: str
    at: datetime


@dataclass(frozen=True)
class Customer:
    """`email` and `mobile` are where the customer is written to; either may be missing."""

    account_id: str | None
    contact_id: str
    name: str
    address: str
    language: str
    preferred_channel: str
    email: str | None
    mobile: str | None
    confirmed: ConfirmedChannel | None = None

    @property
    def first_name(self) -> str:
        return self.name.split(" ", 1)[0]


Customers = Callable[[Session, str], Customer | None]
_customers: Customers | None = None


def use_customers(customers: Customers) -> None:
    """`customers(db, contact_id)`: the contact's account, or None where there is none yet."""
    global _customers
    _customers = customers


def customer_of(db: Session, contact_id: str) -> Customer:
    """The customer as their account says, and as the contact says before there is one."""
    held = _customers(db, contact_id) if _customers is not None else None
    return held or _from_contact(db, contact_id)


def confirmed_channel(db: Session, contact_id: str) -> ConfirmedChannel | None:
    """The channel of the customer's own that was confirmed last, if any was."""
    return customer_of(db, contact_id).confirmed


def written_address(line1: str, line2: str, city: str, state: str, postal_code: str) -> str:
    """On one line: `12 Elm St, Unit 4, Portland, OR 97201`."""
    place = " ".join(part for part in (state, postal_code) if part)
    return ", ".join(part for part in (line1, line2, city, place) if part)


def written_phone(number: str) -> str:
    """`+15035550142` as `(503) 555-0142`, abroad with its country code; else as it was typed."""
    try:
        parsed = phonenumbers.parse(number, "US")
    except phonenumbers.NumberParseException:
        return number
    shape = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(
        parsed, shape.NATIONAL if parsed.country_code == 1 else shape.INTERNATIONAL
    )


def _from_contact(db: Session, contact_id: str) -> Customer:
    contact = db.scalars(select(Contact).where(Contact.id == contact_id)).one()
    return Customer(
        account_id=None,
        contact_id=contact.id,
        name=contact.name,
        address=written_address(
            contact.address_line1,
            contact.address_line2,
            contact.city,
            contact.state,
            contact.postal_code,
        ),
        language=contact.language,
        preferred_channel=contact.preferred_channel,
        email=contact.email,
        mobile=contact.mobile,
    )
