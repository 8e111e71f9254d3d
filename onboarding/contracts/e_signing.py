"""Where a state keeps contracts signed at home out of its law on electronic signatures, somebody
decides before the contract is sent: it is signed on paper, or the limit does not apply, and why
(trust requirement R15). A matter for a lawyer: the product warns, and keeps what was decided."""

from typing import Protocol

from sqlalchemy.orm import Session

from onboarding.contracts.models import Contract
from onboarding.contracts.queries import contract_of_estimate
from onboarding.contracts.state_profiles import limits_e_signing
from onboarding.journey.models import Onboarding

OFF_IN_SETTINGS = "Switched off in the company's settings."
"""Kept as the reason where nobody decided on the right to cancel for this very contract."""


class Decided(Protocol):
    """What was decided about a contract: a saved draft, or a choice that is being made."""

    @property
    def has_cancel_right(self) -> bool: ...
    @property
    def no_cancel_reason(self) -> str: ...
    @property
    def e_sign_reason(self) -> str: ...
    @property
    def is_on_paper(self) -> bool: ...


def may_be_at_home(decided: Decided) -> bool:
    """Whether the contract may be one that is signed at the customer's home.

    A member who says, with a reason, that it gives no right to cancel says that it is not; the
    company's setting alone says nothing of where this one is signed.
    """
    return decided.has_cancel_right or decided.no_cancel_reason == OFF_IN_SETTINGS


def is_undecided(decided: Decided) -> bool:
    """In a state with such a limit: neither on paper, nor with a reason why it does not apply."""
    is_settled = decided.is_on_paper or bool(decided.e_sign_reason)
    return may_be_at_home(decided) and not is_settled


def is_limited(site_state: str, draft: Contract | None) -> bool:
    """Whether the state of the job site may keep this contract from being signed electronically."""
    return limits_e_signing(site_state) and (draft is None or may_be_at_home(draft))


def awaits_decision(db: Session, onboarding: Onboarding, estimate_id: str) -> bool:
    """Whether the saved contract of an estimate waits for somebody to decide how it is signed."""
    draft = contract_of_estimate(db, estimate_id)
    is_saved = draft is not None and is_undecided(draft)
    return is_saved and limits_e_signing(onboarding.site_state)
