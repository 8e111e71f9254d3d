import logging
from datetime import timedelta

import pytest
from sqlalchemy import text

from onboarding import clock
from onboarding.database import engine
from onboarding.invites.actions import resend_invite, revoke_invite, send_invite
from onboarding.journey.status import Detail
from onboarding.notifications.models import Channel
from tests.accounts.people import inside
from tests.deal import deal
from tests.house import House
from tests.invites.scene import Scene, ready

ALMOST = timedelta(hours=71, minutes=59, seconds=58)
OVER = timedelta(hours=72, seconds=1)


@pytest.fixture
def sent(house: House) -> Scene:
    scene = ready(house)
    scene.send()
    return scene


def everything() -> str:
    """The whole database but for what looking may write: the observation and its event."""
    with engine().connect() as raw:
        tables = raw.execute(text("select name from sqlite_master where type = 'table'")).scalars()
        return "".join(f"{t}{raw.execute(text(f'select * from {t}')).all()}" for t in tables.all())


def test_the_landing_tells_a_first_name_and_the_job_and_who_invites(sent: Scene):
    page = sent.house.client().get(f"/i/{sent.secret()}").text
    for told in (
        "For Dana",
        "Roof replacement, ready to review and sign",
        "Ridgeline Roofing",
        "CCB 214887",
        "(503) 555-0142",
        "Get started",
        "This link works until",
    ):
        assert told in page
    for private in ("Whitfield", "dana@example.com", "555-0188", "18,450", "Fir Lane"):
        assert private not in page


def test_the_time_it_works_until_is_the_sites_own(house: House):
    scene = ready(house)
    with clock.frozen(clock.now().replace(year=2026, month=7, day=6, hour=16, minute=14)):
        scene.send()
        page = house.client().get(f"/i/{scene.secret()}").text
    assert "This link works until Thursday, 9:14 AM" in page.replace("\u202f", " ")


def test_token_pages_leak_the_link_nowhere(sent: Scene):
    answer = sent.house.client().get(f"/i/{sent.secret()}")
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer.headers["Cache-Control"]
    gone = sent.house.client().get("/i/never-was-a-link")
    assert gone.headers["Referrer-Policy"] == "no-referrer"


def test_it_says_not_to_store_the_page_and_says_so_once(sent: Scene):
    """Once, too, where the answer sets the first cookie of a browser."""
    answer = sent.house.client().get(f"/i/{sent.secret()}")
    assert answer.headers["Set-Cookie"]
    assert answer.headers.getlist("Cache-Control") == ["no-store"]


def test_whoever_has_an_account_is_led_to_sign_in_and_to_what_is_left(sent: Scene):
    inside(sent)
    revoke_invite(sent.onboarding_id, sent.by)
    sent.send()
    client = sent.house.client()
    path = f"/i/{sent.secret(purpose='invite_sign_in')}"
    page = client.get(path).text
    assert "Set up your account" not in page
    assert "Get started" not in page
    assert "You have an account here already. Sign in" in page
    for left in ("Go on with Roof replacement", "Review the estimate", "Sign the contract"):
        assert left in page
    assert client.post(f"{path}/start").location == "/portal/next"


def test_what_is_done_is_not_listed_again(house: House):
    done = deal(house)
    done.approve()
    send_invite(done.onboarding.id, (Channel.EMAIL,), done.member)
    scene = Scene(house, done.company, done.owner, done.contact, done.onboarding.id)
    path = f"/i/{scene.secret(purpose='invite_sign_in')}"
    page = house.client().get(path).text
    assert "Review the estimate" not in page
    assert "Sign the contract" in page
    done.consent()
    done.sign()
    page = house.client().get(path).text
    assert "Sign the contract" not in page
    assert "Add a card" in page


