"""What a job costs the contractor and leaves to them: for members, never for a customer."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from onboarding import gateways, jobs
from onboarding.contracts import frozen
from onboarding.contracts.models import Contract
from onboarding.contracts.papers import contract_paper
from onboarding.database import Everyone, end_reads, read
from onboarding.estimates import actions, pricing
from onboarding.estimates.comparison import compare
from onboarding.estimates.margins import margin_of, margins_of_lines
from onboarding.notifications.models import Delivery
from tests.documents import text_of as text_of_pdf
from tests.estimates.job import (
    FLASHING,
    GUARDS,
    ROOF,
    TEAROFF,
    Job,
    customers_browser,
    members_browser,
)
from tests.estimates.pages import words

# A number that stands nowhere by chance: $76,543.21 a unit, or what a line of it comes to.
CANARY = 7_654_321
SPELLINGS = ("7654321", "76543.21", "76,543.21")
SECRET = ("left to you", "margin", "your cost", "unit_cost")
COSTLY = replace(ROOF, lines=tuple(replace(line, unit_cost_cents=CANARY) for line in ROOF.lines))


def costed(*costs: int | None):
    lines = (
        replace(line, unit_cost_cents=cost) for line, cost in zip(ROOF.lines, costs, strict=True)
    )
    return replace(ROOF, lines=tuple(lines))


def margin(estimate, chosen=None):
    return margin_of(estimate, pricing.totals(estimate, chosen))


def gives_away(text: str) -> list[str]:
    """The canary however it may be spelt, and the words that only members read."""
    return [secret for secret in (*SPELLINGS, *SECRET) if secret in text.lower()]


def test_the_margin_is_what_the_price_leaves_before_tax():
    found = margin(costed(10_000, 20_000, None, 400))
    assert found is not None
    assert found.price == 418_012 + 924_000 + 112_000
    assert found.cost == 280_000 + 560_000 + 56_000
    assert found.cents == found.price - found.cost
    assert found.rate == 38_400
    assert found.unknown == 0


def test_what_is_not_chosen_counts_on_neither_side():
    with_both = margin(costed(10_000, 20_000, 50_000, 400), {FLASHING, GUARDS})
    without = margin(costed(10_000, 20_000, 50_000, 400), set())
    assert with_both is not None
    assert without is not None
    assert with_both.cost - without.cost == 50_000 + 56_000


def test_a_line_without_a_cost_is_counted_as_unknown_and_no_cost_at_all_says_nothing():
    assert margin(ROOF) is None
    found = margin(costed(10_000, None, None, None))
    assert found is not None
    assert found.unknown == 2


def test_a_discount_comes_out_of_the_margin():
    whole, less = costed(1, 1, 1, 1), replace(costed(1, 1, 1, 1), discount_value=50_000)
    assert margin(whole).cents - margin(less).cents == 50_000


def test_a_job_given_away_has_no_rate_and_a_loss():
    free = replace(costed(100, 100, 100, 100), discount_kind="percent", discount_value=100_000)
    found = margin(free)
    assert found.rate is None
    assert found.cents < 0


def test_each_line_has_its_own():
    found = margins_of_lines(costed(10_000, None, None, None))
    assert set(found) == {TEAROFF}
    assert found[TEAROFF].cents == 418_012 - 280_000


def test_another_cost_is_no_change_that_a_customer_reads():
    assert compare(ROOF, COSTLY).is_same


@pytest.fixture
def costly(drafted: Job) -> Job:
    drafted.save(COSTLY)
    drafted.send()
    drafted.account()
    return drafted


def test_the_member_reads_it_in_the_builder_and_on_the_sent_version(costly: Job):
    browser = members_browser(costly)
    assert "Left to you" in words(browser.get(f"/crm/estimates/{costly.estimate.id}"))
    costly.begin_revision()
    builder = browser.get(f"/crm/estimates/{costly.estimate.id}/draft")
    assert "Left to you" in words(builder)
    assert "76543.21" in builder.text


def test_the_record_says_what_the_job_leaves(costly: Job):
    answer = members_browser(costly).get(f"/crm/contacts/{costly.contact.id}")
    assert "Left to you" in words(answer)


def test_no_answer_to_a_customer_carries_it(costly: Job, tmp_path):
    browser, where = customers_browser(costly), f"/portal/estimate/{costly.estimate.id}"
    addresses = (
        *("/portal", "/portal/estimate", where, f"{where}/pdf", "/portal/messages"),
        *(f"{where}/total?options={FLASHING}", f"{where}/changes", f"{where}/question"),
    )
    for address in addresses:
        for headers in ({}, {"HX-Request": "true"}):
            answer = browser.get(address, headers=headers)
            is_paper = answer.mimetype == "application/pdf"
            text = text_of_pdf(answer.data, tmp_path) if is_paper else answer.text
            assert not gives_away(text), address
    refused = browser.post(f"{where}/approval", data={"total": "1"})
    assert refused.status_code == 409
    assert not gives_away(refused.text)
    preview = members_browser(costly).get(f"/crm/estimates/{costly.estimate.id}/preview")
    assert not gives_away(preview.get_data(as_text=True).split("<main")[1])


def test_what_changed_carries_it_neither(costly: Job):
    dearer = replace(COSTLY.lines[0], unit_cost_cents=CANARY + 1, unit_price_cents=15_000)
    costly.revise(replace(COSTLY, lines=(dearer, *COSTLY.lines[1:])))
    page = customers_browser(costly).get("/portal/estimate").text
    assert "What changed" in page
    assert not gives_away(page)


def test_the_frozen_contract_its_paper_and_every_mail_are_without_it(costly: Job, tmp_path):
    total = pricing.totals(COSTLY, {GUARDS}).total
    browser = customers_browser(costly)
    data = {"options": [GUARDS], "total": str(total)}
    browser.post(f"/portal/estimate/{costly.estimate.id}/approval", data=data)
    contract = read(costly.company.id).scalars(select(Contract)).one()
    assert contract.frozen is not None
    assert not gives_away(contract.frozen.decode())
    page = browser.get(f"/portal/contract/{contract.id}")
    assert not gives_away(page.text)
    paper = contract_paper(frozen.read(contract.frozen), contract.frozen_sha256)
    pdf = gateways.current().renderer.contract(paper)
    assert not gives_away(text_of_pdf(pdf, tmp_path))
    jobs.run_pending()
    end_reads()
    sent = read(Everyone("every mail of the test")).scalars(select(Delivery)).all()
    assert not [mail for mail in sent if gives_away(repr(vars(mail)))]


def test_a_cost_typed_is_kept_and_one_that_cannot_be_is_told(drafted: Job):
    browser, where = members_browser(drafted), f"/crm/estimates/{drafted.estimate.id}/draft"
    start = f"line-{TEAROFF}-"
    line = {f"{start}name": "Tear-off", f"{start}quantity": "2", f"{start}unit_price": "100"}
    form = {
        "discount_kind": "amount",
        "line": TEAROFF,
        "revision": str(drafted.estimate.draft_revision),
        **line,
    }
    answer = browser.post(where, data=form | {f"{start}unit_cost": "cheap"})
    assert answer.status_code == 422
    assert browser.post(where, data=form | {f"{start}unit_cost": "62.50"}).status_code == 303
    end_reads()
    kept = actions.newest(read(drafted.company.id), drafted.estimate.onboarding_id)
    assert [line.unit_cost_cents for line in kept.lines] == [6_250]
    assert "37.5%" in words(browser.get(where))
