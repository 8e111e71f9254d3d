"""The contractor's side: templates, the contract drafted beside an estimate, fixed at send.

`freeze` is handed on from here as well: the estimate's actions need nothing else of this room.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding import clock
from onboarding.actor import Actor
from onboarding.contractors.models import Contractor
from onboarding.contracts.drafts import Words
from onboarding.contracts.e_signing import OFF_IN_SETTINGS, awaits_decision
from onboarding.contracts.freezing import ApprovedEstimate, ContractMissing, freeze
from onboarding.contracts.models import Contract
from onboarding.contracts.pricing import priced
from onboarding.contracts.queries import contract_of_estimate, open_in_draft
from onboarding.contracts.queries import template as find_template
from onboarding.contracts.templating import keep_sample, save_template
from onboarding.database import transaction
from onboarding.journey.actions import Refused, lock, require
from onboarding.journey.models import Onboarding
from onboarding.journey.permissions import Act, Refusal

__all__ = ["ContractMissing", "copy_draft", "freeze", "save_template", "send_draft"]


class ContractSent(Exception):
    """The contract was sent with its estimate: it can be read, and changed only by a revision."""


class DraftChanged(Exception):
    """Somebody else saved the draft in the meantime; `revision` is the one that stands now."""

    def __init__(self, revision: int) -> None:
        self.revision = revision
        super().__init__(f"the draft is at revision {revision}")


def keep_draft(estimate_id: str, words: Words, revision: int, by: Actor) -> Contract:
    """Keeps the draft as typed. `revision` is the one that was on the screen, 0 for a first save.

    What is saved already is not saved again. Raises EstimateMissing, ContractSent, DraftChanged.
    """
    with transaction(by.contractor_id) as db:
        estimate = priced(db, estimate_id)
        onboarding = lock(db, estimate.onboarding_id)
        require(Act.DRAFT, onboarding, by)
        draft = contract_of_estimate(db, estimate_id)
        if draft is None:
            keep_sample(db, onboarding.contractor_id)
            draft = _begun(db, onboarding, estimate_id)
        if estimate.sent_at is not None or draft.sent_at is not None:
            raise ContractSent
        return _write(db, draft, words, revision)


def _begun(db: Session, onboarding: Onboarding, estimate_id: str) -> Contract:
    """With the right to cancel, unless the company's settings have it off."""
    gives = db.get_one(Contractor, onboarding.contractor_id).gives_cancel_right
    draft = Contract(
        contractor_id=onboarding.contractor_id,
        onboarding_id=onboarding.id,
        estimate_id=estimate_id,
        draft_revision=0,
        has_cancel_right=gives,
        no_cancel_reason="" if gives else OFF_IN_SETTINGS,
    )
    db.add(draft)
    return draft


def _write(db: Session, draft: Contract, words: Words, revision: int) -> Contract:
    if _words_of(draft) == (words.title, words.body, words.terms):
        return draft
    if draft.draft_revision != revision:
        raise DraftChanged(draft.draft_revision)
    draft.title, draft.template_body, draft.terms = words.title, words.body, words.terms
    source = find_template(db, words.template_id) if words.template_id else None
    draft.template_id = source.id if source else None
    draft.template_version = (
        min(words.template_version or source.version, source.version) if (source) else None
    )
    draft.draft_revision += 1
    db.flush()
    return draft


def _words_of(draft: Contract) -> tuple[str, str, str] | None:
    return (draft.title, draft.template_body, draft.terms) if draft.draft_revision else None


def copy_draft(db: Session, from_estimate_id: str, to_estimate_id: str) -> Contract | None:
    """The contract of a revised estimate begins as a copy; None where there was none to copy."""
    before = contract_of_estimate(db, from_estimate_id)
    already = contract_of_estimate(db, to_estimate_id)
    if before is None or already is not None:
        return already
    copied = Contract(
        contractor_id=before.contractor_id,
        onboarding_id=before.onboarding_id,
        estimate_id=to_estimate_id,
        template_id=before.template_id,
        template_version=before.template_version,
        title=before.title,
        template_body=before.template_body,
        terms=before.terms,
        has_cancel_right=before.has_cancel_right,
        no_cancel_reason=before.no_cancel_reason,
        cancel_profile=before.cancel_profile,
        e_sign_reason=before.e_sign_reason,
        is_on_paper=before.is_on_paper,
    )
    db.add(copied)
    db.flush()
    return copied


def send_draft(db: Session, estimate: ApprovedEstimate, by: Actor) -> Contract:
    """Fixes the contract with its estimate, harmless when repeated.

    In the caller's transaction, the onboarding locked. Raises ContractMissing; Refused where
    nobody has decided yet how it is signed, and the state of the job limits that.
    """
    draft = db.scalars(
        select(Contract).where(Contract.estimate_id == estimate.id).with_for_update()
    ).one_or_none()
    if draft is None or open_in_draft(db, estimate.id) != []:
        raise ContractMissing(f"The contract of estimate {estimate.id} cannot be sent yet.")
    onboarding = db.get_one(Onboarding, draft.onboarding_id)
    if draft.sent_at is None and awaits_decision(db, onboarding, estimate.id):
        raise Refused(Act.SEND, Refusal.SIGNING_UNDECIDED)
    draft.sent_at = draft.sent_at or clock.now()
    db.flush()
    return draft
