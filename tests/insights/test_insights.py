"""A small story, told by hand and counted by hand: the page and the file must say the same."""

import csv
import io
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from onboarding import clock
from onboarding.actor import Actor, Kind
from onboarding.contractors.models import Contractor, Member
from onboarding.database import transaction
from onboarding.insights import queries, spans
from onboarding.insights.figures import Figures, percentile, told
from onboarding.insights.queries import Stage
from onboarding.insights.spans import Period
from onboarding.journey import actions as journey
from onboarding.journey.events import EventKind
from onboarding.journey.models import Onboarding
from tests.deal import now
from tests.house import House, as_member
from tests.pipeline.test_board import a_job
from tests.pipeline.test_stuck_first import counted

STEPS = (
    (EventKind.INVITE_OPENED, {"invite": "opened"}),
    (EventKind.ACCOUNT_CREATED, {"has_account": True, "has_profile": True}),
    (EventKind.ESTIMATE_OPENED, {"opened_version": 1}),
    (EventKind.ESTIMATE_APPROVED, {"answer": "approved", "approved_version": 1}),
    (EventKind.CONTRACT_SIGNED, {"signed_version": 1}),
    (EventKind.CARD_SAVED, {"has_card": True}),
)


@dataclass(frozen=True)
class Office:
    house: House
    company: Contractor
    owner: Member
    staff: Member

    def figures(self, period: Period = Period.QUARTER) -> Figures:
        db, span = now(self.company.id), spans.span_of(period, self.company.time_zone)
        return told(queries.counts(db, span), queries.minutes(db, span), len(span.months))


def office(house: House, staff_name: str = "Sam Okafor") -> Office:
    company, owner = house.company()
    with transaction(company.id) as db:
        staff = Member(
            contractor_id=company.id, name=staff_name, email="sam@example.test",
            password_hash="", role="staff",
        )  # fmt: skip
        db.add(staff)
    return Office(house, company, owner, staff)


def play(told: Office, member: Member, name: str, days_ago: int, *gaps: int) -> Onboarding:
    """A job sent so many days ago, and then as many steps as there are gaps, minutes apart."""
    at = timedelta(days=-days_ago)
    job = a_job(told.house, told.company, member, name)
    done(told, job, at, EventKind.INVITE_SENT, {"invite": "sent", "latest_version": 1})
    for (kind, facts), gap in zip(STEPS, gaps, strict=False):
        at += timedelta(minutes=gap)
        done(told, job, at, kind, facts)
    return job


def done(
    told: Office, job: Onboarding, at: timedelta, kind: EventKind, facts: dict[str, object]
) -> None:
    with clock.shifted(at), transaction(told.company.id) as db:
        row = journey.lock(db, job.id)
        started = {"started_at": clock.now()} if kind is EventKind.INVITE_OPENED else {}
        journey.record(db, row, kind, as_member(told.owner), **facts, **started)


def story(house: House) -> Office:
    found = office(house)
    play(found, found.owner, "Ana", 40, 60, 1, 2, 3, 4, 5)
    play(found, found.owner, "Ben", 5, 120, 2, 4, 6, 8, 10)
    play(found, found.owner, "Cora", 5, 30, 3)
    play(found, found.staff, "Dan", 5)
    play(found, found.staff, "Eve", 5, 10, 1, 1, 7)
    a_job(house, found.company, found.owner, "Never sent")
    return found


def test_how_many_came_how_far_and_where_they_stopped(everywhere: House) -> None:
    funnel = story(everywhere).figures().funnel
    assert [one.reached for one in funnel] == [5, 4, 4, 3, 3, 2, 2]
    assert [one.stopped for one in funnel] == [1, 0, 1, 0, 1, 0, 0]
    assert [one.share for one in funnel] == [1.0, 0.8, 0.8, 0.6, 0.6, 0.4, 0.4]


def test_the_minutes_of_each_step_at_the_middle_and_at_nine_in_ten(everywhere: House) -> None:
    steps = story(everywhere).figures().steps
    rows = [(one.jobs, round(one.median or 0), round(one.ninetieth or 0)) for one in steps]
    assert rows == [
        (4, 30, 120),
        (4, 1, 3),
        (3, 2, 4),
        (3, 6, 7),
        (2, 4, 8),
        (2, 5, 10),
        (2, 15, 30),
    ]


