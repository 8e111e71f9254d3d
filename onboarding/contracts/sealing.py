"""The sealed copy: made by a worker after the signature, repeatable, and marked by one worker only.

Status and done page never wait for it; the confirmation and the PDF's link do.
"""

import logging
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import or_, select

from onboarding import clock, gateways, jobs
from onboarding.actor import SYSTEM
from onboarding.contracts.confirming import confirm_if_ready
from onboarding.contracts.models import ContractSignature
from onboarding.contracts.papers import signed_paper
from onboarding.contracts.signing import SEAL_TASK
from onboarding.database import Everyone, read, transaction
from onboarding.gateways.documents import SealingFailed, UnusableDocument
from onboarding.journey.actions import lock, record
from onboarding.journey.events import EventKind

LEASE = timedelta(minutes=2)
_REASONS = {"en": "Signed contract", "es": "Contrato firmado"}
_WORKER = Everyone("the worker seals for every contractor")
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Claim:
    """A signature that this worker may seal until the lease ends."""

    signature_id: str
    fence: int


@jobs.task(SEAL_TASK, every_seconds=30)
def seal_due() -> int:
    """Seals every signature that waits for it; says how many."""
    sealed = 0
    while (claim := _claim()) is not None:
        sealed += _seal(claim)
    return sealed


def _claim() -> Claim | None:
    now = clock.now()
    with transaction(_WORKER) as db:
        found = db.scalars(
            select(ContractSignature)
            .where(
                ContractSignature.sealed_at.is_(None),
                or_(
                    ContractSignature.seal_lease_until.is_(None),
                    ContractSignature.seal_lease_until < now,
                ),
            )
            .order_by(ContractSignature.at)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).one_or_none()
        if found is None:
            return None
        found.seal_lease_until = now + LEASE
        found.seal_fence += 1
        return Claim(found.id, found.seal_fence)


def _seal(claim: Claim) -> bool:
    try:
        sha256 = _kept_copy(claim.signature_id)
    except (UnusableDocument, SealingFailed, OSError) as failure:
        _log.exception("Contract signature %s could not be sealed", claim.signature_id)
        _put_off(claim, failure)
        return False
    return _mark(claim, sha256)


def _kept_copy(signature_id: str) -> str:
    """Renders, seals, tests and keeps the signed contract; answers with its SHA-256."""
    db = read(_WORKER)
    signed = db.get_one(ContractSignature, signature_id)
    paper = signed_paper(db, signed)
    at = signed.at
    db.rollback()
    doors = gateways.current()
    pdf = doors.renderer.signed_contract(paper)
    sealed = doors.sealer.seal(pdf, _REASONS[paper.contract.language], at)
    verdict = doors.sealer.verify(sealed)
    if verdict.found != "authentic":
        raise SealingFailed(verdict.why)
    return doors.documents.put(sealed)


def _mark(claim: Claim, sha256: str) -> bool:
    """Writes the seal down, unless another worker took over; confirms if all is done."""
    with transaction(_WORKER) as db:
        signed = db.get_one(ContractSignature, claim.signature_id)
        onboarding = lock(db, signed.onboarding_id)
        db.refresh(signed, with_for_update=True)
        if signed.sealed_at is not None or signed.seal_fence != claim.fence:
            return False
        signed.sealed_sha256 = sha256
        signed.sealed_at = clock.now()
        signed.seal_lease_until = None
        signed.seal_failure = ""
        said = {"contract_id": signed.contract_id, "sha256": sha256}
        record(db, onboarding, EventKind.CONTRACT_SEALED, SYSTEM, said)
        confirm_if_ready(db, onboarding)
        return True


def _put_off(claim: Claim, failure: Exception) -> None:
    """The lease is what delays the next try: longer each time, an hour at most."""
    with transaction(_WORKER) as db:
        signed = db.get_one(ContractSignature, claim.signature_id, with_for_update=True)
        if signed.seal_fence == claim.fence and signed.sealed_at is None:
            wait = timedelta(seconds=min(3600, 15 * 2 ** min(signed.seal_fence, 8)))
            signed.seal_lease_until = clock.now() + wait
            signed.seal_failure = str(failure)[:300]
