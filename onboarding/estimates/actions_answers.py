"""The customer's side: open a version, approve, reject, say why, take an approval back.

Each answer is one transaction under the onboarding's lock. The same answer given twice is one:
the second click finds the first one's response.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from onboarding import clock
from onboarding.actor import Actor, Kind
from onboarding.contractors.letterhead import letterhead
from onboarding.contractors.models import Contractor
from onboarding.contracts import actions as contracts
from onboarding.database import transaction
from onboarding.estimates import choosing, notices, pricing
from onboarding.estimates.actions import lock_estimate
from onboarding.estimates.completeness import has_lapsed
from onboarding.estimates.models import Estimate, EstimateResponse, RejectionReason
from onboarding.estimates.staleness import Reason, Stale, require_as_on_screen
from onboarding.journey import actions as journey
from onboarding.journey.events import EventKind
from onboarding.journey.models import Onboarding
from onboarding.journey.permissions import Act, Refusal, permitted
from onboarding.journey.status import Answer
from onboarding.notifications import actions as outbox
from onboarding.notifications.models import NotificationKind
from onboarding.notifications.wording import EstimateRejectedMessage

# Refusals that a second click of the same answer meets: it is answered with what the first one did.
_DONE_ALREADY = (
    None,
    Refusal.ALREADY_APPROVED,
    Refusal.ALREADY_SIGNED,
    Refusal.NOT_APPROVED,
)


def open_version(estimate_id: str, by: Actor) -> bool:
    """Writes down that the customer has seen this version for the first time; says whether it did.

    Never for support, who only look, nor for a customer whose access was revoked. Raises
    EstimateMissing.
    """
    if by.kind is not Kind.CUSTOMER:
        return False
    with transaction(by.contractor_id) as db:
        onboarding, estimate = lock_estimate(db, estimate_id)
        refusal = permitted(Act.SEE_ESTIMATE, onboarding.facts, by)
        if refusal or estimate.sent_at is None or onboarding.opened_version >= estimate.version:
            return False
        journey.record(
            db,
            onboarding,
            EventKind.ESTIMATE_OPENED,
            by,
            {"version": estimate.version},
            opened_version=estimate.version,
        )
        return True


def approve_estimate(
    estimate_id: str, chosen_keys: Collection[str], total_cents: int, by: Actor
) -> EstimateResponse:
    """Approves the version with these options at this total, all as they were on the screen, and
    freezes the contract. Raises Stale, journey.Refused, EstimateMissing."""
    with transaction(by.contractor_id) as db:
        onboarding, estimate = lock_estimate(db, estimate_id)
        chosen = choosing.options_of(estimate, chosen_keys)
        total = pricing.totals(estimate, chosen).total
        refusal = permitted(Act.APPROVE, onboarding.facts, by, version=estimate.version)
        again = _given_already(db, onboarding, estimate, Answer.APPROVED, refusal)
        if again and again.chosen_keys == list(chosen) and again.total_cents == total_cents:
            return again
        if refusal is Refusal.SUPERSEDED:
            raise Stale(Reason.VERSION)
        is_late = has_lapsed(estimate.valid_until, clock.today(onboarding.site_time_zone))
        journey.require(Act.APPROVE, onboarding, by, version=estimate.version, has_lapsed=is_late)
        require_as_on_screen(estimate, chosen_keys, total_cents)
        response = _respond(db, onboarding, estimate, Answer.APPROVED, total, by, chosen)
        journey.record(
            db,
            onboarding,
            EventKind.ESTIMATE_APPROVED,
            by,
            _approved(estimate, chosen, total),
            opened_version=max(onboarding.opened_version, estimate.version),
            answer=Answer.APPROVED.value,
            approved_version=estimate.version,
            consented_version=0,
            has_change_request=False,
            amount_cents=total,
        )
        contracts.freeze(db, onboarding, estimate, chosen, by)
        return response


def reject_estimate(estimate_id: str, by: Actor) -> EstimateResponse:
    """Rejects the version and tells the contractor. What was signed before stays as it is.

    Raises journey.Refused, EstimateMissing.
    """
    with transaction(by.contractor_id) as db:
        onboarding, estimate = lock_estimate(db, estimate_id)
        refusal = permitted(Act.REJECT, onboarding.facts, by, version=estimate.version)
        again = _given_already(db, onboarding, estimate, Answer.REJECTED, refusal)
        if again is not None:
            return again
        journey.require(Act.REJECT, onboarding, by, version=estimate.version)
        total = pricing.totals(estimate).total
        response = _respond(db, onboarding, estimate, Answer.REJECTED, total, by)
        journey.record(
            db,
            onboarding,
            EventKind.ESTIMATE_REJECTED,
            by,
            {"version": estimate.version},
            opened_version=max(onboarding.opened_version, estimate.version),
            answer=Answer.REJECTED.value,
        )
        _tell_rejected(db, onboarding, estimate, response)
        return response


def give_reason(estimate_id: str, reason: str, by: Actor) -> RejectionReason:
    """Adds the customer's words to their rejection, once, and tells the contractor.

    Raises journey.Refused, EstimateMissing; NotRejected where there is no rejection to explain.
    """
    with transaction(by.contractor_id) as db:
        onboarding, estimate = lock_estimate(db, estimate_id)
        journey.require(Act.REJECT, onboarding, by, version=estimate.version)
        response = last_response(db, estimate.id, Answer.REJECTED)
        if response is None or onboarding.answer != Answer.REJECTED:
            raise NotRejected(estimate_id)
        given = reason_of(db, response.id)
        if given is not None:
            return given
        row = RejectionReason(
            contractor_id=estimate.contractor_id, response_id=response.id, reason=reason
        )
        db.add(row)
        said = {"version": estimate.version, "reason": reason}
        journey.record(db, onboarding, EventKind.ESTIMATE_REASON, by, said)
        outbox.mark_told_again(db, onboarding.id, NotificationKind.ESTIMATE_REJECTED)
        _tell_rejected(db, onboarding, estimate, response, reason)
        return row


def withdraw_approval(estimate_id: str, by: Actor) -> EstimateResponse:
    """Takes the approval back, until the contract is signed; an earlier one that was signed is in
    force again. Raises journey.Refused, EstimateMissing."""
    with transaction(by.contractor_id) as db:
        onboarding, estimate = lock_estimate(db, estimate_id)
        refusal = permitted(Act.WITHDRAW, onboarding.facts, by, version=estimate.version)
        again = _given_already(db, onboarding, estimate, Answer.WITHDRAWN, refusal)
        if again is not None:
            return again
        journey.require(Act.WITHDRAW, onboarding, by, version=estimate.version)
        total = pricing.totals(estimate).total
        in_force = onboarding.signed_version
        response = _respond(db, onboarding, estimate, Answer.WITHDRAWN, total, by)
        journey.record(
            db,
            onboarding,
            EventKind.ESTIMATE_WITHDRAWN,
            by,
            {"version": estimate.version},
            answer=Answer.WITHDRAWN.value,
            approved_version=in_force,
            consented_version=in_force,
            amount_cents=_approved_total(db, onboarding.id, in_force) if in_force else total,
        )
        return response


class NotRejected(Exception):
    """A reason was given for a version that is not rejected."""


def last_response(db: Session, estimate_id: str, answer: Answer) -> EstimateResponse | None:
    """The newest response of this kind to the version."""
    return db.scalars(
        select(EstimateResponse)
        .where(EstimateResponse.estimate_id == estimate_id, EstimateResponse.kind == answer.value)
        .order_by(EstimateResponse.at.desc(), EstimateResponse.id.desc())
        .limit(1)
    ).one_or_none()


def reason_of(db: Session, response_id: str) -> RejectionReason | None:
    return db.scalars(
        select(RejectionReason).where(RejectionReason.response_id == response_id)
    ).one_or_none()


def _given_already(
    db: Session,
    onboarding: Onboarding,
    estimate: Estimate,
    answer: Answer,
    refusal: Refusal | None,
) -> EstimateResponse | None:
    """The response that stands, where this very answer is the one in force."""
    is_same = refusal in _DONE_ALREADY and onboarding.answer == answer
    return last_response(db, estimate.id, answer) if is_same else None


def _respond(
    db: Session,
    onboarding: Onboarding,
    estimate: Estimate,
    answer: Answer,
    total_cents: int,
    by: Actor,
    chosen: Collection[str] = (),
) -> EstimateResponse:
    response = EstimateResponse(
        contractor_id=estimate.contractor_id,
        onboarding_id=onboarding.id,
        estimate_id=estimate.id,
        account_id=by.id,
        kind=answer.value,
        chosen_keys=list(chosen),
        total_cents=total_cents,
        ip=by.ip,
        user_agent=by.user_agent[:400],
    )
    db.add(response)
    db.flush()
    return response


def _approved(estimate: Estimate, chosen: Collection[str], total_cents: int) -> dict[str, Any]:
    """What the audit trail says of an approval."""
    options = [
        ": ".join(filter(None, (line.group_name, line.name)))
        for line in estimate.lines
        if line.key in chosen
    ]
    return {"version": estimate.version, "total_cents": total_cents, "options": options}


def _approved_total(db: Session, onboarding_id: str, version: int) -> int:
    """What the customer last approved of this version, in cents."""
    estimate = db.scalars(
        select(Estimate).where(Estimate.onboarding_id == onboarding_id, Estimate.version == version)
    ).one()
    approved = last_response(db, estimate.id, Answer.APPROVED)
    return approved.total_cents if approved else pricing.totals(estimate).total


def _tell_rejected(
    db: Session,
    onboarding: Onboarding,
    estimate: Estimate,
    response: EstimateResponse,
    reason: str = "",
) -> None:
    name = notices.customer_name(db, onboarding)
    contractor = db.get_one(Contractor, onboarding.contractor_id)
    notices.tell_contractor(
        db,
        onboarding,
        NotificationKind.ESTIMATE_REJECTED,
        {
            "customer": name,
            "version": estimate.version,
            "job": onboarding.title,
            "reason": reason,
        },
        EstimateRejectedMessage(
            company=letterhead(contractor),
            url=notices.record_url(onboarding.contact_id),
            customer_name=name,
            job_title=onboarding.title,
            version=estimate.version,
            reason=reason,
        ),
        reference=response.id,
    )