def test_by_member_and_by_month(everywhere: House) -> None:
    found = story(everywhere)
    figures = found.figures()
    members = {one.key: (one.sent, one.complete) for one in figures.members}
    assert members == {found.owner.id: (3, 2), found.staff.id: (2, 0)}
    zone = found.company.time_zone
    months = spans.span_of(Period.QUARTER, zone).months
    ana = clock.local(clock.now() - timedelta(days=40), zone)
    place = [clock.local(begun, zone).month for begun in months].index(ana.month)
    anas = next(one for one in figures.months if one.key == place)
    assert anas.complete >= 1
    assert sum(one.sent for one in figures.months) == 5


def test_only_what_was_sent_in_the_period_counts(everywhere: House) -> None:
    found = story(everywhere)
    assert found.figures(Period.MONTH).sent == 4
    assert found.figures(Period.ALL).sent == 5


def test_who_looks_through_a_customers_eyes_takes_no_step_for_them(house: House) -> None:
    found = office(house)
    job = play(found, found.owner, "Ana", 1, 5, 1)
    agent = Actor(Kind.SUPPORT, "agent", "Ida", found.company.id, visited_as=Kind.CUSTOMER)
    with transaction(found.company.id) as db:
        row = journey.lock(db, job.id)
        journey.record(db, row, EventKind.ESTIMATE_OPENED, agent)
    assert found.figures().funnel[Stage.OPENED].reached == 0


def test_another_contractor_has_nothing_to_count(everywhere: House) -> None:
    story(everywhere)
    _, stranger = everywhere.company("Other Works")
    page = everywhere.sign_in_member(everywhere.client(), stranger).get("/crm/insights").text
    assert "Nothing to count yet" in page
    assert "Press Send Portal Invite" in page


def test_the_page_says_it_in_a_picture_and_in_a_table(house: House) -> None:
    found = story(house)
    page = house.sign_in_member(house.client(), found.owner).get("/crm/insights").text
    assert "5 invites sent · 40% complete" in page
    assert '<title id="funnel-title">How far they come</title>' in page
    assert "2 of 5 customers who were sent an invite finished." in page
    assert "Half of those who finish need 15 min or less, nine in ten 30 min or less." in page
    assert 'style="' not in page
    assert 'width="288.0"' in page  # four of five, of 360


def test_the_file_holds_the_same_numbers_and_no_formula(house: House) -> None:
    found = office(house, "=HYPERLINK(1)")
    play(found, found.staff, "Ana", 1, 60, 1, 2, 3, 4, 5)
    browser = house.sign_in_member(house.client(), found.owner)
    answer = browser.get("/crm/insights/insights.csv?period=30")
    assert answer.mimetype == "text/csv"
    text = answer.get_data(as_text=True)
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert ["Contract signed", "1", "1.0", "0"] in rows
    assert ["Adding a card", "1", "5.0", "5.0"] in rows
    assert ["'=HYPERLINK(1)", "1", "1", "1.0", "15.0"] in rows
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_insights_cost_the_same_few_statements_for_many_jobs(house: House) -> None:
    found = office(house)
    browser = house.sign_in_member(house.client(), found.owner)
    play(found, found.owner, "Ana", 1, 60)
    few = counted(browser.get, "/crm/insights")
    for number in range(5):
        play(found, found.owner, f"Person {number}", 2, 60, 1)
    assert counted(browser.get, "/crm/insights") == few <= 8


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [([], 0.5, None), ([7.0], 0.9, 7.0), ([1.0, 2.0, 3.0, 4.0], 0.5, 2.0), ([3.0, 1.0], 0.9, 3.0)],
)
def test_a_percentile_is_one_of_the_values(values, share, expected) -> None:
    assert percentile(values, share) == expected


def test_months_begin_at_the_contractors_midnight() -> None:
    with ExitStack() as at:
        moment = datetime(2026, 3, 10, 12, tzinfo=UTC)
        at.enter_context(clock.shifted(moment - clock.now()))
        months = spans.span_of(Period.MONTH, "America/Los_Angeles").months
    assert months == [
        datetime(2026, 2, 1, 8, tzinfo=UTC), datetime(2026, 3, 1, 8, tzinfo=UTC)
    ]  # fmt: skip
