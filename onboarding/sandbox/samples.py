"""Every message of the product with sample data: what goes out, without anybody having to act."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from onboarding import clock, config
from onboarding.notifications import wording, wording_cards, wording_contracts
from onboarding.notifications.models import Channel, Purpose
from onboarding.notifications.wording import Company, Letter

_ZONE = "America/Los_Angeles"
_JOB = "Roof replacement"
_COMPANY = Company(
    name="Ridgeline Roofing",
    phone="+15035550142",
    license_number="CCB 214887",
    reply_to="office@ridgeline.example",
    color="#1f5c49",
    slug="ridgeline-roofing",
    postal_address="1420 Alder Street\nPortland, OR 97205",
)
_CARD = "Visa ···· 4242"
_AGREED = "Ridgeline Roofing may charge Visa ···· 4242 what it bills for the roof replacement."
_PROOF = wording_contracts.Proof(sealed_sha256="3f" * 32, chain_head="9b" * 32)


def samples() -> Mapping[str, Sequence[Letter]]:
    """The messages by who reads them: customer, contractor, support."""
    return {
        "customer": [
            *_to_come_in(),
            *_to_go_on(),
            *_of_contract(),
            *_about_cards(),
            *_about_texts(),
        ],
        "contractor": [*_to_members(), *_about_customers(), *_about_contracts()],
        "support": [_to_support()],
    }


def sample(purpose: str) -> Letter | None:
    found = (letter for group in samples().values() for letter in group)
    return next((letter for letter in found if letter.purpose == purpose), None)


def _customer(path: str = "/i/sample") -> dict[str, Any]:
    return {"company": _COMPANY, "first_name": "Dana", "url": _at(path)}


def _member() -> dict[str, Any]:
    told = {"customer_name": "Dana Whitfield", "job_title": _JOB}
    return {"company": _COMPANY, "url": _at("/crm"), **told}


def _at(path: str) -> str:
    return config.current().base_url + path


def _to_come_in() -> list[Letter]:
    ends = clock.now() + timedelta(hours=72)
    sign_in = _customer("/portal/ridgeline-roofing/sign-in")
    host = config.current().base_url.partition("://")[2].partition(":")[0]
    invited: dict[str, Any] = {"job_title": _JOB, "sender_name": "Maria Lindqvist"}
    return [
        wording.InviteMessage(**_customer(), **invited, expires_at=ends, zone=_ZONE),
        wording.InviteSignInMessage(**sign_in, **invited, waits_for="sign"),
        wording.MagicLinkMessage(**_customer("/portal/link/sample"), code="042137", minutes=10),
        wording.CodeMessage(company=_COMPANY, code="042137", minutes=10, host=host),
        wording.SignInChangedMessage(company=_COMPANY, first_name="Dana", what="phone"),
    ]


def _to_go_on() -> list[Letter]:
    sign_in = _customer("/portal/ridgeline-roofing/sign-in")
    ends = clock.now() + timedelta(hours=8)
    return [
        wording.ReminderMessage(
            **_customer(), step="account", job_title=_JOB, expires_at=ends, zone=_ZONE
        ),
        wording.RevisedEstimateMessage(
            **sign_in, job_title=_JOB, version=2, total_cents=1_845_000, currency="USD"
        ),
        wording.MessageAnsweredMessage(
            **sign_in, answer="Yes. We protect the flower beds with plywood and tarps."
        ),
        wording_contracts.OnboardingCompletedCustomerMessage(
            **sign_in, job_title=_JOB, has_pdf=True, **_on_file()
        ),
    ]


def _about_cards() -> list[Letter]:
    sign_in = _customer("/portal/payment-methods")
    return [
        wording_cards.AutoPayOnMessage(**sign_in, **_on_file(), agreed=_AGREED),
        wording_cards.CardExpiredMessage(**sign_in, card=_CARD, ended_auto_pay=True),
        wording_cards.CardRemovedMessage(**sign_in, card=_CARD, new_card="Mastercard ···· 4444"),
    ]


def _on_file() -> dict[str, Any]:
    since = clock.now() - timedelta(minutes=2)
    return {"card": _CARD, "expires": "12/30", "auto_pay_since": since, "zone": _ZONE}


def _of_contract() -> list[Letter]:
    sign_in = _customer("/portal/ridgeline-roofing/sign-in")
    return [
        wording_contracts.ContractCopyCustomerMessage(
            **sign_in, job_title=_JOB, has_pdf=True, proof=_PROOF
        ),
        wording_contracts.ContractCancelledCustomerMessage(
            **sign_in, job_title=_JOB, **_cancelled()
        ),
    ]


def _about_contracts() -> list[Letter]:
    return [
        wording_contracts.ContractCopyContractorMessage(**_member(), proof=_PROOF),
        wording_contracts.ContractCancelledContractorMessage(**_member(), **_cancelled()),
        wording_contracts.PaperWantedMessage(**_member(), is_signed=False),
        wording_cards.CardsLockedMessage(**_member(), declines=10),
    ]


def _cancelled() -> dict[str, Any]:
    refund_by = clock.today(_ZONE) + timedelta(days=14)
    told = {"contract_title": "Service agreement", "at": clock.now(), "zone": _ZONE}
    return {**told, "refund_by": refund_by}


def _about_texts() -> list[Letter]:
    return [
        wording.TextsStoppedMessage(company=_COMPANY),
        wording.TextsStartedMessage(company=_COMPANY),
        wording.TextHelpMessage(company=_COMPANY),
    ]


def _to_members() -> list[Letter]:
    url = _at("/crm")
    return [
        wording.SignUpMessage(
            url=url, name="Maria Lindqvist", company_name=_COMPANY.name, hours=24
        ),
        wording.SignUpKnownMessage(url=url),
        wording.MemberInviteMessage(
            company=_COMPANY, url=url, sender_name="Maria Lindqvist", days=7
        ),
        wording.MemberResetMessage(company=_COMPANY, url=url, name="Theo Nakamura", minutes=30),
    ]


def _about_customers() -> list[Letter]:
    return [
        wording.QuestionAskedMessage(
            **_member(), question="Does that include the porch?", about="Architectural shingles"
        ),
        wording.ChangesAskedMessage(
            **_member(), wish="Could you start after the 15th?", topic="timing"
        ),
        wording.EstimateRejectedMessage(
            **_member(), version=1, reason="We had hoped to stay under sixteen thousand."
        ),
        wording_contracts.OnboardingCompletedContractorMessage(
            **_member(), total_cents=1_845_000, currency="USD", has_pdf=True
        ),
        wording.NewLinkWantedMessage(**_member(), link_state="revoked"),
        wording.DeliveryFailedMessage(
            **_member(),
            channel=Channel.SMS,
            to="+15035550188",
            answer="Twilio 30003: Unreachable destination handset",
        ),
    ]


def _to_support() -> Letter:
    return wording.SupportLinkMessage(
        url=_at("/support"),
        agent_name="Sam Rivera",
        person_name="Dana Whitfield",
        contractor_name=_COMPANY.name,
        reason="Cannot find the signed contract",
        minutes=10,
    )


# Those that go out as a text alone.
AS_TEXT_ALONE = {Purpose.TEXTS_STOPPED, Purpose.TEXTS_STARTED, Purpose.TEXT_HELP}
