"""A company's own lines of the messages to its customers: what they are, how they would read, and
a test of them to the owner's own mailbox or to the company's own number."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, Literal, cast

from onboarding import clock, config, tokens
from onboarding.actor import Actor
from onboarding.contractors.letterhead import letterhead
from onboarding.contractors.models import Contractor, Member
from onboarding.database import transaction
from onboarding.notifications import own_words, typesetting, wording, wording_contracts
from onboarding.notifications.actions import Outgoing, queue
from onboarding.notifications.models import Channel, Purpose
from onboarding.notifications.own_words import Kind
from onboarding.notifications.typesetting import Message, Parts
from onboarding.notifications.wording import Company, Letter
from onboarding.web import throttle
from onboarding.web.guessing import TooManyTries

_HOUR = timedelta(hours=1)
_PRESSED_AGAIN = timedelta(seconds=30)
_MOST_TESTS = 20


def shipped(kind: Kind, language: str) -> Parts:
    """The lines as they come with the product, with placeholders where something is filled in."""
    told: dict[str, Any] = {name: f"{{{name}}}" for name in own_words.PLACEHOLDERS}
    company = replace(wording.PLATFORM, name="{company_name}")
    told |= {"company": company, "url": "{link}", "step": kind.step, "waits_for": ""}
    return typesetting.shipped(kind.purpose, language, told)


def standing(company: Contractor, kind: Kind, language: str) -> Parts:
    """The lines as they go out today: the company's own where it has some."""
    own, ours = own_words.own_parts(company.own_words, kind.key, language), shipped(kind, language)
    return Parts(own.subject or ours.subject, own.opening or ours.opening, own.sms or ours.sms)


def keep(contractor_id: str, kind: Kind, language: str, typed: Parts) -> None:
    """Holds for every message from the next on. A line that says what is shipped is not kept: it
    changes with the product."""
    ours = shipped(kind, language)
    own = Parts(
        subject="" if typed.subject == ours.subject else typed.subject,
        opening="" if typed.opening == ours.opening else typed.opening,
        sms="" if typed.sms == ours.sms else typed.sms,
    )
    with transaction(contractor_id) as db:
        company = db.get_one(Contractor, contractor_id, with_for_update={"key_share": True})
        company.own_words = own_words.kept_with(company.own_words, kind.key, language, own)


def reset(contractor_id: str, kind: Kind, language: str) -> None:
    """As shipped again. Harmless when repeated."""
    keep(contractor_id, kind, language, Parts())


def example(
    company: Contractor, kind: Kind, language: str, typed: Parts, sender: str = "Maria Lindqvist"
) -> Message:
    """The message as a customer called Dana would get it, with these lines in it."""
    own = own_words.kept_with({}, kind.key, language, typed)
    letter = _LETTERS[kind.purpose](kind, replace(letterhead(company), own_words=own), sender)
    return wording.render(letter, language)


def send_test(kind: Kind, language: str, typed: Parts, channel: Channel, by: Actor) -> str:
    """Sends the example to the member's mailbox, or to the company's own number; says where to.
    Pressed twice, it goes once. Raises guessing.TooManyTries."""
    with transaction(by.contractor_id) as db:
        company = db.get_one(Contractor, by.contractor_id)
        member = db.get_one(Member, by.id)
        to = member.email if channel is Channel.EMAIL else company.phone
        again = tokens.hash_secret(f"{kind.key} {language} {typed} {to}")
        if not throttle.take(db, f"test {again}", limit=1, within=_PRESSED_AGAIN):
            return to
        often = f"tests of {by.contractor_id}"
        if not throttle.take(db, often, limit=_MOST_TESTS, within=_HOUR):
            raise TooManyTries(throttle.seconds_left(db, often, within=_HOUR))
        message = example(company, kind, language, typed, member.name)
        queue(db, _outgoing(company, message, channel, to))
        return to


def _outgoing(company: Contractor, message: Message, channel: Channel, to: str) -> Outgoing:
    return Outgoing(
        contractor_id=company.id,
        contact_id=None,
        onboarding_id=None,
        purpose=Purpose.TRIAL,
        reference=None,
        channel=channel,
        to=to,
        from_name=company.name,
        reply_to=company.reply_to,
        message=message,
    )


def _address() -> str:
    """As long as a real one, and nobody's."""
    return f"{config.current().base_url}/i/an-example-of-a-link-that-leads-to-nobody-0"


def _invite(_kind: Kind, company: Company, sender: str) -> Letter:
    return wording.InviteMessage(
        company=company,
        url=_address(),
        first_name="Dana",
        job_title=_JOB,
        sender_name=sender,
        expires_at=clock.now() + timedelta(hours=72),
        zone="America/New_York",
    )


def _invite_sign_in(_kind: Kind, company: Company, sender: str) -> Letter:
    return wording.InviteSignInMessage(
        company=company, url=_address(), first_name="Dana", job_title=_JOB, sender_name=sender
    )


def _revised_estimate(_kind: Kind, company: Company, _sender: str) -> Letter:
    return wording.RevisedEstimateMessage(
        company=company,
        url=_address(),
        first_name="Dana",
        job_title=_JOB,
        version=2,
        total_cents=1_845_000,
        currency="USD",
    )


def _reminder(kind: Kind, company: Company, _sender: str) -> Letter:
    return wording.ReminderMessage(
        company=company,
        url=_address(),
        first_name="Dana",
        step=cast(Literal["account", "estimate", "contract", "card"], kind.step),
        job_title=_JOB,
        expires_at=None,
        zone="America/New_York",
    )


def _answered(_kind: Kind, company: Company, _sender: str) -> Letter:
    return wording.MessageAnsweredMessage(
        company=company, url=_address(), first_name="Dana", answer=_ANSWER
    )


def _completed(_kind: Kind, company: Company, _sender: str) -> Letter:
    return wording_contracts.OnboardingCompletedCustomerMessage(
        company=company, url=_address(), first_name="Dana", job_title=_JOB, has_pdf=True
    )


_JOB = "Roof replacement"
_ANSWER = "Architectural shingles, in the color you chose."
_LETTERS: dict[str, Callable[[Kind, Company, str], Letter]] = {
    "invite": _invite,
    "invite_sign_in": _invite_sign_in,
    "revised_estimate": _revised_estimate,
    "reminder": _reminder,
    "message_answered": _answered,
    "onboarding_completed_customer": _completed,
}
