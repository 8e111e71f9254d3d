"""How the contractor hears of a customer's answer: in the CRM, and by e-mail."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding import config
from onboarding.contacts.models import Contact
from onboarding.contractors.models import Contractor, Member
from onboarding.journey.models import Onboarding
from onboarding.notifications import actions as outbox
from onboarding.notifications.models import Channel, NotificationKind
from onboarding.notifications.wording import ToMember, render


def record_url(contact_id: str) -> str:
    """The contact's record in the CRM, for a link in an e-mail."""
    return f"{config.current().base_url}/crm/contacts/{contact_id}"


def tell_contractor(
    db: Session,
    onboarding: Onboarding,
    kind: NotificationKind,
    told: Mapping[str, str | int],
    letter: ToMember,
    reference: str,
) -> None:
    """A notification in the CRM, and an e-mail to the member whose job it is and to the company's
    own address. `reference` names what it is about."""
    outbox.notify(
        db,
        contractor_id=onboarding.contractor_id,
        contact_id=onboarding.contact_id,
        onboarding_id=onboarding.id,
        kind=kind,
        told=told,
    )
    contractor = db.get_one(Contractor, onboarding.contractor_id)
    message = render(letter, contractor.language)
    for address in _addresses(db, onboarding, contractor):
        outbox.queue(
            db,
            outbox.Outgoing(
                contractor_id=onboarding.contractor_id,
                contact_id=onboarding.contact_id,
                onboarding_id=onboarding.id,
                purpose=letter.purpose,
                reference=reference,
                channel=Channel.EMAIL,
                to=address,
                from_name=contractor.name,
                reply_to=None,
                message=message,
            ),
        )


def customer_name(db: Session, onboarding: Onboarding) -> str:
    return db.scalars(select(Contact.name).where(Contact.id == onboarding.contact_id)).one()


def _addresses(db: Session, onboarding: Onboarding, contractor: Contractor) -> list[str]:
    member = db.get(Member, onboarding.member_id)
    wanted = [member.email] if member is not None and member.is_active else []
    wanted.append(contractor.reply_to)
    return list({address.lower(): address for address in wanted if address}.values())
