"""The portal afterwards: what is said of each job, and links that lead somewhere."""

from flask.testing import FlaskClient
from lxml import html

from onboarding.contracts import sealing
from tests.deal import Deal, deal
from tests.house import House


def links(browser: FlaskClient, path: str) -> list[str]:
    """Where the links of a page lead; each must lead somewhere."""
    page = html.document_fromstring(browser.get(path).text)
    found = [str(href) for href in page.xpath("//main//a/@href") if href.startswith("/")]
    for href in found:
        assert browser.get(href).status_code == 200, href
    return found


def approved_and_revised(house: House) -> Deal:
    job = deal(house)
    job.approve()
    job.revise()
    return job


def test_papers_can_be_read_on_the_screen_and_as_pdf(house: House) -> None:
    job = deal(house)
    job.signed()
    sealing.seal_due()
    found = links(job.browser(), "/portal")
    contract = f"/portal/contract/{job.contract.id}"
    estimate = f"/portal/estimate/{job.estimate.id}"
    assert {contract, f"{contract}/signed.pdf", estimate, f"{estimate}/pdf"} <= set(found)


def test_a_copy_that_is_being_sealed_leads_to_where_it_will_be(house: House) -> None:
    job = deal(house)
    job.signed()
    assert f"/portal/contract/{job.contract.id}/signed.pdf" in links(job.browser(), "/portal")
    assert "being sealed" in job.browser().get("/portal").text


def test_after_a_revocation_only_what_was_approved_is_offered(house: House) -> None:
    job = approved_and_revised(house)
    job.revoke()
    assert links(job.browser(), "/portal/revoked") == []


def test_what_was_signed_can_be_read_after_a_revocation(house: House) -> None:
    job = deal(house)
    job.signed()
    sealing.seal_due()
    signed = job.contract.id
    job.revise()
    job.revoke()
    found = links(job.browser(), "/portal/revoked")
    assert f"/portal/contract/{signed}/signed.pdf" in found
    assert len([href for href in found if "/estimate/" in href]) == 1


def test_with_a_new_estimate_it_is_not_everything_any_more(house: House) -> None:
    job = deal(house)
    job.signed()
    job.revise()
    browser = job.browser()
    assert "A new estimate for Roof replacement is waiting" in browser.get("/portal").text
    assert browser.get("/portal/done").headers["Location"] == "/portal/estimate"
    assert "stays in force until you approve this version" in browser.get("/portal/estimate").text
