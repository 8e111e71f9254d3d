"""The certificate of completion: who signed, how they were known, what happened before (R09)."""

from sqlalchemy.orm import Session

from onboarding import config
from onboarding.contracts.frozen import Agreement
from onboarding.contracts.models import Consent, ContractSignature
from onboarding.contracts.queries import events_of
from onboarding.gateways.documents import Certificate, TrailEvent
from onboarding.journey.events import EventKind

# Event kind -> what the certificate calls it, in English and in Spanish. What is not listed here,
# such as messages and sign-ins, is part of the trail and not of the proof.
_WORDS: dict[str, tuple[str, str]] = {
    EventKind.INVITE_SENT: ("Portal invite sent", "Invitación enviada"),
    EventKind.INVITE_RESENT: ("Portal invite sent again", "Invitación enviada de nuevo"),
    EventKind.INVITE_DELIVERED: ("Portal invite delivered", "Invitación entregada"),
    EventKind.INVITE_OPENED: ("Get started pressed", "Se pulsó Comenzar"),
    EventKind.CHANNEL_CONFIRMED: (
        "E-mail address or phone confirmed",
        "Correo electrónico o teléfono confirmado",
    ),
    EventKind.ACCOUNT_CREATED: ("Account created", "Cuenta creada"),
    EventKind.ESTIMATE_SENT: ("Estimate version sent", "Versión del presupuesto enviada"),
    EventKind.ESTIMATE_OPENED: ("Estimate opened", "Presupuesto abierto"),
    EventKind.ESTIMATE_REJECTED: ("Estimate rejected", "Presupuesto rechazado"),
    EventKind.ESTIMATE_WITHDRAWN: ("Approval taken back", "Aprobación retirada"),
    EventKind.ESTIMATE_APPROVED: ("Estimate approved", "Presupuesto aprobado"),
    EventKind.CONTRACT_FROZEN: ("Contract text fixed", "Texto del contrato fijado"),
    EventKind.CONTRACT_OPENED: ("Contract PDF opened", "PDF del contrato abierto"),
    EventKind.CONSENT_GIVEN: (
        "Agreed to sign electronically",
        "Aceptó firmar electrónicamente",
    ),
    EventKind.SIGNING_CHOSEN: (
        "Right to cancel and way of signing decided",
        "Decididos el derecho a cancelar y la forma de firmar",
    ),
    EventKind.PAPER_WANTED: ("Paper asked for", "Pidió papel"),
    EventKind.CONTRACT_SIGNED: ("Contract signed", "Contrato firmado"),
}
_AUTHENTICATION = {
    ("email", "en"): "E-mail address confirmed by link or code",
    ("email", "es"): "Correo electrónico confirmado por enlace o código",
    ("sms", "en"): "Phone confirmed by link or code",
    ("sms", "es"): "Teléfono confirmado por enlace o código",
    ("paper", "en"): "Signed by hand; the contractor received the paper",
    ("paper", "es"): "Firmado a mano; el contratista recibió el papel",
}


def certificate_of(db: Session, signed: ContractSignature, agreement: Agreement) -> Certificate:
    """Everything up to the signature, and nothing after it: made twice, it is the same."""
    consent = db.get_one(Consent, signed.consent_id) if signed.consent_id else None
    is_mail, is_phone = (signed.confirmed_channel == channel for channel in ("email", "sms"))
    return Certificate(
        signer_name=signed.signer_name,
        signer_email=masked_email(signed.confirmed_address) if is_mail else None,
        signer_phone=masked_phone(signed.confirmed_address) if is_phone else None,
        authentication=_AUTHENTICATION[(signed.confirmed_channel, agreement.language)],
        authenticated_at=signed.confirmed_at,
        consent_version=_version(consent),
        consented_at=consent.at if consent else None,
        signed_at=signed.at,
        ip_address=signed.ip or None,
        user_agent=signed.user_agent or None,
        events=_trail(db, signed, agreement.language),
        chain_head=signed.chain_head,
        time_zone=agreement.time_zone,
        verify_url=f"{config.current().base_url}/verify",
    )


def _version(consent: Consent | None) -> str | None:
    return f"{consent.disclosure_version} · {consent.disclosure_sha256}" if consent else None


def masked_email(address: str) -> str:
    """`dana@example.com` as `d···@example.com`."""
    name, _, host = address.partition("@")
    return f"{name[:1]}···@{host}"


def masked_phone(number: str) -> str:
    """`+15035550142` as `··· 0142`."""
    return f"··· {number[-4:]}"


def _trail(db: Session, signed: ContractSignature, language: str) -> tuple[TrailEvent, ...]:
    told: list[TrailEvent] = []
    for event in events_of(db, signed.onboarding_id):
        words = _WORDS.get(event.kind)
        if words is not None:
            by = event.actor_name if event.actor_kind != "system" else ""
            told.append(TrailEvent(event.at, words[language == "es"], by))
        if event.hash == signed.chain_head:
            break
    return tuple(told)
