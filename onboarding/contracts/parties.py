"""Letters about a contract to its two parties: the customer by every channel known, the contractor
by the member whose job it is and the company's own mailbox."""

from sqlalchemy.orm import Session

from onboarding.contractors.models import Contractor, Member
from onboarding.contracts.customers import customer_of
from onboarding.journey.models import Onboarding
from onboarding.notifications.actions import Outgoing, queue
from onboarding.notifications.models import Channel
from onboarding.notifications.payload import Attachment
from onboarding.notifications.wording import Letter, render


def write_customer(
    db: Session,
    onboarding: Onboarding,
    letter: Letter,
    reference: str,
    language: str,
    attachments: tuple[Attachment, ...] = (),
) -> None:
    """By e-mail where there is an address, else by text."""
    company = db.get_one(Contractor, onboarding.contractor_id)
    customer = customer_of(db, onboarding.contact_id)
    channel = Channel.EMAIL if customer.email else Channel.SMS
    to = customer.email or customer.mobile
    if to:
        queue(
            db,
            Outgoing(
                contractor_id=onboarding.contractor_id,
                contact_id=onboarding.contact_id,
                onboarding_id=onboarding.id,
                purpose=letter.purpose,
                reference=reference,
                channel=channel,
                to=to,
                from_name=company.name,
                reply_to=company.reply_to,
                message=render(letter, language),
                attachments=attachments if channel is Channel.EMAIL else (),
            ),
        )


def write_contractor(
    db: Session,
    onboarding: Onboarding,
    letter: Letter,
    reference: str,
    attachments: tuple[Attachment, ...] = (),
) -> None:
    """To the member whose job it is, and to the company's own mailbox; once where they are one."""
    company = db.get_one(Contractor, onboarding.contractor_id)
    for to in mailboxes_of(db, onboarding, company):
        queue(
            db,
            Outgoing(
                contractor_id=onboarding.contractor_id,
                contact_id=onboarding.contact_id,
                onboarding_id=onboarding.id,
                purpose=letter.purpose,
                reference=reference,
                channel=Channel.EMAIL,
                to=to,
                from_name=company.name,
                reply_to=None,
                message=render(letter, company.language),
                attachments=attachments,
            ),
        )


def mailboxes_of(db: Session, onboarding: Onboarding, company: Contractor) -> list[str]:
    member = db.get(Member, onboarding.member_id)
    addresses = [member.email] if member is not None and member.is_active else []
    if company.reply_to.lower() not in map(str.lower, addresses):
        addresses.append(company.reply_to)
    return addresses
