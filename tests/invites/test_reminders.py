"""Reminders: on time, three at most, ended by any act, and never twice."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from onboarding import clock, jobs
from onboarding.contacts.models import Contact
from onboarding.contractors.models import Contractor
from onboarding.database import transaction
from onboarding.invites.actions import revoke_invite
from onboarding.invites.models import Reminder
from onboarding.invites.quiet import quiet_until
from onboarding.invites.reminding import send_due
from onboarding.notifications import sending
from onboarding.notifications.models import Channel, Delivery, DeliveryState
from onboarding.sandbox.mailbox import Mailbox
from tests.house import House
from tests.invites.scene import ANYONE, Scene, ready

NOON = datetime(2026, 6, 2, 12, tzinfo=ZoneInfo("America/Los_Angeles"))


@pytest.fixture
def sent(house: House) -> Iterator[Scene]:
    with clock.frozen(NOON):
        scene = ready(house)
        scene.send()
        jobs.run_pending()
        yield scene


def reminders() -> list[Reminder]:
    with transaction(ANYONE) as db:
        return list(db.scalars(select(Reminder).order_by(Reminder.at)))


def after(**passed: float) -> int:
    with clock.frozen(NOON + timedelta(**passed)):
        return send_due()


def state(reminder: Reminder) -> str:
    with transaction(ANYONE) as db:
        return db.get_one(Delivery, reminder.delivery_id).state


def test_the_first_comes_after_a_day_and_each_looks_once(sent: Scene) -> None:
    assert after(hours=23) == 0
    assert after(hours=24) == 1
    assert after(hours=24) == 0
    assert after(hours=40) == 0
    assert "invite.reminder_sent" in sent.events()


def test_there_are_three_at_most_and_the_second_comes_before_the_link_ends(sent: Scene) -> None:
    assert [after(hours=hour) for hour in (24, 63, 64, 71, 167, 168, 300, 700)] == [
        *(1, 0, 1, 0, 0, 1, 0, 0)
    ]
    assert [one.number for one in reminders()] == [1, 2, 3]


def test_its_link_is_alive_and_the_old_one_lives_on(sent: Scene) -> None:
    old = sent.links()[0]
    after(hours=24)
    with clock.frozen(NOON + timedelta(hours=25)):
        sending.sweep()
        mail = Mailbox(sent.house.settings).latest("email")[0].mail
        found = re.search(r"/i/([\w-]+)", str(mail.get_body(("plain",)).get_content()))
        assert found
        assert sent.house.client().get(f"/i/{found.group(1)}").status_code == 200
    assert next(link.id for link in sent.links()) == old.id
    assert len(sent.invites()) == 1
    assert sent.invites()[0].replaced_at is None


def test_after_the_end_it_carries_a_link_that_works_again(sent: Scene) -> None:
    for hours in (24, 64, 168):
        after(hours=hours)
    with clock.frozen(NOON + timedelta(hours=169)):
        sending.sweep()
        mail = Mailbox(sent.house.settings).latest("email")[0].mail
        found = re.search(r"/i/([\w-]+)", str(mail.get_body(("plain",)).get_content()))
        assert found
        assert sent.house.client().get(f"/i/{found.group(1)}").status_code == 200


def test_an_act_between_scheduling_and_sending_stops_it(sent: Scene) -> None:
    after(hours=24)
    with clock.frozen(NOON + timedelta(hours=24, minutes=1)):
        revoke_invite(sent.onboarding_id, sent.by)
        sending.sweep()
    assert state(reminders()[0]) == DeliveryState.FAILED
    assert after(hours=100) == 0


@pytest.mark.parametrize(("hour", "is_quiet"), [(7, True), (8, False), (20, False), (21, True)])
def test_no_text_by_night_where_the_customer_is(sent: Scene, hour: int, is_quiet: bool) -> None:
    with transaction(sent.company.id) as db:
        db.get_one(Contact, sent.contact.id).preferred_channel = Channel.SMS
    day = NOON + timedelta(days=2)
    with clock.frozen(day.replace(hour=hour)):
        assert (quiet_until("America/Los_Angeles") is not None) == is_quiet
        assert send_due() == (0 if is_quiet else 1)


def test_a_company_may_let_its_customers_sleep_longer(sent: Scene) -> None:
    with transaction(sent.company.id) as db:
        db.get_one(Contact, sent.contact.id).preferred_channel = Channel.SMS
        company = db.get_one(Contractor, sent.company.id)
        company.quiet_from, company.quiet_to = 18, 10
    day = NOON + timedelta(days=2)
    told = []
    for moment in (day - timedelta(hours=18), day.replace(hour=9), day.replace(hour=10)):
        with clock.frozen(moment):
            told.append(send_due())
    assert told == [0, 0, 1]


def test_a_text_that_the_night_overtook_waits_for_the_morning(sent: Scene) -> None:
    with transaction(sent.company.id) as db:
        db.get_one(Contact, sent.contact.id).preferred_channel = Channel.SMS
    with clock.frozen((NOON + timedelta(days=1)).replace(hour=20, minute=59)):
        assert send_due() == 1
    with clock.frozen((NOON + timedelta(days=1)).replace(hour=21)):
        sending.sweep()
        assert state(reminders()[0]) == DeliveryState.QUEUED
    with clock.frozen((NOON + timedelta(days=2)).replace(hour=8, minute=30)):
        sending.sweep()
        assert state(reminders()[0]) == DeliveryState.DELIVERED


def test_one_press_without_cookies_ends_reminders_and_nothing_else(sent: Scene) -> None:
    after(hours=24)
    with clock.frozen(NOON + timedelta(hours=25)):
        sending.sweep()
        mail = Mailbox(sent.house.settings).latest("email")[0].mail
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        path = str(mail["List-Unsubscribe"]).strip().strip("<>").removeprefix("http://localhost")
        stranger = sent.house.client()
        assert stranger.get(path).status_code == 200
        assert after(hours=64) == 1
        assert stranger.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
        assert stranger.post("/reminders/guess").status_code == 404
    with clock.frozen(NOON + timedelta(hours=65)):
        sending.sweep()
    assert state(reminders()[1]) == DeliveryState.OPTED_OUT
    assert after(hours=200) == 0
    invite = Mailbox(sent.house.settings).latest("email")[-1].mail
    assert invite["List-Unsubscribe"] is None


@pytest.fixture
def owner(sent: Scene) -> FlaskClient:
    return sent.house.sign_in_member(sent.house.client(), sent.member)


def test_the_owner_sets_the_hours_and_switches_them_off(sent: Scene, owner: FlaskClient) -> None:
    hours = {"first_hours": "5", "second_hours": "50", "third_hours": "100"}
    assert 'value="24"' in owner.get("/crm/settings/reminders").text
    assert owner.post("/crm/settings/reminders", data=hours | {"is_on": "y"}).status_code == 303
    assert after(hours=5) == 1
    assert owner.post("/crm/settings/reminders", data=hours).status_code == 303
    with clock.frozen(NOON + timedelta(hours=6)):
        sending.sweep()
    assert state(reminders()[0]) == DeliveryState.FAILED
    assert after(hours=60) == 0
    wrong = owner.post("/crm/settings/reminders", data=hours | {"second_hours": "2"})
    assert wrong.status_code == 422
    assert "Enter more hours than for the one before." in wrong.text
