"""What the facts of one onboarding mean: every row of the table, and every combination of facts."""

from dataclasses import fields, replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onboarding.journey.status import (
    Action,
    Answer,
    Detail,
    Facts,
    Invite,
    Standing,
    Status,
    Step,
    next_step,
    status_of,
)

SENT = Facts(invite=Invite.SENT, latest_version=1)
ACCOUNT = replace(SENT, invite=Invite.OPENED, has_account=True)
PROFILE = replace(ACCOUNT, has_profile=True)
OPENED = replace(PROFILE, opened_version=1)
APPROVED = replace(OPENED, answer=Answer.APPROVED, approved_version=1)
CONSENTED = replace(APPROVED, consented_version=1)
SIGNED = replace(CONSENTED, signed_version=1)
COMPLETE = replace(SIGNED, has_card=True, completed_version=1)
REVISED = replace(COMPLETE, latest_version=2, answer=Answer.NONE)
CANCELLED = replace(COMPLETE, cancelled_version=1)

# The moment: its facts, label, details, contractor's action, customer's step, whether revocable.
ROWS: dict[str, tuple[Facts, Status, tuple[Detail, ...], Action | None, Step, bool]] = {
    "nothing was done yet": (
        Facts(), Status.PENDING_INVITE, (Detail.NOT_SENT,), Action.SEND_INVITE, Step.ACCOUNT, False,
    ),
    "the invite was revoked before an account": (
        replace(SENT, invite=Invite.REVOKED),
        Status.PENDING_INVITE, (Detail.ACCESS_REVOKED,), Action.SEND_INVITE, Step.REVOKED, False,
    ),
    "sent": (SENT, Status.INVITED, (Detail.SENT,), Action.RESEND, Step.ACCOUNT, True),
    "delivered": (
        replace(SENT, invite=Invite.DELIVERED),
        Status.INVITED, (Detail.DELIVERED,), Action.RESEND, Step.ACCOUNT, True,
    ),
    "fetched by a machine, perhaps": (
        replace(SENT, invite=Invite.FETCHED),
        Status.INVITED, (Detail.FETCHED,), Action.RESEND, Step.ACCOUNT, True,
    ),
    "opened by a person": (
        replace(SENT, invite=Invite.OPENED),
        Status.INVITED, (Detail.OPENED,), Action.RESEND, Step.ACCOUNT, True,
    ),
    "undelivered": (
        replace(SENT, invite=Invite.UNDELIVERED),
        Status.INVITED, (Detail.NOT_DELIVERED,), Action.RESEND, Step.ACCOUNT, True,
    ),
    "expired": (
        replace(SENT, invite=Invite.EXPIRED),
        Status.INVITED, (Detail.EXPIRED,), Action.RESEND, Step.ACCOUNT, True,
    ),
    "account created": (ACCOUNT, Status.ACCOUNT_ACTIVE, (), None, Step.PROFILE, True),
    "profile saved": (PROFILE, Status.ACCOUNT_ACTIVE, (), None, Step.ESTIMATE, True),
    "an account whose link expired is not held up by it": (
        replace(PROFILE, invite=Invite.EXPIRED), Status.ACCOUNT_ACTIVE, (), None, Step.ESTIMATE,
        True,
    ),
    "a version opened": (OPENED, Status.ESTIMATE_PENDING, (), None, Step.ESTIMATE, True),
    "a question asked": (
        replace(OPENED, has_question=True),
        Status.ESTIMATE_PENDING, (Detail.QUESTION,), Action.ANSWER, Step.ESTIMATE, True,
    ),
    "changes asked for": (
        replace(OPENED, has_change_request=True),
        Status.ESTIMATE_PENDING, (Detail.CHANGES_ASKED,), Action.REVISE, Step.ESTIMATE, True,
    ),
    "rejected": (
        replace(OPENED, answer=Answer.REJECTED),
        Status.ESTIMATE_PENDING, (Detail.REJECTED,), Action.REVISE, Step.ESTIMATE, True,
    ),
    "revised and sent again": (
        replace(OPENED, latest_version=2),
        Status.ESTIMATE_PENDING, (Detail.NEW_VERSION_SENT,), None, Step.ESTIMATE, True,
    ),
    "approved": (APPROVED, Status.ESTIMATE_APPROVED, (), None, Step.CONSENT, True),
    "agreed to sign electronically": (
        CONSENTED, Status.ESTIMATE_APPROVED, (), None, Step.SIGN, True,
    ),
    "consent to an earlier version is no consent": (
        replace(APPROVED, latest_version=2, opened_version=2, approved_version=2,
                consented_version=1),
        Status.ESTIMATE_APPROVED, (), None, Step.CONSENT, True,
    ),
    "approval taken back": (
        replace(OPENED, answer=Answer.WITHDRAWN),
        Status.ESTIMATE_PENDING, (Detail.APPROVAL_TAKEN_BACK,), None, Step.ESTIMATE, True,
    ),
    "signed, the card is missing": (
        SIGNED, Status.ESTIMATE_APPROVED, (Detail.CONTRACT_SIGNED, Detail.CARD_MISSING), None,
        Step.CARD, True,
    ),
    "signed with a card on file": (
        COMPLETE, Status.ONBOARDING_COMPLETE, (), None, Step.DONE, False,
    ),
    "complete, and the card was removed later": (
        replace(COMPLETE, has_card=False),
        Status.ONBOARDING_COMPLETE, (Detail.CARD_MISSING,), None, Step.DONE, False,
    ),
    "complete, and a new estimate was sent": (
        REVISED, Status.ONBOARDING_COMPLETE, (Detail.NEW_ESTIMATE_SENT,), None, Step.ESTIMATE,
        False,
    ),
    "complete, and the new estimate was rejected": (
        replace(REVISED, answer=Answer.REJECTED),
        Status.ONBOARDING_COMPLETE, (Detail.REJECTED,), Action.REVISE, Step.DONE, False,
    ),
    "complete, and the new estimate was approved": (
        replace(REVISED, answer=Answer.APPROVED, approved_version=2, opened_version=2),
        Status.ESTIMATE_APPROVED, (), None, Step.CONSENT, True,
    ),
    "revoked with an account": (
        replace(OPENED, invite=Invite.REVOKED),
        Status.ESTIMATE_PENDING, (Detail.ACCESS_REVOKED,), Action.SEND_INVITE, Step.REVOKED, False,
    ),
    "revoked after signing": (
        replace(SIGNED, invite=Invite.REVOKED),
        Status.ESTIMATE_APPROVED,
        (Detail.ACCESS_REVOKED, Detail.CONTRACT_SIGNED, Detail.CARD_MISSING),
        Action.SEND_INVITE, Step.REVOKED, False,
    ),
    "wants paper before signing": (
        replace(APPROVED, wants_paper=True),
        Status.ESTIMATE_APPROVED, (Detail.WANTS_PAPER,), None, Step.CONSENT, True,
    ),
    "cancelled within its time, the card still missing": (
        replace(SIGNED, cancelled_version=1),
        Status.ESTIMATE_APPROVED, (Detail.CANCELLED,), None, Step.NOTHING, True,
    ),
    "complete, and then cancelled": (
        CANCELLED, Status.ONBOARDING_COMPLETE, (Detail.CANCELLED,), None, Step.NOTHING, False,
    ),
    "cancelled, and a new estimate was sent": (
        replace(CANCELLED, latest_version=2, answer=Answer.NONE),
        Status.ONBOARDING_COMPLETE, (Detail.CANCELLED, Detail.NEW_ESTIMATE_SENT), None,
        Step.ESTIMATE, False,
    ),
    "cancelled, and the new estimate was approved": (
        replace(CANCELLED, latest_version=2, opened_version=2, approved_version=2),
        Status.ESTIMATE_APPROVED, (), None, Step.CONSENT, True,
    ),
    "a second job for somebody with an account": (
        Facts(has_account=True, has_profile=True),
        Status.ACCOUNT_ACTIVE, (Detail.NOT_SENT,), Action.SEND_INVITE, Step.NOTHING, False,
    ),
}  # fmt: skip


