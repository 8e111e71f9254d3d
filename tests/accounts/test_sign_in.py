import re
import statistics
from datetime import timedelta
from time import perf_counter

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from onboarding import clock
from onboarding.accounts.models import Challenge
from onboarding.database import end_reads, read
from onboarding.notifications.models import Channel
from tests.accounts.people import LATER, PASSWORD, accounts, inside, is_inside
from tests.house import House
from tests.invites.scene import ANYONE, Scene, ready, ready_for

SIGN_IN = "/portal/ridgeline-roofing/sign-in"


@pytest.fixture
def sent(house: House) -> Scene:
    scene = ready(house)
    scene.send()
    return scene


def asks(client: FlaskClient, address: str, at: str = SIGN_IN) -> TestResponse:
    answer = client.post(at, data={"address": address})
    assert answer.location == "/portal/code", answer.text
    return client.get("/portal/code")


def plain(page: str) -> str:
    """The page without what differs from request to request anyway."""
    page = re.sub(r'value="[\w.-]{40,}"|X-CSRFToken": "[\w.-]+"', "", page)
    return re.sub(r"After \d+ seconds", "", page)


def test_by_email_with_the_code_and_back_to_the_step_that_was_left(sent: Scene):
    inside(sent)
    laptop = sent.house.client()
    asks(laptop, "Dana@example.com")
    assert laptop.post("/portal/code", data={"code": sent.code()}).location == "/portal/next"
    assert laptop.get("/portal/next").location == "/portal/profile"
    assert sent.events()[-1] == "account.signed_in"


def test_by_email_with_the_link_on_another_device(sent: Scene):
    inside(sent)
    laptop = sent.house.client()
    asks(laptop, "dana@example.com")
    sent.house.client().post(f"/portal/link/{sent.mailed_link()}")
    assert laptop.post("/portal/code/arrival").location == "/portal/next"
    assert is_inside(laptop)


def test_by_text_to_a_confirmed_phone(house: House):
    scene = ready(house)
    scene.send(Channel.SMS)
    inside(scene)
    laptop = house.client()
    asks(laptop, "503 555 0188")
    assert laptop.post("/portal/code", data={"code": scene.code()}).location == "/portal/next"


def test_a_phone_that_was_never_confirmed_gets_no_code(sent: Scene):
    inside(sent)
    asks(sent.house.client(), "503 555 0188")
    assert sent.deliveries("code") == []


@pytest.mark.parametrize("address", ["", "dana@", "555", "+44 20 7946 0958", "x" * 300])
def test_what_cannot_be_an_address_is_said_beside_the_field(sent: Scene, address: str):
    answer = sent.house.client().post(SIGN_IN, data={"address": address})
    assert answer.status_code == 422
    assert 'id="address-error"' in answer.text


def test_nobody_learns_whether_an_address_has_an_account(sent: Scene):
    inside(sent)
    known, unknown = sent.house.client(), sent.house.client()
    first, second = asks(known, "dana@example.com"), asks(unknown, "nora@example.com")
    masked = second.text.replace("n•••@", "d•••@")
    assert plain(first.text) == plain(masked)
    assert first.status_code == second.status_code
    names = [{name for name, _ in answer.headers} for answer in (first, second)]
    assert names[0] == names[1]
    assert [each.to for each in sent.deliveries("magic_link")] == ["dana@example.com"]


def test_a_guess_at_an_unknown_address_reads_as_any_wrong_code(sent: Scene):
    inside(sent)
    known, unknown = sent.house.client(), sent.house.client()
    asks(known, "dana@example.com")
    asks(unknown, "nora@example.com")
    wrong = f"{(int(sent.code()) + 1) % 1_000_000:06d}"
    pages = [client.post("/portal/code", data={"code": wrong}) for client in (known, unknown)]
    assert [page.status_code for page in pages] == [422, 422]
    assert plain(pages[0].text) == plain(pages[1].text.replace("n•••@", "d•••@"))


def test_limits_say_the_same_for_an_unknown_address(sent: Scene):
    inside(sent)
    found = {}
    for address in ("dana@example.com", "nora@example.com"):
        answers = []
        for number in range(8):
            with clock.shifted(number * LATER):
                answers.append(sent.house.client().post(SIGN_IN, data={"address": address}))
        found[address] = [answer.status_code for answer in answers]
    assert found["dana@example.com"] == found["nora@example.com"] == [303] * 6 + [429] * 2


