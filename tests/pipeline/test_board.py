"""What an office sees on the board, and what a poll brings."""

import re
from typing import Any

import pytest

from onboarding.contacts.actions import archive_contact
from onboarding.contractors.models import Contractor, Member
from onboarding.contracts.actions import keep_draft
from onboarding.contracts.drafts import Words
from onboarding.database import transaction
from onboarding.estimates import actions as estimates
from onboarding.journey import actions as journey
from onboarding.journey.events import EventKind
from onboarding.journey.models import Onboarding
from tests.house import House, as_member


def a_job(house: House, company: Contractor, member: Member, name: str) -> Onboarding:
    contact = house.contact(company, name)
    with transaction(company.id) as db:
        return journey.begin(
            db,
            Onboarding(
                contractor_id=company.id,
                contact_id=contact.id,
                title="Roof replacement",
                site_time_zone=company.time_zone,
                currency="USD",
                member_id=member.id,
                amount_cents=1_845_000,
            ),
            as_member(member),
        )


def revision_in(page: str) -> int:
    found = re.search(r"poll\?revision=(\d+)", page)
    assert found
    return int(found.group(1))


def test_a_new_job_stands_in_pending_invite_with_its_amount(everywhere: House) -> None:
    company, member = everywhere.company()
    a_job(everywhere, company, member, "Dana Whitfield")
    page = everywhere.sign_in_member(everywhere.client(), member).get("/crm/pipeline").text
    assert "Dana Whitfield" in page
    assert "$18,450" in page
    assert "Send Invite" in page


def test_a_column_adds_no_dollars_to_other_money(house: House) -> None:
    company, member = house.company()
    a_job(house, company, member, "Dana Whitfield")
    other = a_job(house, company, member, "Lee Park")
    with transaction(company.id) as db:
        db.get_one(Onboarding, other.id).currency = "CAD"
    page = house.sign_in_member(house.client(), member).get("/crm/pipeline").text
    assert "2 open · $18,450" in re.sub(r"<[^>]+>|\s+", " ", page).replace("  ", " ")
    assert "CA$18,450" in page, "the card says its own"


@pytest.mark.parametrize(
    ("facts", "waits_for"),
    [
        ({"has_account": True}, "Not opened yet"),
        ({"has_account": True, "opened_version": 1}, "No answer yet"),
        ({"has_account": True, "answer": "approved", "approved_version": 1}, "Not signed yet"),
    ],
)
def test_a_card_always_says_what_is_waited_for(
    house: House, facts: dict[str, Any], waits_for: str
) -> None:
    company, member = house.company()
    job = a_job(house, company, member, "Dana Whitfield")
    with transaction(company.id) as db:
        row = journey.lock(db, job.id)
        sent = {"invite": "opened", "latest_version": 1, "opened_version": 0}
        journey.record(db, row, EventKind.INVITE_SENT, as_member(member), **(sent | facts))
    page = house.sign_in_member(house.client(), member).get("/crm/pipeline").text
    card = page[page.index(f'id="pcard-{job.id}"') :]
    card = card[: card.index("</article>")]
    assert waits_for in card
    assert "Roof replacement" in card


def test_a_poll_with_nothing_new_answers_204_and_reads_once(everywhere: House) -> None:
    company, member = everywhere.company()
    a_job(everywhere, company, member, "Dana Whitfield")
    client = everywhere.sign_in_member(everywhere.client(), member)
    revision = revision_in(client.get("/crm/pipeline").text)
    answer = client.get(f"/crm/pipeline/poll?revision={revision}")
    assert answer.status_code == 204
    assert answer.data == b""


