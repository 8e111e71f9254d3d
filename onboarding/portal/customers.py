"""An account as the contracts room knows its customer: create_app hands this over."""

from sqlalchemy.orm import Session

from onboarding.accounts.queries import account_of_contact, confirmed_channel
from onboarding.contracts.customers import ConfirmedChannel, Customer, written_address


def customer_of(db: Session, contact_id: str) -> Customer | None:
    """The contact's account; None while there is none. Only channels proved to be theirs count."""
    held = account_of_contact(db, contact_id)
    if held is None:
        return None
    confirmed = confirmed_channel(held)
    return Customer(
        account_id=held.id,
        contact_id=contact_id,
        name=held.name,
        address=written_address(
            held.address_line1, held.address_line2, held.city, held.state, held.postal_code
        ),
        language=held.language,
        preferred_channel=held.preferred_channel,
        email=held.email if held.email_confirmed_at else None,
        mobile=held.phone if held.phone_confirmed_at else None,
        confirmed=ConfirmedChannel(confirmed.channel, confirmed.address, confirmed.at)
        if confirmed
        else None,
    )
