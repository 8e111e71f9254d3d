from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from onboarding import clock
from onboarding.accounts.models import Account, Challenge
from onboarding.accounts.queries import confirmed_channel
from onboarding.database import end_reads, read
from onboarding.invites.actions import revoke_invite
from onboarding.journey.status import Status
from onboarding.notifications.models import Channel
from tests.house import House
from tests.invites.scene import ANYONE, Scene, ready


@pytest.fixture
def sent(house: House) -> Scene:
    scene = ready(house)
    scene.send()
    return scene


@pytest.fixture
def customer(sent: Scene) -> FlaskClient:
    return sent.started()


def accounts() -> list[Account]:
    end_reads()
    return list(read(ANYONE).scalars(select(Account)))


def test_all_ways_stand_on_one_screen_and_nothing_is_told_in_full(
    sent: Scene, customer: FlaskClient
):
    page = customer.get("/portal/account").text
    assert "Continue with d•••@example.com" in page
    assert "Text me a code" in page
    assert "(•••) •••-0188" in page
    assert "E-mail me a sign-in link" in page
    assert "Use a password" in page
    for private in ("dana@example.com", "5550188", "Whitfield"):
        assert private not in page


def test_one_press_where_the_link_confirmed_the_mailbox(sent: Scene, customer: FlaskClient):
    answer = customer.post("/portal/account")
    assert answer.location == "/portal/next"
    (account,) = accounts()
    assert account.email == "dana@example.com"
    assert account.email_confirmed_at is not None
    assert account.phone is None
    assert sent.events()[-1] == "account.created"
    assert sent.onboarding().status == Status.ACCOUNT_ACTIVE


def test_one_press_where_the_link_confirmed_the_phone(house: House):
    scene = ready(house)
    scene.send(Channel.SMS)
    customer = scene.started()
    assert "Continue with (•••) •••-0188" in customer.get("/portal/account").text
    customer.post("/portal/account")
    (account,) = accounts()
    assert (account.phone, account.email) == ("+15035550188", None)


def test_what_the_contractor_knew_is_filled_in(sent: Scene, customer: FlaskClient):
    customer.post("/portal/account")
    page = customer.get("/portal/profile").text
    for known in ("Dana Whitfield", "88 Fir Lane", "Portland", "97211"):
        assert f'value="{known}"' in page


def test_a_code_by_text_confirms_the_phone_as_well(sent: Scene, customer: FlaskClient):
    answer = customer.post("/portal/account/phone")
    assert answer.location == "/portal/code"
    assert "(•••) •••-0188" in customer.get("/portal/code").text
    assert customer.post("/portal/code", data={"code": sent.code()}).location == "/portal/next"
    (account,) = accounts()
    assert account.phone == "+15035550188"
    assert account.phone_confirmed_at is not None
    assert account.email_confirmed_at is not None
    assert sent.events().count("account.channel_confirmed") == 2


def test_the_code_may_be_typed_with_a_space(sent: Scene, customer: FlaskClient):
    customer.post("/portal/account/phone")
    code = sent.code()
    answer = customer.post("/portal/code", data={"code": f" {code[:3]} {code[3:]} "})
    assert answer.location == "/portal/next"


def test_without_a_mobile_on_file_one_may_be_entered_and_is_kept(house: House):
    scene = ready(house, mobile=None)
    scene.send()
    customer = scene.started()
    customer.post("/portal/account/phone", data={"phone": "(503) 555-0177"})
    assert scene.deliveries("code")[0].to == "+15035550177"
    customer.post("/portal/code", data={"code": scene.code()})
    (account,) = accounts()
    assert account.phone == "+15035550177"
    contact = read(ANYONE).get_one(type(scene.contact), scene.contact.id)
    assert contact.mobile == "+15035550177"


@pytest.mark.parametrize("number", ["", "12", "not a number", "+44 20 7946 0958", "9" * 400])
def test_a_number_we_cannot_text_is_said_beside_the_field_and_kept(house: House, number: str):
    scene = ready(house, mobile=None)
    scene.send()
    answer = scene.started().post("/portal/account/phone", data={"phone": number})
    assert answer.status_code == 422
    assert 'id="phone-error"' in answer.text
    assert number in answer.text
    assert scene.deliveries("code") == []


