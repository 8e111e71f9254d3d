"""A contractor's templates: each save is a version, a sample says that it is one, and no text
breaks a page or runs anything."""

import re
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient

from onboarding import tokens
from onboarding.contractors.models import Contractor, Member
from onboarding.contracts import queries, templating, templating_samples
from onboarding.contracts.models import ContractTemplate
from onboarding.contracts.placeholders import PLACEHOLDERS, complaints
from onboarding.contracts.templating import save_template
from onboarding.database import transaction
from tests.deal import deal, now, signed_in
from tests.house import House, as_member

HOSTILE = (
    "# <script>alert(1)</script>\n\n<img src=x onerror=alert(2)> {{7*7}} {0.__class__} "
    '{% include "layout.html" %} \u202etxt " onfocus=alert(3) x="\n\n' + "{" * 500
)


@dataclass
class Office:
    company: Contractor
    owner: Member
    browser: FlaskClient

    def template(self, template_id: str) -> ContractTemplate:
        found = queries.template(now(self.company.id), template_id)
        assert found is not None
        return found

    def numbers(self, template_id: str) -> list[int]:
        return [one.number for one in templating.versions(now(self.company.id), template_id)]


@pytest.fixture
def office(house: House) -> Office:
    company, owner = house.company()
    return Office(company, owner, signed_in(house, "crm", owner.id, company.id))


def begun(told: Office, **form: str) -> str:
    """A template made in the browser."""
    template_id = tokens.new_id()
    given = {"name": "Ours", "body": "The price is {total}."} | form
    answer = told.browser.post(f"/crm/templates/new/{template_id}", data=given)
    assert answer.status_code == 303
    return template_id


def test_each_save_is_a_version_and_saving_the_same_again_is_none(everywhere: House) -> None:
    company, owner = everywhere.company()
    by, id_ = as_member(owner), tokens.new_id()
    for body in ("One.", "One.", "Two.", "Two."):
        save_template(id_, "Ours", body, by)
    found = templating.versions(now(company.id), id_)
    assert [(one.number, one.body, one.saved_by) for one in found] == [
        (2, "Two.", owner.name),
        (1, "One.", owner.name),
    ]


def test_an_old_version_stays_readable_and_its_name_too(office: Office) -> None:
    id_ = begun(office, body="Work begins in May.")
    changed = {"name": "Renamed", "body": "Work begins in June."}
    office.browser.post(f"/crm/templates/{id_}", data=changed)
    old = office.browser.get(f"/crm/templates/{id_}/versions/1").text
    assert "Work begins in May." in old
    assert "Ours" in old
    assert "Renamed" in office.browser.get(f"/crm/templates/{id_}/versions/2").text
    assert office.browser.get(f"/crm/templates/{id_}/versions/3").status_code == 404


def test_a_contract_names_the_version_that_it_took(house: House) -> None:
    found = deal(house)
    browser = found.members_browser()
    estimate = f"/crm/estimates/{_drafted(house, found)}/contract"
    save_template(tokens.new_id(), "Ours", "The first text, {total}.", found.member)
    own = queries.templates(now(found.company.id))[-1]
    page = browser.get(f"{estimate}?template={own.id}").text
    assert "From Ours, version 1." in page
    save_template(own.id, "Ours", "The second text, {total}.", found.member)
    form = {
        "title": "Agreement", "body": "The first text, {total}.", "terms": "", "revision": "0",
        "template_id": own.id, "template_version": "1",
    }  # fmt: skip
    assert browser.post(estimate, data=form).status_code == 303
    kept = browser.get(estimate).text
    assert "From Ours, version 1." in kept
    assert "Version 2 has been saved since." in kept
    assert "The first text" in kept


def _drafted(house: House, found) -> str:
    from onboarding.estimates import actions as estimates

    contact = house.contact(found.company, "Beth Lowry")
    return str(estimates.draft_estimate(contact.id, "Gutters", found.member).id)


def test_a_sample_says_so_until_the_owner_says_who_reviewed_it(office: Office) -> None:
    text = templating_samples.sample("roofing.en")
    assert text is not None
    id_ = begun(office, name=text.name, body=text.body, origin="roofing.en")
    page = office.browser.get(f"/crm/templates/{id_}").text
    assert "A sample, to be reviewed by your lawyer" in page
    assert "a sample, to be reviewed by your lawyer" in office.browser.get("/crm/templates").text
    for _ in range(2):
        office.browser.post(f"/crm/templates/{id_}/review", data={"version": "1"})
    page = office.browser.get(f"/crm/templates/{id_}").text
    assert "A sample, to be reviewed" not in page
    assert f"as {office.owner.name} said on" in page
    assert office.template(id_).reviewed_version == 1
    office.browser.post(f"/crm/templates/{id_}", data={"name": "Ours", "body": "Other words."})
    assert "It has changed since." in office.browser.get(f"/crm/templates/{id_}").text


