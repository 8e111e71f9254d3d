"""The contract beside its estimate, on the contractor's side."""

import json

import pytest
from sqlalchemy import select

from onboarding.contracts import actions as contracts
from onboarding.contracts import default_template, queries
from onboarding.contracts.frozen import read, sha256_of, to_bytes
from onboarding.contracts.models import Contract, ContractTemplate
from onboarding.database import transaction
from onboarding.estimates import actions as estimates
from onboarding.estimates.models import Estimate
from tests.deal import GUARDS, ROOF, deal, now, signed_in
from tests.house import House, as_member


class Drafting:
    """A contractor with one drafted estimate and no contract yet."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.company, self.owner = house.company()
        self.contact = house.contact(self.company)
        self.member = as_member(self.owner)
        estimate = estimates.draft_estimate(self.contact.id, "Roof replacement", self.member)
        self.estimate: Estimate = estimates.save_draft(
            estimate.id, ROOF, estimate.draft_revision, self.member
        )
        self.browser = signed_in(house, "crm", self.owner.id, self.company.id)
        self.url = f"/crm/estimates/{self.estimate.id}/contract"

    @property
    def contract(self) -> Contract | None:
        return queries.contract_of_estimate(now(self.company.id), self.estimate.id)

    def is_open(self) -> list[str] | None:
        """What was typed and would stay open; None where nothing was written yet."""
        found = queries.open_in_draft(now(self.company.id), self.estimate.id)
        return None if found is None else [complaint.typed for complaint in found]


@pytest.fixture
def drafting(house: House) -> Drafting:
    return Drafting(house)


def form(**fields: str) -> dict[str, str]:
    given = {"title": "Service agreement", "body": "For {total}.", "terms": "", "revision": "0"}
    return given | fields


def test_the_first_contract_begins_from_the_sample_and_is_not_saved(drafting: Drafting):
    page = drafting.browser.get(drafting.url)
    assert page.status_code == 200
    assert "Not saved yet" in page.text
    assert "to be reviewed by your lawyer" in page.text
    assert "This agreement is between Ridgeline Roofing" in page.text
    assert drafting.contract is None
    assert drafting.is_open() is None


def test_saving_keeps_what_was_typed_and_makes_it_ready(drafting: Drafting):
    answer = drafting.browser.post(drafting.url, data=form(terms="Close the gate: a dog."))
    assert answer.status_code == 303
    assert "Saved" in drafting.browser.get(answer.headers["Location"]).text
    kept = drafting.contract
    assert kept is not None
    assert kept.terms == "Close the gate: a dog."
    assert drafting.is_open() == []


def test_a_contractor_without_a_template_gets_the_sample_with_the_first_contract(
    drafting: Drafting,
):
    drafting.browser.post(drafting.url, data=form())
    templates = now(drafting.company.id).scalars(select(ContractTemplate)).all()
    assert [one.body for one in templates] == [default_template.BODY]


def test_saving_twice_changes_nothing(drafting: Drafting):
    for _ in range(2):
        assert drafting.browser.post(drafting.url, data=form()).status_code == 303
    assert drafting.contract is not None
    assert drafting.contract.draft_revision == 1


def test_two_people_who_edit_one_contract_are_told_and_lose_nothing(drafting: Drafting):
    drafting.browser.post(drafting.url, data=form())
    drafting.browser.post(drafting.url, data=form(body="Hers", revision="1"))
    answer = drafting.browser.post(drafting.url, data=form(body="His", revision="1"))
    assert answer.status_code == 409
    assert "Somebody saved this contract while you were editing" in answer.text
    assert "His</textarea>" in answer.text
    assert drafting.contract is not None
    assert drafting.contract.template_body == "Hers"
    again = drafting.browser.post(drafting.url, data=form(body="His", revision="2"))
    assert again.status_code == 303


def test_an_unknown_placeholder_is_saved_said_and_keeps_the_contract_unsent(drafting: Drafting):
    drafting.browser.post(drafting.url, data=form(body="Dear {custmer_name}"))
    assert (
        "{custmer_name} is not one of the placeholders." in drafting.browser.get(drafting.url).text
    )
    spanish = drafting.browser.get(drafting.url, headers={"Accept-Language": "es"}).text
    assert "{custmer_name} no es uno de los marcadores. ¿Quiso decir {customer_name}?" in spanish
    assert drafting.is_open() == ["{custmer_name}"]
    with pytest.raises(contracts.ContractMissing), transaction(drafting.company.id) as db:
        contracts.send_draft(db, drafting.estimate, drafting.member)


def test_the_preview_reads_as_the_contract_will_and_keeps_nothing(drafting: Drafting):
    answer = drafting.browser.post(
        f"{drafting.url}/preview",
        data=form(body="For {customer_name}: {total}. {{7*7}} <b>{0.__class__}</b>"),
        headers={"HX-Request": "true"},
    )
    assert answer.text.lstrip().startswith("<section")
    assert "For Dana Whitfield: $15,7" in answer.text
    assert "{{7*7}} &lt;b&gt;{0.__class__}&lt;/b&gt;" in answer.text
    assert drafting.contract is None


@pytest.mark.parametrize("field", ["title", "body"])
def test_an_empty_contract_gets_a_sentence(drafting: Drafting, field: str):
    answer = drafting.browser.post(drafting.url, data=form(**{field: "  "}))
    assert answer.status_code == 422
    assert drafting.contract is None


def test_a_name_of_ten_thousand_letters_gets_a_sentence(drafting: Drafting):
    answer = drafting.browser.post(drafting.url, data=form(title="A" * 10_000))
    assert answer.status_code == 422
    assert "A" * 10_000 in answer.text


def test_a_sent_contract_can_be_read_and_no_longer_changed(house: House):
    sent = deal(house)
    browser = sent.members_browser()
    url = f"/crm/estimates/{sent.estimate.id}/contract"
    assert browser.get(url).headers["Location"] == f"/crm/contracts/{sent.contract.id}"
    browser.post(url, data=form(body="Another text", revision="1"))
    assert "Another text" not in sent.contract.template_body
    page = browser.get(f"/crm/contracts/{sent.contract.id}")
    assert "Dana Whitfield pays $" in page.text
    assert "Not yet" in page.text


def test_a_revision_begins_with_a_copy_of_the_contract(house: House):
    sent = deal(house)
    before = sent.contract
    sent.revise()
    after = sent.contract
    assert after.id != before.id
    assert after.template_body == before.template_body
    assert after.terms == before.terms


def test_templates_are_made_read_and_changed(drafting: Drafting):
    browser = drafting.browser
    page = browser.get("/crm/templates")
    assert "Begin from the sample" in page.text
    new = browser.get("/crm/templates/new").text
    assert "to be reviewed by your lawyer" in new
    address = new.split('action="/crm/templates/new/')[1].split('"')[0]
    data = {"name": "Roofs", "body": "For {total}."}
    for _ in range(2):
        assert browser.post(f"/crm/templates/new/{address}", data=data).status_code == 303
    (kept,) = now(drafting.company.id).scalars(select(ContractTemplate)).all()
    answer = browser.post(f"/crm/templates/{kept.id}", data=data | {"body": "For {totl}."})
    assert answer.status_code == 422
    assert "Did you mean {total}?" in answer.text
    browser.post(f"/crm/templates/{kept.id}", data=data | {"name": "Flat roofs"})
    assert "Flat roofs" in browser.get("/crm/templates").text
    taken = browser.get(f"{drafting.url}?template={kept.id}")
    assert "For {total}.</textarea>" in taken.text


def test_another_contractors_template_is_not_there(drafting: Drafting):
    drafting.browser.post(drafting.url, data=form())
    (kept,) = now(drafting.company.id).scalars(select(ContractTemplate)).all()
    other = deal(drafting.house, "Other Roofing", "Evan Stone").members_browser()
    data = {"name": "Mine", "body": "Mine"}
    assert other.get(f"/crm/templates/{kept.id}").status_code == 404
    assert other.post(f"/crm/templates/{kept.id}", data=data).status_code == 404
    assert other.post(f"/crm/templates/new/{kept.id}", data=data).status_code == 404


def test_approval_freezes_text_options_sums_company_and_parties(house: House):
    sent = deal(house)
    sent.approve(())
    contract = sent.contract
    assert contract.frozen is not None
    assert contract.frozen_sha256 == sha256_of(contract.frozen)
    values = json.loads(contract.frozen)
    assert values["customer_name"] == "Dana Whitfield"
    assert values["company"]["license_number"] == "CCB 214887"
    guards = next(line for line in values["estimate"]["lines"] if line["key"] == GUARDS)
    assert not guards["is_chosen"]
    agreement = read(contract.frozen)
    assert to_bytes(agreement) == contract.frozen
    assert f"${agreement.estimate.total_cents // 100:,}" in agreement.text
    assert sent.events()[-1] == "contract.frozen"


def test_html_in_any_field_is_text_on_every_page(house: House):
    sent = deal(house, person="<script>alert(1)</script>")
    sent.approve()
    page = sent.browser().get(f"/portal/contract/{sent.contract.id}")
    assert "<script>alert(1)" not in page.text
    assert "&lt;script&gt;alert(1)" in page.text
    sent.consent()
    sent.sign()
    assert "<script>alert(1)" not in sent.browser().get(f"/portal/contract/{sent.contract.id}").text
