from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text

from onboarding import clock
from onboarding.accounts.models import Account
from onboarding.database import end_reads, engine, read
from onboarding.invites.actions import revoke_invite
from onboarding.notifications.models import Channel
from tests.house import House
from tests.invites.scene import ANYONE, Scene, ready

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1"


@pytest.fixture
def sent(house: House) -> Scene:
    """The invite came by text; the customer asks for a link by e-mail."""
    scene = ready(house)
    scene.send(Channel.SMS)
    return scene


@pytest.fixture
def customer(sent: Scene) -> FlaskClient:
    client = sent.started()
    client.post("/portal/account/email", headers={"User-Agent": IPHONE})
    return client


def accounts() -> list[Account]:
    end_reads()
    return list(read(ANYONE).scalars(select(Account)))


def everything() -> str:
    with engine().connect() as raw:
        tables = raw.execute(text("select name from sqlite_master where type = 'table'")).scalars()
        return "".join(f"{t}{raw.execute(text(f'select * from {t}')).all()}" for t in tables.all())


def test_confirmed_in_the_same_browser_it_goes_straight_on(sent: Scene, customer: FlaskClient):
    link = f"/portal/link/{sent.mailed_link()}"
    assert "One press, and you go on" in customer.get(link).text
    assert customer.post(link).location == "/portal/next"
    (account,) = accounts()
    assert account.email == "dana@example.com"
    assert account.phone == "+15035550188"


def test_opening_it_any_number_of_times_uses_nothing_up(sent: Scene, customer: FlaskClient):
    link = f"/portal/link/{sent.mailed_link()}"
    before = everything()
    for _ in range(3):
        scanner = sent.house.client()
        assert scanner.get(link).status_code == 200
        assert scanner.head(link).status_code == 200
    assert everything() == before
    assert customer.post(link).location == "/portal/next"


def test_confirmed_on_another_device_the_first_one_moves_on(sent: Scene, customer: FlaskClient):
    link = f"/portal/link/{sent.mailed_link()}"
    assert customer.get("/portal/code/waiting").status_code == 204
    laptop = sent.house.client()
    page = laptop.get(link).text
    assert "Safari on iPhone" in page
    assert "Was that you?" in page
    assert "Confirmed" in laptop.post(link).text
    assert laptop.get("/portal/profile").status_code == 303
    assert accounts() == []
    moved = customer.get("/portal/code/waiting")
    assert 'data-hx-trigger="load, submit"' in moved.text
    assert customer.post("/portal/code/arrival").location == "/portal/next"
    assert len(accounts()) == 1


def test_within_htmx_the_first_device_moves_as_a_whole_page(sent: Scene, customer: FlaskClient):
    sent.house.client().post(f"/portal/link/{sent.mailed_link()}")
    answer = customer.post("/portal/code/arrival", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == "/portal/next"


def test_going_on_before_it_is_confirmed_says_what_is_missing(sent: Scene, customer: FlaskClient):
    answer = customer.post("/portal/code/arrival")
    assert answer.status_code == 409
    assert "Not confirmed yet" in answer.text
    assert accounts() == []


def test_the_code_in_the_mail_will_do_instead(sent: Scene, customer: FlaskClient):
    assert customer.post("/portal/code", data={"code": sent.code()}).location == "/portal/next"
    (account,) = accounts()
    assert account.email_confirmed_at is not None


def test_a_used_link_and_an_old_one_say_so(sent: Scene, customer: FlaskClient):
    link = f"/portal/link/{sent.mailed_link()}"
    with clock.shifted(timedelta(minutes=10, seconds=1)):
        for answer in (sent.house.client().get(link), sent.house.client().post(link)):
            assert answer.status_code == 410
            assert "no longer works" in answer.text
    customer.post(link)
    answer = sent.house.client().post(link)
    assert answer.status_code == 410
    assert "used already" in answer.text
    assert sent.house.client().get("/portal/link/" + "x" * 43).status_code == 410


def test_a_code_asked_for_anew_ends_the_link_before_it(sent: Scene, customer: FlaskClient):
    old = sent.mailed_link()
    with clock.shifted(timedelta(seconds=31)):
        customer.post("/portal/code/again")
        assert sent.house.client().post(f"/portal/link/{old}").status_code == 410
        assert customer.post(f"/portal/link/{sent.mailed_link()}").location == "/portal/next"


def test_revoked_meanwhile_the_link_opens_nothing(sent: Scene, customer: FlaskClient):
    link = f"/portal/link/{sent.mailed_link()}"
    revoke_invite(sent.onboarding_id, sent.by)
    customer.post(link)
    customer.post("/portal/code/arrival")
    assert accounts() == []


def test_link_pages_send_no_referrer(sent: Scene, customer: FlaskClient):
    answer = customer.get(f"/portal/link/{sent.mailed_link()}")
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer.headers["Cache-Control"]
