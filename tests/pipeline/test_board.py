"""What an office sees on the board, and what a poll brings."""

import re

from onboarding.contacts.actions import archive_contact
from onboarding.contractors.models import Contractor, Member
from onboarding.database import transaction
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
