"""What somebody sees on an open board when a customer moves on."""

from onboarding.database import transaction
from onboarding.journey import actions as journey
from onboarding.journey.events import EventKind
from tests.browser.chromium import page_in
from tests.house import House, as_member
from tests.pipeline.test_board import a_job
from tests.screens.showing import answered_by


def test_a_card_that_arrives_is_marked_until_it_was_looked_at(browser, house: House) -> None:
    company, member = house.company()
    job = a_job(house, company, member, "Dana Whitfield")
    with page_in(browser, viewport={"width": 1280, "height": 800}) as page:
        answered_by(page, house.sign_in_member(house.client(), member))
        page.goto("http://localhost/crm/pipeline")
        assert page.locator(".is-new").count() == 0
        with transaction(company.id) as db:
            row = journey.lock(db, job.id)
            journey.record(
                db, row, EventKind.INVITE_SENT, as_member(member), invite="sent", latest_version=1
            )
        arrived = page.locator(f"#column-invited-cards #pcard-{job.id}.is-new")
        arrived.wait_for()
        arrived.hover()
        page.locator(f"#pcard-{job.id}:not(.is-new)").wait_for()
        page.goto("about:blank")
