"""Messages about a contract that was signed: what each is told. `wording.render` sets them."""

from dataclasses import dataclass
from datetime import date, datetime

from onboarding.notifications.models import Purpose
from onboarding.notifications.wording import TellsOfCard, ToCustomer, ToMember


@dataclass(frozen=True)
class Proof:
    """What a copy can be held against later: the SHA-256 of the sealed file, the head of the event
    chain at the signature."""

    sealed_sha256: str
    chain_head: str


@dataclass(frozen=True, kw_only=True)
class OnboardingCompletedCustomerMessage(ToCustomer, TellsOfCard):
    """`has_pdf`: the signed contract is attached."""

    purpose = Purpose.ONBOARDING_COMPLETED_CUSTOMER
    job_title: str
    has_pdf: bool
    proof: Proof | None = None
    last_day_to_cancel: date | None = None


@dataclass(frozen=True, kw_only=True)
class OnboardingCompletedContractorMessage(ToMember, TellsOfCard):
    purpose = Purpose.ONBOARDING_COMPLETED_CONTRACTOR
    total_cents: int
    currency: str
    has_pdf: bool
    proof: Proof | None = None
    wants_paper: bool = False
    last_day_to_cancel: date | None = None


@dataclass(frozen=True, kw_only=True)
class ContractCopyCustomerMessage(ToCustomer):
    """The signed contract, where the rest is not complete yet."""

    purpose = Purpose.CONTRACT_COPY_CUSTOMER
    job_title: str
    has_pdf: bool
    proof: Proof
    last_day_to_cancel: date | None = None


@dataclass(frozen=True, kw_only=True)
class ContractCopyContractorMessage(ToMember):
    purpose = Purpose.CONTRACT_COPY_CONTRACTOR
    proof: Proof
    wants_paper: bool = False


@dataclass(frozen=True, kw_only=True)
class ContractCancelledCustomerMessage(ToCustomer):
    """`refund_by`: the last day on which payments, if there were any, must be returned."""

    purpose = Purpose.CONTRACT_CANCELLED_CUSTOMER
    job_title: str
    contract_title: str
    at: datetime
    zone: str
    refund_by: date


@dataclass(frozen=True, kw_only=True)
class ContractCancelledContractorMessage(ToMember):
    purpose = Purpose.CONTRACT_CANCELLED_CONTRACTOR
    contract_title: str
    at: datetime
    zone: str
    refund_by: date


@dataclass(frozen=True, kw_only=True)
class PaperWantedMessage(ToMember):
    """`is_signed`: the contract stands, and its customer wants papers from now on."""

    purpose = Purpose.PAPER_WANTED
    is_signed: bool
