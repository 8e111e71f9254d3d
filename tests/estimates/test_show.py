"""What the customer meets on their estimate, and what their presses do."""

from dataclasses import replace

import pytest
from sqlalchemy import event

from onboarding import database
from onboarding.estimates import actions_answers, pricing
from tests.estimates.job import (
    FLASHING,
    GUARDS,
    ROOF,
    SHINGLES,
    Job,
    customers_browser,
    members_browser,
)
from tests.estimates.pages import found, words

HTMX = {"HX-Request": "true"}
SHORTER = replace(ROOF, lines=(ROOF.lines[0], replace(ROOF.lines[1], quantity=20_000)))


def path(job: Job, rest: str = "") -> str:
    return f"/portal/estimate/{job.estimate.id}{rest}"


def total_of(answer) -> int:
    return int(found(answer, "[name=total]")[0].get("value"))


def test_it_reads_like_an_estimate(sent: Job):
    page = customers_browser(sent).get("/portal/estimate")
    text = words(page)
    assert page.status_code == 200
    for part in ("Roof replacement", "Architectural shingles", "28 squares × $330.00"):
        assert part in text
    total = pricing.totals(ROOF).total
    assert total_of(page) == total
    assert "Approve $15,703.33" in text
    assert [box.get("value") for box in found(page, "[name=options][checked]")] == [GUARDS]


def test_the_page_costs_eight_statements_at_most(sent: Job):
    browser = customers_browser(sent)
    browser.get(path(sent))
    statements = []
    event.listen(
        database.engine(),
        "before_cursor_execute",
        lambda *given: statements.append(given[2]),
    )
    assert browser.get(path(sent)).status_code == 200
    reads = [statement for statement in statements if not statement.startswith("BEGIN")]
    assert len(reads) <= 8, "\n\n".join(reads)


def test_the_first_look_is_written_once_and_never_for_a_browser_that_reads_ahead(sent: Job):
    browser = customers_browser(sent)
    browser.get(path(sent), headers={"Sec-Purpose": "prefetch"})
    assert sent.onboarding.opened_version == 0
    browser.get(path(sent))
    browser.get(path(sent))
    assert sent.events().count("estimate.opened") == 1


def test_moving_a_switch_answers_with_the_new_total_and_writes_nothing(sent: Job):
    browser = customers_browser(sent)
    before = sent.events()
    answer = browser.get(path(sent, "/total"), query_string={"options": FLASHING}, headers=HTMX)
    assert total_of(answer) == pricing.totals(ROOF, (FLASHING,)).total
    assert found(answer, "#total")
    none = browser.get(path(sent, "/total"), headers=HTMX)
    assert total_of(none) == pricing.totals(ROOF, ()).total
    assert sent.events() == before


def test_without_scripting_the_switches_move_into_the_address(sent: Job):
    browser = customers_browser(sent)
    moved = browser.post(path(sent, "/total"), data={"options": [FLASHING]})
    assert moved.status_code == 303
    page = browser.get(moved.headers["Location"].partition("#")[0])
    assert total_of(page) == pricing.totals(ROOF, (FLASHING,)).total
    emptied = browser.post(path(sent, "/total"), data={})
    page = browser.get(emptied.headers["Location"].partition("#")[0])
    assert total_of(page) == pricing.totals(ROOF, ()).total


def test_one_press_approves_what_is_on_the_screen(sent: Job):
    browser = customers_browser(sent)
    total = pricing.totals(ROOF, (FLASHING,)).total
    answer = browser.post(
        path(sent, "/approval"), data={"options": [FLASHING], "total": str(total)}
    )
    assert (answer.status_code, answer.headers["Location"]) == (303, "/portal/next")
    assert sent.onboarding.amount_cents == total
    again = browser.post(path(sent, "/approval"), data={"options": [FLASHING], "total": str(total)})
    assert again.status_code == 303
    assert sent.events().count("estimate.approved") == 1


@pytest.mark.parametrize("total", ["1", "", "1e308", "-1", "NaN"])
def test_a_total_that_is_not_so_approves_nothing_and_shows_what_is(sent: Job, total):
    browser = customers_browser(sent)
    answer = browser.post(path(sent, "/approval"), data={"options": [GUARDS], "total": total})
    assert answer.status_code == 409
    assert "The total is not what was on your screen. Nothing was approved." in words(answer)
    assert total_of(answer) == pricing.totals(ROOF, (GUARDS,)).total
    assert sent.onboarding.approved_version == 0


def test_approving_the_old_version_shows_the_new_one(sent: Job):
    old, total = sent.estimate, pricing.totals(ROOF).total
    sent.revise(SHORTER)
    browser = customers_browser(sent)
    answer = browser.post(
        f"/portal/estimate/{old.id}/approval", data={"options": [GUARDS], "total": str(total)}
    )
    assert answer.status_code == 409
    assert "A new version arrived" in words(answer)
    assert total_of(answer) == pricing.totals(SHORTER).total
    assert sent.onboarding.approved_version == 0


