"""No text at night because a contractor pressed a button, unless they say that it shall go now."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient

from onboarding import clock, config
from onboarding.invites.actions import revoke_invite
from onboarding.invites.quiet import quiet_until
from onboarding.notifications import sending
from onboarding.notifications.models import Channel, DeliveryState
from tests.house import House
from tests.invites.scene import Scene, ready

PORTLAND = ZoneInfo("America/Los_Angeles")
LATE = datetime(2026, 6, 2, 22, 14, tzinfo=PORTLAND)


@pytest.fixture
def night(house: House) -> Iterator[Scene]:
    config.use(replace(house.settings, quiet_hours="on"))
    with clock.frozen(LATE):
        yield ready(house)


def swept(after: timedelta) -> AbstractContextManager[None]:
    return clock.frozen(LATE + after)


def states(scene: Scene) -> dict[str, str]:
    return {each.channel: each.state for each in scene.deliveries()}


def test_by_night_the_mail_goes_and_the_text_waits_for_eight_in_the_morning(night: Scene) -> None:
    night.send(Channel.EMAIL, Channel.SMS)
    sending.sweep()
    assert states(night) == {"email": DeliveryState.DELIVERED, "sms": DeliveryState.QUEUED}
    with swept(timedelta(hours=9, minutes=45)):
        sending.sweep()
        assert states(night)["sms"] == DeliveryState.QUEUED
    with swept(timedelta(hours=9, minutes=46)):
        sending.sweep()
        assert states(night)["sms"] == DeliveryState.DELIVERED


def test_the_page_says_when_and_offers_to_send_it_now(night: Scene) -> None:
    member = night.house.sign_in_member(night.house.client(), night.member)
    address = f"/crm/onboardings/{night.onboarding_id}/invite"
    page = member.get(address).text
    assert "It is night where Dana is" in page
    assert "A text waits until 8:00" in page
    member.post(address, data={"channels": ["sms"], "at_once": "y"})
    sending.sweep()
    assert states(night) == {"sms": DeliveryState.DELIVERED}


def test_what_the_customer_asks_for_comes_at_night_as_well(night: Scene) -> None:
    night.send(Channel.SMS)
    secret = night.secret()
    asked: FlaskClient = night.house.client()
    with swept(timedelta(hours=96)):
        assert asked.post(f"/i/{secret}/new-link").status_code < 400
        sending.sweep()
        assert night.deliveries()[-1].state == DeliveryState.DELIVERED


def test_revoked_while_it_waits_it_never_goes(night: Scene) -> None:
    night.send(Channel.SMS)
    revoke_invite(night.onboarding_id, night.by)
    with swept(timedelta(hours=12)):
        sending.sweep()
    assert states(night) == {"sms": DeliveryState.FAILED}


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "America/Phoenix", "Pacific/Honolulu"])
@pytest.mark.parametrize("day", [(3, 8), (11, 1), (7, 4)])
def test_every_hour_of_the_clocks_odd_days_is_quiet_or_not(zone: str, day: tuple[int, int]) -> None:
    """The night that loses an hour, the one that has one twice, and a plain one."""
    for minutes in range(0, 30 * 60, 20):
        midnight = datetime(2026, *day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
        with clock.frozen(midnight + timedelta(minutes=minutes)):
            there = clock.local(clock.now(), zone)
            until = quiet_until(zone)
            assert (until is not None) == (there.hour >= 21 or there.hour < 8)
            if until is not None:
                assert (until.hour, until.minute) == (8, 0)
                assert timedelta(0) < until - clock.now() <= timedelta(hours=12)