@pytest.mark.parametrize("moment", ROWS)
def test_each_moment_has_its_label_details_action_and_step(moment: str) -> None:
    facts, status, details, action, step, may_revoke = ROWS[moment]
    assert status_of(facts) == Standing(status, details, action, may_revoke)
    assert next_step(facts) is step


def test_every_label_detail_action_and_step_is_reached_by_some_moment() -> None:
    standings = [status_of(row[0]) for row in ROWS.values()]
    assert {standing.status for standing in standings} == set(Status)
    assert {detail for standing in standings for detail in standing.details} == set(Detail)
    assert {standing.action for standing in standings} - {None} == set(Action)
    assert {next_step(row[0]) for row in ROWS.values()} == set(Step)


def test_the_labels_are_the_six_words_of_the_flow() -> None:
    assert [status.value for status in Status] == [
        "Pending Invite",
        "Invited",
        "Account Active",
        "Estimate Pending",
        "Estimate Approved",
        "Onboarding Complete",
    ]


VERSIONS = (
    "opened_version",
    "approved_version",
    "consented_version",
    "signed_version",
    "cancelled_version",
)
FLAGS = (
    "has_account",
    "has_profile",
    "wants_paper",
    "has_card",
    "has_question",
    "has_change_request",
)


def test_every_combination_of_facts_has_a_label_and_a_step() -> None:
    """Without those that only add a detail: some 100,000 combinations of the rest."""
    versions = list(product(range(3), repeat=5))
    count = 0
    for invite, answer, account, profile in product(Invite, Answer, (False, True), (False, True)):
        base = Facts(invite=invite, answer=answer, has_account=account, has_profile=profile)
        for latest, opened, approved, signed, completed in versions:
            facts = replace(
                base,
                latest_version=latest,
                opened_version=opened,
                approved_version=approved,
                signed_version=signed,
                completed_version=completed,
            )
            assert status_of(facts).status in Status
            assert next_step(facts) in Step
            count += 1
    assert count == len(Invite) * len(Answer) * 4 * 3**5


