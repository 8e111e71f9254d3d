"""The contractor's side: templates, the contract drafted beside an estimate, fixed at send.

`freeze` and `ready` are handed on from here as well: the estimate's and the invite's actions need
nothing else of this room.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding import clock
from onboarding.actor import Actor
from onboarding.contracts import default_template
from onboarding.contracts.freezing import ApprovedEstimate, ContractMissing, freeze
from onboarding.contracts.models import Contract, ContractTemplate
from onboarding.contracts.placeholders import complaints
from onboarding.contracts.pricing import priced
from onboarding.contracts.queries import contract_of_estimate, ready, templates
from onboarding.journey.actions import lock, require
from onboarding.journey.models import Onboarding
from onboarding.journey.permissions import Act

__all__ = ["ContractMissing", "copy_draft", "draft_contract", "freeze", "ready", "send_draft"]


class ContractSent(Exception):
    """The contract was sent with its estimate: it can be read, and changed only by a revision."""


class DraftChanged(Exception):
    """Somebody else saved the draft in the meantime; `contract` is what stands there now."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        super().__init__(contract.id)


def draft_contract(db: Session, onboarding: Onboarding, estimate_id: str) -> Contract | None:
    """The contract beside a new estimate, begun from the contractor's oldest template.

    None where the contractor has no template yet: the first contract is begun from the sample, on
    its own page, so that nobody sends the sample without having looked at it once.
    """
    own = templates(db)
    if not own:
        return None
    draft = Contract(
        contractor_id=onboarding.contractor_id,
        onboarding_id=onboarding.id,
        estimate_id=estimate_id,
        template_id=own[0].id,
        title=default_template.TITLE,
        template_body=own[0].body,
    )
    db.add(draft)
    db.flush()
    return draft


def keep_sample(db: Session, contractor_id: str) -> None:
    """Gives a contractor who has no template yet the sample, to be made their own."""
    if not templates(db):
        db.add(
            ContractTemplate(
                contractor_id=contractor_id, name=default_template.NAME, body=default_template.BODY
            )
        )
        db.flush()


def save_template(
    db: Session, contractor_id: str, template_id: str | None, name: str, body: str
) -> ContractTemplate:
    """A new template, or the one with this id changed. Contracts keep the text they copied."""
    template = db.get(ContractTemplate, template_id) if template_id else None
    if template is None or template.contractor_id != contractor_id:
        template = ContractTemplate(contractor_id=contractor_id)
        db.add(template)
    template.name = name
    template.body = body
    db.flush()
    return template


def save_draft(
    db: Session,
    estimate_id: str,
    *,
    title: str,
    body: str,
    terms: str,
    template_id: str | None,
    revision: int,
    by: Actor,
) -> Contract:
    """Keeps the draft as typed. `revision` is the one that was on the screen, 0 for a first save.

    Raises EstimateMissing, ContractSent, DraftChanged.
    """
    estimate = priced(db, estimate_id)
    onboarding = lock(db, estimate.onboarding_id)
    require(Act.DRAFT, onboarding, by)
    draft = contract_of_estimate(db, estimate_id)
    if draft is None:
        keep_sample(db, onboarding.contractor_id)
        draft = Contract(
            contractor_id=onboarding.contractor_id,
            onboarding_id=onboarding.id,
            estimate_id=estimate_id,
            draft_revision=0,
        )
        db.add(draft)
    _refuse_unfit(draft, revision, estimate.sent_at is not None)
    draft.title, draft.template_body, draft.terms = title, body, terms
    draft.template_id = template_id
    draft.draft_revision += 1
    db.flush()
    return draft


def _refuse_unfit(draft: Contract, revision: int, is_sent: bool) -> None:
    if is_sent or draft.sent_at is not None:
        raise ContractSent
    if draft.draft_revision != revision:
        raise DraftChanged(draft)


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
        title=before.title,
        template_body=before.template_body,
        terms=before.terms,
    )
    db.add(copied)
    db.flush()
    return copied


def send_draft(db: Session, estimate: ApprovedEstimate, by: Actor) -> Contract:
    """Fixes the contract with its estimate, harmless when repeated.

    In the caller's transaction, the onboarding locked. Raises ContractMissing.
    """
    draft = db.scalars(
        select(Contract).where(Contract.estimate_id == estimate.id).with_for_update()
    ).one_or_none()
    if draft is None:
        raise ContractMissing(["Write the contract for this estimate."])
    missing = ready(db, estimate.id)
    if missing:
        raise ContractMissing(missing)
    draft.sent_at = draft.sent_at or clock.now()
    db.flush()
    return draft


def draft_complaints(title: str, body: str, terms: str) -> list[str]:
    """A sentence for each placeholder that the merge would leave open."""
    return complaints("\n".join((title, body, terms)))
