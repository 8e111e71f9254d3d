"""The owner says how the company appears, and sees it before anybody else does."""

import re

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from sqlalchemy import select

from onboarding import database
from onboarding.colors import contrast
from onboarding.config import Settings
from onboarding.contractors.actions import add_member
from onboarding.contractors.models import Contractor, Member
from onboarding.contractors.samples import framing
from onboarding.database import read
from onboarding.estimates import actions as estimates
from onboarding.journey.models import Onboarding
from tests.house import PASSWORD, House, as_member

SETTINGS = {
    "name": "Ridgeline & Sons", "color": "#8a2b2b", "license_number": "CCB 99",
    "phone": "503-555-0177", "postal_address": "9 Oak Ave\r\nSalem, OR 97301",
    "reply_to": "Office@Ridgeline.test",
    "time_zone": "America/Denver", "currency": "CAD", "language": "es",
    "quiet_from": "20", "quiet_to": "9",
}  # fmt: skip


@pytest.fixture
def owner(house: House):
    company, member = house.company()
    return company, house.sign_in_member(house.client(), member)


def kept(company: Contractor) -> Contractor:
    database.end_reads()
    return read(company.id).get_one(Contractor, company.id)


def frames(page) -> list[str]:
    return re.findall(r'<iframe src="([^"]+)"', page.text)


def looked_into(browser, page):
    """Both frames. A letter is written for programs that read mail, so nobody checks its HTML."""
    customers_page, letter = frames(page)
    return browser.get(customers_page), FlaskClient.open(browser, letter)