def test_a_known_address_takes_as_long_as_an_unknown_one(sent: Scene):
    inside(sent)
    client = sent.house.client()
    spent: dict[bool, list[float]] = {True: [], False: []}
    for number in range(5):
        for is_known, address in ((True, "dana@example.com"), (False, f"no{number}@example.com")):
            with clock.shifted(timedelta(hours=2 * number)):
                began = perf_counter()
                client.post(SIGN_IN, data={"address": address})
                spent[is_known].append(perf_counter() - began)
    known, unknown = (statistics.median(spent[each]) for each in (True, False))
    assert 0.5 < known / unknown < 2


def test_two_contractors_with_the_same_customer_stay_strangers(house: House):
    here, there = ready(house), ready(house, "Northside Roofing")
    for scene in (here, there):
        scene.send()
    customer = house.client()
    customer.post(f"/i/{here.secret(0)}/start")
    customer.post("/portal/account")
    elsewhere = house.client()
    asks(elsewhere, "dana@example.com", "/portal/northside-roofing/sign-in")
    assert here.deliveries("magic_link") == []
    (challenge,) = read(ANYONE).scalars(select(Challenge))
    assert challenge.contractor_id == there.company.id


def test_people_who_share_a_mailbox_are_asked_which_job(house: House):
    scene = ready(house)
    scene.send()
    inside(scene)
    partner = house.contact(scene.company, "Sam Whitfield", email="dana@example.com", mobile=None)
    second = ready_for(house, scene.company, scene.member, partner, "Heat pump")
    second.send()
    inside(second)
    laptop = house.client()
    asks(laptop, "dana@example.com")
    answer = laptop.post("/portal/code", data={"code": scene.code()})
    assert answer.location == "/portal/job"
    page = laptop.get("/portal/job").text
    assert "Roof replacement" in page
    assert "Heat pump" in page
    chosen = next(each for each in accounts() if each.name == "Sam Whitfield")
    assert house.client().post(f"/portal/job/{chosen.id}").status_code == 404
    assert laptop.post(f"/portal/job/{'x' * 26}").status_code == 404
    assert laptop.post(f"/portal/job/{chosen.id}").location == "/portal/next"
    assert 'value="Sam Whitfield"' in laptop.get("/portal/profile").text


def test_choosing_late_is_too_late(house: House):
    scene = ready(house)
    scene.send()
    inside(scene)
    partner = house.contact(scene.company, "Sam Whitfield", email="dana@example.com")
    second = ready_for(house, scene.company, scene.member, partner, "Heat pump")
    second.send()
    inside(second)
    laptop = house.client()
    asks(laptop, "dana@example.com")
    laptop.post("/portal/code", data={"code": scene.code()})
    with clock.shifted(timedelta(minutes=11)):
        assert laptop.post(f"/portal/job/{accounts()[0].id}").status_code == 404


def test_signed_out_the_old_cookie_opens_nothing(sent: Scene):
    customer = inside(sent)
    cookie = customer.get_cookie("portal")
    assert cookie is not None
    customer.post("/portal/sign-out")
    thief = sent.house.client()
    thief.set_cookie("portal", cookie.value)
    assert not is_inside(thief)


def test_coming_in_gives_a_new_session_each_time(sent: Scene):
    customer = sent.started()
    before = customer.get_cookie("portal")
    customer.post("/portal/account")
    after = customer.get_cookie("portal")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    fixed = sent.house.client()
    fixed.set_cookie("portal", before.value)
    assert fixed.get("/portal/account").status_code == 410


def test_the_page_of_nobody_in_particular_knows_the_last_company(sent: Scene):
    customer = inside(sent)
    customer.post("/portal/sign-out")
    assert customer.get("/portal/sign-in").location == SIGN_IN
    assert "Where to sign in" in sent.house.client().get("/portal/sign-in").text
    assert sent.house.client().get("/portal/no-such-company/sign-in").status_code == 404


def test_somebody_signed_in_skips_the_sign_in_page(sent: Scene):
    assert inside(sent).get(SIGN_IN).location == "/portal/next"


def test_whoever_was_on_the_way_to_a_page_comes_back_to_it(sent: Scene):
    customer = inside(sent, PASSWORD)
    customer.post("/portal/sign-out")
    customer.get("/portal/profile?from=mail")
    given = {"email": "dana@example.com", "password": PASSWORD}
    answer = customer.post(f"{SIGN_IN}/password", data=given)
    assert answer.location == "/portal/profile?from=mail"


def test_a_challenge_of_one_purpose_serves_no_other(sent: Scene):
    inside(sent)
    laptop = sent.house.client()
    asks(laptop, "dana@example.com")
    end_reads()
    challenge = read(ANYONE).scalars(select(Challenge).order_by(Challenge.id.desc())).first()
    assert challenge is not None
    assert challenge.purpose == "sign_in"
    assert challenge.account_id is None
