"""The customer opens, approves, rejects, explains, takes back; every answer counts once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from sqlalchemy import func, select

from onboarding.actor import Actor, Kind
from onboarding.contracts.models import Contract
from onboarding.database import end_reads, read
from onboarding.estimates import actions, actions_answers, pricing
from onboarding.estimates.models import EstimateResponse, RejectionReason
from onboarding.estimates.staleness import Reason, Stale
from onboarding.journey.actions import Refused
from onboarding.journey.permissions import Refusal
from onboarding.notifications.models import Delivery, Notification
from tests.estimates.job import FLASHING, GUARDS, ROOF, Job

CHEAPER = replace(ROOF, lines=ROOF.lines[:2])


def approve(job: Job, chosen=(GUARDS,), version=None):
    estimate = version or job.estimate
    total = pricing.totals(estimate, chosen).total
    return actions_answers.approve_estimate(estimate.id, chosen, total, job.customer)


def support() -> Actor:
    return Actor(Kind.SUPPORT, "agent", "Sam", visited_as=Kind.CUSTOMER)


def count(job: Job, table) -> int:
    return read(job.company.id).scalar(select(func.count()).select_from(table))


def test_the_first_look_at_a_version_is_written_down_once(sent: Job):
    assert actions_answers.open_version(sent.estimate.id, sent.customer)
    assert not actions_answers.open_version(sent.estimate.id, sent.customer)
    assert sent.onboarding.status == "Estimate Pending"
    assert sent.events().count("estimate.opened") == 1


def test_support_looking_is_not_the_customer_looking(sent: Job):
    agent = replace(support(), contractor_id=sent.company.id)
    assert not actions_answers.open_version(sent.estimate.id, agent)
    assert sent.onboarding.opened_version == 0


def test_one_click_approves_with_the_options_chosen(sent: Job):
    response = approve(sent, (FLASHING, GUARDS))
    job = sent.onboarding
    assert (job.status, job.approved_version) == ("Estimate Approved", 1)
    assert (
        job.amount_cents == response.total_cents == pricing.totals(ROOF, (FLASHING, GUARDS)).total
    )
    assert response.chosen_keys == [FLASHING, GUARDS]
    assert response.ip == "203.0.113.7"


def test_approval_freezes_the_contract_at_the_same_total(sent: Job):
    response = approve(sent)
    contract = read(sent.company.id).scalars(select(Contract)).one()
    assert contract.frozen is not None
    assert f'"total_cents":{response.total_cents}' in contract.frozen.decode()


def test_second_click_on_approve_changes_nothing(sent: Job):
    first = approve(sent)
    assert approve(sent).id == first.id
    assert sent.events().count("estimate.approved") == 1


def test_a_second_approval_with_other_options_is_refused(sent: Job):
    approve(sent)
    with pytest.raises(Refused) as told:
        approve(sent, (FLASHING,))
    assert told.value.refusal is Refusal.ALREADY_APPROVED


@pytest.mark.parametrize(
    ("chosen", "total", "reason"),
    [((GUARDS,), 1, Reason.TOTAL), ((GUARDS, "gone"), 0, Reason.OPTIONS)],
)
def test_an_approval_of_what_is_no_longer_so_approves_nothing(sent: Job, chosen, total, reason):
    with pytest.raises(Stale) as told:
        actions_answers.approve_estimate(sent.estimate.id, chosen, total, sent.customer)
    assert told.value.reason is reason
    assert count(sent, EstimateResponse) == 0


def test_the_old_version_cannot_be_approved_once_a_new_one_arrived(sent: Job):
    old = sent.estimate
    sent.revise(CHEAPER)
    with pytest.raises(Stale) as told:
        approve(sent, version=old)
    assert told.value.reason is Reason.VERSION
    assert sent.onboarding.approved_version == 0


def test_one_click_rejects_and_the_contractor_hears_of_it(sent: Job):
    actions_answers.reject_estimate(sent.estimate.id, sent.customer)
    job = sent.onboarding
    assert (job.status, job.details[0], job.action) == (
        "Estimate Pending",
        "Rejected",
        "Revise & re-send",
    )
    (told,) = read(sent.company.id).scalars(select(Notification)).all()
    assert told.told == {
        "customer": "Dana Whitfield",
        "version": 1,
        "job": "Roof replacement",
        "reason": "",
    }
    mails = read(sent.company.id).scalars(select(Delivery)).all()
    assert {mail.to for mail in mails} == {sent.owner.email, sent.company.reply_to}


def test_second_click_on_reject_tells_nobody_again(sent: Job):
    actions_answers.reject_estimate(sent.estimate.id, sent.customer)
    actions_answers.reject_estimate(sent.estimate.id, sent.customer)
    assert count(sent, Notification) == 1
    assert count(sent, EstimateResponse) == 1


def test_a_reason_comes_after_the_rejection_and_counts_once(sent: Job):
    with pytest.raises(actions_answers.NotRejected):
        actions_answers.give_reason(sent.estimate.id, "Too dear", sent.customer)
    actions_answers.reject_estimate(sent.estimate.id, sent.customer)
    first = actions_answers.give_reason(sent.estimate.id, "Too dear", sent.customer)
    again = actions_answers.give_reason(sent.estimate.id, "Too dear", sent.customer)
    assert again.id == first.id
    assert count(sent, RejectionReason) == 1
    assert sent.events().count("estimate.reason_given") == 1
    told = read(sent.company.id).scalars(select(Notification).order_by(Notification.id)).all()
    assert [(one.told["reason"], one.read_at is None) for one in told] == [
        ("", False),
        ("Too dear", True),
    ]


def test_a_rejected_version_may_still_be_approved(sent: Job):
    actions_answers.reject_estimate(sent.estimate.id, sent.customer)
    approve(sent)
    assert sent.onboarding.status == "Estimate Approved"


def test_an_approval_is_taken_back_and_given_again(sent: Job):
    approve(sent)
    first = actions_answers.withdraw_approval(sent.estimate.id, sent.customer)
    assert sent.onboarding.details[0] == "Approval taken back"
    assert actions_answers.withdraw_approval(sent.estimate.id, sent.customer).id == first.id
    approve(sent, ())
    assert sent.onboarding.amount_cents == pricing.totals(ROOF, ()).total
    assert sent.events().count("estimate.withdrawn") == 1


def test_what_is_signed_cannot_be_taken_back(sent: Job):
    approve(sent)
    sent.signed()
    with pytest.raises(Refused) as told:
        actions_answers.withdraw_approval(sent.estimate.id, sent.customer)
    assert told.value.refusal is Refusal.ALREADY_SIGNED


def test_a_new_version_ends_an_approval_that_was_not_signed(sent: Job):
    approve(sent)
    sent.revise(CHEAPER)
    job = sent.onboarding
    assert (job.status, job.approved_version, job.answer) == ("Estimate Pending", 0, "none")
    assert job.has_account


def test_a_signed_contract_stays_in_force_until_the_new_version_is_approved(sent: Job):
    approve(sent)
    sent.signed()
    sent.revise(CHEAPER)
    assert sent.onboarding.status == "Onboarding Complete"
    assert "New estimate sent" in sent.onboarding.details
    approve(sent, ())
    assert sent.onboarding.status == "Estimate Approved"
    actions_answers.withdraw_approval(sent.estimate.id, sent.customer)
    job = sent.onboarding
    assert (job.status, job.approved_version) == ("Onboarding Complete", 1)
    assert job.amount_cents == pricing.totals(ROOF, (GUARDS,)).total


def test_rejecting_a_later_version_changes_nothing_that_was_signed(sent: Job):
    approve(sent)
    sent.signed()
    sent.revise(CHEAPER)
    actions_answers.reject_estimate(sent.estimate.id, sent.customer)
    assert sent.onboarding.status == "Onboarding Complete"


def test_support_can_answer_nothing(sent: Job):
    agent = replace(support(), contractor_id=sent.company.id)
    for act in (
        lambda: actions_answers.reject_estimate(sent.estimate.id, agent),
        lambda: actions_answers.withdraw_approval(sent.estimate.id, agent),
        lambda: actions_answers.approve_estimate(sent.estimate.id, (), 0, agent),
    ):
        with pytest.raises(Refused) as told:
            act()
        assert told.value.refusal is Refusal.VISITING


def at_once(jobs):
    """Runs all of `jobs` in threads that start together; an answer is a result or a refusal."""
    gate = Barrier(len(jobs))

    def run(job):
        gate.wait()
        try:
            return job()
        except (Stale, Refused) as told:
            return told
        finally:
            end_reads()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def test_ten_approvals_at_once_are_one(sent: Job):
    answers = at_once([lambda: approve(sent)] * 10)
    assert len({answer.id for answer in answers}) == 1
    assert count(sent, EstimateResponse) == 1
    assert sent.events().count("estimate.approved") == 1


def test_approving_while_a_new_version_is_sent_never_approves_it_unseen(sent: Job):
    old = sent.estimate
    following = actions.revise(old.onboarding_id, sent.member)
    actions.save_draft(following.id, CHEAPER, following.draft_revision, sent.member)
    answers = at_once([lambda: approve(sent, version=old), sent.send])
    job = sent.onboarding
    assert (job.latest_version, job.approved_version) == (2, 0)
    was_late = isinstance(answers[0], Stale)
    assert sent.events().count("estimate.approved") == (0 if was_late else 1)


def test_approving_and_rejecting_from_two_tabs_leaves_one_answer_standing(sent: Job):
    at_once(
        [
            lambda: approve(sent),
            lambda: actions_answers.reject_estimate(sent.estimate.id, sent.customer),
        ]
    )
    job = sent.onboarding
    assert (job.answer, job.approved_version) == ("approved", 1)