def test_what_the_owner_saves_is_what_everybody_sees(owner):
    company, browser = owner
    answer = browser.post("/crm/settings", data=SETTINGS, follow_redirects=True)
    assert "Saved." in answer.text
    now = kept(company)
    assert (now.name, now.color, now.phone) == ("Ridgeline & Sons", "#8a2b2b", "+15035550177")
    assert (now.reply_to, now.time_zone, now.currency, now.language) == (
        *("Office@ridgeline.test", "America/Denver"),
        *("CAD", "es"),
    )
    assert now.postal_address == "9 Oak Ave\nSalem, OR 97301"
    assert now.slug == company.slug, "links that were sent lead where they led"
    assert "Ridgeline &amp; Sons" in browser.get(f"/portal/{company.slug}/sign-in").text


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("name", "", "Enter the company's name."),
        ("color", "reddish", "such as #1f5c49"),
        ("color", "", "such as #1f5c49"),
        ("phone", "12", "Enter a phone number with its area code"),
        ("reply_to", "office", "it looks like name@example.com"),
        ("time_zone", "Mars/Olympus", "Not a valid choice"),
        ("currency", "ZZZ", "Not a valid choice"),
        ("postal_address", "x" * 301, "This is too long"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_nothing_is_lost(owner, field, typed, said):
    company, browser = owner
    answer = browser.post("/crm/settings", data=SETTINGS | {field: typed})
    assert answer.status_code == 422
    assert said in answer.text
    assert 'value="CCB 99"' in answer.text
    assert kept(company).name == "Ridgeline Roofing"


@pytest.mark.parametrize("typed", ["#8A2B2B", "8a2b2b", " #8a2b2b "])
def test_a_color_is_taken_as_people_write_it(owner, typed):
    company, browser = owner
    assert browser.post("/crm/settings", data=SETTINGS | {"color": typed}).status_code == 303
    assert kept(company).color == "#8a2b2b"


def test_a_color_of_three_digits_is_one_of_six(owner):
    company, browser = owner
    browser.post("/crm/settings", data=SETTINGS | {"color": "#fc0"})
    assert kept(company).color == "#ffcc00"


def test_a_new_currency_leaves_jobs_that_were_begun_alone(house, owner):
    company, browser = owner
    actor = as_member(read(company.id).scalars(select(Member)).one())
    old = estimates.draft_estimate(house.contact(company).id, "Roof", actor)
    browser.post("/crm/settings", data=SETTINGS)
    new = estimates.draft_estimate(house.contact(company, "Ana Ruiz").id, "Roof", actor)
    database.end_reads()
    found = {one.id: one.currency for one in read(company.id).scalars(select(Onboarding))}
    assert found == {old.onboarding_id: "USD", new.onboarding_id: "CAD"}
    assert "For new jobs only" in browser.get("/crm/settings").text


def test_the_sample_follows_what_is_typed_and_keeps_nothing(owner):
    company, browser = owner
    typed = {"name": "Blue <b>Door</b>", "color": "#ffd400", "phone": "503", "license_number": "7"}
    sample = browser.get("/crm/settings/sample", query_string=typed, headers={"HX-Request": "true"})
    assert sample.text.lstrip().startswith('<section id="sample"')
    assert "too light to be read on paper" in sample.text
    page, mail = looked_into(browser, sample)
    assert "Blue &lt;b&gt;Door&lt;/b&gt;" in page.text
    assert "Blue &lt;b&gt;Door&lt;/b&gt;" in mail.text
    sheet = browser.get(re.search(r"/brand/colors/\w+\.css", page.text)[0]).text
    shade = re.search(r"--brand:(#\w{6})", sheet)[1]
    assert contrast(shade, "#f7f4ee") >= 4.5
    assert kept(company).color == "#1f5c49"


def test_a_color_half_typed_shows_the_one_before(owner):
    _, browser = owner
    typed = {"name": "Blue", "color": "#ff", "phone": "", "license_number": ""}
    sample = browser.get("/crm/settings/sample", query_string=typed)
    assert "#1f5c49" in sample.text


def test_without_scripting_a_button_shows_the_sample_and_nothing_is_kept(owner):
    company, browser = owner
    answer = browser.post("/crm/settings", data=SETTINGS | {"show": "sample", "color": "#ffd400"})
    assert answer.status_code == 200
    assert 'value="Ridgeline &amp; Sons"' in answer.text
    assert "#796500" in browser.get(frames(answer)[0]).text or "#ffd400" in answer.text
    assert kept(company).name == "Ridgeline Roofing"


def test_a_sample_that_we_did_not_make_is_not_shown(owner):
    _, browser = owner
    for door in ("page", "mail"):
        forged = browser.get(f"/crm/settings/sample/{door}/eyJuYW1lIjoiSGFjayJ9.x")
        assert forged.status_code == 404


def test_samples_stand_in_frames_of_ours_alone(owner):
    _, browser = owner
    settings = browser.get("/crm/settings")
    assert "frame-src 'self'" in settings.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in settings.headers["Content-Security-Policy"]
    page, mail = looked_into(browser, settings)
    for frame in (page, mail):
        assert "frame-ancestors 'self'" in frame.headers["Content-Security-Policy"]
        assert frame.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "script-src" not in mail.headers["Content-Security-Policy"]


def test_frames_stand_in_production_too():
    """There the policy of all other pages has no frames at all."""
    app = Flask("production")
    app.config["SETTINGS"] = Settings(mode="production")
    with app.test_request_context():
        assert "frame-src 'self'" in framing(Response()).headers["Content-Security-Policy"]


def test_staff_cannot_open_the_settings(house):
    company, _ = house.company()
    staff = add_member(company.id, "Theo Marsh", "theo@ridgeline.test", PASSWORD)
    browser = house.sign_in_member(house.client(), staff)
    assert browser.get("/crm/settings").status_code == 403
    assert browser.post("/crm/settings", data=SETTINGS).status_code == 403
    assert "/crm/settings" not in browser.get("/crm/pipeline").text


def test_quiet_hours_grow_and_never_shrink(owner):
    """Nobody is texted before 8 or after 9 by a company's own choice."""
    company, browser = owner
    assert browser.post("/crm/settings", data=SETTINGS).status_code == 303
    assert (kept(company).quiet_from, kept(company).quiet_to) == (20, 9)
    for field, typed in (("quiet_from", "22"), ("quiet_from", "9 PM"), ("quiet_to", "7")):
        answer = browser.post("/crm/settings", data=SETTINGS | {field: typed})
        assert answer.status_code == 422
    assert (kept(company).quiet_from, kept(company).quiet_to) == (20, 9)


def test_what_is_not_ticked_is_off(owner):
    company, browser = owner
    assert (kept(company).offers_auto_pay, kept(company).gives_cancel_right) == (True, True)
    browser.post("/crm/settings", data=SETTINGS)
    assert (kept(company).offers_auto_pay, kept(company).gives_cancel_right) == (False, False)
    browser.post("/crm/settings", data=SETTINGS | {"offers_auto_pay": "y"})
    assert kept(company).offers_auto_pay
