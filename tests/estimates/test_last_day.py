"""The last day to approve: approved on it, on the job site's calendar, never after it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from onboarding import clock
from onboarding.estimates import actions
from onboarding.estimates.completeness import Missing, has_lapsed
from tests.documents import text_of as text_of_pdf
from tests.estimates.job import GUARDS, ROOF, Job, customers_browser, members_browser
from tests.estimates.pages import found, words

TODAY = date(2027, 3, 31)


def good_through(job: Job, days: int) -> str:
    """Sent today, and good for so many days more."""
    last = clock.today(job.onboarding.site_time_zone) + timedelta(days=days)
    job.save(replace(ROOF, valid_until=last))
    job.send()
    job.account()
    return f"/portal/estimate/{job.estimate.id}"


def pressed(job: Job, where: str) -> int:
    browser = customers_browser(job)
    total = found(browser.get(where), "[name=total]")[0].get("value")
    data = {"options": [GUARDS], "total": total}
    return browser.post(f"{where}/approval", data=data).status_code


@pytest.mark.parametrize(
    ("last", "lapsed"), [(None, False), (TODAY, False), (TODAY - timedelta(days=1), True)]
)
def test_a_day_is_over_when_the_next_begins(last, lapsed):
    assert has_lapsed(last, TODAY) is lapsed


def test_on_the_last_day_it_is_approved(drafted: Job):
    where = good_through(drafted, 0)
    assert pressed(drafted, where) == 303
    assert drafted.onboarding.approved_version == 1


def test_the_day_after_nothing_is_approved_and_the_page_says_why(drafted: Job):
    where = good_through(drafted, 1)
    with clock.shifted(timedelta(days=2)):
        browser = customers_browser(drafted)
        page = browser.get(where)
        assert "The last day to approve this price has passed" in words(page)
        assert found(page, "#approve")[0].get("disabled") is not None
        total = found(page, "[name=total]")[0].get("value")
        answer = browser.post(f"{where}/approval", data={"options": [GUARDS], "total": total})
        assert answer.status_code == 409
        assert "Ask for a current price" in words(answer)
    assert drafted.onboarding.approved_version == 0


def test_the_customer_reads_it_on_the_page_and_on_the_paper(drafted: Job, tmp_path):
    drafted.save(replace(ROOF, valid_until=date(2031, 7, 4)))
    drafted.send()
    drafted.account()
    browser, where = customers_browser(drafted), f"/portal/estimate/{drafted.estimate.id}"
    assert "good through Friday, July 4, 2031" in words(browser.get(where))
    paper = text_of_pdf(browser.get(f"{where}/pdf").data, tmp_path)
    assert "July 4, 2031" in paper


def test_what_is_over_already_is_not_sent(drafted: Job):
    over = clock.today(drafted.onboarding.site_time_zone) - timedelta(days=1)
    drafted.save(replace(ROOF, valid_until=over))
    with pytest.raises(actions.Incomplete) as told:
        drafted.send()
    assert told.value.missing == (Missing.LATER_DATE,)


def test_a_revision_gives_a_new_day(drafted: Job):
    good_through(drafted, 1)
    with clock.shifted(timedelta(days=3)):
        last = clock.today(drafted.onboarding.site_time_zone) + timedelta(days=9)
        drafted.revise(replace(ROOF, valid_until=last))
        assert pressed(drafted, f"/portal/estimate/{drafted.estimate.id}") == 303


@pytest.mark.parametrize("typed", ["31.3.2027", "0027-03-31", "soon", "2027-02-30", "9999-99-99"])
def test_a_day_that_cannot_be_is_told_and_stays_typed(drafted: Job, typed: str):
    where = f"/crm/estimates/{drafted.estimate.id}/draft"
    form = {
        "discount_kind": "amount",
        "revision": str(drafted.estimate.draft_revision),
        "valid_until": typed,
    }
    answer = members_browser(drafted).post(where, data=form)
    assert answer.status_code == 422
    assert "Enter a date such as 2027-03-31." in words(answer)


def test_the_day_is_that_of_the_job_site():
    """Half past five in the morning in London is still the evening before in Portland."""
    with clock.shifted(datetime(2027, 4, 1, 5, 30, tzinfo=UTC) - clock.now()):
        assert not has_lapsed(TODAY, clock.today("America/Los_Angeles"))
        assert has_lapsed(TODAY, clock.today("Europe/London"))
