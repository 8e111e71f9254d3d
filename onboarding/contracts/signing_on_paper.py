"""A contract that was printed and signed by hand: a member puts the scan on record, and the record
is the same as for any other signature: frozen text, event, right to cancel, seal, mails (R15)."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from onboarding import clock, gateways
from onboarding.actor import Actor
from onboarding.contracts.consenting import ContractGone
from onboarding.contracts.customers import customer_of
from onboarding.contracts.frozen import read
from onboarding.contracts.models import Contract, ContractSignature
from onboarding.contracts.queries import contract, current_contract, signature_of
from onboarding.contracts.signing import keep_signature
from onboarding.database import transaction
from onboarding.gateways import scans
from onboarding.gateways.scans import Scan
from onboarding.journey.actions import lock, require
from onboarding.journey.models import Onboarding
from onboarding.journey.permissions import Act


class DayUnlikely(Exception):
    """Signed before the text was fixed, or on a day that is still to come."""


def sign_on_paper(
    contract_id: str, files: Sequence[bytes], signed_on: date, by: Actor
) -> ContractSignature:
    """Records that the customer signed the printed contract by hand on the day `signed_on`.

    The scan is a PDF, or pictures in order, drawn anew before they are kept. Recorded again, it is
    the signature that is there. Raises UnusableScan, ContractGone, DayUnlikely, Refused.
    """
    scan = scans.scan(files)
    sha256 = gateways.current().documents.put(scan.content)
    with transaction(by.contractor_id) as db:
        known = contract(db, contract_id)
        if known is None:
            raise ContractGone
        onboarding = lock(db, known.onboarding_id)
        already = signature_of(db, contract_id)
        if already is not None:
            return already
        require(Act.SIGN_ON_PAPER, onboarding, by)
        found = current_contract(db, onboarding)
        if found is None or found.id != contract_id:
            raise ContractGone
        _refuse_unlikely(found, signed_on)
        made = _made(db, onboarding, found, sha256, scan, signed_on, by)
        keep_signature(db, onboarding, made, by)
        return made


def _refuse_unlikely(found: Contract, signed_on: date) -> None:
    agreement = read(found.frozen or b"")
    today = clock.local(clock.now(), agreement.time_zone).date()
    if not agreement.dated <= signed_on <= today:
        raise DayUnlikely


def _made(
    db: Session,
    onboarding: Onboarding,
    found: Contract,
    sha256: str,
    scan: Scan,
    signed_on: date,
    by: Actor,
) -> ContractSignature:
    customer = customer_of(db, onboarding.contact_id)
    return ContractSignature(
        contractor_id=onboarding.contractor_id,
        onboarding_id=onboarding.id,
        contract_id=found.id,
        account_id=customer.account_id,
        frozen=found.frozen,
        frozen_sha256=found.frozen_sha256,
        method="paper",
        signer_name=customer.name,
        scan_sha256=sha256,
        scan_type=scan.media_type,
        signed_on=signed_on,
        confirmed_channel="paper",
        confirmed_address="",
        confirmed_at=clock.now(),
        ip=by.ip,
        user_agent=by.user_agent[:400],
    )
