import logging
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from onboarding import clock
from onboarding.accounts.models import Account, Challenge
from onboarding.database import end_reads, read
from onboarding.notifications import sending
from onboarding.notifications.models import Channel, DeliveryState
from tests.house import House
from tests.invites.scene import ANYONE, Scene, ready, ready_for

LATER = timedelta(seconds=31)


@pytest.fixture
def sent(house: House) -> Scene:
    scene = ready(house)
    scene.send()
    return scene


@pytest.fixture
def customer(sent: Scene) -> FlaskClient:
    client = sent.started()
    client.post("/portal/account/phone")
    return client


def wrong(scene: Scene) -> str:
    return f"{(int(scene.code()) + 1) % 1_000_000:06d}"


def there_is_an_account() -> bool:
    end_reads()
    return read(ANYONE).scalars(select(Account)).first() is not None


def test_a_wrong_code_says_what_to_do_and_the_right_one_still_works(
    sent: Scene, customer: FlaskClient
):
    answer = customer.post("/portal/code", data={"code": wrong(sent)})
    assert answer.status_code == 422
    assert "That is not the code we sent" in answer.text
    assert customer.post("/portal/code", data={"code": sent.code()}).status_code == 303


def test_after_five_wrong_ones_even_the_right_one_is_refused(sent: Scene, customer: FlaskClient):
    for _ in range(4):
        customer.post("/portal/code", data={"code": wrong(sent)})
    fifth = customer.post("/portal/code", data={"code": wrong(sent)})
    sixth = customer.post("/portal/code", data={"code": sent.code()})
    for answer in (fifth, sixth):
        assert answer.status_code == 422
        assert "the last try" in answer.text
    assert not there_is_an_account()


@pytest.mark.parametrize(("minutes", "status"), [(9.9, 303), (10.1, 422)])
def test_a_code_works_ten_minutes(sent: Scene, customer: FlaskClient, minutes: float, status: int):
    with clock.shifted(timedelta(minutes=minutes)):
        answer = customer.post("/portal/code", data={"code": sent.code()})
    assert answer.status_code == status
    assert ("more than ten minutes old" in answer.text) is (status == 422)


def test_a_used_code_is_used(sent: Scene, customer: FlaskClient):
    code = sent.code()
    again = sent.started()
    again.post("/portal/account/phone")
    customer.post("/portal/code", data={"code": code})
    answer = customer.post("/portal/code", data={"code": code})
    assert answer.status_code == 303
    challenge = read(ANYONE).scalars(select(Challenge).order_by(Challenge.id)).first()
    assert challenge is not None
    assert challenge.used_at is not None
    assert challenge.tries == 1


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "１２３４５６", "1" * 5000])
def test_what_is_not_six_digits_costs_no_try(sent: Scene, customer: FlaskClient, typed: str):
    answer = customer.post("/portal/code", data={"code": typed})
    assert answer.status_code == 422
    assert "Enter the 6 digits" in answer.text
    end_reads()
    assert read(ANYONE).scalars(select(Challenge)).one().tries == 0


def test_a_new_code_ends_the_old_one(sent: Scene, customer: FlaskClient):
    old = sent.code()
    with clock.shifted(LATER):
        assert customer.post("/portal/code/again").location == "/portal/code"
        assert len(sent.deliveries("code")) == 2
        if old != sent.code():
            assert customer.post("/portal/code", data={"code": old}).status_code == 422
        assert customer.post("/portal/code", data={"code": sent.code()}).status_code == 303


def test_asked_again_at_once_it_is_the_one_on_its_way(sent: Scene, customer: FlaskClient):
    for _ in range(3):
        customer.post("/portal/code/again")
        customer.post("/portal/account/phone")
    assert len(sent.deliveries("code")) == 1
    assert "seconds you can ask for another" in customer.get("/portal/code").text


def test_a_code_serves_only_the_browser_that_asked(sent: Scene, customer: FlaskClient):
    code = sent.code()
    other = sent.started()
    other.post("/portal/account/email")
    with other.session_transaction() as _:
        pass
    answer = other.post("/portal/code", data={"code": code})
    assert answer.status_code == 422 or code == sent.code()
    assert sent.house.client().post("/portal/code", data={"code": code}).status_code == 303
    assert not there_is_an_account()


def test_six_messages_an_hour_to_one_number_and_then_another_way_is_offered(
    sent: Scene, customer: FlaskClient
):
    for number in range(1, 6):
        with clock.shifted(number * LATER):
            assert customer.post("/portal/code/again").status_code == 303
    with clock.shifted(7 * LATER):
        answer = customer.post("/portal/code/again")
        assert answer.status_code == 429
        assert "That is enough messages for now" in answer.text
        assert customer.post("/portal/account/phone").status_code == 429
        assert customer.post("/portal/account/email").status_code == 303
    assert len(sent.deliveries("code")) == 6


def test_whoever_pumps_texts_to_neighboring_numbers_is_stopped(house: House):
    scene = ready(house, mobile=None)
    scene.send()
    customer = scene.started()
    answers = [
        customer.post("/portal/account/phone", data={"phone": f"+1503555{number:04d}"})
        for number in range(100, 130)
    ]
    assert answers[-1].status_code == 429
    assert len(scene.deliveries("code")) == 15
    # What they used up is theirs: the contractor's own invite still goes out as a text.
    neighbor = ready_for(
        house, scene.company, scene.member, house.contact(scene.company, mobile="+15035550199")
    )
    neighbor.send(Channel.SMS)
    sending.sweep()
    assert neighbor.deliveries("invite")[-1].state == DeliveryState.DELIVERED


def test_the_page_fills_itself_and_goes_off_by_itself(sent: Scene, customer: FlaskClient):
    page = customer.get("/portal/code").text
    assert 'autocomplete="one-time-code"' in page
    assert 'data-code="6"' in page
    assert f"@localhost #{sent.code()}" in sent.words(sent.deliveries("code")[0])


def test_the_count_of_tries_survives_a_restart(sent: Scene, customer: FlaskClient):
    for _ in range(3):
        customer.post("/portal/code", data={"code": wrong(sent)})
    end_reads()
    assert read(ANYONE).scalars(select(Challenge)).one().tries == 3


def test_no_log_line_carries_a_code(sent: Scene, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    customer = sent.started()
    customer.post("/portal/account/phone")
    code = sent.code()
    customer.post("/portal/code", data={"code": wrong(sent)})
    customer.post("/portal/code", data={"code": code})
    assert code not in caplog.text


def test_no_page_of_the_contractor_shows_a_code(sent: Scene, customer: FlaskClient):
    crm = sent.house.sign_in_member(sent.house.client(), sent.member)
    page = crm.get(f"/crm/contacts/{sent.contact.id}").text
    assert sent.code() not in page
