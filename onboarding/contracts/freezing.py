"""The moment of approval: template, terms, options and sums become one text that never changes."""

from collections.abc import Collection
from typing import Literal, Protocol

from babel.dates import format_date
from babel.numbers import format_currency
from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding import clock, money
from onboarding.actor import Actor, Kind
from onboarding.contractors.models import Contractor
from onboarding.contracts.customers import (
    Customer,
    customer_of,
    written_address,
    written_phone,
)
from onboarding.contracts.frozen import Agreement, CancelRight, Company, sha256_of, to_bytes
from onboarding.contracts.models import Contract, ContractSignature
from onboarding.contracts.placeholders import merge
from onboarding.contracts.pricing import PricedEstimate, priced
from onboarding.contracts.state_profiles import profile
from onboarding.journey.actions import record
from onboarding.journey.events import EventKind
from onboarding.journey.models import Onboarding

_LOCALES = {"en": "en_US", "es": "es_US"}


class ContractMissing(Exception):
    """There is no contract that could be sent or approved; the message says why."""


class ApprovedEstimate(Protocol):
    """As much of an estimate as freezing needs."""

    @property
    def id(self) -> str: ...


def freeze(
    db: Session,
    onboarding: Onboarding,
    estimate: ApprovedEstimate,
    chosen_keys: Collection[str],
    by: Actor,
) -> Contract:
    """Merges and freezes the contract of the estimate that was just approved.

    In the caller's transaction, the onboarding locked. A signed contract stays as it is; one that
    was frozen for an approval taken back is frozen anew, and asks for consent anew. Raises
    ContractMissing.
    """
    contract = db.scalars(
        select(Contract).where(Contract.estimate_id == estimate.id).with_for_update()
    ).one_or_none()
    if contract is None or contract.sent_at is None:
        raise ContractMissing("This estimate was sent without a contract.")
    if _is_signed(db, contract):
        return contract
    agreement = agreement_of(db, onboarding, contract, chosen_keys, by)
    contract.frozen = to_bytes(agreement)
    contract.frozen_sha256 = sha256_of(contract.frozen)
    contract.frozen_at = agreement.frozen_at
    contract.frozen_version = agreement.estimate.version
    contract.opened_at = None
    record(
        db,
        onboarding,
        EventKind.CONTRACT_FROZEN,
        by,
        {
            "contract_id": contract.id,
            "sha256": contract.frozen_sha256,
            "version": agreement.estimate.version,
            "total_cents": agreement.estimate.total_cents,
        },
        consented_version=0,
    )
    return contract


def agreement_of(
    db: Session,
    onboarding: Onboarding,
    contract: Contract,
    chosen_keys: Collection[str] | None,
    by: Actor | None = None,
) -> Agreement:
    """The contract as it would be frozen now; a preview where nobody approved yet."""
    estimate = priced(db, contract.estimate_id, chosen_keys)
    company = db.get_one(Contractor, onboarding.contractor_id)
    customer = customer_of(db, onboarding.contact_id)
    name = by.name if by is not None and by.kind is Kind.CUSTOMER and by.name else customer.name
    language = _language(customer)
    values = placeholder_values(onboarding, estimate, company, customer, name, language)
    text = "\n\n".join(part for part in (contract.template_body, contract.terms) if part.strip())
    return Agreement(
        contract_id=contract.id,
        title=merge(contract.title, values),
        text=merge(text, values),
        language=language,
        dated=clock.local(clock.now(), onboarding.site_time_zone).date(),
        frozen_at=clock.now(),
        company=_letterhead(company),
        customer_name=name,
        customer_address=customer.address,
        job_title=onboarding.title,
        job_site=job_site(onboarding),
        time_zone=onboarding.site_time_zone,
        estimate=estimate,
        cancel_right=_cancel_right(contract, onboarding, company),
    )


def placeholder_values(
    onboarding: Onboarding,
    estimate: PricedEstimate,
    company: Contractor,
    customer: Customer,
    customer_name: str,
    language: str,
) -> dict[str, str]:
    """What stands for each placeholder: every name of the closed list has a value."""
    today = clock.local(clock.now(), onboarding.site_time_zone).date()
    locale = _LOCALES[language]
    total = money.plain_cents(estimate.total_cents)
    return {
        "customer_name": customer_name,
        "customer_address": customer.address,
        "job_title": onboarding.title,
        "job_site": job_site(onboarding) or customer.address,
        "total": format_currency(total, estimate.currency, locale=locale),
        "estimate_version": str(estimate.version),
        "company_name": company.name,
        "company_phone": written_phone(company.phone),
        "company_address": ", ".join(company.postal_address.splitlines()) or company.reply_to,
        "license_number": company.license_number or "—",
        "today": format_date(today, "long", locale=locale),
    }


def job_site(onboarding: Onboarding) -> str:
    """Where the work is done, on one line."""
    return written_address(
        onboarding.site_line1,
        onboarding.site_line2,
        onboarding.site_city,
        onboarding.site_state,
        onboarding.site_postal_code,
    )


def _cancel_right(
    contract: Contract, onboarding: Onboarding, company: Contractor
) -> CancelRight | None:
    """None where it was switched off, with a reason, before the contract was sent."""
    if contract.has_cancel_right is False:
        return None
    chosen = profile(contract.cancel_profile or "", onboarding.site_state)
    return CancelRight(
        days=chosen.days,
        profile=chosen.key,
        seller_name=company.name,
        seller_address=", ".join(company.postal_address.splitlines()) or company.reply_to,
    )


def _is_signed(db: Session, contract: Contract) -> bool:
    signed = select(ContractSignature.id).where(ContractSignature.contract_id == contract.id)
    return db.scalar(signed) is not None


def _language(customer: Customer) -> Literal["en", "es"]:
    return "es" if customer.language == "es" else "en"


def _letterhead(company: Contractor) -> Company:
    return Company(
        name=company.name,
        address=company.postal_address,
        phone=written_phone(company.phone),
        license_number=company.license_number,
        reply_to=company.reply_to,
        color=company.color,
        logo_sha256=company.logo_sha256,
    )
