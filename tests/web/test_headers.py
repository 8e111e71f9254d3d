"""Every answer carries the policy, and posts come from our own pages."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from onboarding import create_app
from onboarding.config import Settings
from onboarding.contacts.models import Contact
from onboarding.database import Everyone, read
from onboarding.web.headers import policy
from tests.house import House

ANSWERS = {
    "a page": ("/crm/sign-in", 200),
    "a page behind sign-in": ("/crm/contacts", 303),
    "a page that is not there": ("/crm/nowhere", 404),
    "a link that never was": ("/i/nothing", None),
    "a wrong method": ("/crm/sign-out", 405),
}


@pytest.mark.parametrize("what", ANSWERS)
def test_the_policy_stands_on_every_answer(house: House, what: str) -> None:
    path, status = ANSWERS[what]
    answer = house.client().get(path)
    assert status is None or answer.status_code == status
    csp = answer.headers["Content-Security-Policy"]
    for part in ("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"):
        assert part in csp
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_the_policy_has_no_door_for_inline_code_or_other_sites() -> None:
    for mode in ("demo", "test", "production"):
        csp = policy(Settings(mode=mode))
        for hole in ("unsafe-inline", "unsafe-eval", "*", "http:", "blob:"):
            assert hole not in csp.replace("https://checkout.stripe.com", "")


def test_production_sends_forms_to_stripe_and_nowhere_else() -> None:
    csp = policy(Settings(mode="production"))
    assert "form-action 'self' https://checkout.stripe.com;" in csp
    assert "frame-src" not in csp


def test_a_page_is_never_kept_by_a_cache(house: House) -> None:
    assert house.client().get("/crm/sign-in").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/i/some-secret", "/portal/link/some-secret"])
def test_an_address_with_a_secret_is_not_passed_on(house: House, path: str) -> None:
    assert house.client().get(path).headers["Referrer-Policy"] == "no-referrer"


def test_https_is_remembered_where_it_is_served(settings: Settings, house: House) -> None:
    assert "Strict-Transport-Security" not in house.client().get("/crm/sign-in").headers
    secure = create_app(replace(settings, base_url="https://portal.example.com"))
    answer = secure.test_client().get("/crm/sign-in", base_url="https://portal.example.com")
    assert "max-age=" in answer.headers["Strict-Transport-Security"]


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1", "localhost:81"]
)
def test_an_unknown_host_is_refused(house: House, host: str) -> None:
    answer = house.client().get("/crm/sign-in", headers={"Host": host})
    assert answer.status_code == 400
    assert "evil.example" not in answer.text


def test_a_forwarded_host_is_not_believed(house: House) -> None:
    answer = house.client().get("/crm/contacts", headers={"X-Forwarded-Host": "evil.example"})
    assert "evil.example" not in answer.headers["Location"]


FOREIGN = [
    {"Origin": "https://evil.example"},
    {"Origin": "http://localhost.evil.example"},
    {"Origin": "https://localhost"},
    {"Origin": "http://localhost:81"},
    {"Origin": "null"},
    {"Origin": ""},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    {"Sec-Fetch-Site": ""},
]
OWN = [
    {},
    {"Origin": "http://localhost"},
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
    {"Sec-Fetch-Site": "none"},
]


def signed_in(house: House) -> FlaskClient:
    return house.sign_in_member(house.client(), house.company()[1])


@pytest.mark.parametrize("headers", FOREIGN)
def test_a_post_from_elsewhere_changes_nothing(house: House, headers: dict[str, str]) -> None:
    client = signed_in(house)
    answer = client.post(f"/crm/contacts/new/{'0' * 26}", data={"name": "X"}, headers=headers)
    assert answer.status_code == 400
    everyone = Everyone("a test looks for a contact of anybody's")
    assert read(everyone).scalar(select(func.count(Contact.id))) == 0


@pytest.mark.parametrize("headers", OWN)
def test_a_post_from_our_own_page_arrives(house: House, headers: dict[str, str]) -> None:
    answer = signed_in(house).post(
        f"/crm/contacts/new/{'0' * 26}", data={"name": "Dana"}, headers=headers
    )
    assert answer.status_code in (303, 422)


def test_a_link_from_elsewhere_may_be_followed(house: House) -> None:
    answer = house.client().get("/crm/sign-in", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 200


def test_a_post_without_the_forms_token_is_refused_with_a_page_for_people(house: House) -> None:
    client = signed_in(house)
    house.app.config["WTF_CSRF_ENABLED"] = True
    answer = client.post(f"/crm/contacts/new/{'0' * 26}", data={"name": "Dana"})
    assert answer.status_code == 400
    assert "This page was open for a while" in answer.text
    assert "Nothing was sent" in answer.text