anything = st.builds(
    Facts,
    invite=st.sampled_from(Invite),
    answer=st.sampled_from(Answer),
    **{name: st.booleans() for name in FLAGS},
    **{name: st.integers(0, 4) for name in (*VERSIONS, "latest_version", "completed_version")},
)


def test_the_strategy_varies_every_fact() -> None:
    named = {"invite", "answer", "latest_version", "completed_version", *FLAGS, *VERSIONS}
    assert named == {field.name for field in fields(Facts)}


@settings(max_examples=400)
@given(anything)
def test_details_are_never_said_twice_and_come_in_the_order_of_their_urgency(facts: Facts) -> None:
    details = status_of(facts).details
    assert list(details) == sorted(set(details), key=list(Detail).index)


@settings(max_examples=400)
@given(anything)
def test_nobody_who_is_revoked_is_led_to_a_step_unless_they_are_complete(facts: Facts) -> None:
    revoked = replace(facts, invite=Invite.REVOKED)
    if not revoked.is_complete:
        assert next_step(revoked) is Step.REVOKED
        assert status_of(revoked).action is Action.SEND_INVITE
        assert Detail.ACCESS_REVOKED in status_of(revoked).details


@settings(max_examples=400)
@given(anything)
def test_a_card_that_goes_never_moves_a_label(facts: Facts) -> None:
    with_card, without = (replace(facts, has_card=held) for held in (True, False))
    assert status_of(with_card).status is status_of(without).status
    assert next_step(with_card) is next_step(without)


@settings(max_examples=400)
@given(anything)
def test_a_question_or_a_wish_for_changes_never_moves_a_label_or_a_step(facts: Facts) -> None:
    quiet = replace(facts, has_question=False, has_change_request=False)
    assert status_of(facts).status is status_of(quiet).status
    assert next_step(facts) is next_step(quiet)


@settings(max_examples=400)
@given(anything)
def test_complete_is_offered_no_revocation_and_the_uninvited_neither(facts: Facts) -> None:
    standing = status_of(facts)
    if standing.status is Status.ONBOARDING_COMPLETE or facts.invite is Invite.NONE:
        assert not standing.may_revoke


@settings(max_examples=400)
@given(anything)
def test_the_customer_signs_only_what_they_approved_and_agreed_to_sign(facts: Facts) -> None:
    if next_step(facts) is Step.SIGN:
        assert facts.has_account
        assert facts.is_approved
        assert facts.consented_version == facts.approved_version
        assert not facts.is_signed


@settings(max_examples=400)
@given(anything)
def test_what_was_cancelled_is_never_signed_again_and_waits_for_no_card(facts: Facts) -> None:
    if facts.is_cancelled:
        assert next_step(facts) not in (Step.CONSENT, Step.SIGN, Step.CARD, Step.DONE)
        assert Detail.CANCELLED in status_of(facts).details
        assert Detail.CARD_MISSING not in status_of(facts).details


@settings(max_examples=400)
@given(anything)
def test_cancelling_and_wishing_for_paper_never_move_a_label(facts: Facts) -> None:
    plain = replace(facts, cancelled_version=0, wants_paper=False)
    assert status_of(facts).status is status_of(plain).status
