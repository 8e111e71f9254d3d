"""Every message of the product: what each needs to be told, and `render`, which puts it in words.

The words stand in templates/emails/<purpose>.txt. One class for each purpose says what its template
is handed; a room fills it and gives the rendered Message to `actions.queue`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from typing import Any, ClassVar, Literal

from onboarding.notifications import own_words
from onboarding.notifications.models import Channel, Purpose
from onboarding.notifications.typesetting import Message, compose, money


@dataclass(frozen=True)
class Picture:
    """A logo: its whole address, and its size in CSS pixels."""

    url: str
    width: int
    height: int


@dataclass(frozen=True)
class Company:
    """The contractor a message speaks for. `color` is #rrggbb, `phone` as in E.164.

    `postal_address` (lines) stands in the footer; without it the installation's own does.
    `own_words` are its own lines, as notifications/own_words.py keeps them.
    """

    name: str
    phone: str
    license_number: str
    reply_to: str
    color: str
    slug: str
    postal_address: str = ""
    logo: Picture | None = None
    own_words: Mapping[str, Any] = field(default_factory=dict, compare=False)


# Messages to support staff come from the installation itself, whoever they are about.
PLATFORM = Company("Portal support", "", "", "", "#3d3a34", "")


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What every message is told. `url` is the address behind its one button."""

    purpose: ClassVar[Purpose]
    company: Company
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class ToCustomer(Letter):
    first_name: str


@dataclass(frozen=True, kw_only=True)
class ToMember(Letter):
    customer_name: str
    job_title: str


@dataclass(frozen=True, kw_only=True)
class InviteMessage(ToCustomer):
    """The invitation. `zone` is the job site's IANA time zone."""

    purpose = Purpose.INVITE
    job_title: str
    sender_name: str
    expires_at: datetime
    zone: str


@dataclass(frozen=True, kw_only=True)
class InviteSignInMessage(ToCustomer):
    """The invitation of somebody who has an account: it leads to sign-in. `waits_for` is the step
    where they stopped, as their screens are named; empty where nothing is said of it."""

    purpose = Purpose.INVITE_SIGN_IN
    job_title: str
    sender_name: str
    waits_for: str = ""


@dataclass(frozen=True, kw_only=True)
class RevisedEstimateMessage(ToCustomer):
    purpose = Purpose.REVISED_ESTIMATE
    job_title: str
    version: int
    total_cents: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class MagicLinkMessage(ToCustomer):
    """A sign-in link; `code` may be typed on another device instead."""

    purpose = Purpose.MAGIC_LINK
    code: str | None
    minutes: int


@dataclass(frozen=True, kw_only=True)
class CodeMessage(Letter):
    """A six-digit code. `host` is the site's own, so that a phone fills the field by itself."""

    purpose = Purpose.CODE
    code: str
    minutes: int
    host: str


@dataclass(frozen=True, kw_only=True)
class SignInChangedMessage(ToCustomer):
    """Sent to where the customer was reached before: `what` is no longer what it was."""

    purpose = Purpose.SIGN_IN_CHANGED
    what: Literal["email", "phone", "password"]


@dataclass(frozen=True, kw_only=True)
class MemberResetMessage(Letter):
    purpose = Purpose.MEMBER_RESET
    name: str
    minutes: int


@dataclass(frozen=True, kw_only=True)
class MemberInviteMessage(Letter):
    """An invitation to the contractor's team."""

    purpose = Purpose.MEMBER_INVITE
    sender_name: str
    days: int


@dataclass(frozen=True, kw_only=True)
class SignUpMessage(Letter):
    """Confirms the mailbox of a company that begins."""

    purpose = Purpose.SIGN_UP
    company: Company = PLATFORM
    name: str
    company_name: str
    hours: int


@dataclass(frozen=True, kw_only=True)
class SignUpKnownMessage(Letter):
    """To somebody who signs up and signs in here already."""

    purpose = Purpose.SIGN_UP_KNOWN
    company: Company = PLATFORM


@dataclass(frozen=True, kw_only=True)
class EstimateRejectedMessage(ToMember):
    """`reason` is empty when the customer gave none."""

    purpose = Purpose.ESTIMATE_REJECTED
    version: int
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class QuestionAskedMessage(ToMember):
    """`about` is the line item's name, or empty for the estimate as a whole."""

    purpose = Purpose.QUESTION_ASKED
    question: str
    about: str = ""


@dataclass(frozen=True, kw_only=True)
class ChangesAskedMessage(ToMember):
    """`about` is the line item's name; `topic` what else the wish is about, if it is said."""

    purpose = Purpose.CHANGES_ASKED
    wish: str
    about: str = ""
    topic: Literal["", "price", "timing"] = ""


@dataclass(frozen=True, kw_only=True)
class MessageAnsweredMessage(ToCustomer):
    purpose = Purpose.MESSAGE_ANSWERED
    answer: str


@dataclass(frozen=True, kw_only=True)
class NewLinkWantedMessage(ToMember):
    purpose = Purpose.NEW_LINK_WANTED
    link_state: Literal["expired", "replaced", "revoked"]


@dataclass(frozen=True, kw_only=True)
class TellsOfCard(Letter):
    """The card on file, and since when (UTC, shown in `zone`) and under which words auto-pay is on.

    `agreed` is empty where auto-pay is off.
    """

    card: str = ""
    expires: str = ""
    auto_pay_since: datetime | None = None
    agreed: str = ""
    zone: str = "UTC"


@dataclass(frozen=True, kw_only=True)
class DeliveryFailedMessage(ToMember):
    """`to` is the address or number that did not take it, `answer` what the provider said."""

    purpose = Purpose.DELIVERY_FAILED
    channel: Channel
    to: str
    answer: str


@dataclass(frozen=True, kw_only=True)
class SupportLinkMessage(Letter):
    purpose = Purpose.SUPPORT_LINK
    company: Company = PLATFORM
    agent_name: str
    person_name: str
    contractor_name: str
    reason: str
    minutes: int


@dataclass(frozen=True, kw_only=True)
class TextsStoppedMessage(Letter):
    """The one confirmation of STOP: neutral, and the last text."""

    purpose = Purpose.TEXTS_STOPPED


@dataclass(frozen=True, kw_only=True)
class TextsStartedMessage(Letter):
    purpose = Purpose.TEXTS_STARTED


@dataclass(frozen=True, kw_only=True)
class TextHelpMessage(Letter):
    """The answer to HELP: who texts, and how a person is reached."""

    purpose = Purpose.TEXT_HELP


@dataclass(frozen=True, kw_only=True)
class ReminderMessage(ToCustomer):
    """The step that waits. `expires_at` is None where signing in is all it takes, and so no link
    ends; `zone` is the job site's."""

    purpose = Purpose.REMINDER
    step: Literal["account", "estimate", "contract", "card"]
    job_title: str
    expires_at: datetime | None
    zone: str


# A confirmation of STOP or HELP that comes later than this disturbs more than it tells (R67).
ANSWER_WITHIN = timedelta(minutes=5)
LANGUAGES = ("en", "es")


def render(letter: Letter, language: str) -> Message:
    """The message in `language`, one of LANGUAGES; any other is answered in English."""
    spoken = language if language in LANGUAGES else "en"
    told = {field.name: getattr(letter, field.name) for field in fields(letter)}
    if isinstance(letter, RevisedEstimateMessage):
        told["total"] = money(letter.total_cents, letter.currency, spoken)
    return compose(letter.purpose, spoken, told, own_words.own_lines(letter.purpose, spoken, told))
