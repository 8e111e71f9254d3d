"""The one writer: facts, event, status and revision change together, once, and none is lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from onboarding import clock
from onboarding.actor import Actor, Kind
from onboarding.contractors.models import Member, Revision
from onboarding.database import end_reads, read, transaction
from onboarding.journey import actions
from onboarding.journey.events import EventKind, first_broken
from onboarding.journey.models import Onboarding
from onboarding.journey.permissions import Act, Refusal
from onboarding.journey.status import Action, Answer, Detail, Invite, Status
from tests.house import House, as_member
from tests.journey.jobs import a_job, fresh, say, trail


def revision_of(contractor_id: str) -> int:
    end_reads()
    statement = select(Revision.number).where(Revision.contractor_id == contractor_id)
    return read(contractor_id).scalar(statement) or 0


def test_a_new_onboarding_has_its_first_event_and_its_status(house: House) -> None:
    _, member, job = a_job(house)
    assert fresh(job).status == Status.PENDING_INVITE
    assert fresh(job).action == Action.SEND_INVITE
    [first] = trail(job)
    assert (first.kind, first.actor_name) == (EventKind.ONBOARDING_CREATED, member.name)


def test_facts_event_status_and_revision_change_together(house: House) -> None:
    company, member, job = a_job(house)
    before = revision_of(company.id)
    say(member, job, EventKind.INVITE_SENT, invite=Invite.SENT, latest_version=1)
    changed = fresh(job)
    assert changed.status == Status.INVITED
    assert changed.details == [Detail.SENT]
    assert changed.action == Action.RESEND
    assert revision_of(company.id) == before + 1
    assert changed.revision == before + 1
    assert trail(job)[-1].hash == changed.event_head


def test_nothing_is_kept_of_an_act_that_fails_half_way(house: House) -> None:
    company, member, job = a_job(house)
    before = revision_of(company.id)
    with pytest.raises(ZeroDivisionError):
        _send_and_fail(member, job)
    assert fresh(job).status == Status.PENDING_INVITE
    assert len(trail(job)) == 1
    assert revision_of(company.id) == before


def _send_and_fail(member: Member, job: Onboarding) -> None:
    with transaction(job.contractor_id) as db:
        locked = actions.lock(db, job.id)
        actions.record(db, locked, EventKind.INVITE_SENT, as_member(member), invite=Invite.SENT)
        raise ZeroDivisionError


def test_the_age_in_a_step_restarts_only_when_the_label_changes(house: House) -> None:
    _, member, job = a_job(house)
    say(member, job, EventKind.INVITE_SENT, invite=Invite.SENT, latest_version=1)
    since = fresh(job).status_since
    with clock.shifted(timedelta(hours=1)):
        say(member, job, EventKind.INVITE_DELIVERED, invite=Invite.DELIVERED)
        assert fresh(job).status_since == since
        say(member, job, EventKind.ACCOUNT_CREATED, has_account=True)
        assert fresh(job).status_since - since >= timedelta(hours=1)


def test_a_fact_that_does_not_exist_is_refused(house: House) -> None:
    _, member, job = a_job(house)
    with pytest.raises(AttributeError, match="has_signed"):
        say(member, job, EventKind.CONTRACT_SIGNED, has_signed=True)
    assert len(trail(job)) == 1


def signed(house: House) -> tuple[Member, Onboarding]:
    _, member, job = a_job(house)
    say(
        member,
        job,
        EventKind.CONTRACT_SIGNED,
        invite=Invite.OPENED,
        has_account=True,
        latest_version=1,
        opened_version=1,
        answer=Answer.APPROVED,
        approved_version=1,
        consented_version=1,
        signed_version=1,
    )
    return member, job


def completions(job: Onboarding) -> list[int]:
    return [event.data["version"] for event in trail(job) if event.kind == EventKind.COMPLETED]


def test_a_card_after_the_signature_completes_the_onboarding_once(house: House) -> None:
    member, job = signed(house)
    assert fresh(job).status == Status.ESTIMATE_APPROVED
    say(member, job, EventKind.CARD_SAVED, has_card=True)
    assert fresh(job).status == Status.ONBOARDING_COMPLETE
    assert fresh(job).completed_at is not None
    say(member, job, EventKind.CARD_REMOVED, has_card=False)
    say(member, job, EventKind.CARD_SAVED, has_card=True)
    assert completions(job) == [1]
    assert fresh(job).status == Status.ONBOARDING_COMPLETE


def test_completion_is_recorded_once_for_each_approved_version(house: House) -> None:
    member, job = signed(house)
    say(member, job, EventKind.CARD_SAVED, has_card=True)
    say(member, job, EventKind.ESTIMATE_SENT, latest_version=2, answer=Answer.NONE)
    assert fresh(job).status == Status.ONBOARDING_COMPLETE
    say(member, job, EventKind.ESTIMATE_APPROVED, approved_version=2, answer=Answer.APPROVED)
    assert fresh(job).status == Status.ESTIMATE_APPROVED
    assert completions(job) == [1]
    say(member, job, EventKind.CONTRACT_SIGNED, consented_version=2, signed_version=2)
    assert completions(job) == [1, 2]
    assert fresh(job).status == Status.ONBOARDING_COMPLETE
    assert first_broken(trail(job), fresh(job).event_head) is None


def test_the_completing_act_and_the_completion_are_one_transaction_and_one_revision(
    house: House,
) -> None:
    member, job = signed(house)
    before = revision_of(job.contractor_id)
    say(member, job, EventKind.CARD_SAVED, has_card=True)
    assert [event.kind for event in trail(job)][-2:] == [EventKind.CARD_SAVED, EventKind.COMPLETED]
    assert revision_of(job.contractor_id) == before + 1


def test_what_is_not_permitted_is_refused_with_its_reason(house: House) -> None:
    company, _, job = a_job(house)
    customer = Actor(Kind.CUSTOMER, "c", "Dana Whitfield", company.id)
    with pytest.raises(actions.Refused) as refused:
        actions.require(Act.SIGN, fresh(job), customer)
    assert refused.value.refusal is Refusal.NO_ACCOUNT
    assert refused.value.act is Act.SIGN
    assert str(refused.value) == "Set up your account first."


def test_support_is_refused_by_the_domain_itself(house: House) -> None:
    company, _, job = a_job(house)
    agent = Actor(Kind.SUPPORT, "s", "Noor", company.id, visited_as=Kind.MEMBER)
    for act in Act:
        with pytest.raises(actions.Refused) as refused:
            actions.require(act, fresh(job), agent)
        assert refused.value.refusal is Refusal.VISITING


def test_another_companys_onboarding_is_missing(house: House) -> None:
    _, _, job = a_job(house)
    other, _ = house.company("Harbor HVAC")
    with pytest.raises(actions.OnboardingMissing), transaction(other.id) as db:
        actions.lock(db, job.id)


def test_forty_acts_at_once_lose_no_event_and_no_revision(house: House) -> None:
    company, member, job = a_job(house)
    before = revision_of(company.id)

    def act(number: int) -> None:
        with transaction(company.id) as db:
            locked = actions.lock(db, job.id)
            data = {"number": number}
            actions.record(db, locked, EventKind.MESSAGE_SENT, as_member(member), data)
        end_reads()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(act, range(40)))
    events = trail(job)
    assert first_broken(events, fresh(job).event_head) is None
    assert {event.data["number"] for event in events[1:]} == set(range(40))
    assert fresh(job).event_count == 41
    assert revision_of(company.id) == before + 40


def test_two_cards_at_the_same_moment_complete_it_once(house: House) -> None:
    member, job = signed(house)

    def save(_: int) -> None:
        say(member, job, EventKind.CARD_SAVED, has_card=True)
        end_reads()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(save, range(4)))
    assert completions(job) == [1]
