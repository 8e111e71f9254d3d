"""What of a line its customer sees is chosen for each estimate, and holds on every paper."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from onboarding import gateways
from onboarding.contracts import frozen
from onboarding.contracts.models import Contract
from onboarding.contracts.papers import contract_paper
from onboarding.database import end_reads, read
from onboarding.estimates import actions, pricing
from tests.documents import text_of as text_of_pdf
from tests.estimates.job import (
    GUARDS,
    ROOF,
    SHINGLES,
    TEAROFF,
    Job,
    customers_browser,
    members_browser,
)
from tests.estimates.pages import words

CHOICES = [(True, True), (True, False), (False, True), (False, False)]


def sent_with(job: Job, quantities: bool, prices: bool) -> str:
    job.save(replace(ROOF, shows_quantities=quantities, shows_unit_prices=prices))
    job.send()
    job.account()
    return f"/portal/estimate/{job.estimate.id}"


def says(text: str) -> tuple[bool, bool]:
    """Whether quantities and unit prices of the shingles can be read."""
    return "28 squares" in text, "$330.00" in text


@pytest.mark.parametrize(("quantities", "prices"), CHOICES)
def test_the_page_and_the_paper_show_what_was_chosen(
    drafted: Job, tmp_path, quantities: bool, prices: bool
):
    where = sent_with(drafted, quantities, prices)
    browser = customers_browser(drafted)
    page = words(browser.get(where))
    assert says(page) == (quantities, prices)
    assert "$9,240.00" in page
    paper = text_of_pdf(browser.get(f"{where}/pdf").data, tmp_path)
    assert says(paper) == (quantities, prices)
    assert "$9,240.00" in paper


@pytest.mark.parametrize(("quantities", "prices"), CHOICES)
def test_the_contract_is_frozen_and_set_with_what_was_chosen(
    drafted: Job, tmp_path, quantities: bool, prices: bool
):
    where = sent_with(drafted, quantities, prices)
    total = pricing.totals(ROOF, {GUARDS}).total
    browser = customers_browser(drafted)
    browser.post(f"{where}/approval", data={"options": [GUARDS], "total": str(total)})
    contract = read(drafted.company.id).scalars(select(Contract)).one()
    agreement = frozen.read(contract.frozen)
    assert frozen.to_bytes(agreement) == contract.frozen
    page = words(browser.get(f"/portal/contract/{contract.id}"))
    assert ("28 squares" in page) is quantities
    assert "$330.00" not in page
    paper = contract_paper(agreement, contract.frozen_sha256)
    pdf = gateways.current().renderer.contract(paper)
    assert says(text_of_pdf(pdf, tmp_path)) == (quantities, prices)


def test_what_changed_tells_nothing_that_is_not_shown(drafted: Job):
    sent_with(drafted, False, False)
    shorter = replace(ROOF.lines[1], quantity=20_000)
    drafted.revise(
        replace(
            ROOF,
            lines=(ROOF.lines[0], shorter, *ROOF.lines[2:]),
            shows_quantities=False,
            shows_unit_prices=False,
        )
    )
    page = words(customers_browser(drafted).get("/portal/estimate"))
    assert "What changed" in page
    assert "$6,600.00" in page
    for hidden in ("28 squares", "20 squares", "$330.00"):
        assert hidden not in page


def test_a_form_that_speaks_of_the_lines_alone_changes_neither(drafted: Job):
    drafted.save(replace(ROOF, shows_quantities=True, shows_unit_prices=False))
    browser, where = members_browser(drafted), f"/crm/estimates/{drafted.estimate.id}/draft"
    line = {f"line-{TEAROFF}-name": "Tear-off", f"line-{TEAROFF}-quantity": "1"}
    form = {
        "discount_kind": "amount",
        "line": TEAROFF,
        "revision": str(drafted.estimate.draft_revision),
        **line,
    }
    assert browser.post(where, data=form).status_code == 303
    assert shown(drafted) == (True, False)
    form |= {"revision": str(drafted.estimate.draft_revision + 1), "shows": "said"}
    assert browser.post(where, data=form).status_code == 303
    assert shown(drafted) == (False, False)


def shown(job: Job) -> tuple[bool, bool]:
    end_reads()
    kept = actions.newest(read(job.company.id), job.estimate.onboarding_id)
    return kept.shows_quantities, kept.shows_unit_prices


def test_a_member_always_sees_all(drafted: Job):
    drafted.save(replace(ROOF, shows_quantities=False, shows_unit_prices=False))
    builder = members_browser(drafted).get(f"/crm/estimates/{drafted.estimate.id}/draft")
    assert f'id="line-{SHINGLES}-unit_price"' in builder.text
    assert 'value="330"' in builder.text or 'value="330.00"' in builder.text
