"""Doors between rooms that may not lean on each other, opened here once (level 7).

Contacts, contracts and estimates ask for what accounts, messages and the journey know by functions
that they are handed.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, event, inspect, select
from sqlalchemy.orm import Mapper, Session, aliased

from onboarding.accounts.models import Account
from onboarding.accounts.queries import account_of_contact, confirmed_channel, reached_at
from onboarding.contacts import (
    importing,  # noqa: F401 (its task is known once imported)
    jobs,
    listing,
    reach,
)
from onboarding.contacts.models import Contact
from onboarding.contractors.letterhead import letterhead
from onboarding.contractors.models import Contractor
from onboarding.contracts import (
    cancelling,
    copies,  # noqa: F401 (its task is known once imported)
    customers,
    evidence,
    sealing,  # noqa: F401 (its task is known once imported)
    stamping,  # noqa: F401 (its task is known once imported)
)
from onboarding.contracts.pricing import use_pricing
from onboarding.estimates.conversation import use_conversation
from onboarding.estimates.queries import priced
from onboarding.invites import (
    actions_outcomes,  # noqa: F401 (listens to deliveries once imported)
    closings,  # noqa: F401 (listens to closed addresses once imported)
    reminding,  # noqa: F401 (its task is known once imported)
)
from onboarding.journey import actions as journey
from onboarding.journey.models import Onboarding
from onboarding.journey.queries import newest_of_contacts
from onboarding.journey.status import STUCK, Status
from onboarding.messages.queries import said
from onboarding.messages.replies import converse
from onboarding.notifications import (
    inbound,
    outcomes,
    sending,  # noqa: F401 (its task is known once imported)
    wording,
)
from onboarding.notifications.models import Delivery
from onboarding.payments import (
    connecting,  # noqa: F401 (its task is known once imported)
    sweeping,  # noqa: F401 (its tasks are known once imported)
    sweeping_cards,  # noqa: F401 (its task is known once imported)
)
from onboarding.payments.evidence import of_contact
from onboarding.payments.methods import end_auto_pay_of


def open_doors() -> None:
    reach.use_accounts(_reach)
    jobs.use_jobs(_jobs, tuple(Status))
    customers.use_customers(_customer)
    cancelling.use_auto_pay_end(end_auto_pay_of)
    evidence.use_cards(of_contact)
    use_pricing(priced)
    use_conversation(said)
    inbound.use_doors(inbound.Doors(_company, _language, converse))
    outcomes.on_every_move(_show_again)


def _show_again(db: Session, delivery: Delivery) -> None:
    """The record of whom a message goes to says how far it has come."""
    if delivery.onboarding_id is not None and delivery.contact_id is not None:
        journey.show_again(db, delivery.onboarding_id)


def _company(db: Session, contractor_id: str) -> wording.Company:
    return letterhead(db.get_one(Contractor, contractor_id))


def _language(db: Session, contact_id: str) -> str:
    contact = db.get(Contact, contact_id)
    return contact.language if contact is not None else "en"


def _reach(db: Session, contact_id: str) -> reach.Reach | None:
    held = account_of_contact(db, contact_id)
    if held is None:
        return None
    at = reached_at(db, held)
    email, mobile = reach.still_open(db, held.contractor_id, at["email"], at["sms"])
    return reach.chosen(held.preferred_channel, email, mobile, held.language, held.name)


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


# What moves with every line of a job's trail, also where nothing happened but a look.
_TRAIL = {"event_count", "event_head", "revision"}


@event.listens_for(Onboarding, "after_insert")
@event.listens_for(Onboarding, "after_update")
def _list(_mapper: Mapper[Onboarding], connection: Connection, row: Onboarding) -> None:
    """The contact's place in the list moves with its jobs, in the same transaction."""
    changed = {each.key for each in inspect(row).attrs if each.history.has_changes()}
    if changed <= _TRAIL:
        return
    later = aliased(Onboarding)
    is_later = select(later.id).where(later.contact_id == row.contact_id, later.id > row.id)
    listing.note_job(connection, row.contact_id, row.status, ~is_later.exists())


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