def test_only_the_owner_says_that_it_was_reviewed(house: House, office: Office) -> None:
    with transaction(office.company.id) as db:
        staff = Member(
            contractor_id=office.company.id, name="Sam", email="sam@example.test",
            password_hash="", role="staff",
        )  # fmt: skip
        db.add(staff)
    id_ = begun(office, origin="hvac.es")
    browser = signed_in(house, "crm", staff.id, office.company.id)
    answer = browser.post(f"/crm/templates/{id_}/review", data={"version": "1"})
    assert answer.status_code == 403
    assert office.template(id_).is_sample
    page = browser.get(f"/crm/templates/{id_}").text
    assert "A sample, to be reviewed by your lawyer" in page
    assert "My lawyer has reviewed" not in page


def test_what_is_archived_is_offered_no_more_until_it_is_brought_back(office: Office) -> None:
    id_ = begun(office)
    for _ in range(2):
        office.browser.post(f"/crm/templates/{id_}/archive")
    assert queries.templates(now(office.company.id)) == []
    assert office.browser.get(f"/crm/templates/{id_}").status_code == 200
    office.browser.post(f"/crm/templates/{id_}/restoration")
    assert [one.id for one in queries.templates(now(office.company.id))] == [id_]


def test_an_unknown_placeholder_is_named_as_it_is_typed_with_what_was_meant(
    office: Office,
) -> None:
    answer = office.browser.post(
        "/crm/templates/preview",
        data={"name": "Ours", "body": "Dear {custmer_name}, {{total}}."},
        headers={"HX-Request": "true"},
    )
    assert answer.text.lstrip().startswith("<section")
    assert "{custmer_name} is not one of the placeholders." in answer.text
    assert "Did you mean {customer_name}?" in answer.text
    assert "Write {total} with one brace on each side." in answer.text
    refused = office.browser.post(
        f"/crm/templates/new/{tokens.new_id()}", data={"name": "Ours", "body": "{custmer_name}"}
    )
    assert refused.status_code == 422
    assert "{custmer_name}</textarea>" in refused.text


def test_the_preview_is_filled_in_for_a_real_contact_of_ours(house: House) -> None:
    found = deal(house)
    _, stranger = house.company("Other Works")
    body = {"name": "Ours", "body": "{customer_name} pays {total} to {company_name}."}
    own = found.members_browser().post("/crm/templates/preview", data=body).text
    assert "Dana Whitfield pays $" in own
    assert "Filled in for Dana Whitfield · Roof replacement." in own
    other = signed_in(house, "crm", stranger.id, stranger.contractor_id)
    asked = body | {"contact": found.estimate.onboarding_id}
    foreign = other.post("/crm/templates/preview", data=asked).text
    assert "Dana" not in foreign
    assert "{customer_name} pays {total}" in foreign


def test_a_hostile_text_breaks_no_page_and_runs_nothing(office: Office) -> None:
    name = "<b>Name</b>\"'><script>alert(0)</script>"
    preview = {"name": name, "body": HOSTILE}
    shown = office.browser.post("/crm/templates/preview", data=preview).text
    id_ = begun(office, name=name, body=HOSTILE)
    pages = [
        shown,
        *(
            office.browser.get(f"/crm/templates{place}").text
            for place in ("", f"/{id_}", f"/{id_}/versions/1")
        ),
    ]
    for page in pages:
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "<b>Name</b>" not in page
    assert "{{7*7}}" in shown
    assert "{0.__class__}" in shown
    assert "49" not in re.sub(r"[0-9a-f-]{12,}|\d{2,}\.\d", "", shown.split("As it will read")[1])


@pytest.mark.parametrize("key", templating_samples.known_keys())
def test_a_shipped_sample_leaves_nothing_open_and_says_whom_to_call(house: House, key: str) -> None:
    with house.app.test_request_context():
        found = templating_samples.sample(key)
    assert found is not None
    assert "sample" in found.name
    assert complaints(found.body) == []
    for name in ("customer_name", "company_name", "total", "today", "estimate_version"):
        assert name in PLACEHOLDERS
        assert f"{{{name}}}" in found.body
    assert found.body.count("## ") >= 9


def test_another_contractors_template_is_not_there(house: House, office: Office) -> None:
    id_ = begun(office)
    _, stranger = house.company("Other Works")
    other = signed_in(house, "crm", stranger.id, stranger.contractor_id)
    for place in (f"/crm/templates/{id_}", f"/crm/templates/{id_}/versions/1"):
        assert other.get(place).status_code == 404
    for act in ("archive", "restoration", "review"):
        answer = other.post(f"/crm/templates/{id_}/{act}", data={"version": "1"})
        assert answer.status_code == 404
    taken = other.post(f"/crm/templates/new/{id_}", data={"name": "Mine", "body": "Mine."})
    assert taken.status_code == 404
    assert office.template(id_).name == "Ours"


def test_the_menu_of_every_screen_leads_to_the_templates(office: Office) -> None:
    assert 'href="/crm/templates"' in office.browser.get("/crm/pipeline").text
