import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from onboarding import passwords
from onboarding.notifications.models import Channel
from onboarding.password_rules import Weakness, weakness
from tests.accounts.people import PASSWORD, accounts, inside, is_inside
from tests.house import House
from tests.invites.scene import Scene, ready

SIGN_IN = "/portal/ridgeline-roofing/sign-in/password"


@pytest.fixture
def sent(house: House) -> Scene:
    scene = ready(house)
    scene.send()
    return scene


@pytest.mark.parametrize(
    ("password", "found"),
    [
        ("seven77", Weakness.TOO_SHORT),
        ("        ", Weakness.COMMON),
        ("aaaaaaaaaaaa", Weakness.COMMON),
        ("password", Weakness.COMMON),
        ("PassWord", Weakness.COMMON),
        ("trustno1", Weakness.COMMON),
        ("baseball", Weakness.COMMON),
        ("qwertyuiop", Weakness.COMMON),
        ("ridgeline2026", Weakness.GUESSABLE),
        ("Whitfield1984", Weakness.GUESSABLE),
        ("mypassword99", Weakness.GUESSABLE),
        ("x" * 100 + "yz" * 51, Weakness.TOO_LONG),
        ("ab" * 2500, Weakness.TOO_LONG),
        ("eight chr", None),
        ("tür und tor", None),
        ("три коня бурых", None),
        ("correct horse battery staple", None),
        ("four score and seven years ago our fathers brought forth, on this", None),
        ("xy" + "z q" * 66, None),
    ],
)
def test_which_passwords_will_do(password: str, found: Weakness | None):
    about = ("Dana Whitfield", "Ridgeline Roofing", "dana@example.com")
    assert weakness(password, about) is found


def test_a_password_may_be_chosen_and_comes_back(sent: Scene):
    inside(sent, PASSWORD)
    (account,) = accounts()
    assert account.password_hash is not None
    assert account.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert PASSWORD not in account.password_hash


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("short", "Use at least 8 characters."),
        ("football", "easy to guess"),
        ("ridgeline99", "close to your name"),
        ("", "Choose a password."),
    ],
)
def test_a_refused_one_is_said_beside_the_field(sent: Scene, password: str, sentence: str):
    answer = sent.started().post("/portal/account/password", data={"password": password})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert accounts() == []


class Alarm:
    """Stands where argon2 does."""

    def hash(self, password: str) -> str:
        raise AssertionError("the password reached argon2")

    def verify(self, known: str, password: str) -> bool:
        raise AssertionError("the password reached argon2")


def test_a_giant_one_never_reaches_argon2(sent: Scene, monkeypatch: pytest.MonkeyPatch):
    customer = sent.started()
    monkeypatch.setattr(passwords, "_hasher", Alarm())
    answer = customer.post("/portal/account/password", data={"password": "ab" * 2500})
    assert answer.status_code == 422
    given = {"email": "d@example.com", "password": "a" * 9999}
    assert sent.house.client().post(SIGN_IN, data=given).status_code == 422


def test_where_the_link_came_by_text_the_email_is_asked_for(house: House):
    scene = ready(house)
    scene.send(Channel.SMS)
    customer = scene.started()
    assert 'id="password-email"' in customer.get("/portal/account").text
    answer = customer.post("/portal/account/password", data={"password": PASSWORD})
    assert answer.status_code == 422
    given = {"password": PASSWORD, "email": "dana@example.com"}
    assert customer.post("/portal/account/password", data=given).location == "/portal/next"
    (account,) = accounts()
    assert account.email == "dana@example.com"
    assert account.email_confirmed_at is None
    assert account.phone_confirmed_at is not None


def signing_in(scene: Scene, client: FlaskClient, password: str = PASSWORD) -> str:
    given = {"email": "Dana@Example.com", "password": password}
    answer = client.post(SIGN_IN, data=given)
    return str(answer.location or answer.status_code)


def test_on_the_same_device_the_password_is_enough(sent: Scene):
    customer = inside(sent, PASSWORD)
    customer.post("/portal/sign-out")
    assert not is_inside(customer)
    assert signing_in(sent, customer) == "/portal/next"
    assert is_inside(customer)
    assert sent.events()[-1] == "account.signed_in"


def test_on_a_new_device_a_code_is_asked_as_well(sent: Scene):
    inside(sent, PASSWORD)
    laptop = sent.house.client()
    assert signing_in(sent, laptop) == "/portal/code"
    assert not is_inside(laptop)
    assert laptop.post("/portal/code", data={"code": sent.code()}).location == "/portal/next"
    laptop.post("/portal/sign-out")
    assert signing_in(sent, laptop) == "/portal/next"


def tried(scene: Scene, email: str, password: str) -> TestResponse:
    return scene.house.client().post(SIGN_IN, data={"email": email, "password": password})


def test_a_wrong_password_and_a_stranger_get_the_same_words(sent: Scene):
    inside(sent, PASSWORD)
    wrong = tried(sent, "dana@example.com", "no way in")
    nobody = tried(sent, "dana@example.org", "no way in")
    assert (wrong.status_code, nobody.status_code) == (422, 422)
    assert "do not belong together" in wrong.text
    assert "do not belong together" in nobody.text


def test_ten_tries_in_a_quarter_of_an_hour_for_known_and_unknown_alike(sent: Scene):
    inside(sent, PASSWORD)
    for email in ("dana@example.com", "nobody@example.com"):
        found = [tried(sent, email, "not the one").status_code for _ in range(11)]
        assert found == [422] * 10 + [429]
    assert tried(sent, "dana@example.com", PASSWORD).status_code == 429
