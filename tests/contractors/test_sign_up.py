"""A company begins by itself, in the browser."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from onboarding import clock, config, create_app, database, jobs
from onboarding.config import Misconfigured, read_settings
from onboarding.contractors.models import Contractor, Member, SignUp
from onboarding.database import Everyone, read
from onboarding.notifications.models import Delivery
from onboarding.sandbox.mailbox import Mailbox
from tests.house import House

ALL = Everyone("a test looks at everybody")
ASKED = {
    "company": "Bluebird HVAC", "phone": "(503) 555-0177", "name": "Ana Ruiz",
    "email": "ana@bluebird.test", "password": "orchard lantern 57",
}  # fmt: skip


def ask(house: House, **other: str):
    return house.client().post("/crm/sign-up", data=ASKED | other)


def mails(house: House, email: str = ASKED["email"]) -> list[str]:
    jobs.run_pending()
    return [
        one.mail.get_body(("plain",)).get_content()
        for one in Mailbox(house.settings).latest("email")
        if one.recipient == email
    ]


def link(house: House) -> str:
    return re.search(r"http://localhost(/crm/sign-up/\S+)", mails(house)[0])[1]


def companies() -> list[Contractor]:
    database.end_reads()
    return read(ALL).query(Contractor).all()


def test_a_company_begins_with_its_owner_when_the_mailbox_is_confirmed(house):
    assert "We have written to ana@bluebird.test" in ask(house).text
    assert companies() == [], "nothing can be sent before"
    path, person = link(house), house.client()
    assert "Begin with Bluebird HVAC" in person.get(path).text
    assert companies() == []
    assert person.post(path).status_code == 303
    assert person.get("/crm/settings").status_code == 200
    (company,) = companies()
    assert (company.slug, company.phone) == ("bluebird-hvac", "+15035550177")
    assert company.reply_to == ASKED["email"]
    signed_in = house.client().post("/crm/sign-in", data=ASKED)
    assert signed_in.status_code == 303


def test_looking_uses_nothing_up_and_the_press_does(house):
    ask(house)
    path = link(house)
    for _ in range(3):
        assert house.client().get(path).status_code == 200
    assert house.client().post(path).status_code == 303
    assert house.client().get(path).status_code == 410
    assert house.client().post(path).status_code == 410
    assert len(companies()) == 1


def test_a_link_works_for_a_day(house):
    ask(house)
    path = link(house)
    with clock.shifted(timedelta(hours=25)):
        assert house.client().post(path).status_code == 410
    assert companies() == []


def test_nobody_learns_who_signs_in_here(house):
    _, member = house.company()
    known, unknown = ask(house, email=member.email), ask(house)
    assert known.status_code == unknown.status_code == 200
    assert known.text.replace(member.email, "…") == unknown.text.replace(ASKED["email"], "…")
    (told,) = mails(house, member.email)
    assert "You sign in here already" in told
    assert "/crm/sign-up/" not in told
    assert len(companies()) == 1


def test_of_two_links_to_one_mailbox_one_begins(house):
    ask(house)
    first = link(house)
    with clock.shifted(timedelta(minutes=1)):
        ask(house, company="Bluebird Heating")
        second = link(house)
        assert second != first
        assert house.client().post(second).status_code == 303
        assert house.client().post(first).status_code == 410
    assert [company.name for company in companies()] == ["Bluebird Heating"]
    assert read(ALL).query(Member).count() == 1


def test_a_second_press_sends_one_mail(house):
    ask(house)
    ask(house)
    assert len(mails(house)) == 1


def test_two_companies_of_one_name_have_addresses_of_their_own(house):
    house.company("Bluebird HVAC")
    ask(house)
    house.client().post(link(house))
    assert {company.slug for company in companies()} == {"bluebird-hvac", "bluebird-hvac-2"}


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("company", "", "Enter the company's name."),
        ("phone", "5", "Enter a phone number with its area code"),
        ("email", "ana", "it looks like name@example.com"),
        ("name", " ", "Enter your name"),
        ("password", "bluebird1", "easy to guess"),
        ("password", "short", "at least 8 characters"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(house, field, typed, said):
    refused = ask(house, **{field: typed})
    assert refused.status_code == 422
    assert said in refused.text
    assert mails(house) == []
    if field != "company":
        assert "Bluebird HVAC" in refused.text


def test_a_mailbox_gets_three_mails_an_hour_and_a_network_ten(house):
    for number in range(3):
        with clock.shifted(timedelta(minutes=number)):
            assert ask(house).status_code == 200
    assert ask(house).status_code == 429
    for number in range(7):
        assert ask(house, email=f"ana{number}@bluebird.test").status_code == 200
    refused = ask(house, email="another@bluebird.test")
    assert refused.status_code == 429
    assert "another@bluebird.test" in refused.text


def test_the_first_mail_belongs_to_the_company_that_begins(house):
    ask(house)
    house.client().post(link(house))
    (company,) = companies()
    assert [one.to for one in read(company.id).query(Delivery)] == [ASKED["email"]]


def test_what_was_never_confirmed_is_forgotten(house):
    ask(house)
    with clock.shifted(timedelta(days=40)):
        ask(house, email="other@bluebird.test")
    database.end_reads()
    assert [one.email for one in read(ALL).query(SignUp)] == ["other@bluebird.test"]


def test_an_installation_may_keep_the_door_closed(settings):
    app = create_app(replace(settings, sign_up="closed"))
    app.config["WTF_CSRF_ENABLED"] = False
    browser = app.test_client()
    assert browser.get("/crm/sign-up").status_code == 404
    assert browser.post("/crm/sign-up", data=ASKED).status_code == 404
    assert "sign-up" not in browser.get("/crm/sign-in").text
    database.end_reads()
    database.engine().dispose()


def test_the_door_is_open_or_closed_and_nothing_else():
    assert read_settings({"SIGN_UP": "closed"}).has_sign_up is False
    assert config.Settings().has_sign_up is True
    with pytest.raises(Misconfigured, match="SIGN_UP"):
        read_settings({"SIGN_UP": "perhaps"})
