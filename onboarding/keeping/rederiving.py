"""Derives each onboarding's facts again from the rooms' own rows, and names those that differ.

The facts on the onboarding's row are what the status is derived
from; the rows are what happened. They are written together, so a difference is a fault.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding.accounts.models import Account
from onboarding.contracts.models import Cancellation, Contract, ContractSignature
from onboarding.estimates.models import Estimate, EstimateResponse
from onboarding.journey.models import Onboarding
from onboarding.journey.status import Answer
from onboarding.payments.models import PaymentMethod


def differing_facts(db: Session) -> list[str]:
    """A sentence for each fact that its rows do not bear out."""
    sentences = []
    for onboarding in db.scalars(select(Onboarding)).all():
        for name, derived in _derived(db, onboarding).items():
            stored = getattr(onboarding, name)
            if stored != derived:
                sentences.append(
                    f"onboarding {onboarding.id}: {name} is {stored!r}, its rows say {derived!r}"
                )
    return sentences


def _derived(db: Session, onboarding: Onboarding) -> dict[str, Any]:
    account = db.scalars(
        select(Account).where(Account.contact_id == onboarding.contact_id)
    ).one_or_none()
    sent = db.scalars(
        select(Estimate)
        .where(Estimate.onboarding_id == onboarding.id, Estimate.sent_at.is_not(None))
        .order_by(Estimate.version)
    ).all()
    signed = _signed_version(db, onboarding.id)
    latest = sent[-1].version if sent else 0
    answers = _answers(db, onboarding.id, sent)
    has_card = db.scalar(
        select(PaymentMethod.id)
        .where(
            PaymentMethod.contact_id == onboarding.contact_id,
            PaymentMethod.removed_at.is_(None),
            PaymentMethod.expired_at.is_(None),
        )
        .limit(1)
    )
    return {
        "has_account": account is not None,
        "has_profile": account is not None and account.profile_saved_at is not None,
        "latest_version": latest,
        "answer": answers.get(latest, Answer.NONE.value),
        "approved_version": _approved_version(answers, latest, signed),
        "signed_version": signed,
        "cancelled_version": _cancelled_version(db, onboarding.id),
        "has_card": has_card is not None,
    }


def _signed_version(db: Session, onboarding_id: str) -> int:
    versions = db.scalars(
        select(Estimate.version)
        .join(Contract, Contract.estimate_id == Estimate.id)
        .join(ContractSignature, ContractSignature.contract_id == Contract.id)
        .where(ContractSignature.onboarding_id == onboarding_id)
    )
    return max(versions, default=0)


def _cancelled_version(db: Session, onboarding_id: str) -> int:
    versions = db.scalars(
        select(Estimate.version)
        .join(Contract, Contract.estimate_id == Estimate.id)
        .join(Cancellation, Cancellation.contract_id == Contract.id)
        .where(Cancellation.onboarding_id == onboarding_id)
    )
    return max(versions, default=0)


def _answers(db: Session, onboarding_id: str, sent: Sequence[Estimate]) -> dict[int, str]:
    """The last answer to each version."""
    version_of = {estimate.id: estimate.version for estimate in sent}
    responses = db.scalars(
        select(EstimateResponse)
        .where(EstimateResponse.onboarding_id == onboarding_id)
        .order_by(EstimateResponse.id)
    )
    return {version_of[response.estimate_id]: response.kind for response in responses}


def _approved_version(answers: dict[int, str], latest: int, signed: int) -> int:
    """The newest approval in force: of the latest version, or of one that was signed."""
    if answers.get(latest) == Answer.APPROVED.value:
        return latest
    return signed