def test_looking_three_times_writes_one_observation_and_nothing_else(sent: Scene):
    client = sent.house.client()
    secret = sent.secret()
    client.get(f"/i/{secret}")
    assert sent.events()[-1] == "invite.fetched"
    assert sent.onboarding().details == [Detail.FETCHED]
    before = everything()
    for _ in range(3):
        assert client.get(f"/i/{secret}").status_code == 200
        assert client.head(f"/i/{secret}").status_code == 200
        assert sent.house.client().options(f"/i/{secret}").status_code == 200
    assert everything() == before
    assert sent.house.client().post(f"/i/{secret}/start").status_code == 303


@pytest.mark.parametrize("purpose", ["prefetch", "prefetch;prerender"])
def test_a_browser_that_fetches_ahead_is_not_even_an_observation(sent: Scene, purpose: str):
    before = everything()
    sent.house.client().get(f"/i/{sent.secret()}", headers={"Sec-Purpose": purpose})
    sent.house.client().head(f"/i/{sent.secret()}")
    assert everything() == before


def test_get_started_takes_the_link_out_of_the_address_and_confirms_where_it_went(sent: Scene):
    answer = sent.house.client().post(f"/i/{sent.secret()}/start")
    assert answer.status_code == 303
    assert answer.location == "/portal/account"
    assert sent.events()[-2:] == ["invite.opened", "account.channel_confirmed"]
    assert sent.onboarding().details == [Detail.OPENED]
    assert sent.onboarding().started_at is not None


def test_pressing_again_on_another_phone_is_no_news(sent: Scene):
    sent.started()
    sent.started()
    assert sent.events().count("invite.opened") == 1


def test_a_late_look_does_not_take_opened_back(house: House):
    scene = ready(house)
    scene.send(Channel.EMAIL, Channel.SMS)
    house.client().post(f"/i/{scene.secret(0)}/start")
    house.client().get(f"/i/{scene.secret(1)}")
    assert scene.onboarding().invite == "opened"


def test_the_link_works_until_the_last_second_and_not_after(sent: Scene):
    secret = sent.secret()
    with clock.shifted(OVER):
        late = sent.house.client().post(f"/i/{secret}/start")
        assert late.status_code == 410
        assert "run out" in late.text
        assert sent.onboarding().started_at is None
    with clock.shifted(ALMOST):
        assert sent.house.client().post(f"/i/{secret}/start").status_code == 303


def test_at_72_hours_to_the_second_it_is_over(house: House):
    scene = ready(house)
    noon = clock.now()
    with clock.frozen(noon):
        scene.send()
        secret = scene.secret()
    with clock.frozen(noon + timedelta(hours=72)):
        assert house.client().post(f"/i/{secret}/start").status_code == 410


def test_dead_links_say_why_and_name_nobody(sent: Scene):
    old = sent.secret()
    resend_invite(sent.onboarding_id, sent.by)
    replaced = sent.house.client().get(f"/i/{old}")
    with clock.shifted(OVER):
        expired = sent.house.client().get(f"/i/{sent.secret()}")
    live = sent.secret()
    revoke_invite(sent.onboarding_id, sent.by)
    revoked = sent.house.client().get(f"/i/{live}")
    for answer, words in (
        (replaced, "This link was replaced"),
        (expired, "This link has run out"),
        (revoked, "This link was switched off"),
    ):
        assert answer.status_code == 410
        assert words in answer.text
        assert "Ask for a new link" in answer.text
        assert "(503) 555-0142" in answer.text
        for private in ("Dana", "dana@", "Roof replacement", "0188"):
            assert private not in answer.text


def test_an_unknown_link_tells_nothing_and_offers_the_same_button(sent: Scene):
    answer = sent.house.client().get("/i/" + "x" * 43)
    assert answer.status_code == 410
    assert "Ridgeline" not in answer.text
    assert "Ask for a new link" in answer.text
    asked = sent.house.client().post("/i/" + "x" * 43 + "/new-link")
    assert asked.status_code == 200
    assert "Ridgeline" not in asked.text
    assert len(sent.deliveries()) == 1


