"""A member drafts, saves, sends and revises; what was sent stays as it was sent."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from onboarding.database import read, transaction
from onboarding.estimates import actions, choosing, pricing, queries
from onboarding.estimates.completeness import Missing
from onboarding.estimates.drafts import DraftLine, EstimateDraft, drafted
from onboarding.journey import actions as journey
from onboarding.journey.models import Onboarding
from onboarding.journey.permissions import Refusal
from tests.estimates.job import FLASHING, ROOF, Job, new_line
from tests.house import as_member


def test_the_first_draft_begins_a_job_at_the_contacts_address(drafted: Job):
    job = drafted.onboarding
    assert job.title == "Roof replacement"
    assert (job.site_line1, job.site_city) == ("88 Fir Lane", "Portland")
    assert (job.currency, job.site_time_zone) == ("USD", "America/Los_Angeles")
    assert (job.status, job.action) == ("Pending Invite", "Send Invite")
    assert drafted.events() == ["onboarding.created"]


def test_a_second_press_on_new_estimate_finds_the_first_one(drafted: Job):
    again = actions.draft_estimate(drafted.contact.id, "Another", drafted.member)
    assert again.id == drafted.estimate.id
    assert len(read(drafted.company.id).scalars(select(Onboarding)).all()) == 1


def test_a_contact_of_another_company_cannot_be_drafted_for(drafted: Job, house):
    _, stranger = house.company("Bluebird Bath")
    with pytest.raises(actions.ContactMissing):
        actions.draft_estimate(drafted.contact.id, "Theirs", as_member(stranger))


def test_a_draft_is_kept_as_typed_even_half_finished(drafted: Job):
    half = EstimateDraft(lines=(DraftLine("x" * 26, name="", quantity=0),))
    drafted.save(half)
    kept = queries.estimate(read(drafted.company.id), drafted.estimate.id)
    assert kept is not None
    assert actions.drafted(kept) == half


def test_lines_are_added_moved_and_taken_out(drafted: Job):
    ridge = new_line("Ridge vent", 76_000)
    moved = replace(ROOF, lines=(ridge, ROOF.lines[1], ROOF.lines[0]))
    drafted.save(moved)
    kept = queries.estimate(read(drafted.company.id), drafted.estimate.id)
    assert kept is not None
    assert [line.key for line in kept.lines] == [line.key for line in moved.lines]


def test_the_pipeline_shows_what_the_draft_comes_to(drafted: Job):
    assert drafted.onboarding.amount_cents == pricing.totals(ROOF).total


def test_the_second_of_two_who_edit_one_draft_is_told(drafted: Job):
    seen = drafted.estimate.draft_revision
    first = replace(ROOF, scope="Mine")
    actions.save_draft(drafted.estimate.id, first, seen, drafted.member)
    with pytest.raises(actions.Conflict) as told:
        actions.save_draft(drafted.estimate.id, replace(ROOF, scope="Hers"), seen, drafted.member)
    assert told.value.saved.scope == "Mine"


def test_saving_the_same_twice_is_no_conflict(drafted: Job):
    seen = drafted.estimate.draft_revision
    changed = replace(ROOF, scope="Changed")
    first = actions.save_draft(drafted.estimate.id, changed, seen, drafted.member)
    again = actions.save_draft(drafted.estimate.id, changed, seen, drafted.member)
    assert again.draft_revision == first.draft_revision


@pytest.mark.parametrize(
    ("draft", "lacking"),
    [
        (EstimateDraft(), Missing.LINES),
        (EstimateDraft(lines=(DraftLine("a" * 26),)), Missing.NAMES),
        (EstimateDraft(lines=(DraftLine("a" * 26, "Vent", quantity=0),)), Missing.QUANTITIES),
    ],
)
def test_an_unfinished_estimate_is_not_sent_and_says_what_it_lacks(drafted: Job, draft, lacking):
    drafted.save(draft)
    with pytest.raises(actions.Incomplete) as told:
        drafted.send()
    assert lacking in told.value.missing
    assert drafted.onboarding.latest_version == 0


def test_a_sent_version_never_changes(sent: Job):
    with pytest.raises(actions.AlreadySent):
        sent.save(replace(ROOF, scope="Cheaper"))


def test_sending_twice_sends_once(sent: Job):
    with pytest.raises(actions.Incomplete) as told:
        sent.send()
    assert told.value.missing == (Missing.DRAFT,)
    assert sent.events().count("estimate.sent") == 1


def test_a_revision_is_a_copy_with_the_same_lines(sent: Job):
    first = sent.estimate
    second = actions.revise(first.onboarding_id, sent.member)
    assert second.version == 2
    assert drafted(second) == drafted(first)
    assert actions.revise(first.onboarding_id, sent.member).id == second.id


def test_a_customer_cannot_draft_or_send(sent: Job):
    with pytest.raises(journey.Refused) as told:
        actions.revise(sent.estimate.onboarding_id, sent.customer)
    assert told.value.refusal is Refusal.WRONG_PERSON
    with transaction(sent.company.id) as db, pytest.raises(journey.Refused):
        actions.send_version(db, journey.lock(db, sent.estimate.onboarding_id), sent.customer)


def test_the_most_a_line_can_cost_is_kept_and_shown(drafted: Job):
    dear = DraftLine("d" * 26, "Gold roof", quantity=1_000, unit_price_cents=99_999_999_999)
    drafted.save(EstimateDraft(lines=(dear,)))
    drafted.send()
    assert drafted.onboarding.amount_cents == 99_999_999_999


def test_options_that_start_switched_on_count_in_the_first_total(sent: Job):
    start = pricing.totals(sent.estimate)
    without = pricing.totals(sent.estimate, ())
    assert sent.onboarding.amount_cents == start.total > without.total
    assert choosing.options_of(sent.estimate, [FLASHING, "nobody's"]) == (FLASHING,)
