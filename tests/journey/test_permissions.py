"""Who may do what: every act against every kind of person, and every moment that refuses one."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from onboarding.actor import SYSTEM, Actor, Kind
from onboarding.journey.permissions import Act, Refusal, permitted
from onboarding.journey.status import Answer, Facts, Invite
from tests.journey.test_status import (
    APPROVED,
    CANCELLED,
    COMPLETE,
    CONSENTED,
    OPENED,
    REVISED,
    SENT,
    SIGNED,
    anything,
)

CUSTOMER = Actor(Kind.CUSTOMER, "c", "Dana Whitfield", "k")
MEMBER = Actor(Kind.MEMBER, "m", "Maria Lindqvist", "k")
AS_CUSTOMER = Actor(Kind.SUPPORT, "s", "Noor Haddad", "k", visited_as=Kind.CUSTOMER)
AS_MEMBER = Actor(Kind.SUPPORT, "s", "Noor Haddad", "k", visited_as=Kind.MEMBER)

NEW = Facts()
REVOKED = replace(OPENED, invite=Invite.REVOKED)

# Each act: whose it is, a moment at which it is permitted, and the moments that refuse it, and why.
MATRIX: dict[Act, tuple[Kind, Facts, dict[Refusal, Facts]]] = {
    Act.DRAFT: (Kind.MEMBER, NEW, {}),
    Act.SEND: (Kind.MEMBER, NEW, {}),
    Act.RESEND: (
        Kind.MEMBER, SENT, {Refusal.NOT_INVITED: NEW, Refusal.ALREADY_ACCOUNT: OPENED},
    ),
    Act.REVOKE: (
        Kind.MEMBER, SENT,
        {Refusal.COMPLETE: COMPLETE, Refusal.ALREADY_REVOKED: REVOKED, Refusal.NOT_INVITED: NEW},
    ),
    Act.ANSWER: (Kind.MEMBER, OPENED, {}),
    Act.START: (Kind.CUSTOMER, SENT, {Refusal.NOTHING_SENT: NEW, Refusal.REVOKED: REVOKED}),
    Act.CREATE_ACCOUNT: (
        Kind.CUSTOMER, SENT, {Refusal.ALREADY_ACCOUNT: OPENED, Refusal.REVOKED: REVOKED},
    ),
    Act.EDIT_PROFILE: (
        Kind.CUSTOMER, OPENED, {Refusal.NO_ACCOUNT: SENT, Refusal.REVOKED: REVOKED},
    ),
    Act.SEE_ESTIMATE: (
        Kind.CUSTOMER, OPENED,
        {Refusal.NO_ACCOUNT: SENT, Refusal.NOTHING_SENT: Facts(has_account=True),
         Refusal.REVOKED: REVOKED},
    ),
    Act.APPROVE: (
        Kind.CUSTOMER, OPENED,
        {Refusal.NO_ACCOUNT: SENT, Refusal.NOTHING_SENT: Facts(has_account=True),
         Refusal.ALREADY_SIGNED: SIGNED, Refusal.ALREADY_APPROVED: APPROVED,
         Refusal.REVOKED: REVOKED},
    ),
    Act.REJECT: (
        Kind.CUSTOMER, OPENED,
        {Refusal.NO_ACCOUNT: SENT, Refusal.NOTHING_SENT: Facts(has_account=True),
         Refusal.ALREADY_SIGNED: SIGNED, Refusal.ALREADY_APPROVED: APPROVED,
         Refusal.REVOKED: REVOKED},
    ),
    Act.WITHDRAW: (
        Kind.CUSTOMER, APPROVED,
        {Refusal.NO_ACCOUNT: SENT, Refusal.NOT_APPROVED: OPENED, Refusal.ALREADY_SIGNED: SIGNED,
         Refusal.REVOKED: replace(APPROVED, invite=Invite.REVOKED)},
    ),
    Act.ASK: (
        Kind.CUSTOMER, OPENED,
        {Refusal.NO_ACCOUNT: SENT, Refusal.NOTHING_SENT: Facts(has_account=True),
         Refusal.REVOKED: REVOKED},
    ),
    Act.CONSENT: (
        Kind.CUSTOMER, APPROVED,
        {Refusal.NO_ACCOUNT: SENT, Refusal.NOT_APPROVED: OPENED, Refusal.ALREADY_SIGNED: SIGNED,
         Refusal.REVOKED: replace(APPROVED, invite=Invite.REVOKED)},
    ),
    Act.SIGN: (
        Kind.CUSTOMER, CONSENTED,
        {Refusal.NO_ACCOUNT: SENT, Refusal.NOT_APPROVED: OPENED, Refusal.ALREADY_SIGNED: SIGNED,
         Refusal.NO_CONSENT: APPROVED,
         Refusal.REVOKED: replace(CONSENTED, invite=Invite.REVOKED)},
    ),
    Act.ADD_CARD: (
        Kind.CUSTOMER, SIGNED,
        {Refusal.NO_ACCOUNT: SENT, Refusal.NOT_SIGNED: CONSENTED, Refusal.CANCELLED: CANCELLED,
         Refusal.REVOKED: replace(SIGNED, invite=Invite.REVOKED)},
    ),
    Act.MANAGE_CARDS: (
        Kind.CUSTOMER, COMPLETE, {Refusal.NO_ACCOUNT: SENT, Refusal.REVOKED: REVOKED},
    ),
    Act.WANT_PAPER: (Kind.CUSTOMER, APPROVED, {Refusal.NO_ACCOUNT: SENT}),
    Act.CANCEL: (
        Kind.CUSTOMER, SIGNED,
        {Refusal.NO_ACCOUNT: SENT, Refusal.NOT_SIGNED: CONSENTED, Refusal.CANCELLED: CANCELLED},
    ),
    Act.RECORD_CANCELLATION: (
        Kind.MEMBER, SIGNED, {Refusal.NOT_SIGNED: CONSENTED, Refusal.CANCELLED: CANCELLED},
    ),
    Act.SIGN_ON_PAPER: (
        Kind.MEMBER, APPROVED,
        {Refusal.NO_ACCOUNT: SENT, Refusal.NOT_APPROVED: OPENED, Refusal.ALREADY_SIGNED: SIGNED},
    ),
}  # fmt: skip
REFUSALS = [
    (act, refusal, facts) for act, row in MATRIX.items() for refusal, facts in row[2].items()
]
CUSTOMERS = [act for act, row in MATRIX.items() if row[0] is Kind.CUSTOMER]


def whose(act: Act) -> Actor:
    return CUSTOMER if MATRIX[act][0] is Kind.CUSTOMER else MEMBER


def test_the_matrix_names_every_act() -> None:
    assert set(MATRIX) == set(Act)


@pytest.mark.parametrize("act", Act)
def test_its_own_person_may_and_the_other_side_may_not(act: Act) -> None:
    facts = MATRIX[act][1]
    other = MEMBER if whose(act) is CUSTOMER else CUSTOMER
    assert permitted(act, facts, whose(act)) is None
    assert permitted(act, facts, other) is Refusal.WRONG_PERSON
    assert permitted(act, facts, SYSTEM) is None


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("visitor", [AS_CUSTOMER, AS_MEMBER])
def test_support_in_a_visit_may_do_nothing(act: Act, visitor: Actor) -> None:
    assert permitted(act, MATRIX[act][1], visitor) is Refusal.VISITING


@settings(max_examples=400)
@given(anything)
def test_there_are_no_facts_under_which_support_may_act(facts: Facts) -> None:
    for act in Act:
        for visitor in (AS_CUSTOMER, AS_MEMBER):
            assert permitted(act, facts, visitor) is Refusal.VISITING


@pytest.mark.parametrize(("act", "refusal", "facts"), REFUSALS)
def test_each_moment_refuses_with_its_own_reason(act: Act, refusal: Refusal, facts: Facts) -> None:
    assert permitted(act, facts, whose(act)) is refusal


def test_every_refusal_is_reached() -> None:
    reached = {refusal for _, refusal, _ in REFUSALS}
    # What facts alone decide is here; these need a version, a clock or the contract's own row.
    elsewhere = {
        Refusal.VISITING,
        Refusal.WRONG_PERSON,
        Refusal.SUPERSEDED,
        Refusal.LAPSED,
        Refusal.CANCEL_OVER,
        Refusal.ON_PAPER,
        Refusal.SIGNING_UNDECIDED,
    }
    assert reached | elsewhere == set(Refusal)


# What the law gives a customer stays theirs, whatever the company revokes.
RIGHTS = (Act.CANCEL, Act.WANT_PAPER)
VERSIONED = [Act.SEE_ESTIMATE, Act.APPROVE, Act.REJECT, Act.WITHDRAW]


@pytest.mark.parametrize("act", VERSIONED)
def test_a_version_that_was_replaced_on_the_screen_is_not_answered(act: Act) -> None:
    facts = replace(MATRIX[act][1], latest_version=2)
    assert permitted(act, facts, CUSTOMER, version=1) is Refusal.SUPERSEDED
    assert permitted(act, facts, CUSTOMER, version=2) is not Refusal.SUPERSEDED


@pytest.mark.parametrize("act", CUSTOMERS)
def test_revoking_stops_every_act_of_the_customer_mid_step(act: Act) -> None:
    revoked = replace(MATRIX[act][1], invite=Invite.REVOKED)
    if revoked.is_complete or act in RIGHTS:
        assert permitted(act, revoked, CUSTOMER) is None
    else:
        assert permitted(act, revoked, CUSTOMER) is Refusal.REVOKED


def test_a_rejected_version_may_still_be_approved_until_it_is_replaced() -> None:
    rejected = replace(OPENED, answer=Answer.REJECTED)
    assert permitted(Act.APPROVE, rejected, CUSTOMER, version=1) is None
    replaced = replace(rejected, latest_version=2)
    assert permitted(Act.APPROVE, replaced, CUSTOMER, version=1) is Refusal.SUPERSEDED


def test_after_completion_a_new_version_may_be_approved_and_signed_again() -> None:
    assert permitted(Act.APPROVE, REVISED, CUSTOMER, version=2) is None
    approved = replace(REVISED, answer=Answer.APPROVED, approved_version=2)
    assert permitted(Act.CONSENT, approved, CUSTOMER) is None
    consented = replace(approved, consented_version=2)
    assert permitted(Act.SIGN, consented, CUSTOMER) is None


def test_rejecting_a_new_version_after_signing_is_allowed_and_taking_back_is_not() -> None:
    assert permitted(Act.REJECT, REVISED, CUSTOMER, version=2) is None
    assert permitted(Act.WITHDRAW, REVISED, CUSTOMER, version=2) is Refusal.ALREADY_SIGNED


@pytest.mark.parametrize("refusal", Refusal)
def test_a_refusal_is_a_sentence_for_people(refusal: Refusal) -> None:
    assert refusal.value[0].isupper()
    assert refusal.value.endswith(".")
    assert "!" not in refusal.value