def test_a_change_arrives_with_the_next_poll_and_moves_the_revision_on(everywhere: House) -> None:
    company, member = everywhere.company()
    job = a_job(everywhere, company, member, "Dana Whitfield")
    client = everywhere.sign_in_member(everywhere.client(), member)
    revision = revision_in(client.get("/crm/pipeline").text)
    with transaction(company.id) as db:
        row = journey.lock(db, job.id)
        journey.record(
            db, row, EventKind.INVITE_SENT, as_member(member), invite="sent", latest_version=1
        )
    answer = client.get(f"/crm/pipeline/poll?revision={revision}", headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert f"delete:#pcard-{job.id}" in answer.text
    assert "afterbegin:#column-invited-cards" in answer.text
    later = client.get(f"/crm/pipeline/poll?revision={revision_in(answer.text)}")
    assert later.status_code == 204


def test_an_archived_contact_leaves_every_open_board(everywhere: House) -> None:
    company, member = everywhere.company()
    job = a_job(everywhere, company, member, "Dana Whitfield")
    client = everywhere.sign_in_member(everywhere.client(), member)
    revision = revision_in(client.get("/crm/pipeline").text)
    archive_contact(job.contact_id, as_member(member))
    answer = client.get(f"/crm/pipeline/poll?revision={revision}")
    assert f"delete:#pcard-{job.id}" in answer.text
    assert "Dana" not in answer.text


def test_a_poll_of_somebody_signed_out_leads_to_sign_in(everywhere: House) -> None:
    answer = everywhere.client().get(
        "/crm/pipeline/poll?revision=0", headers={"HX-Request": "true"}
    )
    assert answer.headers["HX-Redirect"] == "/crm/sign-in"


def test_another_contractor_sees_nothing_of_it(everywhere: House) -> None:
    company, member = everywhere.company()
    a_job(everywhere, company, member, "Dana Whitfield")
    _, stranger = everywhere.company("Other Works")
    page = everywhere.sign_in_member(everywhere.client(), stranger).get("/crm/pipeline").text
    assert "Dana" not in page


def searched(house: House) -> tuple[Contractor, Member, Onboarding, Onboarding]:
    company, member = house.company()
    dana = a_job(house, company, member, "Dana Whitfield")
    return company, member, dana, a_job(house, company, member, "Beth Lowry")


def test_a_search_finds_people_and_jobs_and_says_when_there_is_nobody(everywhere: House) -> None:
    company, member, dana, beth = searched(everywhere)
    with transaction(company.id) as db:
        journey.lock(db, beth.id).title = "Heat pump, 100% of the house"
    client = everywhere.sign_in_member(everywhere.client(), member)
    by_job = client.get("/crm/pipeline?search=100%25+of").text
    assert (f"pcard-{beth.id}" in by_job, f"pcard-{dana.id}" in by_job) == (True, False)
    assert f"pcard-{dana.id}" in client.get("/crm/pipeline?search=whitf").text
    nobody = client.get("/crm/pipeline?search=zzz").text
    assert "Nobody matches “zzz”." in nobody
    assert "Show everybody" in nobody


def test_a_board_that_was_searched_stays_searched_at_every_poll(everywhere: House) -> None:
    company, member, dana, beth = searched(everywhere)
    client = everywhere.sign_in_member(everywhere.client(), member)
    page = client.get("/crm/pipeline?search=dana").text
    revision = revision_in(page)
    assert f"poll?revision={revision}&amp;status=Pending+Invite&amp;search=dana" in page
    for job in (dana, beth):
        with transaction(company.id) as db:
            row = journey.lock(db, job.id)
            journey.record(
                db, row, EventKind.INVITE_SENT, as_member(member), invite="sent", latest_version=1
            )
    news = client.get(f"/crm/pipeline/poll?revision={revision}&search=dana").text
    assert f'id="pcard-{dana.id}"' in news
    assert f'id="pcard-{beth.id}"' not in news
    assert "1 open" in news
    assert "search=dana" in news


def test_a_phone_shows_the_column_where_something_was_found(everywhere: House) -> None:
    _, member, _, _ = searched(everywhere)
    client = everywhere.sign_in_member(everywhere.client(), member)
    assert re.search(
        r'id="column-pending-invite"[^>]*data-current', client.get("/crm/pipeline?search=dana").text
    )
    assert re.search(r'id="column-invited"[^>]*data-current', client.get("/crm/pipeline").text)


def test_until_the_first_invite_the_board_says_which_of_three_steps_is_next(
    everywhere: House,
) -> None:
    company, member = everywhere.company()
    client = everywhere.sign_in_member(everywhere.client(), member)

    def shown() -> tuple[int, str]:
        """How many steps are done, and where the one button leads."""
        page = client.get("/crm/pipeline").text
        if "Three steps to your first invite" not in page:
            return 3, ""
        part = page[page.index('class="first-steps"') :].split("</section>")[0]
        href = re.search(r'button-primary" href="([^"]+)"', part)
        assert href is not None
        return part.count("is-done"), href[1]

    assert shown() == (0, "/crm/contacts/new")
    contact = everywhere.contact(company, "Dana Whitfield")
    assert shown() == (1, f"/crm/contacts/{contact.id}")
    estimate = estimates.draft_estimate(contact.id, "Roof replacement", as_member(member))
    invite_page = f"/crm/onboardings/{estimate.onboarding_id}/invite"
    assert shown() == (1, invite_page)
    keep_draft(
        estimate.id, Words("Agreement", "The price is {total}.", "", None), 0, as_member(member)
    )
    assert shown() == (2, invite_page)
    with transaction(company.id) as db:
        row = journey.lock(db, estimate.onboarding_id)
        journey.record(
            db, row, EventKind.INVITE_SENT, as_member(member), invite="sent", latest_version=1
        )
    assert shown() == (3, "")
