"""A member who has lost the password chooses a new one by a link to their mailbox."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from onboarding import clock, jobs
from onboarding.contractors.models import Member
from onboarding.sandbox.mailbox import Mailbox
from tests.house import PASSWORD, House

NEW = "orchard lantern 57"


@pytest.fixture
def member(house: House) -> Member:
    return house.company()[1]


@pytest.fixture
def ask(house: House) -> Callable[[str], str]:
    """Asks for a link as a person does; the path of the newest one mailed, or ''."""

    def asked(email: str) -> str:
        answer = house.client().post("/crm/forgotten-password", data={"email": email})
        assert answer.status_code == 200
        assert "is on its way" in answer.text
        jobs.run_pending()
        mails = [
            mail for mail in Mailbox(house.settings).latest("email") if mail.recipient == email
        ]
        if not mails:
            return ""
        text = mails[0].mail.get_body(("plain",)).get_content()
        return re.search(r"http://localhost(/crm/new-password/\S+)", text)[1]

    return asked


def test_the_new_password_signs_in_and_the_old_one_does_not(house, member, ask):
    path = ask(member.email)
    person = house.client()
    assert "Choose a new password" in person.get(path).text
    assert person.post(path, data={"password": NEW}).status_code == 303
    assert person.get("/crm/pipeline").status_code == 200
    tried = {"email": member.email, "password": PASSWORD}
    assert house.client().post("/crm/sign-in", data=tried).status_code == 422
    assert house.client().post("/crm/sign-in", data=tried | {"password": NEW}).status_code == 303


def test_whoever_was_signed_in_is_not_any_more(house, member, ask):
    before = house.client()
    house.sign_in_member(before, member)
    assert house.client().post(ask(member.email), data={"password": NEW}).status_code == 303
    assert before.get("/crm/pipeline").status_code == 303


def test_looking_uses_nothing_up_and_using_does(house, member, ask):
    path = ask(member.email)
    for _ in range(3):
        assert house.client().get(path).status_code == 200
    assert house.client().post(path, data={"password": NEW}).status_code == 303
    assert house.client().get(path).status_code == 410
    again = house.client().post(path, data={"password": "another lantern 58"})
    assert again.status_code == 410
    assert "Send me a new link" in again.text


def test_a_newer_link_replaces_the_older(house, member, ask):
    first = ask(member.email)
    with clock.shifted(timedelta(minutes=1)):
        second = ask(member.email)
        assert house.client().get(first).status_code == 410
        assert house.client().get(second).status_code == 200


def test_a_second_press_sends_no_second_link(house, member, ask):
    assert ask(member.email) == ask(member.email)


def test_a_link_works_for_an_hour(house, member, ask):
    path = ask(member.email)
    with clock.shifted(timedelta(minutes=59)):
        assert house.client().get(path).status_code == 200
    with clock.shifted(timedelta(minutes=61)):
        assert house.client().get(path).status_code == 410


@pytest.mark.parametrize("poor", ["short", "password1", "ridgeline2026", "x" * 201])
def test_a_poor_password_is_refused_and_the_link_lives(house, member, ask, poor):
    path = ask(member.email)
    refused = house.client().post(path, data={"password": poor})
    assert refused.status_code == 422
    assert "field-error" in refused.text
    assert house.client().post(path, data={"password": NEW}).status_code == 303


def test_nobody_learns_who_signs_in_here(house, member, ask):
    known = house.client().post("/crm/forgotten-password", data={"email": member.email})
    nobody = house.client().post("/crm/forgotten-password", data={"email": "x" + member.email})
    told = known.text.replace(member.email, "…"), nobody.text.replace("x" + member.email, "…")
    assert told[0] == told[1]
    assert ask("nobody@example.com") == ""


def test_a_fourth_link_within_the_hour_has_to_wait_and_keeps_the_address(house, member, ask):
    for _ in range(3):
        ask(member.email)
    refused = house.client().post("/crm/forgotten-password", data={"email": member.email})
    assert refused.status_code == 429
    assert member.email in refused.text
    assert "The newest link still works." in refused.text
    with clock.shifted(timedelta(minutes=61)):
        assert ask(member.email)


def test_a_password_is_the_same_from_every_keyboard(house, member, ask):
    """Some send é as one character, some as two."""
    one, two = "caf\u00e9 lantern 57", "cafe\u0301 lantern 57"
    assert house.client().post(ask(member.email), data={"password": two}).status_code == 303
    signed_in = house.client().post("/crm/sign-in", data={"email": member.email, "password": one})
    assert signed_in.status_code == 303
