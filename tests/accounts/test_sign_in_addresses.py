from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from onboarding import clock
from onboarding.contacts.models import Contact
from onboarding.database import end_reads, read
from tests.accounts.people import LATER, PASSWORD, PROFILE, accounts, inside, is_inside
from tests.house import House
from tests.invites.scene import ANYONE, Scene, ready

SIGN_IN = "/portal/ridgeline-roofing/sign-in"
HALF_AN_HOUR = timedelta(minutes=31)


@pytest.fixture
def sent(house: House) -> Scene:
    scene = ready(house)
    scene.send()
    return scene


@pytest.fixture
def customer(sent: Scene) -> FlaskClient:
    client = inside(sent)
    client.post("/portal/profile", data=PROFILE)
    return client


def changed_to(scene: Scene, client: FlaskClient, email: str) -> None:
    assert client.post("/portal/profile/email", data={"email": email}).location == "/portal/code"
    answer = client.post("/portal/code", data={"code": scene.code()})
    assert answer.location == "/portal/profile"


def test_a_new_email_counts_once_its_code_was_typed(sent: Scene, customer: FlaskClient):
    customer.post("/portal/profile/email", data={"email": "dana@new.example"})
    (account,) = accounts()
    assert account.email == "dana@example.com"
    assert sent.deliveries("code")[0].to == "dana@new.example"
    customer.post("/portal/code", data={"code": sent.code()})
    (account,) = accounts()
    assert account.email == "dana@new.example"
    assert sent.events()[-1] == "account.sign_in_changed"


def test_the_old_address_is_told(sent: Scene, customer: FlaskClient):
    changed_to(sent, customer, "dana@new.example")
    (told,) = sent.deliveries("sign_in_changed")
    assert told.to == "dana@example.com"
    words = sent.words(told)
    assert "(503) 555-0142" in words
    assert "dana@new.example" not in words


def test_other_browsers_are_signed_out_and_this_one_is_not(sent: Scene, customer: FlaskClient):
    laptop = sent.house.client()
    laptop.post(f"/i/{sent.secret()}/start")
    assert is_inside(laptop)
    changed_to(sent, customer, "dana@new.example")
    assert is_inside(customer)
    assert not is_inside(laptop)


def test_the_contact_follows_where_it_said_the_same(sent: Scene, customer: FlaskClient):
    changed_to(sent, customer, "dana@new.example")
    end_reads()
    assert read(ANYONE).get_one(Contact, sent.contact.id).email == "dana@new.example"


def test_what_the_contractor_wrote_otherwise_stays(sent: Scene, customer: FlaskClient):
    sent.edit_contact(email="office@example.com")
    changed_to(sent, customer, "dana@new.example")
    end_reads()
    assert read(ANYONE).get_one(Contact, sent.contact.id).email == "office@example.com"


def test_after_the_change_only_the_new_address_signs_in(sent: Scene, customer: FlaskClient):
    changed_to(sent, customer, "dana@new.example")
    sent.house.client().post(SIGN_IN, data={"address": "dana@example.com"})
    assert sent.deliveries("magic_link") == []
    sent.house.client().post(SIGN_IN, data={"address": "dana@new.example"})
    assert sent.deliveries("magic_link")[0].to == "dana@new.example"


def test_a_mobile_is_added_by_a_code_to_it(sent: Scene, customer: FlaskClient):
    customer.post("/portal/profile/phone", data={"phone": "503-555-0177"})
    assert customer.post("/portal/code", data={"code": sent.code()}).location == "/portal/profile"
    (account,) = accounts()
    assert account.phone == "+15035550177"
    (told,) = sent.deliveries("sign_in_changed")
    assert told.to == "dana@example.com"


def test_a_wrong_code_changes_nothing(sent: Scene, customer: FlaskClient):
    customer.post("/portal/profile/email", data={"email": "dana@new.example"})
    wrong = f"{(int(sent.code()) + 1) % 1_000_000:06d}"
    assert customer.post("/portal/code", data={"code": wrong}).status_code == 422
    assert accounts()[0].email == "dana@example.com"


@pytest.mark.parametrize("what", ["email", "phone", "password"])
def test_signed_in_a_while_ago_a_code_comes_first(sent: Scene, customer: FlaskClient, what: str):
    with clock.shifted(HALF_AN_HOUR):
        answer = customer.get(f"/portal/profile/{what}")
        assert answer.location == f"/portal/confirmation?then={what}"
        assert "d•••@example.com" in customer.get(answer.location).text
        assert customer.post(answer.location).location == "/portal/code"
        answer = customer.post("/portal/code", data={"code": sent.code()})
        assert answer.location == f"/portal/profile/{what}"
        assert customer.get(f"/portal/profile/{what}").status_code == 200


def test_a_post_on_an_old_session_changes_nothing(sent: Scene, customer: FlaskClient):
    with clock.shifted(HALF_AN_HOUR):
        answer = customer.post("/portal/profile/password", data={"password": PASSWORD})
        assert answer.location == "/portal/confirmation?then=password"
    assert accounts()[0].password_hash is None


def test_a_password_may_be_chosen_later_and_changed(sent: Scene, customer: FlaskClient):
    answer = customer.post("/portal/profile/password", data={"password": "short"})
    assert answer.status_code == 422
    assert "at least 8" in answer.text
    for password in (PASSWORD, "four gray mules"):
        answer = customer.post("/portal/profile/password", data={"password": password})
        assert answer.location == "/portal/profile"
    laptop = sent.house.client()
    for password, location in ((PASSWORD, None), ("four gray mules", "/portal/code")):
        given = {"email": "dana@example.com", "password": password}
        assert laptop.post(f"{SIGN_IN}/password", data=given).location == location


def test_a_changed_password_makes_every_device_a_new_one(sent: Scene, customer: FlaskClient):
    customer.post("/portal/profile/password", data={"password": PASSWORD})
    customer.post("/portal/sign-out")
    with clock.shifted(LATER):
        given = {"email": "dana@example.com", "password": PASSWORD}
        assert customer.post(f"{SIGN_IN}/password", data=given).location == "/portal/code"


@pytest.mark.parametrize("then", ["https://evil.example", "//evil.example", "\\evil", "sign_out"])
def test_after_the_code_nobody_is_sent_elsewhere(sent: Scene, customer: FlaskClient, then: str):
    customer.post("/portal/confirmation", query_string={"then": then})
    answer = customer.post("/portal/code", data={"code": sent.code()})
    assert answer.location == "/portal/next"


def test_the_code_for_a_change_is_refused_for_signing_in(sent: Scene, customer: FlaskClient):
    customer.post("/portal/profile/email", data={"email": "dana@new.example"})
    code = sent.code()
    customer.post("/portal/sign-out")
    answer = customer.post("/portal/code", data={"code": code})
    assert answer.status_code in (303, 422)
    assert not is_inside(customer)
