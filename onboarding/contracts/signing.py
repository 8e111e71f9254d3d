"""The signature: one atomic act on exactly the text that was on the screen (R05, R06, R07)."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import event
from sqlalchemy.orm import Session

from onboarding import clock, jobs
from onboarding.actor import Actor
from onboarding.contracts import business_days
from onboarding.contracts.consenting import ContractGone, TextChanged, lock_current
from onboarding.contracts.customers import ConfirmedChannel, confirmed_channel
from onboarding.contracts.frozen import read
from onboarding.contracts.ink import Stroke
from onboarding.contracts.models import Consent, Contract, ContractSignature
from onboarding.contracts.queries import consent_for, signature_of
from onboarding.database import transaction
from onboarding.gateways import strokes as ink_drawing
from onboarding.journey.actions import Refused, record, require
from onboarding.journey.events import EventKind
from onboarding.journey.models import Onboarding
from onboarding.journey.permissions import Act, Refusal

SEAL_TASK = "seal"

__all__ = ["ContractGone", "NoConfirmedChannel", "Signature", "TextChanged", "sign_contract"]


class NoConfirmedChannel(Exception):
    """No mailbox or phone was proved to be this customer's own."""


@dataclass(frozen=True)
class Signature:
    """Drawn strokes, or a name typed on a keyboard; both count the same (ESIGN 106(5))."""

    strokes: tuple[Stroke, ...] = ()
    typed_text: str = ""

    @property
    def method(self) -> str:
        return "drawn" if self.strokes else "typed"


def sign_contract(
    contract_id: str, onboarding_id: str, frozen_sha256: str, signature: Signature, by: Actor
) -> ContractSignature:
    """Signs the frozen text whose SHA-256 was on the screen.

    Pressed again, from another tab or another device, it answers with the signature that is there.
    Raises ContractGone, TextChanged, NoConfirmedChannel, Refused.
    """
    with transaction(by.contractor_id) as db:
        onboarding, frozen = lock_current(db, contract_id, onboarding_id)
        if frozen.frozen is None or frozen.frozen_sha256 != frozen_sha256:
            raise TextChanged
        signed = signature_of(db, contract_id)
        if signed is not None:
            return signed
        require(Act.SIGN, onboarding, by)
        if frozen.is_on_paper:
            raise Refused(Act.SIGN, Refusal.ON_PAPER)
        consent = consent_for(db, contract_id, frozen_sha256)
        if consent is None:
            raise Refused(Act.SIGN, Refusal.NO_CONSENT)
        channel = confirmed_channel(db, onboarding.contact_id)
        if channel is None:
            raise NoConfirmedChannel
        made = _made(frozen, consent, channel, onboarding, signature, by)
        keep_signature(db, onboarding, made, by)
        return made


def _made(
    frozen: Contract,
    consent: Consent,
    channel: ConfirmedChannel,
    onboarding: Onboarding,
    signature: Signature,
    by: Actor,
) -> ContractSignature:
    is_drawn = bool(signature.strokes)
    return ContractSignature(
        contractor_id=onboarding.contractor_id,
        onboarding_id=onboarding.id,
        contract_id=frozen.id,
        account_id=by.id,
        consent_id=consent.id,
        frozen=frozen.frozen,
        frozen_sha256=frozen.frozen_sha256,
        method=signature.method,
        signer_name=by.name,
        typed_text=None if is_drawn else signature.typed_text,
        strokes=[list(map(list, stroke)) for stroke in signature.strokes] if is_drawn else None,
        svg=ink_drawing.svg(signature.strokes) if is_drawn else None,
        confirmed_channel=channel.channel,
        confirmed_address=channel.address,
        confirmed_at=channel.at,
        ip=by.ip,
        user_agent=by.user_agent[:400],
    )


def keep_signature(db: Session, onboarding: Onboarding, made: ContractSignature, by: Actor) -> None:
    """Writes a signature down, drawn, typed or on paper, and wakes the seal.

    The event first: its hash is the head of the chain that the signature pins.
    """
    made.cancel_until = _cancel_until(made)
    signed = record(
        db,
        onboarding,
        EventKind.CONTRACT_SIGNED,
        by,
        {
            "contract_id": made.contract_id,
            "sha256": made.frozen_sha256,
            "method": made.method,
            "consent_id": made.consent_id,
            "signed_by": made.signer_name,
            **({"scan_sha256": made.scan_sha256} if made.scan_sha256 else {}),
            **({"cancel_until": made.cancel_until.isoformat()} if made.cancel_until else {}),
        },
        signed_version=onboarding.approved_version,
        cancel_until=made.cancel_until,
        wants_paper=False,
    )
    made.at = signed.at
    made.chain_head = signed.hash
    db.add(made)
    db.flush()
    event.listen(db, "after_commit", _wake_seal, once=True)


def _cancel_until(made: ContractSignature) -> datetime | None:
    """The midnight that ends the right to cancel; None where the frozen text gives none."""
    agreement = read(made.frozen)
    if agreement.cancel_right is None:
        return None
    day: date = made.signed_on or clock.local(clock.now(), agreement.time_zone).date()
    last = business_days.business_day_after(day, agreement.cancel_right.days)
    return business_days.end_of(last, agreement.time_zone)


def _wake_seal(db: Session) -> None:
    jobs.wake(SEAL_TASK)
