"""A time-stamp for each sealed copy, where an authority is configured.

It comes after everything else and holds up nothing: seal, mails and status never wait for it. The
token stands beside the file, whose bytes stay as both sides were sent them.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select

from onboarding import clock, gateways, jobs
from onboarding.actor import SYSTEM
from onboarding.contracts.models import ContractSignature
from onboarding.database import Everyone, read, transaction
from onboarding.gateways.documents import Stamp, Stamper, StampingFailed
from onboarding.journey.actions import lock, record
from onboarding.journey.events import EventKind

LEASE = timedelta(minutes=2)
_WORKER = Everyone("the worker stamps for every contractor")
_ANYONE = Everyone("whoever has a sealed file may learn since when it is stamped")
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Claim:
    """A sealed copy that this worker may have stamped until the lease ends."""

    signature_id: str
    sha256: str
    fence: int


@jobs.task("contracts.stamp", every_seconds=60)
def stamp_due() -> int:
    """Asks for a stamp of every sealed copy that has none; says how many were given.

    The first refusal ends the run: an authority that is down would be waited for again and again.
    """
    stamper = gateways.current().stamper
    stamped = 0
    while stamper is not None and (claim := _claim()) is not None:
        if not _stamp(stamper, claim):
            break
        stamped += 1
    return stamped


def stamped_since(sha256: str) -> datetime | None:
    """The time that an authority vouches for, of the sealed file with this SHA-256."""
    return read(_ANYONE).scalar(
        select(ContractSignature.stamped_at).where(
            ContractSignature.sealed_sha256 == sha256, ContractSignature.stamped_at.is_not(None)
        )
    )


def _claim() -> Claim | None:
    now = clock.now()
    with transaction(_WORKER) as db:
        found = db.scalars(
            select(ContractSignature)
            .where(
                ContractSignature.sealed_sha256.is_not(None),
                ContractSignature.stamped_at.is_(None),
                or_(
                    ContractSignature.stamp_lease_until.is_(None),
                    ContractSignature.stamp_lease_until < now,
                ),
            )
            .order_by(ContractSignature.sealed_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).one_or_none()
        if found is None:
            return None
        found.stamp_lease_until = now + LEASE
        found.stamp_fence += 1
        return Claim(found.id, str(found.sealed_sha256), found.stamp_fence)


def _stamp(stamper: Stamper, claim: Claim) -> bool:
    try:
        stamp = stamper.stamp(claim.sha256)
    except StampingFailed as failure:
        _log.warning("Contract signature %s has no stamp yet: %s", claim.signature_id, failure)
        _put_off(claim, failure)
        return False
    return _mark(claim, stamp)


def _mark(claim: Claim, stamp: Stamp) -> bool:
    """Keeps the stamp, unless another worker took over."""
    with transaction(_WORKER) as db:
        signed = db.get_one(ContractSignature, claim.signature_id)
        onboarding = lock(db, signed.onboarding_id)
        db.refresh(signed, with_for_update=True)
        if signed.stamped_at is not None or signed.stamp_fence != claim.fence:
            return False
        signed.stamp = stamp.token
        signed.stamped_at = stamp.at
        signed.stamp_lease_until = None
        signed.stamp_failure = ""
        said = {
            "contract_id": signed.contract_id,
            "sha256": claim.sha256,
            "stamped_at": stamp.at.isoformat(),
        }
        record(db, onboarding, EventKind.CONTRACT_STAMPED, SYSTEM, said)
        return True


def _put_off(claim: Claim, failure: StampingFailed) -> None:
    """The lease is what delays the next try: longer each time, an hour at most."""
    with transaction(_WORKER) as db:
        signed = db.get_one(ContractSignature, claim.signature_id, with_for_update=True)
        if signed.stamp_fence == claim.fence and signed.stamped_at is None:
            wait = timedelta(seconds=min(3600, 30 * 2 ** min(signed.stamp_fence, 7)))
            signed.stamp_lease_until = clock.now() + wait
            signed.stamp_failure = str(failure)[:300]