def test_rejecting_is_one_press_and_a_reason_may_follow(sent: Job):
    browser = customers_browser(sent)
    assert "reason" not in words(browser.get(path(sent)))
    assert browser.post(path(sent, "/rejection")).status_code == 303
    page = browser.get(path(sent))
    assert "You rejected this estimate" in words(page)
    assert found(page, "#approve"), "a rejected version may still be approved"
    empty = browser.post(path(sent, "/rejection/reason"), data={"reason": " "})
    assert empty.status_code == 422
    assert "Write a few words first." in words(empty)
    browser.post(path(sent, "/rejection/reason"), data={"reason": "Over our budget"})
    assert "Your reason was sent" in words(browser.get(path(sent)))


def test_a_reason_without_a_rejection_leads_back_to_the_estimate(sent: Job):
    answer = customers_browser(sent).post(path(sent, "/rejection/reason"), data={"reason": "Why"})
    assert answer.status_code == 303


def test_an_approval_is_taken_back_from_the_page(sent: Job):
    browser = customers_browser(sent)
    total = pricing.totals(ROOF, (GUARDS,)).total
    browser.post(path(sent, "/approval"), data={"options": [GUARDS], "total": str(total)})
    page = browser.get(path(sent))
    assert "You approved this" in words(page)
    assert not found(page, "#approve")
    assert browser.post(path(sent, "/approval/withdrawal")).status_code == 303
    assert "You took your approval back" in words(browser.get(path(sent)))


def test_a_revision_marks_what_changed_in_old_and_new(sent: Job):
    old = sent.estimate
    sent.revise(SHORTER)
    browser = customers_browser(sent)
    page = browser.get("/portal/estimate")
    changes = " ".join(found(page, "#what-changed")[0].text_content().split())
    assert "What changed · 3 lines" in changes
    assert "28 squares × $330.00" in changes
    assert "20 squares × $330.00" in changes
    assert "Taken out" in changes
    assert "was 28 squares" in " ".join(found(page, f"#line-{SHINGLES}")[0].text_content().split())
    earlier = browser.get(f"/portal/estimate/{old.id}")
    assert "A newer version has arrived" in words(earlier)
    assert not found(earlier, "#approve")


def test_the_pdf_opens(sent: Job):
    answer = customers_browser(sent).get(path(sent, "/pdf"))
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF-")


def test_after_revocation_only_what_was_approved_can_still_be_read(sent: Job):
    browser = customers_browser(sent)
    sent.revoked()
    assert browser.get(path(sent, "/pdf")).status_code == 404
    assert browser.get(path(sent)).headers["Location"] == "/portal/revoked"
    total = pricing.totals(ROOF).total
    answer = browser.post(path(sent, "/approval"), data={"options": [GUARDS], "total": str(total)})
    assert answer.headers["Location"] == "/portal/revoked"
    assert sent.onboarding.approved_version == 0


def test_an_approved_estimate_is_read_after_revocation(sent: Job):
    total = pricing.totals(ROOF).total
    actions_answers.approve_estimate(sent.estimate.id, (GUARDS,), total, sent.customer)
    sent.revoked()
    assert customers_browser(sent).get(path(sent, "/pdf")).status_code == 200


@pytest.mark.parametrize("rest", ["", "/total", "/pdf"])
def test_a_stranger_finds_nothing_at_its_address(sent: Job, rest):
    other = sent.neighbor()
    assert customers_browser(other).get(path(sent, rest)).status_code == 404


@pytest.mark.parametrize(
    "rest", ["/approval", "/rejection", "/rejection/reason", "/approval/withdrawal", "/total"]
)
def test_a_stranger_answers_nothing(sent: Job, rest):
    other = sent.neighbor()
    data = {"total": "1", "reason": "Mine"}
    assert customers_browser(other).post(path(sent, rest), data=data).status_code == 404
    assert "estimate.rejected" not in sent.events()


def test_a_draft_is_not_there_for_its_customer(sent: Job):
    sent.begin_revision()
    assert customers_browser(sent).get(path(sent)).status_code == 404
    assert members_browser(sent).get(f"/crm/estimates/{sent.estimate.id}/draft").status_code == 200


def test_a_late_press_after_signing_is_answered_in_words(sent: Job):
    browser = customers_browser(sent)
    total = pricing.totals(ROOF).total
    browser.post(path(sent, "/approval"), data={"options": [GUARDS], "total": str(total)})
    sent.signed()
    late = browser.post(path(sent, "/approval/withdrawal"))
    assert late.status_code == 409
    assert "The contract is signed, so this can no longer be changed here." in words(late)
    other = browser.post(path(sent, "/approval"), data={"total": "1"})
    assert other.status_code == 409
    assert browser.post(path(sent, "/rejection")).status_code == 409
