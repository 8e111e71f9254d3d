"""A contract as the documents gateway sets it: from the frozen bytes, never from live rows."""

from datetime import date

from sqlalchemy.orm import Session

from onboarding import clock, gateways
from onboarding.contracts import business_days, cancel_notice
from onboarding.contracts.frozen import Agreement, read
from onboarding.contracts.models import ContractSignature
from onboarding.contracts.proof import certificate_of
from onboarding.gateways.documents import (
    CancelForm,
    Company,
    ContractDocument,
    DocumentMissing,
    Drawn,
    EstimateDocument,
    Line,
    OnPaper,
    SignedContractDocument,
    Typed,
)

_CAPACITY = {"en": "Customer", "es": "Cliente"}


def contract_paper(
    agreement: Agreement, sha256: str, transaction: date | None = None
) -> ContractDocument:
    """The contract, its approved estimate with it; `sha256` is of its canonical bytes.

    `transaction` is the day of the signature at the job site; until there is one the notices of
    cancellation are filled in for a signature today.
    """
    today = clock.local(clock.now(), agreement.time_zone).date()
    return ContractDocument(
        language=agreement.language,
        company=_letterhead(agreement),
        customer_name=agreement.customer_name,
        job_title=agreement.job_title,
        job_site=agreement.job_site,
        title=agreement.title,
        document_id=agreement.contract_id,
        dated=agreement.dated,
        made_at=agreement.frozen_at,
        text=agreement.text,
        text_sha256=sha256,
        estimate=estimate_paper(agreement),
        cancel_form=cancel_form(agreement, transaction or today),
    )


def cancel_form(agreement: Agreement, transaction: date) -> CancelForm | None:
    """Statement and notices with every blank filled in; None where there is no such right."""
    right = agreement.cancel_right
    if right is None:
        return None
    made = cancel_notice.notice(
        agreement.language,
        right.days,
        right.seller_name,
        right.seller_address,
        transaction,
        business_days.business_day_after(transaction, right.days),
    )
    return CancelForm(
        statement=cancel_notice.statement(agreement.language, right.days),
        caption=made.caption,
        copies=made.copies,
        dated=made.dated,
        body=made.body,
        lines=made.lines,
    )


def estimate_paper(agreement: Agreement) -> EstimateDocument:
    """The estimate as it was approved, options and sums frozen with the contract."""
    priced = agreement.estimate
    return EstimateDocument(
        language=agreement.language,
        company=_letterhead(agreement),
        customer_name=agreement.customer_name,
        job_title=agreement.job_title,
        job_site=agreement.job_site,
        version=priced.version,
        dated=agreement.dated,
        made_at=agreement.frozen_at,
        scope=priced.scope,
        lines=tuple(
            Line(
                name=line.name,
                description=line.description,
                quantity_thousandths=line.quantity,
                unit=line.unit,
                unit_price_cents=line.unit_price_cents,
                total_cents=line.total_cents,
                optional=line.is_optional,
                chosen=line.is_chosen,
                section=line.section,
                group=line.group,
            )
            for line in priced.lines
        ),
        currency=priced.currency,
        subtotal_cents=priced.subtotal_cents,
        discount_cents=priced.discount_cents,
        tax_cents=priced.tax_cents,
        total_cents=priced.total_cents,
        shows_quantities=priced.shows_quantities,
        shows_unit_prices=priced.shows_unit_prices,
    )


def signed_paper(db: Session, signed: ContractSignature) -> SignedContractDocument:
    """Contract, approved estimate, signature and certificate, all from what was pinned."""
    agreement = read(signed.frozen)
    day = signed.signed_on or clock.local(signed.at, agreement.time_zone).date()
    return SignedContractDocument(
        contract=contract_paper(agreement, signed.frozen_sha256, day),
        estimate=estimate_paper(agreement),
        signature=_signature(signed),
        certificate=certificate_of(db, signed, agreement),
        capacity=_CAPACITY[agreement.language],
    )


def _signature(signed: ContractSignature) -> Drawn | Typed | OnPaper:
    if signed.scan_sha256 is not None:
        return OnPaper(signed.scan_sha256)
    elif signed.strokes:
        return Drawn(tuple(tuple((x, y, p) for x, y, p in stroke) for stroke in signed.strokes))
    return Typed(signed.typed_text or signed.signer_name)


def _letterhead(agreement: Agreement) -> Company:
    company = agreement.company
    return Company(
        name=company.name,
        address=company.address,
        phone=company.phone,
        license_number=company.license_number,
        color=company.color,
        logo=logo_of(company.logo_sha256),
    )


def logo_of(sha256: str | None) -> bytes | None:
    """A logo that is gone must not keep a contract from being read: the name stands instead."""
    if sha256 is None:
        return None
    try:
        return gateways.current().documents.get(sha256)
    except DocumentMissing:
        return None
