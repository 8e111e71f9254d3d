"""Doors between rooms that may not lean on each other, opened here once (level 6).

Contacts, contracts and estimates ask for what accounts, messages and the journey know by functions
that they are handed.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from onboarding.accounts.models import Account
from onboarding.accounts.queries import account_of_contact, confirmed_channel, reached_at
from onboarding.contacts import jobs, reach
from onboarding.contracts import (
    cancelling,
    copies,  # noqa: F401 (its task is known once imported)
    customers,
    sealing,  # noqa: F401 (its task is known once imported)
)
from onboarding.contracts.pricing import use_pricing
from onboarding.estimates.conversation import use_conversation
from onboarding.estimates.queries import priced
from onboarding.invites import actions_outcomes  # noqa: F401 (listens to deliveries once imported)
from onboarding.journey.queries import newest_of_contacts
from onboarding.journey.status import STUCK, Status
from onboarding.messages.queries import said
from onboarding.notifications import sending  # noqa: F401 (its task is known once imported)
from onboarding.payments import sweeping  # noqa: F401 (its tasks are known once imported)
from onboarding.payments.methods import end_auto_pay_of


def open_doors() -> None:
    reach.use_accounts(_reach)
    jobs.use_jobs(_jobs)
    customers.use_customers(_customer)
    cancelling.use_auto_pay_end(end_auto_pay_of)
    use_pricing(priced)
    use_conversation(said)


def _reach(db: Session, contact_id: str) -> reach.Reach | None:
    held = account_of_contact(db, contact_id)
    if held is None:
        return None
    at = reached_at(db, held)
    return reach.chosen(held.preferred_channel, at["email"], at["sms"], held.language, held.name)


def _jobs(db: Session, contact_ids: Sequence[str]) -> Mapping[str, jobs.ListedJob]:
    return {
        contact_id: jobs.ListedJob(
            title=row.title,
            status=row.status,
            details=tuple(row.details),
            amount_cents=row.amount_cents,
            currency=row.currency,
            is_complete=row.status == Status.ONBOARDING_COMPLETE,
            is_stuck=not STUCK.isdisjoint(row.details),
        )
        for contact_id, row in newest_of_contacts(db, contact_ids).items()
    }


def _customer(db: Session, contact_id: str) -> customers.Customer | None:
    held = account_of_contact(db, contact_id)
    return None if held is None else _as_customer(held)


def _as_customer(held: Account) -> customers.Customer:
    proved = confirmed_channel(held)
    return customers.Customer(
        account_id=held.id,
        contact_id=held.contact_id,
        name=held.name,
        address=customers.written_address(
            held.address_line1, held.address_line2, held.city, held.state, held.postal_code
        ),
        language=held.language,
        preferred_channel=held.preferred_channel,
        email=held.email if held.email_confirmed_at else None,
        mobile=held.phone if held.phone_confirmed_at else None,
        confirmed=customers.ConfirmedChannel(proved.channel, proved.address, proved.at)
        if proved
        else None,
    )