def test_the_session_begun_has_an_hour_even_when_the_link_runs_out(sent: Scene):
    secret = sent.secret()
    with clock.shifted(timedelta(hours=71, minutes=59)):
        customer = sent.house.client()
        customer.post(f"/i/{secret}/start")
    with clock.shifted(timedelta(hours=72, minutes=50)):
        assert customer.post("/portal/account").location == "/portal/next"


def test_after_an_hour_it_says_so(sent: Scene, customer: FlaskClient):
    with clock.shifted(timedelta(minutes=61)):
        answer = customer.post("/portal/account")
    assert answer.status_code == 410
    assert "over an hour" in answer.text
    assert accounts() == []


def test_whoever_never_pressed_is_led_to_sign_in(house: House):
    ready(house)
    assert house.client().get("/portal/account").location == "/portal/sign-in"
    assert house.client().post("/portal/account").location == "/portal/sign-in"


def test_an_account_belongs_to_all_the_contacts_jobs_and_is_made_once(
    sent: Scene, customer: FlaskClient
):
    other = sent.started()
    customer.post("/portal/account")
    other.post("/portal/account")
    assert len(accounts()) == 1
    assert sent.events().count("account.created") == 1
    assert other.get("/portal/profile").status_code == 200


def test_another_way_to_an_account_that_does_not_know_it_leads_to_sign_in(house: House):
    scene = ready(house)
    scene.send(Channel.EMAIL, Channel.SMS)
    by_mail, by_text = house.client(), house.client()
    by_mail.post(f"/i/{scene.secret(0)}/start")
    by_text.post(f"/i/{scene.secret(1)}/start")
    by_mail.post("/portal/account")
    answer = by_text.post("/portal/account")
    assert answer.location == "/portal/ridgeline-roofing/sign-in"
    (account,) = accounts()
    assert account.phone is None


def test_pressing_the_link_again_signs_in_to_the_confirmed_account(
    sent: Scene, customer: FlaskClient
):
    customer.post("/portal/account")
    again = sent.house.client()
    answer = again.post(f"/i/{sent.secret()}/start")
    assert answer.location == "/portal/next"
    assert again.get("/portal/profile").status_code == 200
    assert sent.events()[-1] == "account.signed_in"


def test_a_link_to_an_address_the_contractor_put_in_later_opens_no_account(
    sent: Scene, customer: FlaskClient
):
    customer.post("/portal/account")
    sent.edit_contact(email="contractors.own@example.com")
    with clock.shifted(timedelta(minutes=1)):
        sent.send()
        secret = sent.secret(purpose="invite_sign_in")
        impostor = sent.house.client()
        answer = impostor.post(f"/i/{secret}/start")
    assert answer.location == "/portal/ridgeline-roofing/sign-in"
    assert impostor.get("/portal/profile").status_code == 303


def test_revoked_in_the_middle_no_way_leads_on(sent: Scene, customer: FlaskClient):
    customer.post("/portal/account/phone")
    code = sent.code()
    revoke_invite(sent.onboarding_id, sent.by)
    assert customer.post("/portal/code", data={"code": code}).status_code in (303, 410, 409)
    assert customer.post("/portal/account").status_code == 410
    assert accounts() == []


def test_a_contractor_who_corrects_the_number_stops_the_code_on_its_way(
    sent: Scene, customer: FlaskClient
):
    customer.post("/portal/account/phone")
    sent.edit_contact(mobile="+15035550111")
    answer = customer.post("/portal/code", data={"code": sent.code()})
    assert answer.status_code == 422
    assert "A newer code was sent" in answer.text
    assert accounts() == []


def test_every_account_has_a_confirmed_channel(sent: Scene, customer: FlaskClient):
    password = "three brown horses"
    customer.post("/portal/account/password", data={"password": password})
    (account,) = accounts()
    confirmed = confirmed_channel(account)
    assert confirmed is not None
    assert (confirmed.channel, confirmed.address) == ("email", "dana@example.com")


def test_no_code_is_kept_readable(sent: Scene, customer: FlaskClient):
    customer.post("/portal/account/phone")
    (challenge,) = read(ANYONE).scalars(select(Challenge))
    code = sent.code()
    assert code not in challenge.code_hash
    (delivery,) = sent.deliveries("code")
    assert delivery.subject == ""
    assert delivery.is_code
    assert delivery.not_after == challenge.expires_at
