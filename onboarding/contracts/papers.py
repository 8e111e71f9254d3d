"""A contract as the documents gateway sets it: from the frozen bytes, never from live rows."""

from sqlalchemy.orm import Session

from onboarding import gateways
from onboarding.contracts.frozen import Agreement, read
from onboarding.contracts.models import ContractSignature
from onboarding.contracts.proof import certificate_of
from onboarding.gateways.documents import (
    Company,
    ContractDocument,
    DocumentMissing,
    Drawn,
    EstimateDocument,
    Line,
    SignedContractDocument,
    Typed,
)

_CAPACITY = {"en": "Customer", "es": "Cliente"}


def contract_paper(agreement: Agreement, sha256: str) -> ContractDocument:
    """The contract without a signature, its approved estimate with it; `sha256` is of its
    canonical bytes."""
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
    strokes = tuple(
        tuple((x, y, pressure) for x, y, pressure in stroke) for stroke in signed.strokes or ()
    )
    return SignedContractDocument(
        contract=contract_paper(agreement, signed.frozen_sha256),
        estimate=estimate_paper(agreement),
        signature=Drawn(strokes) if strokes else Typed(signed.typed_text or signed.signer_name),
        certificate=certificate_of(db, signed, agreement),
        capacity=_CAPACITY[agreement.language],
    )


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
