"""What a job is called and where it is done."""

from tests.estimates.job import Job, members_browser, signed_in
from tests.estimates.pages import found


def test_name_and_job_site_are_corrected_until_something_is_sent(drafted: Job):
    browser = members_browser(drafted)
    where = f"/crm/onboardings/{drafted.estimate.onboarding_id}/job"
    assert found(browser.get(where), "#site_city")[0].get("value") == "Portland"
    moved = {"title": "Barn roof", "site_line1": "9 Mill Road", "site_city": "Salem"}
    assert browser.post(where, data=moved | {"title": ""}).status_code == 422
    assert browser.post(where, data=moved).status_code == 303
    job = drafted.onboarding
    assert (job.title, job.site_line1, job.site_city) == ("Barn roof", "9 Mill Road", "Salem")
    drafted.send()
    assert browser.get(where).headers["Location"] == f"/crm/estimates/{drafted.estimate.id}"
    assert browser.post(where, data=moved | {"title": "Other"}).status_code == 303
    assert drafted.onboarding.title == "Barn roof"
    _, stranger = drafted.house.company("Bluebird Bath")
    assert signed_in(drafted, "crm", stranger.id).post(where, data=moved).status_code == 404