def test_an_expired_link_sends_a_fresh_one_the_same_way_at_most_three_a_day(house: House):
    scene = ready(house)
    scene.send(Channel.SMS)
    secret = scene.secret()
    for day in range(3):
        with clock.shifted(OVER + timedelta(minutes=2 * day)):
            answer = house.client().post(f"/i/{secret}/new-link")
            assert "A new link is on its way" in answer.text
            assert scene.deliveries("invite")[-1].channel == "sms"
            assert "invite.new_link_asked" in scene.events()
    with clock.shifted(OVER + timedelta(minutes=10)):
        assert "three links today" in house.client().post(f"/i/{secret}/new-link").text
        assert len(scene.deliveries("invite")) == 4
        assert house.client().post(f"/i/{scene.secret(1)}/start").status_code == 303


def test_asking_twice_in_a_row_sends_one(sent: Scene):
    secret = sent.secret()
    with clock.shifted(OVER):
        for _ in range(2):
            answer = sent.house.client().post(f"/i/{secret}/new-link")
            assert "A new link is on its way" in answer.text
    assert len(sent.deliveries("invite")) == 2


def test_a_replaced_link_sends_the_live_one_again_and_nothing_dies(sent: Scene):
    old = sent.secret()
    resend_invite(sent.onboarding_id, sent.by)
    newer = sent.secret()
    answer = sent.house.client().post(f"/i/{old}/new-link")
    assert "A new link is on its way" in answer.text
    newest = sent.secret()
    assert newest not in (old, newer)
    assert len(sent.invites()) == 2
    for secret in (newer, newest):
        assert sent.house.client().post(f"/i/{secret}/start").status_code == 303


def test_a_stranger_with_a_mistyped_link_cannot_draw_the_live_one_to_themself(house: House):
    scene = ready(house, email="dnaa@example.com")
    scene.send()
    strangers = scene.secret()
    scene.edit_contact(email="dana@example.com")
    resend_invite(scene.onboarding_id, scene.by)
    house.client().post(f"/i/{strangers}/new-link")
    assert scene.deliveries("invite")[-1].to == "dana@example.com"
    with clock.shifted(OVER):
        house.client().post(f"/i/{strangers}/new-link")
        assert scene.deliveries("invite")[-1].to == "dana@example.com"


def test_a_revoked_link_tells_the_contractor_once(sent: Scene):
    secret = sent.secret()
    revoke_invite(sent.onboarding_id, sent.by)
    for _ in range(2):
        answer = sent.house.client().post(f"/i/{secret}/new-link")
        assert "The company has been told" in answer.text
    (told,) = sent.deliveries("new_link_wanted")
    assert told.to == sent.member.email
    assert sent.onboarding().facts.is_revoked


def test_a_living_link_has_nothing_to_ask_for(sent: Scene):
    answer = sent.house.client().post(f"/i/{sent.secret()}/new-link")
    assert "Get started" in answer.text
    assert len(sent.deliveries()) == 1


def test_a_member_of_the_company_sees_a_preview_that_cannot_be_pressed(sent: Scene):
    client = sent.house.sign_in_member(sent.house.client(), sent.member)
    page = client.get(f"/i/{sent.secret()}")
    assert "This is what your customer sees" in page.text
    assert "/start" not in page.text
    assert client.post(f"/i/{sent.secret()}/start").status_code == 409
    assert sent.events()[-1] == "invite.sent"


def test_a_member_of_another_company_may_well_be_a_customer_of_this_one(sent: Scene):
    _company, owner = sent.house.company("Northside Roofing")
    client = sent.house.sign_in_member(sent.house.client(), owner)
    assert client.post(f"/i/{sent.secret()}/start").status_code == 303


def test_no_log_line_carries_a_link(sent: Scene, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    secret = sent.secret()
    client = sent.house.client()
    client.get(f"/i/{secret}")
    client.post(f"/i/{secret}/start", headers={"Origin": "https://elsewhere.example"})
    client.post(f"/i/{secret}/start")
    assert secret not in caplog.text
