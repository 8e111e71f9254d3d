"""The messages that carry an invite's link, or lead to sign-in."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal, cast

from onboarding import clock, config
from onboarding.contacts.models import Contact
from onboarding.contractors.letterhead import letterhead
from onboarding.estimates.models import Estimate
from onboarding.invites.models import Invite, InviteLink, Reminder
from onboarding.invites.queries import Parties
from onboarding.journey.status import next_step
from onboarding.notifications import wording
from onboarding.notifications.actions import Outgoing
from onboarding.notifications.models import Channel


def first_name(name: str) -> str:
    return name.split(" ", 1)[0]


def address_of_link(secret: str) -> str:
    return f"{config.current().base_url}/i/{secret}"


def invitation(
    parties: Parties,
    invite: Invite,
    link: InviteLink,
    secret: str,
    not_before: datetime | None = None,
) -> Outgoing:
    """The message with the link. Whoever has an account is told that signing in is all it takes."""
    onboarding, contact = parties.onboarding, parties.contact
    letter: wording.Letter
    if onboarding.has_account:
        letter = wording.InviteSignInMessage(
            company=letterhead(parties.contractor),
            url=address_of_link(secret),
            first_name=first_name(contact.name),
            job_title=onboarding.title,
            sender_name=parties.sender.name,
            waits_for=next_step(onboarding.facts).value,
        )
    else:
        letter = wording.InviteMessage(
            company=letterhead(parties.contractor),
            url=address_of_link(secret),
            first_name=first_name(contact.name),
            job_title=onboarding.title,
            sender_name=parties.sender.name,
            expires_at=invite.expires_at,
            zone=onboarding.site_time_zone,
        )
    outgoing = _to_customer(parties, letter, Channel(link.channel), link.address, link.id)
    return replace(outgoing, is_secret=True, not_after=invite.expires_at, not_before=not_before)


def revision(
    parties: Parties, estimate: Estimate, total_cents: int, channel: Channel, to: str
) -> Outgoing:
    """A new version for somebody who has an account: no secret in it, only where to sign in."""
    letter = wording.RevisedEstimateMessage(
        company=letterhead(parties.contractor),
        url=f"{config.current().base_url}/portal/{parties.contractor.slug}/sign-in",
        first_name=first_name(parties.contact.name),
        job_title=parties.onboarding.title,
        version=estimate.version,
        total_cents=total_cents,
        currency=estimate.currency,
    )
    return _to_customer(parties, letter, channel, to, estimate.id)


def reminder(
    parties: Parties, reminder: Reminder, url: str, expires_at: datetime | None, unsubscribe: str
) -> Outgoing:
    """Of the step they stand at. `expires_at` only where `url` is a link of an invite."""
    letter = wording.ReminderMessage(
        company=letterhead(parties.contractor),
        url=url,
        first_name=first_name(parties.contact.name),
        step=cast(Literal["account", "estimate", "contract", "card"], reminder.step),
        job_title=parties.onboarding.title,
        expires_at=expires_at,
        zone=parties.onboarding.site_time_zone,
    )
    to = (Channel(reminder.channel), reminder.address)
    outgoing = _to_customer(parties, letter, *to, reminder.id)
    not_after = expires_at or clock.now() + timedelta(hours=24)
    return replace(
        outgoing,
        is_secret=expires_at is not None,
        not_after=not_after,
        unsubscribe_url=unsubscribe if reminder.channel == Channel.EMAIL else "",
    )


def sign_in_address(parties: Parties) -> str:
    return f"{config.current().base_url}/portal/{parties.contractor.slug}/sign-in"


def new_link_wanted(parties: Parties) -> Outgoing:
    """Tells the member who sent a revoked invite that somebody would like to come back."""
    letter = wording.NewLinkWantedMessage(
        company=letterhead(parties.contractor),
        url=_record(parties.contact),
        customer_name=parties.contact.name,
        job_title=parties.onboarding.title,
        link_state="revoked",
    )
    return _to_member(parties, letter)


def delivery_failed(parties: Parties, link: InviteLink, answer: str) -> Outgoing:
    """Tells the member that no message with the link arrived."""
    letter = wording.DeliveryFailedMessage(
        company=letterhead(parties.contractor),
        url=_record(parties.contact),
        customer_name=parties.contact.name,
        job_title=parties.onboarding.title,
        channel=Channel(link.channel),
        to=link.address,
        answer=answer,
    )
    return _to_member(parties, letter)


def _record(contact: Contact) -> str:
    return f"{config.current().base_url}/crm/contacts/{contact.id}"


def _to_customer(
    parties: Parties, letter: wording.Letter, channel: Channel, to: str, reference: str
) -> Outgoing:
    return Outgoing(
        contractor_id=parties.contractor.id,
        contact_id=parties.contact.id,
        onboarding_id=parties.onboarding.id,
        purpose=letter.purpose,
        reference=reference,
        channel=channel,
        to=to,
        from_name=parties.contractor.name,
        reply_to=parties.contractor.reply_to,
        message=wording.render(letter, parties.contact.language),
    )


def _to_member(parties: Parties, letter: wording.Letter) -> Outgoing:
    return Outgoing(
        contractor_id=parties.contractor.id,
        contact_id=None,
        onboarding_id=parties.onboarding.id,
        purpose=letter.purpose,
        reference=parties.onboarding.id,
        channel=Channel.EMAIL,
        to=parties.sender.email,
        from_name=parties.contractor.name,
        reply_to=None,
        message=wording.render(letter, parties.contractor.language),
    )
